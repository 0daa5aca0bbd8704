"""`quizgen init`: a small working project to start from."""

from __future__ import annotations

from pathlib import Path

import click

from quizgen.cli.terminal import user_errors


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path))
@user_errors
def init_command(folder: Path) -> None:
    """Make FOLDER a small working project: banks, an exam, assignments, templates and editor settings.

    \b
    Example:
        quizgen init my-course
    """
    from quizgen.build.starter import make_project

    files = make_project(folder)
    for name in files:
        click.echo(f"  {folder / name}")
    exam = next(name for name in files if "/exams/" in name)
    click.echo(f"\nnow try:\n  cd {folder}\n  quizgen check\n  quizgen build {exam}")
