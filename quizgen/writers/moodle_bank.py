"""Moodle XML of whole banks: every question that the exam could have drawn, once, for Moodle's own random draws."""

from quizgen.writers.moodle import PER_PAPER, TEMPLATES, notes, warnings, write

__all__ = ["PER_PAPER", "TEMPLATES", "WHOLE_BANKS", "notes", "warnings", "write"]

WHOLE_BANKS = True
