"""Print: booklet, answer sheet, answer key and explanations of an exam, and the sheets of assignments, as PDF."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, assert_never

from quizgen.paper import Paper, Printable, Worksheet
from quizgen.paper.variants import variants
from quizgen.writers import OutputFile
from quizgen.writers.pdf import editions
from quizgen.writers.pdf.documents import (
    SOURCES,
    answer_key_html,
    answer_sheet,
    answer_sheet_html,
    assignments_html,
    booklet_html,
    catalog_html,
    explanations_html,
    overlay_html,
    sheet_html,
    variants_html,
)
from quizgen.writers.pdf.generic import generic_sheet
from quizgen.writers.pdf.generic import uneven_rows as warnings
from quizgen.writers.pdf.glyphs import placed
from quizgen.writers.pdf.imposed import folded
from quizgen.writers.pdf.press import STYLES, Press
from quizgen.writers.pdf.sheet import layout_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from quizgen.paper.catalog import Catalog
    from quizgen.paper.printing import Size
    from quizgen.templates import Templates
    from quizgen.writers.pdf.sheet import Sheet

# A document's path, and its HTML or its bytes.
_Content = tuple[PurePosixPath, str | bytes]

PER_PAPER = True
TEMPLATES = (*SOURCES, *STYLES)
MOST_VARIANTS = 40  # of the printed table over all of them, eight blocks or more; the CSV has them all

__all__ = [
    "PER_PAPER",
    "TEMPLATES",
    "answer_key_html",
    "answer_sheet_html",
    "assignments_html",
    "booklet_html",
    "catalog_html",
    "catalog_pdf",
    "explanations_html",
    "overlay_html",
    "together",
    "variants_html",
    "warnings",
    "write",
]


def write(papers: Sequence[Printable], templates: Templates) -> Iterator[OutputFile]:
    """The documents of the papers, students' ones made from `paper.without_key()` and nothing else."""
    for paper in papers:
        match paper:
            case Paper():
                pages, size = _exam(paper, templates), paper.printing.size
            case Worksheet():
                pages, size = _assignments(paper, templates), "A4"
            case _:
                assert_never(paper)
        press = Press(templates, paper.pictures, size)
        with placed(paper):
            for path, content in pages:
                yield from _printed(paper, path, content if isinstance(content, bytes) else press.pdf(content))
            if isinstance(paper, Paper):
                yield from _keys(paper, templates)
                yield from _editions(paper, templates)


def together(papers: Sequence[Printable], templates: Templates) -> Iterator[OutputFile]:
    """The generic answer sheet, and where each question stands in each variant: few enough of them to be read."""
    yield from generic_sheet(papers, templates)
    table = variants(papers)
    if 1 < len(table.names) <= MOST_VARIANTS and isinstance(first := papers[0], Paper):
        wide = _on_wide_pages(first)
        press = Press(templates, {}, wide.printing.size)
        yield OutputFile(PurePosixPath("teacher", "variants.pdf"), press.pdf(variants_html(wide, table, templates)))


def catalog_pdf(catalog: Catalog, templates: Templates) -> bytes:
    """A bank's proof catalogue."""
    with placed(catalog.paper):
        return Press(templates, catalog.paper.pictures).pdf(catalog_html(catalog, templates))


def _printed(paper: Printable, path: PurePosixPath, data: bytes) -> Iterator[OutputFile]:
    """A document, and a booklet that is to be folded also two-up."""
    yield OutputFile(path, data)
    if path.name == "booklet.pdf" and isinstance(paper, Paper) and paper.printing.folded:
        sheets = folded(data, back_cover=paper.printing.back_cover)
        yield OutputFile(path.with_name("booklet-folded.pdf"), sheets)


def _answer_sheet(paper: Paper, sheet: Sheet, folder: PurePosixPath, templates: Templates) -> Iterator[_Content]:
    """An answer sheet, and its geometry for whoever reads it back."""
    yield folder / "answer-sheet.pdf", sheet_html(paper, sheet, templates)
    yield folder / "layout.json", layout_json(sheet)


def _exam(paper: Paper, templates: Templates) -> Iterator[_Content]:
    student, teacher = PurePosixPath("student", paper.name), PurePosixPath("teacher", paper.name)
    bare = paper.without_key()
    yield student / "booklet.pdf", booklet_html(bare, templates)
    if paper.printing.answers != "booklet" and paper.printing.answer_sheets != "generic":
        yield from _answer_sheet(bare, answer_sheet(bare), student, templates)
    yield teacher / "overlay.pdf", overlay_html(paper, templates)


def _keys(paper: Paper, templates: Templates) -> Iterator[OutputFile]:
    """What teachers read at their desks, on pages that have room for tables even where the booklet's are smaller."""
    teacher = PurePosixPath("teacher", paper.name)
    wide = _on_wide_pages(paper)
    press = Press(templates, paper.pictures, wide.printing.size)
    yield OutputFile(teacher / "answer-key.pdf", press.pdf(answer_key_html(wide, templates)))
    yield OutputFile(teacher / "explanations.pdf", press.pdf(explanations_html(wide, templates)))


def _on_wide_pages(paper: Paper) -> Paper:
    size: Size = "A4" if paper.printing.size == "B5" else paper.printing.size
    return replace(paper, printing=replace(paper.printing, size=size))


def _editions(paper: Paper, templates: Templates) -> Iterator[OutputFile]:
    """The booklet once more for each edition; read aloud with its key, since that knows the banks, printed without."""
    size = paper.printing.size
    for edition in paper.printing.editions:
        press = Press(templates, paper.pictures, size, editions.zoom(edition, size))
        path = PurePosixPath("student", paper.name, editions.file_name(edition))
        yield OutputFile(path, press.pdf(booklet_html(paper, templates, edition)))


def _assignments(worksheet: Worksheet, templates: Templates) -> Iterator[_Content]:
    for audience, sheet in (("student", worksheet.without_key()), ("teacher", worksheet)):
        yield PurePosixPath(audience, sheet.name, "assignments.pdf"), assignments_html(sheet, templates)
