"""`quizgen build`: an exam or assignments file becomes papers in every format."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from quizgen.cli.terminal import print_report, progress_bar, user_errors
from quizgen.language import Feature
from quizgen.writers import DOCUMENTS, FORMATS, USUAL


def _known(context: click.Context, parameter: click.Parameter, editions: tuple[str, ...]) -> tuple[str, ...]:  # noqa: ARG001 - click's
    """The editions, if each of their features is one that we have."""
    known = get_args(Feature)
    for feature in (feature for edition in editions for feature in edition.split("+")):
        if feature not in known:
            raise click.BadParameter(
                f"there is no edition {feature}; write one of {', '.join(known)}, or several joined by +"
            )
    return editions


@click.command("build")
@click.argument("exam", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    metavar="FOLDER",
    help="Build below this folder, not the project's output/; or below a URL in an object store: s3://bucket/exams.",
)
@click.option(
    "-f", "--format", "formats", type=click.Choice(list(FORMATS)), multiple=True, help="Only this format (repeatable)."
)
@click.option(
    "--moodle",
    type=click.Choice(["exam", "bank"]),
    default="exam",
    help="In Moodle XML: the exam's questions, or all of its banks' for Moodle to draw from.  [default: exam]",
)
@click.option("--course", is_flag=True, help="With -f moodle-backup: one backup of a course with all activities.")
@click.option(
    "--variant", "variants", multiple=True, metavar="NAME", help="Only this variant or student id (repeatable)."
)
@click.option(
    "--edition",
    "editions",
    multiple=True,
    metavar="NAME",
    callback=_known,
    help="The booklet in this edition, too: large-print, furigana+large-print, … (repeatable).",
)
@click.option(
    "-d",
    "--document",
    "documents",
    type=click.Choice(DOCUMENTS),
    multiple=True,
    help="Of print and Word, only this document (repeatable).",
)
@click.option("--seed", type=int, help="Instead of the file's seed.")
@click.option("-j", "--jobs", type=click.IntRange(min=1), help="Processes to use.  [default: all cores, or workers]")
@click.option(
    "--executor",
    metavar="WHO",
    default="local",
    help="Who does the work: this machine (local), or the cluster of a Dask scheduler (dask://HOST:PORT, tls://…).",
)
@click.option("--force", is_flag=True, help="Overwrite built files even if they were changed by hand.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but problems.")
@click.option("-v", "--verbose", is_flag=True, help="List every file.")
@user_errors
def build_command(  # noqa: PLR0913, PLR0917 - one argument for each option
    exam: Path,
    output: str | None,
    formats: tuple[str, ...],
    moodle: str,
    course: bool,  # noqa: FBT001 - click's way to pass a flag
    variants: tuple[str, ...],
    editions: tuple[str, ...],
    documents: tuple[str, ...],
    seed: int | None,
    jobs: int | None,
    executor: str,
    force: bool,  # noqa: FBT001
    quiet: bool,  # noqa: FBT001
    verbose: bool,  # noqa: FBT001
) -> None:
    """Build EXAM, an exam or assignments file, into output/ID.

    \b
    Students' papers go into student/, keys and explanations into teacher/,
    Moodle's files into moodle/, and manifest.json says what they were made of.
    The folder then holds what this build made and what you put there, and no
    older papers.

    \b
    Example:
        quizgen build banks/container/exams/sample.yaml -f pdf --variant A
    """
    from quizgen.build import Options, build

    formats = formats or USUAL
    if moodle == "bank":
        formats = _instead(formats, "moodle", "moodle-bank", "--moodle bank")
    if course:
        formats = _instead(formats, "moodle-backup", "moodle-course", "--course")
    options = Options(
        formats=formats,
        papers=variants,
        seed=seed,
        jobs=jobs,
        force=force,
        editions=editions,
        documents=documents,
        executor=executor,
    )
    with progress_bar("building", quiet=quiet) as progress:
        report = build(exam, output, options, progress)
    if not quiet:
        print_report(report, every_file=verbose)


def _instead(formats: tuple[str, ...], usual: str, special: str, option: str) -> tuple[str, ...]:
    """The formats with one taken in the place of another, as an option asks."""
    if usual not in formats:
        raise click.UsageError(f"{option} goes with -f {usual}")
    return tuple(dict.fromkeys(special if name == usual else name for name in formats))
