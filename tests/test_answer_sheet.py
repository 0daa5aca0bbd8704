"""The answer sheet's geometry: every question has its bubbles, on the page, apart from each other."""

from __future__ import annotations

from itertools import combinations

import pytest

from papers import paper, plain_choice, question
from quizgen.paper import Paper
from quizgen.writers.pdf.sheet import Bubble, Layout, Page, letters, outline, sheet

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
