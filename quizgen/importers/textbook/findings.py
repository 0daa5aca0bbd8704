"""What is found wrong on the way from the book to the bank, gathered as it comes."""

from __future__ import annotations

from dataclasses import dataclass, field

from quizgen.importers.imported import Note, Skipped
from quizgen.problems import Position


@dataclass
class Findings:
    """The notes on a file, and its questions that are left out; filled while the file is read."""

    path: str
    notes: list[Note] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def repaired(self, line: int, column: int, code: str, message: str) -> None:
        """A defect that was mended, because it is certain what is meant."""
        self.notes.append(Note(Position(self.path, line, column), code, message, repaired=True))

    def doubtful(self, line: int, column: int, code: str, message: str) -> None:
        """A defect that only the author can mend."""
        self.notes.append(Note(Position(self.path, line, column), code, message))

    def skip(self, line: int, code: str, what: str, why: str) -> None:
        """A question that is left out."""
        self.skipped.append(Skipped(Position(self.path, line, 1), code, what, why))
