"""Places: where each part of a YAML document stands, in a few bytes, since a bank may have millions of parts."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Literal, get_args

Part = str | int
Kind = Literal["text", "block", "key", "list", "mapping", "alias"]

_CODES: dict[Kind, int] = {kind: code for code, kind in enumerate(get_args(Kind))}
_BLOCK, _KEY, _LIST, _MAPPING, _ALIAS = (_CODES[kind] for kind in ("block", "key", "list", "mapping", "alias"))


class Places:
    """The parts of a document by number, in the order in which they begin: keys, texts, lists, mappings and aliases.

    Lines and columns count from 0. Of a list or mapping the number behind its last part is known, of a key its name.
    """

    def __init__(self) -> None:
        self._lines, self._columns, self._notes = array("I"), array("I"), array("I")
        self._kinds = bytearray()
        self._names: list[str] = []
        self._numbers: dict[str, int] = {}
        self._lists: dict[int, array[int]] = {}

    def __len__(self) -> int:
        return len(self._kinds)

    def add(self, line: int, column: int, kind: Kind, note: int = 0) -> int:
        """The number of a part that begins here."""
        self._lines.append(line)
        self._columns.append(column)
        self._notes.append(note)
        self._kinds.append(_CODES[kind])
        return len(self._kinds) - 1

    def add_alias(self, meant: int) -> int:
        """The number of an alias of an earlier part."""
        return self.add(0, 0, "alias", meant)

    def end(self, number: int) -> None:
        """Note that a list or mapping ends."""
        self._notes[number] = len(self)

    def make_key(self, number: int, name: str) -> None:
        """Note that a part, a text or the alias of one, is a key."""
        meant = self._meant(number)
        self._lines[number], self._columns[number] = self._lines[meant], self._columns[meant]
        if name not in self._numbers:
            self._numbers[name] = len(self._names)
            self._names.append(name)
        self._kinds[number] = _KEY
        self._notes[number] = self._numbers[name]

    def find(self, location: tuple[Part, ...], *, key: bool) -> int:
        """The part at a location, or its key; parts of the location that name nothing are passed over."""
        number, at_key = self._meant(0), None
        for part in location:
            found = self._child(number, part)
            if found:
                at_key, number = found
        return number if at_key is None or not key else at_key

    def line(self, number: int) -> int:
        """The line of a part."""
        return self._lines[number]

    def column(self, number: int) -> int:
        """The column of a part."""
        return self._columns[number]

    def is_block(self, number: int) -> bool:
        """Whether a part is a text of lines of its own, below the one with its mark."""
        return self._kinds[number] == _BLOCK

    def _meant(self, number: int) -> int:
        return self._notes[number] if self._kinds[number] == _ALIAS else number

    def _child(self, number: int, part: Part) -> tuple[int | None, int] | None:
        """The key, if there is one, and the value that a part of a location names."""
        if self._kinds[number] == _MAPPING:
            name = self._numbers.get(str(part))
            return next(((key, self._meant(key + 1)) for key in self._keys(number) if self._notes[key] == name), None)
        if self._kinds[number] == _LIST and isinstance(part, int):
            items = self._items(number)
            return (None, self._meant(items[part])) if part < len(items) else None
        return None

    def _keys(self, mapping: int) -> Iterator[int]:
        key = mapping + 1
        while key < self._notes[mapping]:
            yield key
            key = self._behind(key + 1)

    def _items(self, number: int) -> array[int]:
        """The items of a list, which is gone through once, however many problems it has."""
        if number not in self._lists:
            items, item = array("I"), number + 1
            while item < self._notes[number]:
                items.append(item)
                item = self._behind(item)
            self._lists[number] = items
        return self._lists[number]

    def _behind(self, number: int) -> int:
        return self._notes[number] if self._kinds[number] in (_LIST, _MAPPING) else number + 1
