"""What a build tells: the papers, the files, and what the user should know of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from quizgen.paper import Paper, Printable, Worksheet
from quizgen.paper.serial import serial


@dataclass(frozen=True, slots=True)
class PaperSummary:
    """A paper in numbers. `spread`: how often the key names the first, second, … choice; `guessed` in points.

    `sheet` is the serial of its answer sheet.
    """

    name: str
    count: int
    points: Decimal
    guessed: Fraction | None = None
    spread: tuple[int, ...] = ()
    twin: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written: its path below the output folder, the SHA-256 of its bytes, its size in bytes."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Report:
    """A finished build; `notes` are what the user needs to know to use what was made.

    `papers` and `files` are the first of so many, which the manifest has all; `size` is that of all files in bytes, and
    `twin_count` the number of papers that are the same as an earlier one. `url` is where it lies if that is no folder.
    """

    folder: Path
    papers: tuple[PaperSummary, ...]
    files: tuple[Written, ...]
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    paper_count: int = 0
    twin_count: int = 0
    file_count: int = 0
    size: int = 0
    url: str = ""


def summary(printable: Printable, twin: str = "") -> PaperSummary:
    """A paper's or worksheet's line in the report."""
    match printable:
        case Paper():
            return PaperSummary(
                printable.name,
                len(printable.questions),
                printable.points,
                printable.guessed_points,
                printable.key_spread,
                twin,
                serial(printable),
            )
        case Worksheet():
            return PaperSummary(printable.name, len(printable.assignments), printable.points)
