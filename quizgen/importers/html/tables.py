"""Tables of HTML as a grid: rows of equal length, with nothing where a cell reaches over others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quizgen.importers.html.parsing import HtmlError
from quizgen.richtext.tree import Alignment, Inlines, Table

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_CELLS = 5_000
_WIDEST_SPAN = 100
_PARTS = ("thead", "tbody", "tfoot", "tr")
_ALIGN = re.compile(r"text-align\s*:\s*(left|center|right)")
_NO_ALIGNMENT: tuple[Alignment, ...] = ("",)
_ALIGNMENTS: dict[str, Alignment] = {"left": "left", "center": "center", "right": "right"}


@dataclass(frozen=True, slots=True)
class Grid:
    """A table, and whether any of its cells reached over others."""

    table: Table
    spanned: bool


def table_rows(table: _Element) -> list[list[_Element]]:
    """The rows of a table with their cells; those of tables inside it are none of its own."""
    return [row for row in _rows(table) if row]


def _rows(element: _Element) -> Iterator[list[_Element]]:
    loose: list[_Element] = []
    for child in element:
        match child.tag:
            case "tr":
                yield [cell for cell in child if cell.tag in ("td", "th")]
            case "td" | "th":
                loose.append(child)
            case _ if child.tag in _PARTS:
                yield from _rows(child)
            case _:
                pass
    yield loose


def strays(element: _Element) -> Iterator[_Element | str]:
    """What stands in a table but in none of its cells, such as its caption; browsers show it above."""
    yield element.text or ""
    for child in element:
        if child.tag in _PARTS:
            yield from strays(child)
        elif child.tag not in ("td", "th"):
            yield child
        yield child.tail or ""


def grid(rows: list[list[_Element]], read: Callable[[_Element], Inlines]) -> Grid:
    """The rows, of which there is one at least, as a table; the first is its head."""
    reaching: Counter[int] = Counter()
    filled = [tuple(_filled(row, reaching, read)) for row in rows]
    columns = max(map(len, filled))
    if columns * len(filled) > _MOST_CELLS:
        raise HtmlError(f"has a table of more than {_MOST_CELLS:,} cells")
    head, *body = (row + ((),) * (columns - len(row)) for row in filled)
    alignments = tuple(_alignment(cell) for cell in rows[0]) + _NO_ALIGNMENT * (columns - len(rows[0]))
    spanned = any(_span(cell, name) > 1 for row in rows for cell in row for name in ("colspan", "rowspan"))
    return Grid(Table(alignments[:columns], head, tuple(body)), spanned)


def _filled(row: list[_Element], reaching: Counter[int], read: Callable[[_Element], Inlines]) -> Iterator[Inlines]:
    """The cells of a row; `reaching` counts for each column the rows into which a cell above still reaches."""
    column = 0
    for cell in row:
        for _ in _reached(reaching, column):
            column += 1
            yield ()
        yield read(cell)
        width = _span(cell, "colspan")
        yield from ((),) * (width - 1)
        for below in range(column, column + width):
            reaching[below] = _span(cell, "rowspan") - 1
        column += width
    for _ in _reached(reaching, column):
        yield ()


def _reached(reaching: Counter[int], column: int) -> Iterator[int]:
    """The columns from this one on that a cell above reaches into, counted off."""
    while reaching[column] > 0:
        reaching[column] -= 1
        yield column
        column += 1


def _span(cell: _Element, name: str) -> int:
    number = str(cell.get(name, ""))
    return min(max(int(number), 1), _WIDEST_SPAN) if re.fullmatch("[0-9]{1,4}", number) else 1


def _alignment(cell: _Element) -> Alignment:
    match = _ALIGN.search(f"text-align:{cell.get('align', '')};{cell.get('style', '')}")
    return _ALIGNMENTS[match[1]] if match else ""
