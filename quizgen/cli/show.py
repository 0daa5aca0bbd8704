"""`quizgen show`: the assembled paper in the terminal."""

from __future__ import annotations

from pathlib import Path

import click

from quizgen.cli.terminal import user_errors


@click.command("show")
@click.argument("exam", type=click.Path(path_type=Path))
@click.option("--variant", metavar="NAME", help="This variant or student id.  [default: the first]")
@click.option("--seed", type=int, help="Instead of the file's seed.")
@click.option("--key", is_flag=True, help="Mark the right choices and show the explanations.")
@user_errors
def show_command(exam: Path, variant: str | None, seed: int | None, key: bool) -> None:  # noqa: FBT001 - click's way
    """Print the paper that EXAM makes, as text.

    \b
    Example:
        quizgen show banks/container/exams/sample.yaml --variant B --key
    """
    from quizgen.build import assembled
    from quizgen.cli.papers import as_text

    click.echo_via_pager(as_text(assembled(exam, variant, seed), key=key))
