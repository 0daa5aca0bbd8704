"""What a printed book holds, as it stands there: questions, the answer list, assignments."""

from __future__ import annotations

from dataclasses import dataclass

from quizgen.importers.textbook.lines import Key, Kind


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice as printed; `line` and `column` count from 1."""

    number: int
    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question as printed, `test` being the heading above it; one without choices is perhaps none."""

    number: int
    text: str
    line: int
    column: int
    test: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A key of the answer list and its line; one whose `key` is None cannot be read."""

    number: int
    line: int
    key: Key | None
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring keys of the answer list under one chapter."""

    chapter: int | None
    keys: tuple[ListedKey, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A chapter with its questions and the part of the answer list that belongs to it."""

    number: int | None
    title: str
    questions: tuple[Question, ...]
    keys: tuple[ListedKey, ...]


@dataclass(frozen=True, slots=True)
class PrintedAssignment:
    """An assignment as printed: its lines, the empty ones between paragraphs included."""

    number: int
    title: str
    line: int
    lines: tuple[tuple[Kind, str], ...]
