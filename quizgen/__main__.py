"""The program: `quizgen` and `python -m quizgen`."""

from __future__ import annotations

import sys
import traceback

BUG = 3
INTERRUPTED = 130  # as shells count: 128 and the number of the signal


def run() -> None:
    """Run the command line; a bug shows its traceback and exits with 3, unlike any problem of the user's."""
    import click

    from quizgen.cli import main
    from quizgen.cli.terminal import heed_interrupts

    heed_interrupts()
    try:
        sys.exit(main.main(standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort as abort:
        click.echo(str(abort.__cause__ or "") or "stopped; nothing was changed", err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has read enough, as `head` does.
        sys.stderr.close()
        sys.exit(1)
    except Exception:  # noqa: BLE001 - the one place that meets every bug
        traceback.print_exc()
        click.echo("this is a bug in quizgen, not in your files; please report it with the lines above", err=True)
        sys.exit(BUG)


if __name__ == "__main__":
    run()
