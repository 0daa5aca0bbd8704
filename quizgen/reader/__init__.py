"""Reading: files through three gates (syntax, schema, sense) into models, or all of their problems at once."""

from quizgen.reader.library import Job, Reading, course_folder, read, read_job

__all__ = ["Job", "Reading", "course_folder", "read", "read_job"]
