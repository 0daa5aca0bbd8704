"""Many finished PDFs in one file to print, written object by object: thousands of papers never lie in memory."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, NamedTuple

from quizgen.press.reading import ForeignError, Reading, replaced

if TYPE_CHECKING:
    from pikepdf import Object
    from pikepdf import Page as ForeignPage

Sides = Literal["Simplex", "DuplexFlipLongEdge", "DuplexFlipShortEdge"]

# What a page has for readers at a screen, or points back to its own file with.
_LEFT_OUT = frozenset({"/Parent", "/Annots", "/StructParents", "/Tabs", "/B"})
_FAN = 64  # kids of a node of the page tree
_MOST_DIGESTS = 200_000  # of objects that further ones are compared with: some 30 MB
_MOST_STARTS = 16
_ROWS = 65_536  # of the table that are packed at once


@dataclass(frozen=True, slots=True)
class Part:
    """A finished PDF, as a file or opened, and its bookmark in the bound file."""

    title: str
    source: Path | BinaryIO

    def read(self) -> bytes:
        """Its bytes; what was opened is closed."""
        if isinstance(self.source, Path):
            return self.source.read_bytes()
        with self.source as stream:
            return stream.read()


def bind(parts: Iterable[Part], stream: BinaryIO, *, title: str, language: str, sides: Sides) -> None:
    """Write the parts' pages one after another, with a bookmark for each part.

    Where sheets are printed on both sides each part begins on a front. What is equal in several parts, as fonts and
    pictures are, is written once.
    """
    file = _File(stream)
    tree = _Tree(file)
    starts: dict[bytes, dict[int, int]] = {}
    bookmarks: list[tuple[str, int]] = []
    for part in parts:
        copied = _pages(file, part.read(), starts)
        if tree.count % 2 and sides != "Simplex":
            tree.add([copied[0].blank()])
        bookmarks.append((part.title, tree.add([page.entries for page in copied])))
    root = file.put(
        f"<</Type/Catalog/Pages {tree.close()} 0 R/Outlines {_outline(file, bookmarks)} 0 R/PageMode/UseOutlines"
        f"/Lang{_text(language)}/ViewerPreferences<</DisplayDocTitle true/PrintScaling/None/Duplex/{sides}>>>>"
    )
    file.close(root, file.put(f"<</Title{_text(title)}>>"))


class _Page(NamedTuple):
    """A page's entries, all that they refer to being written, and its size."""

    entries: bytes
    box: bytes

    def blank(self) -> bytes:
        """The entries of a blank page of the same size."""
        return b"/Resources<<>>/MediaBox[%b]" % self.box


def _pages(file: _File, data: bytes, starts: dict[bytes, dict[int, int]]) -> list[_Page]:
    """The pages of a file, of which all but the pages themselves gets written."""
    from pikepdf import open as open_pdf

    try:
        return _own_pages(file, Reading(data), starts)
    except ForeignError:
        with open_pdf(BytesIO(data)) as source:
            copy = _ForeignCopy(file)
            return [copy.page(page) for page in source.pages]


def _own_pages(file: _File, reading: Reading, starts: dict[bytes, dict[int, int]]) -> list[_Page]:
    copy = _Copy(file, reading, _known(starts, reading.start()))
    pages = []
    for page in reading.pages():
        numbers = copy.number(page.resources), copy.number(page.content)
        pages.append(_Page(b"%b/Resources %d 0 R/Contents %d 0 R" % (page.boxes, *numbers), page.box))
    return pages


def _known(starts: dict[bytes, dict[int, int]], start: bytes) -> dict[int, int]:
    """The numbers that the objects of a file's start have got, those of this and of earlier files alike."""
    if start not in starts and len(starts) >= _MOST_STARTS:
        del starts[next(iter(starts))]
    return starts.setdefault(start, {})


def _outline(file: _File, bookmarks: Sequence[tuple[str, int]]) -> int:
    """The bookmarks as an outline of one level; its number."""
    outline = file.reserve()
    first, last = outline + 1, outline + len(bookmarks)
    for number, (title, page) in enumerate(bookmarks, start=first):
        before = f"/Prev {number - 1} 0 R" if number > first else ""
        after = f"/Next {number + 1} 0 R" if number < last else ""
        file.put(f"<</Title{_text(title)}/Parent {outline} 0 R{before}{after}/Dest[{page} 0 R/Fit]>>")
    ends = f"/First {first} 0 R/Last {last} 0 R" if bookmarks else ""
    file.put(f"<</Type/Outlines/Count {len(bookmarks)}{ends}>>", outline)
    return outline


def _references(numbers: Iterable[int]) -> str:
    return " ".join(f"{number} 0 R" for number in numbers)


def _text(text: str) -> str:
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"


class _File:
    """A PDF being written; of its objects only their places and digests stay in memory."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._offsets = array("Q")
        self._written: dict[bytes, int] = {}
        stream.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def reserve(self) -> int:
        """A number for an object that is still to be put."""
        self._offsets.append(0)
        return len(self._offsets)

    def put(self, body: str | bytes, number: int | None = None) -> int:
        """Write an object under its number, or under a new one; the number."""
        number = number or self.reserve()
        self._offsets[number - 1] = self._stream.tell()
        data = body.encode("ascii") if isinstance(body, str) else body
        self._stream.write(b"%d 0 obj\n%b\nendobj\n" % (number, data))
        return number

    def put_once(self, body: bytes) -> int:
        """Write an object unless an equal one is there already; the number of the one that is."""
        digest = blake2b(body, digest_size=16).digest()
        if digest not in self._written:
            if len(self._written) >= _MOST_DIGESTS:
                self._written.clear()
            self._written[digest] = self.put(body)
        return self._written[digest]

    def close(self, root: int, info: int) -> None:
        """Write where each object stands, and which is the first to read."""
        number, start = self.reserve(), self._stream.tell()
        self._offsets[number - 1] = start
        width = (start.bit_length() + 7) // 8
        packed = b"".join(self._table(width))
        entries = f"/Type/XRef/Size {number + 1}/Root {root} 0 R/Info {info} 0 R/W[1 {width} 0]"
        filters = f"/Filter/FlateDecode/Length {len(packed)}"
        self._stream.write(f"{number} 0 obj\n<<{entries}{filters}>>\nstream\n".encode("ascii"))
        self._stream.write(packed)
        self._stream.write(b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start)

    def _table(self, width: int) -> Iterator[bytes]:
        """The packed rows: free, or at an offset."""
        packer = zlib.compressobj(3)
        yield packer.compress(bytes(1 + width))
        for first in range(0, len(self._offsets), _ROWS):
            offsets = self._offsets[first : first + _ROWS]
            yield packer.compress(b"".join([b"\1" + offset.to_bytes(width, "big") for offset in offsets]))
        yield packer.flush()


class _Tree:
    """The page tree, whose nodes have few kids however many pages there are."""

    def __init__(self, file: _File) -> None:
        self._file = file
        self._root = file.reserve()
        self._groups: list[tuple[int, list[int], int]] = []  # nodes of pages: number, kids, pages below it
        self.count = 0

    def add(self, pages: Sequence[bytes]) -> int:
        """Write pages with these entries; the number of the first."""
        numbers = [self._page(entries) for entries in pages]
        self.count += len(numbers)
        return numbers[0]

    def _page(self, entries: bytes) -> int:
        if not self._groups or len(self._groups[-1][1]) >= _FAN:
            self._groups.append((self._file.reserve(), [], 0))
        node, kids, count = self._groups[-1]
        kids.append(self._file.put(b"<</Type/Page/Parent %d 0 R%b>>" % (node, entries)))
        self._groups[-1] = node, kids, count + 1
        return kids[-1]

    def close(self) -> int:
        """Write the nodes; the root's number."""
        level = self._groups
        while len(level) > _FAN:
            above = [(self._file.reserve(), level[at : at + _FAN]) for at in range(0, len(level), _FAN)]
            for parent, below in above:
                self._nodes(below, parent)
            level = [(node, [one for one, _, _ in below], sum(n for _, _, n in below)) for node, below in above]
        self._nodes(level, self._root)
        kids = _references(node for node, _, _ in level)
        self._file.put(f"<</Type/Pages/Count {self.count}/Kids[{kids}]>>", self._root)
        return self._root

    def _nodes(self, nodes: Iterable[tuple[int, list[int], int]], parent: int) -> None:
        for node, kids, count in nodes:
            self._file.put(f"<</Type/Pages/Parent {parent} 0 R/Count {count}/Kids[{_references(kids)}]>>", node)


@dataclass(slots=True)
class _Copy:
    """Objects of a file of the press on their way: which number each has got.

    `known` are those of its start that refer to nothing behind it: they are the same in all files with that start.
    """

    file: _File
    reading: Reading
    known: dict[int, int]
    numbers: dict[int, int] = field(default_factory=dict)

    def number(self, source: int) -> int:
        """The number of the copy of an object, which is made first unless there is one."""
        if source in self.known:
            return self.known[source]
        if source in self.numbers:
            return self.numbers[source] or self._reserved(source)
        self.numbers[source] = 0
        kids: list[int] = []

        def kid(one: int) -> int:
            kids.append(one)
            return self.number(one)

        body = replaced(self.reading.body(source), kid)
        if reserved := self.numbers[source]:
            return self.file.put(body, reserved)
        self.numbers[source] = self.file.put_once(body)
        if self.reading.in_start(source) and all(one in self.known for one in kids):
            self.known[source] = self.numbers[source]
        return self.numbers[source]

    def _reserved(self, source: int) -> int:
        """The number of an object that refers to itself, so that its number is needed before it is there."""
        self.numbers[source] = self.file.reserve()
        return self.numbers[source]


@dataclass(slots=True)
class _ForeignCopy:
    """One source's objects on their way into the file: which number each has there."""

    file: _File
    numbers: dict[tuple[int, int], int] = field(default_factory=dict)
    begun: set[tuple[int, int]] = field(default_factory=set)

    def page(self, page: ForeignPage) -> _Page:
        """Copy what a page is drawn with."""
        entries = {name: value for name, value in page.obj.items() if name not in _LEFT_OUT | {"/Type"}}
        entries |= {"/Resources": page.resources, "/MediaBox": page.mediabox}
        box = " ".join(_plain(side) for side in page.mediabox)
        return _Page(self._entries(entries), box.encode("ascii"))

    def _entries(self, entries: Any) -> bytes:
        from pikepdf import Name

        # By name, so that equal dictionaries are written alike.
        return b"".join(Name(name).unparse() + b" " + self._value(entries[name]) for name in sorted(entries))

    def _value(self, value: Any) -> bytes:
        """A value as it is written inside of another: a reference to what is an object of its own."""
        from pikepdf import Array, Dictionary
        from pikepdf import Object as PdfObject

        if not isinstance(value, PdfObject):
            return _plain(value).encode("ascii")
        if value.is_indirect:
            return b"%d 0 R" % self._number(value)
        if isinstance(value, Array):
            return b"[%b]" % b" ".join(self._value(item) for item in value.as_list())
        if isinstance(value, Dictionary):
            return b"<<%b>>" % self._entries(dict(value.items()))
        return value.unparse()

    def _number(self, source: Object) -> int:
        """The number of the copy of an object, which is made first unless there is one."""
        own = source.objgen
        if own in self.numbers:
            return self.numbers[own]
        if own in self.begun:  # it refers to itself, so it needs its number before it is there
            self.numbers[own] = self.file.reserve()
            return self.numbers[own]
        self.begun.add(own)
        body = self._body(source)
        if own in self.numbers:
            return self.file.put(body, self.numbers[own])
        self.numbers[own] = self.file.put_once(body)
        return self.numbers[own]

    def _body(self, source: Object) -> bytes:
        from pikepdf import Array, Dictionary, Stream

        if isinstance(source, Stream):
            data = source.read_raw_bytes()
            entries = {**dict(source.stream_dict.items()), "/Length": len(data)}
            return b"<<%b>>stream\n%b\nendstream" % (self._entries(entries), data)
        if isinstance(source, Array):
            return b"[%b]" % b" ".join(self._value(item) for item in source.as_list())
        if isinstance(source, Dictionary):
            return b"<<%b>>" % self._entries(dict(source.items()))
        return source.unparse(resolved=True)


def _plain(value: Any) -> str:
    """A truth value, a number or nothing."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case _:
            return str(value)
