"""Files as the press writes them, read back: their pages, and the objects that these are drawn with."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from struct import Struct

from quizgen.press.writing import HEAD

_END = re.compile(rb"startxref\n(\d+)\n%%EOF\n\Z")
_TABLE = re.compile(
    rb"\d+ 0 obj\n<</Type/XRef/Size \d+/Root (\d+) 0 R/Info \d+ 0 R/W\[1 4 2\]/Index\[([\d ]+)\]/Filter/FlateDecode"
    rb"/DecodeParms<</Predictor 12/Columns 7>>/Length (\d+)>>\nstream\n"
)
_ROW = Struct(">BBIH")
_PACKED = 2
_STREAM = b"\nstream\n"
_LENGTH = re.compile(rb"/Length (\d+)")
_PACK = re.compile(rb"<</Type/ObjStm/N (\d+)/First (\d+)/Filter/FlateDecode/Length \d+>>\nstream\n")
_PAGES = re.compile(rb"/Pages (\d+) 0 R")
_KIDS = re.compile(rb"/Kids ?\[([\d R]*)\]")
_NAME = re.compile(rb"/(\w+)")
_BOX = re.compile(rb"/MediaBox ?\[ ?([\d. -]+?) ?\]")
_RESOURCES, _CONTENTS = re.compile(rb"/Resources (\d+) 0 R"), re.compile(rb"/Contents (\d+) 0 R")
_BOXES = re.compile(rb"/(?:Bleed|Crop|Media|Trim)Box ?\[[\d. -]+\]")
_BOX_NAMES = (b"BleedBox", b"CropBox", b"MediaBox", b"TrimBox")
_PLAIN = frozenset(
    (b"Type", b"Page", b"Parent", b"Tabs", b"S", b"StructParents", b"Resources", b"Contents", *_BOX_NAMES)
)
# Strings, in which nothing is a reference, and references.
_REFERENCE = re.compile(rb"\((?:[^\\()]|\\.)*\)|\b(\d+) 0 R\b", re.DOTALL)


class ForeignError(Exception):
    """A file that is not of the press."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its size and all its boxes in PDF's notation, and the numbers of its resources and of its content."""

    box: bytes
    boxes: bytes
    resources: int
    content: int


class Reading:
    """A file's objects by their numbers; raises ForeignError for a file that is put together otherwise."""

    def __init__(self, data: bytes) -> None:
        if not data.startswith(HEAD):
            raise ForeignError
        self._data = data
        end = _found(_END.search(data, max(0, len(data) - 64)))
        table = _found(_TABLE.match(data, int(end[1])))
        self._root = int(table[1])
        start = table.end()
        self._rows = _rows(zlib.decompress(data[start : start + int(table[3])]), [*map(int, table[2].split())])
        self._packs: dict[int, list[bytes]] = {}
        packs = {place for kind, place, _ in self._rows.values() if kind == _PACKED}
        self._first = min(packs, key=lambda number: self._rows[number][1])

    def pages(self) -> list[Page]:
        """The pages; they stand side by side in one node."""
        node = self.body(int(_found(_PAGES.search(self.body(self._root)))[1]))
        kids = _found(_KIDS.search(node))[1].replace(b" 0 R", b"").split()
        return [_page(self.body(int(kid))) for kid in kids]

    def body(self, number: int) -> bytes:
        """What an object is."""
        if number not in self._rows:
            raise ForeignError
        kind, place, at = self._rows[number]
        return self._pack(place)[at] if kind == _PACKED else self._data[slice(*self._bounds(place))]

    def start(self) -> bytes:
        """What other files of the same fonts begin with, too: all up to the end of the first pack."""
        return self._data[: self._bounds(self._rows[self._first][1])[1]]

    def in_start(self, number: int) -> bool:
        """Whether an object stands there."""
        kind, place, _ = self._rows[number]
        return place == self._first if kind == _PACKED else place <= self._rows[self._first][1]

    def _bounds(self, place: int) -> tuple[int, int]:
        """Where the object begins and ends whose number stands at a place."""
        start = self._data.index(b" 0 obj\n", place) + len(b" 0 obj\n")
        stream = self._data.find(_STREAM, start)
        end = self._data.find(b"\nendobj\n", start, stream if stream >= 0 else None)
        if end >= 0:
            return start, end
        length = int(_found(_LENGTH.search(self._data, start, stream))[1])
        return start, stream + len(_STREAM) + length + len(b"\nendstream")

    def _pack(self, number: int) -> list[bytes]:
        if number not in self._packs:
            body = self.body(number)
            head = _found(_PACK.match(body))
            data = zlib.decompressobj().decompress(body[head.end() :])  # behind it is where the stream ends
            count, first = int(head[1]), int(head[2])
            places = [first + int(place) for place in data[:first].split()[1::2]]
            self._packs[number] = [
                data[place:end].rstrip() for place, end in zip(places, [*places[1:], len(data)], strict=True)
            ]
            if len(places) != count:
                raise ForeignError
        return self._packs[number]


def replaced(body: bytes, number: Callable[[int], int]) -> bytes:
    """An object with its references in new numbers."""
    head, stream, tail = body.partition(_STREAM)
    return (
        _REFERENCE.sub(lambda found: b"%d 0 R" % number(int(found[1])) if found[1] else found[0], head) + stream + tail
    )


def _rows(data: bytes, index: list[int]) -> dict[int, tuple[int, int, int]]:
    """The table without those rows that only go on with the one before: elements of the structure."""
    found: dict[int, tuple[int, int, int]] = {}
    at = 0
    for first, count in zip(index[::2], index[1::2], strict=True):
        for number in range(first, first + count):
            if data[at] == 0:
                _, *row = _ROW.unpack_from(data, at)
                found[number] = (row[0], row[1], row[2])
            at += _ROW.size
    return found


def _page(body: bytes) -> Page:
    if not _PLAIN.issuperset(_NAME.findall(body)):
        raise ForeignError
    box, resources, content = (_found(pattern.search(body)) for pattern in (_BOX, _RESOURCES, _CONTENTS))
    return Page(box[1], b"".join(_BOXES.findall(body)), int(resources[1]), int(content[1]))


def _found(match: re.Match[bytes] | None) -> re.Match[bytes]:
    if match is None:
        raise ForeignError
    return match
