"""Assembling: an exam, its course and a seed become papers with nothing left to chance."""

from quizgen.assemble.arrange import Arrangement, arrange
from quizgen.assemble.assembler import Assembler
from quizgen.assemble.banks import pool
from quizgen.assemble.everything import everything
from quizgen.assemble.lower import lower
from quizgen.assemble.plan import Slot, plan
from quizgen.assemble.worksheets import worksheet

__all__ = ["Arrangement", "Assembler", "Slot", "arrange", "everything", "lower", "plan", "pool", "worksheet"]
