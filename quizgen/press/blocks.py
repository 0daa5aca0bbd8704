"""Blocks: what was laid out once and can be placed on any paper's pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from quizgen.press.concise import Content, concise
from quizgen.press.marking import Part
from quizgen.press.measure import Layout, UnpressableError
from quizgen.press.objects import Objects, reference
from quizgen.press.pieces import Box, Piece, marks_of, used_names, without, without_artifacts
from quizgen.press.structure import Element

if TYPE_CHECKING:
    import pikepdf

FIELD = "field"  # the kind of a slot whose text is the place of a line that was cut away
# What a content stream calls by names; fonts are in one table, whatever a page needs.
Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a block's text differs from paper to paper: its kind, its text in the layout, its corner (pixels)."""

    kind: str
    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Block:
    """Something that is printed as one, at home on a page of its own.

    `box` is its rectangle there and `height` that page's height in points; `content` is drawn in pixels from that
    page's corner. `slots` are at some of its marks, by their numbers. `names` are the resources that it uses, `fonts`
    those that it or a picture uses, `needs` the numbers of the other objects that are needed. No other block of the
    same bank has its `key`.
    """

    key: int
    box: Box
    height: float
    content: bytes
    slots: tuple[tuple[int, Slot], ...]
    names: tuple[Name, ...]
    fonts: frozenset[str]
    needs: frozenset[int]
    elements: tuple[Element, ...]


class Pages:
    """The pages of a document as the places that blocks are taken from."""

    def __init__(self, pdf: pikepdf.Pdf, trees: Sequence[tuple[Element, ...]]) -> None:
        self._pdf, self._trees = pdf, trees
        self._pages: list[Any] = list(pdf.pages)
        self.resources: Any = self._pages[0].obj.Resources
        self.font_table = self.resources.Font.objgen[0]
        self.objects = Objects(frozenset([self.font_table]))
        self.objects.written[self.font_table] = b""
        self.named: dict[Name, str] = {}  # the entries of resources that blocks use

    def stream(self, page: int) -> bytes:
        """A page's content without running heads."""
        return without_artifacts(bytes(self._pages[page].Contents.read_bytes()))

    def block(self, page: int, box: Box, slots: Sequence[Slot]) -> Block:
        """What a page shows as a block; raises UnpressableError for what cannot be moved."""
        stream = self.stream(page)
        content = self._content(page, stream)
        if slots and len(content.hidden) != len(slots):
            raise UnpressableError("what differs between papers cannot be told from the rest")
        return self._block(page, box, stream, content, zip(content.hidden, slots, strict=False))

    def block_without(self, page: int, cut: Sequence[Sequence[Piece]]) -> Block:
        """What a page shows without some lines; a slot is where one stood that marked content was made of."""
        whole = self.stream(page)
        stream = without(whole, [piece for line in cut for piece in line])
        marks = marks_of(whole, [line[0] for line in cut])
        content = self._content(page, stream, frozenset(marks))
        places: dict[int, int] = {}
        for place, mark in enumerate(marks):
            if content.numbers.get(mark) in content.hidden:
                places.setdefault(content.numbers[mark], place)
        held = ((number, Slot(FIELD, str(places[number]), 0, 0)) for number in content.hidden)
        return self._block(page, Box(0, 0, 0, 0), stream, content, held)

    def _content(self, page: int, stream: bytes, kept: frozenset[int] | None = None) -> Content:
        if "/Annots" in self._pages[page].obj:
            raise UnpressableError("a link stands in a question")
        return concise(stream, dict(_following(self._trees[page])), kept)

    def _block(self, page: int, box: Box, stream: bytes, content: Content, held: Iterable[tuple[int, Slot]]) -> Block:
        height = float(self._pages[page].MediaBox[3])
        names, fonts, needs = self._used(stream)
        elements = tuple(_remarked(element, content) for element in self._trees[page])
        return Block(page, box, height, content.template, tuple(held), names, fonts, needs, elements)

    def _used(self, stream: bytes) -> tuple[tuple[Name, ...], frozenset[str], frozenset[int]]:
        """The resources that a stream names, all fonts in them, and the numbers of the other objects that it needs."""
        found: list[Name] = []
        fonts: set[str] = set()
        needs: set[int] = set()
        for kind, names in used_names(stream).items():
            if kind == "/Font":
                fonts |= set(names)
                continue
            have = {name: self._resource(kind, name) for name in names}
            known = {name: value for name, value in have.items() if value is not None}
            needs |= self.objects.add(known.values())
            for name, value in known.items():
                fonts |= _fonts(value)
                found.append((kind, name))
                self.named[kind, name] = f"/{name} {reference(value)}"
        return tuple(found), frozenset(fonts), frozenset(needs)

    def _resource(self, kind: str, name: str) -> Any:
        return self.resources[kind].get(f"/{name}") if kind in self.resources else None


def _fonts(value: Any, seen: frozenset[int] = frozenset()) -> set[str]:
    """The fonts that a picture's own drawing uses, and those of what it draws in turn."""
    import pikepdf

    number = value.objgen[0]
    if not isinstance(value, pikepdf.Stream) or value.get("/Subtype") == "/Image" or number in seen:
        return set()
    found = set(used_names(bytes(value.read_bytes())).get("/Font", ()))
    resources: Any = value.get("/Resources", {})
    for kind in ("/XObject", "/Pattern"):
        for part in resources.get(kind, {}).values():
            found |= _fonts(part, seen | {number})
    return found


def _following(elements: Iterable[Element]) -> Iterator[tuple[int, int]]:
    """Marks that follow another in the same element, each with that one."""
    for element in elements:
        yield from _following(kid for kid in element.kids if isinstance(kid, Element))
        for one, other in pairwise(element.kids):
            if isinstance(one, int) and isinstance(other, int):
                yield other, one


def _remarked(element: Element, content: Content) -> Element:
    """An element with the marks as a content calls them, and none that marks nothing."""
    kids: list[Element | int] = []
    for kid in element.kids:
        if isinstance(kid, Element):
            kids.append(_remarked(kid, content))
        elif kid in content.numbers:
            kids.append(content.numbers[kid])
    return replace(element, kids=tuple(kids))


@dataclass(frozen=True, slots=True)
class QuestionBlocks:
    """A question as a stem and choices that can stand in any order; distances in pixels.

    `first`: from the stem down to the choices; `between`: from row to row; `last`: from the last row to the end;
    `lefts`: where the choices of a row begin. A question whose choices cannot change places is a stem alone.
    """

    stem: Block
    choices: tuple[Block, ...] = ()
    first: float = 0
    between: float = 0
    last: float = 0
    lefts: tuple[float, ...] = ()

    @property
    def columns(self) -> int:
        """How many choices stand in a row."""
        return len(self.lefts)


def slots_on(parts: Iterable[Part], page: int, split: Layout) -> tuple[Slot, ...]:
    """The slots among parts that stand on a page."""
    placed = ((part, split.places.get(part.id)) for part in parts if part.text)
    return tuple(
        Slot(part.kind, part.text, place.box.left, place.box.top)
        for part, place in placed
        if place and place.page == page
    )
