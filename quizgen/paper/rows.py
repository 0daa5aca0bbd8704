"""The rows of a mark sheet: what each question asks to be marked, numbered through the paper (解答番号)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, assert_never

from quizgen.paper.exam import Paper
from quizgen.paper.response import Blank, Choice, Cloze, Lines, Matching, Ordering, Response

MOST_SYMBOLS = 16  # of a row; what has more is written in a box
SIGNS = ("−", ".", *"0123456789")


@dataclass(frozen=True, slots=True)
class Row:
    """Symbols of which one, or (`many`) all that apply, are marked.

    `number` is the row's own (解答番号), `question` that of its question, of which `part` says what is answered: the
    label of a stem or gap, the place in an order, the place of a digit; "" where the question has one row.
    """

    number: int
    question: int
    part: str
    symbols: tuple[str, ...]
    many: bool = False
    kind: Literal["choice", "stem", "place", "gap", "digit"] = "choice"

    @property
    def label(self) -> str:
        """The row by its question: 7, or 7(2)."""
        return f"{self.question}{self.part}"


def rows(paper: Paper) -> tuple[Row, ...]:
    """The rows of a paper in printed order; none where it has no mark sheet."""
    if paper.printing.answers != "marks":
        return ()
    parts = ((question.number, part) for question in paper.questions for part in parted(question.response))
    return tuple(
        Row(number, question, part.label, part.symbols, part.many, part.kind)
        for number, (question, part) in enumerate(parts, start=1)
    )


@dataclass(frozen=True, slots=True)
class Part:
    """A row to come: one part of a response."""

    label: str
    symbols: tuple[str, ...]
    many: bool = False
    kind: Literal["choice", "stem", "place", "gap", "digit"] = "choice"


def parted(response: Response) -> tuple[Part, ...]:
    """The parts of a response that are marked; not among them: what is written, or has more symbols than a row."""
    return tuple(part for part in _parts(response) if len(part.symbols) <= MOST_SYMBOLS)


def _parts(response: Response) -> Iterator[Part]:
    match response:
        case Choice(options, many):
            yield Part("", tuple(option.label for option in options), many)
        case Matching(stems, options):
            symbols = tuple(option.label for option in options)
            yield from (Part(stem.label, symbols, kind="stem") for stem in stems)
        case Ordering(items):
            symbols = tuple(item.label for item in items)
            yield from (Part(f"({place})", symbols, kind="place") for place in range(1, len(items) + 1))
        case Cloze(gaps):
            chosen = ((gap.label, gap.response) for gap in gaps if isinstance(gap.response, Choice))
            yield from (Part(label, tuple(o.label for o in choice.options), kind="gap") for label, choice in chosen)
        case Blank(digits=digits):
            yield from (Part(f"({place})" if digits > 1 else "", SIGNS, kind="digit") for place in range(1, digits + 1))
        case Lines():
            pass
        case _:
            assert_never(response)
