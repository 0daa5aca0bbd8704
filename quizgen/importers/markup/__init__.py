"""A tree as Markdown that reads back as the same tree: what looks like markup and is none stays text."""

from quizgen.importers.markup.blocks import Written, markdown

__all__ = ["Written", "markdown"]
