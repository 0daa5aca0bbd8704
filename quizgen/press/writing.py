"""A file, byte by byte: objects as they stand or packed together, and at the end where each of them is."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from struct import Struct

# Of compression: a higher one takes twice the time for some per cent, least of all where objects are alike.
_LEVEL, _PACK_LEVEL = 2, 1
HEAD = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"
_ROW = Struct(">BIH")  # of the table: free 0, at an offset 1, or in a pack 2; where; which of the pack


@dataclass(frozen=True, slots=True)
class Start:
    """What several files begin with: the bytes, and the rows of the objects in them by their numbers."""

    data: bytes = HEAD
    rows: tuple[tuple[int, bytes], ...] = ((0, _ROW.pack(0, 0, 65535)),)


class File:
    """Objects in the order of writing; a number that no object has is not in the table."""

    def __init__(self, start: Start | None = None) -> None:
        start = start or Start()
        self._chunks = [start.data]
        self._size = len(start.data)
        self._rows = dict(start.rows)
        self._runs: list[tuple[int, int, int]] = []

    def put(self, number: int, data: bytes) -> None:
        """Write an object as it stands under its number."""
        chunk = b"%d 0 obj\n%b\nendobj\n" % (number, data)
        self._rows[number] = _ROW.pack(1, self._size, 0)
        self._chunks.append(chunk)
        self._size += len(chunk)

    def stream(self, number: int, data: bytes, entries: bytes = b"", level: int = _LEVEL) -> None:
        """Write a stream under its number."""
        packed = zlib.compress(data, level)
        self.put(number, b"<<%b/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream" % (entries, len(packed), packed))

    def pack(self, number: int, objects: Sequence[tuple[int, bytes]]) -> None:
        """Write objects that are no streams together, as the stream of that number."""
        places = accumulate((len(data) + 1 for _, data in objects), initial=0)
        head = b"".join([b"%d %d " % (own, place) for (own, _), place in zip(objects, places, strict=False)])
        self._pack(number, len(objects), head, b"\n".join([data for _, data in objects]))
        self._rows.update((own, _ROW.pack(2, number, at)) for at, (own, _) in enumerate(objects))

    def pack_run(self, number: int, first: int, lengths: Sequence[int], data: bytes) -> None:
        """Write objects together that are numbered from the first on, one behind the other, of these lengths."""
        head = _run_head(first, len(lengths)) % tuple(accumulate(lengths[:-1], initial=0))
        self._pack(number, len(lengths), head, data)
        self._runs.append((first, len(lengths), number))

    def _pack(self, number: int, count: int, head: bytes, data: bytes) -> None:
        self.stream(number, head + data, b"/Type/ObjStm/N %d/First %d" % (count, len(head)), _PACK_LEVEL)

    def started(self) -> Start:
        """What has been written so far as the start of further files."""
        return Start(b"".join(self._chunks), tuple(self._rows.items()))

    def end(self, number: int, root: int, info: int) -> bytes:
        """The whole file; its table is the object of that number."""
        self._rows[number] = _ROW.pack(1, self._size, 0)
        sections, rows = _table(self._rows, self._runs)
        packed = zlib.compress(rows, _PACK_LEVEL)
        size = sections[-1][0] + sections[-1][1]
        index = b" ".join(b"%d %d" % section for section in sections)
        entries = b"/Type/XRef/Size %d/Root %d 0 R/Info %d 0 R/W[1 4 2]/Index[%b]" % (size, root, info, index)
        filters = b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 7>>/Length %d" % len(packed)
        table = b"%d 0 obj\n<<%b%b>>\nstream\n%b\nendstream\nendobj\n" % (number, entries, filters, packed)
        self._chunks += [table, b"startxref\n%d\n%%%%EOF\n" % self._size]
        return b"".join(self._chunks)


def begun(objects: Mapping[int, bytes], numbers: Iterable[int], pack: int) -> Start:
    """The start of files that have these objects, which are packed under a number unless they are streams."""
    file = File()
    packed = []
    for number in sorted(numbers):
        if is_stream(objects[number]):
            file.put(number, objects[number])
        else:
            packed.append((number, objects[number]))
    if packed:
        file.pack(pack, packed)
    return file.started()


def is_stream(data: bytes) -> bool:
    """Whether an object is a stream."""
    return data.endswith(b"endstream")


def text(words: str) -> bytes:
    """A string of text in PDF's notation."""
    return b"<feff%b>" % words.encode("utf-16-be").hex().encode()


def references(numbers: Sequence[int]) -> bytes:
    """References to objects, one behind the other."""
    return (b"%d 0 R " * len(numbers)) % tuple(numbers)


def _table(rows: Mapping[int, bytes], runs: Sequence[tuple[int, int, int]]) -> tuple[list[tuple[int, int]], bytes]:
    """Sections of the table by their first numbers and lengths, and its rows with what PNG calls their filters."""
    parts = [(number, 1, b"\0" + row) for number, row in rows.items()]
    parts += [(first, count, _run(pack, count)) for first, count, pack in runs]
    sections: list[tuple[int, int]] = []
    for first, count, _ in sorted(parts):
        if sections and sum(sections[-1]) == first:
            sections[-1] = sections[-1][0], sections[-1][1] + count
        else:
            sections.append((first, count))
    return sections, b"".join([row for _, _, row in sorted(parts)])


def _run(pack: int, count: int) -> bytes:
    """The rows of the objects in a pack: each is one more than the one before it."""
    return b"\0" + _ROW.pack(2, pack, 0) + _steps(count - 1)


@lru_cache(maxsize=256)
def _run_head(first: int, count: int) -> bytes:
    """Which objects there are in a pack, but for their places."""
    return b"".join([b"%d %%d " % number for number in range(first, first + count)])


@lru_cache(maxsize=256)
def _steps(count: int) -> bytes:
    carry, step = b"\2\0\0\0\0\0\1\1", b"\2\0\0\0\0\0\0\1"
    return b"".join(step if place % 256 else carry for place in range(1, count + 1))
