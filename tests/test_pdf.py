"""Print: what the pages say, what students' pages must not say, where pages break, and what may be loaded."""

from __future__ import annotations

import ctypes
import logging
import os
import re
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any, assert_never

import pypdfium2
import pytest

import papers
from conftest import Golden
from quizgen.language import catalog
from quizgen.paper import (
    Blank,
    Choice,
    Cloze,
    Group,
    Lines,
    Matching,
    Option,
    Ordering,
    Paper,
    Printable,
    Question,
    Response,
    Section,
)
from quizgen.paper.figures import number
from quizgen.problems import QuizgenError
from quizgen.richtext import parse, tree, walk
from quizgen.richtext.tree import Blocks, Code, CodeBlock, Ruby, Text
from quizgen.scoring import Scoring
from quizgen.templates import Templates, shipped
from quizgen.writers import pdf
from quizgen.writers.pdf.documents import SOURCES
from quizgen.writers.pdf.press import Fetcher, Press

EXAM = ("booklet", "answer-sheet", "answer-key", "explanations")
EXAMS = ("ja", "en", "kinds-ja", "kinds-en")
PAPERS: dict[str, Printable] = {
    "ja": papers.japanese(),
    "en": papers.english(),
    "kinds-ja": papers.every_kind("ja"),
    "kinds-en": papers.every_kind("en"),
    "labs-ja": papers.worksheet("ja", papers.STUDENT),
    "labs-en": papers.worksheet("en"),
}


def printed(paper: Printable, templates: Templates | None = None) -> dict[str, bytes]:
    return {str(file.path): file.data for file in pdf.write([paper], templates or Templates())}


class Complaints(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@pytest.fixture(scope="module")
def complaints() -> Iterator[list[str]]:
    handler, logger = Complaints(), logging.getLogger("weasyprint")
    logger.addHandler(handler)
    yield handler.messages
    logger.removeHandler(handler)


@pytest.fixture(scope="module")
def documents(complaints: list[str]) -> dict[str, dict[str, bytes]]:
    return {name: printed(paper) for name, paper in PAPERS.items()}


def pages(data: bytes) -> list[str]:
    """Each page's text, without white space: what a line's end does to words is the layout's affair."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [re.sub(r"\s+", "", page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


def language_of(document: pypdfium2.PdfDocument) -> str:
    letters = (ctypes.c_ushort * 16)()
    size = pypdfium2.raw.FPDFCatalog_GetLanguage(document, letters, 32)
    return "".join(map(chr, letters[: size // 2 - 1]))


def said(blocks: Blocks) -> list[str]:
    """The pieces of a text that print as letters, without white space."""
    found = []
    for part in walk(blocks):
        match part:
            case Text(text) | Code(text) | CodeBlock(text=text):
                found.append(text)
            case Ruby(base, reading):
                found += [base, reading]
            case tree.Gap(label):
                found.append(label)
    return [re.sub(r"\s+", "", text) for text in found]


def assert_in_order(pieces: list[str], text: str) -> None:
    place = 0
    for piece in pieces:
        found = text.find(piece, place)
        assert found >= 0, f"{piece!r} is not after {text[max(0, place - 40) : place]!r}"
        place = found + len(piece)


def exam_pieces(paper: Paper) -> list[str]:
    pieces = []
    for section in paper.sections:
        for group in section.groups:
            pieces += said(group.stimulus)
            for question in group.questions:
                pieces += [*said(question.text), *response_pieces(question.response)]
    return pieces


def response_pieces(response: Response) -> list[str]:
    """What is printed below a question, in its order."""
    match response:
        case Choice(options):
            return [piece for option in options for piece in (option.label, *said(option.text))]
        case Matching(stems, options):
            return [piece for part in (*stems, *options) for piece in (part.label, *said(part.text))]
        case Ordering(items):
            return [piece for item in items for piece in (item.label, *said(item.text))]
        case Cloze(gaps):
            chosen = [gap for gap in gaps if isinstance(gap.response, Choice)]
            return [piece for gap in chosen for piece in (gap.label, *response_pieces(gap.response))]
        case Blank() | Lines():
            return []
        case _:
            assert_never(response)


@pytest.mark.parametrize("name", EXAMS)
@pytest.mark.parametrize("document", ["student/A/booklet.pdf", "teacher/A/explanations.pdf"])
def test_questions_and_what_they_ask_are_printed_in_the_papers_order(documents: Any, name: str, document: str) -> None:
    paper = PAPERS[name]
    assert isinstance(paper, Paper)
    assert_in_order(exam_pieces(paper), "".join(pages(documents[name][document])))


def test_the_key_tells_the_answer_and_the_rule_of_every_kind(documents: Any) -> None:
    rows = [
        *("11ア11つ選択kinds/q1", "2kubectl/kubectlコマンド2正解と一致（大文字・小文字を区別）kinds/q2"),
        *("30.2±0.001CPU2許容範囲の数値", "2エ3ウ4ア3正しい組ごとに+1", "5イ6ア7ウ3位置の正しい項目ごとに+1"),
        *("6解説を見よ5採点者が判定", "8(1)kube-scheduler/スケジューラー(2)8イ(3)6443±0.53空所ごとに+1"),
    ]
    assert_in_order(rows, "".join(pages(documents["kinds-ja"]["teacher/A/answer-key.pdf"])))
    penalty = "1.25foreachgap;awrongchoicecosts0.3125"
    assert penalty in "".join(pages(documents["kinds-en"]["teacher/A/answer-key.pdf"]))


@pytest.mark.parametrize("name", ["kinds-ja", "kinds-en"])
def test_explanations_tell_the_answer_of_every_kind(documents: Any, name: str) -> None:
    paper = PAPERS[name]
    assert isinstance(paper, Paper)
    words = catalog(paper.language).gettext
    told = []
    for question in paper.questions:
        is_text = isinstance(question.response, Lines)
        answer = (
            words(", ").join(question.response.key.split())
            if isinstance(question.response, Choice)
            else question.response.key
        )
        told += [words("Model answer" if is_text else "Answer") + answer + question.id, f"解説{question.number}"]
    text = "".join(pages(documents[name]["teacher/A/explanations.pdf"]))
    assert_in_order([re.sub(r"\s+", "", piece) for piece in told], text)


def test_explanations_fill_the_boxes_of_pairs(documents: Any) -> None:
    text = "".join(pages(documents["kinds-ja"]["teacher/A/explanations.pdf"]))
    assert "(1)エPod(2)ウNode(3)アService" in text
    assert "(1)2Pod(2)3Node(3)4Service" in "".join(pages(documents["kinds-ja"]["student/A/booklet.pdf"]))


def test_an_essay_without_a_model_answer_is_said_to_have_none() -> None:
    html = pdf.answer_key_html(papers.paper(papers.question(1, Lines(3))), Templates())
    assert '<td class="labels">—' in html


def test_the_key_names_the_right_labels_points_rule_and_question(documents: Any) -> None:
    text = "".join(pages(documents["ja"]["teacher/A/answer-key.pdf"]))
    rows = ["11イ21つ選択docker/stop", "22ア、エ4正しい選択+2、誤り−4/3docker/layers", "合計12.5"]
    assert_in_order(rows, text)


def test_explanations_tell_answer_feedback_and_reason(documents: Any) -> None:
    text = "".join(pages(documents["ja"]["teacher/A/explanations.pdf"]))
    assert_in_order(["エいずれでもない", "bが正しい。", "正解イdocker/stop", "stopはSIGTERMを送り"], text)


def test_a_worksheet_prints_each_assignment_on_a_page_of_its_own_with_solutions_for_teachers(documents: Any) -> None:
    student = pages(documents["labs-ja"]["student/s001/assignments.pdf"])
    assert [page.find("課題1nginxを8081番で動かす") >= 0 for page in student] == [False, True, False]
    assert "山田花子" in student[0]
    order = ["port8081", "目標", "前提", "手順", "提出物", "curl-sIlocalhost:8081", "HTTP/1.1200OK", "不可0点可5点"]
    assert_in_order(order, student[1])
    teacher = "".join(pages(documents["labs-ja"]["teacher/s001/assignments.pdf"]))
    assert "解答例dockerrun-d--nameweb" in teacher
    assert "--nameweb" not in "".join(student)


@pytest.mark.parametrize(
    ("name", "document", "count"),
    [("ja", "student/A/booklet.pdf", 3), ("ja", "student/A/answer-sheet.pdf", 1), ("en", "student/A/booklet.pdf", 2)],
)
def test_a_document_takes_no_more_pages_than_it_needs(documents: Any, name: str, document: str, count: int) -> None:
    found = pages(documents[name][document])
    assert len(found) == count
    if document.endswith("booklet.pdf"):
        assert found[-1].count(f"{count}/{count}") == 1


def test_weasyprint_has_nothing_to_complain_about(documents: Any, complaints: list[str]) -> None:
    assert documents
    assert complaints == []


def test_the_pdf_says_its_title_and_language_and_no_author_or_date(documents: Any) -> None:
    data = documents["ja"]["student/A/booklet.pdf"]
    document = pypdfium2.PdfDocument(data)
    about = {key: value for key, value in document.get_metadata_dict().items() if value}
    titles = [bookmark.get_title() for bookmark in document.get_toc()]
    language, tagged = language_of(document), bool(pypdfium2.raw.FPDFCatalog_IsTagged(document))
    document.close()
    assert about.pop("Title") == "問題冊子 コンテナ技術 期末試験 (A)"
    assert list(about) == ["Producer"]
    assert titles == ["第1問", "問1", "問2", "第2問", "問3", "問4"]
    assert (language, tagged) == ("ja", True)


# What students get


def with_another_key(paper: Paper) -> Paper:
    """The same exam for a student to read, everything else changed."""

    def changed(question: Question) -> Question:
        response = another_key(question.response)
        return replace(
            question, id="b/x", response=response, explanation=parse("別の解説"), difficulty="hard", tags=("z",)
        )

    sections = tuple(
        replace(s, groups=tuple(replace(g, questions=tuple(map(changed, g.questions))) for g in s.groups))
        for s in paper.sections
    )
    return replace(paper, sections=sections)


def another_key(response: Response) -> Response:
    def other(option: Option) -> Option:
        return replace(option, id="x" + option.id, right=not option.right, feedback=parse("なぜか。"))

    match response:
        case Choice(options):
            return replace(response, options=tuple(map(other, options)))
        case Blank():
            tolerance = None if response.tolerance is None else response.tolerance + 7
            accepted = (*(f"{text}9" for text in response.accepted), "99" * 60)
            return replace(response, accepted=accepted, match_case=not response.match_case, tolerance=tolerance)
        case Lines():
            return response
        case Matching(stems, options):
            turned = (*stems[1:], stems[0])
            joined = tuple(replace(stem, right=by.right) for stem, by in zip(stems, turned, strict=True))
            return Matching(joined, tuple(map(other, options)))
        case Ordering(items):
            return Ordering(tuple(replace(item, place=len(items) + 1 - item.place) for item in items))
        case Cloze(gaps):
            return Cloze(tuple(replace(gap, response=another_key(gap.response)) for gap in gaps))
        case _:
            assert_never(response)


@pytest.mark.parametrize("name", EXAMS)
def test_students_documents_are_the_same_whatever_the_key_is(documents: Any, name: str) -> None:
    paper = PAPERS[name]
    assert isinstance(paper, Paper)
    other = printed(with_another_key(paper))
    same = {path for path, data in other.items() if data == documents[name][path]}
    assert {path for path in other if path.startswith("student/")} <= same
    assert "teacher/A/answer-key.pdf" not in same


@pytest.mark.parametrize("name", ["ja", "en"])
def test_students_html_holds_no_explanation_feedback_tag_or_id(name: str) -> None:
    paper = PAPERS[name]
    assert isinstance(paper, Paper)
    html = pdf.booklet_html(paper, Templates()) + pdf.answer_sheet_html(paper, Templates())
    secret = [q.id for q in paper.questions] + [tag for q in paper.questions for tag in q.tags]
    secret += [s for q in paper.questions for o in q.response.options for s in said(o.feedback)]
    assert [word for word in secret if word in html] == []


# Where pages break


def long_exam() -> Paper:
    """Questions of many lengths under stimuli, each part of which can be told by its words."""

    def question(at: int) -> Question:
        text = parse(f"始{at:02}" + "次の記述を読み、最も適当なものを選べ。" * (1 + at * 7 % 12))
        choices = tuple(
            Option(str(place), "アイウエ"[place], parse(f"肢{at:02}{place}" + "長い選択肢の文。" * (at % 5 * 3)), False)
            for place in range(3)
        )
        return Question(
            at, f"b/q{at}", text, papers.Choice((*choices, replace(choices[0], id="z", right=True)), False), Decimal(1)
        )

    groups = tuple(
        Group((question(at), question(at + 1)), parse(f"文{at:02}" + "共通の問題文がつづく。" * (at % 9 * 3)))
        for at in range(1, 40, 2)
    )
    return Paper("long", "長い試験", "ja", 1, "A", Scoring(), (Section(1, "", groups[:9]), Section(2, "", groups[9:])))


@pytest.fixture(scope="module")
def long_pages() -> list[str]:
    return pages(Press(Templates(), {}).pdf(pdf.booklet_html(long_exam(), Templates())))


def pages_with(word: str, found: list[str]) -> list[int]:
    return [at for at, page in enumerate(found) if word in page]


def test_no_question_that_fits_on_a_page_is_split(long_pages: list[str]) -> None:
    assert len(long_pages) > 3
    for at in range(1, 41):
        assert pages_with(f"始{at:02}", long_pages) == pages_with(f"肢{at:02}2", long_pages), at


def test_a_section_begins_on_the_page_of_its_first_stimulus(long_pages: list[str]) -> None:
    # Page heads do not hold the words: the heading alone does.
    assert pages_with("第2問（配点22点）", long_pages) == pages_with("文19", long_pages)


def test_a_stimulus_stands_on_the_page_of_its_first_question(long_pages: list[str]) -> None:
    for at in range(1, 40, 2):
        assert pages_with(f"文{at:02}", long_pages) == pages_with(f"始{at:02}", long_pages), at


def test_a_question_longer_than_a_page_is_printed_whole() -> None:
    lines = [f"行{at:03}" for at in range(90)]
    question = replace(papers.japanese().questions[0], text=parse("\n\n".join(lines)))
    paper = papers.paper(question, language="ja")
    found = pages(Press(Templates(), {}).pdf(pdf.booklet_html(paper, Templates())))
    assert len(found) == 5  # with the cover
    assert_in_order(lines, "".join(found))


# The same bytes


SCRIPT = """
import hashlib, papers
from quizgen.templates import Templates
from quizgen.writers import pdf
for file in pdf.write([papers.japanese()], Templates()):
    print(file.path, hashlib.sha256(file.data).hexdigest())
"""


def test_another_process_time_zone_and_hash_seed_print_the_same_bytes(documents: Any, tmp_path: Path) -> None:
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    environment = {**os.environ, "PYTHONHASHSEED": "5", "TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONPATH": path}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    expected = [f"{path} {sha256(data).hexdigest()}" for path, data in documents["ja"].items()]
    assert done.stdout.splitlines() == expected


# What may be loaded


DENIED = [
    "file:///etc/hostname",
    "http://example.org/a.png",
    "https://example.org/a.png",
    "ftp://example.org/a.png",
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>",
    "data:text/css,p{}",
    "data:image/svg+xml;base64,PHN2Zy8+",
    "picture:none.png",
    "picture:../../etc/hostname",
]


@pytest.mark.parametrize("url", DENIED)
def test_nothing_but_the_papers_own_pictures_is_opened(url: str) -> None:
    with pytest.raises(QuizgenError, match=re.escape(url[:60])):
        Fetcher(papers.PICTURES).fetch(url)


def test_a_pictures_own_raster_is_opened() -> None:
    data = b64encode(papers.ICON.data).decode()
    assert Fetcher({}).fetch(f"data:image/png;base64,{data}").read() == papers.ICON.data


@pytest.mark.parametrize(
    "html",
    [
        '<img src="file:///etc/hostname">',
        '<link rel="attachment" href="file:///etc/hostname">',
        '<a rel="attachment" href="file:///etc/hostname">x</a>',
        '<link rel="stylesheet" href="file:///etc/hostname">',
        '<p style="background: url(file:///etc/hostname)">x</p>',
        '<svg><image href="file:///etc/hostname" width="9" height="9"/></svg>',
        '<style>@font-face { font-family: x; src: url("file:///etc/hostname") }</style><p style="font-family: x">x</p>',
        '<object data="file:///etc/hostname"></object>',
    ],
)
def test_a_template_that_asks_for_a_file_is_refused(html: str) -> None:
    with pytest.raises(QuizgenError, match="asks for file:///etc/hostname"):
        Press(Templates(), {}).pdf(html)


@pytest.mark.parametrize("css", ["@import url(file:///etc/hostname);", "body { background: url(http://a.example/) }"])
def test_a_style_sheet_that_asks_for_an_address_is_refused(tmp_path: Path, css: str) -> None:
    (tmp_path / "custom.css").write_text(css)
    with pytest.raises(QuizgenError, match=r"asks for (file|http)"):
        Press(Templates(tmp_path), {}).pdf("<body>x</body>")


def test_the_papers_pictures_are_printed(documents: Any) -> None:
    document = pypdfium2.PdfDocument(documents["ja"]["student/A/booklet.pdf"])
    images = [item for page in document for item in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])]
    sizes = sorted(round(image.get_matrix().a) for image in images)
    document.close()
    assert sizes == [18, 170]  # 24 pixels are 18 points, 60 mm are 170


# A school's own look


def test_custom_css_is_read_last(tmp_path: Path) -> None:
    (tmp_path / "custom.css").write_text(".variant, .question { display: none }")
    press = Press(Templates(tmp_path), papers.PICTURES)
    text = "".join(pages(press.pdf(pdf.booklet_html(papers.english(), Templates(tmp_path)))))
    assert "Containers/Midterm" in text
    assert "Whichcommand" not in text


@pytest.mark.parametrize("html", ["<p>one<i>two</i></p>", '<p>one<i style="float: footnote">two</i></p>'])
def test_notes_are_numbered(tmp_path: Path, html: str) -> None:
    (tmp_path / "custom.css").write_text("" if "footnote" in html else "i { float: footnote }")
    assert pages(Press(Templates(tmp_path), {}).pdf(f"<html lang=en><body>{html}</body></html>")) == [
        "one11.two1/1"
    ]  # and the page's number


def test_an_unknown_property_in_custom_css_is_reported(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "custom.css").write_text("p { colour: red }")
    for _ in range(2):  # of a build, and of the next one in the same process
        caplog.clear()
        Press(Templates(tmp_path), {})
        assert "colour" in caplog.text


def test_a_projects_own_template_wins_and_an_edit_shows_at_once(tmp_path: Path) -> None:
    templates = Templates(tmp_path)
    for words in ("first", "second"):
        (tmp_path / "booklet.html").write_text(words + " {{ paper.title }}")
        assert pdf.booklet_html(papers.english(), templates) == f"{words} Containers / Midterm"


OWN_FAULTS = [
    ("\n{% for %}", "booklet.html:2 cannot be used: Expected"),
    ("\n\n{{ nonsense }}", "booklet.html:3 cannot be used: 'nonsense' is undefined"),
    ("{{ ''.__class__.__mro__ }}", "booklet.html:1 cannot be used: access to attribute '__class__'"),
    ("\n{{ 1 / 0 }}", "booklet.html:2 cannot be used: ZeroDivisionError: division by zero"),
    ("\n{{ paper.titel }}", "booklet.html:2 cannot be used: the paper has no attribute 'titel'"),
    ("\n{{ paper | nubmer }}", "booklet.html:2 cannot be used: No filter named 'nubmer'"),
    ("\n{{ paper | number }}", "booklet.html:2 cannot be used: TypeError"),
    ("\n{{ 'a' * 10 ** 14 }}", "booklet.html:2 cannot be used: a text or list repeated"),
    ("\n{% set many = range(10 ** 9) %}", "booklet.html:2 cannot be used: OverflowError"),
    ("\n{% include 'booklet.html' %}", "booklet.html:2 cannot be used: RecursionError"),
    ("\n{% include 'none.html' %}", "there is no template none.html"),
    ("{% import 'question.html' as parts %}\n{{ parts.block(1, x=2) }}", "booklet.html:2 cannot be used: TypeError"),
    (
        "{% extends 'base.html' %}{% block body %}\n{{ [].pop() }}{% endblock %}",
        "booklet.html:2 cannot be used: IndexError",
    ),
]


@pytest.mark.parametrize(("template", "message"), OWN_FAULTS)
def test_a_template_that_cannot_be_used_is_named_with_its_line(tmp_path: Path, template: str, message: str) -> None:
    (tmp_path / "booklet.html").write_text(template)
    with pytest.raises(QuizgenError, match=re.escape(message)):
        pdf.booklet_html(papers.english(), Templates(tmp_path))


def test_a_template_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "booklet.html").write_bytes("問題冊子".encode("shift-jis"))
    with pytest.raises(QuizgenError, match=r"booklet\.html is not UTF-8"):
        pdf.booklet_html(papers.english(), Templates(tmp_path))


def test_an_error_in_templates_of_ours_alone_is_a_bug_and_stays_one() -> None:
    broken = replace(papers.english(), sections=(None,))  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        pdf.booklet_html(broken, Templates())


def test_what_an_author_writes_is_text_and_never_markup() -> None:
    hostile = "<script>alert(1)</script> {{ 7 * 7 }} &amp; \"'"
    paper = replace(papers.english(), title=hostile, student=papers.Student("1", hostile, ((hostile, hostile),)))
    html = pdf.booklet_html(paper, Templates())
    assert "<script>" not in html
    assert html.count("{{ 7 * 7 }}") == 5


# Words and figures


@pytest.mark.parametrize("source", SOURCES)
def test_every_printed_word_is_said_in_japanese(source: str) -> None:
    from jinja2.ext import babel_extract

    with (shipped() / source).open("rb") as file:
        said = {message for _, _, message, _ in babel_extract(file, ["_"], [], {})}
    words = catalog("ja")
    assert [message for message in said if isinstance(message, str) and words.gettext(message) == message] == []


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal(2), "2"),
        (Decimal("2.50"), "2.5"),
        (Fraction(4, 3), "4/3"),
        (Fraction(5, 8), "0.625"),
        (Decimal(100), "100"),
    ],
)
def test_a_number_is_written_as_people_do(value: Decimal | Fraction, written: str) -> None:
    assert number(value) == written


# The whole, as HTML


@pytest.mark.parametrize("name", PAPERS)
def test_the_documents_are_as_accepted(golden: Golden, name: str) -> None:
    paper = PAPERS[name]
    for document, html in (
        [(document, getattr(pdf, f"{document.replace('-', '_')}_html")(paper, Templates())) for document in EXAM]
        if isinstance(paper, Paper)
        else [("assignments", pdf.assignments_html(paper, Templates()))]
    ):
        golden(f"pdf/{name}/{document}.html", html)
