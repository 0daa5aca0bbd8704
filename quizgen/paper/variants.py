"""Where each question of an exam stands in each of its variants, and what is right there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quizgen.paper.exam import Paper
from quizgen.paper.key import keyed

if TYPE_CHECKING:
    from quizgen.paper.worksheet import Worksheet


@dataclass(frozen=True, slots=True)
class Place:
    """A question in one variant: its number, its rows of the mark sheet ("" if none), its key."""

    number: int
    rows: str
    answer: str


@dataclass(frozen=True, slots=True)
class Variants:
    """The places of every question by its id, each a mapping from variants' names; `names` in printed order."""

    names: tuple[str, ...]
    questions: Mapping[str, Mapping[str, Place]]

    @property
    def has_rows(self) -> bool:
        """Whether the rows of the mark sheet are numbered otherwise than the questions."""
        places = (place for found in self.questions.values() for place in found.values())
        return any(place.rows not in ("", str(place.number)) for place in places)


def variants(papers: Iterable[Paper | Worksheet], most: int | None = None) -> Variants:
    """The table over papers, of which only one is held at a time; students with the same variant are one.

    Questions stand in the first variant's order, behind them those of the next ones. The table is empty where there
    are more variants than `most`, and no further paper is then looked at.
    """
    names: dict[str, None] = {}
    questions: dict[str, dict[str, Place]] = {}
    for paper in papers:
        name = paper.variant or paper.name
        if not isinstance(paper, Paper) or name in names:
            continue
        if len(names) == most:
            return Variants((), {})
        names[name] = None
        key = keyed(paper)
        for question in paper.questions:
            place = Place(question.number, key[question.number].span, question.response.key)
            questions.setdefault(question.id, {})[name] = place
    return Variants(tuple(names), questions)
