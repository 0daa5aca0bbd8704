"""Tables that are too wide for their page: parted, each part with the first column again."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from quizgen.richtext.plain import inlines_to_plain
from quizgen.richtext.tree import List, Quote, Table
from quizgen.writers.pdf.markup import columns

if TYPE_CHECKING:
    from quizgen.richtext.tree import Block, Blocks, Inlines

_LETTER = 0.64  # ems of a Latin letter or digit, a little more than they take
_WORD = 4.0  # ems that Japanese text wants in a line; a longer one is broken


def fitted(blocks: Blocks, room: float, padding: float) -> Blocks:
    """The blocks with every table parted that does not fit a room; `padding` is a cell's to both sides, all in ems."""
    return tuple(part for block in blocks for part in _fitted(block, room, padding))


def _fitted(block: Block, room: float, padding: float) -> Blocks:
    match block:
        case Table():
            return _parts(block, room, padding)
        case List(items):
            return (replace(block, items=tuple(fitted(item, room, padding) for item in items)),)
        case Quote(content):
            return (replace(block, content=fitted(content, room, padding)),)
        case _:
            return (block,)


def _parts(table: Table, room: float, padding: float) -> tuple[Table, ...]:
    rows = (table.header, *table.rows)
    widths = [max(_width(row[at]) for row in rows) + padding for at in range(len(table.header))]
    others = len(widths) - 1
    for parts in count(1):
        size = max(1, -(-others // parts))
        places = [range(start, min(start + size, others + 1)) for start in range(1, others + 1, size)]
        if size <= 1 or all(widths[0] + sum(widths[at] for at in part) <= room for part in places):
            return tuple(_part(table, (0, *part)) for part in places) if len(places) > 1 else (table,)
    raise AssertionError("a table has fewer parts than columns")


def _part(table: Table, places: tuple[int, ...]) -> Table:
    return replace(
        table,
        alignments=tuple(table.alignments[at] for at in places),
        header=tuple(table.header[at] for at in places),
        rows=tuple(tuple(row[at] for at in places) for row in table.rows),
    )


def _width(cell: Inlines) -> float:
    """The width of the longest piece that stays on a line."""
    words = inlines_to_plain(cell).split()
    return max(
        (min(columns(word) * _LETTER, _LETTER * len(word) if word.isascii() else _WORD) for word in words), default=0
    )
