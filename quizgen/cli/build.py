"""`quizgen build`: an exam or assignments file becomes papers in every format."""

from __future__ import annotations

from pathlib import Path

import click

from quizgen.cli.terminal import print_report, progress_bar, user_errors
from quizgen.writers import FORMATS, USUAL


@click.command("build")
@click.argument("exam", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Build below this folder, not the project's output/."
)
@click.option(
    "-f", "--format", "formats", type=click.Choice(list(FORMATS)), multiple=True, help="Only this format (repeatable)."
)
@click.option("--course", is_flag=True, help="With -f moodle-backup: one backup of a course with all activities.")
@click.option(
    "--variant", "variants", multiple=True, metavar="NAME", help="Only this variant or student id (repeatable)."
)
@click.option("--seed", type=int, help="Instead of the file's seed.")
@click.option("-j", "--jobs", type=click.IntRange(min=1), help="Processes to use.  [default: the machine's cores]")
@click.option("--force", is_flag=True, help="Overwrite built files even if they were changed by hand.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but problems.")
@click.option("-v", "--verbose", is_flag=True, help="List every file.")
@user_errors
def build_command(  # noqa: PLR0913, PLR0917 - one argument for each option
    exam: Path,
    output: Path | None,
    formats: tuple[str, ...],
    course: bool,  # noqa: FBT001 - click's way to pass a flag
    variants: tuple[str, ...],
    seed: int | None,
    jobs: int | None,
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

    if course:
        formats = _of_course(formats)
    options = Options(formats=formats or USUAL, papers=variants, seed=seed, jobs=jobs, force=force)
    with progress_bar("building", quiet=quiet) as progress:
        report = build(exam, output, options, progress)
    if not quiet:
        print_report(report, every_file=verbose)


def _of_course(formats: tuple[str, ...]) -> tuple[str, ...]:
    """The formats with a course's backup in place of each activity's."""
    if "moodle-backup" not in formats:
        raise click.UsageError("--course goes with -f moodle-backup")
    return tuple(dict.fromkeys("moodle-course" if name == "moodle-backup" else name for name in formats))
