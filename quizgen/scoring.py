"""Scoring rules: the share of a question's points that a response earns: on paper, in Moodle, in grading."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import comb
from typing import Literal, assert_never

MultipleRule = Literal["all-or-nothing", "net-correct", "each-choice"]
Rule = MultipleRule | Literal["one", "accepted", "by-hand", "each-pair", "each-place", "each-gap"]


@dataclass(frozen=True, slots=True)
class Scoring:
    """An exam's rules: how multiple-select questions score, and what a wrong single choice costs.

    `penalty` is a share of the question's points, 0 to 1, which a wrong choice of a single-select one costs.
    """

    multiple: MultipleRule = "all-or-nothing"
    penalty: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many choices of a question are right (at least one) and wrong, and how many of each were ticked."""

    right: int
    wrong: int
    ticked_right: int
    ticked_wrong: int


@dataclass(frozen=True, slots=True)
class Worth:
    """What each right part of a response (a tick, a pair, a gap …) earns, and what a wrong one costs, under a rule.

    Shares of the question's points, or the points themselves; `loss` is 0 where the rule takes nothing away.
    """

    rule: Rule
    gain: Fraction
    loss: Fraction = Fraction(0)


def earned(scoring: Scoring, tally: Tally, *, many: bool) -> Fraction:
    """The share of the points that the ticks earn: 0 to 1, or down to −penalty for a single choice.

    The names and formulas are those of R/exams and PrairieLearn: net-correct is R/exams' `false` (+1/c a
    right tick, −1/w a wrong one, not below 0), each-choice PrairieLearn's `each-answer`.
    """
    if many:
        return _multiple(scoring.multiple, tally)
    return _single(scoring.penalty, tally)


def _single(penalty: Fraction, tally: Tally) -> Fraction:
    ticked = tally.ticked_right + tally.ticked_wrong
    if ticked == 0:
        return Fraction(0)
    # Two marks in a row that asks for one are a wrong answer, as on every mark sheet.
    return Fraction(1) if ticked == 1 and tally.ticked_right else -penalty


def _multiple(rule: MultipleRule, tally: Tally) -> Fraction:
    match rule:
        case "all-or-nothing":
            return Fraction(tally.ticked_right == tally.right and tally.ticked_wrong == 0)
        case "net-correct":
            lost = Fraction(tally.ticked_wrong, tally.wrong) if tally.wrong else Fraction(0)
            return max(Fraction(0), Fraction(tally.ticked_right, tally.right) - lost)
        case "each-choice":
            left = tally.wrong - tally.ticked_wrong
            return Fraction(tally.ticked_right + left, tally.right + tally.wrong)
        case _:
            assert_never(rule)


@lru_cache(maxsize=1024)
def guessed(scoring: Scoring, *, right: int, wrong: int, many: bool) -> Fraction:
    """The expected share of the points from blind guessing.

    A single choice is picked evenly; of a multiple-select question each choice is ticked by tossing a coin.
    """
    if not many:
        return (right - wrong * scoring.penalty) / Fraction(right + wrong)
    total = sum(
        (
            comb(right, r) * comb(wrong, w) * earned(scoring, Tally(right, wrong, r, w), many=True)
            for r in range(right + 1)
            for w in range(wrong + 1)
        ),
        Fraction(0),
    )
    return total / (1 << right + wrong)


def worth(scoring: Scoring, *, right: int, wrong: int, many: bool) -> Worth:
    """What a tick earns and costs as a share of the points; the same as `earned` gives for it."""
    if not many:
        return Worth("one", Fraction(1), scoring.penalty)
    match scoring.multiple:
        case "all-or-nothing":
            return Worth("all-or-nothing", Fraction(1))
        case "net-correct":
            return Worth("net-correct", Fraction(1, right), Fraction(1, wrong) if wrong else Fraction(0))
        case "each-choice":
            return Worth("each-choice", Fraction(1, right + wrong))
        case _:
            assert_never(scoring.multiple)
