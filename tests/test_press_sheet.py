"""Answer sheets from the press: the same pages as laid out by themselves, with one student's data and no other's."""

from __future__ import annotations

import pickle
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageChops

from papers import every_kind, paper, plain_choice, question
from quizgen.paper import Blank, Lines, Paper, Student
from quizgen.paper.printing import Printing
from quizgen.press import vector
from quizgen.press.measure import UnpressableError
from quizgen.press.proof import difference
from quizgen.templates import Templates, shipped
from quizgen.writers.pdf.documents import answer_sheet, answer_sheet_html
from quizgen.writers.pdf.press import Press
from quizgen.writers.pdf.pressed_sheet import PressedSheet, prepare, shape, sheet_files
from quizgen.writers.pdf.sheet import asked, digest, layout_json
from structure import faults, kinds, languages

OURS = Templates()


def of(number: str, name: str, school_class: str = "3B", seat: str = "12") -> Student:
    return Student(number, name, (("class", school_class), ("seat", seat)))


STUDENTS = (
    of("20240012", "髙﨑 𠮷太郎"),
    of("20240013", "山田 花子", "1A", "3"),
    of("7", "Al  O'Brien & Söhne", "", "4"),
)
LETTERED = (of("s-012x", "髙﨑 𠮷太郎"), of("s-013y", "山田 花子"))
PRINTINGS: dict[str, Printing] = {
    "marks": Printing(answer_sheets="student", person=("class", "seat", "name")),
    "letter": Printing(answer_sheets="student", size="Letter", answer_numbers=False),
    "boxes": Printing(answer_sheets="student", answers="boxes", person=("class", "seat", "number", "name")),
    "variant": Printing(answer_sheets="variant"),
}


def many_rows() -> Paper:
    return paper(*(question(number, plain_choice(1, 7, many=False)) for number in range(1, 121)))


def for_student(exam: Paper, student: Student, look: str = "marks") -> Paper:
    return replace(exam, student=student, printing=PRINTINGS[look])


def exam(name: str) -> Paper:
    return many_rows() if name == "rows" else every_kind("ja" if name == "ja" else "en")


@cache
def pressed(name: str, look: str, students: Sequence[Student] = STUDENTS) -> PressedSheet:
    return prepare(for_student(exam(name), students[0], look), students, OURS)


@cache
def both(name: str, look: str, student: Student, students: Sequence[Student] = STUDENTS) -> tuple[bytes, bytes]:
    """A sheet from the press, and as laid out by itself."""
    made = for_student(exam(name), student, look)
    plain = Press(OURS, {}, made.printing.size).pdf(answer_sheet_html(made, OURS))
    return sheet_files(pressed(name, look, students), made).pdf, plain


def pictures(data: bytes, dots: int) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(data)
    return [document[at].render(scale=dots / 72).to_pil().convert("L") for at in range(len(document))]


def objects(data: bytes) -> bytes:
    """All that a file holds, unpacked."""
    with pikepdf.open(BytesIO(data)) as pdf:
        return b"\n".join(
            one.read_bytes() if isinstance(one, pikepdf.Stream) else one.unparse(resolved=True) for one in pdf.objects
        )


SHEETS = [
    *(
        pytest.param(name, "marks", student, STUDENTS, id=f"{name}-{student.id}")
        for name in ("ja",)
        for student in STUDENTS[:2]
    ),
    pytest.param("en", "letter", STUDENTS[0], STUDENTS, id="en-letter"),
    pytest.param("en", "boxes", STUDENTS[1], STUDENTS, id="en-boxes"),
    pytest.param("ja", "boxes", STUDENTS[0], STUDENTS, id="ja-boxes"),
    pytest.param("ja", "variant", STUDENTS[0], STUDENTS, id="variant"),
    pytest.param("rows", "marks", STUDENTS[1], STUDENTS, id="several-pages"),
    pytest.param("ja", "marks", LETTERED[1], LETTERED, id="lettered-ids"),
]


@pytest.mark.parametrize(("name", "look", "student", "students"), SHEETS)
def test_a_pressed_sheet_looks_like_a_plain_one(name: str, look: str, student: Student, students: Any) -> None:
    found, wanted = both(name, look, student, students)
    assert difference(found, wanted) == ""
    for one, other in zip(pictures(found, 100), pictures(wanted, 100), strict=True):
        unlike = ImageChops.difference(one, other).point(lambda grey: 255 * (grey > 96)).histogram()[255]
        assert unlike < 60


@pytest.mark.parametrize(("name", "look", "student", "students"), SHEETS)
def test_a_pressed_sheet_is_as_accessible_as_a_plain_one(name: str, look: str, student: Student, students: Any) -> None:
    found, wanted = both(name, look, student, students)
    assert not faults(found)
    assert kinds(found) == kinds(wanted)
    assert languages(found) == languages(wanted)
    with pikepdf.open(BytesIO(found)) as one, pikepdf.open(BytesIO(wanted)) as other:
        assert one.docinfo["/Title"] == other.docinfo["/Title"]
        assert one.Root.Metadata.read_bytes() == other.Root.Metadata.read_bytes()
        assert not one.check_pdf_syntax()


@pytest.mark.parametrize("look", ["marks", "boxes"])
def test_the_codes_of_a_pressed_sheet_are_read_back(look: str) -> None:
    made = for_student(every_kind("ja"), STUDENTS[1], look)
    layout = layout_json(answer_sheet(made))
    serial = asked(made).serial
    for number, picture in enumerate(pictures(both("ja", look, STUDENTS[1])[0], 200), start=1):
        found = {code.text for code in zxingcpp.read_barcodes(picture)}
        corners = {f"{serial}{number}{corner}" for corner in range(1, 5)}
        assert found == {*corners, f"QZ1:{made.id}:{serial}:{number}:{digest(layout)}"}


@pytest.mark.parametrize(("name", "look"), [("ja", "marks"), ("en", "boxes"), ("rows", "marks"), ("en", "variant")])
def test_the_layout_is_the_plain_one(name: str, look: str) -> None:
    made = for_student(exam(name), STUDENTS[0], look)
    assert sheet_files(pressed(name, look), made).layout == layout_json(answer_sheet(made))


def test_a_file_holds_the_data_of_one_student_alone() -> None:
    found = objects(both("ja", "boxes", STUDENTS[0])[0])
    said = pypdfium2.PdfDocument(both("ja", "boxes", STUDENTS[0])[0])[0].get_textpage().get_text_range()
    assert "髙﨑" in said
    assert "20240012" in said
    for other in ("山田", "花子", "20240013", "4444", "MMMM", "QQQQ"):
        assert other not in said
        assert other.encode() not in found
        assert other.encode("utf-16-be").hex().encode() not in found


def test_a_font_is_in_those_files_alone_that_need_it() -> None:
    fonts = [set(re.findall(rb"\+([\w-]+)", objects(both("ja", "marks", one)[0]))) for one in STUDENTS[:2]]
    assert fonts[1] < fonts[0]


def test_a_missing_value_leaves_its_box_empty() -> None:
    made = for_student(every_kind("ja"), STUDENTS[2])
    own = prepare(made, STUDENTS, OURS)
    plain = Press(OURS, {}, "A4").pdf(answer_sheet_html(made, OURS))
    assert difference(sheet_files(own, made).pdf, plain) == ""


def test_the_same_sheet_has_the_same_bytes_also_from_a_pickled_press() -> None:
    made = for_student(every_kind("ja"), STUDENTS[0])
    again = pickle.loads(pickle.dumps(prepare(for_student(every_kind("ja"), STUDENTS[1]), STUDENTS, OURS)))
    assert sheet_files(again, made).pdf == both("ja", "marks", STUDENTS[0])[0]


def test_variants_with_other_rows_share_a_press() -> None:
    other = for_student(
        paper(*(question(at, plain_choice(1, 2)) for at in range(1, 9)), question(9, Lines(3))), STUDENTS[1]
    )
    first = for_student(
        paper(*(question(at, plain_choice(1, 6)) for at in range(1, 41)), question(41, Lines(5))), STUDENTS[0]
    )
    assert shape(first, OURS) == shape(other, OURS)
    plain = Press(OURS, {}, "A4").pdf(answer_sheet_html(other, OURS))
    assert difference(sheet_files(prepare(first, STUDENTS, OURS), other).pdf, plain) == ""


def test_letters_of_boxes_are_taken_from_all_questions() -> None:
    first, other = (
        for_student(paper(question(1, Blank(("1",), unit=unit))), STUDENTS[1], "boxes") for unit in ("個", "粒")
    )
    with pytest.raises(UnpressableError, match="粒 was not laid out"):
        sheet_files(prepare(first, STUDENTS, OURS), other)
    found = sheet_files(prepare(first, STUDENTS, OURS, other), other).pdf
    assert "粒" in pypdfium2.PdfDocument(found)[0].get_textpage().get_text_range()


@pytest.mark.parametrize(
    ("student", "reason"),
    [
        (of("1", "寿限無" * 6), "longer"),
        (of("1", "鷗外"), "not laid out"),
        (of("1", "葛󠄀城"), "depend on each other"),
        (of("x1", "山田"), "other words"),
        (of("1", "山田", ""), "other words"),
    ],
)
def test_what_cannot_be_filled_in_is_left_to_the_plain_path(student: Student, reason: str) -> None:
    with pytest.raises(UnpressableError, match=reason):
        sheet_files(pressed("ja", "marks"), for_student(every_kind("ja"), student))


def project(folder: Path, old: str, new: str) -> Templates:
    text = (shipped() / "answer-sheet.html").read_text(encoding="utf-8")
    assert old in text
    (folder / "answer-sheet.html").write_text(text.replace(old, new), encoding="utf-8")
    return Templates(folder)


def test_a_projects_own_sheet_is_pressed_as_it_is(tmp_path: Path) -> None:
    own = project(
        tmp_path, "<h1>", '<p class="document" style="white-space: nowrap">for {{ paper.student.name }} only</p><h1>'
    )
    made = for_student(every_kind("en"), STUDENTS[1])
    plain = Press(own, {}, "A4").pdf(answer_sheet_html(made, own))
    assert (
        difference(sheet_files(prepare(for_student(every_kind("en"), STUDENTS[0]), STUDENTS, own), made).pdf, plain)
        == ""
    )


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("{{ drawings[loop.index0] }}", "", "no drawing"),
        ("<h1>", '<h1><a href="https://example.org">x</a>', "links"),
        ("<h1>", "<h1>{% if paper.student.name | length > 20 %}<b>!</b>{% endif %}", "more than their words"),
    ],
)
def test_a_projects_sheet_that_cannot_be_pressed_is_refused(tmp_path: Path, old: str, new: str, reason: str) -> None:
    own = project(tmp_path, old, new)
    with pytest.raises(UnpressableError, match=reason):
        prepare(for_student(every_kind("en"), STUDENTS[0]), STUDENTS, own)


def test_a_path_of_another_kind_is_not_drawn_as_something_else() -> None:
    assert vector.drawn("M1 2h3v4h-3zM5 6h7", "S") == "1 2 3 4 re\n5 6 m 12 6 l\nS\n"
    with pytest.raises(ValueError, match="another kind"):
        vector.drawn("M1 2h3v4h-3zM5 6l7 8", "S")
