"""Moodle XML: the questions of each variant, or those of whole banks, in one file for the question bank."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from itertools import islice
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
    from collections.abc import Iterator, Mapping, Sequence

    from quizgen.paper import Assignment, Printable, Section
    from quizgen.templates import Templates

_PIECES = 4096  # of a template, to be written at once

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
    yield OutputFile(_file(papers), _Xml(Distinct(papers), templates, papers[0].language))


@dataclass(frozen=True)
class _Xml:
    """The file in chunks, of which only one paper is held at a time; made anew each time that it is gone through.

    Raises QuizgenError where it is not well formed: Moodle would take half of it and report success.
    """

    papers: Distinct
    templates: Templates
    language: str

    def __iter__(self) -> Iterator[bytes]:
        from defusedxml.ElementTree import DefusedXMLParser, ParseError

        parser = DefusedXMLParser(target=object())
        try:
            for chunk in self._chunks():
                parser.feed(chunk)
                yield chunk
            parser.close()
        except ParseError as error:
            path = self.templates.path(FRAME)
            raise QuizgenError(f"what {path} makes is no well-formed XML, so Moodle cannot read it: {error}") from error

    def _chunks(self) -> Iterator[bytes]:
        environment = self.templates.environment(self.language)
        categories = _Categories(self.papers, partial(self.templates.render, environment))
        pieces = self.templates.stream(environment, FRAME, categories=categories, count=self.papers.count)
        while chunk := "".join(islice(pieces, _PIECES)):
            yield chunk.encode()


@dataclass(frozen=True)
class _Categories:
    """The categories in order, each made when a template comes to it."""

    papers: Distinct
    render: Render

    def __iter__(self) -> Iterator[Category]:
        for variant, paper in self.papers:
            yield from _categories(self.render, paper, variant, self.papers.suffixes(paper, variant))

    def __getitem__(self, place: int) -> Category:
        return next(islice(self, place, None))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def warnings(papers: Sequence[Printable], *, in_quiz: bool = False) -> tuple[str, ...]:
    """What Moodle will score or show otherwise than the exam says; `in_quiz`: where the quiz comes, too."""
    return differences((paper for paper in papers if isinstance(paper, Paper)), in_quiz=in_quiz)


def notes(papers: Sequence[Printable]) -> tuple[str, ...]:
    """How many questions Moodle has to find: of a file cut short it imports the first half and reports success."""
    found = Distinct(papers)
    count = f"{found.count} question{'' if found.count == 1 else 's'}"
    return (f"Moodle imports {count} from {_file(papers)}", *needs(found))


def needs(papers: Distinct) -> tuple[str, ...]:
    """What a Moodle has to know to take the questions: one that lacks a type refuses the whole file."""
    if not papers.orderings:
        return ()
    first, *others = papers.orderings
    listed = f"{first} and {len(others)} other{'' if len(others) == 1 else 's'}" if others else first
    return (f"Moodle before 4.4 needs the plugin qtype_ordering for ordering questions ({listed})",)


def _file(papers: Sequence[Printable]) -> PurePosixPath:
    first = papers[0]
    return PurePosixPath("moodle", f"{first.id}-bank.xml" if isinstance(first, Pool) else f"{first.id}.xml")


class Distinct:
    """The distinct papers by what tells them apart in Moodle, where no student's name or number has a place.

    They are looked up when they are asked for; what is held of them is how often there is which question.
    """

    def __init__(self, papers: Sequence[Printable]) -> None:
        self._papers = papers
        places: dict[str, int] = {}
        self._holders: Counter[str] = Counter()
        orderings: dict[str, None] = {}
        for place, paper in enumerate(papers):
            if places.setdefault(paper.variant or paper.name, place) == place:
                self._holders.update(_ids(paper))
                orderings.update(dict.fromkeys(_orderings(paper)))
        self._names = _names(places, papers[0])
        self.orderings = tuple(orderings)

    def __iter__(self) -> Iterator[tuple[str, Printable]]:
        for name, place in self._names.items():
            yield name, self._papers[place]

    @property
    def count(self) -> int:
        """How many questions they have together."""
        return self._holders.total()

    def suffixes(self, paper: Printable, variant: str) -> dict[str, str]:
        """What a paper's questions' id numbers end in: the variant, where others hold the question, too."""
        return {name: variant if self._holders[name] > 1 else "" for name in _ids(paper)}


def _names(places: Mapping[str, int], first: Printable) -> dict[str, int]:
    """The places by variants; by numbers where students have papers of their own."""
    if len(places) == 1:
        return {"": 0}
    if first.variant:
        return dict(places)
    width = len(str(len(places)))
    return {f"{number:0{width}}": place for number, place in enumerate(places.values(), 1)}


def _orderings(paper: Printable) -> Iterator[str]:
    questions = paper.questions if isinstance(paper, Paper) else ()
    return (question.id for question in questions if isinstance(question.response, Ordering))


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
