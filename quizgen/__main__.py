"""The program: `quizgen` and `python -m quizgen`."""

from __future__ import annotations

import sys
import traceback

BUG = 3


def run() -> None:
    """Run the command line; a bug shows its traceback and exits with 3, unlike any problem of the user's."""
    from quizgen.cli import main

    try:
        main()
    except Exception:  # noqa: BLE001 - the one place that meets every bug
        traceback.print_exc()
        print("this is a bug in quizgen, not in your files; please report it with the lines above", file=sys.stderr)  # noqa: T201
        sys.exit(BUG)


if __name__ == "__main__":
    run()
