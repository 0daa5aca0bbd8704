"""A proof catalogue: every question of a bank as its author wrote it, to be read and signed off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from quizgen.paper.exam import Paper, Question

DIFFICULTIES = ("easy", "normal", "hard")


@dataclass(frozen=True, slots=True)
class Source:
    """What the author calls a question's type and its stimulus ("" if it has none)."""

    type: str
    stimulus: str = ""


@dataclass(frozen=True, slots=True)
class Catalog:
    """A bank as a paper of one section in written order, choices labelled as in its file; `sources` by question id."""

    paper: Paper
    sources: Mapping[str, Source]

    @property
    def kinds(self) -> Mapping[str, Mapping[str, int]]:
        """How many questions of each type are of each difficulty, types in the order in which they come up."""
        counts: dict[str, dict[str, int]] = {}
        for question in self.paper.questions:
            row = counts.setdefault(self.sources[question.id].type, dict.fromkeys(DIFFICULTIES, 0))
            row[question.difficulty] += 1
        return counts

    @property
    def tags(self) -> Mapping[str, tuple[Question, ...]]:
        """The questions with each tag, tags in the order of their letters."""
        found: dict[str, list[Question]] = {}
        for question in self.paper.questions:
            for tag in question.tags:
                found.setdefault(tag, []).append(question)
        return {tag: tuple(found[tag]) for tag in sorted(found)}

    @property
    def unexplained(self) -> tuple[Question, ...]:
        """The questions without an explanation."""
        return tuple(question for question in self.paper.questions if not question.explanation)
