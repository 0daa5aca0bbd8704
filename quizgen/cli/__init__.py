"""The command line: options in, exit status out. 0 done, 1 problems in the input, 2 a wrong command line."""

from __future__ import annotations

import click

from quizgen import __version__
from quizgen.cli.build import build_command
from quizgen.cli.catalog import catalog_command
from quizgen.cli.check import check_command
from quizgen.cli.completion import completion_command
from quizgen.cli.import_ import import_command
from quizgen.cli.init import init_command
from quizgen.cli.schema import schema_command
from quizgen.cli.show import show_command
from quizgen.cli.templates import templates_command
from quizgen.cli.verify import verify_command


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="quizgen %(version)s")
def main() -> None:
    """Write questions once in YAML; print randomized exams as PDF and Word, and deliver them to Moodle.

    \b
    A new project, checked and built:
        quizgen init my-course
        cd my-course
        quizgen check
        quizgen build banks/sample/exams/quiz.yaml
    """


for _command in (
    init_command,
    import_command,
    check_command,
    build_command,
    show_command,
    templates_command,
    verify_command,
    catalog_command,
    schema_command,
    completion_command,
):
    main.add_command(_command)

__all__ = ["main"]
