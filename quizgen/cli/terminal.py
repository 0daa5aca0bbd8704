"""What the terminal shows: problems, progress and the summary of a build."""

from __future__ import annotations

import functools
import json
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from quizgen.problems import Problem, ProblemsError, QuizgenError

if TYPE_CHECKING:
    from quizgen.build import Progress, Report

P = ParamSpec("P")
R = TypeVar("R")

_MOST_FILES = 24


def user_errors(command: Callable[P, R]) -> Callable[P, R]:
    """A command whose QuizgenErrors end it with exit status 1 and their text, never a traceback."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except ProblemsError as error:
            click.echo(text_report(error.problems), err=True)
            raise SystemExit(1) from error
        except QuizgenError as error:
            raise click.ClickException(str(error)) from error

    return wrapped


def text_report(problems: Iterable[Problem]) -> str:
    """Problems for a person: each with its source line and a caret, and their number."""
    problems = list(problems)
    lines = []
    for problem in problems:
        lines.append(str(problem))
        gutter = f"{problem.position.line} | "
        for number, line in enumerate(problem.excerpt.splitlines()):
            lines.append((gutter if number == 0 else " " * len(gutter)) + line)
    lines.append(f"{len(problems)} problem{'' if len(problems) == 1 else 's'}")
    return "\n".join(lines)


def json_report(problems: Iterable[Problem]) -> str:
    """Problems for a machine: a JSON list of objects."""
    rows = [
        {
            "path": problem.position.path,
            "line": problem.position.line,
            "column": problem.position.column,
            "code": problem.code,
            "message": problem.message,
        }
        for problem in problems
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def github_report(problems: Iterable[Problem]) -> str:
    """Problems as annotations of a GitHub workflow."""
    return "\n".join(map(_annotation, problems))


def _annotation(problem: Problem) -> str:
    place = problem.position
    properties = {"file": place.path, "line": place.line or 1, "col": place.column or 1, "title": problem.code}
    listed = ",".join(f"{name}={_escaped(str(value), properties=True)}" for name, value in properties.items())
    return f"::error {listed}::{_escaped(problem.message)}"


def _escaped(text: str, *, properties: bool = False) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if properties else text


REPORTS: dict[str, Callable[[Iterable[Problem]], str]] = {
    "text": text_report,
    "json": json_report,
    "github": github_report,
}


_interrupts: list[int] = []


def heed_interrupts() -> None:
    """Let ^C end the program at once, or with the next paper where a library swallowed it."""

    def stop(number: int, frame: object) -> None:
        del frame
        _interrupts.append(number)
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)


def _heed() -> None:
    if _interrupts:
        raise KeyboardInterrupt


@contextmanager
def progress_bar(label: str, *, quiet: bool) -> Iterator[Progress]:
    """A progress bar on a terminal; elsewhere, or when quiet, nothing."""
    if quiet or not sys.stderr.isatty():
        yield lambda *_: _heed()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    rate = TextColumn("{task.fields[rate]}")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None, rate="")
        at = ""

        def advance(what: str, done: int, total: int) -> None:
            nonlocal at
            _heed()
            if what != at:
                at = what
                bar.reset(task, description=f"{label}: {what}", total=total, rate="")
            bar.update(task, completed=done, total=total, rate=_rate(bar.tasks[0].speed))

        yield advance


def _rate(speed: float | None) -> str:
    """How many are done in a second, or how many seconds one takes."""
    if not speed:
        return ""
    return f"{speed:,.0f}/s" if speed >= 10 else f"{speed:.1f}/s" if speed >= 1 else f"{1 / speed:.1f} s each"


def print_report(report: Report, *, every_file: bool) -> None:
    """The summary of a build: its papers, its files, and what the user should know."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    console.print(_papers(report))
    _print_files(console, report, every_file=every_file)
    for note in report.notes:
        console.print(_plain(note))
    _print_twins(console, report)
    for warning in report.warnings:
        console.print(f"[yellow]warning:[/] {_plain(warning)}")


def _print_twins(console: Any, report: Report) -> None:
    told = [paper for paper in report.papers if paper.twin][:_MOST_FILES]
    for twin in told:
        console.print(f"paper {twin.name} is the same as {twin.twin}: the pool has no other")
    if len(told) < report.twin_count:
        console.print(f"… and {report.twin_count - len(told):,} more papers are the same as others")


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _papers(report: Report) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("paper", "questions", "points", "by guessing", "right choices by position"):
        table.add_column(heading, justify="left" if heading in ("paper", "right choices by position") else "right")
    shown = report.papers if report.paper_count <= _MOST_FILES else report.papers[: _MOST_FILES - 4]
    for paper in shown:
        spread = "  ".join(f"{place}: {times}" for place, times in enumerate(paper.spread, start=1))
        guessed = "" if paper.guessed is None else f"{_decimal(paper.guessed)} ({_share(paper.guessed, paper.points)})"
        table.add_row(_plain(paper.name), str(paper.count), f"{paper.points}", guessed, spread)
    if len(shown) < report.paper_count:
        table.add_row("…", "", "", "", f"and {report.paper_count - len(shown):,} more papers")
    return table


def _decimal(points: Fraction) -> str:
    return f"{float(points):.1f}"


def _share(points: Fraction, total: Any) -> str:
    return f"{float(points / Fraction(total)):.0%}"


def _print_files(console: Any, report: Report, *, every_file: bool) -> None:
    console.print(
        f"{report.file_count:,} files, {report.size / 1e6:,.1f} MB in {_plain(report.url or str(report.folder))}"
    )
    files = report.files if every_file or report.file_count <= _MOST_FILES else report.files[:_MOST_FILES]
    for file in files:
        console.print(f"  {_plain(file.path)}")
    if len(files) < report.file_count:
        where = "manifest.json" if every_file else "-v"
        console.print(f"  … and {report.file_count - len(files):,} more ({where} lists them all)")
