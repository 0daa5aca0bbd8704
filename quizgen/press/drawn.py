"""What a bank's blocks and lines come to in files, made once: templates in which numbers are all that is missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from operator import itemgetter

from quizgen.press.bank import Bank, Heads
from quizgen.press.blocks import Block, QuestionBlocks, Slot
from quizgen.press.concise import number, shown
from quizgen.press.fields import Field
from quizgen.press.imposing import Item, height, placed
from quizgen.press.measure import UnpressableError
from quizgen.press.pieces import Box, Piece
from quizgen.press.structure import BOX, Element
from quizgen.press.writing import Start, begun

_SHOWN = re.compile(rb"(\[.*?\]) TJ")
_MOST_LINES = 4096  # that are kept: names of students come once, and numbers of pages again and again
_MOST_FILLS = 64  # that are kept of a block: a label comes again and again
_MOST_WHOLES = 4096  # questions with their choices in some order that are kept: some 20 MB
_MARK, _MARKED = b"<</MCID %d>>", b"<</MCID %b>>"
_SAYS = b"BDC%b"  # behind the mark of a slot
MOST_MARKS = 999  # on a page, so that all of them are as wide in print
MARKS = tuple(b"%3d" % number for number in range(MOST_MARKS + 1))


# What an element's template lacks, in a row: its parent, its page, the document, then its own elements, then its marks.
_PARENT, _PAGE, DOCUMENT, _FIRST = range(4)
Wrappers = tuple[str, ...]
# The elements round those of a block that are there once for what is put together of several.
WITHIN_SECTION: Wrappers = ("/Sect",)
_WITHIN_QUESTION: Wrappers = ("/Sect", "/Div")
_POINTS = 0.75  # of a CSS pixel
Picked = Callable[[tuple[bytes, ...]], tuple[bytes, ...]]


@dataclass(frozen=True, slots=True)
class Structure:
    """Elements as a template for their objects, one behind the other, of so many bytes each.

    `missing` are the places in a row of what the template lacks, `owners` of what each mark belongs to. `tops` are the
    elements that stand in no other. `boxes` are places of pictures (points), each with what stands for it.
    """

    template: bytes
    missing: tuple[int, ...]
    owners: tuple[int, ...]
    lengths: tuple[int, ...]
    tops: tuple[int, ...]
    boxes: tuple[tuple[bytes, tuple[float, ...]], ...]
    lacks: Picked = field(init=False, compare=False)
    owned: Picked = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lacks", _picked(self.missing))
        object.__setattr__(self, "owned", _picked(self.owners))

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
    return Structure(bytes(template), tuple(missing), tuple(owners), tuple(lengths), tops, tuple(boxes))


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
class Beside:
    """A structure that goes into another one, and how far to the right and up it stands there (points)."""

    structure: Structure
    right: float = 0
    up: float = 0


def questioned(stem: Structure, choices: Sequence[Beside], digits: int) -> Structure:
    """A question's element, which holds those of its stem and a list of its choices, in the order of reading."""
    listed = 1 + len(stem.lengths)
    count = listed + 1 + sum([len(one.structure.lengths) for one in choices])
    tops, entries = [1 + top for top in stem.tops], list[int]()
    parts, first, mark = list[_Part](), listed + 1, len(stem.owners)
    for at, one in enumerate(choices, start=1):
        parts.append(_part(one, at, _Shift(_FIRST + listed, first, count, mark)))
        entries += [first + top for top in one.structure.tops]
        first, mark = first + len(one.structure.lengths), mark + len(one.structure.owners)
    whole = _holding(b"/Div", _PARENT, [*tops, listed], digits), _part(Beside(stem), 0, _Shift(_FIRST, 1, count, 0))
    parts = [*whole, _holding(b"/L", _FIRST, entries, digits), *parts]
    template, missing, owners, lengths, boxes = zip(*parts, strict=True)
    return Structure(
        b"".join(template),
        _chained(missing),
        _chained(owners),
        _chained(lengths),
        (0,),
        tuple(chain.from_iterable(boxes)),
    )


# Of a structure that is put together: the template, what it lacks, the owners of marks, lengths, and pictures.
_Part = tuple[bytes, tuple[int, ...], tuple[int, ...], tuple[int, ...], list[tuple[bytes, tuple[float, ...]]]]


def _chained(parts: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(chain.from_iterable(parts))


def _holding(tag: bytes, parent: int, kids: Sequence[int], digits: int) -> _Part:
    """An element that holds others alone."""
    template = b"<</S%b/P %%b 0 R/K[%b]>>\n" % (tag, b" ".join([b"%b 0 R"] * len(kids)))
    length = len(template) + (digits - len(b"%b")) * (1 + len(kids))
    return template, (parent, *[_FIRST + kid for kid in kids]), (), (length,), []


@dataclass(frozen=True, slots=True)
class _Shift:
    """Where a structure's parent, elements and marks are in the row of the one it goes into, of so many elements."""

    parent: int
    first: int
    count: int
    mark: int

    def row(self, places: Sequence[int], own: int) -> tuple[int, ...]:
        """Places in the row of a structure of so many elements as those in the other's."""
        marks, moved = _FIRST + own, self.count - own + self.mark
        return tuple(
            [
                place + moved if place >= marks else place + self.first if place >= _FIRST else place or self.parent
                for place in places
            ]
        )


def _part(one: Beside, at: int, shift: _Shift) -> _Part:
    structure = one.structure
    template, own = structure.template, len(structure.lengths)
    boxes: list[tuple[bytes, tuple[float, ...]]] = []
    for place, (mark, (left, bottom, right, top)) in enumerate(structure.boxes):
        stands = (b"[BOX%d.%d]" % (at, place)).ljust(_BOX_WIDTH)
        template = template.replace(mark, stands)
        boxes.append((stands, (left + one.right, bottom + one.up, right + one.right, top + one.up)))
    return template, shift.row(structure.missing, own), shift.row(structure.owners, own), structure.lengths, boxes


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
    _labelled: dict[tuple[int, tuple[str, ...]], tuple[bytes, frozenset[str]]] = field(default_factory=dict)
    _wholes: dict[tuple[object, ...], Block] = field(default_factory=dict)
    _keys: Iterator[int] = field(default_factory=lambda: count(-1, -1))

    def wholes(self, items: Sequence[Item]) -> list[Item]:
        """The members of a flow, questions with choices as one block each."""
        while len(self._wholes) > _MOST_WHOLES:
            self._blocks.pop((self._wholes.pop(next(iter(self._wholes))).key, WITHIN_SECTION))
        return [self._whole(item) if item.blocks.choices else item for item in items]

    def _whole(self, item: Item) -> Item:
        stem, *choices = item.texts
        key = item.blocks.stem.key, item.order, *choices
        if key not in self._wholes:
            self._wholes[key] = self._made(item)
        blocks = QuestionBlocks(self._wholes[key])
        return Item(item.kind, blocks, (), (stem,), item.keep, item.bookmark, item.id, item.begins)

    def _made(self, item: Item) -> Block:
        """A question with its choices in one order as a block, whose slots are those of the stem."""
        stem, *choices = placed(item, 0)
        first = self.block(stem.block, _WITHIN_QUESTION)
        content, fonts, beside = [b"q\n", first.content, b"\nQ"], {*stem.block.fonts}, []
        for at in choices:
            right = at.x - at.block.box.left - stem.x + stem.block.box.left
            down = at.y - at.block.box.top + stem.block.box.top
            labelled, used = self._with_labels(at.block, at.texts)
            content += [b"\nq\n1 0 0 1 %.2f %.3f cm\n" % (right, down), labelled, b"\nQ"]
            up = stem.block.height - at.block.height - down * _POINTS
            beside.append(Beside(self.block(at.block).structure, right * _POINTS, up))
            fonts |= used
        structure = questioned(first.structure, beside, len(str(self.first)))
        key, corner = next(self._keys), stem.block.box
        box = Box(corner.left, corner.top, corner.right, corner.top + height(item))
        names = tuple(dict.fromkeys(chain(stem.block.names, *(at.block.names for at in choices))))
        needs = stem.block.needs.union(*(at.block.needs for at in choices))
        drawn = Drawn(b"".join(content), len(structure.owners), stem.block.slots, structure)
        self._blocks[key, WITHIN_SECTION] = drawn
        return Block(key, box, stem.block.height, b"", stem.block.slots, names, frozenset(fonts), needs, ())

    def _with_labels(self, block: Block, texts: tuple[str, ...]) -> tuple[bytes, frozenset[str]]:
        """A block's content with what its slots say, and the fonts that this needs."""
        key = block.key, texts
        if key not in self._labelled:
            if len(self._labelled) >= _MOST_LINES:
                self._labelled.clear()
            said, fonts = self.filled(self.block(block), texts)
            parts = block.content.split(_MARK)
            for operators, (mark, _) in zip(said, block.slots, strict=True):
                parts[mark + 1] = b"BDC%b%b" % (operators.replace(b"%", b"%%"), parts[mark + 1].removeprefix(_SAYS))
            self._labelled[key] = _MARKED.join(parts), fonts | block.fonts
        return self._labelled[key]

    def block(self, block: Block, without: Wrappers = ()) -> Drawn:
        """A block, without the elements of these kinds that its own stand in."""
        key = block.key, without
        if key not in self._blocks:
            marks = block.content.count(_MARK)
            content = block.content.replace(_MARK, _MARKED)
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
