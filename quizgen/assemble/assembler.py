"""Assembling one paper at a time, whichever comes next: what papers share is found once and kept."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from quizgen.assemble.arrange import Arrangement, Arranger
from quizgen.assemble.lower import Lowerer
from quizgen.assemble.worksheets import worksheet
from quizgen.model import Assignments, Exam

if TYPE_CHECKING:
    from quizgen.assemble.plan import Slot
    from quizgen.model import Course
    from quizgen.paper import Printable


class Assembler:
    """Makes the papers of an exam, or the worksheets of assignments, from their slots.

    It travels to other processes without what it keeps.
    """

    def __init__(self, document: Exam | Assignments, course: Course) -> None:
        self._document = document
        self._course = course
        self._lowerer: Lowerer | None = None

    def __reduce__(self) -> tuple[type[Assembler], tuple[Exam | Assignments, Course]]:
        return Assembler, (self._document, self._course)

    def arrangement(self, slot: Slot) -> Arrangement:
        """The questions of a slot's paper and the orders of their choices; empty for assignments."""
        return () if self._arranger is None else self._arranger.arrangement(slot.key)

    def printable(self, slot: Slot, arrangement: Arrangement | None = None) -> Printable:
        """The paper or worksheet of a slot; its arrangement may be given by who has it already."""
        if isinstance(self._document, Assignments):
            return worksheet(self._document, self._course, slot)
        lowerer = self._lowerer or Lowerer(self._document, self._course)
        self._lowerer = lowerer
        return lowerer.lower(slot, self.arrangement(slot) if arrangement is None else arrangement)

    @cached_property
    def _arranger(self) -> Arranger | None:
        return Arranger(self._document, self._course) if isinstance(self._document, Exam) else None
