"""A tally: a build's report, counted up receipt by receipt without keeping what many papers left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

from quizgen.build.receipts import Receipt
from quizgen.build.report import PaperSummary, Report, Written

_MOST = 1000  # papers and files that a report has
_MOST_NOTES = 20


class Tally:
    """Begins with notes that are there already."""

    def __init__(self, notes: Iterable[str] = ()) -> None:
        self._papers: list[PaperSummary] = []
        self._files: list[Written] = []
        self._paper_count = self._twin_count = self._file_count = self._size = self._alone = self._more = 0
        self._worth: dict[Decimal, str] = {}
        self._warnings: dict[str, None] = {}
        self._notes: dict[str, None] = dict.fromkeys(notes)

    def add(self, receipt: Receipt) -> None:
        """Count what a piece has left."""
        self._paper_count += len(receipt.papers)
        self._twin_count += sum(bool(paper.twin) for paper in receipt.papers)
        self._file_count += len(receipt.files)
        self._size += sum(file.size for file in receipt.files)
        self._alone += receipt.alone
        self._papers += receipt.papers[: _MOST - len(self._papers)]
        self._files += receipt.files[: _MOST - len(self._files)]
        for paper in receipt.papers:
            self._worth.setdefault(paper.points, paper.name)
        self._warnings |= dict.fromkeys(receipt.warnings)
        for note in receipt.notes:
            if len(self._notes) < _MOST_NOTES:
                self._notes[note] = None
            elif note not in self._notes:
                self._more += 1

    def report(self, folder: Path) -> Report:
        """The report of what is in that folder."""
        return Report(
            folder,
            tuple(self._papers),
            tuple(self._files),
            (*self._unequal(), *self._warnings),
            (*self._notes, *self._further()),
            self._paper_count,
            self._twin_count,
            self._file_count,
            self._size,
        )

    def _unequal(self) -> Iterator[str]:
        """Papers of one exam are meant to be worth the same."""
        if len(self._worth) > 1:
            least, most = min(self._worth), max(self._worth)
            yield (
                f"the papers are not worth the same: {self._worth[least]} has {least} points, "
                f"{self._worth[most]} has {most}; give each section that draws its `points`"
            )

    def _further(self) -> Iterator[str]:
        if self._more:
            yield f"… and {self._more:,} more of such notes"
        if self._alone:
            yield f"{self._alone:,} questions were laid out for a few papers alone, which takes longer"
