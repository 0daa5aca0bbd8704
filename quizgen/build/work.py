"""The work of a build: papers written format by format, in this process or in several."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, overload

from quizgen.assemble import Arrangement, Slot, lower, pool, worksheet
from quizgen.build.report import PaperSummary, Written, summary
from quizgen.build.staging import write
from quizgen.model import Exam
from quizgen.paper import Printable
from quizgen.problems import QuizgenError
from quizgen.reader import Job
from quizgen.templates import Templates
from quizgen.writers import Writer, writer

Plan = tuple[tuple[Slot, Arrangement], ...]


@dataclass(frozen=True, slots=True)
class Done:
    """A paper that was written; `warnings` are the libraries' words, such as a style that is not understood."""

    paper: PaperSummary
    files: tuple[Written, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """What was written of all papers at once; what the user should be warned of, and what be told."""

    files: tuple[Written, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Work:
    """What it takes to write any paper of a build; sent once to each process."""

    job: Job
    templates: Templates
    stage: Path
    formats: tuple[str, ...]

    def printable(self, slot: Slot, arrangement: Arrangement) -> Printable:
        """The paper or worksheet of a slot."""
        document = self.job.document
        if isinstance(document, Exam):
            return lower(document, self.job.course, slot, arrangement)
        return worksheet(document, self.job.course, slot)

    def write_paper(self, slot: Slot, arrangement: Arrangement) -> Done:
        """Write one paper in each format that takes papers one by one."""
        printable = self.printable(slot, arrangement)
        with _overheard("weasyprint") as warnings:
            files = [
                write(self.stage, file)
                for module in self._writers(per_paper=True)
                for file in module.write([printable], self.templates)
            ]
        return Done(summary(printable, slot.twin), tuple(files), tuple(warnings))

    def write_together(self, papers: Plan) -> Together:
        """Write the formats that take all papers at once, and what the others make once of all papers."""
        printables = _Lowered(self, papers)
        given = [(module, self._given(module, printables)) for module in self._writers(per_paper=False)]
        whole = [(getattr(module, "together", _nothing), printables) for module in self._writers(per_paper=True)]
        made = [*whole, *((module.write, found) for module, found in given)]
        files = [write(self.stage, file) for make, found in made for file in make(found, self.templates)]
        warnings = (text for module, found in given for text in getattr(module, "warnings", _nothing)(found))
        notes = (text for module, found in given for text in getattr(module, "notes", _nothing)(found))
        return Together(tuple(files), tuple(dict.fromkeys(warnings)), tuple(dict.fromkeys(notes)))

    def _given(self, module: Writer, printables: Sequence[Printable]) -> Sequence[Printable]:
        """What a format is made of: the papers, or the banks behind them."""
        if not getattr(module, "WHOLE_BANKS", False):
            return printables
        if not isinstance(self.job.document, Exam):
            raise QuizgenError(f"{self.job.path} draws from no bank; build it without --moodle bank")
        return [pool(self.job.document, self.job.course)]

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
        return self.work.printable(*self.papers[place])


def _nothing(*given: object) -> tuple[Any, ...]:
    """What a format says or makes that has nothing to say or make of all papers."""
    del given
    return ()


@contextmanager
def _overheard(name: str) -> Iterator[list[str]]:
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


def each_paper(work: Work, papers: Plan, jobs: int) -> Iterator[Done]:
    """Write the papers, in so many processes; what was done comes in their order."""
    if jobs <= 1 or len(papers) <= 1:
        yield from (work.write_paper(slot, arrangement) for slot, arrangement in papers)
        return
    with _processes(work, min(jobs, len(papers))) as pool:
        futures = [pool.submit(_in_process, slot, arrangement) for slot, arrangement in papers]
        yield from (future.result() for future in futures)


_work: Work | None = None


@contextmanager
def _processes(work: Work, jobs: int) -> Iterator[ProcessPoolExecutor]:
    # Spawned, not forked: the progress display runs in a thread, and every system does the same.
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _start_process, (work,))
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _start_process(work: Work) -> None:
    global _work  # noqa: PLW0603 - the one thing that a worker process holds
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ^C is the parent's to answer
    _work = work


def _in_process(slot: Slot, arrangement: Arrangement) -> Done:
    if _work is None:
        raise RuntimeError("a worker process was asked for a paper before it was given its work")
    return _work.write_paper(slot, arrangement)
