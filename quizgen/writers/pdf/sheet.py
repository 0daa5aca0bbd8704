"""The answer sheet's geometry: where each bubble, number and box stands, in millimetres from the page's top left."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from quizgen.paper import Paper, Question

DIGITS = 7  # columns for the student number
_WIDE_LETTER = 0x2000  # from here on a letter is as wide as it is high, below it half as wide


@dataclass(frozen=True, slots=True)
class Layout:
    """The measures of a sheet; all millimetres, positions are centres of bubbles."""

    width: float = 210
    height: float = 297
    margin: float = 16
    bubble_width: float = 3.4
    bubble_height: float = 4.2
    letter: float = 2.3
    """Size of the letters in bubbles."""
    pitch: float = 5.9
    """From bubble to bubble in a row."""
    row: float = 6.3
    block: int = 5
    """So many rows stand close together; then comes a gap."""
    gap: float = 1.9
    number: float = 9
    """Room for the question's number and its mark before the first bubble."""
    rows_top: float = 112
    most_rows: int = 25
    most_columns: int = 4
    digits_left: float = 16
    digits_top: float = 49
    digit_pitch: float = 7
    digit_row: float = 5.4


@dataclass(frozen=True, slots=True)
class Bubble:
    """An ellipse to fill in, with its letter."""

    label: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Row:
    """A question's bubbles, its number's right end at `x`."""

    number: int
    many: bool
    x: float
    y: float
    bubbles: tuple[Bubble, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the sheet: the student number's digits by column, and the questions' rows."""

    digits: tuple[tuple[Bubble, ...], ...]
    rows: tuple[Row, ...]


def sheet(paper: Paper, layout: Layout) -> tuple[Page, ...]:
    """The pages that hold a row for each question."""
    questions = paper.questions
    most = max((len(question.response.options) for question in questions), default=1)
    columns = int(_room(layout) // (layout.number + most * layout.pitch))
    columns = min(max(1, columns), layout.most_columns)
    full = columns * layout.most_rows
    return tuple(
        Page(_digits(layout), tuple(_rows(questions[start : start + full], columns, layout)))
        for start in range(0, max(1, len(questions)), full)
    )


def _room(layout: Layout) -> float:
    return layout.width - 2 * layout.margin


def _digits(layout: Layout) -> tuple[tuple[Bubble, ...], ...]:
    return tuple(
        tuple(
            Bubble(
                str(digit),
                layout.digits_left + (column + 0.5) * layout.digit_pitch,
                layout.digits_top + (digit + 0.5) * layout.digit_row,
            )
            for digit in range(10)
        )
        for column in range(DIGITS)
    )


def _rows(questions: Sequence[Question], columns: int, layout: Layout) -> Iterator[Row]:
    """The rows, column by column, each column as long as the first and a whole number of blocks."""
    blocks = ceil(len(questions) / (columns * layout.block))
    length = max(2, blocks) * layout.block
    for place, question in enumerate(questions):
        column, row = divmod(place, length)
        x = layout.margin + column * _room(layout) / columns + layout.number
        y = layout.rows_top + (row + 0.5) * layout.row + row // layout.block * layout.gap
        yield Row(question.number, question.response.many, x - 3.4, y, tuple(_bubbles(question, x, y, layout)))


def _bubbles(question: Question, x: float, y: float, layout: Layout) -> Iterator[Bubble]:
    for place, option in enumerate(question.response.options):
        yield Bubble(option.label, x + place * layout.pitch + layout.bubble_width / 2, y)


def outline(bubbles: Sequence[Bubble], layout: Layout) -> str:
    """The ellipses as one SVG path: far cheaper to draw than an element for each."""
    rx, ry = layout.bubble_width / 2, layout.bubble_height / 2
    return "".join(
        f"M{bubble.x - rx:.2f} {bubble.y:.2f}a{rx:g} {ry:g} 0 1 0 {2 * rx:g} 0a{rx:g} {ry:g} 0 1 0 {-2 * rx:g} 0z"
        for bubble in bubbles
    )


def letters(bubbles: Sequence[Bubble], layout: Layout) -> tuple[str, str]:
    """The labels as one SVG text and the left edge of each character, so that labels stand in their bubbles' middle."""
    text = "".join(bubble.label for bubble in bubbles)
    return text, " ".join(f"{x:.2f}" for bubble in bubbles for x in _edges(bubble, layout.letter))


def _edges(bubble: Bubble, size: float) -> Iterator[float]:
    widths = [size if ord(character) >= _WIDE_LETTER else size / 2 for character in bubble.label]
    x = bubble.x - sum(widths) / 2
    for width in widths:
        yield x
        x += width
