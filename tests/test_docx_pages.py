"""The pages of Word files as `print:` wants them: cover, size, sections, answers, columns, figures."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from io import BytesIO

import docx
import pytest
from lxml import etree

import papers
from quizgen.paper import Choice, Cloze, Gap, Paper, Printing, Section
from quizgen.richtext.tree import Image, Reference, Width
from quizgen.templates import Templates, shipped
from word import W, documents, numbered, paragraphs, part, rows, shown, styled

BOOKLET, SHEET = "student/A/booklet.docx", "student/A/answer-sheet.docx"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
MM = 1440 / 25.4


def printed(paper: Paper, templates: Templates | None = None, **look: object) -> bytes:
    return documents(replace(paper, printing=Printing(**look)), templates)[BOOKLET]


def parts_of(*kinds: str) -> Paper:
    """A paper of several sections, each with all kinds of questions."""
    paper = papers.every_kind("ja")
    sections = tuple(replace(paper.sections[0], number=at, title=title) for at, title in enumerate(kinds, 1))
    return replace(paper, sections=_counted(sections), course="情報", date="2027年1月8日", duration=50)


def _counted(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    number = iter(range(1, 1000))
    return tuple(
        replace(
            section,
            groups=tuple(
                replace(group, questions=tuple(replace(q, number=next(number)) for q in group.questions))
                for group in section.groups
            ),
        )
        for section in sections
    )


def tables(data: bytes) -> list[list[list[str]]]:
    return [rows(table) for table in part(data).iter(f"{W}tbl")]


def breaks(data: bytes) -> list[str]:
    """Where new pages begin: the first words on them, with the kind of the section where one begins."""
    found, kind = [], ""
    for paragraph in part(data).iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pageBreakBefore")
        if style is not None or kind:
            found.append(f"{kind} {shown(paragraph).strip()}".strip())
        kind = "section" if paragraph.find(f"{W}pPr/{W}sectPr") is not None else ""
    return found


def sections_of(data: bytes) -> list[tuple[str, bool]]:
    """How each of Word's sections begins, and whether its first page has a head of its own."""
    found = part(data).iter(f"{W}sectPr")
    kinds = [(page.find(f"{W}type"), page.find(f"{W}titlePg")) for page in found]
    return [("" if kind is None else kind.get(f"{W}val"), first is not None) for kind, first in kinds]


def test_a_cover_says_what_the_exam_is_and_lists_its_sections():
    data = printed(parts_of("基礎", "応用"), person=("class", "seat", "number", "name"))
    lines = paragraphs(data)
    assert lines[:4] == ["情報", "A", "全形式の試験", "問題冊子"]
    assert lines[4].split() == ["試験日", "2027年1月8日", "試験時間", "50分", "満点", "38点", "問題数", "14"]
    crown, person, instructions, contents = tables(data)[:4]
    assert crown == [["情報", "A"]]
    assert person == [["組", "", "番号", ""], ["受験番号", "", "氏名", ""]]
    assert [line for line in lines if "注意事項" in line or "解答方法" in line] == ["注意事項", "解答方法"]
    assert "枠で囲んだ番号は解答番号です。" in instructions[0][0]
    assert contents == [["大問", "問題", "配点"], ["第1問  基礎", "1～7", "19"], ["第2問  応用", "8～14", "19"]]


def test_an_english_cover_speaks_english():
    lines = paragraphs(printed(papers.english(), answers="booklet"))
    for words in ("Containers / Midterm", "Question booklet", "Student ID", "Name", "Instructions"):
        assert words in lines
    assert "1.\tDo not open this booklet until you are told to." not in lines
    assert "Answer every question." in lines
    assert "•\tWrite your answers in this booklet." in lines


@pytest.mark.parametrize(
    ("person", "wanted"),
    [
        (("name",), [["Name", "山田 花子"]]),
        (("class", "number", "name"), [["Class", "3B", "Student ID", "s001"], ["Name", "山田 花子"]]),
        (("number", "name"), [["Student ID", "s001", "Name", "山田 花子"]]),
    ],
)
def test_the_boxes_are_those_that_the_exam_asks_for_filled_from_the_roster(person, wanted):
    student = papers.Student("s001", "山田 花子", (("class", "3B"), ("room", "101")))
    shown_paper = replace(papers.english(), printing=Printing(person=person), student=student)
    data = documents(shown_paper)["student/s001/booklet.docx"]
    assert wanted in tables(data)
    beside = next(line for line in paragraphs(data) if line.startswith(("class", "room")))
    assert ("3B" in beside) == ("class" not in person)


def test_the_cover_alone_has_neither_head_nor_foot():
    data = printed(parts_of("基礎"))
    first = [shown(part(data, f"word/{name}2.xml")) for name in ("header", "footer")]
    later = [shown(part(data, f"word/{name}1.xml")) for name in ("header", "footer")]
    assert (first, later) == (["", ""], ["全形式の試験 【A】\t", "1 / 1"])
    assert shown(part(printed(parts_of("基礎"), cover=False), "word/footer2.xml")) == "1 / 1"
    assert sections_of(data) == [("", True)]


FIRST, SECOND = "基礎\t解答番号 1～8   （配点 19点）", "応用\t解答番号 9～16   （配点 19点）"


@pytest.mark.parametrize(
    ("look", "wanted"),
    [
        ({}, [FIRST]),
        ({"cover": False}, []),
        ({"sections": "page"}, [FIRST, SECOND]),
        ({"sections": "page", "cover": False}, [SECOND]),
        ({"sections": "right"}, [f"section {FIRST}", f"section {SECOND}"]),
        ({"sections": "right", "cover": False}, [f"section {SECOND}"]),
        ({"back_cover": True}, [FIRST, "section"]),
    ],
)
def test_sections_begin_where_the_exam_wants_them(look, wanted):
    assert breaks(printed(parts_of("基礎", "応用"), **look)) == wanted


def test_a_section_that_has_no_heading_begins_behind_the_cover_too():
    paper = parts_of("")
    assert breaks(printed(paper)) == [shown(styled(printed(paper), "Question")[0])]


def test_right_hand_pages_are_words_own_sections_counted_to_the_last_page():
    data = printed(parts_of("基礎", "応用"), sections="right", working=2, back_cover=True)
    assert sections_of(data) == [("", True), ("oddPage", False), ("oddPage", False), ("evenPage", True)]
    foot = part(data, "word/footer1.xml")
    assert [field.get(f"{W}instr").split() for field in foot.iter(f"{W}fldSimple")] == [
        ["PAGE"],
        ["PAGEREF", "_LastPage"],
    ]
    *_, last = part(data).iter(f"{W}p")
    assert last.find(f"{W}bookmarkStart").get(f"{W}name") == "_LastPage"
    assert paragraphs(data, "WorkingSpace") == ["計算用紙"] * 2


def test_facing_pages_are_mirrored():
    assert part(printed(parts_of("基礎")), "word/settings.xml").find(f"{W}mirrorMargins") is not None


@pytest.mark.parametrize(
    ("size", "page", "margins"),
    [("A4", (210, 297), (22, 18)), ("B5", (182, 257), (18, 14)), ("Letter", (215.9, 279.4), (24, 20))],
)
def test_the_page_is_as_large_as_the_paper_and_what_is_as_wide_as_the_text_stays_so(size, page, margins):
    data = printed(parts_of("基礎", "応用"), size=size)
    section = docx.Document(BytesIO(data)).sections[0]
    assert (section.page_width.mm, section.page_height.mm) == pytest.approx(page, abs=0.1)
    assert (section.left_margin.mm, section.right_margin.mm) == pytest.approx(margins, abs=0.1)
    room = round((page[0] - sum(margins)) * MM)
    widths = [[int(c.get(f"{W}w")) for c in table.iter(f"{W}gridCol")] for table in part(data).iter(f"{W}tbl")]
    indents = [int(found.get(f"{W}w")) for found in part(data).iter(f"{W}tblInd")]
    assert {sum(width) + indent for width, indent in zip(widths, indents, strict=True)} <= set(
        range(room - 4, room + 4)
    )
    (right,) = [
        stop.get(f"{W}pos")
        for style in part(data, "word/styles.xml").iter(f"{W}style")
        for stop in style.iter(f"{W}tab")
        if style.get(f"{W}styleId") == "Header"
    ]
    assert int(right) == pytest.approx(room, abs=3)


def test_a_page_that_an_instructor_has_set_in_word_is_kept(tmp_path):
    document = docx.Document(shipped() / "booklet.docx")
    document.sections[0].page_width, document.sections[0].page_height = docx.shared.Mm(200), docx.shared.Mm(250)
    document.save(tmp_path / "booklet.docx")
    section = docx.Document(BytesIO(printed(parts_of("基礎"), Templates(tmp_path)))).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (200, 250)


def test_a_title_that_says_its_number_is_not_numbered_twice():
    data = printed(parts_of("第1問 基礎", "応用"), cover=False, answer_numbers=False)
    assert [line.split("\t")[0].split() for line in paragraphs(data, "Heading1")] == [
        ["第1問", "基礎"],
        ["第2問", "応用"],
    ]
    alone = printed(parts_of("第1問 基礎"), cover=False, answer_numbers=False)
    assert paragraphs(alone, "Heading1") == ["第1問 基礎\t（配点 19点）"]


def test_questions_are_numbered_by_word_and_nothing_else_is():
    paper = papers.every_kind("ja")
    stem = (papers.paragraph("一"), papers.paragraph("二"), papers.code("", "x"))
    question = replace(paper.sections[0].groups[0].questions[0], text=stem)
    sections = papers.paper(question, replace(question, number=2)).sections
    data = printed(replace(paper, sections=sections))
    labels = [label for label, found in numbered(data) if shown(found).strip()[-1:] in {"一", "二"}]
    assert labels == ["問1\t", "", "問2\t", ""]


def test_where_the_answers_are_marked_a_booklet_has_their_numbers_and_no_lines():
    paper = papers.every_kind("ja")
    data = printed(paper)
    assert [paragraphs(data, style) for style in ("AnswerLine", "WritingLine")] == [[], []]
    boxes = [
        shown(run)
        for run in part(data).iter(f"{W}r")
        if run.find(f"{W}rPr/{W}rStyle[@{W}val='AnswerNumber']") is not None
    ]
    assert [box.strip() for box in boxes] == ["1", "5", "6", "7", "8"]
    notes = [re.findall("【[^】]*】", line) for line in paragraphs(data, "Question")]
    number = ["【記述】", "【数値】", "【単位：CPU】"]
    assert [said for said in notes if said] == [["【記述】"], number, ["【解答用紙に6行】"], ["【(1) (3) は記述】"]]
    stems = next(table for table in tables(data) if len(table[0]) == 4 and table[0][3] == "Pod")
    assert [row[1] for row in stems] == ["2", "3", "4"]


def test_the_digits_of_a_number_are_boxes_with_their_rows():
    blank = papers.Blank(("42",), tolerance=papers.Decimal(0), unit="mm", digits=2)
    data = printed(papers.paper(papers.question(1, blank)))
    (line,) = paragraphs(data, "OrderLine")
    assert line.split() == ["Answer:", "1", "2", "mm"]


def test_where_the_booklet_is_answered_there_is_room_for_it():
    data = printed(papers.every_kind("en"), answers="booklet", answer_numbers=False)
    assert len(paragraphs(data, "WritingLine")) == 4
    boxes = [line.removeprefix("Answer:").split("→") for line in paragraphs(data, "OrderLine")]
    assert [[len(box.strip(" ")) for box in line] for line in boxes] == [[12], [5, 5, 5]]
    lines = [line for line in paragraphs(data, "AnswerLine") if line.startswith("Answer")]
    assert lines == ["Answer: \t ", "Answer: \t mm"]


def test_a_sheet_of_boxes_has_one_for_each_question_and_comes_only_where_it_is_wanted():
    paper = papers.every_kind("ja")
    boxed = documents(replace(paper, printing=Printing(answers="boxes", answer_numbers=False)))
    answers = tables(boxed[SHEET])[-1]
    assert [row[0] for row in answers] == ["番号", *"1234567", "合計"]
    assert [row[-1] for row in answers] == ["得点", "／1", "／2", "／2", "／3", "／3", "／5", "／3", "／19"]
    assert len(styled(boxed[SHEET], "WritingLine")) == 6
    assert answers[3][1] == "\tCPU"
    for answers_in in ("marks", "booklet"):
        assert SHEET not in documents(replace(paper, printing=Printing(answers=answers_in)))


def plain_choice(columns: int, *texts: object) -> Choice:
    options = papers.options("en", "a", {chr(97 + at): text for at, text in enumerate(texts)})
    return Choice(options, many=False, columns=columns)


def asked(response: object) -> Paper:
    return replace(papers.paper(papers.question(1, response)), pictures=papers.PICTURES)


@pytest.mark.parametrize(("columns", "counts"), [(0, [4]), (1, [1, 1, 1, 1]), (2, [2, 2]), (3, [3, 1]), (4, [4])])
def test_an_author_says_how_many_choices_share_a_line(columns, counts):
    data = printed(asked(plain_choice(columns, *(papers.text("one") for _ in range(4)))))
    assert [line.count("\t") // 2 + 1 for line in paragraphs(data, "Choice")] == counts


def test_choices_that_need_more_than_a_line_stand_side_by_side_in_a_table():
    long = papers.text("as many as forty letters and even more of them, on several lines")
    photo = papers.text(Image(papers.PHOTO.name, "a photo", Width(100, "%")))
    data = printed(asked(plain_choice(2, long, photo, (papers.code("", "x"),))), cover=False)
    table = tables(data)[-1]
    assert [[cell[:4] for cell in row] for row in table] == [["A\tas", "B\t"], ["C\tx", ""]]
    (extent,) = part(data).iter(f"{WP}extent")
    cell = (9638 - 567) // 2
    assert int(extent.get("cx")) / 635 <= cell - 454
    shapes = [p.find(f"{W}pPr/{W}ind") for p in styled(data, "Choice")]
    assert {(shape.get(f"{W}left"), shape.get(f"{W}hanging")) for shape in shapes} == {("454", "454")}


def test_the_choices_of_a_gap_may_stand_in_a_table_within_its_row():
    long = papers.text("as many as forty letters and even more of them, on several lines")
    data = printed(asked(Cloze((Gap("(1)", plain_choice(2, long, long)),))), cover=False)
    cell = next(table for table in part(data).iter(f"{W}tc") if table.find(f"{W}tbl") is not None)
    assert cell[-1].tag == f"{W}p"
    assert [len(row) for row in rows(cell.find(f"{W}tbl"))] == [2]


def test_a_figure_has_its_number_and_caption_below_it_on_the_same_page():
    figure = Image(
        papers.DRAWING.name, "a circle", caption=papers.cell("A ", papers.Code("circle")), id="c", label="図1"
    )
    question = papers.question(1, plain_choice(0, papers.text("x")))
    text = (papers.paragraph("See ", Reference("c", "図1"), "."), papers.paragraph(figure))
    data = printed(replace(papers.paper(replace(question, text=text)), pictures=papers.PICTURES))
    body = styled(data)
    (picture,) = [found for found in body if found.find(f".//{WP}inline") is not None]
    caption = body[body.index(picture) + 1]
    assert picture.find(f"{W}pPr/{W}keepNext") is not None
    assert caption.find(f"{W}pPr/{W}pStyle").get(f"{W}val") == "Caption"
    assert shown(caption) == "図1\u2003A circle"
    assert paragraphs(data, "Question")[0].endswith("See 図1.")


def test_a_template_without_what_is_new_still_works(tmp_path):
    """A template from before covers and numbers: text is in its own styles, and nothing is lost."""
    data = BytesIO()
    with zipfile.ZipFile(shipped() / "booklet.docx") as source, zipfile.ZipFile(data, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/styles.xml":
                root = etree.fromstring(content)
                for style in [found for found in root if found.get(f"{W}styleId") in {"Caption", "Figure"}]:
                    root.remove(style)
                content = etree.tostring(root)
            target.writestr(name, content)
    (tmp_path / "booklet.docx").write_bytes(data.getvalue())
    figure = Image(papers.DRAWING.name, "a circle", caption=papers.cell("round"), label="図1")
    question = replace(papers.question(1, plain_choice(0, papers.text("x"))), text=papers.text(figure))
    paper = replace(papers.paper(question), pictures=papers.PICTURES)
    assert "図1\u2003round" in paragraphs(printed(paper, Templates(tmp_path)))
