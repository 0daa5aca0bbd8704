"""Composing: a paper's pages as a file, from blocks, texts and structure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from itertools import chain

from quizgen.press.bank import TITLE, Bank, Heads, Static
from quizgen.press.blocks import Block
from quizgen.press.drawn import MARKS, MOST_MARKS, WITHIN_SECTION, Drawn, Line, Stock, Wrappers
from quizgen.press.imposing import Item, Page, Placed, pages
from quizgen.press.measure import UnpressableError
from quizgen.press.outlines import Bookmark, outlines
from quizgen.press.writing import File, is_stream, references, text

_POINTS = 0.75  # of a CSS pixel
# The kinds of items with which a section begins, and that stand in none.
_HEADING, _END = "heading", "end"
_FEWEST = 10_000  # the first number of a paper's own objects: all of them have as many digits


def composed(bank: Bank, items: Sequence[Item], values: Mapping[str, str]) -> bytes:
    """The file of a paper; raises UnpressableError when it cannot be imposed."""
    flow = pages(_stock(bank).wholes(items), bank.margins, bank.frame)
    if bank.blank is None and not all(flow[1:]):
        raise UnpressableError("no page was left blank where it was laid out")
    back = bank.backs[len(flow) % 2]
    if back is None:
        raise UnpressableError("the last pages would change from right-hand to left-hand ones")
    digits = len(str(len(bank.fronts[0]) + len(flow) + len(back)))
    if digits > len(bank.fronts):
        raise UnpressableError("a paper of so many pages was not laid out")
    return _Composer(bank, bank.fronts[digits - 1], flow, back, values).file()


@lru_cache(maxsize=2)
def _stock(bank: Bank) -> Stock:
    return Stock(bank, max(_FEWEST, 10 ** len(str(bank.next_number))))


@dataclass(slots=True)
class _Sheet:
    """A page in the making: its content, and the elements that its marks belong to."""

    key: int
    number: int
    name: bytes
    content: list[bytes] = field(default_factory=list)
    owners: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class _Elements:
    """Objects of the structure, numbered from the first on, one behind the other."""

    first: int
    data: list[bytes] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    names: list[bytes] = field(default_factory=list)

    @property
    def next(self) -> int:
        return self.first + len(self.lengths)

    def named(self, count: int) -> list[bytes]:
        """The next so many numbers in print."""
        start = len(self.lengths)
        if start + count > len(self.names):
            self.names += _names(self.first + len(self.names), count + _MORE_NAMES)
        return self.names[start : start + count]

    def put(self, data: bytes) -> int:
        """One object; its number."""
        self.data.append(data)
        self.lengths.append(len(data))
        return self.next - 1


_MORE_NAMES = 1000


@lru_cache(maxsize=64)
def _names(first: int, count: int) -> list[bytes]:
    return [b"%d" % number for number in range(first, first + count)]


class _Composer:
    """The state of composing one file."""

    def __init__(
        self,
        bank: Bank,
        front: Sequence[Static],
        flow: Sequence[Page],
        back: Sequence[Static],
        values: Mapping[str, str],
    ) -> None:
        self.bank, self.values, self.stock = bank, dict(values), _stock(bank)
        self.front, self.flow, self.back = front, flow, back
        for number, page in enumerate(flow, start=len(front) + 1):
            self.values |= {item.id: str(number) for item, _ in page if item.id}
        self.count = len(front) + len(flow) + len(back)
        self.first = self.stock.first
        # Numbers: the packs and the table, what there is once, pages, their contents, bookmarks, structure.
        self.elements_pack, self.pack, self.font_pack, self.table = range(self.first, self.first + 4)
        self.root, self.tree, self.parents, self.document, self.info, self.metadata, self.resources, self.kids = range(
            self.first + 4, self.first + 12
        )
        self.sheets = [_Sheet(key, self.first + 12 + key, b"%d" % (self.first + 12 + key)) for key in range(self.count)]
        self.contents = self.first + 12 + self.count
        self.bookmarks = list(self._bookmarks())
        self.outline = self.contents + self.count
        self.sections: list[list[int]] = []
        self.first_section = self.outline + 1 + len(self.bookmarks)
        self.elements = _Elements(self.first_section + sum(starts for _, starts in self._sections()))
        self.blocks: list[Block] = []
        self.said_fonts: list[frozenset[str]] = []
        self.document_name = b"%d" % self.document
        self.fonts: set[str] = set()

    def file(self) -> bytes:
        """The bytes."""
        tops: list[int] = []
        for static, sheet in zip(self.front, self.sheets, strict=False):
            tops += self._static(static, sheet)
        places = self._sections()
        for page, sheet in zip(self.flow, self.sheets[len(self.front) :], strict=False):
            tops += self._page(page, sheet, places)
        for static, sheet in zip(self.back, self.sheets[self.count - len(self.back) :], strict=True):
            tops += self._static(static, sheet)
        if self.elements.next >= 10 * self.first:
            raise UnpressableError("the paper has too many parts")
        self.fonts.update(*(block.fonts for block in self.blocks), *self.said_fonts)
        out = File(self.stock.start(frozenset(self.fonts), self.font_pack))
        objects = self.bank.objects
        needs = frozenset().union(*(block.needs for block in self.blocks))
        needed = sorted(needs - {number for name in self.fonts for number in self.bank.fonts[name][1]})
        for number in needed:
            if is_stream(objects[number]):
                out.put(number, objects[number])
        for sheet in self.sheets:
            out.stream(self.contents + sheet.key, b"".join(sheet.content))
        title = self.bank.title.format_map(self.values)
        out.pack(
            self.pack,
            [
                *((number, objects[number]) for number in needed if not is_stream(objects[number])),
                *self._pages(),
                *self._tree(tops),
                *outlines(self.outline, self.bookmarks),
                (self.info, b"<</Title %b/Producer %b>>" % (text(title), text(self.bank.producer))),
            ],
        )
        out.pack_run(self.elements_pack, self.elements.first, self.elements.lengths, b"".join(self.elements.data))
        described = self.bank.metadata.replace(TITLE, escape(title, quote=False)).encode()
        out.put(
            self.metadata,
            b"<</Type/Metadata/Subtype/XML/Length %d>>\nstream\n%b\nendstream" % (len(described), described),
        )
        return out.end(self.table, self.root, self.info)

    def _bookmarks(self) -> Iterator[Bookmark]:
        sheets = iter(self.sheets)
        for static in self.front:
            yield from _static_bookmarks(static, next(sheets))
        for page in self.flow:
            sheet = next(sheets)
            yield from (Bookmark(*item.bookmark, sheet.number, self._up(top)) for item, top in page if item.bookmark[0])
        for static in self.back:
            yield from _static_bookmarks(static, next(sheets))

    def _up(self, y: float) -> float:
        return self.bank.size[1] - y * _POINTS

    def _static(self, static: Static, sheet: _Sheet) -> list[int]:
        self._begin(sheet)
        tops = self._filled_in(static, sheet)
        self._heads(static.heads, sheet)
        return tops

    def _filled_in(self, static: Static, sheet: _Sheet) -> list[int]:
        """Draw what papers have alike, with what is filled in; the numbers of its elements."""
        lines = [self.stock.line(line, self.values) for line in static.fields]
        self.fonts.update(*(line.fonts for line in lines))
        inside = {int(slot.text) for _, slot in static.block.slots}
        said = tuple(b"\nq\n%bQ" % lines[int(slot.text)].operators for _, slot in static.block.slots)
        tops = self._block(Placed(static.block, 0, 0, ()), sheet, 0, self.document, (), said)
        return tops + [self._line(line, sheet) for place, line in enumerate(lines) if place not in inside]

    def _sections(self) -> Iterator[tuple[bool, bool]]:
        """Of each item of the flow, whether it stands in a section, and whether this begins with it."""
        begun = False
        for item in chain.from_iterable(self.flow):
            inside = item[0].kind != _END
            starts = inside and (not begun or item[0].kind == _HEADING)
            begun = begun or starts
            yield inside, starts

    def _page(self, page: Page, sheet: _Sheet, places: Iterator[tuple[bool, bool]]) -> list[int]:
        """Draw a page of the flow; the numbers of the elements below the document's that begin on it."""
        if not page and self.bank.blank:
            return self._static(self.bank.blank, sheet)
        self._begin(sheet)
        side = sheet.key % 2
        shift = self.bank.frames[side].left - self.bank.home.left
        opening = self.bank.opening if sheet.key == 0 else None
        tops = self._filled_in(opening, sheet) if opening else []
        for (item, top), (inside, starts) in zip(page, places, strict=False):
            if starts:
                self.sections.append([])
                tops.append(self.first_section + len(self.sections) - 1)
            parent = self.first_section + len(self.sections) - 1 if inside else self.document
            stem, (texts,) = item.blocks.stem, item.texts
            found = self._block(Placed(stem, stem.box.left, top, texts), sheet, shift, parent, WITHIN_SECTION)
            (self.sections[-1] if inside else tops).extend(found)
        self._heads(opening.heads if opening else self.bank.heads[side], sheet)
        return tops

    def _begin(self, sheet: _Sheet) -> None:
        """From here on, places are counted in pixels from the page's top left corner."""
        sheet.content.append(b".75 0 0 -.75 0 %.3f cm\n" % self.bank.size[1])
        self.values |= {"page": str(sheet.key + 1), "pages": str(self.count)}

    def _block(
        self,
        at: Placed,
        sheet: _Sheet,
        shift: float,
        parent: int,
        without: Wrappers = (),
        said: tuple[bytes, ...] = (),
    ) -> list[int]:
        """Draw a block on a page whose content lies so many pixels to the right of where it does on the block's own.

        What of its elements is `without` is there already. `said` is what its slots say, unless that is found by
        `at.texts`. Returns the numbers of the elements that it
        adds below `parent`.
        """
        block = at.block
        drawn = self.stock.block(block, without)
        x, y = at.x - block.box.left + shift, at.y - block.box.top
        mark, first = len(sheet.owners), self.elements.next
        if mark + drawn.marks > MOST_MARKS:
            raise UnpressableError("a page has too many parts")
        numbers = MARKS[mark : mark + drawn.marks]
        content = drawn.content % (self._filled(drawn, numbers, at.texts, said) if drawn.slots else numbers)
        sheet.content += (b"q\n1 0 0 1 %.2f %.3f cm\n" % (x, y), content, b"\nQ\n")
        self.blocks.append(block)
        structure, elements = drawn.structure, self.elements
        row = (b"%d" % parent, sheet.name, self.document_name, *elements.named(len(structure.lengths)), *numbers)
        template = structure.template
        if structure.boxes:
            template = structure.moved(x * _POINTS, self.bank.size[1] - block.height - y * _POINTS)
        elements.data.append(template % structure.lacks(row))
        elements.lengths += structure.lengths
        sheet.owners += structure.owned(row)
        return [first + top for top in structure.tops]

    def _filled(
        self, drawn: Drawn, numbers: tuple[bytes, ...], texts: tuple[str, ...], said: tuple[bytes, ...]
    ) -> tuple[bytes, ...]:
        """The numbers of a block's marks, and behind those of its slots what these say."""
        if not said:
            said, fonts = self.stock.filled(drawn, texts)
            self.said_fonts.append(fonts)
        missing = [*numbers]
        for more, ((mark, _), operators) in enumerate(zip(drawn.slots, said, strict=True), start=1):
            missing.insert(mark + more, operators)
        return tuple(missing)

    def _line(self, line: Line, sheet: _Sheet) -> int:
        """Write a line that stands in no element of its page; its own element's number."""
        mark, number = len(sheet.owners), self.elements.next
        sheet.content.append(b"/Span<</MCID %d>>BDC\nq\n%bQ\nEMC\n" % (mark, line.operators))
        sheet.owners.append(b"%d" % number)
        self.elements.put(b"<</S/P/P %d 0 R/Pg %d 0 R/K[%d]>>\n" % (self.document, sheet.number, mark))
        return number

    def _heads(self, heads: Heads, sheet: _Sheet) -> None:
        lines = [self.stock.heads(heads), *(self.stock.line(line, self.values) for line in heads.fields)]
        self.fonts.update(*(line.fonts for line in lines))
        operators = b"".join([line.operators for line in lines])
        sheet.content.append(b"/Artifact<</Type/Pagination>>BDC\n%bEMC\n" % operators)

    def _pages(self) -> Iterator[tuple[int, bytes]]:
        """The pages, and what they are drawn with."""
        bank = self.bank
        fonts = "".join(bank.fonts[name][0] for name in sorted(self.fonts))
        yield bank.font_table, b"<<%b>>" % fonts.encode()
        kinds: dict[str, str] = {}
        for kind, name in sorted(set(chain.from_iterable(block.names for block in self.blocks))):
            kinds[kind] = kinds.get(kind, "") + bank.resources[kind, name]
        named = "".join(f"{kind}<<{entries}>>" for kind, entries in kinds.items())
        yield self.resources, b"<</Font %d 0 R%b>>" % (bank.font_table, named.encode())
        width, height = bank.size
        kids = references([sheet.number for sheet in self.sheets])
        yield self.kids, b"<</Type/Pages/Count %d/Kids[%b]>>" % (self.count, kids)
        page = f"<</Type/Page/Parent {self.kids} 0 R/MediaBox[0 0 {width:.6f} {height:.6f}]/Tabs/S/StructParents %d"
        page += f"/Resources {self.resources} 0 R/Contents %d 0 R>>"
        template = page.encode()
        for sheet in self.sheets:
            yield sheet.number, template % (sheet.key, self.contents + sheet.key)

    def _tree(self, tops: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        """The catalogue, and the structure down to the blocks' elements."""
        outline = b"/Outlines %d 0 R" % self.outline if self.bookmarks else b""
        yield (
            self.root,
            b"<</Type/Catalog/Pages %d 0 R/StructTreeRoot %d 0 R/Metadata %d 0 R%b%b>>"
            % (self.kids, self.tree, self.metadata, self.bank.root.encode(), outline),
        )
        owners = b"".join([b"%d[%b]" % (sheet.key, b" 0 R ".join([*sheet.owners, b""])) for sheet in self.sheets])
        yield self.parents, b"<</Nums[%b]>>" % owners
        for number, kids in enumerate(self.sections, start=self.first_section):
            yield number, b"<</S/Sect/P %d 0 R/K[%b]>>" % (self.document, references(kids))
        yield self.document, b"<</Type/StructElem/S/Document/P %d 0 R/K[%b]>>" % (self.tree, references(tops))
        yield (
            self.tree,
            b"<</Type/StructTreeRoot/K[%d 0 R]/ParentTree %d 0 R/ParentTreeNextKey %d>>"
            % (self.document, self.parents, self.count),
        )


def _static_bookmarks(static: Static, sheet: _Sheet) -> Iterator[Bookmark]:
    return (Bookmark(level, words, sheet.number, y) for level, words, y in static.bookmarks)
