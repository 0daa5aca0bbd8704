"""Blocks: what was laid out once and can be placed on any paper's pages."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from quizgen.press.marking import Part
from quizgen.press.measure import Layout, UnpressableError
from quizgen.press.objects import Objects, reference
from quizgen.press.pieces import Box, Piece, used_names, without, without_artifacts
from quizgen.press.structure import Element

if TYPE_CHECKING:
    import pikepdf

_MARK = re.compile(rb"<</MCID (\d+)>>\nBDC\n(EMC\n)?")
_EMPTY = re.compile(rb"/\w+\n<</MCID \d+>>\nBDC\nEMC\n")
FIRST_KEY = 100_000  # of the forms in the tree of parents, where pages are counted from 0


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

    `box` is its rectangle there and `height` that page's height in points. Its content is a `form` (an object's
    number), or stands in the page's own content: `stretches`, between which are marks of content in turn; `slots` are
    at some of them, by the marks' numbers. `names` are the pictures that stretches draw, `fonts` those that are used,
    `needs` the numbers of the other objects that are needed.
    """

    key: int
    box: Box
    height: float
    form: int
    stretches: tuple[bytes, ...]
    slots: tuple[tuple[int, Slot], ...]
    names: tuple[str, ...]
    fonts: frozenset[str]
    needs: frozenset[int]
    elements: tuple[Element, ...]


class Pages:
    """The pages of a document as the places that blocks are taken from."""

    def __init__(self, pdf: pikepdf.Pdf, trees: Sequence[tuple[Element, ...]]) -> None:
        self._pdf, self._trees = pdf, trees
        self._pages: list[Any] = list(pdf.pages)
        self._next = max(item.objgen[0] for item in pdf.objects) + 1
        self.resources: Any = self._pages[0].obj.Resources
        self.font_table = self.resources.Font.objgen[0]
        self.objects = Objects(frozenset([self.font_table]))
        self.objects.written[self.font_table] = b""

    @property
    def next_number(self) -> int:
        """The first number that no object has."""
        return self._next

    def stream(self, page: int) -> bytes:
        """A page's content without running heads."""
        return without_artifacts(bytes(self._pages[page].Contents.read_bytes()))

    def block(self, page: int, box: Box, slots: Iterable[Slot], *, inline: bool, cut: Sequence[Piece] = ()) -> Block:
        """What a page shows as a block, some of its text cut away; raises UnpressableError for what cannot be moved."""
        if "/Annots" in self._pages[page].obj:
            raise UnpressableError("a link stands in a question")
        stream = without(self.stream(page), cut)
        height = float(self._pages[page].MediaBox[3])
        names, fonts, needs, entries = self._used(stream)
        chunks, hidden = _split(stream)
        slots = tuple(slots)
        if slots and len(hidden) != len(slots):
            raise UnpressableError("what differs between papers cannot be told from the rest")
        held = tuple(zip(hidden, slots, strict=False))
        form = 0
        if not inline:
            form = self._form(stream, page, entries)
            chunks = ()
        return Block(
            FIRST_KEY + page,
            box,
            height,
            form,
            chunks,
            held,
            names if inline else (),
            fonts,
            needs,
            self._trees[page],
        )

    def _form(self, stream: bytes, page: int, entries: str) -> int:
        data = zlib.compress(_EMPTY.sub(b"", stream), 9)
        box = " ".join(f"{float(edge):g}" for edge in self._pages[page].MediaBox)
        head = (
            f"<</Type/XObject/Subtype/Form/BBox[{box}]/StructParents {FIRST_KEY + page}/Resources<<{entries}>>"
            f"/Filter/FlateDecode/Length {len(data)}>>"
        )
        number, self._next = self._next, self._next + 1
        self.objects.written[number] = head.encode() + b"\nstream\n" + data + b"\nendstream"
        return number

    def _used(self, stream: bytes) -> tuple[tuple[str, ...], frozenset[str], frozenset[int], str]:
        """The pictures a stream draws, its fonts, the numbers of the other objects that it needs, and its resources."""
        pictures: tuple[str, ...] = ()
        fonts: set[str] = set()
        needs: set[int] = set()
        entries = f"/Font {self.font_table} 0 R"
        for kind, names in used_names(stream).items():
            if kind == "/Font":
                fonts |= set(names)
                continue
            have = {name: self._resource(kind, name) for name in names}
            known = {name: value for name, value in have.items() if value is not None}
            needs |= self.objects.add(known.values())
            for value in known.values():
                fonts |= _fonts(value)
            pictures = tuple(known) if kind == "/XObject" else pictures
            entries += f"{kind}<<{''.join(f'/{name} {reference(value)}' for name, value in known.items())}>>"
        return pictures, frozenset(fonts), frozenset(needs), entries

    def _resource(self, kind: str, name: str) -> Any:
        return self.resources[kind].get(f"/{name}") if kind in self.resources else None

    def named(self, kind: str, names: Iterable[str]) -> str:
        """Entries of a resource dictionary."""
        return "".join(f"/{name} {reference(self.resources[kind][f'/{name}'])}" for name in names)


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


def _split(stream: bytes) -> tuple[tuple[bytes, ...], tuple[int, ...]]:
    """A content stream cut before and after the number of each mark of content, and the numbers of empty marks."""
    chunks: list[bytes] = []
    hidden: list[int] = []
    end = 0
    for count, mark in enumerate(_MARK.finditer(stream)):
        if int(mark[1]) != count:
            raise UnpressableError("the marks of content are not in order")
        chunks.append(stream[end : mark.start(1)])
        end = mark.end(1)
        if mark[2]:
            hidden.append(count)
    return (*chunks, stream[end:]), tuple(hidden)


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
