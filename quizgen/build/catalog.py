"""Proof catalogues: a PDF of each bank with all that its file says, in a folder as safe as a build's."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from quizgen.assemble.catalog import catalog
from quizgen.bounds import Step, begin
from quizgen.build import keeping
from quizgen.build.manifest import hashed, manifest
from quizgen.build.project import Project, project_of
from quizgen.build.stage import FolderStage
from quizgen.build.staging import locked, staged
from quizgen.build.work import overheard
from quizgen.build.workers import Task, Workers
from quizgen.model import languages
from quizgen.paper.catalog import DIFFICULTIES
from quizgen.reader import Banks, read_banks
from quizgen.writers import OutputFile, writer

if TYPE_CHECKING:
    from quizgen.build.report import Written
    from quizgen.build.run import Progress
    from quizgen.language import Language
    from quizgen.paper.catalog import Catalog
    from quizgen.templates import Templates

KIND = "catalog"
_PER_WEIGHT = 60  # questions that may take as long together as a document of a paper


@dataclass(frozen=True, slots=True)
class BankSummary:
    """A catalogue in numbers: its file, its questions by difficulty, and how many have no explanation."""

    file: str
    questions: int
    difficulties: Mapping[str, int]
    unexplained: int


@dataclass(frozen=True, slots=True)
class CatalogReport:
    """Finished catalogues, the folder that holds them, and what the user should be warned of."""

    folder: Path
    banks: tuple[BankSummary, ...]
    warnings: tuple[str, ...] = ()


def build_catalog(
    path: Path, folder: Path | None = None, *, force: bool = False, progress: Progress | None = None
) -> CatalogReport:
    """Print a bank, or each bank of a course's folder, into `folder/<name>-catalog` (`output/` unless said).

    Raises ProblemsError for problems of the input, QuizgenError where the output cannot be written; in both cases
    former catalogues stay as they were.
    """
    with Workers(("pdf",)) as workers:
        return _built(path, folder, workers, force=force, progress=progress or _unwatched)


def _built(path: Path, folder: Path | None, workers: Workers, *, force: bool, progress: Progress) -> CatalogReport:
    banks = read_banks(path)
    project = project_of(path)
    name = path.resolve().name if path.is_dir() else next(iter(banks.course.banks))
    target = (folder or project.output) / f"{name}-{KIND}"

    def keep(stage: Path) -> None:
        keeping.carry_over(keeping.check(target, force=force), target, stage)

    with locked(target.parent):
        keeping.check(target, force=force)
    with staged(target, keep) as stage:
        done = list(_printed(_Printing(banks, project.templates, stage), workers, progress))
        document = {"document": project.name(path), "kind": KIND, "id": name}
        files = sorted((one.file for one in done), key=lambda file: file.path)
        stage.write(manifest(document, _inputs(banks, project), (), files))
    warnings = dict.fromkeys(text for one in done for text in one.warnings)
    return CatalogReport(target, tuple(one.summary for one in done), tuple(warnings))


def _unwatched(what: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""


@dataclass(frozen=True, slots=True)
class _Done:
    """A catalogue that was written."""

    summary: BankSummary
    file: Written
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Printing:
    """What it takes to print any of the banks; sent once to each process."""

    banks: Banks
    templates: Templates
    stage: FolderStage

    def print(self, bank_id: str, language: Language) -> _Done:
        """Print a bank in a language; in another than its own into a folder of that language's name."""
        from quizgen.writers.pdf import catalog_pdf

        bank = self.banks.course.banks[bank_id]
        begin(Step("putting it together", "texts or pictures of unusual size"))
        made = catalog(bank, self.banks.course, language)
        path = PurePosixPath("" if language == bank.language else language, f"{bank_id}.pdf")
        with overheard("weasyprint") as warnings:
            file = self.stage.write(OutputFile(path, catalog_pdf(made, self.templates)))
        return _Done(_summary(made, path), file, tuple(warnings))


def _printed(printing: _Printing, workers: Workers, progress: Progress) -> Iterator[_Done]:
    tasks = [
        Task(f"the bank {bank.id}", partial(_Printing.print, bank_id=bank.id, language=language), weight)
        for bank in printing.banks.course.banks.values()
        for weight in [1 + len(bank.questions) // _PER_WEIGHT]
        for language in (bank.language, *sorted(languages(bank) - {bank.language}))
    ]
    jobs = min(os.cpu_count() or 1, -(-len(tasks) // 2))
    done: Iterable[_Done] = workers.in_order(printing, tasks, jobs)
    for number, one in enumerate(done, start=1):
        progress("banks", number, len(tasks))
        yield one


def _summary(made: Catalog, path: PurePosixPath) -> BankSummary:
    counts = {level: sum(kind[level] for kind in made.kinds.values()) for level in DIFFICULTIES}
    return BankSummary(path.as_posix(), len(made.paper.questions), counts, len(made.unexplained))


def _inputs(banks: Banks, project: Project) -> dict[str, str]:
    templates = {f"templates/{name}": hashed(project.templates.path(name)) for name in writer("pdf").TEMPLATES}
    return {project.name(path): digest for path, digest in banks.inputs.items()} | templates
