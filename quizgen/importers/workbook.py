"""The sheets of an Excel workbook as tables of texts; nothing is calculated, and nothing outside the file is opened."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from quizgen.importers.archive import Archive, Link, attributes, child, children, local
from quizgen.importers.imported import Note
from quizgen.importers.rows import Cell, Row
from quizgen.importers.shown import format_code, shown
from quizgen.importers.tables import MOST_COLUMNS, MOST_ROWS, Table
from quizgen.importers.text import UNPRINTABLE, one_line_end
from quizgen.problems import Position, Problem, ProblemsError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MOST_SHEETS = 200
_MOST_CELLS = 500_000
_MOST_CHARACTERS = 32_767  # what a cell can hold
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_NUMBERED_NAME = re.compile(r"(?:sheet|シート|工作表)\s*\d*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Book:
    """What all sheets of a workbook share."""

    archive: Archive
    strings: tuple[str, ...]
    formats: tuple[str, ...]
    from_1904: bool


def tables(archive: Archive, title: str) -> tuple[Table, ...]:
    """The sheets in their order; `title` is for one that has no name of its own."""
    main = archive.main("xl/workbook.xml")
    workbook, links = archive.tree(main), archive.links(main)
    sheets = [sheet for group in children(workbook, "sheets") for sheet in children(group, "sheet")][:_MOST_SHEETS]
    book = _Book(archive, _strings(archive, links), _formats(archive, links), _from_1904(workbook))
    found = []
    for sheet in sheets:
        told = attributes(sheet)
        name = _clean(told.get("name", ""))
        link = links.get(told.get("id", ""))
        if link is None or link.outside or link.kind != "worksheet":
            continue
        where = Position(f"{archive.name}[{name}]" if len(sheets) > 1 else archive.name)
        own_name = len(sheets) > 1 or not _NUMBERED_NAME.fullmatch(name)
        found.append(Table(name if own_name else title, where, tuple(_sheet(book, link.target, where))))
    return tuple(found)


def _from_1904(workbook: Element) -> bool:
    return any(attributes(told).get("date1904") in ("1", "true") for told in children(workbook, "workbookPr"))


def _linked(links: Mapping[str, Link], kind: str) -> str | None:
    return next((link.target for link in links.values() if link.kind == kind and not link.outside), None)


def _strings(archive: Archive, links: Mapping[str, Link]) -> tuple[str, ...]:
    """The texts that cells refer to by number."""
    part = _linked(links, "sharedStrings")
    if part is None or part not in archive:
        return ()
    found = []
    for event, element in archive.stream(part):
        if event == "end" and local(element.tag) == "si":
            found.append(_rich_text(element))
            element.clear()
    return tuple(found)


def _rich_text(element: Element) -> str:
    """The text of runs; not its readings (ふりがな), which Excel keeps beside it."""
    parts = [element, *children(element, "r")]
    text = "".join(inner.text or "" for part in parts for inner in children(part, "t"))
    return _clean(text)


def _clean(text: str) -> str:
    """A text with what Excel writes for control characters read, and those then left out."""
    return UNPRINTABLE.sub("", one_line_end(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)))


def _formats(archive: Archive, links: Mapping[str, Link]) -> tuple[str, ...]:
    """The number formats, by the numbers that cells call them."""
    part = _linked(links, "styles")
    if part is None or part not in archive:
        return ()
    styles = archive.tree(part)
    own = {}
    for group in children(styles, "numFmts"):
        for number_format in map(attributes, children(group, "numFmt")):
            own[_whole(number_format.get("numFmtId"))] = number_format.get("formatCode", "General")
    cells = (attributes(cell) for group in children(styles, "cellXfs") for cell in children(group, "xf"))
    return tuple(format_code(_whole(cell.get("numFmtId")), own) for cell in cells)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _sheet(book: _Book, part: str, where: Position) -> Iterator[Row]:
    rows: dict[int, dict[int, Cell]] = {}
    merged: list[str] = []
    number = cells = 0
    for event, element in book.archive.stream(part):
        if event == "start":
            continue
        if local(element.tag) == "row":
            number = _whole(attributes(element).get("r")) or number + 1
            row = dict(_cells(book, element, number, where))
            element.clear()
            if row:
                rows[number] = row
            cells += len(row)
            if len(rows) > MOST_ROWS or cells > _MOST_CELLS:
                _refuse(where, f"the sheet has more than {MOST_ROWS:,} rows or {_MOST_CELLS:,} cells")
        elif local(element.tag) == "mergeCell":
            merged.append(attributes(element).get("ref", ""))
    _fill(rows, merged, where)
    for number in sorted(rows):
        row = rows[number]
        cells_in_order = tuple(row.get(at, Cell()) for at in range(max(row, default=-1) + 1))
        yield Row(number, Position(where.path, number, 1), cells_in_order)


def _cells(book: _Book, row: Element, number: int, where: Position) -> Iterator[tuple[int, Cell]]:
    """The cells of a row that hold something, with their columns from 0."""
    column = -1
    for element in children(row, "c"):
        told = attributes(element)
        reference = _REFERENCE.fullmatch(told.get("r", ""))
        column = _column(reference[1]) if reference else column + 1
        name = f"{_letters(column)}{number}"
        cell = _cell(book, element, told, Position(where.path, number, column + 1), name)
        if not (cell.text or cell.problem or cell.note):
            continue
        if column >= MOST_COLUMNS:
            _refuse(where, f"the sheet has something in cell {name}, the most is {MOST_COLUMNS} columns")
        yield column, cell


def _cell(book: _Book, element: Element, told: Mapping[str, str], position: Position, name: str) -> Cell:
    if child(element, "f") is not None:
        message = f"cell {name} is a formula, which is not calculated here; in Excel copy it and paste its value"
        return Cell("", problem=Problem(position, "formula-cell", message))
    value = child(element, "v")
    text = (value.text or "") if value is not None else ""
    match told.get("t", "n"):
        case "s":
            at = _whole(text)
            return _text(book.strings[at] if at < len(book.strings) else "", position, name)
        case "inlineStr":
            inline = child(element, "is")
            return _text(_rich_text(inline) if inline is not None else "", position, name)
        case "b":
            return Cell({"1": "TRUE", "0": "FALSE"}.get(text, ""))
        case "e":
            note = Note(position, "error-cell", f"cell {name} shows the error {_clean(text)[:20]}; it counts as empty")
            return Cell("", note)
        case "n" if text:
            return _number(book, text, _whole(told.get("s")), position, name)
        case _:
            return _text(_clean(text), position, name)


def _text(text: str, position: Position, name: str) -> Cell:
    if len(text) > _MOST_CHARACTERS:
        message = f"cell {name} has {len(text):,} characters, the most that Excel knows is {_MOST_CHARACTERS:,}"
        return Cell("", problem=Problem(position, "too-large", message))
    return Cell(text)


def _number(book: _Book, text: str, style: int, position: Position, name: str) -> Cell:
    code = book.formats[style] if style < len(book.formats) else "General"
    read = shown(text.strip(), code, from_1904=book.from_1904)
    if read is None:
        return _text(_clean(text), position, name)
    return Cell(read.text, Note(position, read.code, f"cell {name} {read.doubt}") if read.doubt else None)


def _fill(rows: dict[int, dict[int, Cell]], merged: list[str], where: Position) -> None:
    """Give what stands in the top cell of merged ones to those below it, too, as it is meant for all their rows."""
    numbers = sorted(rows)
    left = _MOST_CELLS
    for reference in merged:
        corners = [_REFERENCE.fullmatch(corner) for corner in reference.split(":")]
        if len(corners) != 2 or corners[0] is None or corners[1] is None:
            continue
        column, first, last = _column(corners[0][1]), int(corners[0][2]), int(corners[1][2])
        cell = rows.get(first, {}).get(column)
        if cell is None:
            continue
        below = numbers[bisect_right(numbers, first) : bisect_right(numbers, last)]
        left -= len(below) + 1
        if left < 0:
            _refuse(where, "the sheet has too many merged cells")
        message = f"cells {reference} are merged; what they say counts for each of their rows"
        note = Note(Position(where.path, first, column + 1), "merged-cells", message, repaired=True)
        for number in below:
            rows[number][column] = Cell(cell.text, cell.note or note, cell.problem)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _letters(column: int) -> str:
    letters = ""
    while column >= 0:
        column, rest = divmod(column, 26)
        letters = chr(ord("A") + rest) + letters
        column -= 1
    return letters


def _refuse(where: Position, message: str) -> NoReturn:
    raise ProblemsError([Problem(where, "too-large", f"{message}; save the questions in a workbook of their own")])
