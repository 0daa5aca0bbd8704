"""The pipeline: read, assemble, write, and put in place."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from quizgen.assemble import plan
from quizgen.build.binding import bindings
from quizgen.build.caching import cache
from quizgen.build.cluster import LOCAL, Anywhere, cluster
from quizgen.build.destination import destination
from quizgen.build.manifest import entry, hashed, manifest, versions
from quizgen.build.project import Project, find_project
from quizgen.build.receipts import Receipt
from quizgen.build.report import Report
from quizgen.build.run import Executor, Progress, Run, default_jobs
from quizgen.build.stage import FolderStage
from quizgen.build.tally import Tally
from quizgen.build.work import Plan, Work
from quizgen.build.workers import Workers
from quizgen.model import Exam
from quizgen.paper import Printable
from quizgen.problems import QuizgenError
from quizgen.reader import Job, read_job
from quizgen.richtext.furigana import check_dictionary
from quizgen.templates import Templates, shipped
from quizgen.writers import USUAL


@dataclass(frozen=True, slots=True)
class Options:
    """What a user may ask of a build beyond what the file says; empty or None means all, or as it fits.

    `executor`: who does the work, the address of a Dask scheduler or an executor in the manner of concurrent.futures.
    """

    formats: tuple[str, ...] = USUAL
    papers: tuple[str, ...] = ()
    seed: int | None = None
    jobs: int | None = None
    force: bool = False
    editions: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    executor: Anywhere = LOCAL


def build(
    path: Path, folder: Path | str | None = None, options: Options | None = None, progress: Progress | None = None
) -> Report:
    """Build an exam or assignments file into `folder/<id>` (the project's `output/<id>` unless said), or below a URL.

    Raises ProblemsError for problems of the input, QuizgenError where the output cannot be written; in both
    cases a former output stays as it was. What is finished by then, or when it is interrupted, is kept aside for the
    next build of the same.
    """
    options = options or Options()
    with Workers(options.formats) as workers, _executor(options, workers) as executor:
        return _built(path, folder, options, progress or _unwatched, (workers, executor))


def _executor(options: Options, workers: Workers) -> AbstractContextManager[Executor]:
    return nullcontext(workers) if options.executor == LOCAL else cluster(options.executor, options.formats)


def _built(
    path: Path, folder: Path | str | None, options: Options, progress: Progress, executors: tuple[Executor, Executor]
) -> Report:
    job = _with_editions(_seeded(read_job(path), options.seed), options)
    project = find_project(path)
    target = destination(folder or project.output, job.document.id, shared=options.executor != LOCAL)
    papers = _chosen(_planned(job), options.papers)
    document = _document(job, project, options)
    with (
        target.staged(_fingerprint(document, job, project, papers), force=options.force) as stage,
        cache(len(papers)) as kept,
    ):
        # The slots have the students that a piece of work needs.
        work = Work(replace(job, students=()), project.templates, stage, options.formats, options.documents, cache=kept)
        run = Run(work, papers, *executors, _jobs(options, papers), progress)
        try:
            report = _render(run, job, project, document)
        except (KeyboardInterrupt, QuizgenError) as error:
            raise _with_way_on(error, run) from error
    return replace(report, folder=target.folder, url=target.url)


def _jobs(options: Options, papers: Plan) -> int:
    """How many processes work at a time; of a cluster, all that it has."""
    return options.jobs or (default_jobs(len(papers)) if options.executor == LOCAL else sys.maxsize)


def assembled(path: Path, name: str | None = None, seed: int | None = None) -> Printable:
    """One paper of an exam or assignments file, the first unless named; nothing is written."""
    job = _seeded(read_job(path), seed)
    papers = _chosen(_planned(job), (name,) if name else ())
    return Work(job, Templates(), FolderStage(Path()), ()).printable(papers[0])


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


def _render(run: Run, job: Job, project: Project, document: Mapping[str, Any]) -> Report:
    """Write all files of a build below its stage, its manifest last."""
    notes = run.prepare()
    run.write_papers()
    students = [slot.student for slot in run.papers if slot.student]
    run.bind(bindings(run.work.stage, job.document, students))
    common: dict[str, str] = {}
    templates: list[str] = []
    tally = Tally(notes)
    for receipt in run.receipts():
        tally.add(receipt)
        templates += receipt.templates
        common |= {} if receipt.papers else {file.path: file.sha256 for file in receipt.files}
    outputs = (file for receipt in run.receipts() for file in receipt.files)
    inputs = _inputs(job, project, templates)
    tally.add(Receipt((run.work.stage.conclude(manifest(document, inputs, _entries(run, common), outputs)),)))
    return tally.report(Path())


def _entries(run: Run, common: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The papers as the manifest has them; `common` are the hashes of what was made for all of them."""
    slots = iter(run.papers)
    for receipt in run.receipts():
        layouts = {**common, **{file.path: file.sha256 for file in receipt.files}}
        for paper, sections in zip(receipt.papers, receipt.sections, strict=True):
            yield entry(next(slots), sections, paper.sheet, layouts)


def _with_way_on(error: BaseException, run: Run) -> BaseException:
    """What stopped a build, with what is to be done about the papers that are finished."""
    if not run.done or not run.work.stage.waiting:
        return error
    kept = (
        f"{run.done:,} of {len(run.papers):,} papers are finished, in {run.work.stage.waiting}; "
        "the same command goes on behind them"
    )
    if isinstance(error, KeyboardInterrupt):
        return KeyboardInterrupt(f"stopped; {kept}")
    return QuizgenError(f"{error}\n{kept}")


def _unwatched(what: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""


def _chosen(papers: Plan, names: tuple[str, ...]) -> Plan:
    known = {slot.name for slot in papers} if names else set()
    unknown = [name for name in names if name not in known]
    if unknown:
        listed = ", ".join(slot.name for slot in papers[:10]) + (", …" if len(papers) > 10 else "")
        raise QuizgenError(f"there is no paper {', '.join(unknown)}; the papers are {listed}")
    return tuple(slot for slot in papers if slot.name in names) if names else papers


def _inputs(job: Job, project: Project, templates: Sequence[str]) -> dict[str, str]:
    """The hashes of what a build is made of: the YAML files, the templates, and what the project has for these."""
    inputs = {project.name(path): digest for path, digest in job.inputs.items()}
    for name in (*templates, *(project.templates.additions() if templates else ())):
        inputs[f"templates/{name}"] = hashed(project.templates.path(name))
    return inputs


def _fingerprint(document: Mapping[str, Any], job: Job, project: Project, papers: Plan) -> str:
    """What a build is made of and what is asked for, in one hash: who builds the same can go on with its pieces."""
    names = {path.relative_to(shipped()).as_posix() for path in shipped().rglob("*") if path.is_file()}
    inputs = _inputs(job, project, sorted(names))
    said = json.dumps([document, inputs, versions(), len(papers)], sort_keys=True)
    return sha256(said.encode()).hexdigest()


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
