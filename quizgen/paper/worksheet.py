"""A set of assignments with its parameters drawn: what the assignment sheets show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from quizgen.paper.student import Student

if TYPE_CHECKING:
    from quizgen.picture import Picture
    from quizgen.richtext.tree import Blocks


@dataclass(frozen=True, slots=True)
class Check:
    """How a hand-in is checked: a command, and what it is to print."""

    run: str
    expect: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """A line of a rubric: what is judged, and its levels with their points, lowest first."""

    name: str
    levels: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """An assignment (演習課題) with its parameters drawn and filled in; `solution` is the teacher's alone."""

    number: int
    id: str
    title: str
    points: Decimal
    goal: Blocks
    prerequisites: tuple[Blocks, ...] = ()
    steps: Blocks = ()
    submit: Blocks = ()
    checks: tuple[Check, ...] = ()
    rubric: tuple[Criterion, ...] = ()
    minutes: int | None = None
    due: datetime | None = None
    cost: Blocks = ()
    cleanup: Blocks = ()
    solution: Blocks = ()
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A set of assignments for one variant or one student: everything that its sheets show."""

    id: str
    title: str
    language: str
    seed: int
    variant: str
    assignments: tuple[Assignment, ...]
    student: Student | None = None
    course: str = ""
    text: Blocks = ()
    pictures: Mapping[str, Picture] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What tells this worksheet from its siblings: the student's id, or the variant."""
        return self.student.id if self.student else self.variant

    @property
    def points(self) -> Decimal:
        """The points of all assignments together."""
        return sum((assignment.points for assignment in self.assignments), Decimal(0))

    def without_key(self) -> Worksheet:
        """The same worksheet as a student may have it: no solution."""
        return replace(self, assignments=tuple(replace(a, solution=()) for a in self.assignments))
