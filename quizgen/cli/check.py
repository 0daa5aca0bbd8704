"""`quizgen check`: every problem of every file, once, with its place."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from quizgen.cli.terminal import REPORTS, user_errors


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "report",
    type=click.Choice(list(REPORTS)),
    default="text",
    show_default=True,
    help="For people, machines or CI.",
)
@click.option("-v", "--verbose", is_flag=True, help="Say what was read even when all is well.")
@user_errors
def check_command(paths: tuple[Path, ...], report: str, verbose: bool) -> None:  # noqa: FBT001 - click's way
    """Check PATHS, files or folders (banks/ unless said), and print every problem with its place.

    Exit status: 0 no problem, 1 problems, 2 wrong command line.

    \b
    Example:
        quizgen check banks/container --format github
    """
    from quizgen.reader import read

    paths = paths or (Path("banks"),)
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise click.UsageError(f"there is no {', '.join(missing)} here; name the files or folders to check")
    reading = read(paths)
    if reading.problems or report == "json":
        click.echo(REPORTS[report](reading.problems))
    elif verbose or sys.stderr.isatty():
        click.echo(f"no problems in {reading.files} files, {reading.questions} questions", err=True)
    raise SystemExit(1 if reading.problems else 0)
