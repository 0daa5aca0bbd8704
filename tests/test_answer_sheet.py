"""The answer sheet's geometry: every question has its bubbles or boxes, on the page, apart from each other."""

from __future__ import annotations

from itertools import combinations

import pytest

from papers import every_kind, matching, ordering, paper, plain_choice, question, text
from quizgen.language import GAP_LABELS
from quizgen.paper import Blank, Cloze, Gap, Lines, Paper, Response
from quizgen.writers.pdf.boxes import Box, Field, frames, rules
from quizgen.writers.pdf.layout import Layout
from quizgen.writers.pdf.sheet import Bubble, Page, letters, outline, sheet

LAYOUT = Layout()


def exam(questions: int, choices: int = 6) -> Paper:
    return paper(*(question(number, plain_choice(1, choices - 1)) for number in range(1, questions + 1)))


def bubbles(page: Page) -> list[Bubble]:
    return [bubble for row in page.rows for bubble in row.bubbles]


@pytest.mark.parametrize(("questions", "pages"), [(1, 1), (100, 1), (101, 2), (250, 3)])
def test_a_page_holds_a_hundred_questions_of_six_choices(questions: int, pages: int) -> None:
    assert len(sheet(exam(questions), LAYOUT)) == pages


@pytest.mark.parametrize("choices", [2, 4, 6, 8, 13, 26])
def test_every_choice_has_a_bubble_on_the_page_and_none_touch(choices: int) -> None:
    pages = sheet(exam(60, choices), LAYOUT)
    assert [row.number for page in pages for row in page.rows] == list(range(1, 61))
    for page in pages:
        marks = [*bubbles(page), *(bubble for column in page.digits for bubble in column)]
        assert all(LAYOUT.margin <= mark.x <= LAYOUT.width - LAYOUT.margin for mark in marks)
        assert all(mark.y <= LAYOUT.height - LAYOUT.margin for mark in marks)
        assert all(
            abs(one.x - other.x) > LAYOUT.bubble_width or abs(one.y - other.y) > LAYOUT.bubble_height
            for one, other in combinations(marks, 2)
        )
        assert all(len(row.bubbles) == choices for row in page.rows)


def test_bubbles_carry_the_papers_labels() -> None:
    (page,) = sheet(exam(2, 3), LAYOUT)
    assert ["".join(bubble.label for bubble in row.bubbles) for row in page.rows] == ["abc", "abc"]


def test_columns_are_filled_in_whole_blocks() -> None:
    (page,) = sheet(exam(30), LAYOUT)
    tops = [row.number for row in page.rows if row.y == page.rows[0].y]
    assert tops == [1, 11, 21]


def test_a_label_stands_in_the_middle_of_its_bubble() -> None:
    text, edges = letters([Bubble("ア", 50, 9), Bubble("7", 60, 9), Bubble("10", 70, 9)], Layout(letter=2))
    assert text == "ア710"
    assert edges == "49.00 59.50 69.00 70.00"


def test_an_ellipse_is_as_wide_and_high_as_the_layout_says() -> None:
    path = outline([Bubble("a", 10, 20)], Layout(bubble_width=3, bubble_height=4))
    assert path == "M8.50 20.00a1.5 2 0 1 0 3 0a1.5 2 0 1 0 -3 0z"


# Boxes for what is written


def written(*responses: Response) -> tuple[Page, ...]:
    return sheet(paper(*(question(number, response) for number, response in enumerate(responses, 1))), LAYOUT)


def fields(pages: tuple[Page, ...]) -> list[Field]:
    return [field for page in pages for field in page.fields]


def boxes(page: Page) -> list[Box]:
    return [box for field in page.fields for box in (*field.boxes, *([field.score] if field.score else []))]


def apart(one: Box, other: Box) -> bool:
    beside = one.x + one.width < other.x or other.x + other.width < one.x
    return beside or one.y + one.height < other.y or other.y + other.height < one.y


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


CROWDED: list[tuple[Response, ...]] = [
    tuple(Blank(("a",), unit=unit) for unit in ("", "cm", "℃", "個", "個（ダース）", "W" * 20, "個" * 20) * 8),
    tuple(Lines(count) for count in (1, 2, 5, 12, 19, 27, 28, 60, 3)),
    (most_stems(), most_items(), gaps(26), gaps(26, 3), *(gaps(count) for count in range(1, 8))),
    (*(plain_choice(1, 3) for _ in range(99)), Lines(4), Blank(("a",)), gaps(3, 2), most_items()),
]


@pytest.mark.parametrize("responses", CROWDED)
def test_boxes_lie_on_their_pages_apart_from_each_other_and_below_all_bubbles(responses: tuple[Response, ...]) -> None:
    for page in written(*responses):
        found = boxes(page)
        assert all(LAYOUT.margin <= box.x and box.x + box.width <= LAYOUT.width - LAYOUT.margin + 0.01 for box in found)
        assert all(box.y + box.height <= LAYOUT.height - LAYOUT.margin + 0.01 for box in found)
        assert all(apart(one, other) for one, other in combinations(found, 2))
        marks = [*bubbles(page), *(bubble for column in page.digits for bubble in column)]
        lowest = max((bubble.y + LAYOUT.bubble_height / 2 for bubble in marks), default=0)
        assert all(box.y > lowest for box in found)


def length(words: str) -> float:
    return sum(LAYOUT.letter_width * (1 if letter.isascii() else 2) for letter in words)


@pytest.mark.parametrize("responses", CROWDED)
def test_words_beside_boxes_have_room(responses: tuple[Response, ...]) -> None:
    for field in fields(written(*responses)):
        following = [*field.boxes[1:], *([field.score] if field.score else [])]
        for box, other in zip(field.boxes, following, strict=False):
            end = box.x + box.width + LAYOUT.beside / 2 + length(box.after)
            start = other.x - LAYOUT.beside / 2 - length(other.before)
            assert other.y > box.y or end <= start + 0.01


@pytest.mark.parametrize("responses", CROWDED)
def test_questions_stand_on_the_sheet_in_their_order(responses: tuple[Response, ...]) -> None:
    pages = written(*responses)
    numbers = [field.number for field in fields(pages)]
    assert numbers == sorted(numbers)
    assert {row.number for page in pages for row in page.rows} | set(numbers) == set(range(1, len(responses) + 1))


def test_every_kind_has_what_its_answer_needs() -> None:
    (page,) = sheet(every_kind("ja"), LAYOUT)
    assert [(row.label, len(row.bubbles)) for row in page.rows] == [("1", 2), ("7(2)", 3)]
    words = {field.number: [(box.before, box.after) for box in field.boxes] for field in page.fields}
    assert words == {
        2: [("", "")],
        3: [("", "CPU")],
        4: [("(1)", ""), ("(2)", ""), ("(3)", "")],
        5: [("", ""), ("→", ""), ("→", "")],
        6: [("", "")],
        7: [("(1)", ""), ("(3)", "")],
    }
    (text_field,) = (field for field in page.fields if field.number == 6)
    assert text_field.boxes[0].lines == 6


def test_the_marker_gives_what_the_written_part_is_worth() -> None:
    (page,) = sheet(every_kind("ja"), LAYOUT)
    assert [(field.number, field.points) for field in page.fields] == [(2, 2), (3, 2), (4, 3), (5, 3), (6, 5), (7, 2)]


def test_numbers_of_gaps_have_room_before_their_bubbles() -> None:
    questions = [question(number, gaps(26, 26)) for number in range(98, 101)]
    for page in sheet(paper(*questions), LAYOUT):
        starts = [row.x - len(row.label) * LAYOUT.letter_width for row in page.rows]
        assert min(starts) >= LAYOUT.margin
        ends = [row.bubbles[-1].x + LAYOUT.bubble_width / 2 for row in page.rows]
        for row, start in zip(page.rows, starts, strict=True):
            beside = [end for other, end in zip(page.rows, ends, strict=True) if other.y == row.y and other.x < row.x]
            assert all(end < start for end in beside)


def test_a_text_longer_than_a_page_goes_on_overleaf_with_all_its_lines_and_one_box_for_the_marker() -> None:
    found = fields(written(Lines(60)))
    assert len(found) > 1
    assert sum(field.boxes[0].lines for field in found) == 60
    assert [field.score is not None for field in found] == [True, *(False for _ in found[1:])]


def test_a_text_that_fits_on_a_page_is_not_parted() -> None:
    found = fields(written(Lines(15), Lines(15), Lines(15)))
    assert [field.boxes[0].lines for field in found] == [15, 15, 15]


def test_further_pages_begin_higher_and_have_no_bubbles() -> None:
    first, *others = written(*(Blank(("a",)) for _ in range(60)))
    assert first.digits
    assert [(page.digits, page.rows) for page in others] == [((), ())] * len(others)
    assert all(min(box.y for box in boxes(page)) == LAYOUT.boxes_top for page in others)


def test_boxes_do_not_tell_the_answer() -> None:
    short = written(Blank(("a",)), Blank(("1",)), gaps(3))
    long = written(
        Blank(("a" * 200, "b")), Blank(("12345678",)), Cloze((*gaps(2).gaps, Gap("(3)", Blank(("a" * 99,)))))
    )
    assert short == long


def test_frames_and_lines_are_drawn_where_the_boxes_are() -> None:
    assert frames([Box(10, 20, 30, 9), Box(1, 2, 3, 4)]) == "M10 20h30v9h-30zM1 2h3v4h-3z"
    assert rules([Box(10, 20, 30, 24, lines=3), Box(1, 2, 3, 4)]) == "M10 28h30M10 36h30"
