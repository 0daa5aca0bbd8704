"""The answer sheet's geometry: where each bubble, number and box stands, in millimetres from the page's top left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING, assert_never

from quizgen.paper import Blank, Choice, Cloze, Lines, Matching, Ordering
from quizgen.writers.pdf.boxes import Field, fields
from quizgen.writers.pdf.layout import DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from quizgen.paper import Paper
    from quizgen.writers.pdf.layout import Layout

_WIDE_LETTER = 0x2000  # from here on a letter is as wide as it is high, below it half as wide


@dataclass(frozen=True, slots=True)
class Bubble:
    """An ellipse to fill in, with its letter."""

    label: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Row:
    """The bubbles of a question, or of a gap in its text, its number's right end at `x`."""

    number: int
    gap: str
    many: bool
    x: float
    y: float
    bubbles: tuple[Bubble, ...]

    @property
    def label(self) -> str:
        """What stands before the bubbles: 7, or 7(2)."""
        return f"{self.number}{self.gap}"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the sheet: the student number's digits by column, rows of bubbles, and boxes to write in.

    A page that only goes on with boxes has no digits to mark.
    """

    digits: tuple[tuple[Bubble, ...], ...]
    rows: tuple[Row, ...]
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What is answered by a row of bubbles."""

    number: int
    gap: str
    choice: Choice

    @property
    def label(self) -> str:
        return f"{self.number}{self.gap}"


def sheet(paper: Paper, layout: Layout) -> tuple[Page, ...]:
    """The pages that hold a row or boxes for each question: first all rows, then all boxes."""
    chosen = tuple(_all_chosen(paper))
    layout = replace(layout, number=_number_room([one.label for one in chosen], layout))
    bubbled = _bubbled_pages(chosen, layout)
    end = max((row.y + layout.row / 2 + layout.apart for row in bubbled[-1].rows), default=layout.rows_top)
    first, *others = tuple(fields(paper, layout, end)) or ((),)
    last = Page(bubbled[-1].digits, bubbled[-1].rows, first)
    return (*bubbled[:-1], last, *(Page((), (), written) for written in others))


def _all_chosen(paper: Paper) -> Iterator[_Chosen]:
    for question in paper.questions:
        match question.response:
            case Choice() as choice:
                yield _Chosen(question.number, "", choice)
            case Cloze(gaps):
                for gap in gaps:
                    if isinstance(gap.response, Choice):
                        yield _Chosen(question.number, gap.label, gap.response)
            case Blank() | Lines() | Matching() | Ordering():
                pass
            case _:
                assert_never(question.response)


def _number_room(labels: Sequence[str], layout: Layout) -> float:
    """The usual room, or what the longest label takes."""
    longest = max(map(len, labels), default=0)
    return max(layout.number, layout.mark + (longest + 0.5) * layout.letter_width)


def _bubbled_pages(chosen: tuple[_Chosen, ...], layout: Layout) -> tuple[Page, ...]:
    most = max((len(one.choice.options) for one in chosen), default=1)
    columns = int(layout.room // (layout.number + most * layout.pitch))
    columns = min(max(1, columns), layout.most_columns)
    full = columns * layout.most_rows
    return tuple(
        Page(_digits(layout), tuple(_rows(chosen[start : start + full], columns, layout)))
        for start in range(0, max(1, len(chosen)), full)
    )


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


def _rows(chosen: Sequence[_Chosen], columns: int, layout: Layout) -> Iterator[Row]:
    """The rows, column by column, each column as long as the first and a whole number of blocks."""
    blocks = ceil(len(chosen) / (columns * layout.block))
    length = max(2, blocks) * layout.block
    for place, one in enumerate(chosen):
        column, row = divmod(place, length)
        x = layout.margin + column * layout.room / columns + layout.number
        y = layout.rows_top + (row + 0.5) * layout.row + row // layout.block * layout.gap
        bubbles = tuple(_bubbles(one.choice, x, y, layout))
        yield Row(one.number, one.gap, one.choice.many, x - layout.mark, y, bubbles)


def _bubbles(choice: Choice, x: float, y: float, layout: Layout) -> Iterator[Bubble]:
    for place, option in enumerate(choice.options):
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
