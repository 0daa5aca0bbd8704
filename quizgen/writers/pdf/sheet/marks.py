"""Rows of bubbles in blocks, blocks in columns, columns on pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from quizgen.writers.pdf.sheet.geometry import Block, Box, Bubble, Line

if TYPE_CHECKING:
    from quizgen.paper import Row
    from quizgen.writers.pdf.sheet.measures import Measures

_SPREAD = 9  # mm at most between columns, where there is room


@dataclass(frozen=True, slots=True)
class _Column:
    rows: tuple[tuple[Row, str], ...]
    cell: float
    width: float


def pages(rows: Sequence[tuple[Row, str]], measures: Measures) -> Iterator[tuple[Block, ...]]:
    """The blocks of each page, for rows with their labels: as few pages as hold them, as loosely as they fit."""
    if not rows:
        return
    tried: list[tuple[list[tuple[_Column, ...]], float]] = []
    for length, pitch in _ways(len(rows), measures):
        tried.append((list(_filled(rows, length, pitch, measures)), pitch))
        if len(tried[-1][0]) == 1:
            break
    found, pitch = min(tried, key=lambda way: len(way[0]))
    for columns in found:
        yield tuple(_placed(columns, pitch, measures))


def _ways(count: int, measures: Measures) -> Iterator[tuple[int, float]]:
    """Lengths of columns in whole blocks with pitches, the loosest first."""
    for pitch in measures.pitches:
        for length in range(2 * measures.block, measures.most_rows + 1, measures.block):
            yield length, pitch
            if length >= count:
                break


def _filled(
    rows: Sequence[tuple[Row, str]], length: int, pitch: float, measures: Measures
) -> Iterator[tuple[_Column, ...]]:
    """Columns page by page, each page as full as its width allows."""
    page: list[_Column] = []
    for start in range(0, len(rows), length):
        column = _column(tuple(rows[start : start + length]), pitch, measures)
        if page and _width([*page, column], measures) > measures.width - 2 * measures.margin:
            yield tuple(page)
            page = []
        page.append(column)
    if page:
        yield tuple(page)


def _column(rows: tuple[tuple[Row, str], ...], pitch: float, measures: Measures) -> _Column:
    labels = (len(label) * measures.letter_width + row.many * measures.star for row, label in rows)
    cell = max(labels) + measures.cell + 2 * (pitch - measures.pitches[-1])
    most = max(len(row.symbols) for row, _ in rows)
    marks = (most - 1) * pitch + measures.bubble_width + 2 * measures.beside_bubbles
    return _Column(rows, cell, cell + marks)


def _width(columns: Sequence[_Column], measures: Measures) -> float:
    return sum(column.width for column in columns) + (len(columns) - 1) * measures.gap / 2


def _placed(columns: Sequence[_Column], pitch: float, measures: Measures) -> Iterator[Block]:
    room = measures.width - 2 * measures.edge
    between = (room - sum(column.width for column in columns)) / max(1, len(columns) - 1)
    between = max(measures.gap / 2, min(_SPREAD, between))
    x = max(measures.margin, min(measures.edge, (measures.width - _width(columns, measures)) / 2))
    for column in columns:
        for number, start in enumerate(range(0, len(column.rows), measures.block)):
            rows = column.rows[start : start + measures.block]
            top = measures.rows_top + number * (measures.block * measures.row + measures.gap)
            lines = tuple(_lines(rows, x, column.cell, top, pitch, measures))
            yield Block(Box(round(x, 2), top, column.width, len(rows) * measures.row), lines, number == 0)
        x += column.width + between


def _lines(
    rows: Sequence[tuple[Row, str]], x: float, cell: float, top: float, pitch: float, measures: Measures
) -> Iterator[Line]:
    first = x + cell + measures.beside_bubbles + measures.bubble_width / 2
    for place, (row, label) in enumerate(rows):
        y = round(top + (place + 0.5) * measures.row, 2)
        yield Line(row, label, round(x, 2), round(x + cell, 2), y, _bubbles(row.symbols, first, y, pitch))


@lru_cache(maxsize=2048)
def _bubbles(symbols: tuple[str, ...], first: float, y: float, pitch: float) -> tuple[Bubble, ...]:
    """The bubbles of a row: the same in the sheets of many papers."""
    return tuple(Bubble(symbol, round(first + at * pitch, 2), y) for at, symbol in enumerate(symbols))
