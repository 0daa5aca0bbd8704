"""Reading: files through three gates (syntax, schema, sense) into models, or all of their problems at once."""

from quizgen.reader.library import Banks, Job, Reading, course_folder, read, read_banks, read_job

__all__ = ["Banks", "Job", "Reading", "course_folder", "read", "read_banks", "read_job"]
