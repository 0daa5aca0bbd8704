"""The boxes for the student: which there are, and what a roster fills into them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quizgen.paper import Paper, Student
    from quizgen.paper.printing import Person

# Headings of a roster's further columns that belong into a box.
_HEADINGS: dict[Person, frozenset[str]] = {
    "class": frozenset({"class", "組", "クラス", "学級"}),
    "seat": frozenset({"seat", "seat number", "番号", "出席番号", "座席", "座席番号", "席"}),
    "number": frozenset(),
    "name": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Boxes:
    """The boxes with what fills them, and what the roster says beside them by its headings."""

    filled: tuple[tuple[Person, str], ...]
    others: tuple[tuple[str, str], ...] = ()


def person(paper: Paper) -> Boxes:
    """The boxes that the exam asks for; a student of the roster finds them filled in."""
    kinds, student = paper.printing.person, paper.student
    if student is None:
        return Boxes(tuple((kind, "") for kind in kinds))
    filled = tuple((kind, _value(kind, student)) for kind in kinds)
    taken = frozenset().union(*(_HEADINGS[kind] for kind in kinds))
    return Boxes(filled, tuple(pair for pair in student.extra if pair[0].casefold() not in taken))


def _value(kind: Person, student: Student) -> str:
    if kind == "number":
        return student.id
    if kind == "name":
        return student.name
    return next((value for heading, value in student.extra if heading.casefold() in _HEADINGS[kind]), "")
