"""The table over all variants in blocks: as many variants beside one another as fit a page's width."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from quizgen.writers.pdf.markup import columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from quizgen.paper.variants import Place, Variants

_ROOM = 90  # columns beside the questions' ids, in letters of half a Japanese character's width
_MOST = 5  # variants beside one another
_LONGEST = 26  # columns of a key that goes on one line
_PLACE = 7  # columns for a question's number before its key, and as many for its rows


@dataclass(frozen=True, slots=True)
class Block:
    """As many variants as stand beside one another, and the questions that any of them has with their places."""

    names: tuple[str, ...]
    questions: tuple[tuple[str, tuple[Place | None, ...]], ...]


def blocks(table: Variants) -> Iterator[Block]:
    """The variants in tables that fit a page's width, as even as may be; those with long keys want more room."""
    longest = max(columns(place.answer) for places in table.questions.values() for place in places.values())
    room = min(longest, _LONGEST) + _PLACE * (1 + table.has_rows)
    most = min(_MOST, _ROOM // room)
    size = ceil(len(table.names) / ceil(len(table.names) / most))
    for start in range(0, len(table.names), size):
        names = table.names[start : start + size]
        lines = ((question, tuple(map(places.get, names))) for question, places in table.questions.items())
        yield Block(names, tuple(line for line in lines if any(line[1])))
