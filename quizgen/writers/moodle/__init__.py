"""Moodle XML: a question category for each variant, in one file for the question bank."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, assert_never

from quizgen.paper import Paper, Worksheet
from quizgen.problems import QuizgenError
from quizgen.writers import OutputFile
from quizgen.writers.moodle.assignments import GRADER_TEMPLATE, STUDENT_TEMPLATE, grader_text, student_text
from quizgen.writers.moodle.differences import differences
from quizgen.writers.moodle.names import category_path
from quizgen.writers.moodle.questions import Essay, MultiChoice, essay, multichoice
from quizgen.writers.moodle.rendering import rendered
from quizgen.writers.moodle.xml import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jinja2 import Environment

    from quizgen.paper import Printable
    from quizgen.templates import Templates

PER_PAPER = False
FRAME = "moodle.xml"
TEMPLATES = (FRAME, STUDENT_TEMPLATE, GRADER_TEMPLATE)


@dataclass(frozen=True, slots=True)
class Category:
    """A category of the question bank with its questions in order."""

    path: Line
    questions: tuple[MultiChoice | Essay, ...]


def write(papers: Sequence[Printable], templates: Templates) -> Iterator[OutputFile]:
    """One file with the questions of every variant."""
    variants = _variants(papers)
    environment = templates.environment(papers[0].language)
    suffixes = _suffixes(variants)
    categories = tuple(
        Category(_path(paper, variant), tuple(_questions(environment, paper, suffixes[variant])))
        for variant, paper in variants.items()
    )
    count = sum(len(category.questions) for category in categories)
    xml = rendered(environment, FRAME, categories=categories, count=count).encode()
    _check(xml, templates)
    yield OutputFile(PurePosixPath("moodle", f"{papers[0].id}.xml"), xml)


def warnings(papers: Sequence[Printable]) -> tuple[str, ...]:
    """What Moodle will score otherwise than the exam says."""
    return differences([paper for paper in papers if isinstance(paper, Paper)])


def _variants(papers: Sequence[Printable]) -> dict[str, Printable]:
    """The distinct papers by what tells them apart in Moodle, where no student's name or number has a place."""
    distinct: dict[str, Printable] = {}
    for paper in papers:
        distinct.setdefault(paper.variant or paper.name, paper)
    if len(distinct) == 1:
        return {"": papers[0]}
    if all(paper.variant for paper in papers):
        return distinct
    width = len(str(len(distinct)))
    return {f"{number:0{width}}": paper for number, paper in enumerate(distinct.values(), 1)}


def _suffixes(variants: dict[str, Printable]) -> dict[str, dict[str, str]]:
    """For each variant what its questions' id numbers end in: the variant, where others hold the question, too."""
    holders = Counter(name for paper in variants.values() for name in _ids(paper))
    return {
        variant: {name: variant if holders[name] > 1 else "" for name in _ids(paper)}
        for variant, paper in variants.items()
    }


def _ids(paper: Printable) -> tuple[str, ...]:
    match paper:
        case Paper():
            return tuple(question.id for question in paper.questions)
        case Worksheet():
            return tuple(assignment.id for assignment in paper.assignments)
        case _:
            assert_never(paper)


def _path(paper: Printable, variant: str) -> Line:
    title = f"{paper.title} {variant}" if variant else paper.title
    if paper.course:
        return Line(category_path(paper.course, title))
    return Line(category_path(paper.title, title) if variant else category_path(title))


def _questions(environment: Environment, paper: Printable, suffixes: dict[str, str]) -> Iterator[MultiChoice | Essay]:
    match paper:
        case Paper():
            yield from multichoice(paper, suffixes)
        case Worksheet():
            for assignment in paper.assignments:
                text = student_text(environment, paper, assignment)
                yield essay(assignment, suffixes[assignment.id], text, grader_text(environment, paper, assignment))
        case _:
            assert_never(paper)


def _check(xml: bytes, templates: Templates) -> None:
    """Raise QuizgenError for XML that is not well formed: Moodle would take half of it and report success."""
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        fromstring(xml)
    except ParseError as error:
        path = templates.path(FRAME)
        raise QuizgenError(f"what {path} makes is no well-formed XML, so Moodle cannot read it: {error}") from error
