"""`quizgen verify`: whether an output folder is, byte for byte, what its inputs make."""

from __future__ import annotations

import click

from quizgen.cli.terminal import progress_bar, user_errors


@click.command("verify")
@click.argument("output")
@click.option("-j", "--jobs", type=click.IntRange(min=1), help="Processes to use.  [default: the machine's cores]")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing when every byte agrees.")
@user_errors
def verify_command(output: str, jobs: int | None, quiet: bool) -> None:  # noqa: FBT001 - click's way
    """Build again what the manifest of OUTPUT (a folder or a URL) describes, and compare every byte.

    Exit status: 0 all agree, 1 something differs.

    \b
    Example:
        quizgen verify output/sample
    """
    from quizgen.build import verify

    with progress_bar("verifying", quiet=quiet) as progress:
        verdict = verify(output, jobs=jobs, progress=progress)
    for difference in verdict.differences:
        click.echo(difference, err=True)
    if verdict.differences:
        raise SystemExit(1)
    if not quiet:
        click.echo(f"{verdict.agree} files agree, byte for byte")
