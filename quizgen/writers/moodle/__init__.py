"""Moodle XML: the questions of each variant, or those of whole banks, in one file for the question bank."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, assert_never

from quizgen.paper import Ordering, Paper, Pool, Worksheet
from quizgen.problems import QuizgenError
from quizgen.writers import OutputFile
from quizgen.writers.moodle.assignments import GRADER_TEMPLATE, STUDENT_TEMPLATE, Render, grader_text, student_text
from quizgen.writers.moodle.differences import differences
from quizgen.writers.moodle.names import category_path
from quizgen.writers.moodle.qtypes import Entry
from quizgen.writers.moodle.questions import entries, essay
from quizgen.writers.moodle.xml import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from quizgen.paper import Assignment, Printable, Section
    from quizgen.templates import Templates

PER_PAPER = False
FRAME = "moodle.xml"
TEMPLATES = (FRAME, STUDENT_TEMPLATE, GRADER_TEMPLATE)


@dataclass(frozen=True, slots=True)
class Category:
    """A category of the question bank with its questions in order."""

    path: Line
    questions: tuple[Entry, ...]


def write(papers: Sequence[Printable], templates: Templates) -> Iterator[OutputFile]:
    """One file with the questions of every variant, or of every bank."""
    variants = distinct(papers)
    render = partial(templates.render, templates.environment(papers[0].language))
    suffixes = _suffixes(variants)
    categories = tuple(
        category
        for variant, paper in variants.items()
        for category in _categories(render, paper, variant, suffixes[variant])
    )
    xml = render(FRAME, categories=categories, count=_count(papers)).encode()
    _check(xml, templates)
    yield OutputFile(_file(papers), xml)


def warnings(papers: Sequence[Printable], *, in_quiz: bool = False) -> tuple[str, ...]:
    """What Moodle will score or show otherwise than the exam says; `in_quiz`: where the quiz comes, too."""
    return differences([paper for paper in papers if isinstance(paper, Paper)], in_quiz=in_quiz)


def notes(papers: Sequence[Printable]) -> tuple[str, ...]:
    """How many questions Moodle has to find: of a file cut short it imports the first half and reports success."""
    count = _count(papers)
    return (f"Moodle imports {count} question{'' if count == 1 else 's'} from {_file(papers)}", *needs(papers))


def needs(papers: Sequence[Printable]) -> tuple[str, ...]:
    """What a Moodle has to know to take the questions: one that lacks a type refuses the whole file."""
    questions = (question for paper in papers if isinstance(paper, Paper) for question in paper.questions)
    ordering = dict.fromkeys(question.id for question in questions if isinstance(question.response, Ordering))
    if not ordering:
        return ()
    first, *others = ordering
    listed = f"{first} and {len(others)} other{'' if len(others) == 1 else 's'}" if others else first
    return (f"Moodle before 4.4 needs the plugin qtype_ordering for ordering questions ({listed})",)


def _count(papers: Sequence[Printable]) -> int:
    return sum(len(_ids(paper)) for paper in distinct(papers).values())


def _file(papers: Sequence[Printable]) -> PurePosixPath:
    first = papers[0]
    return PurePosixPath("moodle", f"{first.id}-bank.xml" if isinstance(first, Pool) else f"{first.id}.xml")


def distinct(papers: Sequence[Printable]) -> dict[str, Printable]:
    """The distinct papers by what tells them apart in Moodle, where no student's name or number has a place."""
    found: dict[str, Printable] = {}
    for paper in papers:
        found.setdefault(paper.variant or paper.name, paper)
    if len(found) == 1:
        return {"": papers[0]}
    if all(paper.variant for paper in papers):
        return found
    width = len(str(len(found)))
    return {f"{number:0{width}}": paper for number, paper in enumerate(found.values(), 1)}


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


def _categories(render: Render, paper: Printable, variant: str, suffixes: dict[str, str]) -> Iterator[Category]:
    """A category for each bank, for each section of a variant that has several, or for the whole of it."""
    match paper:
        case Pool():
            for bank in paper.sections:
                yield Category(_path(paper.course, bank.title), tuple(entries(paper, bank, suffixes)))
        case Paper():
            for section in paper.sections:
                path = _path(*_levels(paper, variant), *_section_level(paper, section))
                yield Category(path, tuple(entries(paper, section, suffixes)))
        case Worksheet():
            questions = (_essay(render, paper, assignment, suffixes) for assignment in paper.assignments)
            yield Category(_path(*_levels(paper, variant)), tuple(questions))
        case _:
            assert_never(paper)


def _levels(paper: Printable, variant: str) -> tuple[str, ...]:
    title = f"{paper.title} {variant}" if variant else paper.title
    return (paper.course or (paper.title if variant else ""), title)


def _section_level(paper: Paper, section: Section) -> tuple[str, ...]:
    """Numbered, since Moodle lists categories by their names."""
    if len(paper.sections) == 1:
        return ()
    return (f"{section.number:0{len(str(len(paper.sections)))}} {section.title}",)


def _path(*levels: str) -> Line:
    return Line(category_path(*filter(None, levels)))


def _essay(render: Render, worksheet: Worksheet, assignment: Assignment, suffixes: dict[str, str]) -> Entry:
    text = student_text(render, worksheet, assignment)
    return essay(assignment, suffixes[assignment.id], text, grader_text(render, worksheet, assignment))


def _check(xml: bytes, templates: Templates) -> None:
    """Raise QuizgenError for XML that is not well formed: Moodle would take half of it and report success."""
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        fromstring(xml)
    except ParseError as error:
        path = templates.path(FRAME)
        raise QuizgenError(f"what {path} makes is no well-formed XML, so Moodle cannot read it: {error}") from error
