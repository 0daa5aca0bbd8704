"""Many finished PDFs in one file to print, written object by object: thousands of papers never lie in memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

if TYPE_CHECKING:
    from pikepdf import Object, Page

Sides = Literal["Simplex", "DuplexFlipLongEdge", "DuplexFlipShortEdge"]

# What a page has for readers at a screen, or points back to its own file with.
_LEFT_OUT = frozenset({"/Parent", "/Annots", "/StructParents", "/Tabs", "/B"})


@dataclass(frozen=True, slots=True)
class Part:
    """A finished PDF, and its bookmark in the bound file."""

    title: str
    path: Path | BinaryIO


def bind(parts: Iterable[Part], stream: BinaryIO, *, title: str, language: str, sides: Sides) -> None:
    """Write the parts' pages one after another, with a bookmark for each part.

    Where sheets are printed on both sides each part begins on a front. What is equal in several parts, as fonts and
    pictures are, is written once.
    """
    from pikepdf import open as open_pdf

    file = _File(stream)
    tree = file.reserve()
    nodes: list[int] = []
    bookmarks: list[tuple[str, int]] = []
    pages = 0
    for part in parts:
        with open_pdf(part.path) as source:
            copied = [*source.pages]
            blank = [file.blank(copied[0], tree)] if pages % 2 and sides != "Simplex" else []
            node, first = _Copy(file).pages(copied, tree)
        nodes += [*blank, node]
        pages += len(blank) + len(copied)
        bookmarks.append((part.title, first))
    file.put(f"<</Type/Pages/Count {pages}/Kids[{_references(nodes)}]>>", tree)
    root = file.put(
        f"<</Type/Catalog/Pages {tree} 0 R/Outlines {_outline(file, bookmarks)} 0 R/PageMode/UseOutlines"
        f"/Lang{_text(language)}/ViewerPreferences<</DisplayDocTitle true/PrintScaling/None/Duplex/{sides}>>>>"
    )
    file.close(root, file.put(f"<</Title{_text(title)}>>"))


def _outline(file: _File, bookmarks: Sequence[tuple[str, int]]) -> int:
    """The bookmarks as an outline of one level; its number."""
    outline = file.reserve()
    items = [file.reserve() for _ in bookmarks]
    for place, (title, page) in enumerate(bookmarks):
        before = f"/Prev {items[place - 1]} 0 R" if place else ""
        after = f"/Next {items[place + 1]} 0 R" if place + 1 < len(items) else ""
        file.put(f"<</Title{_text(title)}/Parent {outline} 0 R{before}{after}/Dest[{page} 0 R/Fit]>>", items[place])
    ends = f"/First {items[0]} 0 R/Last {items[-1]} 0 R" if items else ""
    file.put(f"<</Type/Outlines/Count {len(items)}{ends}>>", outline)
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
            self._written[digest] = self.put(body)
        return self._written[digest]

    def blank(self, page: Page, tree: int) -> int:
        """A blank page of the size of another; its number."""
        box = " ".join(_plain(side) for side in page.mediabox)
        return self.put(f"<</Type/Page/Parent {tree} 0 R/Resources<<>>/MediaBox[{box}]>>")

    def close(self, root: int, info: int) -> None:
        """Write where each object stands, and which is the first to read."""
        start = self._stream.tell()
        self._stream.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(self._offsets) + 1))
        for offset in self._offsets:
            self._stream.write(b"%010d 00000 n \n" % offset)
        size = len(self._offsets) + 1
        self._stream.write(b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R>>\n" % (size, root, info))
        self._stream.write(b"startxref\n%d\n%%%%EOF\n" % start)


@dataclass(slots=True)
class _Copy:
    """One source's objects on their way into the file: which number each has there."""

    file: _File
    numbers: dict[tuple[int, int], int] = field(default_factory=dict)
    begun: set[tuple[int, int]] = field(default_factory=set)

    def pages(self, pages: Sequence[Page], tree: int) -> tuple[int, int]:
        """Copy pages below a node of their own in the page tree; the numbers of the node and of the first page."""
        node = self.file.reserve()
        numbers = [self._page(page, node) for page in pages]
        kids = f"/Count {len(numbers)}/Kids[{_references(numbers)}]"
        self.file.put(f"<</Type/Pages/Parent {tree} 0 R{kids}>>", node)
        return node, numbers[0]

    def _page(self, page: Page, node: int) -> int:
        entries = {name: value for name, value in page.obj.items() if name not in _LEFT_OUT}
        entries |= {"/Resources": page.resources, "/MediaBox": page.mediabox}
        return self.file.put(b"<</Parent %d 0 R%b>>" % (node, self._entries(entries)))

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
