"""The work of a build: papers written format by format."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, overload

from quizgen.assemble import Arrangement, Assembler, Slot, everything, pool
from quizgen.bounds import Step, begin
from quizgen.build.binding import Binding
from quizgen.build.receipts import Receipt
from quizgen.build.report import Written, summary
from quizgen.build.stage import Stage
from quizgen.model import Exam
from quizgen.paper import Printable, Student
from quizgen.press.cache import Cache
from quizgen.problems import QuizgenError
from quizgen.reader import Job
from quizgen.templates import Templates
from quizgen.writers import OutputFile, Writer, writer

Plan = tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What formats prepared for all papers, by their names, and what the user is told of it."""

    formats: Mapping[str, object]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """What formats prepare for all papers, and the pieces of it, each with its format's name, that are to be made."""

    formats: tuple[str, ...] = ()
    first: Printable | None = None
    whole: Printable | None = None
    students: tuple[Student, ...] = ()
    pieces: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True)
class Work:
    """What it takes to write any paper of a build; sent once to each process."""

    job: Job
    templates: Templates
    stage: Stage
    formats: tuple[str, ...]
    documents: tuple[str, ...] = ()
    prepared: Mapping[str, object] = field(default_factory=dict)
    cache: Cache = field(default_factory=Cache)

    def shared(self, papers: Plan, students: Sequence[Student]) -> Shared:
        """What formats have all papers share, these and others like them for these students and others like them."""
        exam = self.job.document
        preparing = [name for name in self.formats if hasattr(writer(name), "prepare")]
        if not isinstance(exam, Exam) or not preparing:
            return Shared()
        first = self.printable(papers[0])
        whole = everything(exam, self.job.course, papers[0], map(self.assembler.arrangement, papers))
        given = first, whole, students, self.templates, self.documents, self.cache
        pieces = [(name, piece) for name in preparing for piece in writer(name).unprepared(*given)]  # type: ignore[attr-defined]
        return Shared(tuple(preparing), first, whole, tuple(students), tuple(pieces))

    def lay_out(self, name: str, first: Printable | None, piece: object) -> None:
        """Make a piece of what a format has all papers share, and keep it in the cache."""
        writer(name).lay_out(piece, first, self.templates, self.cache)  # type: ignore[attr-defined]

    def prepare(self, shared: Shared) -> Prepared:
        """What formats have all papers share, its pieces from the cache or made now."""
        found: dict[str, object] = {}
        notes: list[str] = []
        for name in shared.formats:
            given = shared.first, shared.whole, shared.students, self.templates, self.documents, self.cache
            found[name], said = writer(name).prepare(*given)  # type: ignore[attr-defined]
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

    def write_papers(self, key: str, slots: Plan) -> int:
        """Write papers in each format that takes them as they come, unless that is done; how many they are."""
        if not self.stage.is_finished(key):
            self.stage.keep(key, self._papers(slots))
        return len(slots)

    def _papers(self, slots: Plan) -> Receipt:
        arrangements = [self.assembler.arrangement(slot) for slot in slots]
        printables = [self.printable(*pair) for pair in zip(slots, arrangements, strict=True)]
        with overheard("weasyprint") as warnings:
            made = [
                (self._written(file), file.note)
                for name, module in self._named_writers()
                for file in module.write(printables, self.templates, **self._given_to(name))
            ]
        return Receipt(
            tuple(file for file, _ in made),
            tuple(summary(printable, slot.twin) for printable, slot in zip(printables, slots, strict=True)),
            tuple(
                [[[placed.name, *placed.order] for placed in section] for section in arrangement]
                for arrangement in arrangements
            ),
            tuple(dict.fromkeys(warnings)),
            tuple(note for _, note in made if note),
            alone=sum(
                module.laid_out(printables, self.prepared.get(name))
                for name, module in self._named_writers()
                if hasattr(module, "laid_out")
            ),
        )

    def write_together(self, key: str, papers: Plan) -> int:
        """Write the formats that take all papers at once, and what the others make once of all papers."""
        if not self.stage.is_finished(key):
            self.stage.keep(key, self._together(papers))
        return 0

    def _together(self, papers: Plan) -> Receipt:
        printables = _Lowered(self, papers)
        given = [(module, self._given(module, printables)) for module in self._writers(per_paper=False)]
        whole = [(getattr(module, "together", _nothing), printables) for module in self._writers(per_paper=True)]
        made = [*whole, *((module.write, found) for module, found in given)]
        with overheard("weasyprint") as heard:
            files = [self._written(file) for make, found in made for file in make(found, self.templates)]
        told = [*given, *((module, printables) for module in self._writers(per_paper=True))]
        said = (text for module, found in told for text in getattr(module, "warnings", _nothing)(found))
        notes = (text for module, found in given for text in getattr(module, "notes", _nothing)(found))
        templates = {template for name in self.formats for template in writer(name).TEMPLATES}
        return Receipt(
            files=tuple(files),
            warnings=tuple(dict.fromkeys((*heard, *said))),
            notes=tuple(dict.fromkeys(notes)),
            templates=tuple(sorted(templates)),
        )

    def bind(self, key: str, binding: Binding) -> int:
        """Write a file that is bound of finished papers."""
        if not self.stage.is_finished(key):
            begin(Step(f"binding {binding.path}", "papers of unusual size"))
            self.stage.keep(key, Receipt((binding.written(self.stage),)))
        return 0

    def _written(self, file: OutputFile) -> Written:
        begin(Step(f"writing what follows {file.path}", "texts or pictures of unusual size"))
        return self.stage.write(file)

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
