"""What can be wrong with an input: positions, problems, and the error that carries them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Position:
    """A place in a file; lines and columns count from 1, line 0 is the file as a whole."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One mistake of an author: where it is, what it is, and the source line it stands in."""

    position: Position
    code: str
    message: str
    excerpt: str = ""

    def __str__(self) -> str:
        return f"{self.position}: {self.message} [{self.code}]"


class QuizgenError(Exception):
    """A mistake of the user's, not of the program's; its text is all that the user is shown."""


class ProblemsError(QuizgenError):
    """The problems of all files read, in order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[ProblemsError], tuple[tuple[Problem, ...]]]:
        """Its problems are what it is made of, so it can cross from one process to another."""
        return ProblemsError, (self.problems,)
