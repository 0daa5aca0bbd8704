"""The one answer sheet for all variants, where the exam asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from quizgen.paper import Paper
from quizgen.writers import OutputFile
from quizgen.writers.pdf.documents import sheet_html
from quizgen.writers.pdf.press import Press
from quizgen.writers.pdf.sheet import asked, differences, layout_json, sheet, united

if TYPE_CHECKING:
    from quizgen.paper import Printable
    from quizgen.templates import Templates
    from quizgen.writers.pdf.sheet import Asked

_FOLDER = PurePosixPath("student")


def generic_sheet(papers: Sequence[Printable], templates: Templates) -> Iterator[OutputFile]:
    """The sheet and its geometry, made of what all variants ask for; nothing where each has a sheet of its own."""
    if sheets := _sheets(papers):
        first, made = papers[0], sheet(united(sheets))
        if isinstance(first, Paper):
            html = sheet_html(first.without_key(), made, templates)
            yield OutputFile(_FOLDER / "answer-sheet.pdf", Press(templates, {}).pdf(html))
            yield OutputFile(_FOLDER / "layout.json", layout_json(made))


def uneven_rows(papers: Sequence[Printable]) -> Iterator[str]:
    """What a teacher should know of rows that not every variant uses alike."""
    yield from differences(_sheets(papers))


def _sheets(papers: Sequence[Printable]) -> dict[str, Asked]:
    """What each variant asks for; papers of students who share one are asked once."""
    sheets: dict[str, Asked] = {}
    for paper in papers:
        if not isinstance(paper, Paper) or not _is_generic(paper):
            return {}
        if paper.variant not in sheets:
            sheets[paper.variant] = asked(paper.without_key())
    return sheets


def _is_generic(paper: Paper) -> bool:
    return paper.printing.answer_sheets == "generic" and paper.printing.answers != "booklet"
