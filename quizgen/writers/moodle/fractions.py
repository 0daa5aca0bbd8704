"""Moodle's grades: which share of the points each option of a choice carries, and how far that is from our rule."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

from quizgen.scoring import Scoring, Tally, earned

if TYPE_CHECKING:
    from quizgen.paper import Choice
    from quizgen.scoring import MultipleRule

# The importer knows no others, and refuses the whole file for one that is not among them.
GRADES: tuple[Fraction, ...] = tuple(
    sorted(
        {Fraction(0), Fraction(5, 6), Fraction(2, 3), Fraction(3, 4), Fraction(1, 20)}
        | {Fraction(tenths, 10) for tenths in range(1, 11)}
        | {Fraction(1, parts) for parts in range(1, 11)}
    )
)


@dataclass(frozen=True, slots=True)
class Grading:
    """A share of the points for each option, and the most by which an answer earns more or less than by our rule."""

    shares: tuple[Fraction, ...]
    more: Fraction
    less: Fraction


def grading(choice: Choice, scoring: Scoring) -> Grading:
    """The shares that Moodle adds up (for one choice: takes) so as to come nearest to our scoring."""
    right = len(choice.right)
    wrong = len(choice.options) - right
    if not choice.many:
        penalty = nearest(scoring.penalty)
        shares = tuple(Fraction(1) if option.right else -penalty for option in choice.options)
        off = scoring.penalty - penalty if wrong else Fraction(0)
        return Grading(shares, max(off, Fraction(0)), max(-off, Fraction(0)))
    penalty = wrong_share(scoring.multiple, right, wrong)
    # Unequal shares go by identity, so that an option weighs the same on every variant.
    names = sorted(option.id for option in choice.right)
    gains = dict(zip(names, right_shares(right), strict=True))
    more, less = deviation(scoring.multiple, right, wrong, penalty)
    return Grading(tuple(gains[o.id] if o.right else -penalty for o in choice.options), more, less)


@cache
def nearest(share: Fraction) -> Fraction:
    """The grade nearest to a share; of two equally near ones the smaller."""
    return min(GRADES, key=lambda grade: (abs(grade - share), grade))


@cache
def right_shares(count: int) -> tuple[Fraction, ...]:
    """Grades of so many right options, adding up to 1: equal ones where Moodle has them, else tenths and twentieths.

    More than twenty cannot all have a grade: the last ones count nothing.
    """
    if Fraction(1, count) in GRADES:
        return (Fraction(1, count),) * count
    tenths = max(20 - count, 0)
    twentieths = (10 - tenths) * 2
    return (Fraction(1, 10),) * tenths + (Fraction(1, 20),) * twentieths + (Fraction(0),) * (count - 20)


@cache
def wrong_share(rule: MultipleRule, right: int, wrong: int) -> Fraction:
    """What a wrong tick costs: the least grade with which no answer holding one earns more than by our rule."""
    needed = [Fraction(0)]
    for hits, misses in product(range(right + 1), range(1, wrong + 1)):
        needed.append((_most(right, hits) - _ours(rule, right, wrong, hits, misses)) / misses)
    return next(grade for grade in GRADES if grade >= max(needed))


@cache
def deviation(rule: MultipleRule, right: int, wrong: int, penalty: Fraction) -> tuple[Fraction, Fraction]:
    """The most by which any answer earns more, and less, in Moodle than by our rule."""
    more = less = Fraction(0)
    for hits, misses in product(range(right + 1), range(wrong + 1)):
        ours, lost = _ours(rule, right, wrong, hits, misses), misses * penalty
        more = max(more, _clipped(_most(right, hits) - lost) - ours)
        less = max(less, ours - _clipped(_least(right, hits) - lost))
    return more, less


def _ours(rule: MultipleRule, right: int, wrong: int, hits: int, misses: int) -> Fraction:
    return earned(Scoring(rule), Tally(right, wrong, hits, misses), many=True)


def _most(right: int, hits: int) -> Fraction:
    """What so many right ticks earn together where they are the dearest ones."""
    return sum(right_shares(right)[:hits], Fraction(0))


def _least(right: int, hits: int) -> Fraction:
    return sum(right_shares(right)[right - hits :], Fraction(0))


def _clipped(total: Fraction) -> Fraction:
    return min(max(total, Fraction(0)), Fraction(1))
