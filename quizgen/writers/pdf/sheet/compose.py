"""The answer sheet put together: head, rows and boxes on pages, each with its codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from quizgen.paper.rows import MOST_SYMBOLS
from quizgen.problems import QuizgenError
from quizgen.writers.pdf.sheet import boxes, marks
from quizgen.writers.pdf.sheet.codes import page_text, qr_side
from quizgen.writers.pdf.sheet.geometry import Block, Box, Bubble, Field, Head, Heading, Page, Sheet
from quizgen.writers.pdf.sheet.measures import DIGITS, MEASURES, Measures

if TYPE_CHECKING:
    from quizgen.paper import Row
    from quizgen.paper.printing import Person
    from quizgen.writers.pdf.sheet.asked import Asked

# A page before it has its number: rows, headings, boxes, and whether the student number is marked on it.
_Content = tuple[tuple[Block, ...], tuple[Heading, ...], tuple[Field, ...], bool]

_HASH = "0" * 8
_MOST_PAGES = 99


def sheet(asked: Asked) -> Sheet:
    """The sheet that holds all that is asked: first all rows, then all boxes."""
    measures = MEASURES[asked.size]
    contents = tuple(_contents(asked, measures))
    if len(contents) > _MOST_PAGES:
        raise QuizgenError(
            f"the answer sheet of {asked.exam} takes {len(contents)} pages, and its codes count to {_MOST_PAGES}; "
            "ask for less, or write `answers: booklet` below `print:`"
        )
    pages = tuple(
        Page(number, _head(asked, measures, digits=digits), _corners(measures), blocks, headings, fields)
        for number, (blocks, headings, fields, digits) in enumerate(contents, start=1)
    )
    return Sheet(asked.exam, asked.serial, measures, pages)


def digits_fit(id: str) -> bool:  # noqa: A002 - a student's id
    """Whether a student number can be marked: as many digits as there are columns, or none yet."""
    return not id or (len(id) <= DIGITS and id.isascii() and id.isdigit())


def _contents(asked: Asked, measures: Measures) -> Iterator[_Content]:
    """What each page holds; a further page of boxes asks for the number only where nobody knows it."""
    *full, last = tuple(marks.pages(_labelled(asked.rows, asked), measures)) or ((),)
    first = _head(asked, measures, digits=asked.marks).end
    further = _head(asked, measures, digits=asked.marks and not asked.id).end
    end = max((block.frame.y + block.frame.height + 2 * measures.apart for block in last), default=first)
    yield from ((blocks, (), (), asked.marks) for blocks in full)
    (headings, fields), *others = tuple(boxes.fields(asked.parts, measures, end, further)) or (((), ()),)
    yield last, headings, fields, asked.marks
    for headings, fields in others:
        yield (), headings, fields, asked.marks and not asked.id


def _labelled(rows: Sequence[Row], asked: Asked) -> list[tuple[Row, str]]:
    return [(row, str(row.number) if asked.numbered else row.label) for row in rows]


@lru_cache(maxsize=4)
def _corners(measures: Measures) -> tuple[Box, Box, Box, Box]:
    side = measures.corner
    right, low = measures.width - measures.edge - side, measures.height - measures.edge - side
    top_left, top_right, low_left, low_right = (
        Box(round(x, 2), round(y, 2), side, side) for y in (measures.edge, low) for x in (measures.edge, right)
    )
    return top_left, top_right, low_left, low_right


def _head(asked: Asked, measures: Measures, *, digits: bool) -> Head:
    side = qr_side(len(page_text(asked.exam, asked.serial, _MOST_PAGES, _HASH))) * measures.module
    # What else it depends on is the same on the sheets of many papers.
    alike = replace(asked, exam="", serial="", rows=(), parts=(), id="")
    return _headed(alike, measures, side, digits=digits and digits_fit(asked.id))


@lru_cache(maxsize=64)
def _headed(asked: Asked, measures: Measures, side: float, *, digits: bool) -> Head:
    code = Box(measures.edge, measures.band, round(side, 2), round(side, 2))
    left = measures.head_middle if asked.marks else measures.head_left
    columns = tuple(_digits(measures)) if digits else ()
    person = tuple(_person(asked, measures, left))
    below = max((box.y + box.height for _, box in person), default=measures.band)
    variant = _box(left, below, measures.width - measures.edge - left, measures.variant_height)
    words = below + (measures.variant_height if asked.variants else 0) + 2
    number = _number(measures) if asked.marks else None
    total = None if asked.marks else _total(measures)
    lowest = max(code.y + code.height + measures.serial, words + (0 if asked.marks else measures.words))
    return Head(
        page_code=code,
        title=_title(measures, left),
        person=person,
        number=number,
        digits=columns,
        variants=tuple(_variants(asked, measures, variant)),
        variant=variant if asked.variants else None,
        total=total,
        words=_box(left, words, measures.width - measures.edge - left, measures.words),
        end=round(measures.rows_top - measures.caption if columns else lowest + measures.apart, 2),
    )


def _title(measures: Measures, left: float) -> Box:
    right = measures.width - measures.edge - measures.corner - measures.variant_mark
    return _box(left, measures.edge - 2, right - left, measures.band - measures.edge)


def _number(measures: Measures) -> Box:
    """The boxes above the digits, or one for a number that is only written."""
    return _box(measures.head_left, measures.head_top, DIGITS * measures.digit_pitch, measures.digit_box)


def _digits(measures: Measures) -> Iterator[tuple[Bubble, ...]]:
    for column in range(DIGITS):
        x = round(measures.head_left + (column + 0.5) * measures.digit_pitch, 2)
        tops = (measures.digits_top + (digit + 0.5) * measures.digit_row for digit in range(10))
        yield tuple(Bubble(str(digit), x, round(y, 2)) for digit, y in enumerate(tops))


def _person(asked: Asked, measures: Measures, left: float) -> Iterator[tuple[Person, Box]]:
    """Class and seat before the name; where the number is not marked, it stands beside them and the name below."""
    right = measures.width - measures.edge - (0 if asked.marks else measures.total + measures.apart)
    small = tuple(one for one in asked.person if one != "name" and not (one == "number" and asked.marks))
    name = tuple(one for one in asked.person if one == "name")
    lines = (small + name,) if asked.marks else (small, name)
    for line, row in enumerate(filter(None, lines)):
        each = measures.small_box if len(row) > 1 and row[-1] == "name" else (right - left) / len(row)
        for place, one in enumerate(row):
            x = left + place * each
            width = right - x if one == "name" else each
            yield one, _box(x, measures.band + line * measures.person_height, width, measures.person_height)


def _variants(asked: Asked, measures: Measures, box: Box) -> Iterator[Bubble]:
    """A bubble for each variant; for more than a row has, theirs is written."""
    if len(asked.variants) <= MOST_SYMBOLS:
        y = round(box.y + box.height - measures.bubble_height / 2 - 1.3, 2)
        for place, variant in enumerate(asked.variants):
            yield Bubble(variant, round(box.x + place * measures.pitches[0] + measures.bubble_width, 2), y)


def _total(measures: Measures) -> Box:
    """The marker's sum, right of the boxes for the person."""
    right = measures.width - measures.edge
    return _box(right - measures.total, measures.band, measures.total, 2 * measures.person_height)


def _box(x: float, y: float, width: float, height: float) -> Box:
    return Box(round(x, 2), round(y, 2), round(width, 2), round(height, 2))
