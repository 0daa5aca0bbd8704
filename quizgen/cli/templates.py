"""`quizgen templates`: the templates that papers are made with, and copies of them to change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from quizgen.cli.terminal import user_errors

if TYPE_CHECKING:
    from quizgen.build import Project

_PROJECT = click.option(
    "-p",
    "--project",
    "folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The project's folder.  [default: the one around here]",
)
_NEXT = {
    ".css": "change its rules in an editor",
    ".docx": "open it in Word; the tags {{ … }} and {% … %} mark where the exam goes",
    ".html": "change it in an editor; docs/templates.md lists what stands in {{ … }}",
    ".xml": "change it in an editor; docs/templates.md lists what stands in {{ … }}",
}


@click.group("templates", invoke_without_command=True)
@_PROJECT
@click.pass_context
@user_errors
def templates_command(context: click.Context, folder: Path | None) -> None:
    """List the templates that papers are made with, or eject some to change them.

    \b
    A copy in your project's templates/ takes the place of quizgen's own. The last
    column says whether there is one, and whether it is the same or changed.

    \b
    Example:
        quizgen templates eject booklet.html
    """
    context.obj = folder
    if context.invoked_subcommand is None:
        from quizgen.build.templates import template_list

        rows = template_list(_project(folder).templates)
        _print([(row.name, row.medium, row.purpose, row.state) for row in rows])


@templates_command.command("eject")
@click.argument("names", nargs=-1, metavar="NAME…")
@click.option("--all", "every", is_flag=True, help="All of them.")
@click.option("--force", is_flag=True, help="Take quizgen's own in the place of copies that are there.")
@_PROJECT
@click.pass_obj
@user_errors
def eject_command(
    outer: Path | None,
    names: tuple[str, ...],
    every: bool,  # noqa: FBT001 - click's way to pass a flag
    force: bool,  # noqa: FBT001
    folder: Path | None,
) -> None:
    """Copy templates into your project's templates/ folder, where you can change them.

    \b
    Examples:
        quizgen templates eject booklet.docx
        quizgen templates eject custom question
    """
    from quizgen.build.templates import PURPOSES, eject

    if bool(names) == every:
        raise click.UsageError("name the templates to copy, or give --all; `quizgen templates` lists them")
    paths = eject(_project(folder or outer).root, names or tuple(PURPOSES), force=force)
    for path in paths:
        click.echo(f"  {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}")
    click.echo("\nthe next build takes " + ("it" if len(paths) == 1 else "them") + " in the place of quizgen's own:")
    for ending, advice in _NEXT.items():
        if any(path.suffix == ending for path in paths):
            click.echo(f"  {ending:5} {advice}")


def _project(folder: Path | None) -> Project:
    from quizgen.build.project import Project, project_around

    return Project(folder.resolve()) if folder else project_around(Path.cwd())


def _print(rows: list[tuple[str, str, str, str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("template", "for", "what it is", "your copy"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(highlight=False).print(table)
