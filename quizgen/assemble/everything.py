"""All that an exam's papers ask, on one paper: what a press lays out once for all of them."""

from __future__ import annotations

from collections.abc import Iterable

from quizgen import paper
from quizgen.assemble.arrange import Arrangement, as_written
from quizgen.assemble.lower import lower
from quizgen.assemble.placed import Placed
from quizgen.assemble.plan import Slot
from quizgen.model import Course, Exam, MultipleQuestion, SingleQuestion, TrueFalseQuestion


def everything(exam: Exam, course: Course, slot: Slot, arrangements: Iterable[Arrangement]) -> paper.Paper:
    """Each question of the arrangements once in its section, choices as written.

    A question whose parts cannot be placed one by one is there once in each order that it has.
    """
    sections: list[dict[tuple[str, tuple[str, ...]], Placed]] = [{} for _ in exam.sections]
    for arrangement in arrangements:
        for found, section in zip(sections, arrangement, strict=True):
            for placed in section:
                key = _as_moved(placed, course)
                found.setdefault((key.name, key.order), key)
    return lower(exam, course, slot, tuple(_by_unit(found.values(), course) for found in sections))


def _as_moved(placed: Placed, course: Course) -> Placed:
    entry = course.entries[placed.name]
    match entry.question:
        case SingleQuestion() | MultipleQuestion() | TrueFalseQuestion():
            return as_written(entry)
        case _:
            return placed


def _by_unit(placed: Iterable[Placed], course: Course) -> tuple[Placed, ...]:
    """The questions of one stimulus together, units in the order in which they came up."""
    units: dict[str, list[Placed]] = {}
    for one in placed:
        units.setdefault(course.entries[one.name].unit, []).append(one)
    return tuple(one for unit in units.values() for one in unit)
