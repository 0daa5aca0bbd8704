"""The key of a paper as it is marked: row by row of the mark sheet, and what is written besides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import assert_never

from quizgen.paper.exam import Paper, Question
from quizgen.paper.response import Blank, Choice, Cloze, Lines, Matching, Ordering, Response
from quizgen.paper.rows import Row, parted, rows


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of a question's right answer: what is marked in a row, or written (row 0).

    `part` says which piece it is, "" where there is only one; `answer` is "" where a row stays empty.
    """

    row: int
    part: str
    answer: str


@dataclass(frozen=True, slots=True)
class Keyed:
    """The key of a question: its pieces in printed order, and the rows of the mark sheet that they fill."""

    marks: tuple[Mark, ...]
    rows: tuple[int, ...]

    @property
    def span(self) -> str:
        """The rows in short: 7, or 7–9; "" where nothing is marked."""
        ends = dict.fromkeys([*self.rows[:1], *self.rows[-1:]])
        return "–".join(map(str, ends))


def keyed(paper: Paper) -> Mapping[int, Keyed]:
    """The key of each question by its number."""
    found: dict[int, list[Row]] = {question.number: [] for question in paper.questions}
    for row in rows(paper):
        found[row.question].append(row)
    return {question.number: _keyed(question, found[question.number]) for question in paper.questions}


def _keyed(question: Question, own: Sequence[Row]) -> Keyed:
    numbers = {row.part: row.number for row in own}
    marks = tuple(
        Mark(numbers.get(part, 0), part, answer) for part, answer in _pieces(question.response, marked=bool(own))
    )
    return Keyed(marks, tuple(row.number for row in own))


def _pieces(response: Response, *, marked: bool) -> Iterator[tuple[str, str]]:
    """Each part of a response with what is right for it, the parts named as the rows name them."""
    match response:
        case Choice():
            yield "", response.key
        case Matching(stems):
            yield from ((stem.label, stem.right) for stem in stems)
        case Ordering(items) if marked:
            yield from ((f"({item.place})", item.label) for item in sorted(items, key=lambda item: item.place))
        case Cloze(gaps):
            yield from ((gap.label, gap.response.key) for gap in gaps)
        case Blank() if marked:
            yield from _signs(response)
        case Blank() | Ordering():
            yield "", response.key
        case Lines():
            pass
        case _:
            assert_never(response)


def _signs(blank: Blank) -> Iterator[tuple[str, str]]:
    """A number sign by sign, as it is marked, and in one piece where not only this number is right."""
    number = blank.accepted[0].replace("-", "−") if blank.accepted else ""
    for part, sign in zip_longest(parted(blank), number):
        if part is not None:
            yield part.label, sign or ""
    if blank.tolerance or len(number) > blank.digits:
        yield "=", blank.key
