"""The pipeline: a job's papers, assembled and written format by format, in this process or in several."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from quizgen.assemble import Arrangement, Slot, lower, plan, worksheet
from quizgen.build import keeping
from quizgen.build.manifest import hashed, manifest
from quizgen.build.project import Project, find_project
from quizgen.build.report import PaperSummary, Report, Written, summary
from quizgen.build.staging import staged, write
from quizgen.model import Exam
from quizgen.paper import Printable
from quizgen.problems import QuizgenError
from quizgen.reader import Job, read_job
from quizgen.templates import Templates
from quizgen.writers import FORMATS, writer

# Called with the number of papers done and the number of all.
Progress = Callable[[int, int], None]
Plan = tuple[tuple[Slot, Arrangement], ...]


@dataclass(frozen=True, slots=True)
class Options:
    """What a user may ask of a build beyond what the file says; empty or None means all, or as it fits."""

    formats: tuple[str, ...] = tuple(FORMATS)
    papers: tuple[str, ...] = ()
    seed: int | None = None
    jobs: int | None = None
    force: bool = False


def build(
    path: Path, folder: Path | None = None, options: Options | None = None, progress: Progress | None = None
) -> Report:
    """Build an exam or assignments file into `folder/<id>` (the project's `output/<id>` unless said).

    Raises ProblemsError for problems of the input, QuizgenError where the output cannot be written; in both
    cases a former output stays as it was.
    """
    options = options or Options()
    job = _seeded(read_job(path), options.seed)
    project = find_project(path)
    target = (folder or project.output) / job.document.id
    kept = keeping.check(target, force=options.force)
    with staged(target) as stage:
        report = render(job, project, stage, options, progress or _unwatched)
        keeping.carry_over(kept, target, stage)
    return replace(report, folder=target)


def assembled(path: Path, name: str | None = None, seed: int | None = None) -> Printable:
    """One paper of an exam or assignments file, the first unless named; nothing is written."""
    job = _seeded(read_job(path), seed)
    papers = _chosen(tuple(plan(job.document, job.course, job.students)), (name,) if name else ())
    return Work(job, Templates(), Path(), ()).printable(*papers[0])


def _seeded(job: Job, seed: int | None) -> Job:
    if seed is None:
        return job
    return replace(job, document=job.document.model_copy(update={"seed": seed}))


def render(job: Job, project: Project, stage: Path, options: Options, progress: Progress) -> Report:
    """Write all files of a build below a folder, its manifest last."""
    papers = _chosen(tuple(plan(job.document, job.course, job.students)), options.papers)
    work = Work(job, project.templates, stage, options.formats)
    files: list[Written] = []
    summaries: list[PaperSummary] = []
    for done, (paper, written) in enumerate(
        _each_paper(work, papers, options.jobs or default_jobs(len(papers))), start=1
    ):
        files += written
        summaries.append(paper)
        progress(done, len(papers))
    together, warnings = _together(work, papers)
    files += together
    document = _document(job, project, options)
    last = write(stage, manifest(document, _inputs(job, project, options.formats), papers, files))
    return Report(stage, tuple(summaries), (*files, last), (*_unequal(summaries), *warnings))


def _unequal(papers: list[PaperSummary]) -> Iterator[str]:
    """Papers of one exam are meant to be worth the same."""
    points = {paper.points: paper.name for paper in reversed(papers)}
    if len(points) > 1:
        least, most = min(points), max(points)
        yield (
            f"the papers are not worth the same: {points[least]} has {least} points, {points[most]} has {most}; "
            "give each section that draws its `points`"
        )


def _unwatched(done: int, total: int) -> None:
    """Progress that nobody looks at."""


def _chosen(papers: Plan, names: tuple[str, ...]) -> Plan:
    unknown = [name for name in names if name not in {slot.name for slot, _ in papers}]
    if unknown:
        known = ", ".join(slot.name for slot, _ in papers[:10]) + (", …" if len(papers) > 10 else "")
        raise QuizgenError(f"there is no paper {', '.join(unknown)}; the papers are {known}")
    return tuple(paper for paper in papers if not names or paper[0].name in names)


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

    def write_paper(self, slot: Slot, arrangement: Arrangement) -> tuple[PaperSummary, list[Written]]:
        """Write one paper in each format that takes papers one by one."""
        printable = self.printable(slot, arrangement)
        files = [
            write(self.stage, file)
            for name in self.formats
            if (format_ := writer(name)).PER_PAPER
            for file in format_.write([printable], self.templates)
        ]
        return summary(printable, slot.twin), files


def _together(work: Work, papers: Plan) -> tuple[list[Written], tuple[str, ...]]:
    """Write the formats that take all papers at once; their warnings are the user's to see."""
    formats = [format_ for name in work.formats if not (format_ := writer(name)).PER_PAPER]
    if not formats:
        return [], ()
    printables = [work.printable(slot, arrangement) for slot, arrangement in papers]
    files = [write(work.stage, file) for format_ in formats for file in format_.write(printables, work.templates)]
    warnings = [text for format_ in formats for text in getattr(format_, "warnings", _no_warnings)(printables)]
    return files, tuple(dict.fromkeys(warnings))


def _no_warnings(printables: Sequence[Printable]) -> tuple[str, ...]:
    """What a format says that has nothing to warn of."""
    del printables
    return ()


def _each_paper(work: Work, papers: Plan, jobs: int) -> Iterator[tuple[PaperSummary, list[Written]]]:
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


def _in_process(slot: Slot, arrangement: Arrangement) -> tuple[PaperSummary, list[Written]]:
    if _work is None:
        raise RuntimeError("a worker process was asked for a paper before it was given its work")
    return _work.write_paper(slot, arrangement)


def _inputs(job: Job, project: Project, formats: Sequence[str]) -> dict[str, str]:
    inputs = {project.name(path): digest for path, digest in job.inputs.items()}
    for name in sorted({template for format_ in formats for template in writer(format_).TEMPLATES}):
        inputs[f"templates/{name}"] = hashed(project.templates.path(name))
    return inputs


def _document(job: Job, project: Project, options: Options) -> dict[str, Any]:
    return {
        "document": project.name(job.path),
        "kind": job.document.kind,
        "id": job.document.id,
        "seed": job.document.seed,
        "formats": list(options.formats),
        "only": list(options.papers),
    }


def default_jobs(papers: int) -> int:
    """As many processes as pay: one for a few papers, else one for each core."""
    return max(1, min(os.cpu_count() or 1, papers // 4))
