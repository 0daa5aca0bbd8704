"""The printed answer sheet against its geometry, measured on the picture; and its codes, read back from a bad scan."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from papers import every_kind, paper, plain_choice, question
from quizgen.paper import Blank, Lines, Paper, Student
from quizgen.paper.printing import Printing
from quizgen.templates import Templates
from quizgen.writers import pdf
from quizgen.writers.pdf.press import Press
from quizgen.writers.pdf.sheet import asked, digest, layout_json, sheet

MM = 25.4
FINE, SCAN = 600, 200  # dots per inch
TOLERANCE = 0.1


def hundred() -> Paper:
    marked = [question(at, plain_choice(1, 7)) for at in range(1, 99)]
    return paper(*marked, question(99, Blank(("1",), digits=2)), language="ja")


def mixed() -> Paper:
    questions = (question(at, plain_choice(1, 3)) for at in range(1, 31))
    longer = paper(*questions, question(31, Lines(4)), question(32, Blank(("a",), unit="cm")))
    return replace(longer, language="en", student=Student("20261234", "Ann Lee"))


SHEETS: dict[str, Paper] = {
    "hundred": replace(hundred(), printing=Printing(person=("class", "seat", "number", "name"))),
    "mixed": replace(mixed(), printing=Printing(size="Letter", answer_sheets="student", answer_numbers=False)),
    "boxes": replace(every_kind("ja"), printing=Printing(size="B5", answers="boxes")),
}


@cache
def printed(name: str) -> bytes:
    return Press(Templates(), {}).pdf(pdf.answer_sheet_html(SHEETS[name], Templates()))


@cache
def told(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(layout_json(sheet(asked(SHEETS[name].without_key()))))
    return found


@cache
def picture(name: str, dots: int) -> Image.Image:
    document = pypdfium2.PdfDocument(printed(name))
    assert len(document) == len(told(name)["pages"])
    found: Image.Image = document[0].render(scale=dots / 72, grayscale=True).to_pil().convert("L")
    return found


def darkness(image: Image.Image, box: Sequence[float], below: int = 200) -> tuple[float, float, float, float]:
    """Where the dark lies inside a box (left, top, right, bottom), all in millimetres."""
    scale = FINE / MM
    left, top, right, bottom = (round(value * scale) for value in box)
    found = image.crop((left, top, right, bottom)).point(lambda value: 255 * (value < below)).getbbox()
    assert found, box
    x, y, far, low = found
    return (left + x) / scale, (top + y) / scale, (left + far) / scale, (top + low) / scale


def bubbles(page: dict[str, Any]) -> Iterator[tuple[str, float, float]]:
    for column in page.get("number", {}).get("columns", []):
        yield from column
    for row in page["rows"]:
        yield from row["bubbles"]


@pytest.mark.parametrize("name", ["hundred", "mixed"])
def test_every_bubble_is_drawn_where_the_layout_says(name: str) -> None:
    width, height = told(name)["bubble"]
    found = list(bubbles(told(name)["pages"][0]))
    assert len(found) > 100
    for _, x, y in found:
        window = x - width / 2 - 0.4, y - height / 2 - 0.4, x + width / 2 + 0.4, y + height / 2 + 0.4
        left, top, right, bottom = darkness(picture(name, FINE), window)
        assert (left + right) / 2 == pytest.approx(x, abs=TOLERANCE)
        assert (top + bottom) / 2 == pytest.approx(y, abs=TOLERANCE)
        assert right - left == pytest.approx(width + 0.2, abs=TOLERANCE)


@pytest.mark.parametrize("name", SHEETS)
def test_every_code_is_drawn_where_the_layout_says(name: str) -> None:
    page = told(name)["pages"][0]
    for x, y, width, height in (*page["corners"], page["code"]):
        found = darkness(picture(name, FINE), (x - 0.8, y - 0.8, x + width + 0.8, y + height + 0.8), 128)
        assert found == pytest.approx((x, y, x + width, y + height), abs=TOLERANCE)


def frames(page: dict[str, Any]) -> Iterator[Sequence[float]]:
    yield from page["person"].values()
    yield from (field["score"] for field in page["boxes"])
    # Behind a box with a unit there is no line.
    yield from (box for field in page["boxes"] if field["question"] not in {3, 32} for box in field["boxes"])
    yield from ([page["number"]["box"]] if "number" in page else [])
    yield from ([page["total"]] if "total" in page else [])


@pytest.mark.parametrize("name", SHEETS)
def test_every_box_has_its_lines_where_the_layout_says(name: str) -> None:
    image, near, start, end = picture(name, FINE), 0.35, 1, 1.6
    for x, y, width, height in frames(told(name)["pages"][0]):
        for edge in (x, x + width):
            left, _, right, _ = darkness(image, (edge - near, y + start, edge + near, y + end), 175)
            assert (left + right) / 2 == pytest.approx(edge, abs=TOLERANCE)
        for edge in (y, y + height):
            _, top, _, bottom = darkness(image, (x + start, edge - near, x + end, edge + near), 175)
            assert (top + bottom) / 2 == pytest.approx(edge, abs=TOLERANCE)


def test_a_known_student_number_is_filled_in_and_nothing_else() -> None:
    image = picture("mixed", FINE)
    filled = ""
    for label, x, y in bubbles(told("mixed")["pages"][0]):
        centre = image.crop(tuple(round(value * FINE / MM) for value in (x - 1, y - 1.4, x + 1, y + 1.4)))
        if sum(centre.histogram()[:128]) > 0.9 * centre.width * centre.height:
            filled += label
    assert filled == "20261234"


# A bad scan


def turned(image: Image.Image) -> Image.Image:
    return image.rotate(3, Image.Resampling.BICUBIC, fillcolor=255)


def blurred(image: Image.Image) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(1.4))


def upside_down(image: Image.Image) -> Image.Image:
    return image.rotate(180)


def pale_and_turned(image: Image.Image) -> Image.Image:
    return blurred(image.rotate(-3, Image.Resampling.BICUBIC, fillcolor=255)).point(lambda value: 90 + value // 2)


@pytest.mark.parametrize("name", SHEETS)
@pytest.mark.parametrize("scan", [Image.Image.copy, turned, blurred, upside_down, pale_and_turned])
def test_all_codes_are_read_back_from_a_scan(name: str, scan: Callable[[Image.Image], Image.Image]) -> None:
    layout = layout_json(sheet(asked(SHEETS[name].without_key())))
    serial, exam = told(name)["serial"], told(name)["exam"]
    found = zxingcpp.read_barcodes(scan(picture(name, SCAN)))
    assert sorted(code.text for code in found) == sorted(
        [f"QZ1:{exam}:{serial}:1:{digest(layout)}", *(f"{serial}1{corner}" for corner in range(1, 5))]
    )


# The words


def text_of(name: str) -> str:
    page = pypdfium2.PdfDocument(printed(name))[0]
    found: str = page.get_textpage().get_text_bounded()
    return found


def test_the_sheet_says_the_serial_and_the_students_name_in_print() -> None:
    serial = told("mixed")["serial"]
    text = text_of("mixed")
    assert f"{serial[:3]}-{serial[3:6]}-{serial[6:]}" in text
    assert "Ann Lee" in text
    assert "解答用紙" in text_of("boxes")


@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_what_the_student_is_told_ends_above_the_rows(size: Any) -> None:
    asked_for = question(1, plain_choice(2, 2)), question(2, plain_choice(1, 2, many=False)), question(3, Lines(2))
    printing = Printing(size=size, answer_sheets="generic", person=("class", "seat", "name"))
    most = replace(paper(*asked_for), language="en", printing=printing)
    variants = [replace(most, variant=name) for name in "ABCDEFGHIJKLMNOP"]
    files = {file.path.name: file.data for file in pdf.together(variants, Templates())}
    layout = json.loads(files["layout.json"])["pages"][0]
    page = pypdfium2.PdfDocument(files["answer-sheet.pdf"])[0]
    words = page.get_textpage()
    last = words.search("Write inside the frames").get_next()
    assert last
    bottoms = [page.get_height() - words.get_charbox(last[0] + at)[1] for at in range(last[1])]
    first_row = layout["rows"][0]["bubbles"][0][2] - 3.6 - 4
    assert max(bottoms) * MM / 72 < first_row
    assert [label for label, _, _ in layout["variant"]["bubbles"]] == list("ABCDEFGHIJKLMNOP")


# Which files there are


def files_of(**printing: Any) -> set[str]:
    one = replace(paper(question(1, plain_choice(1, 2)), language="en"), printing=Printing(cover=False, **printing))
    return {str(file.path) for file in (*pdf.write([one], Templates()), *pdf.together([one], Templates()))}


@pytest.mark.parametrize(
    ("printing", "expected"),
    [
        ({}, {"student/A/answer-sheet.pdf", "student/A/layout.json"}),
        ({"answer_sheets": "generic"}, {"student/answer-sheet.pdf", "student/layout.json"}),
        ({"answers": "booklet"}, set()),
    ],
)
def test_a_sheet_lies_with_its_paper_or_once_for_all_or_nowhere(printing: Any, expected: set[str]) -> None:
    found = files_of(**printing)
    assert {name for name in found if "answer-sheet" in name or "layout" in name} == expected
