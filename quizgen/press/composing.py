"""Composing: a paper's pages as a file, from blocks, texts and structure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from quizgen.press.blocks import Block
from quizgen.press.fields import Faces, Field
from quizgen.press.imposing import Frame, Item, Page, Placed, pages, placed
from quizgen.press.measure import Margins, UnpressableError
from quizgen.press.pieces import Box, Piece
from quizgen.press.structure import BOX, Element
from quizgen.press.writing import File, text

TITLE = "TITLE-OF-THE-PAPER"
_FONT = re.compile(r"/([\w.+-]+) [\d.]+ Tf")
_POINTS = 0.75  # of a CSS pixel


@dataclass(frozen=True, slots=True)
class Heads:
    """A page's running heads and number: what all papers say alike, and what is filled in."""

    pieces: tuple[Piece, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Static:
    """A page that all papers have: its content, what is filled in, its running heads, its bookmarks."""

    block: Block
    fields: tuple[Field, ...]
    heads: Heads
    bookmarks: tuple[tuple[int, str, float], ...] = ()


@dataclass(frozen=True)
class Bank:
    """What the papers of an exam are composed of; sizes in points, rectangles in pixels.

    `frames` and `heads` are those of right-hand and of left-hand pages; `home` is the frame of the blocks' own pages.
    """

    size: tuple[float, float]
    frames: tuple[Box, Box]
    home: Box
    frame: Frame
    margins: Margins
    heads: tuple[Heads, Heads]
    front: tuple[Static, ...]
    back: tuple[Static, ...]
    flow_pages: int
    written: Mapping[tuple[str, str], tuple[Piece, ...]]
    faces: Faces
    objects: Mapping[int, bytes]
    fonts: Mapping[str, tuple[str, tuple[int, ...]]]
    font_table: int
    next_number: int
    resources: str
    pictures: Mapping[str, str]
    root: str
    title: str
    producer: str
    metadata: str


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A block that was drawn: its elements, its page's object, how far it was moved (points), and its marks' kids.

    `kid` writes one of the block's marks as a kid of the element of that number.
    """

    elements: tuple[Element, ...]
    page: int
    right: float
    up: float
    kid: Callable[[int, int], bytes]


@dataclass
class _Sheet:
    """A page in the making: its content, the elements that its marks belong to, the forms and pictures it draws."""

    key: int
    number: int
    content: list[bytes] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    forms: dict[int, int] = field(default_factory=dict)
    pictures: set[str] = field(default_factory=set)


def composed(bank: Bank, items: Sequence[Item], values: Mapping[str, str]) -> bytes:
    """The file of a paper; raises UnpressableError when it cannot be imposed."""
    flow = pages(items, bank.margins, bank.frame)
    if bank.back and (len(flow) - bank.flow_pages) % 2:
        raise UnpressableError("the last pages would change from right-hand to left-hand ones")
    return _Composer(bank, flow, values).file()


class _Composer:
    """The state of composing one file."""

    def __init__(self, bank: Bank, flow: Sequence[Page], values: Mapping[str, str]) -> None:
        self.bank, self.flow, self.values = bank, flow, dict(values)
        for number, page in enumerate(flow, start=len(bank.front) + 1):
            self.values |= {item.id: str(number) for item, _ in page if item.id}
        self.count = len(bank.front) + len(flow) + len(bank.back)
        needed: set[int] = set()
        self.fonts: set[str] = set()
        for block in self._blocks():
            self.fonts |= block.fonts
            needed |= block.needs
            needed |= {block.form} - {0}
        self.out = File(bank.objects, sorted(needed), bank.next_number)
        self.root, self.tree, self.parents, self.document = (self.out.reserve() for _ in range(4))
        self.keys: dict[int, bytes] = {}
        self.form_owners: dict[int, dict[int, int]] = {}
        self.bookmarks: list[tuple[int, str, int, float]] = []

    def _blocks(self) -> Iterator[Block]:
        for page in self.flow:
            for item, _ in page:
                yield item.blocks.stem
                yield from (item.blocks.choices[place] for place in item.order) if item.blocks.choices else ()
        yield from (static.block for static in (*self.bank.front, *self.bank.back))

    def file(self) -> bytes:
        """The bytes."""
        bank, out = self.bank, self.out
        catalogue = out.reserve()
        sheets: list[_Sheet] = []
        kids: list[int] = []
        for static in bank.front:
            kids += self._static(static, self._sheet(sheets))
        for page in self.flow:
            kids += self._page(page, self._sheet(sheets))
        for static in bank.back:
            kids += self._static(static, self._sheet(sheets))
        used = [bank.fonts[name] for name in sorted(self.fonts)]
        for number in sorted({number for _, numbers in used for number in numbers}):
            out.put(number, bank.objects[number])
        out.put(bank.font_table, b"<<%b>>" % "".join(entry for entry, _ in used).encode())
        for sheet in sheets:
            self._finish(sheet, catalogue)
        self._structure(kids)
        out.put(catalogue, b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(sheets), _references(s.number for s in sheets)))
        outlines = self._outlines([sheet.number for sheet in sheets])
        title = bank.title.format_map(self.values)
        info = out.add(b"<</Title %b/Producer %b>>" % (text(title), text(bank.producer)))
        described = bank.metadata.replace(TITLE, escape(title, quote=False)).encode()
        metadata = out.add(
            b"<</Type/Metadata/Subtype/XML/Length %d>>\nstream\n%b\nendstream" % (len(described), described)
        )
        out.put(
            self.root,
            b"<</Type/Catalog/Pages %d 0 R/StructTreeRoot %d 0 R/Metadata %d 0 R%b%b>>"
            % (catalogue, self.tree, metadata, bank.root.encode(), outlines),
        )
        return out.end(self.root, info)

    def _sheet(self, sheets: list[_Sheet]) -> _Sheet:
        sheet = _Sheet(len(sheets), self.out.reserve())
        sheets.append(sheet)
        self.values |= {"page": str(len(sheets)), "pages": str(self.count)}
        return sheet

    def _finish(self, sheet: _Sheet, catalogue: int) -> None:
        bank, out = self.bank, self.out
        content = out.stream(b"".join(sheet.content))
        width, height = bank.size
        drawn = "".join(f"/F{key} {number} 0 R" for key, number in sheet.forms.items())
        drawn += "".join(bank.pictures[name] for name in sorted(sheet.pictures))
        page = (
            f"<</Type/Page/Parent {catalogue} 0 R/MediaBox[0 0 {width:g} {height:g}]/Tabs/S/StructParents {sheet.key}"
            f"/Resources<</Font {bank.font_table} 0 R{bank.resources}/XObject<<{drawn}>>>>/Contents {content} 0 R>>"
        )
        out.put(sheet.number, page.encode())
        self.keys[sheet.key] = b"[%b]" % _references(sheet.owners)

    def _static(self, static: Static, sheet: _Sheet) -> list[int]:
        drawn = self._block(Placed(static.block, 0, 0, ()), sheet, 0)
        elements = [self._element(element, self.document, drawn) for element in drawn.elements]
        elements += [self._line(line, sheet) for line in static.fields]
        self._heads(static.heads, sheet)
        self.bookmarks += [(level, words, sheet.number, y) for level, words, y in static.bookmarks]
        return elements

    def _page(self, page: Page, sheet: _Sheet) -> list[int]:
        side = sheet.key % 2
        shift = self.bank.frames[side].left - self.bank.home.left
        kids: list[int] = []
        for item, top in page:
            if item.bookmark[0]:
                self.bookmarks.append((*item.bookmark, sheet.number, self._up(top)))
            kids += self._item(item, top, shift, sheet)
        self._heads(self.bank.heads[side], sheet)
        return kids

    def _item(self, item: Item, top: float, shift: float, sheet: _Sheet) -> list[int]:
        stem, *choices = placed(item, top)
        drawn = self._block(stem, sheet, shift)
        inside = _unwrapped(drawn.elements)
        if not choices:
            return [self._element(element, self.document, drawn) for element in inside]
        number = self.out.reserve(2)
        listed = number + 1
        kids = [self._element(element, number, drawn) for element in inside]
        blocks = [self._block(choice, sheet, shift) for choice in choices]
        entries = [self._element(element, listed, block) for block in blocks for element in block.elements]
        self.out.put(listed, b"<</Type/StructElem/S/L/P %d 0 R/K[%b]>>" % (number, _references(entries)))
        self.out.put(
            number,
            b"<</Type/StructElem/S/Div/P %d 0 R/K[%b]>>" % (self.document, _references([*kids, listed])),
        )
        return [number]

    def _up(self, y: float) -> float:
        return self.bank.size[1] - y * _POINTS

    def _block(self, at: Placed, sheet: _Sheet, shift: float) -> _Drawn:
        """Draw a block on a page whose content lies so many pixels to the right of where it does on the block's own."""
        block = at.block
        right, up = (at.x - block.box.left + shift) * _POINTS, self._up(at.y) - (block.height - block.box.top * _POINTS)
        move = b"q\n1 0 0 1 %.3f %.3f cm\n" % (right, up)
        if block.form:
            marks = self._labels(at, sheet, shift)
            sheet.forms[block.key] = block.form
            sheet.content.append(move + b"/F%d Do\nQ\n" % block.key)
            owners = self.form_owners.setdefault(block.key, {})

            def of_form(mark: int, owner: int) -> bytes:
                if mark in marks:
                    sheet.owners[marks[mark]] = owner
                    return b"%d " % marks[mark]
                owners[mark] = owner
                return b"<</Type/MCR/Pg %d 0 R/Stm %d 0 R/MCID %d>>" % (sheet.number, block.form, mark)

            return _Drawn(block.elements, sheet.number, right, up, of_form)
        base = len(sheet.owners)
        sheet.content.append(move)
        filled = list(_filled(block, at.texts, base, self.bank.written))
        self.fonts |= {
            piece.font
            for (_, slot), words in zip(block.slots, at.texts, strict=True)
            for piece in _says(self.bank.written, slot.kind, words)
        }
        sheet.content += filled
        sheet.content.append(b"\nQ\n")
        sheet.owners += [self.document] * (len(block.stretches) - 1)
        sheet.pictures |= set(block.names)

        def of_page(mark: int, owner: int) -> bytes:
            sheet.owners[base + mark] = owner
            return b"%d " % (base + mark)

        return _Drawn(block.elements, sheet.number, right, up, of_page)

    def _labels(self, at: Placed, sheet: _Sheet, shift: float) -> dict[int, int]:
        """Draw what a form's slots say, and tell the page's marks for the form's."""
        marks: dict[int, int] = {}
        for (mark, slot), words in zip(at.block.slots, at.texts, strict=True):
            x, y = at.x + shift + slot.x - at.block.box.left, at.y + slot.y - at.block.box.top
            drawn = "".join(piece.drawn_from(x, y) for piece in _says(self.bank.written, slot.kind, words))
            marks[mark] = self._text(drawn, sheet)
        return marks

    def _text(self, drawn: str, sheet: _Sheet) -> int:
        self.fonts |= set(_FONT.findall(drawn))
        mark = len(sheet.owners)
        sheet.owners.append(self.document)
        sheet.content.append(
            b"/Span <</MCID %d>> BDC\nq\n.75 0 0 -.75 0 %.3f cm\n%bQ\nEMC\n" % (mark, self.bank.size[1], drawn.encode())
        )
        return mark

    def _line(self, line: Field, sheet: _Sheet) -> int:
        mark = self._text(line.drawn(self.values, self.bank.faces), sheet)
        number = self.out.add(
            b"<</Type/StructElem/S/P/P %d 0 R/Pg %d 0 R/K[%d]>>" % (self.document, sheet.number, mark)
        )
        sheet.owners[mark] = number
        return number

    def _heads(self, heads: Heads, sheet: _Sheet) -> None:
        drawn = "".join(piece.drawn_from(0, 0) for piece in heads.pieces)
        drawn += "".join(line.drawn(self.values, self.bank.faces) for line in heads.fields)
        self.fonts |= set(_FONT.findall(drawn))
        sheet.content.append(
            b"/Artifact <</Type/Pagination>> BDC\nq\n.75 0 0 -.75 0 %.3f cm\n%bQ\nEMC\n"
            % (self.bank.size[1], drawn.encode())
        )

    def _element(self, element: Element, parent: int, drawn: _Drawn) -> int:
        number = self.out.reserve()
        kid_of = drawn.kid
        kids = b"".join(
            [
                kid_of(kid, number) if isinstance(kid, int) else b"%d 0 R " % self._element(kid, number, drawn)
                for kid in element.kids
            ]
        )
        entries = element.entries
        if element.box:
            left, bottom, right, top = element.box
            moved = left + drawn.right, bottom + drawn.up, right + drawn.right, top + drawn.up
            entries = entries.replace(BOX, f"[{' '.join(f'{edge:.3f}' for edge in moved)}]")
        self.out.put(
            number,
            b"<</Type/StructElem/S%b/P %d 0 R/Pg %d 0 R%b/K[%b]>>"
            % (element.tag.encode(), parent, drawn.page, entries.encode(), kids),
        )
        return number

    def _structure(self, kids: Sequence[int]) -> None:
        out = self.out
        for key, owners in self.form_owners.items():
            row = (owners.get(place) for place in range(max(owners, default=-1) + 1))
            self.keys[key] = b"[%b]" % b" ".join(b"%d 0 R" % owner if owner else b"null" for owner in row)
        numbers = b" ".join(b"%d %b" % pair for pair in sorted(self.keys.items()))
        out.put(self.parents, b"<</Nums[%b]>>" % numbers)
        out.put(self.document, b"<</Type/StructElem/S/Document/P %d 0 R/K[%b]>>" % (self.tree, _references(kids)))
        out.put(
            self.tree,
            b"<</Type/StructTreeRoot/K[%d 0 R]/ParentTree %d 0 R/ParentTreeNextKey %d>>"
            % (self.document, self.parents, max(self.keys) + 1),
        )

    def _outlines(self, sheets: Sequence[int]) -> bytes:
        del sheets
        if not self.bookmarks:
            return b""
        first = self.out.reserve(1 + len(self.bookmarks))
        _write_outline(self.out, first, self.bookmarks)
        return b"/Outlines %d 0 R" % first


def _write_outline(out: File, root: int, bookmarks: Sequence[tuple[int, str, int, float]]) -> None:
    """Bookmarks as a tree of objects numbered from the root on, each below the last one of a lower level."""
    parents: list[int] = []
    below: dict[int, list[int]] = {0: []}
    stack: list[tuple[int, int]] = [(0, 0)]
    for place, (level, _, _, _) in enumerate(bookmarks, start=1):
        while stack[-1][0] >= level:
            stack.pop()
        parents.append(stack[-1][1])
        below.setdefault(stack[-1][1], []).append(place)
        below.setdefault(place, [])
        stack.append((level, place))
    top = below[0]
    out.put(
        root, b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % (root + top[0], root + top[-1], len(bookmarks))
    )
    for place, ((_, words, page, y), parent) in enumerate(zip(bookmarks, parents, strict=True), start=1):
        row = below[parent]
        at = row.index(place)
        links = b""
        if at:
            links += b"/Prev %d 0 R" % (root + row[at - 1])
        if at + 1 < len(row):
            links += b"/Next %d 0 R" % (root + row[at + 1])
        if kids := below[place]:
            links += b"/First %d 0 R/Last %d 0 R/Count %d" % (root + kids[0], root + kids[-1], len(kids))
        destination = b"[%d 0 R/XYZ 0 %.3f 0]" % (page, y)
        out.put(
            root + place, b"<</Title %b/Parent %d 0 R/Dest%b%b>>" % (text(words), root + parent, destination, links)
        )


def _filled(
    block: Block, texts: Sequence[str], base: int, written: Mapping[tuple[str, str], tuple[Piece, ...]]
) -> Iterator[bytes]:
    """A block's stretches with its marks counted from `base`, and what its slots say."""
    said = {mark: (slot, words) for (mark, slot), words in zip(block.slots, texts, strict=True)}
    head = b">>\nBDC\n"
    yield block.stretches[0]
    for mark, stretch in enumerate(block.stretches[1:]):
        yield b"%d" % (base + mark)
        if mark in said:
            slot, words = said[mark]
            drawn = "".join(piece.drawn_from(slot.x, slot.y) for piece in _says(written, slot.kind, words))
            yield b"%bq\n%bQ\n%b" % (head, drawn.encode(), stretch.removeprefix(head))
        else:
            yield stretch


def _says(written: Mapping[tuple[str, str], tuple[Piece, ...]], kind: str, words: str) -> tuple[Piece, ...]:
    if (kind, words) not in written:
        raise UnpressableError(f"the {kind} “{words}” was not laid out")
    return written[kind, words]


def _unwrapped(elements: Sequence[Element]) -> list[Element]:
    """The elements of a block without the section that they stand in."""
    inner: list[Element] = []
    for element in elements:
        inner += [kid for kid in element.kids if isinstance(kid, Element)] if element.tag == "/Sect" else [element]
    return inner


def _references(numbers: object) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)  # type: ignore[attr-defined]
