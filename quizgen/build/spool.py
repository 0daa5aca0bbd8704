"""A spool: what a build gathers paper by paper and needs once more at its end, on the disk rather than in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Any, Self


class Spool:
    """Plain data (lists, texts, numbers) in the order in which they came; gone when the block ends."""

    def __enter__(self) -> Self:
        self._file = TemporaryFile("w+", encoding="ascii")
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._file.close()

    def add(self, data: Any) -> None:
        """Keep what comes next."""
        self._file.write(json.dumps(data) + "\n")

    def __iter__(self) -> Iterator[Any]:
        self._file.seek(0)
        for line in self._file:
            yield json.loads(line)
