"""Objects of a finished PDF as bytes, each with the numbers of all that it refers to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")


class Objects:
    """Objects by their numbers, ready to be written into another file."""

    def __init__(self, open_ended: frozenset[int] = frozenset()) -> None:
        self._open = open_ended  # objects that every file writes anew
        self.written: dict[int, bytes] = {}
        self._closures: dict[int, frozenset[int]] = {}

    def add(self, values: Iterable[Any]) -> frozenset[int]:
        """Take up values, and tell the numbers of all objects that they are or refer to."""
        found: set[int] = set()
        for value in values:
            found |= self._closure(value)
        return frozenset(found)

    def _closure(self, value: Any) -> frozenset[int]:
        number = value.objgen[0]
        if number in self._closures:
            return self._closures[number]
        found = {number} if number else set()
        if number in self._open:
            self.written[number] = b""
            return frozenset()
        if number:
            self._closures[number] = frozenset(found)  # for those that refer back
            self.written[number] = _bytes(value)
        for part in _parts(value):
            found |= self._closure(part)
        if number:
            self._closures[number] = frozenset(found)
        return frozenset(found)


def compacted(written: Mapping[int, bytes], first: tuple[int, ...] = ()) -> tuple[dict[int, int], dict[int, bytes]]:
    """The objects numbered from 1 on without holes, some before the rest, and the new number of each old one."""
    old_ones = (*first, *sorted(written.keys() - set(first)))
    numbers = {old: new for new, old in enumerate(old_ones, start=1)}
    return numbers, {new: moved(written[old], numbers) for old, new in numbers.items()}


def moved(data: bytes, numbers: Mapping[int, int]) -> bytes:
    """An object with its references in new numbers."""
    head, stream, tail = data.partition(b"\nstream\n")
    return _REFERENCE.sub(lambda found: b"%d 0 R" % numbers[int(found[1])], head) + stream + tail


def renumbered(text: str, numbers: Mapping[int, int]) -> str:
    """A piece of an object with its references in new numbers."""
    return _REFERENCE.sub(lambda found: b"%d 0 R" % numbers[int(found[1])], text.encode()).decode()


def reference(value: Any) -> str:
    """A value as it stands in another object: itself, or `12 0 R`."""
    number, generation = value.objgen
    return f"{number} {generation} R" if number else value.unparse(resolved=True).decode()


def _parts(value: Any) -> list[Any]:
    import pikepdf

    below: Iterable[Any] = ()
    if isinstance(value, pikepdf.Array):
        below = iter(value)
    elif isinstance(value, pikepdf.Stream | pikepdf.Dictionary):
        below = value.values()
    return [part for part in below if hasattr(part, "objgen")]  # numbers come as Python's


def _bytes(value: Any) -> bytes:
    import pikepdf

    if not isinstance(value, pikepdf.Stream):
        return bytes(value.unparse(resolved=True))
    raw = bytes(value.read_raw_bytes())
    entries = pikepdf.Dictionary({key: part for key, part in value.items() if key != "/Length"})
    entries["/Length"] = len(raw)
    return bytes(entries.unparse(resolved=True)) + b"\nstream\n" + raw + b"\nendstream"
