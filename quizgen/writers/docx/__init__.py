"""Word: booklet, answer key and explanations of an exam, and assignment sheets, from templates made in Word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import assert_never

from quizgen.paper import Paper, Printable, Worksheet
from quizgen.templates import Templates
from quizgen.writers import OutputFile
from quizgen.writers.docx.frame import filled

PER_PAPER = True
TEMPLATES = ("booklet.docx", "answer-key.docx", "explanations.docx", "assignments.docx")

__all__ = ["PER_PAPER", "TEMPLATES", "write"]


def write(papers: Sequence[Printable], templates: Templates) -> Iterator[OutputFile]:
    """The documents of the papers, students' ones made from `paper.without_key()` and nothing else."""
    for paper in papers:
        match paper:
            case Paper():
                yield from _exam(paper, templates)
            case Worksheet():
                yield from _assignments(paper, templates)
            case _:
                assert_never(paper)


def _exam(paper: Paper, templates: Templates) -> Iterator[OutputFile]:
    documents = (
        ("student", "booklet.docx", paper.without_key()),
        ("teacher", "answer-key.docx", paper),
        ("teacher", "explanations.docx", paper),
    )
    for audience, template, shown in documents:
        data = filled(template, templates, shown, {"paper": shown})
        yield OutputFile(PurePosixPath(audience, paper.name, template), data)


def _assignments(worksheet: Worksheet, templates: Templates) -> Iterator[OutputFile]:
    for audience, shown in (("student", worksheet.without_key()), ("teacher", worksheet)):
        data = filled("assignments.docx", templates, shown, {"worksheet": shown})
        yield OutputFile(PurePosixPath(audience, worksheet.name, "assignments.docx"), data)
