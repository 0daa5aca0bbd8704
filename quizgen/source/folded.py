"""Long lists, folded: of a bank's 100,000 questions a thousand at a time are spread out in memory."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterator
from typing import Any

PART = 1000


class Folded:
    """The items of a long list in their order, packed."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def __bool__(self) -> bool:
        return bool(self._parts)

    def add(self, items: list[Any]) -> None:
        """Pack the next items."""
        self._parts.append(zlib.compress(pickle.dumps(items), 1))

    def parts(self) -> Iterator[list[Any]]:
        """The items, a part of them at a time."""
        return (pickle.loads(zlib.decompress(part)) for part in self._parts)  # noqa: S301 - our own

    def __iter__(self) -> Iterator[Any]:
        return (item for part in self.parts() for item in part)
