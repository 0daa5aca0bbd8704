"""Planning: which papers there will be, no two of them the same where the pool allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from string import ascii_uppercase

from quizgen.assemble.arrange import Arrangement, Arranger
from quizgen.model import Assignments, Course, Exam
from quizgen.paper import Student

_MOST_ATTEMPTS = 50


@dataclass(frozen=True, slots=True)
class Slot:
    """A paper to come. `variant` is "" where a student's paper is theirs alone; `twin` names an equal earlier paper.

    `attempt` counts how often the paper was drawn anew because it equalled another.
    """

    variant: str
    student: Student | None = None
    attempt: int = 0
    twin: str = ""

    @property
    def name(self) -> str:
        """The name of the paper."""
        return self.student.id if self.student else self.variant

    @property
    def key(self) -> str:
        """The paper's part in the keys of its draws."""
        name = self.variant or self.name
        return f"{name}~{self.attempt}" if self.attempt else name


def variant_names(count: int) -> tuple[str, ...]:
    """The names of so many variants: A, B, … Z, AA, AB, and so on."""
    return tuple(_letters(number) for number in range(count))


def _letters(number: int) -> str:
    letters = ""
    while number >= 0:
        letters = ascii_uppercase[number % 26] + letters
        number = number // 26 - 1
    return letters


def slots(document: Exam | Assignments, students: Sequence[Student]) -> Iterator[Slot]:
    """The papers asked for: variants; or one for each student, their own or one of the variants dealt in turn."""
    names = variant_names(document.variants or (0 if students else 1))
    if not students:
        yield from (Slot(name) for name in names)
    for number, student in enumerate(students):
        yield Slot(names[number % len(names)] if names else "", student)


def plan(
    document: Exam | Assignments, course: Course, students: Sequence[Student]
) -> Iterator[tuple[Slot, Arrangement]]:
    """Each paper's slot and arrangement (empty for assignments), the papers that are meant to differ made to.

    Of a paper that has been given out nothing is kept but a digest, unless its variant is dealt to several students.
    """
    if isinstance(document, Assignments):
        yield from ((slot, ()) for slot in slots(document, students))
        return
    planning = _Planning(document, course)
    dealt: dict[str, tuple[Slot, Arrangement]] = {}
    for slot in slots(document, students):
        found = dealt.get(slot.variant) or planning.distinct(slot)
        if slot.student and slot.variant:
            dealt[slot.variant] = found
        drawn, arrangement = found
        yield Slot(slot.variant, slot.student, drawn.attempt, drawn.twin), arrangement


class _Planning:
    """Draws papers, each unlike all before it as far as the pool allows."""

    def __init__(self, exam: Exam, course: Course) -> None:
        self._arranger = Arranger(exam, course)
        self._first: dict[bytes, str] = {}

    def distinct(self, slot: Slot) -> tuple[Slot, Arrangement]:
        twin = ""
        for attempt in range(_MOST_ATTEMPTS):
            tried = Slot(slot.variant, slot.student, attempt)
            arrangement = self._arranger.arrangement(tried.key)
            twin = self._first.setdefault(_digest(arrangement), slot.name)
            if twin == slot.name:
                return tried, arrangement
        return Slot(slot.variant, slot.student, 0, twin), self._arranger.arrangement(slot.key)


def _digest(arrangement: Arrangement) -> bytes:
    """What two arrangements have in common only if they are the same."""
    parts = [[(placed.name, placed.order) for placed in section] for section in arrangement]
    return blake2b(repr(parts).encode(), digest_size=16).digest()
