"""A file, byte by byte: first objects whose numbers are known before, then those of this paper."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping

_LEVEL = 3  # of compression: a higher one takes twice the time for some per cent
_HEAD = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"


class File:
    """Objects in the order of writing; a number that no object has is free in the table at the end."""

    def __init__(self, known: Mapping[int, bytes], numbers: Iterable[int], next_number: int) -> None:
        self._chunks = [_HEAD]
        self._size = len(_HEAD)
        self._offsets: dict[int, int] = {}
        self._next = next_number
        for number in numbers:
            self.put(number, known[number])

    def reserve(self, count: int = 1) -> int:
        """The first of so many numbers for objects that are written later."""
        self._next += count
        return self._next - count

    def put(self, number: int, data: bytes) -> None:
        """Write an object under its number."""
        chunk = b"%d 0 obj\n%b\nendobj\n" % (number, data)
        self._offsets[number] = self._size
        self._chunks.append(chunk)
        self._size += len(chunk)

    def add(self, data: bytes) -> int:
        """Write an object under the next number."""
        number = self.reserve()
        self.put(number, data)
        return number

    def stream(self, data: bytes) -> int:
        """Write a stream under the next number."""
        packed = zlib.compress(data, _LEVEL)
        return self.add(b"<</Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream" % (len(packed), packed))

    def end(self, root: int, info: int) -> bytes:
        """The whole file."""
        offsets = self._offsets
        rows = [
            b"%010d 00000 n \n" % offsets[number] if number in offsets else b"0000000000 00001 f \n"
            for number in range(1, self._next)
        ]
        self._chunks.append(b"xref\n0 %d\n0000000000 65535 f \n%b" % (self._next, b"".join(rows)))
        self._chunks.append(b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R>>\n" % (self._next, root, info))
        self._chunks.append(b"startxref\n%d\n%%%%EOF\n" % self._size)
        return b"".join(self._chunks)


def text(words: str) -> bytes:
    """A string of text in PDF's notation."""
    return b"<feff%b>" % words.encode("utf-16-be").hex().encode()
