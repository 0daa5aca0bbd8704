"""Print: booklet, answer sheet, answer key and explanations of an exam, and the sheets of assignments, as PDF."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, assert_never

from quizgen.paper import Paper, Printable, Worksheet
from quizgen.writers import OutputFile
from quizgen.writers.pdf.documents import (
    SOURCES,
    answer_key_html,
    answer_sheet_html,
    assignments_html,
    booklet_html,
    explanations_html,
)
from quizgen.writers.pdf.imposed import folded
from quizgen.writers.pdf.press import STYLES, Press

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from quizgen.templates import Templates

PER_PAPER = True
TEMPLATES = (*SOURCES, *STYLES)

__all__ = [
    "PER_PAPER",
    "TEMPLATES",
    "answer_key_html",
    "answer_sheet_html",
    "assignments_html",
    "booklet_html",
    "explanations_html",
    "write",
]


def write(papers: Sequence[Printable], templates: Templates) -> Iterator[OutputFile]:
    """The documents of the papers, students' ones made from `paper.without_key()` and nothing else."""
    for paper in papers:
        match paper:
            case Paper():
                pages = _exam(paper, templates)
            case Worksheet():
                pages = _assignments(paper, templates)
            case _:
                assert_never(paper)
        press = Press(templates, paper.pictures)
        for path, html in pages:
            yield from _printed(paper, path, press.pdf(html))


def _printed(paper: Printable, path: PurePosixPath, data: bytes) -> Iterator[OutputFile]:
    """A document, and a booklet that is to be folded also two-up."""
    yield OutputFile(path, data)
    if path.name == "booklet.pdf" and isinstance(paper, Paper) and paper.printing.folded:
        sheets = folded(data, back_cover=paper.printing.back_cover)
        yield OutputFile(path.with_name("booklet-folded.pdf"), sheets)


def _exam(paper: Paper, templates: Templates) -> Iterator[tuple[PurePosixPath, str]]:
    student, teacher = PurePosixPath("student", paper.name), PurePosixPath("teacher", paper.name)
    bare = paper.without_key()
    yield student / "booklet.pdf", booklet_html(bare, templates)
    yield student / "answer-sheet.pdf", answer_sheet_html(bare, templates)
    yield teacher / "answer-key.pdf", answer_key_html(paper, templates)
    yield teacher / "explanations.pdf", explanations_html(paper, templates)


def _assignments(worksheet: Worksheet, templates: Templates) -> Iterator[tuple[PurePosixPath, str]]:
    for audience, sheet in (("student", worksheet.without_key()), ("teacher", worksheet)):
        yield PurePosixPath(audience, sheet.name, "assignments.pdf"), assignments_html(sheet, templates)
