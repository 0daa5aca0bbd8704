"""Word files: numbers, labels and right answers in the forms that people give them, and all that stands around them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import docx
import pytest
from docx.document import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.shared import Mm, RGBColor
from docx.text.paragraph import Paragraph
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import papers
from quizgen.importers import archive
from quizgen.importers import docx as reader
from quizgen.importers.docx import equations
from quizgen.importers.imported import Imported, QuestionDraft
from quizgen.problems import ProblemsError
from quizgen.richtext import maths
from quizgen.richtext.tree import Text
from quizgen.templates import Templates
from quizgen.writers.docx import omml, write

NAME = "banks/test.docx"
NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
Part = str | Callable[[Document], object]


def saved(document: Document) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def made(*parts: Part) -> bytes:
    """A document of paragraphs; what is called adds what it likes."""
    document = docx.Document()
    for part in parts:
        if isinstance(part, str):
            document.add_paragraph(part)
        else:
            part(document)
    return saved(document)


def of(*parts: Part) -> Imported:
    return reader.read(NAME, made(*parts))


def all_of(result: Imported) -> list[QuestionDraft]:
    assert result.skipped == ()
    return [question for bank in result.banks for question in bank.questions]


def brief(result: Imported) -> list[tuple[str, list[str], str]]:
    """The text, the choices and the answer of each question."""
    return [
        (question.text, [choice.text for choice in question.choices], "".join(question.answer))
        for question in all_of(result)
    ]


def codes(result: Imported) -> list[str]:
    return [note.code for note in result.notes]


def rich(*runs: tuple[str, str], style: str | None = None) -> Callable[[Document], Paragraph]:
    """A paragraph of texts, each with how it looks: words such as `bold red`."""

    def add(document: Document) -> Paragraph:
        paragraph = document.add_paragraph(style=style)
        for text, look in runs:
            run = paragraph.add_run(text)
            run.bold = True if "bold" in look else None
            run.italic = True if "italic" in look else None
            run.underline = True if "underline" in look else None
            run.font.name = "Consolas" if "code" in look else None
            if "red" in look:
                run.font.color.rgb = RGBColor(255, 0, 0)
            if "yellow" in look:
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW
        return paragraph

    return add


def table(*rows: list[str]) -> Callable[[Document], object]:
    def add(document: Document) -> None:
        grid = document.add_table(len(rows), len(rows[0]))
        for cells, row in zip(rows, grid.rows, strict=True):
            for text, cell in zip(cells, row.cells, strict=True):
                cell.text = text

    return add


def xml(content: str) -> Callable[[Document], object]:
    """Something that python-docx has no word for."""
    return lambda document: document.element.body.insert(
        len(document.element.body) - 1, parse_xml(content.replace(">", f" {NAMES}>", 1))
    )


EXPECTED = [
    ("停止する命令はどれか。", ["docker rm", "docker stop", "docker ps"], "b"),
    ("正しいものをすべて選べ。", ["層は重なる", "層は書き換わる", "層は共有される"], "ac"),
]


def typed(question: str, label: str, answers: list[str], labels: str = "") -> list[str]:
    """Two questions with their numbers and labels typed, and a list of answers."""
    lines = []
    for number, (text, choices, _) in enumerate(EXPECTED, start=1):
        lines.append(question.format(number) + text)
        lines += [label.format(one) + choice for one, choice in zip(labels, choices, strict=True)]
    return [*lines, *answers]


@pytest.mark.parametrize(
    ("question", "label", "labels", "answers"),
    [
        ("{}. ", "{}) ", "abc", ["解答: 1 b, 2 ac"]),
        ("{}．", "{}　", "アイウ", ["解答", "1 イ", "2 アウ"]),
        ("問{}　", "{}．", "アイウ", ["【解答】", "問1　イ", "問2　ア、ウ"]),
        ("問{}: ", "({}) ", "アイウ", ["正解：問1 イ，問2 ア・ウ"]),
        ("問題{} ", "{}. ", "123", ["解答一覧", "問題1 2", "問題2 1, 3"]),
        ("Q{}. ", "{}. ", "ABC", ["Answers", "1. B", "2. A, C"]),
        ("Q{}: ", "({}) ", "123", ["Answer key:", "Q1: 2", "Q2: 1|3"]),
        ("Question {}: ", "{}. ", "abc", ["Answer key", "1-b, 2-a,c"]),
        ("【{}】", "{}", "①②③", ["正解", "【1】②　【2】①③"]),
        ("第{}問 ", "{}、", "イロハ", ["解答", "第1問 ロ", "第2問 イ、ハ"]),
        ("{}) ", "{}\t", "ABC", ["Solutions", "1) B  2) A C"]),
        ("({}) ", "{} ", "アイウ", ["解答", "(1) イ (2) ア ウ"]),
        ("問{}", "{}　", "アイウ", ["解答と解説", "問1 イ", "問2 ア、ウ"]),
        ("{} ", "{}.", "ａｂｃ", ["正解表", "１ ｂ", "２ ａ，ｃ"]),
    ],
)
def test_typed_numbers_and_labels_are_read_with_a_list_of_answers(question, label, labels, answers):
    result = of(*typed(question, label, answers, labels))
    assert brief(result) == EXPECTED
    assert [one.type for one in all_of(result)] == ["single", "multiple"]
    assert result.notes == ()


def test_the_bank_is_named_after_the_title_or_the_file():
    lines = typed("問{} ", "{}　", ["解答: 1 イ, 2 アウ"], "アイウ")
    assert of(lambda document: document.add_heading("小テスト", 0), *lines).banks[0].title == "小テスト"
    assert of(lambda document: document.add_heading("第1回", 1), *lines).banks[0].title == "第1回"
    assert of(*lines).banks[0].title == "test"


def test_the_document_that_the_docs_show_imports_without_a_word():
    page = (Path(__file__).parent.parent / "docs/importing.md").read_text(encoding="utf-8")
    shown = page.split("--from docx")[1].split("**Questions**")[0].strip("`\n")
    result = of(*(line.strip() for line in shown.split("\n")))
    assert result.notes == ()
    assert [one.answer for one in all_of(result)] == [("b",), ("a", "b")]
    assert (result.banks[0].title, all_of(result)[0].points) == ("第1回 小テスト", Decimal(2))
    assert all_of(result)[1].explanation == "書き込みはコンテナごとの層に入る。"


# Automatic numbers


def lists(*levels: str) -> str:
    """A definition of lists: each level is its format, a blank, and its text."""
    defined = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{level.split()[0]}"/>'
        f'<w:lvlText w:val="{level.split()[1]}"/><w:pPr><w:ind w:left="{(at + 1) * 400}"/></w:pPr></w:lvl>'
        for at, level in enumerate(levels)
    )
    return f'<w:abstractNum w:abstractNumId="90" {NAMES}>{defined}</w:abstractNum>'


def with_lists(*levels: str, nums: int = 1) -> Callable[[Document], None]:
    """Define lists number 91, 92, …, each of which begins again at its second level."""

    def add(document: Document) -> None:
        root = document.part.numbering_part.element
        root.insert(0, parse_xml(lists(*levels)))
        for number in range(91, 91 + nums):
            again = '<w:lvlOverride w:ilvl="1"><w:startOverride w:val="1"/></w:lvlOverride>' if number > 91 else ""
            root.append(parse_xml(f'<w:num w:numId="{number}" {NAMES}><w:abstractNumId w:val="90"/>{again}</w:num>'))

    return add


def item(text: str, level: int, number: int = 91) -> Callable[[Document], object]:
    def add(document: Document) -> None:
        properties = document.add_paragraph(text)._p.get_or_add_pPr()
        properties.append(parse_xml(f'<w:numPr {NAMES}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'))

    return add


AUTOMATIC: list[Part] = [
    part for text, choices, _ in EXPECTED for part in (item(text, 0), *(item(choice, 1) for choice in choices))
]


@pytest.mark.parametrize(
    ("levels", "answers"),
    [
        (("decimal %1.", "lowerLetter %2)"), "1 b, 2 ac"),
        (("decimal %1.", "decimal %1-%2."), "1. 2  2. 1,3"),
        (("decimal 問%1", "aiueoFullWidth %2．"), "問1 イ 問2 アウ"),
        (("decimalFullWidth 【%1】", "decimalEnclosedCircle %2"), "【1】② 【2】①③"),
        (("decimal Q%1:", "irohaFullWidth (%2)"), "Q1 ロ, Q2 イハ"),
        (("decimal %1)", "upperLetter %2."), "1) B 2) A,C"),
    ],
)
def test_automatic_numbers_count_as_if_they_were_typed(levels, answers):
    result = of(with_lists(*levels), *AUTOMATIC, f"解答: {answers}")
    assert brief(result) == EXPECTED
    assert result.notes == ()


def test_a_list_that_begins_again_by_hand_counts_from_one():
    first = [item(choice, 1, 91) for choice in EXPECTED[0][1]]
    second = [item(choice, 1, 92) for choice in EXPECTED[1][1]]
    lines = ["問1 " + EXPECTED[0][0], *first, "問2 " + EXPECTED[1][0], *second, "解答: 1 b, 2 ac"]
    assert brief(of(with_lists("decimal %1.", "lowerLetter %2)", nums=2), *lines)) == EXPECTED


def test_an_answer_list_may_have_automatic_numbers_of_its_own():
    answers = [item("イ", 0, 93), item("ア、ウ", 0, 93)]
    lines = typed("問{} ", "{}　", ["解答"], "アイウ")
    assert brief(of(with_lists("decimal %1.", "aiueo %2)", nums=3), *lines, *answers)) == EXPECTED


# Right answers


@pytest.mark.parametrize(
    "right",
    [
        *("✓ ア {}", "ア ✓ {}", "ア {} ✓", "○　ア　{}", "☑ア {}", "* ア {}"),
        *("ア {}（正解）", "ア {} (correct)", "ア {}　○"),
    ],
)
def test_a_sign_marks_a_right_choice(right):
    lines = []
    for number, (text, choices, key) in enumerate(EXPECTED, start=1):
        lines.append(f"問{number} {text}")
        for label, katakana, choice in zip("abc", "アイウ", choices, strict=True):
            marked = right.replace("ア", katakana).format(choice)
            lines.append(marked if label in key else f"{katakana} {choice}")
    result = of(*lines)
    assert brief(result) == EXPECTED
    assert result.notes == ()


@pytest.mark.parametrize("look", ["bold", "red", "yellow", "underline", "bold red italic"])
def test_the_look_of_its_letters_marks_a_right_choice(look):
    lines: list[Part] = []
    for number, (text, choices, key) in enumerate(EXPECTED, start=1):
        lines.append(rich((f"問{number} {text}", "bold")))
        lines += [
            rich(
                (f"{label}) ", ""),
                (choice[:3], look if label in key else ""),
                (choice[3:], look if label in key else ""),
            )
            for label, choice in zip("abc", choices, strict=True)
        ]
    result = of(*lines)
    assert [(text, answer) for text, _, answer in brief(result)] == [(text, answer) for text, _, answer in EXPECTED]
    assert all("**" not in choice for _, choices, _ in brief(result) for choice in choices)


def test_boxes_to_tick_and_crosses_are_no_part_of_the_choices():
    result = of(
        "問1 どれか。",
        "☐ ア x",
        "☒ イ y",
        "問2 どれか。",
        "ア ○ x",
        "イ × y",
        "問3 正しいか。",
        "ア ○",
        "イ ×",
        "正解: ア",
    )
    assert [(choices, answer) for _, choices, answer in brief(result)] == [
        (["x", "y"], "b"),
        (["x", "y"], "a"),
        (["○", "×"], "a"),
    ]


@pytest.mark.parametrize(
    ("below", "answer", "explanation"),
    [
        (["正解: イ"], "b", ""),
        (["答え：ア、ウ", "解説：理由その一。", "理由その二。"], "ac", "理由その一。\n\n理由その二。"),
        (["【正解】イ", "【解説】", "理由。"], "b", "理由。"),
        (["正解", "イ"], "b", ""),
        (["Answer: b", "Explanation: because"], "b", "because"),
        (["Correct answer: B. y"], "b", ""),
        (["解答：イ（y）"], "b", ""),
        (["正解は イ"], "b", ""),
        (["解説: 理由。", "正解: y"], "b", "理由。"),
    ],
)
def test_the_answer_may_stand_below_its_question(below, answer, explanation):
    (question,) = all_of(of("問1 どれか。", "ア x", "イ y", "ウ z", *below))
    assert ("".join(question.answer), question.explanation) == (answer, explanation)


@pytest.mark.parametrize(
    "rows",
    [
        [["番号", "正解"], ["1", "イ"], ["2", "ア、ウ"]],
        [["問", "解答", "問", "解答"], ["1", "イ", "2", "アウ"]],
        [["No.", "Question", "Answer"], ["1", "stop", "B"], ["2", "", "A, C"]],
    ],
)
def test_a_table_with_headings_is_a_list_of_answers(rows):
    assert brief(of(*typed("問{} ", "{}　", [], "アイウ"), table(*rows))) == EXPECTED


@pytest.mark.parametrize(
    "rows", [[["1", "2"], ["イ", "アウ"]], [["1", "イ", "2", "アウ"]], [["問題", "1", "2"], ["正解", "2", "1,3"]]]
)
def test_a_table_below_a_heading_is_a_list_of_answers(rows):
    assert brief(of(*typed("問{} ", "{}　", ["解答"], "アイウ"), table(*rows))) == EXPECTED


def test_explanations_may_stand_in_the_list_of_answers():
    below = ["解答・解説", "問1 イ", "解説: 一つ目。", "二行目。", "問2 アウ（4点）　解説：層は 2 つの点で 3 倍。"]
    result = of(*typed("問{} ", "{}　", below, "アイウ"))
    assert brief(result) == EXPECTED
    assert [one.explanation for one in all_of(result)] == ["一つ目。\n\n二行目。", "層は 2 つの点で 3 倍。"]
    rows = table(["番号", "正解", "解説"], ["1", "イ", "一つ目。"], ["2", "アウ", "二つ目。"])
    result = of(*typed("問{} ", "{}　", [], "アイウ"), rows)
    assert [one.explanation for one in all_of(result)] == ["一つ目。", "二つ目。"]


def test_numbers_that_begin_again_in_each_chapter_meet_the_answers_in_order():
    chapters: list[Part] = []
    for chapter in ("第1章 網", "第2章 層"):
        chapters += [lambda document, chapter=chapter: document.add_heading(chapter, 1), "問1 どれか。", "ア x", "イ y"]
    result = of(*chapters, "解答", "第1章", "問1 ア", "第2章", "問1 イ")
    assert [(bank.title, bank.questions[0].answer) for bank in result.banks] == [
        ("第1章 網", ("a",)),
        ("第2章 層", ("b",)),
    ]
    each = of(*chapters[:4], "解答: 問1 ア", *chapters[4:], "解答: 問1 イ")
    assert [bank.questions[0].answer for bank in each.banks if bank.questions] == [("a",), ("b",)]


def test_answers_that_differ_are_told_and_commented():
    result = of("問1 どれか。", "ア x", "✓ イ y", "正解: ア", "解答", "問1 ウ", "問2 ア")
    (question,) = all_of(result)
    assert question.answer == ("a",)
    assert codes(result) == ["answer-without-question", "doubtful-answer", "doubtful-answer"]
    assert question.comments[-1] == "its answer is a, but b is marked"


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["問1 どれか。", "ア x", "イ y"], "no-answer"),
        (["問1 どれか。", "ア x", "イ y", "正解: エ"], "unknown-answer"),
        (["問1 説明せよ。", "正解: 略"], "too-few-choices"),
        (["問1 どれか。", "ア x", "正解: ア"], "too-few-choices"),
        (["問1", "ア x", "イ y", "正解: ア"], "no-text"),
    ],
)
def test_what_cannot_be_a_question_is_left_out_with_its_reason(lines, code):
    result = of(*lines, "問2 どれか。", "ア x", "イ y", "正解: ア")
    assert [(one.position.line, one.what, one.code) for one in result.skipped] == [(1, "question 1", code)]
    assert result.questions == 1


# What belongs to a question


def test_choices_may_stand_beside_each_other_or_in_a_table():
    rows = table(["ア", "x"], ["イ", "y"])
    cells = table(["(1) x", "(2) y"], ["(3) z", ""])
    result = of(
        "問1 どれか。", "ア x　イ y　ウ z", "正解: ウ", "問2 どれか。", "a) x\tb) y", "c) z", "正解: c",
        "問3 どれか。\nア x\nイ y", "正解: イ", "問4 どれか。", rows, "正解: イ", "問5 どれか。", cells, "正解: 3",
    )  # fmt: skip
    assert [(choices, answer) for _, choices, answer in brief(result)] == [
        (["x", "y", "z"], "c"),
        (["x", "y", "z"], "c"),
        (["x", "y"], "b"),
        (["x", "y"], "b"),
        (["x", "y", "z"], "c"),
    ]


def test_statements_with_labels_are_part_of_the_question():
    result = of(
        "問1 正しい組合せはどれか。", "ア 層は重なる。", "イ 層は消える。", "1. ア", "2. イ", "3. アとイ", "正解: 1"
    )
    (question,) = all_of(result)
    assert question.text == "正しい組合せはどれか。\n\nア 層は重なる。\n\nイ 層は消える。"
    assert [choice.text for choice in question.choices] == ["ア", "イ", "アとイ"]
    assert question.answer == ("a",)


def test_bullets_are_choices_where_there_are_no_labels():
    bullets = [lambda d, text=text: d.add_paragraph(text, style="List Bullet") for text in ("x", "✓ y")]
    assert brief(of("問1 どれか。", *bullets)) == [("どれか。", ["x", "y"], "b")]


def test_points_and_the_mark_of_several_are_read_and_taken_off():
    result = of(
        "問1 （2点） 【複数選択】 どれか。",
        "ア x",
        "イ y",
        "正解: ア",
        "2. Which one? [2.5 points]",
        "問2 どれか。（３点）",
        "ア x",
        "イ y",
        "正解: ア",
    )
    first, second = all_of(result)
    assert (first.text, first.points, first.type) == ("どれか。", Decimal(2), "multiple")
    assert (second.text, second.points, second.type) == ("どれか。", Decimal(3), "single")


@pytest.mark.parametrize(
    ("words", "kind", "doubtful"),
    [
        ("正しいものを2つ選べ。", "multiple", False),
        ("一つ選べ。", "multiple", True),
        ("Select all that apply.", "multiple", False),
    ],
)
def test_the_words_of_a_question_say_its_type(words, kind, doubtful):
    result = of(f"問1 {words}", "ア x", "イ y", "ウ z", "正解: アイ")
    assert all_of(result)[0].type == kind
    assert codes(result) == (["doubtful-answer"] if doubtful else [])


def test_a_text_for_several_questions_is_their_stimulus():
    result = of(
        *("次の文を読み、問1～問2に答えよ。", "文。", "問1 どれか。", "ア x", "イ y", "正解: ア", ""),
        *("問2 どれか。", "ア x", "イ y", "正解: ア", "問3 どれか。", "ア x", "イ y", "正解: ア"),
    )
    (bank,) = result.banks
    assert [(one.id, one.text) for one in bank.stimuli] == [("s01", "次の文を読み、問1～問2に答えよ。\n\n文。")]
    assert [one.stimulus for one in bank.questions] == ["s01", "s01", ""]


def test_text_that_belongs_to_no_question_is_told():
    result = of(
        "試験時間は50分。", "問1 どれか。", "ア x", "イ y", "正解: ア", lambda d: d.add_heading("終", 1), "以上"
    )
    assert [note.message for note in result.notes] == [
        "this belongs to no question and is left out: 以上",
        "this belongs to no question and is left out: 試験時間は50分。",
    ]


# Letters, programs, tables, equations


def test_bold_italic_code_and_links_come_along():
    stem = rich(
        ("問1 ", ""),
        ("停止", "bold"),
        ("と", ""),
        ("再開", "italic"),
        ("を ", ""),
        ("docker sto", "code"),
        ("p", "code"),
        (" で。*", ""),
    )
    (question,) = all_of(of(stem, "ア x", "イ y", "正解: ア"))
    assert question.text == "**停止**と*再開*を `docker stop` で。*"


def test_a_program_is_a_block_of_code_with_its_indents():
    program = [rich(("apiVersion: v1", "code")), rich(("metadata:\n  name: web", "code"))]
    (question,) = all_of(of("問1 どれか。", *program, "ア x", "イ y", "正解: ア"))
    assert question.text == "どれか。\n\n```\napiVersion: v1\nmetadata:\n  name: web\n```"


def test_a_table_in_a_question_is_a_markdown_table():
    (question,) = all_of(of("問1 表を見よ。", table(["名前", "数"], ["a|b", "2"]), "ア x", "イ y", "正解: ア"))
    assert question.text == "表を見よ。\n\n| 名前 | 数 |\n| --- | --- |\n| a\\|b | 2 |"


def test_ruby_and_raised_letters_come_along():
    ruby = (
        "<w:p><w:r><w:t>問1 </w:t></w:r><w:r><w:ruby><w:rt><w:r><w:t>かんじ</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>漢字</w:t></w:r></w:rubyBase></w:ruby></w:r><w:r><w:t>は2</w:t></w:r>"
        '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>10</w:t></w:r></w:p>'
    )
    (question,) = all_of(of(xml(ruby), "ア x", "イ y", "正解: ア"))
    assert question.text == "{漢字|かんじ}は2¹⁰"


def run(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


@pytest.mark.parametrize(
    ("equation", "latex"),
    [
        (run("x") + run("≤") + run("π"), r"x\le \pi"),
        (f"<m:f><m:num>{run('1')}</m:num><m:den>{run('2')}</m:den></m:f>", r"\frac{1}{2}"),
        (f"<m:sSup><m:e>{run('x')}</m:e><m:sup>{run('2')}</m:sup></m:sSup>", "x^2"),
        (
            f"<m:sSubSup><m:e>{run('x')}</m:e><m:sub>{run('ij')}</m:sub><m:sup>{run('n')}</m:sup></m:sSubSup>",
            "x_{ij}^n",
        ),
        (f"<m:rad><m:deg>{run('3')}</m:deg><m:e>{run('x')}</m:e></m:rad>", r"\sqrt[3]{x}"),
        (f"<m:d><m:e>{run('a+b')}</m:e></m:d>", "(a+b)"),
        (
            f'<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>{run("i=1")}</m:sub><m:sup>{run("n")}</m:sup>'
            f"<m:e>{run('i')}</m:e></m:nary>",
            r"\sum_{i=1}^{n} i",
        ),
        (f"<m:func><m:fName>{run('sin')}</m:fName><m:e>{run('x')}</m:e></m:func>", r"\sin x"),
        (f'<m:acc><m:accPr><m:chr m:val="\u0304"/></m:accPr><m:e>{run("x")}</m:e></m:acc>', r"\bar{x}"),
        (
            f"<m:m><m:mr><m:e>{run('a')}</m:e><m:e>{run('b')}</m:e></m:mr><m:mr><m:e>{run('c')}</m:e><m:e>{run('d')}"
            "</m:e></m:mr></m:m>",
            r"\begin{matrix}a & b \\ c & d\end{matrix}",
        ),
    ],
)
def test_an_equation_is_latex(equation, latex):
    line = f"<w:p><w:r><w:t>問1 式 </w:t></w:r><m:oMath>{equation}</m:oMath></w:p>"
    result = of(xml(line), "ア x", "イ y", "正解: ア")
    assert all_of(result)[0].text == f"式 ${latex}$"
    assert result.notes == ()


@pytest.mark.parametrize(
    "latex",
    [
        *(r"O(n\log n)", r"\sqrt[3]{x+1}", r"\left(\frac{1}{2}\right)^n", r"\begin{pmatrix}a & b\\c & d\end{pmatrix}"),
        *(r"\begin{cases}1 & x>0\\0 & x\le 0\end{cases}", r"\lim_{x\to 0}\frac{\sin x}{x}", r"\overline{A\cup B}"),
        *(
            r"\binom{n}{k}",
            r"a_{i,j}^{(2)}",
            r"\text{速度}=\frac{\text{距離}}{t}",
            r"|x|",
            r"\{a,b\}",
            r"2^{2^n}",
            r"50\%",
        ),
        *(r"\sum_{i=1}^{n} i^2", r"\max_{i} x_i", r"\lfloor x\rfloor", r"\hat{x}", r"\vec{v}", r"A\subseteq B\cap C"),
    ],
)
def test_an_equation_that_we_wrote_ourselves_means_the_same_when_it_is_read(latex):
    equation = ET.fromstring(etree.tostring(omml.inline(latex)))
    assert maths.mathml(equations.latex(equation)) == maths.mathml(latex)


def test_an_equation_that_is_too_unusual_is_told_and_its_signs_kept():
    line = f"<w:p><w:r><w:t>問1 式 </w:t></w:r><m:oMath><m:phant><m:e>{run('x')}</m:e></m:phant></m:oMath></w:p>"
    result = of(xml(line), "ア x", "イ y", "正解: ア")
    assert (all_of(result)[0].text, codes(result)) == ("式 x", ["equation"])


# Pictures


def picture(alt: str = "", data: bytes = papers.PHOTO.data) -> Callable[[Document], object]:
    def add(document: Document) -> None:
        shape = document.add_paragraph().add_run().add_picture(BytesIO(data), Mm(60))
        shape._inline.docPr.set("descr", alt)

    return add


def test_pictures_come_along_with_their_descriptions_and_widths():
    result = of(
        "問1 どれか。",
        picture("構成図"),
        "ア x",
        "イ y",
        "正解: ア",
        "問2 どれか。",
        picture("同じ図"),
        "ア x",
        "イ y",
        "正解: ア",
    )
    (file,) = result.files
    assert re.fullmatch(r"images/test-[0-9a-f]{8}\.png", file.path)
    assert file.data == papers.PHOTO.data
    assert all_of(result)[0].text == f"どれか。\n\n![構成図]({file.path}){{width=60mm}}"
    assert result.notes == ()


def test_a_picture_without_a_description_gets_one_to_be_replaced_and_is_told():
    result = of("問1 どれか。", picture(), "ア x", "イ y", "正解: ア")
    (question,), (file,) = all_of(result), result.files
    assert f"![図]({file.path})" in question.text
    assert question.comments == (f"describe the picture {file.path}",)
    assert codes(result) == ["image-alt"]


def test_a_picture_of_a_question_that_is_left_out_stays_behind():
    result = of("問1 どれか。", picture("図"), "問2 どれか。", "ア x", "イ y", "正解: ア")
    assert (result.files, len(result.skipped)) == ((), 1)


def replaced(data: bytes, changes: dict[str, Callable[[bytes], bytes]]) -> bytes:
    """A document with some of its parts changed."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, changes.get(info.filename, bytes)(old.read(info)))
    return out.getvalue()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            {"word/media/image1.png": lambda _: b"\xd7\xcd\xc6\x9a wmf"},
            "is no picture; save it as PNG, JPEG, GIF or SVG",
        ),
        ({"word/media/image1.png": lambda data: data[:60]}, "is damaged or cut off; save or copy it again"),
        (
            {"word/_rels/document.xml.rels": lambda data: data.replace(b"media/image1.png", b"../../../etc/passwd")},
            "cannot be unpacked, or is too large",
        ),
        (
            {
                "word/_rels/document.xml.rels": lambda data: data.replace(
                    b'Target="media/image1.png"', b'TargetMode="External" Target="http://example.org/x.png"'
                )
            },
            "lies outside of the file and is not fetched",
        ),
        (
            {"word/_rels/document.xml.rels": lambda data: data.replace(b"media/image1", b"media/none")},
            "cannot be unpacked",
        ),
    ],
)
def test_a_picture_that_cannot_come_along_is_told(change, why):
    data = made("問1 どれか。", picture("図"), "ア x", "イ y", "正解: ア")
    result = reader.read(NAME, replaced(data, change))
    assert (all_of(result)[0].text, result.files) == ("どれか。", ())
    (note,) = result.notes
    assert (note.code, note.position.line) == ("picture-left-out", 2)
    assert why in note.message


def test_what_word_has_and_a_question_cannot_have_is_told():
    box = (
        '<w:p><w:r><w:pict><v:textbox xmlns:v="urn:schemas-microsoft-com:vml"><w:txbxContent><w:p><w:r><w:t>注意</w:t>'
        "</w:r></w:p></w:txbxContent></v:textbox></w:pict></w:r><w:r><w:footnoteReference/></w:r>"
        '<w:r><w:sym w:font="Wingdings" w:char="F04A"/></w:r></w:p>'
    )
    assert codes(of(xml(box), "問1 どれか。", "ア x", "イ y", "正解: ア")) == ["text-box", "footnote", "symbol"]


def test_deleted_text_and_hidden_fields_are_not_read_and_added_text_is():
    line = (
        "<w:p><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins><w:r><w:t>問1 新</w:t></w:r></w:ins>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )
    assert all_of(of(xml(line), "ア x", "イ y", "正解: ア"))[0].text == "新"


def test_what_word_wraps_around_text_is_seen_through():
    lines = [
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>問1 番</w:t><w:noBreakHyphen/><w:t>号</w:t></w:r></w:p>"
        "</w:sdtContent></w:sdt>",
        '<w:p><w:smartTag><w:r><w:t>ア x</w:t><w:br w:type="page"/></w:r></w:smartTag></w:p>',
        '<w:p><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice>'
        "<w:r><w:t>イ y</w:t></w:r></mc:Choice><mc:Fallback><w:r><w:t>旧</w:t></w:r></mc:Fallback>"
        "</mc:AlternateContent></w:p>",
        '<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FC"/><w:t> ウ H</w:t></w:r><w:r><w:rPr>'
        '<w:vertAlign w:val="subscript"/></w:rPr><w:t>2</w:t></w:r><w:r><w:t>O</w:t></w:r></w:p>',
    ]
    assert brief(of(*map(xml, lines))) == [("番-号", ["x", "y", "H₂O"], "c")]


def test_a_table_of_contents_is_no_text():
    def contents(document: Document) -> None:
        document.styles.add_style("toc 1", 1)
        document.add_paragraph("問1 どれか。\t1", style="toc 1")

    assert of(contents, "問1 どれか。", "ア x", "イ y", "正解: ア").notes == ()


def test_links_to_the_web_stay_links_and_others_become_text():
    def linked(target: str) -> Callable[[Document], None]:
        def add(document: Document) -> None:
            reference = document.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            names = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
            text = f'<w:p><w:r><w:t>問1 </w:t></w:r><w:hyperlink {names} r:id="{reference}"><w:r><w:t>手引</w:t></w:r>'
            xml(f"{text}</w:hyperlink><w:r><w:t>を見よ。</w:t></w:r></w:p>")(document)

        return add

    texts = [
        all_of(of(linked(target), "ア x", "イ y", "正解: ア"))[0].text
        for target in ("https://example.org/a", "file:///etc/passwd", "javascript:alert(1)", "https://[x")
    ]
    assert texts == ["[手引](https://example.org/a)を見よ。", *["手引を見よ。"] * 3]


def test_cells_that_reach_over_columns_leave_the_others_empty():
    grid = (
        '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr>'
        "<w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>2</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    (question,) = all_of(of("問1 表を見よ。", xml(grid), "ア x", "イ y", "正解: ア"))
    assert question.text == "表を見よ。\n\n| a |  |\n| --- | --- |\n| 1 | 2 |"


def test_a_cropped_picture_and_a_chart_are_told():
    def cropped(document: Document) -> None:
        picture("図")(document)
        blip = next(part for part in document.element.iter() if part.tag.endswith("}blipFill"))
        names = "http://schemas.openxmlformats.org/drawingml/2006/main"
        blip.insert(1, parse_xml(f'<a:srcRect xmlns:a="{names}" l="10000"/>'))

    chart = xml("<w:p><w:r><w:drawing/></w:r></w:p>")
    assert codes(of("問1 どれか。", cropped, chart, "ア x", "イ y", "正解: ア")) == ["picture-cropped", "drawing"]


def test_an_old_picture_comes_along():
    def old(document: Document) -> None:
        reference = document.part.get_or_add_image(BytesIO(papers.PHOTO.data))[0]
        names = 'xmlns:v="urn:x" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
        xml(f'<w:p><w:r><w:pict><v:imagedata {names} r:id="{reference}" v:title="図一"/></w:pict></w:r></w:p>')(
            document
        )

    result = of("問1 どれか。", old, "ア x", "イ y", "正解: ア")
    assert all_of(result)[0].text == f"どれか。\n\n![図一]({result.files[0].path})"


# Our own papers


def written(name: str) -> dict[str, bytes]:
    return {file.path.name: file.data for file in write([getattr(papers, name)()], Templates())}


@pytest.mark.parametrize("name", ["japanese", "english"])
def test_our_own_explanations_import_to_the_questions_they_were_made_of(name):
    paper = getattr(papers, name)()
    result = reader.read(NAME, written(name)["explanations.docx"])
    asked = all_of(result)
    assert [len(asked), result.banks[0].title] == [len(paper.questions), paper.title]
    for question, original in zip(asked, paper.questions, strict=True):
        right = [option.right for option in original.response.options]
        assert [choice.label in question.answer for choice in question.choices] == right
        assert (question.points, question.type == "multiple") == (original.points, original.response.many)
        assert "解答番号" not in question.text
    assert codes(result) == ["text-left-out"]


def test_our_own_booklet_imports_with_the_answer_key_behind_it():
    files = written("japanese")
    booklet, key = docx.Document(BytesIO(files["booklet.docx"])), docx.Document(BytesIO(files["answer-key.docx"]))
    for grid in key.element.body.tbl_lst[1:]:
        booklet.element.body.insert(len(booklet.element.body) - 1, grid)
    asked = all_of(reader.read(NAME, saved(booklet)))
    right = [[option.right for option in one.response.options] for one in papers.japanese().questions]
    assert [[choice.label in one.answer for choice in one.choices] for one in asked] == right


# Hostile and broken files

DOCUMENT = "word/document.xml"
WHOLE = made("問1 どれか。", "ア x", "イ y", "正解: ア")
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
DEEP = f"<w:document {NAMES}><w:body>{'<w:ins>' * 300}{'</w:ins>' * 300}</w:body></w:document>".encode()


def body(content: str) -> bytes:
    return f"<w:document {NAMES}><w:body>{content}</w:body></w:document>".encode()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (BOMB, "declares entities, as no program that saves such files does; it is not read [hostile]"),
        (OUTSIDE, "declares entities, as no program that saves such files does; it is not read [hostile]"),
        (b"<w:document", "is no well-formed XML"),
        (DEEP, "or 200 levels"),
        (b" " * 100_000_001, "has 100,000,001 bytes, the most is 100,000,000"),
        (b"<x>" + b"<y/>" * 20_000 + b"</x>", "has more than 20,000 elements"),
        (body("<w:p/>" * 1_001), "it has more than 1,000 lines"),
        (body(f"<w:tbl><w:tr>{'<w:tc/>' * 101}</w:tr></w:tbl>"), "it has more than 100 cells of tables"),
        (body(""), "no question was found"),
        (b"<x/>", "no question was found"),
        (body("<w:p><w:r><w:t>本文だけ。</w:t></w:r></w:p>"), "no question was found"),
    ],
    ids=["bomb", "outside", "cut", "deep", "long", "elements", "paragraphs", "cells", "empty", "other", "prose"],
)
def test_a_broken_or_hostile_document_is_refused(content, message, monkeypatch):
    monkeypatch.setattr(archive, "MOST_ELEMENTS_AT_ONCE", 20_000)
    monkeypatch.setattr(reader.body, "MOST_LINES", 1_000)
    monkeypatch.setattr(reader.body, "_MOST_CELLS", 100)
    with pytest.raises(ProblemsError) as caught:
        reader.read(NAME, replaced(WHOLE, {DOCUMENT: lambda _: content}))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "part", ["word/styles.xml", "word/numbering.xml", "word/_rels/document.xml.rels", "_rels/.rels"]
)
def test_entities_are_refused_in_every_part(part):
    with pytest.raises(ProblemsError, match="hostile"):
        reader.read(NAME, replaced(made("問1 x"), {part: lambda _: BOMB}))


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "File is not a zip file; open it in Word and save it again [damaged]"),
        (WHOLE[:-100], "open it in Word and save it again [damaged]"),
        (
            OLD + "WordDocument".encode("utf-16-le"),
            "the format from before 2007; save it as .docx in Word [old-format]",
        ),
        (
            OLD + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password; save it without one in Word [password]",
        ),
    ],
    ids=["empty", "cut", "doc", "encrypted"],
)
def test_a_file_that_is_no_document_is_refused(data, message):
    with pytest.raises(ProblemsError) as caught:
        reader.read(NAME, data)
    assert message in str(caught.value)


@settings(max_examples=40)
@given(st.data())
def test_any_damage_is_read_or_refused(data):
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        result = reader.read(NAME, bytes(content))
    except ProblemsError:
        return
    assert result.questions + len(result.skipped) <= 1


LINES = [
    "問1 どれか。",
    "ア x　イ y",
    "1. ア",
    "a) x",
    "○ イ y",
    "正解: ア",
    "解答",
    "1 ア, 2 イ",
    "解説: z",
    "",
    "問1～問2",
    "{a|b}",
    "* - $x",
]


@given(
    st.lists(
        st.sampled_from(LINES) | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])), max_size=20
    )
)
def test_any_lines_are_read_or_refused(lines):
    from quizgen.importers.docx.lines import Line, Span
    from quizgen.importers.docx.questions import questions

    found = questions([Line(number, (Span(Text(text)),)) for number, text in enumerate(lines, start=1)])
    assert len(found.asked) <= len(lines)


@pytest.mark.parametrize(
    ("name", "data", "certainty"),
    [
        ("x", WHOLE, 100),
        ("x.doc", OLD, 90),
        ("x.bin", OLD + "WordDocument".encode("utf-16-le"), 80),
        ("x.docx", b"", 30),
        ("x.txt", b"Q1: x", 0),
    ],
)
def test_a_document_is_known_by_its_parts(name, data, certainty):
    assert reader.sniff(name, data) == certainty
