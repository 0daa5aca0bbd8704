"""Answers of every kind of response as a browser sends them to Moodle, and what they earn on paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations, permutations, product
from typing import Any, assert_never
from unicodedata import normalize

from quizgen.paper import Blank, Choice, Cloze, Lines, Matching, Ordering, Question
from quizgen.scoring import Scoring
from quizgen.writers.moodle.questions import option_line

MOST_TRIED = 6  # up to so many options every combination of ticks is tried
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@dataclass(frozen=True)
class Attempt:
    """What is sent (None: Moodle's own right answer), and the share that it earns (None: marked by hand)."""

    sent: dict[str, Any] | None
    earned: Fraction | None


def attempts(question: Question, scoring: Scoring) -> list[Attempt]:
    """The right answer first, then everything else that is worth trying."""
    match question.response:
        case Choice() as choice:
            right = choice.earned(scoring, frozenset(option.id for option in choice.right))
            rest = (Attempt(ticks(choice, ids), choice.earned(scoring, frozenset(ids))) for ids in ticked(choice))
        case Blank() as blank:
            right = Fraction(1)
            rest = (Attempt({"answer": text}, blank.earned(text)) for text in written(blank))
        case Lines():
            return [Attempt({"answer": "<p>so</p>", "answerformat": "1"}, None), Attempt({}, Fraction(0))]
        case Matching() as matching:
            right = Fraction(1)
            rest = pairings(matching)
        case Ordering() as ordering:
            right = Fraction(1)
            rest = orders(ordering)
        case Cloze() as cloze:
            right = Fraction(1)
            rest = fillings(cloze, scoring)
        case _:
            assert_never(question.response)
    return [Attempt(None, right), *rest]


def ticks(choice: Choice, ids: tuple[str, ...]) -> dict[str, int]:
    places = [place for place, option in enumerate(choice.options) if option.id in ids]
    if choice.many:
        return {f"choice{place}": 1 for place in places}
    return {"answer": places[0]} if places else {}


def ticked(choice: Choice) -> Iterator[tuple[str, ...]]:
    """Every combination of ticks; of many options the dearest and the cheapest for each number of hits and misses."""
    names = [option.id for option in choice.options]
    if not choice.many:
        return chain([()], ((name,) for name in names))
    if len(names) <= MOST_TRIED:
        return chain.from_iterable(combinations(names, count) for count in range(len(names) + 1))
    right = sorted(option.id for option in choice.right)
    wrong = [name for name in names if name not in right]
    counts = product(range(len(right) + 1), range(len(wrong) + 1))
    return chain.from_iterable(
        ((*right[:hits], *wrong[:misses]), (*right[len(right) - hits :], *wrong[:misses])) for hits, misses in counts
    )


def written(blank: Blank) -> Iterator[str]:
    yield from ("", "zzz")
    for accepted in blank.accepted:
        if blank.tolerance is None:
            half = normalize("NFKC", accepted)
            yield from (accepted, half, half.translate(_FULL_WIDTH), f" {accepted} ", half.swapcase(), f"{half}*", "*")
        else:
            value, unit = Fraction(accepted), Fraction(blank.tolerance) or Fraction(1, 100)
            yield from (f"{float(value + unit * share):.10g}" for share in (-1.5, -0.9, 0, 0.9, 1.5))
            yield f"{accepted}.0" if "." not in accepted else f"{accepted}0"


def pairings(matching: Matching) -> Iterator[Attempt]:
    """All right but one stem, for each stem and option; all wrong; and nothing."""
    lines = {option.label: option_line(option.text) for option in matching.options}
    right = {stem.label: stem.right for stem in matching.stems}
    given = [right | {stem.label: label} for stem in matching.stems for label in lines]
    given += [dict.fromkeys(right, label) for label in lines]
    given += [{}, dict(list(right.items())[:1])]
    for pairs in given:
        sent = [lines[pairs[stem.label]] if stem.label in pairs else "" for stem in matching.stems]
        yield Attempt({"pairs": sent}, matching.earned(pairs))


def orders(ordering: Ordering) -> Iterator[Attempt]:
    """Every order; `order` counts the items by their right places, from 0."""
    labels = [item.label for item in sorted(ordering.items, key=lambda item: item.place)]
    for order in permutations(range(len(labels))):
        yield Attempt({"order": order}, ordering.earned([labels[place] for place in order]))


def fillings(cloze: Cloze, scoring: Scoring) -> Iterator[Attempt]:
    """Each gap right, wrong and empty, in every combination."""
    for given in product(*(gap_answers(gap.response) for gap in cloze.gaps)):
        answered = {gap.label: answer for gap, answer in zip(cloze.gaps, given, strict=True) if answer}
        sent = {
            f"sub{number}_answer": gap_sent(gap.response, answered[gap.label])
            for number, gap in enumerate(cloze.gaps, 1)
            if gap.label in answered
        }
        yield Attempt(sent, cloze.earned(scoring, answered))


def gap_answers(response: Blank | Choice) -> list[str]:
    if isinstance(response, Choice):
        return ["", *(option.id for option in response.options)]
    return ["", "zzz" if response.tolerance is None else "-99999", *response.accepted]


def gap_sent(response: Blank | Choice, answer: str) -> str:
    if isinstance(response, Choice):
        return str([option.id for option in response.options].index(answer))
    return answer
