"""Running: the pieces of a build one after another or side by side, and what their receipts say in the end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

from quizgen.assemble import Slot
from quizgen.build.binding import Binding
from quizgen.build.receipts import Receipt
from quizgen.build.stage import Stage
from quizgen.build.work import Plan, Prepared, Shared, Work
from quizgen.build.workers import Task
from quizgen.paper.student import telling
from quizgen.problems import QuizgenError

# Called with what is being made, how many of it are done, and how many there are.
Progress = Callable[[str, int, int], None]

FEWEST_PREPARED = 4  # papers from which on it pays to prepare what they share
_PER_WEIGHT = 20  # papers that may take as long together as the documents of one
_SOME = 8  # chunks of papers
_TELLING = 1000  # papers that tell what most papers ask
_CHUNKS, _MOST = 200, 50  # that many chunks of papers, unless one would be so large that its loss hurts


class Executor(Protocol):
    """Who does tasks, in processes of this machine or of others."""

    def each(self, work: Work, tasks: Sequence[Task], most: int = 1) -> Iterator[Any]:
        """What the tasks give, as they come to an end, by so many processes at most."""
        ...


@dataclass(slots=True)
class Run:
    """A build on its way. `done` are the papers that are finished, `keys` those of all receipts in their order.

    `local` prepares what all papers share, on this machine, where the cache is; `executor` does the rest.
    """

    work: Work
    papers: Plan
    local: Executor
    executor: Executor
    jobs: int
    progress: Progress
    done: int = 0
    keys: list[str] = field(default_factory=list)

    def prepare(self) -> tuple[str, ...]:
        """Make what all papers share; what the user is told of it."""
        if len(self.papers) < FEWEST_PREPARED:
            return ()
        self.progress("preparing", 0, 1)
        papers = self.papers[:_TELLING]
        students = telling(slot.student for slot in self.papers if slot.student)
        weight = 1 + len(papers) // _PER_WEIGHT
        task = Task("what all papers share", partial(Work.shared, papers=papers, students=students), weight)
        shared: Shared
        (shared,) = self.local.each(self.work, [task])
        self._lay_out(shared)
        found: Prepared
        task = Task("what all papers share", partial(Work.prepare, shared=replace(shared, pieces=())), weight)
        (found,) = self.local.each(self.work, [task])
        self.work = replace(self.work, prepared=found.formats)
        return found.notes

    def _lay_out(self, shared: Shared) -> None:
        """Make the pieces of what all papers share, side by side."""
        tasks = [
            Task("what all papers share", partial(Work.lay_out, name=name, first=shared.first, piece=piece))
            for name, piece in shared.pieces
        ]
        jobs = min(self.jobs, os.cpu_count() or 1)
        for number, _ in enumerate(self.local.each(self.work, tasks, jobs) if tasks else (), start=1):
            self.progress("preparing", number, len(tasks) + 1)

    def write_papers(self) -> None:
        """Write the papers, chunk by chunk, and beside them what is made once of all of them."""
        self.work.stage.begin()
        self.progress("papers", 0, len(self.papers))
        chunks = _chunks(self.papers)
        keys = [f"papers-{number:06}" for number in range(len(chunks))]
        tasks = [
            Task(_named(chunk), partial(Work.write_papers, key=key, slots=chunk))
            for key, chunk in zip(keys, chunks, strict=True)
        ]
        # Not first, as faults of papers are to be told before those of all; nor last, when all others would wait.
        tasks.insert(_SOME, self._together())
        for count in self._each([*keys, "together"], tasks):
            self.done += count
            self.progress("papers", self.done, len(self.papers))

    def _together(self) -> Task:
        first: dict[str, Slot] = {}
        for slot in self.papers:
            first.setdefault(slot.variant or slot.name, slot)  # students who share a variant have the same paper
        papers = tuple(first.values())
        task = partial(Work.write_together, key="together", papers=papers)
        return Task("all papers", task, weight=1 + len(papers) // _PER_WEIGHT)

    def bind(self, found: Iterable[Binding]) -> None:
        """Write the files to print that are bound of finished papers."""
        bindings = list(found)
        keys = [f"print-{number:06}" for number in range(len(bindings))]
        tasks = [
            Task(f"{one.path}", partial(Work.bind, key=key, binding=one), 1 + len(one.parts) // _PER_WEIGHT)
            for key, one in zip(keys, bindings, strict=True)
        ]
        for number, _ in enumerate(self._each(keys, tasks), start=1):
            self.progress("files to print", number, len(tasks))

    def receipts(self) -> Iterator[Receipt]:
        """What all pieces have left, read anew each time."""
        return (_receipt(self.work.stage, key) for key in self.keys)

    def _each(self, keys: Sequence[str], tasks: Sequence[Task]) -> Iterator[int]:
        self.keys += keys
        return self.executor.each(self.work, tasks, self.jobs)


def default_jobs(papers: int) -> int:
    """As many processes as pay: one for a few papers, else one for each core."""
    return max(1, min(os.cpu_count() or 1, papers // 4))


def _chunks(papers: Plan) -> list[Plan]:
    """The papers in chunks; which these are depends on nothing but the papers' number."""
    size = max(1, min(len(papers) // _CHUNKS, _MOST))
    return [papers[start : start + size] for start in range(0, len(papers), size)]


def _named(chunk: Plan) -> str:
    first, last = chunk[0].name, chunk[-1].name
    return f"paper {first}" if len(chunk) == 1 else f"papers {first} to {last}"


def _receipt(stage: Stage, key: str) -> Receipt:
    found = stage.receipt(key)
    if found is None:
        raise QuizgenError("a piece of the build has vanished; let nothing else write to its folder, and build again")
    return found
