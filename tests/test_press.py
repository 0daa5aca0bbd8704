"""The press: papers composed from blocks are the ones that would have been laid out by themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops

import structure
from quizgen.assemble import everything, lower, plan
from quizgen.paper import Paper
from quizgen.press.measure import UnpressableError
from quizgen.press.proof import difference
from quizgen.press.records import Record
from quizgen.reader import read_job
from quizgen.templates import Templates
from quizgen.writers.pdf import pressed
from quizgen.writers.pdf.documents import booklet_html
from quizgen.writers.pdf.press import Press

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="60mm" height="30mm" viewBox="0 0 60 30">'
    '<rect x="1" y="1" width="58" height="28" fill="#eee" stroke="#000"/>'
    '<text x="5" y="18" font-size="6">SIGN</text></svg>'
)
STEMS = {
    "ja": "第{0}の設問である。次の記述のうち、`docker run -p {0}:80`についてもっとも適切なものを選べ。",
    "en": "This is question {0}. Which of the following is true of `docker run -p {0}:80` on a Linux host?",
}
CHOICES = {
    "ja": (
        "ポート{0}で待ち受け、コンテナの80番に渡す",
        "コンテナの中で{0}番を開く",
        "**何も**しない",
        "$x^{0}$だけ待つ",
    ),
    "en": (
        "It listens on port {0} and hands on to port 80",
        "It opens {0} inside",
        "It does **nothing**",
        "It waits $x^{0}$",
    ),
}
MORE = {
    "ja": """\
  - {id: pair, type: matching, text: 組み合わせよ。, pairs: {Pod: 最小の実行単位, Node: 資源を与える}, distractors: 束}
  - {id: sort, type: ordering, text: 古い順に並べよ。, items: [build, push, run]}
  - {id: size, type: numerical, text: 何バイトか。, answer: 512, digits: 3, unit: B}
  - {id: gaps, type: cloze, text: '[[a]]が決める。', blanks: {a: {choices: {x: kubelet, y: scheduler}, answer: y}}}
  - {id: why, type: essay, text: 利点を述べよ。, lines: 3, explanation: 秘密の模範解答}
""",
    "en": """\
  - {id: pair, type: matching, text: Match., pairs: {Pod: smallest unit, Node: gives resources}, distractors: bundle}
  - {id: sort, type: ordering, text: Put them in order., items: [build, push, run]}
  - {id: size, type: numerical, text: How many bytes?, answer: 512, digits: 3, unit: B}
  - {id: gaps, type: cloze, text: 'Placed by [[a]].', blanks: {a: {choices: {x: kubelet, y: scheduler}, answer: y}}}
  - {id: why, type: essay, text: Name an advantage., lines: 3, explanation: SECRET model answer}
""",
}


def bank(language: str) -> str:
    lines = ["kind: bank", "id: b", "title: Bank", f"language: {language}", "stimuli:"]
    lines += ["  - id: s", "    text: |", "      STIMULUS [](#net)", "", '      ![net](images/net.svg "Net"){#net}']
    lines += ["questions:"]
    for number in range(1, 15):
        stimulus = "\n    stimulus: s" if number in (3, 4) else ""
        picture = (
            '\n\n      ![box](images/net.svg "Box"){#own width=40mm}\n\n      [](#own)' if number in (5, 9) else ""
        )
        code = "\n\n      ```yaml\n      kind: Pod\n      ```" if number == 7 else ""
        choices = "".join(
            f"\n      {label}: '{text.format(number)}'" for label, text in zip("abcd", CHOICES[language], strict=True)
        )
        short = "\n    choices: {a: TCP, b: UDP, c: ICMP, d: ARP}" if number in (6, 8) else f"\n    choices:{choices}"
        lines.append(
            f"  - id: q{number}\n    type: single{stimulus}\n    text: |\n      {STEMS[language].format(number)}"
            f"{picture}{code}{short}\n    answer: a\n    explanation: SECRET {number}"
        )
    return "\n".join(lines) + "\n" + MORE[language]


ROSTER = """\
id,name,組
2026000001,髙橋 花子,1組
2026000002,山﨑 一,2組
S003,𠮷田,3組
S0044,Anna Maria Schmidt,1組
"""
EXAM = """\
kind: exam
id: e
title: LANGUAGE試験
language: LANGUAGE
roster: roster.csv
seed: 5
instructions: 静かに。
print: {person: [class, number, name], SIZE}
sections:
  - {title: ONE, text: LEAD, draw: {from: b, count: 10}, points: 3}
  - {title: TWO, questions: [b/pair, b/sort, b/size, b/gaps, b/why], points: 2}
"""


@dataclass(frozen=True)
class Printed:
    """An exam's papers, the press for them, and the booklets of each way."""

    papers: tuple[Paper, ...]
    press: pressed.Pressed
    composed: tuple[bytes, ...]
    plain: tuple[bytes, ...]


@pytest.fixture(scope="module", params=[("ja", "size: B5, working: 1"), ("en", "size: A4, back_cover: true")])
def printed(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Printed:
    language, look = request.param
    papers, whole = read(tmp_path_factory.mktemp("course"), language, look)
    students = [paper.student for paper in papers if paper.student]
    press, _ = pressed.prepare(papers[0], whole, students, Templates())
    composed = tuple(pressed.booklet(press, paper) for paper in papers)
    return Printed(papers, press, composed, tuple(map(plain, papers)))


def read(folder: Path, language: str, look: str, long: str = "") -> tuple[tuple[Paper, ...], Paper]:
    """The papers of the exam and all that they ask; the words `long` in the bank are said a thousand times."""
    (folder / "images").mkdir()
    (folder / "images" / "net.svg").write_text(SVG)
    questions = bank(language)
    if long:
        questions = questions.replace(long, 1000 * long)
    (folder / "b.yaml").write_text(questions, encoding="utf-8")
    (folder / "exams").mkdir()
    (folder / "exams" / "roster.csv").write_text(ROSTER, encoding="utf-8")
    path = folder / "exams" / "e.yaml"
    path.write_text(EXAM.replace("LANGUAGE", language).replace("SIZE", look), encoding="utf-8")
    job = read_job(path)
    plans = tuple(plan(job.document, job.course, job.students))
    papers = tuple(lower(job.document, job.course, *one) for one in plans)
    return papers, everything(job.document, job.course, plans[0][0], [arrangement for _, arrangement in plans])


def plain(paper: Paper) -> bytes:
    return Press(Templates(), paper.pictures, paper.printing.size).pdf(booklet_html(paper, Templates()))


def test_the_papers_differ_so_that_the_rest_says_something(printed):
    orders = {tuple(question.id for question in paper.questions) for paper in printed.papers}
    assert len(orders) == len(printed.papers)


def test_every_letter_stands_where_it_would(printed):
    assert [difference(*pair) for pair in zip(printed.composed, printed.plain, strict=True)] == [""] * 4


def test_pages_look_alike(printed):
    for composed, own in zip(printed.composed[:2], printed.plain[:2], strict=True):
        for one, other in zip(pictures(composed), pictures(own), strict=True):
            far = ImageChops.difference(one, other).point(lambda value: 255 if value > 80 else 0)
            assert sum(far.histogram()[255:]) < 120


def pictures(data: bytes) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(data)
    return [document[number].render(scale=1.25).to_pil().convert("L") for number in range(len(document))]


def test_composed_papers_are_tagged_as_pdf_ua_asks(printed):
    assert [structure.faults(data) for data in printed.composed] == [[], [], [], []]


@pytest.mark.parametrize("what", ["/Lang", "/MarkInfo", "/ViewerPreferences"])
def test_a_file_says_of_itself_what_the_other_does(printed, what):
    with pikepdf.open(BytesIO(printed.composed[1])) as one, pikepdf.open(BytesIO(printed.plain[1])) as other:
        assert one.Root[what] == other.Root[what]
        assert dict(one.docinfo.items()) == dict(other.docinfo.items())
        assert bytes(one.Root.Metadata.read_bytes()) == bytes(other.Root.Metadata.read_bytes())


def test_bookmarks_lead_to_the_same_places(printed):
    for one, other in zip(printed.composed, printed.plain, strict=True):
        assert bookmarks(one) == bookmarks(other)


def bookmarks(data: bytes) -> list[tuple[int, str, int]]:
    document = pypdfium2.PdfDocument(data)
    return [(mark.level, mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc()]


def test_fonts_are_the_same(printed):
    for one, other in zip(printed.composed, printed.plain, strict=True):
        assert fonts(one) == fonts(other)


def fonts(data: bytes) -> set[str]:
    with pikepdf.open(BytesIO(data)) as pdf:
        return {str(font.BaseFont) for page in pdf.pages for font in page.obj.Resources.Font.values()}


def test_a_file_holds_only_the_blocks_of_its_own_questions(printed):
    """What was laid out for others' papers would be found by whoever opens the file with a tool."""
    for paper, data in zip(printed.papers, printed.composed, strict=True):
        asked = {question.id for question in paper.questions}
        streams = unpacked(data)
        there = {key.id: glyphs(stem(printed.press, key)) for key in printed.press.places if not key.is_stimulus}
        assert {name for name, shown in there.items() if all(one in streams for one in shown)} == asked


def stem(press: pressed.Pressed, key: Any) -> bytes:
    name, _ = press.places[key]
    record = press.joint.records[name]
    assert isinstance(record, Record)
    return record.blocks.stem.content


def glyphs(content: bytes) -> list[bytes]:
    """The longer strings of glyphs that a block shows."""
    found = re.findall(rb"\((?:[^\\()]|\\.){8,}\)", content, re.DOTALL)
    return [one.replace(b"%%", b"%") for one in found]


def unpacked(data: bytes) -> bytes:
    """All that a file holds: objects, also those that are packed together, and what streams say."""
    with pikepdf.open(BytesIO(data)) as pdf:
        objects = list(pdf.objects)
        return b"\n".join(
            [item.unparse(resolved=True) for item in objects if not isinstance(item, pikepdf.Stream)]
            + [bytes(item.read_bytes()) for item in objects if isinstance(item, pikepdf.Stream)]
        )


def test_nothing_of_a_key_is_in_any_object(printed):
    for data in printed.composed:
        assert b"SECRET" not in data + unpacked(data)
        assert "SECRET".encode("utf-16-be").hex().encode() not in unpacked(data).lower()
        text = "".join(page_text(data))
        assert "SECRET" not in text
        assert "秘密" not in text


def page_text(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    return [document[number].get_textpage().get_text_range() for number in range(len(document))]


def test_a_student_reads_their_own_name_and_no_other(printed):
    for paper, data in zip(printed.papers, printed.composed, strict=True):
        text = "".join(page_text(data))
        assert [other.student.id for other in printed.papers if re.search(rf"\b{other.student.id}\b", text)] == [
            paper.student.id
        ]


def test_the_same_paper_gives_the_same_bytes(printed):
    assert pressed.booklet(printed.press, printed.papers[2]) == printed.composed[2]


def test_a_name_too_long_for_its_line_is_left_to_the_layout(printed):
    paper = printed.papers[0]
    long = replace(paper, student=replace(paper.student, name=paper.student.name[0] * 40))
    with pytest.raises(UnpressableError, match="longer than"):
        pressed.booklet(printed.press, long)


@pytest.mark.parametrize("look", ["sections: right, working: 1", "cover: false, sections: page, size: B5"])
def test_pages_before_and_between_sections_are_the_same(tmp_path, look):
    papers, whole = read(tmp_path, "ja", look)
    students = [paper.student for paper in papers if paper.student]
    press, _ = pressed.prepare(papers[0], whole, students, Templates())
    for paper in papers[1:3]:
        composed, own = pressed.booklet(press, paper), plain(paper)
        assert difference(composed, own) == ""
        assert structure.faults(composed) == []
        assert bookmarks(composed) == bookmarks(own)


def test_a_question_higher_than_a_page_leaves_the_papers_that_do_not_ask_it_to_the_press(tmp_path):
    papers, whole = read(tmp_path, "ja", "size: B5", long="第3の設問である。")
    asked = [paper for paper in papers if "b/q3" in {question.id for question in paper.questions}]
    others = [paper for paper in papers if paper not in asked]
    press, notes = pressed.prepare(asked[0], whole, [paper.student for paper in papers if paper.student], Templates())
    assert [note.rpartition(": ")[2] for note in notes] == ["it is higher than a page"]
    with pytest.raises(UnpressableError, match="higher than a page"):
        pressed.booklet(press, asked[0])
    assert difference(pressed.booklet(press, others[0]), plain(others[0])) == ""


@pytest.mark.parametrize(
    ("look", "why"),
    [
        ("cover: false, sections: right", "no cover"),
        ("answers: booklet", "written in the booklet"),
    ],
)
def test_what_cannot_be_imposed_is_said(tmp_path, look, why):
    papers, whole = read(tmp_path, "ja", look)
    with pytest.raises(UnpressableError, match=why):
        pressed.prepare(papers[0], whole, [], Templates())
