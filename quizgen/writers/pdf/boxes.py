"""The answer sheet's boxes for what is written: words, labels, texts of several lines, and the marker's points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, assert_never
from unicodedata import east_asian_width

from quizgen.paper import Blank, Choice, Cloze, Lines, Matching, Ordering

if TYPE_CHECKING:
    from quizgen.paper import Paper, Question
    from quizgen.writers.pdf.layout import Layout


@dataclass(frozen=True, slots=True)
class Box:
    """A frame to write in, ruled into lines, with the words that stand before and behind it."""

    x: float
    y: float
    width: float
    height: float
    before: str = ""
    after: str = ""
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Field:
    """What a question asks to be written, its number's right end at `x`; `score` is None on a further page of it."""

    number: int
    points: Fraction
    x: float
    y: float
    boxes: tuple[Box, ...]
    score: Box | None


@dataclass(frozen=True, slots=True)
class _Written:
    """A question's boxes before they have a place: all as wide, in rows of so many, or one of several lines."""

    number: int
    points: Fraction
    width: float
    words: tuple[tuple[str, str], ...]
    each: int
    half: bool = False
    lines: int = 1
    goes_on: bool = False


def fields(paper: Paper, layout: Layout, top: float) -> Iterator[tuple[Field, ...]]:
    """The fields page by page, the first page's from `top` on; it has none where there is no room left for one."""
    page: list[Field] = []
    for band in _bands(_all_written(paper, layout)):
        for part in _parted(band, layout, top):
            if top + _height(part, layout) > layout.bottom:
                yield tuple(page)
                page, top = [], layout.boxes_top
            page += [_placed(one, place, top, layout) for place, one in enumerate(part)]
            top += _height(part, layout) + layout.apart
    if page:
        yield tuple(page)


def _all_written(paper: Paper, layout: Layout) -> Iterator[_Written]:
    for question in paper.questions:
        match question.response:
            case Choice():
                pass
            case Blank() as blank:
                yield _word(question, blank, layout)
            case Lines(count):
                width = layout.room - _edges(layout)
                yield _Written(question.number, Fraction(question.points), width, (("", ""),), 1, lines=count)
            case Matching(stems):
                yield _row(question, [stem.label for stem in stems], layout.label_box, layout)
            case Ordering(items):
                yield _row(question, ["", *("→" for _ in items[1:])], layout.label_box, layout)
            case Cloze() as cloze:
                yield from _gaps(question, cloze, layout)
            case _:
                assert_never(question.response)


def _word(question: Question, blank: Blank, layout: Layout) -> _Written:
    """One box as long as half the sheet allows beside its unit; for a long unit the whole width."""
    unit = _words_room(blank.unit, layout)
    left = _half(layout) - _edges(layout) - unit
    half = left >= layout.shortest_box
    width = min(left, layout.longest_box) if half else layout.longest_box
    return _Written(question.number, Fraction(question.points), width, (("", blank.unit),), 1, half=half)


def _gaps(question: Question, cloze: Cloze, layout: Layout) -> Iterator[_Written]:
    """The gaps that are written; those that are chosen have bubbles."""
    labels = [gap.label for gap in cloze.gaps if isinstance(gap.response, Blank)]
    if labels:
        written = _row(question, labels, layout.text_box, layout)
        yield replace(written, points=written.points * len(labels) / len(cloze.gaps))


def _row(question: Question, labels: Sequence[str], width: float, layout: Layout) -> _Written:
    """Boxes in a row behind their labels, in half the width if they fit."""
    before = max(_words_room(label, layout) for label in labels)
    # Where the first box has no words, those of a next row hang out to the left of it.
    spare = layout.beside + (0 if labels[0] else before)
    step = before + width + layout.beside
    halves, whole = (max(1, int((room - _edges(layout) + spare) // step)) for room in (_half(layout), layout.room))
    half = len(labels) <= halves
    words = tuple((label, "") for label in labels)
    points = Fraction(question.points)
    return _Written(question.number, points, width, words, halves if half else whole, half=half)


def _words_room(words: str, layout: Layout) -> float:
    # Arrows and signs such as ℃ are as wide as a Japanese letter in the sheet's face.
    letters = sum(2 if east_asian_width(letter) in "WFA" else 1 for letter in words)
    return letters * layout.letter_width + layout.beside if words else 0


def _edges(layout: Layout) -> float:
    """What a field's number and the marker's box take of its width."""
    return layout.number + layout.beside + layout.score


def _half(layout: Layout) -> float:
    return (layout.room - 1.5 * layout.apart) / 2


def _bands(written: Iterator[_Written]) -> Iterator[tuple[_Written, ...]]:
    """Short ones two by two beside each other, long ones alone, all in their order."""
    waiting: tuple[_Written, ...] = ()
    for one in written:
        if one.half and len(waiting) == 1:
            yield (*waiting, one)
            waiting = ()
        elif one.half:
            waiting = (one,)
        else:
            yield from (band for band in (waiting, (one,)) if band)
            waiting = ()
    if waiting:
        yield waiting


def _parted(band: tuple[_Written, ...], layout: Layout, top: float) -> Iterator[tuple[_Written, ...]]:
    """A band as it is, or a text of more lines than a page has in parts, each of which fits on its page."""
    (one, *_) = band
    page = int((layout.bottom - layout.boxes_top) // layout.line)
    room = int((layout.bottom - top) // layout.line)
    while one.lines > page:
        count = room if room >= layout.fewest_lines else page
        yield (replace(one, lines=count),)
        one, room = replace(one, lines=one.lines - count, goes_on=True), page
        band = (one,)
    yield band


def _height(band: tuple[_Written, ...], layout: Layout) -> float:
    return max(_own_height(one, layout) for one in band)


def _own_height(one: _Written, layout: Layout) -> float:
    if one.lines > 1:
        return one.lines * layout.line
    rows = ceil(len(one.words) / one.each)
    return rows * layout.box_height + (rows - 1) * layout.beside


def _placed(one: _Written, place: int, top: float, layout: Layout) -> Field:
    left = layout.margin + place * (_half(layout) + 1.5 * layout.apart)
    right = left + (_half(layout) if one.half else layout.room)
    score = Box(right - layout.score, top, layout.score, layout.box_height)
    first = layout.line if one.lines > 1 else layout.box_height
    return Field(
        one.number,
        one.points,
        left + layout.number - layout.mark,
        top + first / 2,
        tuple(_boxes(one, left + layout.number, top, layout)),
        None if one.goes_on else score,
    )


def _boxes(one: _Written, left: float, top: float, layout: Layout) -> Iterator[Box]:
    height = one.lines * layout.line if one.lines > 1 else layout.box_height
    before = max(_words_room(words, layout) for words, _ in one.words)
    step = before + one.width + layout.beside
    indent = before if one.words[0][0] else 0
    for place, words in enumerate(one.words):
        row, at = divmod(place, one.each)
        x = left + indent + at * step
        yield Box(x, top + row * (height + layout.beside), one.width, height, *words, lines=one.lines)


def frames(boxes: Sequence[Box]) -> str:
    """The outlines of boxes as one SVG path."""
    return "".join(f"M{box.x:g} {box.y:g}h{box.width:g}v{box.height:g}h{-box.width:g}z" for box in boxes)


def rules(boxes: Sequence[Box]) -> str:
    """The lines inside of boxes as one SVG path."""
    return "".join(
        f"M{box.x:g} {box.y + box.height * line / box.lines:g}h{box.width:g}"
        for box in boxes
        for line in range(1, box.lines)
    )
