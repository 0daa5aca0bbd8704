"""A loop by which machines are compared."""

from __future__ import annotations

from hashlib import sha256
from time import process_time

_TIMES = 5


def calibrated() -> float:
    """The seconds that a fixed piece of work takes this machine's Python."""
    return min(_timed() for _ in range(_TIMES))


def _timed() -> float:
    start = process_time()
    words = [sha256(str(number).encode()).hexdigest() for number in range(500_000)]
    counts: dict[str, int] = {}
    for word in words:
        counts[word[:3]] = counts.get(word[:3], 0) + 1
    sorted(words)
    return process_time() - start
