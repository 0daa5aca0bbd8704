"""`quizgen import`: what a school has already becomes banks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from quizgen.cli.terminal import user_errors
from quizgen.importers import FORMATS
from quizgen.importers.imported import Note, Skipped

if TYPE_CHECKING:
    from quizgen.build.importing import ImportReport


@user_errors
def _write_template(context: click.Context, _parameter: click.Parameter, path: Path | None) -> None:
    if path is None or context.resilient_parsing:
        return
    from quizgen.build.template import write_template

    write_template(path)
    click.echo(f"  {path}\n\nwrite your questions into it, then:\n  quizgen import {path} -o banks/my-course")
    context.exit()


@click.command("import", epilog="Formats:\n\n\b\n" + "\n".join(f"{name:9} {what}" for name, what in FORMATS.items()))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--output", "folder", type=click.Path(path_type=Path), required=True, help="The course's folder.")
@click.option("--from", "format_name", type=click.Choice(list(FORMATS)), help="Its format.  [default: guessed]")
@click.option("--strict", is_flag=True, help="Write nothing if anything is wrong with FILE, instead of repairing it.")
@click.option(
    "--template",
    type=click.Path(path_type=Path),
    is_eager=True,
    expose_value=False,
    callback=_write_template,
    help="Write a table to start from, .csv or .xlsx, and exit.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but what is wrong with FILE.")
@user_errors
def import_command(
    file: Path,
    folder: Path,
    format_name: str | None,
    strict: bool,  # noqa: FBT001 - click's way to pass a flag
    quiet: bool,  # noqa: FBT001
) -> None:
    """Import FILE into a course's folder: banks, assignments, and an exam of all their questions.

    Every defect that was repaired, every doubt and every question left out is
    printed with its place. Files that are there already are never overwritten.

    \b
    Example:
        quizgen import quiz.txt -o banks/my-course
    """
    from quizgen.build.importing import import_file

    if not file.exists():
        raise click.UsageError(f"there is no {file} here; name the file to import")
    report = import_file(file, folder, format_name, strict=strict)
    imported = report.imported
    said: list[Note | Skipped] = [*imported.notes, *imported.skipped]
    for one in sorted(said, key=lambda one: one.position):
        click.echo(str(one), err=True)
    if not quiet:
        click.echo(_summary(report))


def _summary(report: ImportReport) -> str:
    imported = report.imported
    assignments = sum(len(work.assignments) for work in imported.assignments)
    done = imported.questions + assignments
    repaired = sum(note.repaired for note in imported.notes)
    what = (
        [f"{_count(imported.questions, 'question')} in {_count(len(imported.banks), 'bank')}"] if imported.banks else []
    )
    what += [_count(assignments, "assignment")] if assignments else []
    lines = [
        f"{done + len(imported.skipped)} read, {done} imported: {' and '.join(what)}",
        f"{_count(repaired, 'defect')} repaired, {len(imported.notes) - repaired} to look at, "
        f"{len(imported.skipped)} left out",
        *(f"  {report.folder / name}" for name in report.files),
        "\nnow try:",
        f"  quizgen check {report.folder}",
    ]
    return "\n".join([*lines, f"  quizgen build {report.folder / report.exam}"] if report.exam else lines)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
