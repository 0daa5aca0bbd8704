"""The questions of a GIFT file, each with its comments, as text that has not been taken to pieces yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from quizgen.importers.imported import Note
from quizgen.problems import Position

CATEGORY = "$CATEGORY:"
# An escaped character is kept apart as one that no text has until its question has been taken to pieces.
_ESCAPED = re.compile(r"\\([\\:#={}~n])")
_NONCHARACTERS = re.compile("[\ufdd0-\ufdef]")
_SIGNS = dict(zip("\\:#={}~n", map(chr, range(0xFDD0, 0xFDD8)), strict=True))
_BACK = str.maketrans({sign: "\n" if letter == "n" else letter for letter, sign in _SIGNS.items()})
# What Moodle itself writes above a question.
MOODLES_COMMENT = re.compile(r"question: \d+ +name: ")
_NO_BRACE = re.compile("[^{}]+")
_MOST_JOINED = 20  # pieces of one question


@dataclass(frozen=True, slots=True)
class Entry:
    """The lines of a question, escaped characters replaced, and the comments among them."""

    position: Position
    text: str
    comments: tuple[str, ...]


def plain(text: str) -> str:
    """A piece of a question as it is to be read, escaped characters without their backslash."""
    return text.translate(_BACK)


def entries(name: str, text: str, notes: list[Note]) -> Iterator[Entry]:
    """The questions and categories of a file, what could be mended being in `notes`."""
    comments: list[str] = []
    for group in _mended(name, _groups(text), notes):
        comments += [line.strip()[2:].strip() for line in group.lines if _is_comment(line)]
        kept = [number for number, line in enumerate(group.lines) if line.strip() and not _is_comment(line)]
        if any(MOODLES_COMMENT.match(comment) for comment in comments):
            kept = _without_name(group.lines, kept)
        if not kept:
            continue
        body = "\n".join("" if _is_comment(line) else line for line in group.lines[kept[0] :]).strip()
        position = Position(name, group.first + kept[0], 1)
        yield Entry(position, body, () if body.startswith(CATEGORY) else tuple(comments))
        comments = []


def _without_name(lines: tuple[str, ...], kept: list[int]) -> list[int]:
    """The lines from the title on, where the name in Moodle's comment above it runs over several lines."""
    title = next((number for number in kept if lines[number].startswith("::")), 0)
    return [number for number in kept if number >= title]


@dataclass(frozen=True, slots=True)
class _Group:
    """Lines that stand together, the number of the first, and the signs of braces in each."""

    first: int
    lines: tuple[str, ...]

    @property
    def braces(self) -> tuple[str, ...]:
        return tuple("" if _is_comment(line) else _NO_BRACE.sub("", line) for line in self.lines)

    def then(self, other: _Group) -> _Group:
        gap = ("",) * (other.first - self.first - len(self.lines))
        return _Group(self.first, (*self.lines, *gap, *other.lines))


def _groups(text: str) -> Iterator[_Group]:
    """The runs of lines between empty ones; a category's line is one of its own."""
    group: list[str] = []
    for number, line in enumerate([*_NONCHARACTERS.sub("", text).split("\n"), ""], start=1):
        is_category = line.lstrip().startswith(CATEGORY)
        if group and (is_category or not line.strip()):
            yield _Group(number - len(group), tuple(group))
            group = []
        if is_category:
            yield _Group(number, (line,))
        elif line.strip():
            group.append(line if _is_comment(line) else _ESCAPED.sub(lambda match: _SIGNS[match[1]], line))


def _mended(name: str, groups: Iterable[_Group], notes: list[Note]) -> Iterator[_Group]:
    """The groups, joined where an empty line stands inside braces, and parted where none stands between questions."""
    pending: _Group | None = None
    joined = 0
    for group in groups:
        if pending is not None and "".join(group.braces).startswith("}") and joined < _MOST_JOINED:
            message = "an empty line stands inside the braces of a question, which Moodle ends there"
            notes.append(Note(Position(name, group.first, 1), "empty-line", message, repaired=True))
            pending = pending.then(group)
            joined += 1
        else:
            if pending is not None:
                yield from _parted(name, pending, notes)
            pending, joined = group, 0
        braces = "".join(pending.braces)
        if braces.count("{") <= braces.count("}"):
            yield from _parted(name, pending, notes)
            pending = None
    if pending is not None:
        yield from _parted(name, pending, notes)


def _parted(name: str, group: _Group, notes: list[Note]) -> Iterator[_Group]:
    start, opened = 0, False
    braces = group.braces
    next_brace = list(accumulate(reversed(braces), lambda after, here: here[:1] or after[:1]))[::-1]
    for end in range(1, len(braces)):
        opened = opened or "{" in braces[end - 1]
        ended = braces[end - 1] and group.lines[end - 1].rstrip().endswith("}")
        if opened and ended and next_brace[end].startswith("{"):
            message = "an empty line is missing before this question, which Moodle takes for a part of the one above"
            notes.append(Note(Position(name, group.first + end, 1), "empty-line", message, repaired=True))
            yield _Group(group.first + start, group.lines[start:end])
            start, opened = end, False
    yield _Group(group.first + start, group.lines[start:])


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("//")
