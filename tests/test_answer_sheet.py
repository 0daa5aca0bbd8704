"""The answer sheet's geometry: every question has its bubbles or boxes, on the page, apart from each other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest

from papers import STUDENT, every_kind, matching, ordering, paper, plain_choice, question, text
from quizgen.assemble import Slot
from quizgen.build.manifest import entry
from quizgen.language import GAP_LABELS
from quizgen.paper import Blank, Cloze, Gap, Lines, Paper, Response, Student, rows
from quizgen.paper.printing import Printing
from quizgen.paper.serial import ALPHABET, serial, shown, typed
from quizgen.problems import QuizgenError
from quizgen.writers.pdf.sheet import Sheet, asked, differences, digest, layout_json, sheet, united
from quizgen.writers.pdf.sheet.codes import corner_text, page_text, qr_side
from quizgen.writers.pdf.sheet.drawing import frames, letters, outline, ruled
from quizgen.writers.pdf.sheet.geometry import Box, Bubble, Field, Page
from quizgen.writers.pdf.sheet.measures import MEASURES, Measures

A4 = MEASURES["A4"]
HAIR = 0.02


def exam(questions: int, choices: int = 6, **printing: Any) -> Paper:
    asked = (question(number, plain_choice(1, choices - 1)) for number in range(1, questions + 1))
    return replace(paper(*asked), printing=Printing(**printing))


def made(paper: Paper) -> Sheet:
    return sheet(asked(paper.without_key()))


def written(*responses: Response, **printing: Any) -> Sheet:
    asked = (question(number, response) for number, response in enumerate(responses, 1))
    return made(replace(paper(*asked), printing=Printing(**printing)))


def fields(sheet: Sheet) -> list[Field]:
    return [field for page in sheet.pages for field in page.fields]


def gaps(count: int, every: int = 1) -> Cloze:
    """Gaps to write in, and every so many one to choose in."""
    return Cloze(
        tuple(
            Gap(label, plain_choice(1, 3, many=False) if at % every else Blank(("a",)))
            for at, label in enumerate(GAP_LABELS[:count])
        )
    )


def most_stems() -> Response:
    sides = tuple(text(f"side {at}") for at in range(26))
    return matching("en", {f"stem {at}": side for at, side in enumerate(sides)}, sides)


def most_items() -> Response:
    return ordering("en", *((text(f"item {at}"), at + 1) for at in range(26)))


# Rows and pages


@pytest.mark.parametrize(
    ("questions", "choices", "size", "pages"),
    [
        *((1, 4, "A4", 1), (100, 8, "A4", 1), (101, 8, "A4", 2), (100, 16, "A4", 2), (250, 5, "A4", 2)),
        *((100, 8, "Letter", 1), (100, 16, "Letter", 2), (60, 4, "B5", 1)),
    ],
)
def test_a_page_holds_a_hundred_questions_of_eight_choices(questions: int, choices: int, size: str, pages: int) -> None:
    assert len(made(exam(questions, choices, size=size)).pages) == pages


@pytest.mark.parametrize("choices", [2, 4, 8, 13, 16])
def test_every_row_has_its_bubbles_in_order(choices: int) -> None:
    asked_for = rows(exam(60, choices))
    lines = [line for page in made(exam(60, choices)).pages for line in page.lines]
    assert [line.row for line in lines] == list(asked_for)
    assert all(tuple(bubble.label for bubble in line.bubbles) == line.row.symbols for line in lines)
    assert all(line.label == str(line.row.number) for line in lines)


def test_without_answer_numbers_a_row_has_the_number_of_its_question() -> None:
    found = made(replace(every_kind("en"), printing=Printing(answer_numbers=False)))
    labels = [line.label for page in found.pages for line in page.lines]
    assert labels == ["1", "4(1)", "4(2)", "4(3)", "5(1)", "5(2)", "5(3)", "7(1)"]


def test_a_page_that_has_room_is_set_more_loosely() -> None:
    few, many = (made(exam(count, 8)).pages[0].lines[0].bubbles for count in (20, 100))
    assert few[1].x - few[0].x == pytest.approx(A4.pitches[0])
    assert many[1].x - many[0].x == pytest.approx(5.3, abs=0.11)


def test_columns_are_filled_in_whole_blocks() -> None:
    (page,) = made(exam(30)).pages
    assert [line.row.number for line in page.lines if line.y == page.lines[0].y] == [1, 11, 21]


# Nothing touches anything else

CROWDED: dict[str, Paper] = {
    "words": paper(*(question(at, Blank(("a",), unit="個" * (at % 21))) for at in range(1, 57))),
    "texts": paper(*(question(at, Lines(count)) for at, count in enumerate((1, 2, 5, 12, 19, 25, 60, 3), 1))),
    "gaps": paper(
        *(question(at, one) for at, one in enumerate((most_stems(), most_items(), gaps(26), gaps(26, 3), gaps(5)), 1))
    ),
    "both": paper(
        *(question(at, plain_choice(1, 3)) for at in range(1, 100)),
        *(question(100 + at, one) for at, one in enumerate((Lines(4), Blank(("a",)), gaps(3, 2), most_items()))),
    ),
    "signs": paper(*(question(at, Blank(("1",), digits=at)) for at in range(1, 13)), question(13, plain_choice(1, 25))),
}
LOOKS = {
    "A4": Printing(),
    "Letter": Printing(size="Letter", answer_numbers=False),
    "known": Printing(answer_sheets="student", person=("class", "seat", "name")),
    "boxes": Printing(answers="boxes", person=("class", "seat", "number", "name")),
    "letter-boxes": Printing(size="Letter", answers="boxes"),
}


def sheets() -> Iterator[Any]:
    for (name, crowded), (look, printing) in product(CROWDED.items(), LOOKS.items()):
        yield pytest.param(made(replace(crowded, printing=printing, student=STUDENT)), id=f"{name}-{look}")


SHEETS = list(sheets())


def around(box: Box, room: float) -> Box:
    return Box(box.x - room, box.y - room, box.width + 2 * room, box.height + 2 * room)


def about(bubble: Bubble, measures: Measures) -> Box:
    width, height = measures.bubble_width, measures.bubble_height
    return Box(bubble.x - width / 2, bubble.y - height / 2, width, height)


def areas(page: Page, measures: Measures) -> list[Box]:
    """All that has a place of its own on a page; codes with the white that they need."""
    head = page.head
    optional = [box for box in (head.number, head.variant, head.total) if box]
    return [
        *(around(corner, measures.corner / 16) for corner in page.corners),
        around(head.page_code, 4 * measures.module),
        head.title,
        *optional,
        *(box for _, box in head.person),
        *(about(bubble, measures) for column in head.digits for bubble in column),
        *(block.frame for block in page.blocks),
        *(field.frame for field in page.fields),
    ]


def apart(one: Box, other: Box) -> bool:
    beside = one.x + one.width <= other.x + HAIR or other.x + other.width <= one.x + HAIR
    return beside or one.y + one.height <= other.y + HAIR or other.y + other.height <= one.y + HAIR


def inside(one: Box, other: Box) -> bool:
    across = other.x - HAIR <= one.x and one.x + one.width <= other.x + other.width + HAIR
    return across and other.y - HAIR <= one.y and one.y + one.height <= other.y + other.height + HAIR


@pytest.mark.parametrize("sheet", SHEETS)
def test_everything_lies_on_its_page_and_apart_from_all_else(sheet: Sheet) -> None:
    measures = sheet.measures
    room = around(Box(0, 0, measures.width, measures.height), -measures.margin)
    for page in sheet.pages:
        found = areas(page, measures)
        assert [area for area in found if not inside(area, room)] == []
        assert [pair for pair in combinations(found, 2) if not apart(*pair)] == []


@pytest.mark.parametrize("sheet", SHEETS)
def test_bubbles_and_boxes_lie_in_their_frames_apart_from_each_other(sheet: Sheet) -> None:
    for page in sheet.pages:
        for block in page.blocks:
            bubbles = [about(bubble, sheet.measures) for line in block.lines for bubble in line.bubbles]
            cells = [Box(line.x, line.y, line.end - line.x, 0) for line in block.lines]
            assert all(inside(bubble, block.frame) for bubble in bubbles)
            assert all(apart(*pair) for pair in combinations([*bubbles, *cells], 2))
        for field in page.fields:
            boxes = [*field.boxes, *([field.score] if field.score else [])]
            assert all(inside(box, field.frame) for box in boxes)
            assert all(apart(*pair) for pair in combinations(boxes, 2))


def length(words: str) -> float:
    return sum(A4.letter_width * (1 if letter.isascii() else 2) for letter in words)


@pytest.mark.parametrize("sheet", SHEETS)
def test_words_beside_boxes_and_numbers_of_rows_have_room(sheet: Sheet) -> None:
    for field in fields(sheet):
        following = [*field.boxes[1:], *([field.score] if field.score else [])]
        for box, other in zip(field.boxes, following, strict=False):
            end = box.x + box.width + length(box.after)
            assert other.y > box.y or end <= other.x - length(other.before)
        assert length(field.label) <= A4.number
    lines = [line for page in sheet.pages for line in page.lines]
    assert all(length(line.label) + A4.star * line.row.many + 0.5 < line.end - line.x for line in lines)


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_question_is_on_the_sheet_in_order(sheet: Sheet) -> None:
    numbers = [field.question for field in fields(sheet)]
    assert numbers == sorted(numbers)
    marked = {line.row.question for page in sheet.pages for line in page.lines}
    found = marked | set(numbers)
    assert found == set(range(1, len(found) + 1))


# Boxes


def test_every_kind_has_what_its_answer_needs_in_writing() -> None:
    found = made(replace(every_kind("ja"), printing=Printing(answers="boxes")))
    words = {field.label: [(box.before, box.after) for box in field.boxes] for field in fields(found)}
    assert words == {
        "問1": [("", "")],
        "問2": [("", "")],
        "問3": [("", "CPU")],
        "問4": [("(1)", ""), ("(2)", ""), ("(3)", "")],
        "問5": [("", ""), ("→", ""), ("→", "")],
        "問6": [("", "")],
        "問7": [("(1)", ""), ("(2)", ""), ("(3)", "")],
    }
    assert found.pages[0].fields[5].boxes[0].lines == 6
    assert found.pages[0].head.total is not None
    assert not found.pages[0].bubbles


def test_beside_bubbles_only_what_cannot_be_marked_has_boxes() -> None:
    (page,) = made(every_kind("ja")).pages
    assert [(field.question, field.points) for field in page.fields] == [(2, 2), (3, 2), (6, 5), (7, 2)]


def test_a_text_longer_than_a_page_goes_on_overleaf_with_all_its_lines_and_one_box_for_the_marker() -> None:
    found = fields(written(Lines(60)))
    assert len(found) > 1
    assert sum(field.boxes[0].lines for field in found) == 60
    assert [field.score is not None for field in found] == [True, *(False for _ in found[1:])]


def test_a_text_that_fits_on_a_page_is_not_parted() -> None:
    found = fields(written(Lines(15), Lines(15), Lines(15), answers="boxes"))
    assert [field.boxes[0].lines for field in found] == [15, 15, 15]


def test_further_pages_ask_for_the_number_where_nobody_knows_it() -> None:
    long = [Blank(("a",)) for _ in range(60)]
    assert all(page.head.digits for page in written(*long).pages)
    known = replace(paper(*(question(at, one) for at, one in enumerate(long, 1))), student=Student("20261234"))
    first, *others = made(replace(known, printing=Printing(answer_sheets="student"))).pages
    assert first.head.digits
    assert [page.head.digits for page in others] == [()] * len(others)


def test_a_number_that_has_letters_is_written_and_not_marked() -> None:
    known = replace(exam(3, answer_sheets="student"), student=Student("s001"))
    (page,) = made(known).pages
    assert page.head.number
    assert page.head.digits == ()


def test_a_sheet_of_more_pages_than_its_codes_count_is_refused() -> None:
    with pytest.raises(QuizgenError, match="answers: booklet"):
        written(*(Lines(25) for _ in range(100)))


def test_sections_have_their_titles_where_all_is_written() -> None:
    one = paper(question(1, Lines(3))).sections[0]
    two = replace(paper(question(2, Lines(3))).sections[0], number=2, title="第2問")
    both = replace(paper(), sections=(replace(one, title="第1問"), two), printing=Printing(answers="boxes"))
    (page,) = made(both).pages
    assert [heading.title for heading in page.headings] == ["第1問", "第2問"]
    assert page.headings[0].y < page.fields[0].frame.y < page.headings[1].y < page.fields[1].frame.y


# Serials


def test_serials_differ_between_papers_seeds_and_exams_and_hold_no_name() -> None:
    base = replace(every_kind(), student=STUDENT, printing=Printing(answer_sheets="student"))
    others = [
        replace(base, id="other"),
        replace(base, seed=99),
        replace(base, student=Student("s002")),
        replace(base, printing=Printing()),
        replace(base, printing=Printing(), variant="B"),
        replace(base, printing=Printing(answer_sheets="generic")),
    ]
    assert len({serial(one) for one in (base, *others)}) == 7
    assert STUDENT.id not in serial(base)


def test_students_of_a_variant_share_its_sheet_unless_they_have_their_own() -> None:
    first, other = (replace(every_kind(), student=Student(name)) for name in ("1", "2"))
    assert serial(first) == serial(other)
    assert serial(replace(first, variant="")) != serial(replace(other, variant=""))


@pytest.mark.parametrize("at", range(9))
def test_a_serial_that_is_mistyped_by_a_letter_is_noticed(at: int) -> None:
    right = serial(every_kind())
    wrong = (right[:at] + letter + right[at + 1 :] for letter in ALPHABET if letter != right[at])
    assert [typed(one) for one in wrong] == [None] * (len(ALPHABET) - 1)


def test_a_serial_is_read_however_it_is_typed_but_not_with_letters_swapped() -> None:
    right = serial(every_kind())
    assert typed(shown(right).lower()) == typed(f" {right} ") == right
    at = next(at for at in range(8) if right[at] != right[at + 1])
    assert typed(right[:at] + right[at + 1] + right[at] + right[at + 2 :]) is None
    assert typed(right[:8]) is None
    assert typed("O" + right[1:]) is None


# layout.json


def test_the_layout_tells_every_bubble_and_box_of_the_sheet() -> None:
    found = made(CROWDED["both"])
    told = json.loads(layout_json(found))
    assert (told["layout"], told["exam"], told["serial"]) == (1, found.exam, found.serial)
    assert told["size"] == [210, 297]
    for page, read in zip(found.pages, told["pages"], strict=True):
        assert read["corners"] == [[box.x, box.y, 9, 9] for box in page.corners]
        bubbles = [bubble for row in read["rows"] for bubble in row["bubbles"]]
        assert bubbles == [[b.label, b.x, b.y] for line in page.lines for b in line.bubbles]
        boxes = [box for field in read["boxes"] for box in field["boxes"]]
        assert boxes == [[b.x, b.y, b.width, b.height] for field in page.fields for b in field.boxes]
        assert [row["row"] for row in read["rows"]] == [line.row.number for line in page.lines]


def test_the_codes_name_no_student_and_carry_the_layouts_hash() -> None:
    found = made(replace(every_kind(), student=STUDENT, printing=Printing(answer_sheets="student")))
    layout = layout_json(found)
    assert STUDENT.name.encode() not in layout
    assert STUDENT.id.encode() not in layout
    assert page_text(found.exam, found.serial, 1, digest(layout)) == f"QZ1:kinds:{found.serial}:1:{digest(layout)}"
    assert corner_text(found.serial, 1, 4) == found.serial + "14"


@pytest.mark.parametrize("length", [1, 60])
def test_codes_are_as_large_as_scanners_need(length: int) -> None:
    found = made(replace(exam(3), id="e" * length))
    code = found.pages[0].head.page_code
    side = qr_side(len(page_text(found.exam, found.serial, 99, "0" * 8)))
    assert code.width / side == pytest.approx(0.6)
    assert A4.corner / 16 >= 0.55
    assert A4.edge == 12


def test_the_layout_and_its_hash_do_not_depend_on_the_key() -> None:
    short = written(Blank(("a",)), Blank(("1",), digits=3), plain_choice(1, 3), gaps(3))
    long = written(Blank(("a" * 200, "b")), Blank(("999",), digits=3), plain_choice(2, 2), gaps(3))
    assert layout_json(short) == layout_json(long)


DOCS = (Path(__file__).parent.parent / "docs" / "answer-sheet.md").read_text(encoding="utf-8")


def keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from keys(part)


def test_every_field_of_the_layout_is_documented_and_no_other() -> None:
    person: Any = ("class", "seat", "number", "name")
    several = [
        sheet(united(shared(A=every_kind("en"), B=every_kind("en")))),
        made(replace(every_kind("ja"), printing=Printing(answers="boxes", person=person))),
    ]
    (_, fields_of_layout) = DOCS.split("## layout.json")
    used = {key for one in several for key in keys(json.loads(layout_json(one)))}
    assert {key for key in used if f"`{key}`" not in fields_of_layout} == set()
    listed = {
        name
        for line in re.findall(r"^\| (`.*?) \|", fields_of_layout, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", line)
    }
    assert listed - used == set()


def test_the_documented_letters_and_serials_are_ours() -> None:
    assert f"`{ALPHABET}`" in DOCS
    (corner,) = re.findall(r"as `(\w{9})14`", DOCS)
    assert typed(corner) == corner == json.loads(DOCS.split("```json")[1].split("```")[0])["serial"]


@pytest.mark.parametrize(
    ("path", "sheet"),
    [
        ("student/A/layout.json", {"serial": "47XDUT87S", "layout": "student/A/layout.json", "hash": "abababab"}),
        ("student/layout.json", {"serial": "47XDUT87S", "layout": "student/layout.json", "hash": "abababab"}),
        ("student/B/layout.json", None),
    ],
)
def test_the_manifest_tells_each_papers_serial_and_layout(path: str, sheet: Any) -> None:
    assert entry(Slot("A"), [], "47XDUT87S", {path: "ab" * 32}).get("sheet") == sheet


# One sheet for all variants


def shared(**variants: Paper) -> dict[str, Any]:
    generic = Printing(answer_sheets="generic")
    return {name: asked(replace(one, variant=name, printing=generic)) for name, one in variants.items()}


def test_the_common_sheet_has_what_any_variant_needs() -> None:
    a = paper(question(1, plain_choice(1, 3)), question(2, Blank(("a",))), question(3, Lines(2)))
    b = paper(question(1, plain_choice(1, 5)), question(2, plain_choice(1, 3)), question(3, Lines(7)))
    both = united(shared(A=a, B=b))
    assert [len(row.symbols) for row in both.rows] == [6, 4]
    assert [(one.question, one.kind, one.lines) for one in both.written] == [(2, "word", 1), (3, "lines", 7)]
    (page,) = sheet(both).pages
    assert [bubble.label for bubble in page.head.variants] == ["A", "B"]


def test_a_row_that_variants_use_in_two_ways_has_the_bubbles_of_both_and_is_told() -> None:
    a, b = paper(question(1, plain_choice(1, 2))), paper(question(1, Blank(("1",), digits=1)))
    sheets = shared(A=a, B=b)
    (row,) = united(sheets).rows
    assert set(row.symbols) == {"a", "b", "c", *"−.0123456789"}
    assert [sentence for sentence in differences(sheets) if "row 1" in sentence]
    assert list(differences(shared(A=a, B=a))) == []


def test_variants_that_no_row_can_serve_are_refused_with_the_way_out() -> None:
    a, b = paper(question(1, plain_choice(1, 15))), paper(question(1, Blank(("1",), digits=1)))
    with pytest.raises(QuizgenError, match=r"28 bubbles.*answer_sheets: variant"):
        united(shared(A=a, B=b))


def test_rows_of_different_questions_need_numbers_of_their_own() -> None:
    first = paper(question(1, Blank(("1",), digits=2)), question(2, plain_choice(1, 3)))
    second = paper(question(1, plain_choice(1, 3)), question(2, Blank(("1",), digits=2)))
    sheets = {name: replace(one, numbered=False) for name, one in shared(A=first, B=second).items()}
    with pytest.raises(QuizgenError, match="answer_numbers: true"):
        united(sheets)


def test_papers_drawn_for_each_student_have_no_common_sheet() -> None:
    with pytest.raises(QuizgenError, match="drawn for each student"):
        united(shared(**{"": exam(3)}))


@pytest.mark.parametrize(("count", "bubbles"), [(1, 0), (16, 16), (17, 0)])
def test_more_variants_than_a_row_has_bubbles_are_written(count: int, bubbles: int) -> None:
    (page,) = sheet(united(shared(**{f"V{at}": exam(5) for at in range(count)}))).pages
    assert len(page.head.variants) == bubbles
    assert (page.head.variant is None) == (count == 1)


# The drawing


def test_a_label_stands_in_the_middle_of_its_bubble() -> None:
    words, edges = letters([Bubble("ア", 50, 9), Bubble("7", 60, 9), Bubble("10", 70, 9)], 2)
    assert words == "ア710"
    assert edges == "49.00 59.50 69.00 70.00"


def test_paths_are_drawn_where_the_geometry_says() -> None:
    small = Measures(bubble_width=3, bubble_height=4)
    assert outline([Bubble("a", 10, 20)], small) == "M8.50 20.00a1.5 2 0 1 0 3 0a1.5 2 0 1 0 -3 0z"
    assert frames([Box(1, 2, 3, 4)]) == "M1.00 2.00h3.00v4.00h-3.00z"
    assert ruled([Box(10, 20, 30, 24, lines=3), Box(1, 2, 3, 4)]) == "M10.00 28.00h30.00M10.00 36.00h30.00"
