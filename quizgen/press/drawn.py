"""What a bank's blocks and lines come to in files, made once: templates in which numbers are all that is missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from quizgen.press.bank import Bank, Heads
from quizgen.press.blocks import Block, Slot
from quizgen.press.concise import number, shown
from quizgen.press.fields import Field
from quizgen.press.measure import UnpressableError
from quizgen.press.pieces import Piece
from quizgen.press.structure import BOX, Element
from quizgen.press.writing import Start, begun

_SHOWN = re.compile(rb"(\[.*?\]) TJ")
_MOST_LINES = 4096  # that are kept: names of students come once, and numbers of pages again and again
_MOST_FILLS = 64  # that are kept of a block: a label comes again and again
_MARK = b"<</MCID %d>>"
MOST_MARKS = 999  # on a page, so that all of them are as wide in print
MARKS = tuple(b"%3d" % number for number in range(MOST_MARKS + 1))


# What an element's template lacks, in a row: its parent, its page, the document, then its own elements, then its marks.
_PARENT, _PAGE, DOCUMENT, _FIRST = range(4)
Wrappers = tuple[str, ...]
Picked = Callable[[tuple[bytes, ...]], tuple[bytes, ...]]


@dataclass(frozen=True, slots=True)
class Structure:
    """Elements as a template for their objects, one behind the other, of so many bytes each.

    `missing` picks from what the template lacks, `owners` what each mark belongs to. `tops` are the elements that stand
    in no other. `boxes` are places of pictures (points), each with what stands for it.
    """

    template: bytes
    missing: Picked
    owners: Picked
    lengths: tuple[int, ...]
    tops: tuple[int, ...]
    boxes: tuple[tuple[bytes, tuple[float, ...]], ...]

    def moved(self, right: float, up: float) -> bytes:
        """The template with its pictures moved so far (points)."""
        template = self.template
        for mark, (left, bottom, far, top) in self.boxes:
            template = template.replace(mark, _BOX % (left + right, bottom + up, far + right, top + up))
        return template


_BOX = b"[%9.3f %9.3f %9.3f %9.3f]"
_BOX_WIDTH = len(_BOX % (0, 0, 0, 0))


def structured(elements: Sequence[Element], marks: int, digits: int) -> Structure:
    """Elements with all that they hold, in the order of reading; numbers of objects have so many digits."""
    listed = _listed(elements)
    template, missing = bytearray(), list[int]()
    lengths: list[int] = []
    owners = [DOCUMENT] * marks
    boxes: list[tuple[bytes, tuple[float, ...]]] = []
    sample = (*[b"0" * digits] * (_FIRST + len(listed)), *[b"000"] * marks)
    for at, (element, parent, kids) in enumerate(listed):
        stands = (b"[BOX%d]" % at).ljust(_BOX_WIDTH)
        own, lacks = _object(element, parent, [kid if kid >= 0 else len(listed) - 1 - kid for kid in kids], len(listed))
        if element.box:
            own = own.replace(BOX.encode(), stands)
            boxes.append((stands, element.box))
        lengths.append(len(own % tuple([sample[one] for one in lacks])))
        template += own
        missing += lacks
        for kid in kids:
            if kid < 0:
                owners[-1 - kid] = _FIRST + at
    tops = tuple(at for at, (_, parent, _) in enumerate(listed) if parent < 0)
    return Structure(bytes(template), _picked(missing), _picked(owners), tuple(lengths), tops, tuple(boxes))


def _picked(places: Sequence[int]) -> Picked:
    """What stands at some places."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda row: tuple(row[place] for place in places)


def _listed(elements: Sequence[Element]) -> list[tuple[Element, int, list[int]]]:
    """Elements with the place of that in which each stands, -1 for none; and their kids, a mark m as -1 - m."""
    found: list[tuple[Element, int, list[int]]] = []

    def take(element: Element, parent: int) -> int:
        at, kids = len(found), list[int]()
        found.append((element, parent, kids))
        kids += [take(kid, at) if isinstance(kid, Element) else -1 - kid for kid in element.kids]
        return at

    for element in elements:
        take(element, -1)
    return found


def _object(element: Element, parent: int, kids: Sequence[int], count: int) -> tuple[bytes, list[int]]:
    """An element's template and what it lacks; of its kids, those from `count` on are marks."""
    lacks = [_PARENT if parent < 0 else _FIRST + parent]
    page = b""
    if element.box or any(kid >= count for kid in kids):
        page = b"/Pg %b 0 R"
        lacks.append(_PAGE)
    entries = element.entries.encode().replace(b"%", b"%%")
    inside = b" ".join([b"%b" if kid >= count else b"%b 0 R" for kid in kids])
    lacks += [_FIRST + kid for kid in kids]
    return b"<</S%b/P %%b 0 R%b%b/K[%b]>>\n" % (element.tag.encode(), page, entries, inside), lacks


@dataclass(frozen=True, slots=True)
class Drawn:
    """A block as it is drawn: its content, how many marks it has, its elements, what its slots have said so far."""

    content: bytes
    marks: int
    slots: tuple[tuple[int, Slot], ...]
    structure: Structure
    fills: dict[tuple[str, ...], tuple[tuple[bytes, ...], frozenset[str]]] = field(default_factory=dict, compare=False)


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
    """What has been made of a bank so far; papers' own objects are numbered from `first` on, with as many digits."""

    bank: Bank
    first: int
    _blocks: dict[tuple[int, Wrappers], Drawn] = field(default_factory=dict)
    _starts: dict[frozenset[str], Start] = field(default_factory=dict)
    _said: dict[tuple[str, str], Said] = field(default_factory=dict)
    _lines: dict[tuple[Field, str], Line] = field(default_factory=dict)
    _heads: dict[int, Line] = field(default_factory=dict)

    def block(self, block: Block, without: Wrappers = ()) -> Drawn:
        """A block, without the elements of these kinds that its own stand in."""
        key = block.key, without
        if key not in self._blocks:
            marks = block.content.count(_MARK)
            content = block.content.replace(_MARK, b"<</MCID %b>>")
            elements = block.elements
            for tag in without:
                elements = tuple(_unwrapped(elements, tag))
            self._blocks[key] = Drawn(content, marks, block.slots, structured(elements, marks, len(str(self.first))))
        return self._blocks[key]

    def start(self, fonts: frozenset[str], pack: int) -> Start:
        """What files with these fonts begin with."""
        if fonts not in self._starts:
            numbers = {number for name in fonts for number in self.bank.fonts[name][1]}
            self._starts[fonts] = begun(self.bank.objects, numbers, pack)
        return self._starts[fonts]

    def filled(self, drawn: Drawn, texts: tuple[str, ...]) -> tuple[tuple[bytes, ...], frozenset[str]]:
        """What a block's slots say, and the fonts that this needs."""
        if texts not in drawn.fills:
            said = [self.said(slot.kind, words) for (_, slot), words in zip(drawn.slots, texts, strict=True)]
            if len(drawn.fills) >= _MOST_FILLS:
                drawn.fills.clear()
            operators = tuple(one.at(slot) for one, (_, slot) in zip(said, drawn.slots, strict=True))
            drawn.fills[texts] = operators, frozenset().union(*(one.fonts for one in said))
        return drawn.fills[texts]

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
            number(float(piece.size), 3),
            shown(piece.glyphs.encode()).replace(b"%", b"%%"),
        )
        for piece in pieces
    )
    places = tuple((piece.x, piece.y) for piece in pieces)
    return Said(b"\nq\n%bQ" % b"".join(parts), places, frozenset(piece.font for piece in pieces))


def _unwrapped(elements: Iterable[Element], tag: str) -> Iterator[Element]:
    """The elements without those of this kind that they stand in."""
    for element in elements:
        if element.tag == tag and all(isinstance(kid, Element) for kid in element.kids):
            yield from (kid for kid in element.kids if isinstance(kid, Element))
        else:
            yield element
