"""`quizgen completion`: the script that teaches a shell to complete commands and options."""

from __future__ import annotations

import click

SHELLS = ("bash", "fish", "zsh")


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
def completion_command(shell: str) -> None:
    """Print the completion script for SHELL.

    \b
    Example:
        quizgen completion bash >> ~/.bashrc
    """
    from click.shell_completion import get_completion_class

    from quizgen.cli import main

    complete = get_completion_class(shell)
    if complete is None:
        raise click.UsageError(f"click completes no {shell}")
    click.echo(complete(main, {}, "quizgen", "_QUIZGEN_COMPLETE").source())
