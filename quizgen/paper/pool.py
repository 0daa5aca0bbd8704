"""Whole banks, for a system that draws and shuffles by itself."""

from __future__ import annotations

from dataclasses import dataclass

from quizgen.paper.exam import Paper


@dataclass(frozen=True, slots=True)
class Pool(Paper):
    """Every question of the banks behind an exam, once: a section for each bank, all in written order.

    `shuffled` names the questions whose choices may be shuffled, `pinned` those where a choice has to keep its place.
    """

    shuffled: frozenset[str] = frozenset()
    pinned: frozenset[str] = frozenset()
