"""What the press has laid out is kept: by content, for other builds and other processes, and never relied on."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from quizgen.assemble import everything, lower, plan
from quizgen.build.caching import cache_folder
from quizgen.paper import Choice, Group, Ordering, Paper
from quizgen.press.cache import Cache, Form, key
from quizgen.press.pieces import Box
from quizgen.press.proof import difference
from quizgen.reader import read_job
from quizgen.richtext import parse
from quizgen.templates import Templates
from quizgen.writers import pdf
from quizgen.writers.pdf import pressed, pressed_sheet
from quizgen.writers.pdf.documents import booklet_html
from quizgen.writers.pdf.press import Press

QUESTION = (
    "  - {{id: q{0}, type: single, tags: [port], text: Which port is {0}?, "
    "choices: {{a: one, b: two $x^{0}$}}, answer: a}}\n"
)
BANK = (
    "kind: bank\nid: b\ntitle: B\nlanguage: en\nquestions:\n"
    + "".join(map(QUESTION.format, range(1, 6)))
    + "  - {id: sort, type: ordering, text: Sort., items: [build, push, run, stop]}\n"
)
EXAM = """\
kind: exam
id: e
title: Ports
language: en
roster: roster.csv
seed: 3
print: {working: 1}
sections:
  - {title: One, draw: {from: b, tags: [port], count: 3}, points: 1}
  - {title: Two, questions: [b/sort], points: 1}
"""
ROSTER = "id,name\n" + "".join(f"S{number},Ann {number}\n" for number in range(1, 5))


def read(folder: Path, bank: str = BANK) -> tuple[tuple[Paper, ...], Paper]:
    (folder / "exams").mkdir(parents=True, exist_ok=True)
    (folder / "b.yaml").write_text(bank)
    (folder / "exams" / "roster.csv").write_text(ROSTER)
    path = folder / "exams" / "e.yaml"
    path.write_text(EXAM)
    job = read_job(path)
    plans = tuple(plan(job.document, job.course, job.students))
    papers = tuple(lower(job.document, job.course, *one) for one in plans)
    # The last two papers are left out, so that they ask what nobody thought of.
    return papers, everything(job.document, job.course, plans[0][0], [arrangement for _, arrangement in plans[:2]])


def prepared(papers: tuple[Paper, ...], whole: Paper, cache: Cache) -> pressed.Pressed:
    students = [paper.student for paper in papers if paper.student]
    return pressed.prepare(papers[0], whole, students, Templates(), cache)[0]


def booklets(press: pressed.Pressed, papers: tuple[Paper, ...]) -> list[bytes]:
    return [pressed.booklet(press, paper) for paper in papers]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return read(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def cold(course: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Cache, list[bytes]]:
    papers, whole = course
    cache = Cache(tmp_path_factory.mktemp("cache"))
    return cache, booklets(prepared(papers, whole, cache), papers[:2])


@pytest.fixture
def layouts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is laid out from here on."""
    found: list[str] = []
    real = Press.laid_out
    monkeypatch.setattr(Press, "laid_out", lambda self, html, css: found.append(html) or real(self, html, css))
    return found


def test_a_second_build_lays_out_nothing_and_gives_the_same_bytes(course, cold, layouts):
    papers, whole = course
    cache, composed = cold
    assert booklets(prepared(papers, whole, cache), papers[:2]) == composed
    assert layouts == []


def test_nothing_is_unprepared_then(course, cold):
    papers, whole = course
    students = [paper.student for paper in papers]
    assert pdf.unprepared(papers[0], whole, students, Templates(), ("booklet",), cold[0]) == ()


def test_pieces_laid_out_beforehand_give_the_same_bytes(course, cold, tmp_path, layouts):
    papers, whole = course
    cache = Cache(tmp_path)
    students = [paper.student for paper in papers]
    pieces = pdf.unprepared(papers[0], whole, students, Templates(), (), cache)
    for piece in reversed(pieces):
        pdf.lay_out(piece, papers[0], Templates(), cache)
    count = len(layouts)
    assert booklets(prepared(papers, whole, cache), papers[:2]) == cold[1]
    assert count == len(layouts) > 0


def test_an_answer_sheet_is_laid_out_once(course, tmp_path, layouts):
    papers, whole = course
    students = [paper.student for paper in papers]

    def made() -> tuple[bytes, int]:
        press = pressed_sheet.prepare(papers[0], students, Templates(), whole, Cache(tmp_path))
        return pressed_sheet.answer_sheet(press, papers[1]), len(layouts)

    one, two = made(), made()
    assert one == two
    assert two[1] > 0


def test_an_edited_question_lays_out_itself_alone(course, cold, tmp_path, layouts):
    asked = course[0][0].questions[0].id.removeprefix("b/q")
    papers, whole = read(tmp_path, BANK.replace(f"Which port is {asked}?", f"What then is {asked}?"))
    press = prepared(papers, whole, cold[0])
    shown = [html for html in layouts if "port is" in html or "What then" in html]
    assert shown
    assert all("What then" in html and "port is" not in html for html in shown)
    sample = papers[0]
    assert difference(pressed.booklet(press, sample), plain(sample)) == ""


def plain(paper: Paper) -> bytes:
    return Press(Templates(), paper.pictures, paper.printing.size).pdf(booklet_html(paper, Templates()))


def test_a_damaged_entry_is_made_anew(course, cold, tmp_path):
    papers, whole = course
    cache, composed = cold
    own = Cache(tmp_path)
    for path in [path for path in cache.folder.rglob("*") if path.is_file()]:
        copy = own.folder / path.relative_to(cache.folder)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes()[:-3])
    assert booklets(prepared(papers, whole, own), papers[:2]) == composed


def test_what_no_other_paper_asks_is_laid_out_with_its_own(course, cold):
    papers, whole = course
    press = prepared(papers, whole, cold[0])
    sorting = papers[3].sections[1].questions[0]
    assert isinstance(sorting.response, Ordering)
    other = replace(sorting, id="b/other", text=parse("Another 漢字 text."))
    apart = replace(
        papers[3],
        sections=(papers[3].sections[0], replace(papers[3].sections[1], groups=(Group((other,)),))),
    )
    count = pressed.laid_out(press, [apart])
    more = pressed.completed(press, [papers[0], apart], Templates())
    assert count > 0
    assert difference(pressed.booklet(more, apart), plain(apart)) == ""
    assert pressed.booklet(more, papers[0]) == cold[1][0]


def test_choices_in_another_order_are_no_layout_of_their_own(course, cold):
    papers, whole = course
    press = prepared(papers, whole, cold[0])
    assert isinstance(papers[0].questions[0].response, Choice)
    assert pressed.laid_out(press, papers[:2]) == 0


def test_an_entry_is_read_as_it_was_written(tmp_path):
    cache = Cache(tmp_path)
    cache.put(key("a", b"b"), b"data")
    assert cache.get(key("a", b"b")) == b"data"
    assert cache.get(key("ab", b"")) is None


def test_an_entry_under_another_name_is_foreign(tmp_path):
    cache = Cache(tmp_path)
    cache.put("aa1", b"data")
    (tmp_path / "aa" / "aa1").rename(tmp_path / "aa" / "aa2")
    assert cache.get("aa2") is None
    assert "aa2" not in cache


def test_many_may_write_the_same_entry_at_once(tmp_path):
    cache = Cache(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: (cache.put("ab", b"x" * 100_000), cache.get("ab"))[1], range(64)))
    assert set(found) == {b"x" * 100_000}
    assert [path.name for path in (tmp_path / "ab").iterdir()] == ["ab"]


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path):
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file")
    cache.put("ab", b"data")
    assert cache.get("ab") is None
    assert not cache.takes()


def test_what_was_not_used_for_long_is_dropped(tmp_path):
    cache = Cache(tmp_path)
    cache.put("aa", b"old")
    cache.put("bb", b"new")
    os.utime(tmp_path / "aa" / "aa", (1, 1))
    (tmp_path / "mine.txt").write_text("")
    cache.tidy()
    assert "aa" not in cache
    assert "bb" in cache
    assert (tmp_path / "mine.txt").is_file()


def test_values_come_back_as_they_were():
    form = Form(Box)
    value = (Box(1.5, 2, 3, 4), {"a": b"\xff\x00", ("k", 1): frozenset(["x"])}, None, "漢\ud800")
    assert form.read(form.written(value)) == value


@pytest.mark.parametrize("data", [b"", b"[9]", b'{"a":1}', b'["b"', b"[0,1]", None])
def test_what_is_no_value_is_none(data):
    assert Form(Box).read(data) is None


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"QUIZGEN_CACHE": "off", "HOME": "/h"}, None),
        ({"QUIZGEN_CACHE": "", "HOME": "/h"}, None),
        ({"QUIZGEN_CACHE": "/c", "HOME": "/h"}, Path("/c")),
        ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, Path("/x/quizgen")),
        ({"HOME": "/h"}, Path("/h/.cache/quizgen")),
        ({}, None),
    ],
)
def test_the_environment_says_where_layouts_are_kept(environment, folder, monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    assert cache_folder(environment) == folder
