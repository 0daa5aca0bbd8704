"""Excel workbooks: tables with a question in each row, a bank for each sheet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

from quizgen.importers.archive import Archive, holds, is_old, refuse_old
from quizgen.importers.imported import Imported, Note
from quizgen.importers.tables import imported
from quizgen.importers.workbook import tables
from quizgen.problems import Position, Problem, ProblemsError

# Sheets that are for people to read, as the template has one.
_GUIDES = frozenset({"説明", "使い方", "Guide", "README"})
_PICTURES = "xl/media/"


def sniff(name: str, data: bytes) -> int:
    """Sure where there is a workbook, one of the old kind included, since `read` says what to do with it."""
    if holds(data, "xl/workbook."):
        return 100
    named = PurePath(name).suffix.lower() in (".xlsx", ".xlsm", ".xls")
    return 90 * (named and is_old(data, "")) or 80 * is_old(data, "Workbook") or 30 * named


def read(name: str, data: bytes) -> Imported:
    """The questions of a workbook, by the headings that docs/importing.md lists."""
    refuse_old(name, data, "Excel", ".xlsx")
    archive = Archive(name, data, "Excel")
    if "xl/workbook.bin" in archive:
        message = "the file cannot be read: it is a binary workbook (.xlsb); save it as .xlsx in Excel"
        raise ProblemsError([Problem(Position(name), "old-format", message)])
    found = tables(archive, PurePath(name).stem)
    if not found:
        raise ProblemsError([Problem(Position(name), "no-questions", "the workbook has no sheet with a table")])
    result = imported(found, _GUIDES)
    pictures = len(archive.names(_PICTURES))
    if not pictures:
        return result
    message = f"pictures that lie on the sheets ({pictures}) are left out; a text can show one as ![…](images/…)"
    return replace(result, notes=(*result.notes, Note(Position(name), "pictures-left-out", message)))
