"""A booklet's sides: its paper and the paper's translation, each with the templates' macros in its own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from quizgen.language import catalog

if TYPE_CHECKING:
    from jinja2.environment import TemplateModule
    from jinja2.sandbox import SandboxedEnvironment

    from quizgen.paper import Paper
    from quizgen.paper.printing import Edition

_BETWEEN = 8.0  # millimetres from one side's text to the other's, as in bilingual.css


@dataclass(frozen=True)
class Side:
    """A paper in one of two languages; `values` are what its macros know besides it."""

    paper: Paper
    environment: SandboxedEnvironment
    values: Mapping[str, object]

    @cached_property
    def parts(self) -> TemplateModule:
        """The macros of questions."""
        return self._macros("question.html")

    @cached_property
    def front(self) -> TemplateModule:
        """The macros of the cover."""
        return self._macros("cover.html")

    def said(self, words: str) -> str:
        """Our own words in the side's language."""
        return catalog(self.paper.language).gettext(words)

    def _macros(self, name: str) -> TemplateModule:
        return self.environment.get_template(name).make_module({**self.values, "paper": self.paper})


def side_line(line: float, edition: Edition) -> float:
    """How long a side's line is: half of the page's, or all of it where letters are so large that they stack."""
    return line if "large-print" in edition else (line - _BETWEEN) / 2
