"""The work of a build: papers written format by format."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, cast, overload

from quizgen.assemble import Arrangement, Assembler, Slot, everything, pool
from quizgen.bounds import Step, begin
from quizgen.build.binding import Binding
from quizgen.build.report import PaperSummary, Written, summary
from quizgen.build.staging import write
from quizgen.build.workers import Task, Workers
from quizgen.model import Exam
from quizgen.paper import Printable
from quizgen.problems import QuizgenError
from quizgen.reader import Job
from quizgen.templates import Templates
from quizgen.writers import OutputFile, Writer, writer

Plan = tuple[Slot, ...]

FEWEST_PREPARED = 4  # papers from which on it pays to prepare what they share
_PER_WEIGHT = 20  # papers that may take as long together as the documents of one


@dataclass(frozen=True, slots=True)
class Done:
    """A paper that was written; `warnings` are the libraries' words, such as a style that is not understood.

    `sections` has the questions of each section, each by its name and the order of what it shuffles.
    """

    paper: PaperSummary
    sections: list[list[list[str]]]
    files: tuple[Written, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """What was written of all papers at once; what the user should be warned of, and what be told.

    `templates` are the names of those that the formats read.
    """

    files: tuple[Written, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    templates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What formats prepared for all papers, by their names, and what the user is told of it."""

    formats: Mapping[str, object]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Work:
    """What it takes to write any paper of a build; sent once to each process."""

    job: Job
    templates: Templates
    stage: Path
    formats: tuple[str, ...]
    documents: tuple[str, ...] = ()
    prepared: Mapping[str, object] = field(default_factory=dict)

    def prepare(self, papers: Plan) -> Prepared:
        """What formats have all papers share."""
        exam = self.job.document
        if not isinstance(exam, Exam):
            return Prepared({}, ())
        found: dict[str, object] = {}
        notes: list[str] = []
        for name in self.formats:
            if prepare := getattr(writer(name), "prepare", None):
                first = self.printable(papers[0])
                whole = everything(exam, self.job.course, papers[0], map(self.assembler.arrangement, papers))
                students = [slot.student for slot in papers if slot.student]
                found[name], said = prepare(first, whole, students, self.templates, self.documents)
                notes += said
        return Prepared(found, tuple(notes))

    @cached_property
    def assembler(self) -> Assembler:
        """What makes the papers."""
        return Assembler(self.job.document, self.job.course)

    def printable(self, slot: Slot, arrangement: Arrangement | None = None) -> Printable:
        """The paper or worksheet of a slot; its arrangement may be given by who has it already."""
        begin(Step("putting it together", "texts or pictures of unusual size"))
        return self.assembler.printable(slot, arrangement)

    def write_paper(self, slot: Slot) -> Done:
        """Write one paper in each format that takes papers one by one."""
        arrangement = self.assembler.arrangement(slot)
        printable = self.printable(slot, arrangement)
        with overheard("weasyprint") as warnings:
            files = [
                self._written(file)
                for name, module in self._named_writers()
                for file in module.write([printable], self.templates, **self._given_to(name))
            ]
        sections = [[[placed.name, *placed.order] for placed in section] for section in arrangement]
        return Done(summary(printable, slot.twin), sections, tuple(files), tuple(warnings))

    def write_together(self, papers: Plan) -> Together:
        """Write the formats that take all papers at once, and what the others make once of all papers."""
        printables = _Lowered(self, papers)
        given = [(module, self._given(module, printables)) for module in self._writers(per_paper=False)]
        whole = [(getattr(module, "together", _nothing), printables) for module in self._writers(per_paper=True)]
        made = [*whole, *((module.write, found) for module, found in given)]
        with overheard("weasyprint") as heard:
            files = [self._written(file) for make, found in made for file in make(found, self.templates)]
        told = [*given, *((module, printables) for module in self._writers(per_paper=True))]
        said = (text for module, found in told for text in getattr(module, "warnings", _nothing)(found))
        notes = (text for module, found in given for text in getattr(module, "notes", _nothing)(found))
        warnings = (*heard, *said)
        templates = dict.fromkeys(template for name in self.formats for template in writer(name).TEMPLATES)
        return Together(
            tuple(files), tuple(dict.fromkeys(warnings)), tuple(dict.fromkeys(notes)), tuple(sorted(templates))
        )

    def bind(self, binding: Binding) -> Written:
        """Write a file that is bound of finished papers."""
        begin(Step(f"binding {binding.path}", "papers of unusual size"))
        return binding.written(self.stage)

    def _written(self, file: OutputFile) -> Written:
        begin(Step(f"writing what follows {file.path}", "texts or pictures of unusual size"))
        return write(self.stage, file)

    def _given(self, module: Writer, printables: Sequence[Printable]) -> Sequence[Printable]:
        """What a format is made of: the papers, or the banks behind them."""
        if not getattr(module, "WHOLE_BANKS", False):
            return printables
        if not isinstance(self.job.document, Exam):
            raise QuizgenError(f"{self.job.path} draws from no bank; build it without --moodle bank")
        return [pool(self.job.document, self.job.course)]

    def _named_writers(self) -> list[tuple[str, Writer]]:
        return [(name, module) for name in self.formats if (module := writer(name)).PER_PAPER]

    def _given_to(self, name: str) -> dict[str, Any]:
        """What a format that makes several documents is told besides the paper: which, and what it has prepared."""
        module = writer(name)
        chosen = {"documents": self.documents} if hasattr(module, "DOCUMENTS") else {}
        return {**chosen, "prepared": self.prepared.get(name)} if hasattr(module, "prepare") else chosen

    def _writers(self, *, per_paper: bool) -> list[Writer]:
        return [module for name in self.formats if per_paper == (module := writer(name)).PER_PAPER]


@dataclass(frozen=True)
class _Lowered(Sequence[Printable]):
    """The papers of a plan, each lowered when it is asked for: thousands of them are never in memory at once."""

    work: Work
    papers: Plan

    def __len__(self) -> int:
        return len(self.papers)

    @overload
    def __getitem__(self, place: int) -> Printable: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Printable]: ...
    def __getitem__(self, place: int | slice) -> Printable | Sequence[Printable]:
        if isinstance(place, slice):
            return _Lowered(self.work, self.papers[place])
        return self.work.printable(self.papers[place])


def _nothing(*given: object) -> tuple[Any, ...]:
    """What a format says or makes that has nothing to say or make of all papers."""
    del given
    return ()


@contextmanager
def overheard(name: str) -> Iterator[list[str]]:
    """What a library's logger warns of while the block runs."""
    heard: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(f"{name}: {record.getMessage()}")

    listener = Listener(logging.WARNING)
    logging.getLogger(name).addHandler(listener)
    try:
        yield heard
    finally:
        logging.getLogger(name).removeHandler(listener)


def default_jobs(papers: int) -> int:
    """As many processes as pay: one for a few papers, else one for each core."""
    return max(1, min(os.cpu_count() or 1, papers // 4))


def prepared(work: Work, papers: Plan, workers: Workers) -> tuple[Work, tuple[str, ...]]:
    """The work with what formats prepare for many papers, and what the user is told of it."""
    if len(papers) < FEWEST_PREPARED:
        return work, ()
    task = Task("what all papers share", partial(Work.prepare, papers=papers), weight=1 + len(papers) // _PER_WEIGHT)
    (found,) = workers.each(work, [task])
    return replace(work, prepared=found.formats), found.notes


def each_paper(work: Work, papers: Plan, jobs: int, workers: Workers) -> Iterator[Done]:
    """Write the papers, in so many processes; what was done comes in their order."""
    tasks = [Task(f"paper {slot.name}", partial(Work.write_paper, slot=slot)) for slot in papers]
    return workers.each(work, tasks, jobs)


def bind_all(work: Work, found: Iterable[Binding], jobs: int, workers: Workers) -> Iterator[Written]:
    """Write the files to print that are bound of finished papers."""
    tasks = [
        Task(f"{one.path}", partial(Work.bind, binding=one), weight=1 + len(one.parts) // _PER_WEIGHT) for one in found
    ]
    return workers.each(work, tasks, jobs)


def all_papers(work: Work, papers: Plan, workers: Workers) -> Together:
    """Write what is made once of all papers."""
    task = Task("all papers", partial(Work.write_together, papers=papers), weight=1 + len(papers) // _PER_WEIGHT)
    (together,) = workers.each(work, [task])
    return cast("Together", together)
