"""CSV: a table with a question in each row, as spreadsheets save it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from pathlib import PurePath

from quizgen.importers.imported import Imported
from quizgen.importers.rows import Cell, Row
from quizgen.importers.tables import MOST_COLUMNS, MOST_ROWS, Table, imported
from quizgen.importers.text import decoded
from quizgen.problems import Position, Problem, ProblemsError

LARGEST = 50_000_000  # bytes

_SNIFFED = 20_000  # bytes
_DELIMITERS = ",\t;"
_SAID = re.compile(r"sep=([,;\t|])\n")  # how a file tells Excel its delimiter
_AS_TEXT = re.compile(r'="((?:[^"]|"")*)"')  # how a file keeps Excel from reading 001 as a number


def sniff(name: str, data: bytes) -> int:
    """Sure where the headings of questions are among the first lines."""
    named = PurePath(name).suffix.lower() in (".csv", ".tsv")
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    end = len(data) if len(data) <= _SNIFFED or wide else data.rfind(b"\n", 0, _SNIFFED) + 1
    try:
        text, _ = decoded(name, data[: min(end, _SNIFFED)])
    except ProblemsError:
        return 0
    headed = any(_fitness(_head(name, text, sign)) >= (True, 0) for sign in _delimiters(text))
    return 95 if headed else 30 * named


def read(name: str, data: bytes) -> Imported:
    """The questions of a table, by the headings that docs/importing.md lists."""
    if len(data) > LARGEST:
        _refuse(Position(name), "too-large", f"the file has {len(data):,} bytes, the most is {LARGEST:,}; split it")
    text, notes = decoded(name, data)
    result = imported([_table(name, text)])
    return Imported(result.banks, (), (*notes, *result.notes), result.skipped)


def _table(name: str, text: str) -> Table:
    """The table in a text, parted by that delimiter which gives us headings, or else the most columns."""
    delimiter = max(_delimiters(text), key=lambda sign: _fitness(_head(name, text, sign)))
    return Table(PurePath(name).stem, Position(name), tuple(_rows(name, text, delimiter)))


def _delimiters(text: str) -> str:
    said = _SAID.match(text)
    return said[1] if said else _DELIMITERS


def _head(name: str, text: str, delimiter: str) -> Table:
    """The first rows, up to one that cannot be read."""
    rows: list[Row] = []
    with suppress(ProblemsError):
        rows.extend(_rows(name, text[:_SNIFFED], delimiter))
    return Table("", Position(name), tuple(rows))


def _fitness(table: Table) -> tuple[bool, int]:
    return table.headings is not None, max((len(row.cells) for row in table.rows), default=0)


def _rows(name: str, text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for number, cells in enumerate(reader, start=1):
            position = Position(name, line, 1)
            if number > MOST_ROWS or len(cells) > MOST_COLUMNS:
                message = f"the table has more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns; split it"
                _refuse(position, "too-large", message)
            if not _SAID.match(f"{delimiter.join(cells)}\n"):
                yield Row(number, position, tuple(Cell(_text(cell)) for cell in cells))
            line = reader.line_num + 1
    except csv.Error as error:
        message = (
            f'the table cannot be read from this row on ({error}); look for a quote " that is not closed or doubled'
        )
        _refuse(Position(name, line, 1), "csv", message)


def _text(cell: str) -> str:
    kept = _AS_TEXT.fullmatch(cell)
    return kept[1].replace('""', '"') if kept else cell


def _refuse(position: Position, code: str, message: str) -> None:
    raise ProblemsError([Problem(position, code, message)])
