"""Balancing: over a paper the key names each position about equally often and none many times in a row.

The keyed orders stay wherever they can: choices change places only in as many questions as the balance needs,
picked by their own keyed ranks, so that most questions never notice what happens to the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from math import lcm

from quizgen.assemble.placed import Placed
from quizgen.draw import Draw

Runs = list[list[int]]
Better = Callable[[Runs, Runs, list[int]], bool]

LONGEST_RUN = 3
# How much more often than by its share a position may be named than another.
WIDEST_SPREAD = 2


def balanced(
    sections: tuple[tuple[Placed, ...], ...], draw: Draw, *, break_runs: bool
) -> tuple[tuple[Placed, ...], ...]:
    """The same questions in the same order, with some choices exchanged."""
    placed = [question for section in sections for question in section]
    turns = sorted(range(len(placed)), key=draw.of("balance").ranks([one.name for one in placed]).__getitem__)
    _level(placed, turns)
    if break_runs:
        _break_runs(placed, turns)
    rest = iter(placed)
    return tuple(tuple(next(rest) for _ in section) for section in sections)


def _excess(placed: Sequence[Placed], unit: int) -> list[int]:
    """For each position, how much more often the key names it than if keys were spread evenly, in parts of a unit."""
    excess = [0] * max([len(question.order) for question in placed], default=0)
    alike: Counter[tuple[int, int]] = Counter()
    for question in placed:
        places = question.places
        alike[len(question.order), len(places)] += 1
        for place in places:
            excess[place] += unit
    for (choices, right), count in alike.items():
        for place in range(choices):
            excess[place] -= right * unit // choices * count
    return excess


def _level(placed: list[Placed], turns: list[int]) -> None:
    """Move right choices from the position named most to the one named least, while that narrows the spread."""
    # A unit of which every question's share is a whole number.
    unit = lcm(*{len(question.order) or 1 for question in placed})
    excess = _excess(placed, unit)
    for _ in range(len(placed) * len(excess)):
        move = next(_levelling_moves(placed, turns, excess, WIDEST_SPREAD * unit), None)
        if move is None:
            return
        number, source, target = move
        placed[number] = placed[number].moved(source, target)
        excess[source] -= unit
        excess[target] += unit


def _levelling_moves(
    placed: list[Placed], turns: list[int], excess: list[int], widest: int
) -> Iterator[tuple[int, int, int]]:
    if not excess or max(excess) - min(excess) <= widest:
        return
    pairs = [
        (source, target)
        for source in range(len(excess))
        for target in range(len(excess))
        if excess[source] - excess[target] > widest
    ]
    for source, target in sorted(pairs, key=lambda pair: (excess[pair[1]] - excess[pair[0]], pair)):
        for number in turns:
            if placed[number].can_move(source, target):
                yield number, source, target


def _runs(placed: list[Placed]) -> Runs:
    """The runs of single-select questions, longer than allowed, whose right choice stands at the same position."""
    single = [number for number, question in enumerate(placed) if question.right and not question.many]
    runs = [list(run) for _, run in groupby(single, key=lambda number: placed[number].places)]
    return [run for run in runs if len(run) > LONGEST_RUN]


def _break_runs(placed: list[Placed], turns: list[int]) -> None:
    """Exchange the positions of two questions' keys, which leaves the balance as it is, while that breaks a run."""
    # What makes the runs fewer may make one longer, and go round in circles; the second way never does.
    for better in (_is_fewer, _is_less):
        for _ in range(len(placed)):
            runs = _runs(placed)
            if not any(_break(placed, turns, run, runs, better) for run in runs):
                break


def _break(placed: list[Placed], turns: list[int], run: list[int], runs: Runs, better: Better) -> bool:
    for number in run[LONGEST_RUN:] + run[:LONGEST_RUN]:
        for other in turns:
            if _exchange(placed, number, other):
                if better(_runs(placed), runs, run):
                    return True
                _exchange(placed, number, other)
    return False


def _is_fewer(found: Runs, before: Runs, run: list[int]) -> bool:
    """Whether there are fewer runs, or none is as long as this one was."""
    return len(found) < len(before) or len(max(found, key=len)) < len(run)


def _is_less(found: Runs, before: Runs, run: list[int]) -> bool:  # noqa: ARG001 - as `_is_fewer`
    """Whether less stands in runs beyond what is allowed."""
    return sum(len(one) - LONGEST_RUN for one in found) < sum(len(one) - LONGEST_RUN for one in before)


def _exchange(placed: list[Placed], number: int, other: int) -> bool:
    """Let two single-select questions exchange their keys' positions, if both may."""
    one, two = placed[number], placed[other]
    if one.many or two.many or one.places == two.places or not (one.right and two.right):
        return False
    (source,), (target,) = one.places, two.places
    if not (one.can_move(source, target) and two.can_move(target, source)):
        return False
    placed[number], placed[other] = one.moved(source, target), two.moved(target, source)
    return True
