"""The structure of printed files: what PDF/UA-1 asks, and what a reader who listens needs of each part."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings

import papers
import structure
import trees
from quizgen.paper import Lines, Printable
from quizgen.paper.printing import Printing
from quizgen.richtext.tree import Blocks
from quizgen.templates import Templates
from quizgen.writers import pdf
from quizgen.writers.pdf.press import Press

EDITIONS = Printing(editions=(("furigana", "large-print"),))
PAPERS: dict[str, Printable] = {
    "ja": papers.japanese(),
    "en": papers.english(),
    "kinds-ja": replace(papers.every_kind("ja"), printing=EDITIONS),
    "labs-ja": papers.worksheet("ja", papers.STUDENT),
}


@pytest.fixture(scope="module")
def press() -> Press:
    return Press(Templates(), papers.PICTURES)


def printed(press: Press, body: str) -> bytes:
    return press.pdf(f'<html lang="ja"><title>題</title><body>{body}</body></html>')


@pytest.mark.parametrize("name", PAPERS)
def test_every_printed_file_is_what_pdf_ua_asks(name: str) -> None:
    files = {str(file.path): file.data for file in pdf.write([PAPERS[name]], Templates()) if file.path.suffix == ".pdf"}
    assert {path: structure.faults(data) for path, data in files.items()} == {path: [] for path in files}


def test_headings_leave_out_no_level_and_stay_equal_where_they_are(press: Press) -> None:
    data = printed(press, "<h2>a</h2><h5>b</h5><h5>c</h5><h6>d</h6><h3>e</h3><h2>f</h2>")
    assert [kind for kind in structure.kinds(data) if kind[0] == "H"] == ["H1", "H2", "H2", "H3", "H2", "H1"]


def test_a_list_says_how_it_is_numbered_and_its_labels_stand_apart(press: Press) -> None:
    item = '<li class="choice"><span class="label">ア</span><p>一</p></li>'
    choices = f'<ol class="choices in-2">{item} <li class="choice">二</li></ol>'
    data = printed(press, f"<ol><li>x</li></ol>{choices}")
    assert structure.faults(data) == []
    assert structure.kinds(data).count("Lbl") == 2
    with pikepdf.open(BytesIO(data)) as file:
        lists = [part for part, _ in structure.elements(file) if part.S == "/L"]
        assert [str(part.A.ListNumbering) if "/A" in part else "" for part in lists] == ["/Decimal", ""]


def test_a_table_that_only_places_things_is_none(press: Press) -> None:
    data = printed(press, '<table role="presentation"><tr><th>a</th><td>b</td></tr></table>')
    assert not {"Table", "TR", "TH", "TD"} & set(structure.kinds(data))


def test_headings_of_rows_are_told_from_those_of_columns(press: Press) -> None:
    data = printed(press, '<table><tr><th>x</th><th>y</th></tr><tr><th scope="row">a</th><td>b</td></tr></table>')
    with pikepdf.open(BytesIO(data)) as file:
        scopes = [str(part.A.Scope) for part, _ in structure.elements(file) if part.S == "/TH"]
    assert scopes == ["/Column", "/Column", "/Row"]


def test_formulas_code_and_ruby_are_what_they_are(press: Press) -> None:
    formula = '<img class="formula" src="formula:inline/x%5E2" alt="x^2" style="width: 1em; height: 1em">'
    ruby = '<span class="ruby" data-reading="かんじ"><span>漢字</span></span>'
    data = printed(press, f"<p>{formula}<code>ls</code><a href='https://x.org'><b>{ruby}</b></a></p>")
    assert [kind for kind in structure.kinds(data) if kind in {"Formula", "Code", "Ruby", "RB", "RT"}] == [
        *("Formula", "Code", "Ruby", "RB", "RT")
    ]
    assert structure.readings(data) == [("漢字", "かんじ")]
    assert structure.faults(data) == []


def test_a_part_in_another_language_says_so(press: Press) -> None:
    assert structure.languages(printed(press, '<p lang="en">Hello</p><p>はい</p>')) == {"ja", "en"}


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        ("Lang", "the file has no language"),
        ("MarkInfo", "the file does not say that it is tagged"),
        ("ViewerPreferences", "the title is not shown in place of the file's name"),
        ("StructTreeRoot", "there is no structure tree"),
    ],
)
def test_the_checks_tell_what_is_missing(press: Press, broken: str, fault: str) -> None:
    with pikepdf.open(BytesIO(printed(press, "<p>x</p>"))) as file:
        del file.Root[f"/{broken}"]
        made = BytesIO()
        file.save(made)
    assert fault in structure.faults(made.getvalue())


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trees.trees(images=False))
def test_any_text_prints_as_pdf_ua_asks(press: Press, text: Blocks) -> None:
    question = replace(papers.question(1, Lines(2)), text=text)
    paper = papers.paper(question, language="ja")
    assert structure.faults(press.pdf(pdf.booklet_html(paper, Templates()))) == []
