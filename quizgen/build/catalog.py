"""Proof catalogues: a PDF of each bank with all that its file says, in a folder as safe as a build's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from quizgen.assemble.catalog import catalog
from quizgen.build import keeping
from quizgen.build.manifest import hashed, manifest
from quizgen.build.project import Project, project_of
from quizgen.build.staging import locked, staged, write
from quizgen.model import languages
from quizgen.paper.catalog import DIFFICULTIES
from quizgen.reader import Banks, read_banks
from quizgen.writers import OutputFile, writer

if TYPE_CHECKING:
    from quizgen.build.pipeline import Progress
    from quizgen.paper.catalog import Catalog
    from quizgen.templates import Templates

KIND = "catalog"


@dataclass(frozen=True, slots=True)
class BankSummary:
    """A catalogue in numbers: its file, its questions by difficulty, and how many have no explanation."""

    file: str
    questions: int
    difficulties: Mapping[str, int]
    unexplained: int


@dataclass(frozen=True, slots=True)
class CatalogReport:
    """Finished catalogues and the folder that holds them."""

    folder: Path
    banks: tuple[BankSummary, ...]


def build_catalog(
    path: Path, folder: Path | None = None, *, force: bool = False, progress: Progress | None = None
) -> CatalogReport:
    """Print a bank, or each bank of a course's folder, into `folder/<name>-catalog` (`output/` unless said).

    Raises ProblemsError for problems of the input, QuizgenError where the output cannot be written; in both cases
    former catalogues stay as they were.
    """
    banks = read_banks(path)
    project = project_of(path)
    name = path.resolve().name if path.is_dir() else next(iter(banks.course.banks))
    target = (folder or project.output) / f"{name}-{KIND}"

    def keep(stage: Path) -> None:
        keeping.carry_over(keeping.check(target, force=force), target, stage)

    with locked(target.parent):
        keeping.check(target, force=force)
    with staged(target, keep) as stage:
        summaries = []
        files = []
        for number, (made, file) in enumerate(_catalogs(banks, project.templates), start=1):
            files.append(write(stage, file))
            summaries.append(_summary(made, file))
            if progress:
                progress(number, len(banks.course.banks))
        document = {"document": project.name(path), "kind": KIND, "id": name}
        write(stage, manifest(document, _inputs(banks, project), (), files, ()))
    return CatalogReport(target, tuple(summaries))


def _catalogs(banks: Banks, templates: Templates) -> Iterator[tuple[Catalog, OutputFile]]:
    """Each bank in its language, and in a folder of its own what it says in another one."""
    from quizgen.writers.pdf import catalog_pdf

    for bank in banks.course.banks.values():
        for language in (bank.language, *sorted(languages(bank) - {bank.language})):
            made = catalog(bank, banks.course, language)
            path = PurePosixPath("" if language == bank.language else language, f"{bank.id}.pdf")
            yield made, OutputFile(path, catalog_pdf(made, templates))


def _summary(made: Catalog, file: OutputFile) -> BankSummary:
    counts = {level: sum(kind[level] for kind in made.kinds.values()) for level in DIFFICULTIES}
    return BankSummary(file.path.as_posix(), len(made.paper.questions), counts, len(made.unexplained))


def _inputs(banks: Banks, project: Project) -> dict[str, str]:
    templates = {f"templates/{name}": hashed(project.templates.path(name)) for name in writer("pdf").TEMPLATES}
    return {project.name(path): digest for path, digest in banks.inputs.items()} | templates
