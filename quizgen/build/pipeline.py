"""The pipeline: read, assemble, write, and put in place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from quizgen.assemble import plan
from quizgen.build import keeping
from quizgen.build.binding import bindings
from quizgen.build.manifest import Entries, hashed, manifest
from quizgen.build.project import Project, find_project
from quizgen.build.report import PaperSummary, Report, Written
from quizgen.build.spool import Spool
from quizgen.build.staging import locked, staged, write
from quizgen.build.work import Plan, Work, all_papers, bind_all, default_jobs, each_paper, prepared
from quizgen.build.workers import Workers
from quizgen.model import Exam
from quizgen.paper import Printable
from quizgen.problems import QuizgenError
from quizgen.reader import Job, read_job
from quizgen.richtext.furigana import check_dictionary
from quizgen.templates import Templates
from quizgen.writers import USUAL

# Called with the number of papers done and the number of all.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What a user may ask of a build beyond what the file says; empty or None means all, or as it fits."""

    formats: tuple[str, ...] = USUAL
    papers: tuple[str, ...] = ()
    seed: int | None = None
    jobs: int | None = None
    force: bool = False
    editions: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


def build(
    path: Path, folder: Path | None = None, options: Options | None = None, progress: Progress | None = None
) -> Report:
    """Build an exam or assignments file into `folder/<id>` (the project's `output/<id>` unless said).

    Raises ProblemsError for problems of the input, QuizgenError where the output cannot be written; in both
    cases a former output stays as it was.
    """
    options = options or Options()
    with Workers(options.formats) as workers:
        return _built(path, folder, options, progress or _unwatched, workers)


def _built(path: Path, folder: Path | None, options: Options, progress: Progress, workers: Workers) -> Report:
    job = _with_editions(_seeded(read_job(path), options.seed), options)
    project = find_project(path)
    target = (folder or project.output) / job.document.id

    def keep(stage: Path) -> None:
        keeping.carry_over(keeping.check(target, force=options.force), target, stage)

    # Asked first so that nobody waits for a refusal, and again at the end: a user may have been at work meanwhile.
    with locked(target.parent):
        keeping.check(target, force=options.force)
    with staged(target, keep) as stage, Spool() as orders:
        report = _render(job, project, stage, options, progress, workers, orders)
    return replace(report, folder=target)


def assembled(path: Path, name: str | None = None, seed: int | None = None) -> Printable:
    """One paper of an exam or assignments file, the first unless named; nothing is written."""
    job = _seeded(read_job(path), seed)
    papers = _chosen(_planned(job), (name,) if name else ())
    return Work(job, Templates(), Path(), ()).printable(papers[0])


def _planned(job: Job) -> Plan:
    """The slots of all papers; arrangements, which would fill the memory, are made anew where they are needed."""
    return tuple(slot for slot, _ in plan(job.document, job.course, job.students))


def _seeded(job: Job, seed: int | None) -> Job:
    if seed is None:
        return job
    return replace(job, document=job.document.model_copy(update={"seed": seed}))


def _with_editions(job: Job, options: Options) -> Job:
    """The job with the options' editions of the booklet besides those of its file, once what they need is there."""
    exam = job.document
    if not isinstance(exam, Exam):
        if options.editions:
            raise QuizgenError(f"{job.path} is no exam; only an exam's booklets have editions")
        return job
    editions = [*exam.print.editions, *options.editions]
    if "pdf" in options.formats and any("furigana" in edition.split("+") for edition in editions):
        check_dictionary()
    return replace(
        job, document=exam.model_copy(update={"print": exam.print.model_copy(update={"editions": editions})})
    )


def _render(
    job: Job, project: Project, stage: Path, options: Options, progress: Progress, workers: Workers, orders: Spool
) -> Report:
    """Write all files of a build below a folder, its manifest last."""
    papers = _chosen(_planned(job), options.papers)
    work = Work(job, project.templates, stage, options.formats, options.documents)
    work, notes = prepared(work, papers, workers)
    files: list[Written] = []
    summaries: list[PaperSummary] = []
    warnings: list[str] = []
    jobs = options.jobs or default_jobs(len(papers))
    for number, done in enumerate(each_paper(work, papers, jobs, workers), start=1):
        files += done.files
        summaries.append(done.paper)
        orders.add(done.sections)
        warnings += done.warnings
        progress(number, len(papers))
    together = all_papers(work, papers, workers)
    files += together.files
    to_bind = bindings(stage, job.document, [slot.student for slot in papers if slot.student])
    files += bind_all(work, to_bind, jobs, workers)
    warnings = [*_unequal(summaries), *dict.fromkeys((*warnings, *together.warnings))]
    document = _document(job, project, options)
    entries = Entries(papers, orders, [paper.sheet for paper in summaries])
    last = write(stage, manifest(document, _inputs(job, project, together.templates), entries, files))
    return Report(stage, tuple(summaries), (*files, last), tuple(warnings), (*notes, *together.notes))


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
    unknown = [name for name in names if name not in {slot.name for slot in papers}]
    if unknown:
        known = ", ".join(slot.name for slot in papers[:10]) + (", …" if len(papers) > 10 else "")
        raise QuizgenError(f"there is no paper {', '.join(unknown)}; the papers are {known}")
    return tuple(slot for slot in papers if not names or slot.name in names)


def _inputs(job: Job, project: Project, templates: Sequence[str]) -> dict[str, str]:
    """The hashes of what a build is made of: the YAML files, the templates, and what the project has for these."""
    inputs = {project.name(path): digest for path, digest in job.inputs.items()}
    for name in (*templates, *(project.templates.additions() if templates else ())):
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
        "editions": list(options.editions),
        "documents": list(options.documents),
    }
