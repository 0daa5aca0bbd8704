"""One YAML file: its data, its problems so far, and the position of each of its parts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from quizgen.problems import Position, Problem
from quizgen.source.decode import decode
from quizgen.source.nodes import ComposeError, Mapping, Node, Scalar, Sequence, compose, construct
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
    lines: list[str]
    root: Node | None = None
    problems: tuple[Problem, ...] = ()
    mended: frozenset[int] = frozenset()
    data: object = field(default=None, repr=False)

    def problem(self, location: Location, code: str, message: str, *, key: bool = False, line: int = 0) -> Problem:
        """A problem at a part of the data, at its key where asked, or at a line (from 0) of a text of several."""
        node = self._find(location, key=key)
        row, column = self._place(node, line) if node else (0, 0)
        return self._problem(row, column, code, message)

    def _problem(self, row: int, column: int, code: str, message: str) -> Problem:
        return Problem(Position(self.path, row + 1, column + 1), code, message, excerpt(self.lines, row, column))

    def _find(self, location: Location, *, key: bool) -> Node | None:
        """The node at a location; parts that name nothing (pydantic's union tags) are passed over."""
        node, at_key = self.root, None
        for part in location:
            found = _child(node, part)
            if found:
                at_key, node = found
        return at_key if key and at_key else node

    def _place(self, node: Node, line: int) -> tuple[int, int]:
        if not isinstance(node, Scalar):
            return node.line, node.column
        if node.style not in ("|", ">"):
            return node.line, node.column
        row = min(node.line + 1 + line, len(self.lines) - 1)
        return row, len(self.lines[row]) - len(self.lines[row].lstrip(" "))


def _child(node: Node | None, part: str | int) -> tuple[Scalar | None, Node] | None:
    if isinstance(node, Mapping):
        return next(((key, value) for key, value in node.pairs if key.value == str(part)), None)
    if isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
        return None, node.items[part]
    return None


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


def read_source(path: str, data: bytes) -> Source:
    """A YAML file from its bytes. What cannot be read is in `problems`; nothing is raised."""
    text, problems = decode(path, data)
    lines = text.splitlines() or [""]
    if problems:
        return Source(path, lines, None, tuple(_with_excerpts(problems, lines)))
    return _compose(path, text, lines)


def _with_excerpts(problems: tuple[Problem, ...], lines: list[str]) -> Iterator[Problem]:
    for problem in problems:
        place = problem.position
        yield Problem(place, problem.code, problem.message, excerpt(lines, place.line - 1, place.column - 1))


def _compose(path: str, text: str, lines: list[str]) -> Source:
    """Compose; at a trap that can be mended, mend a copy and go on, so that all of them are told at once."""
    found: list[Problem] = []
    seen: set[int] = set()
    mended = list(lines)
    source = Source(path, lines)
    root: Node | None = None
    while True:
        try:
            root = compose(text, mended)
            break
        except ComposeError as error:
            found_here = Trap(error.line, error.column, error.code, str(error))
            trap = (misread(mended, error.line) if error.code in _MISREAD else None) or found_here
        except yaml.YAMLError as error:
            trap = explain(error, mended)
        found.append(source._problem(trap.line, trap.column, trap.code, trap.message))
        if trap.mended is None or trap.line in seen or len(seen) == _MOST_MENDS:
            return Source(path, lines, None, tuple(found))
        seen.add(trap.line)
        mended[trap.line] = trap.mended
        text = "\n".join(mended) + "\n"
    if root is None:
        empty = source._problem(0, 0, "empty-file", "the file is empty; a bank begins with `kind: bank`")
        return Source(path, lines, None, (*found, empty))
    found.extend(_doubles(source, root))
    return Source(path, lines, root, tuple(found), frozenset(line + 1 for line in seen), construct(root))


def _doubles(source: Source, root: Node) -> Iterator[Problem]:
    """Keys written twice in one mapping, where YAML would silently take the last."""
    todo, seen = [root], set()
    while todo:
        node = todo.pop()
        if isinstance(node, Scalar) or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Sequence):
            todo.extend(node.items)
            continue
        first: dict[str, Scalar] = {}
        for key, value in node.pairs:
            todo.append(value)
            if key.value in first:
                message = f"`{key.value}` is written twice; the first is on line {first[key.value].line + 1}"
                yield source._problem(key.line, key.column, "duplicate-key", message)
            first.setdefault(key.value, key)
