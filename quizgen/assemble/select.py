"""Selecting: which questions each section has, every draw met and no question asked twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from quizgen.model import Course, Draw, Exam
from quizgen.model.pool import all_draws, can_meet, contended, fixed_names, pool

# Brings a draw's pool into the order in which its questions are taken.
Ranking = Callable[[tuple[str, ...]], tuple[str, ...]]


def select(exam: Exam, course: Course, ranking: Ranking) -> tuple[tuple[str, ...], ...]:
    """The names of each section's questions: those it names, then those drawn, in the banks' written order."""
    fixed = fixed_names(exam)
    draws = list(all_draws(exam))
    pools = [pool(course.banks, draw, fixed) for _, _, draw in draws]
    taken = _take([draw for _, _, draw in draws], pools, ranking)
    chosen = [list(section.questions) for section in exam.sections]
    for (section, _, _), names, drawn in zip(draws, pools, taken, strict=True):
        chosen[section].extend(name for name in names if name in drawn)
    return tuple(tuple(names) for names in chosen)


def _take(draws: list[Draw], pools: list[tuple[str, ...]], ranking: Ranking) -> list[frozenset[str]]:
    disputed = contended(pools)
    gone: set[str] = set()
    taken = []
    for number, draw in enumerate(draws):
        later = [draw.count for draw in draws[number + 1 :]]
        later_pools = pools[number + 1 :]
        drawn = frozenset(islice(_fair(ranking(pools[number]), gone, disputed, later, later_pools), draw.count))
        taken.append(drawn)
    return taken


def _fair(
    ranked: tuple[str, ...],
    gone: set[str],
    disputed: frozenset[str],
    later: list[int],
    later_pools: list[tuple[str, ...]],
) -> Iterator[str]:
    """The questions that a draw can take without leaving a later draw short, in their order."""
    for name in ranked:
        if name in gone:
            continue
        if name in disputed:
            rest = [frozenset(names) - gone - {name} for names in later_pools]
            if not can_meet(later, rest):
                continue
        gone.add(name)
        yield name
