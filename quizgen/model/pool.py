"""Pools: which questions a draw may take, and whether several draws can all be met from what there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from quizgen.model.bank import Bank
from quizgen.model.exam import Draw, Exam
from quizgen.model.question import Question


def all_draws(exam: Exam) -> Iterator[tuple[int, int, Draw]]:
    """Every draw of an exam with the number of its section and its number in it, from 0."""
    for section_number, section in enumerate(exam.sections):
        for number, draw in enumerate(section.draw):
            yield section_number, number, draw


def bank_ids(exam: Exam) -> frozenset[str]:
    """The banks that an exam names or draws from."""
    named = {name.partition("/")[0] for name in fixed_names(exam)}
    return frozenset(named.union(*(draw.banks for _, _, draw in all_draws(exam))))


def fixed_names(exam: Exam) -> frozenset[str]:
    """The questions that an exam names itself; no draw takes them."""
    return frozenset(name for section in exam.sections for name in section.questions)


def pool(banks: Mapping[str, Bank], draw: Draw, taken: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The names (`bank/question`) of the questions that a draw may take, in written order."""
    return tuple(
        name
        for bank in dict.fromkeys(draw.banks)
        if bank in banks
        for question in banks[bank].questions
        if _fits(question, draw) and (name := f"{bank}/{question.id}") not in taken
    )


def _fits(question: Question, draw: Draw) -> bool:
    return (not draw.difficulty or question.difficulty in draw.difficulty) and (
        not draw.tags or any(tag in draw.tags for tag in question.tags)
    )


def contended(pools: Sequence[Iterable[str]]) -> frozenset[str]:
    """The questions that stand in more than one pool."""
    counts = Counter(name for names in pools for name in set(names))
    return frozenset(name for name, count in counts.items() if count > 1)


def can_meet(counts: Sequence[int], pools: Sequence[frozenset[str]]) -> bool:
    """Whether each draw can have its count of questions of its pool, no question going to two."""
    kinds = (
        frozenset(number for number, names in enumerate(pools) if name in names) for name in frozenset().union(*pools)
    )
    return can_give(counts, Counter(kinds))


def can_give(counts: Sequence[int], there: Counter[frozenset[int]]) -> bool:
    """Whether each draw can have its count, where there are so many questions that stand in the same pools.

    A maximum flow from draws to questions.
    """
    left = there.copy()
    given: Counter[tuple[int, frozenset[int]]] = Counter()
    return all(_give(draw, left, given, set()) for draw, count in enumerate(counts) for _ in range(count))


def _give(
    draw: int,
    left: Counter[frozenset[int]],
    given: Counter[tuple[int, frozenset[int]]],
    asked: set[int],
) -> bool:
    """Give a draw one question, taking one from another draw that can be given a different one if need be."""
    asked.add(draw)
    fitting = sorted((kind for kind in left if draw in kind), key=sorted)
    for kind in fitting:
        if left[kind] > 0:
            left[kind] -= 1
            given[draw, kind] += 1
            return True
    for kind in fitting:
        for other in sorted(kind - asked):
            if given[other, kind] and _give(other, left, given, asked):
                given[other, kind] -= 1
                given[draw, kind] += 1
                return True
    return False
