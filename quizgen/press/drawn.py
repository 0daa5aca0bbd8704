"""What a bank's blocks and lines come to in files, made once: templates in which numbers are all that is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from quizgen.press.bank import Bank, Heads
from quizgen.press.blocks import Block, Slot
from quizgen.press.concise import shown
from quizgen.press.fields import Field
from quizgen.press.measure import UnpressableError
from quizgen.press.pieces import Piece
from quizgen.press.structure import BOX, Element
from quizgen.press.writing import Start, begun

_SHOWN = re.compile(rb"(\[.*?\]) TJ")
_MOST_LINES = 4096  # that are kept: names of students come once, and numbers of pages again and again
MOST_MARKS = 999  # on a page, so that all of them are as wide in print


class Place(NamedTuple):
    """Where a block's elements come to be: below which element, on which page, their numbers, their first mark.

    `right` and `up`: how far its pictures are moved (points).
    """

    parent: int
    page: int
    first: int
    mark: int
    right: float
    up: float


_PARENT, _PAGE, _FIRST, _MARK, _RIGHT, _UP = range(6)


@dataclass(frozen=True, slots=True)
class Structure:
    """Elements as a template for their objects, one behind the other, each `starts` bytes behind the first.

    `missing` says what its numbers are: which of a Place's, and how much is added. `tops` are those that stand in no
    other, and `owners` is the one that each mark belongs to.
    """

    template: bytes
    missing: tuple[tuple[int, float], ...]
    starts: tuple[int, ...]
    tops: tuple[int, ...]
    owners: tuple[int, ...]
    size: int

    def at(self, place: Place) -> bytes:
        """The objects."""
        return self.template % tuple([place[which] + more for which, more in self.missing])


def structured(elements: Sequence[Element], marks: int) -> Structure:
    """Elements with all that they hold, in the order of reading."""
    template, missing = bytearray(), list[tuple[int, float]]()
    lengths: list[int] = []
    owners = [-1] * marks
    tops: list[int] = []
    sample = Place(10_000, 10_000, 10_000, 100, 0, 0)
    for at, (element, parent, kids) in enumerate(_listed(elements)):
        own, numbers = _object(element, parent, kids)
        lengths.append(len(own % tuple([sample[which] + more for which, more in numbers])))
        template += own
        missing += numbers
        for kid in kids:
            if kid < 0:
                owners[-1 - kid] = at
        tops += [at] * (parent < 0)
    starts = tuple(accumulate(lengths, initial=0))
    return Structure(bytes(template), tuple(missing), starts[:-1], tuple(tops), tuple(owners), starts[-1])


def _listed(elements: Sequence[Element]) -> list[tuple[Element, int, list[int]]]:
    """Elements with the place of that in which each stands, -1 for none; and their kids, a mark m as -1 - m."""
    found: list[tuple[Element, int, list[int]]] = []

    def add(element: Element, parent: int) -> int:
        at, kids = len(found), list[int]()
        found.append((element, parent, kids))
        kids += [add(kid, at) if isinstance(kid, Element) else -1 - kid for kid in element.kids]
        return at

    for element in elements:
        add(element, -1)
    return found


def _object(element: Element, parent: int, kids: Sequence[int]) -> tuple[bytes, list[tuple[int, float]]]:
    """An element's template, and what is missing in it."""
    missing: list[tuple[int, float]] = [(_PARENT, 0) if parent < 0 else (_FIRST, parent)]
    page = b""
    if element.box or any(kid < 0 for kid in kids):
        page = b"/Pg %d 0 R"
        missing.append((_PAGE, 0))
    entries = element.entries.encode().replace(b"%", b"%%")
    if element.box:
        left, bottom, right, top = element.box
        missing += [(_RIGHT, left), (_UP, bottom), (_RIGHT, right), (_UP, top)]
        entries = entries.replace(BOX.encode(), b"[%9.3f %9.3f %9.3f %9.3f]")
    inside = b" ".join([b"%3d" if kid < 0 else b"%d 0 R" for kid in kids])
    missing += [(_MARK, -1 - kid) if kid < 0 else (_FIRST, kid) for kid in kids]
    return b"<</S%b/P %%d 0 R%b%b/K[%b]>>\n" % (element.tag.encode(), page, entries, inside), missing


@dataclass(frozen=True, slots=True)
class Drawn:
    """A block as it is drawn: its content, how many marks it has, its elements."""

    content: bytes
    marks: int
    slots: tuple[tuple[int, Slot], ...]
    structure: Structure


@dataclass(frozen=True, slots=True)
class Said:
    """What a slot says: a template for the corner of each piece, where these stand in the slot, and the fonts."""

    template: bytes
    places: tuple[tuple[float, float], ...]
    fonts: frozenset[str]

    def at(self, slot: Slot) -> bytes:
        """The operators."""
        return self.template % tuple([edge for x, y in self.places for edge in (slot.x + x, slot.y + y)])


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text that stands where it stands."""

    operators: bytes
    fonts: frozenset[str]


@dataclass(eq=False)
class Stock:
    """What has been made of a bank so far."""

    bank: Bank
    _blocks: dict[tuple[int, bool], Drawn] = field(default_factory=dict)
    _starts: dict[frozenset[str], Start] = field(default_factory=dict)
    _said: dict[tuple[str, str], Said] = field(default_factory=dict)
    _lines: dict[tuple[Field, str], Line] = field(default_factory=dict)
    _heads: dict[int, Line] = field(default_factory=dict)

    def block(self, block: Block, *, inner: bool = False) -> Drawn:
        """A block, or one without the sections that its elements stand in."""
        key = block.key, inner
        if key not in self._blocks:
            marks = block.content.count(b"<</MCID %d>>")
            elements = tuple(_unwrapped(block.elements)) if inner else block.elements
            self._blocks[key] = Drawn(block.content, marks, block.slots, structured(elements, marks))
        return self._blocks[key]

    def start(self, fonts: frozenset[str], pack: int) -> Start:
        """What files with these fonts begin with."""
        if fonts not in self._starts:
            numbers = {number for name in fonts for number in self.bank.fonts[name][1]}
            self._starts[fonts] = begun(self.bank.objects, numbers, pack)
        return self._starts[fonts]

    def said(self, kind: str, words: str) -> Said:
        """What a slot of that kind says; raises UnpressableError for what was not laid out."""
        key = kind, words
        if key not in self._said:
            if key not in self.bank.written:
                raise UnpressableError(f"the {kind} “{words}” was not laid out")
            self._said[key] = _said(self.bank.written[key])
        return self._said[key]

    def line(self, wanted: Field, values: dict[str, str]) -> Line:
        """A line filled in."""
        key = wanted, wanted.words.format_map(values)
        if key not in self._lines:
            if len(self._lines) >= _MOST_LINES:
                self._lines.clear()
            self._lines[key] = _line(wanted.drawn(values, self.bank.faces))
        return self._lines[key]

    def heads(self, heads: Heads) -> Line:
        """The part of running heads that all papers have."""
        key = id(heads)  # of the bank, which lasts as long as this
        if key not in self._heads:
            self._heads[key] = _line("".join(piece.drawn_from(0, 0) for piece in heads.pieces))
        return self._heads[key]


_FONT = re.compile(r"/([\w.+-]+) [\d.]+ Tf")


def _line(operators: str) -> Line:
    short = _SHOWN.sub(lambda found: shown(found[1]), operators.encode())
    return Line(short, frozenset(_FONT.findall(operators)))


def _said(pieces: Iterable[Piece]) -> Said:
    pieces = tuple(pieces)
    parts = (
        b"%b rg\nBT\n1 0 0 -1 %%.2f %%.2f Tm\n/%b %b Tf\n%b\nET\n"
        % (
            piece.colour.encode(),
            piece.font.encode(),
            piece.size.encode(),
            shown(piece.glyphs.encode()).replace(b"%", b"%%"),
        )
        for piece in pieces
    )
    places = tuple((piece.x, piece.y) for piece in pieces)
    return Said(b"\nq\n%bQ\n" % b"".join(parts), places, frozenset(piece.font for piece in pieces))


def _unwrapped(elements: Iterable[Element]) -> Iterator[Element]:
    """The elements of a block without the section that they stand in."""
    for element in elements:
        if element.tag == "/Sect":
            yield from (kid for kid in element.kids if isinstance(kid, Element))
        else:
            yield element
