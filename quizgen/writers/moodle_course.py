"""A Moodle backup of a course that holds the activities of all variants."""

from quizgen.writers.moodle_backup import PER_PAPER, TEMPLATES, notes, warnings, write_course

__all__ = ["PER_PAPER", "TEMPLATES", "notes", "warnings", "write"]

write = write_course
