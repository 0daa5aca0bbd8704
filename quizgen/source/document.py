"""One YAML file: its data, its problems so far, and the position of each of its parts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

import yaml

from quizgen.problems import Position, Problem
from quizgen.source.decode import decode
from quizgen.source.nodes import Composed, ComposeError, Double, compose
from quizgen.source.places import Places
from quizgen.source.traps import Trap, explain, misread

Location = tuple[str | int, ...]

_MOST_MENDS = 50
# What YAML takes a text for that begins with `!`, `*` or `&`.
_MISREAD = ("tag", "unknown-alias", "unused-anchor")
_EXCERPT = 100


@dataclass(frozen=True)
class Source:
    """A YAML file that was read: `data` is dict, list, str and Plain; None where there is nothing to read.

    `mended` holds the lines (from 1) that were read otherwise than written, so that reading could go on.
    """

    path: str
    text: str
    places: Places | None = None
    problems: tuple[Problem, ...] = ()
    mended: frozenset[int] = frozenset()
    data: object = field(default=None, repr=False)

    @cached_property
    def lines(self) -> list[str]:
        """The text's lines; taken apart only where there is something to be said about one."""
        return self.text.splitlines() or [""]

    def problem(self, location: Location, code: str, message: str, *, key: bool = False, line: int = 0) -> Problem:
        """A problem at a part of the data, at its key where asked, or at a line (from 0) of a text of several."""
        if self.places is None:
            return self._problem(0, 0, code, message)
        row, column = self._place(self.places, self.places.find(location, key=key), line)
        return self._problem(row, column, code, message)

    def _problem(self, row: int, column: int, code: str, message: str) -> Problem:
        return Problem(Position(self.path, row + 1, column + 1), code, message, excerpt(self.lines, row, column))

    def _place(self, places: Places, number: int, line: int) -> tuple[int, int]:
        row = places.line(number)
        if not places.is_block(number):
            return row, places.column(number)
        row = min(row + 1 + line, len(self.lines) - 1)
        return row, len(self.lines[row]) - len(self.lines[row].lstrip(" "))


def excerpt(lines: list[str], row: int, column: int) -> str:
    """The source line and a caret below the column (both from 0), shortened around it when the line is long."""
    if not 0 <= row < len(lines):
        return ""
    start = max(0, column - _EXCERPT // 2) if len(lines[row]) > _EXCERPT else 0
    shown = lines[row][start : start + _EXCERPT]
    # A terminal obeys control characters; an excerpt must not.
    text = "".join(c if c.isprintable() or c == "　" else " " for c in shown).rstrip()
    pad = "".join("　" if _wide(character) else " " for character in text[: column - start])
    return f"{text}\n{pad.ljust(column - start)}^" if text else ""


def _wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def read_source(path: str, data: bytes, *, fold: bool = False) -> Source:
    """A YAML file from its bytes, long lists in it `Folded` where asked.

    What cannot be read is in `problems`; nothing is raised.
    """
    text, problems = decode(path, data)
    del data  # which is as large as the text
    source = Source(path, text)
    if problems:
        return replace(source, problems=tuple(_with_excerpts(problems, source.lines)))
    return _composed(source, fold=fold)


def _with_excerpts(problems: tuple[Problem, ...], lines: list[str]) -> Iterator[Problem]:
    for problem in problems:
        place = problem.position
        yield Problem(place, problem.code, problem.message, excerpt(lines, place.line - 1, place.column - 1))


def _composed(source: Source, *, fold: bool) -> Source:
    """Compose; at a trap that can be mended, mend a copy and go on, so that all of them are told at once."""
    found: list[Problem] = []
    seen: set[int] = set()
    text, mended = source.text, [""]
    composed: Composed | None = None
    while composed is None:
        try:
            composed = compose(text, fold=fold)
        except (ComposeError, yaml.YAMLError) as error:
            mended = mended if seen else list(source.lines)
            trap = _trap(error, mended)
            found.append(source._problem(trap.line, trap.column, trap.code, trap.message))
            if trap.mended is None or trap.line in seen or len(seen) == _MOST_MENDS:
                return replace(source, problems=tuple(found))
            seen.add(trap.line)
            mended[trap.line] = trap.mended
            text = "\n".join(mended) + "\n"
    if not len(composed.places):
        empty = source._problem(0, 0, "empty-file", "the file is empty; a bank begins with `kind: bank`")
        return replace(source, problems=(*found, empty))
    found.extend(_doubles(source, composed.doubles))
    lines = frozenset(line + 1 for line in seen)
    return Source(source.path, source.text, composed.places, tuple(found), lines, composed.data)


def _trap(error: ComposeError | yaml.YAMLError, lines: list[str]) -> Trap:
    if isinstance(error, yaml.YAMLError):
        return explain(error, lines)
    misreading = misread(lines, error.line) if error.code in _MISREAD else None
    return misreading or Trap(error.line, error.column, error.code, str(error))


def _doubles(source: Source, doubles: Iterable[Double]) -> Iterator[Problem]:
    """Keys written twice in one mapping, where YAML would silently take the last."""
    for double in doubles:
        message = f"`{double.name}` is written twice; the first is on line {double.first_line + 1}"
        yield source._problem(double.line, double.column, "duplicate-key", message)
