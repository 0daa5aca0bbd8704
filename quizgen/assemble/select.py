"""Selecting: which questions each section has, every draw met and no question asked twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice

from quizgen.model import Course, Exam
from quizgen.model.pool import all_draws, can_give, contended, fixed_names, pool

# Gives the questions of the draw with this number in the order in which they are taken.
Ranking = Callable[[int], Iterable[str]]


class Selection:
    """What an exam's papers are drawn from: the pools of all draws, and what stands in several of them."""

    def __init__(self, exam: Exam, course: Course) -> None:
        fixed = fixed_names(exam)
        draws = list(all_draws(exam))
        self.pools = [pool(course.banks, draw, fixed) for _, _, draw in draws]
        self._named = [tuple(section.questions) for section in exam.sections]
        self._sections = [section for section, _, _ in draws]
        self._counts = [draw.count for _, _, draw in draws]
        self._places = [{name: place for place, name in enumerate(names)} for names in self.pools]
        self._kinds = {
            name: frozenset(number for number, places in enumerate(self._places) if name in places)
            for name in contended(self.pools)
        }
        names = {name: frozenset([number]) for number, names in enumerate(self.pools) for name in names} | self._kinds
        self._there = Counter(names.values())
        # Papers come to the same questions again and again, since only the numbers of what is left count.
        self._can_meet = lru_cache(maxsize=4096)(self._can_meet_without)

    def names(self, ranking: Ranking) -> list[tuple[str, ...]]:
        """The names of each section's questions: those it names, then those drawn, in the banks' written order."""
        chosen = list(self._named)
        gone: set[str] = set()
        for number, (section, count) in enumerate(zip(self._sections, self._counts, strict=True)):
            drawn = list(islice(self._fair(number, ranking(number), gone), count))
            chosen[section] += tuple(sorted(drawn, key=self._places[number].__getitem__))
        return chosen

    def _fair(self, number: int, ranked: Iterable[str], gone: set[str]) -> Iterator[str]:
        """The questions that a draw can take without leaving a later draw short, in their order."""
        for name in ranked:
            if name in gone or (name in self._kinds and not self._can_spare(name, number, gone)):
                continue
            gone.add(name)
            yield name

    def _can_spare(self, name: str, number: int, gone: set[str]) -> bool:
        """Whether all draws behind the one with this number can be met without a question and those gone."""
        taken = Counter(self._kinds[other] for other in (*gone, name) if other in self._kinds)
        return self._can_meet(number, frozenset(taken.items()))

    def _can_meet_without(self, number: int, taken: frozenset[tuple[frozenset[int], int]]) -> bool:
        there: Counter[frozenset[int]] = Counter()
        for kind, count in (self._there - Counter(dict(taken))).items():
            there[frozenset(other - number - 1 for other in kind if other > number)] += count
        return can_give(self._counts[number + 1 :], there)
