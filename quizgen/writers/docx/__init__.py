"""Word: booklet, answer key and explanations of an exam, and assignment sheets, from templates made in Word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import assert_never

from quizgen.paper import Paper, Printable, Row, Worksheet
from quizgen.paper import rows as answer_rows
from quizgen.paper.key import keyed
from quizgen.templates import Templates
from quizgen.writers import OutputFile
from quizgen.writers.docx.frame import filled

PER_PAPER = True
TEMPLATES = ("booklet.docx", "answer-sheet.docx", "answer-key.docx", "explanations.docx", "assignments.docx")

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
    students = paper.without_key()
    documents = [
        ("student", "booklet.docx", students),
        ("teacher", "answer-key.docx", paper),
        ("teacher", "explanations.docx", paper),
    ]
    if paper.printing.answers == "boxes":
        documents.insert(1, ("student", "answer-sheet.docx", students))
    marks = _by_question(students)
    for audience, template, shown in documents:
        names = {"paper": shown, "answer_rows": marks}
        data = filled(template, templates, shown, names | ({"keyed": keyed(paper)} if audience == "teacher" else {}))
        yield OutputFile(PurePosixPath(audience, paper.name, template), data)


def _by_question(paper: Paper) -> Mapping[int, Sequence[Row]]:
    """The rows of the mark sheet that each question has, by its number."""
    found: dict[int, list[Row]] = {question.number: [] for question in paper.questions}
    for row in answer_rows(paper):
        found[row.question].append(row)
    return found


def _assignments(worksheet: Worksheet, templates: Templates) -> Iterator[OutputFile]:
    for audience, shown in (("student", worksheet.without_key()), ("teacher", worksheet)):
        data = filled("assignments.docx", templates, shown, {"worksheet": shown})
        yield OutputFile(PurePosixPath(audience, worksheet.name, "assignments.docx"), data)
