"""Scoring rules: what holds for all of them, and the figures other systems give."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers import every_kind, plain_choice, question
from quizgen.scoring import MultipleRule, Scoring, Tally, earned, guessed

RULES: tuple[MultipleRule, ...] = get_args(MultipleRule)
rules = st.sampled_from(RULES)
penalties = st.fractions(0, 1, max_denominator=20)


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    right, wrong = draw(st.integers(1, 13)), draw(st.integers(0, 13))
    return Tally(right, wrong, draw(st.integers(0, right)), draw(st.integers(0, wrong)))


def ticks(key: str, answer: str) -> Tally:
    """The tally of two rows of 0 and 1, as R/exams writes them."""
    rows = list(zip(key, answer, strict=True))
    return Tally(key.count("1"), key.count("0"), rows.count(("1", "1")), rows.count(("0", "1")))


@given(rules, tallies())
def test_multiple_select_earns_between_nothing_and_everything(rule: MultipleRule, tally: Tally) -> None:
    assert 0 <= earned(Scoring(rule), tally, many=True) <= 1


@given(penalties, tallies())
def test_a_single_choice_costs_no_more_than_its_penalty(penalty: Fraction, tally: Tally) -> None:
    assert earned(Scoring(penalty=penalty), tally, many=False) in {Fraction(1), Fraction(0), -penalty}


@given(rules, st.integers(1, 13), st.integers(0, 13))
def test_the_key_itself_earns_all(rule: MultipleRule, right: int, wrong: int) -> None:
    assert earned(Scoring(rule), Tally(right, wrong, right, 0), many=True) == 1


@given(rules, tallies())
def test_only_the_key_earns_all(rule: MultipleRule, tally: Tally) -> None:
    is_key = tally.ticked_right == tally.right and tally.ticked_wrong == 0
    assert (earned(Scoring(rule), tally, many=True) == 1) == is_key


@given(rules, tallies().filter(lambda tally: tally.ticked_right < tally.right))
def test_one_more_right_tick_never_costs(rule: MultipleRule, tally: Tally) -> None:
    more = Tally(tally.right, tally.wrong, tally.ticked_right + 1, tally.ticked_wrong)
    assert earned(Scoring(rule), more, many=True) >= earned(Scoring(rule), tally, many=True)


@given(rules, tallies().filter(lambda tally: tally.ticked_wrong < tally.wrong))
def test_one_more_wrong_tick_never_pays(rule: MultipleRule, tally: Tally) -> None:
    more = Tally(tally.right, tally.wrong, tally.ticked_right, tally.ticked_wrong + 1)
    assert earned(Scoring(rule), more, many=True) <= earned(Scoring(rule), tally, many=True)


@pytest.mark.parametrize(("rule", "share"), [("all-or-nothing", "0"), ("net-correct", "0"), ("each-choice", "3/5")])
def test_nothing_ticked_earns_only_what_was_rightly_left(rule: MultipleRule, share: str) -> None:
    assert earned(Scoring(rule), Tally(2, 3, 0, 0), many=True) == Fraction(share)


@given(penalties)
def test_a_single_choice_left_blank_costs_nothing(penalty: Fraction) -> None:
    assert earned(Scoring(penalty=penalty), Tally(1, 3, 0, 0), many=False) == 0


@given(penalties)
def test_two_marks_for_a_single_choice_are_a_wrong_answer(penalty: Fraction) -> None:
    assert earned(Scoring(penalty=penalty), Tally(1, 3, 1, 1), many=False) == -penalty


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("right", "wrong"), [(right, wrong) for right in range(1, 5) for wrong in range(4)])
def test_guessing_many_is_the_mean_over_all_patterns(rule: MultipleRule, right: int, wrong: int) -> None:
    scoring, choice = Scoring(rule), plain_choice(right, wrong)
    names = [option.id for option in choice.options]
    patterns = list(product((False, True), repeat=len(names)))
    total = sum(
        choice.earned(scoring, frozenset(n for n, ticked in zip(names, pattern, strict=True) if ticked))
        for pattern in patterns
    )
    assert choice.guessed(scoring) == total / len(patterns)


@given(penalties, st.integers(0, 12))
def test_guessing_one_is_the_mean_over_the_choices(penalty: Fraction, wrong: int) -> None:
    scoring, choice = Scoring(penalty=penalty), plain_choice(1, wrong, many=False)
    total = sum(choice.earned(scoring, frozenset({option.id})) for option in choice.options)
    assert choice.guessed(scoring) == total / len(choice.options)


def test_a_penalty_of_one_in_the_others_makes_guessing_worth_nothing() -> None:
    assert guessed(Scoring(penalty=Fraction(1, 3)), right=1, wrong=3, many=False) == 0


@pytest.mark.parametrize(
    ("key", "answer", "share"),
    [
        ("11000", "11100", "2/3"),
        ("11000", "10100", "1/6"),
        ("11000", "11111", "0"),
        ("10000", "11000", "3/4"),
        ("11110", "11111", "0"),
    ],
)
def test_net_correct_is_what_r_exams_calls_false(key: str, answer: str, share: str) -> None:
    assert earned(Scoring("net-correct"), ticks(key, answer), many=True) == Fraction(share)


@pytest.mark.parametrize(
    ("key", "answer", "share"),
    [("11000", "11000", "1"), ("11000", "11100", "4/5"), ("11000", "10100", "3/5"), ("11000", "00111", "0")],
)
def test_each_choice_is_what_prairielearn_calls_each_answer(key: str, answer: str, share: str) -> None:
    assert earned(Scoring("each-choice"), ticks(key, answer), many=True) == Fraction(share)


@pytest.mark.parametrize(("answer", "share"), [("11000", 1), ("10000", 0), ("11100", 0), ("00000", 0)])
def test_all_or_nothing_asks_for_the_exact_pattern(answer: str, share: int) -> None:
    assert earned(Scoring("all-or-nothing"), ticks("11000", answer), many=True) == share


# What the key tells those who mark by hand


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("wrong", [0, 1, 3])
def test_what_a_tick_is_said_to_be_worth_is_what_it_earns(rule: MultipleRule, wrong: int) -> None:
    scoring, choice = Scoring(rule), plain_choice(2, wrong)
    told = question(1, choice, points="6").worth(scoring)
    everything = 6 * choice.earned(scoring, frozenset(option.id for option in choice.right))
    one = 6 * choice.earned(scoring, frozenset({"o00"}))
    both_and_wrong = 6 * choice.earned(scoring, frozenset({"o00", "o01", "o02"} if wrong else {"o00", "o01"}))
    match told.rule:
        case "net-correct":
            assert (2 * told.gain, told.gain, max(0, 2 * told.gain - told.loss)) == (everything, one, both_and_wrong)
        case "each-choice":
            assert ((2 + wrong) * told.gain, (1 + wrong) * told.gain) == (everything, one)
        case _:
            assert (told.gain, 0) == (everything, one)


def test_a_wrong_single_choice_is_said_to_cost_the_penalty() -> None:
    told = question(1, plain_choice(1, 3, many=False), points="2").worth(Scoring(penalty=Fraction(1, 4)))
    assert (told.rule, told.gain, told.loss) == ("one", 2, Fraction(1, 2))


def test_each_part_of_a_response_is_said_to_be_worth_its_share_of_the_points() -> None:
    paper = every_kind("ja")
    told = [question.worth(paper.scoring) for question in paper.questions]
    parts = [("one", 1), ("accepted", 2), ("accepted", 2), ("each-pair", 1), ("each-place", 1), ("by-hand", 5)]
    assert [(worth.rule, worth.gain) for worth in told] == [*parts, ("each-gap", 1)]
    assert [worth.loss for worth in told] == [0] * 7


def test_a_wrong_choice_in_a_gap_is_said_to_cost_its_share_of_the_penalty() -> None:
    paper = every_kind("en")
    told = paper.questions[-1].worth(paper.scoring)
    assert (told.gain, told.loss) == (Fraction("1.25"), Fraction("0.3125"))
