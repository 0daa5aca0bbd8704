"""The answer sheet's boxes for what is written: words, labels, texts of several lines, and the marker's points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from quizgen.writers.pdf.sheet.geometry import Box, Field, Heading

if TYPE_CHECKING:
    from quizgen.writers.pdf.sheet.asked import Part, Written
    from quizgen.writers.pdf.sheet.measures import Measures

Placed = tuple[tuple[Heading, ...], tuple[Field, ...]]


@dataclass(frozen=True, slots=True)
class _Sized:
    """A question's boxes before they have a place: in a quarter, half or all of the width, so many in a row."""

    written: Written
    share: int
    each: int = 1
    lines: int = 1
    goes_on: bool = False

    @property
    def alone(self) -> bool:
        """Whether its one box is the frame itself."""
        return len(self.written.before) == 1


def fields(parts: Sequence[Part], measures: Measures, top: float, further: float) -> Iterator[Placed]:
    """Headings and fields page by page, the first page's from `top` on, others' from `further`.

    The first page has none where there is no room left for one.
    """
    headings: list[Heading] = []
    page: list[Field] = []
    for part in parts:
        title = part.title
        for band in _bands([_sized(written, measures) for written in part.written]):
            for cut in _parted(band, measures, top, further):
                need = _height(cut, measures) + (measures.heading if title else 0)
                if top + need > measures.bottom:
                    yield tuple(headings), tuple(page)
                    headings, page, top = [], [], further
                if title:
                    headings.append(Heading(title, measures.left, top + measures.heading - 2.4))
                    title, top = "", top + measures.heading
                page += _in_band(cut, top, measures)
                top += _height(cut, measures) + measures.apart
    if page:
        yield tuple(headings), tuple(page)


def _sized(written: Written, measures: Measures) -> _Sized:
    if written.kind == "lines":
        return _Sized(written, 1, lines=written.lines)
    if len(written.before) == 1:
        label = written.kind == "label"
        shares = (4, 2, 1) if label else (2, 1)
        least = measures.label_box * (2 if written.wide else 1) if label else measures.shortest_box
        return _Sized(written, next((s for s in shares if _inside(s, written, measures) >= least), 1))
    for share in (4, 2, 1):
        each = int((_inside(share, written, measures) - measures.inset) // _step(written, measures))
        if each >= len(written.before) or (share == 1 and each):
            return _Sized(written, share, each)
    return _Sized(written, 1)


def _inside(share: int, written: Written, measures: Measures) -> float:
    """What a share of the width leaves between the number and the marker's box."""
    return _wide(share, measures) - measures.number - measures.score - _words_room(written.after, measures)


def _wide(share: int, measures: Measures) -> float:
    return (measures.room - (share - 1) * measures.apart) / share


def _step(written: Written, measures: Measures) -> float:
    """From one box to the next."""
    before = max(_words_room(words, measures) for words in written.before)
    return before + _box_width(written, measures) + measures.inset


def _box_width(written: Written, measures: Measures) -> float:
    return measures.label_box if written.kind == "label" else measures.text_box


def _words_room(words: str, measures: Measures) -> float:
    # Arrows and signs such as ℃ are as wide as a Japanese letter in the sheet's face.
    letters = sum(2 if east_asian_width(letter) in "WFA" else 1 for letter in words)
    return letters * measures.letter_width + 2 if words else 0


def _bands(sized: Sequence[_Sized]) -> Iterator[tuple[_Sized, ...]]:
    """Short ones beside each other, long ones alone, all in their order."""
    band: list[_Sized] = []
    for one in sized:
        if band and sum(1 / other.share for other in [*band, one]) > 1:
            yield tuple(band)
            band = []
        band.append(one)
    if band:
        yield tuple(band)


def _parted(band: tuple[_Sized, ...], measures: Measures, top: float, further: float) -> Iterator[tuple[_Sized, ...]]:
    """A band as it is, or a text of more lines than a page has in parts, each of which fits on its page."""
    (one, *_) = band
    page = int((measures.bottom - further - measures.heading) // measures.line)
    room = int((measures.bottom - top - measures.heading) // measures.line)
    while one.lines > page:
        count = room if room >= measures.fewest_lines else page
        yield (replace(one, lines=count),)
        one, room = replace(one, lines=one.lines - count, goes_on=True), page
        band = (one,)
    yield band


def _height(band: Sequence[_Sized], measures: Measures) -> float:
    return max(_own_height(one, measures) for one in band)


def _own_height(one: _Sized, measures: Measures) -> float:
    if one.lines > 1:
        return one.lines * measures.line
    if one.alone:
        return measures.box_height
    rows = ceil(len(one.written.before) / one.each)
    return rows * (measures.inner_height + measures.inset) + measures.inset


def _in_band(band: Sequence[_Sized], top: float, measures: Measures) -> Iterator[Field]:
    """The fields of a band, all as high as the highest, so that their frames stand in line."""
    height, x = _height(band, measures), measures.left
    for one in band:
        frame = Box(round(x, 2), round(top, 2), round(_wide(one.share, measures), 2), height)
        yield _field(one, frame, measures)
        x += frame.width + measures.apart


def _field(one: _Sized, frame: Box, measures: Measures) -> Field:
    written = one.written
    end = frame.x + frame.width - measures.score
    score = None if one.goes_on else Box(round(end, 2), frame.y, measures.score, frame.height)
    if one.alone:
        width = (frame.x + frame.width if one.goes_on else end) - frame.x - measures.number
        width -= _words_room(written.after, measures)
        left = round(frame.x + measures.number, 2)
        boxes = [Box(left, frame.y, round(width, 2), frame.height, after=written.after, lines=one.lines)]
    else:
        boxes = list(_inner(one, frame, measures))
    return Field(written.question, written.label, written.points, frame, tuple(boxes), score)


def _inner(one: _Sized, frame: Box, measures: Measures) -> Iterator[Box]:
    """Boxes inside of the frame, each behind its words."""
    written = one.written
    before = max(_words_room(words, measures) for words in written.before)
    left = frame.x + measures.number + measures.inset
    for place, words in enumerate(written.before):
        row, at = divmod(place, one.each)
        x = left + before + at * _step(written, measures)
        y = frame.y + measures.inset + row * (measures.inner_height + measures.inset)
        yield Box(round(x, 2), round(y, 2), _box_width(written, measures), measures.inner_height, before=words)
