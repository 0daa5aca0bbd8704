"""Figures for templates: numbers as written, what a tick is worth, and how much room a question's choices take."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from quizgen.richtext.plain import to_plain
from quizgen.richtext.tree import Paragraph, Text
from quizgen.writers.pdf.markup import columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quizgen.paper import Option, Question
    from quizgen.scoring import Scoring

_ROOM = 90  # columns of a line of choices, in letters of half a Japanese character's width
_LABEL = 6


def number(value: Decimal | Fraction | int) -> str:
    """A number as people write it: 2, 2.5, 4/3."""
    exact = Fraction(value)
    if exact.denominator == 1:
        return str(exact.numerator)
    decimal = Decimal(exact.numerator) / Decimal(exact.denominator)
    return f"{decimal:f}" if Fraction(decimal) == exact and len(str(decimal)) <= 6 else str(exact)


@dataclass(frozen=True, slots=True)
class Worth:
    """What a question's ticks earn and cost, in points; which of the figures count depends on the rule."""

    rule: Literal["one", "all-or-nothing", "net-correct", "each-choice"]
    gain: Fraction
    loss: Fraction


def worth(question: Question, scoring: Scoring) -> Worth:
    """What the ticks of a question are worth under the paper's scoring."""
    points, response = Fraction(question.points), question.response
    right, options = len(response.right), len(response.options)
    if not response.many:
        return Worth("one", points, points * scoring.penalty)
    match scoring.multiple:
        case "all-or-nothing":
            return Worth("all-or-nothing", points, Fraction(0))
        case "net-correct":
            loss = points / (options - right) if options > right else Fraction(0)
            return Worth("net-correct", points / right, loss)
        case "each-choice":
            return Worth("each-choice", points / options, Fraction(0))


def arrangement(options: Sequence[Option]) -> str:
    """The class of a list of choices: how many short ones share a line, or none for one each.

    It depends on the widest alone, so that no variant's order changes it.
    """
    if not all(_is_plain(option) for option in options):
        return "in-1"
    widest = max(columns(to_plain(option.text)) for option in options) + _LABEL
    fitting = [count for count in (4, 3, 2) if widest * count <= _ROOM]
    even = [count for count in fitting if len(options) % count == 0 or len(options) < count]
    return f"in-{(even or fitting or [1])[0]}"


def _is_plain(option: Option) -> bool:
    match option.text:
        case (Paragraph(content),):
            return all(isinstance(inline, Text) for inline in content)
        case _:
            return False
