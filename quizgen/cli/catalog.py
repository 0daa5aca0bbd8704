"""`quizgen catalog`: every question of a bank in print, to be read and signed off."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from quizgen.cli.terminal import progress_bar, user_errors

if TYPE_CHECKING:
    from quizgen.build import CatalogReport


@click.command("catalog")
@click.argument("bank", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Print below this folder, not the project's output/."
)
@click.option("--force", is_flag=True, help="Overwrite catalogues even if they were changed by hand.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but problems.")
@user_errors
def catalog_command(bank: Path, output: Path | None, force: bool, quiet: bool) -> None:  # noqa: FBT001 - click's way
    """Print BANK, a bank's file or a course's folder, as a PDF to proofread, into output/NAME-catalog.

    \b
    Each bank's PDF begins with its numbers by type, difficulty and tag. Then come
    all questions in written order with key, feedback, explanation, tags,
    difficulty and ids, each with a box for signing it off.

    \b
    Example:
        quizgen catalog banks/container
    """
    from quizgen.build import build_catalog

    with progress_bar("printing", quiet=quiet) as progress:
        report = build_catalog(bank, output, force=force, progress=progress)
    if not quiet:
        _print_report(report)


def _print_report(report: CatalogReport) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("catalogue")
    for heading in ("questions", *report.banks[0].difficulties, "unexplained"):
        table.add_column(heading, justify="right")
    for bank in report.banks:
        numbers = (bank.questions, *bank.difficulties.values(), bank.unexplained)
        table.add_row(bank.file, *map(str, numbers))
    console = Console(highlight=False, soft_wrap=True)
    console.print(table)
    console.print(str(report.folder), markup=False)
    for warning in report.warnings:
        console.print(f"warning: {warning}", markup=False)
