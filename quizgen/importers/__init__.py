"""The formats that can be imported: one module each, listed once; the command, docs and tests read this table."""

from __future__ import annotations

from typing import Protocol

from quizgen.importers.imported import Imported


class Importer(Protocol):
    """What a format's module has. It imports a heavy library inside `read`, since `sniff` runs for every format."""

    def sniff(self, name: str, data: bytes) -> int:
        """How sure it is that a file is of this format, 0 (it is not) to 100 (nothing else can be), told cheaply."""
        ...

    def read(self, name: str, data: bytes) -> Imported:
        """What a file holds; `name` is the file's path, for positions.

        Raises ProblemsError when the file as a whole is not of the format, broken or hostile. A single question
        that cannot be carried is in `skipped`, and what was mended or is doubtful is in `notes`.
        """
        ...


FORMATS = {
    "textbook": "plain text of a printed book: chapters, numbered questions, an answer list at the end",
    "moodle": "Moodle XML, as Moodle exports a question bank",
    "gift": "GIFT, Moodle's text format",
    "aiken": "Aiken, the simplest text format: lettered choices and a line ANSWER:",
    "csv": "a table with a question in each row, as CSV",
    "xlsx": "a table with a question in each row, as an Excel workbook",
    "docx": "a Word file of numbered questions, lettered choices and marked or listed right answers",
}


def importer(name: str) -> Importer:
    """The module that reads a format; imported only now."""
    from importlib import import_module

    module: Importer = import_module(f"quizgen.importers.{name}")
    return module


def guess(name: str, data: bytes) -> str | None:
    """The format that a file is most likely of; of equals the first in the table; None when it is of none."""
    certainties = {format_name: importer(format_name).sniff(name, data) for format_name in FORMATS}
    best = max(certainties, key=lambda format_name: certainties[format_name])
    return best if certainties[best] > 0 else None
