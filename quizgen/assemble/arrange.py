"""Arranging: which questions a paper has, in which order, with their choices in which order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from heapq import heapify, heappop
from itertools import count
from typing import assert_never

from quizgen.assemble.balance import balanced
from quizgen.assemble.placed import Placed
from quizgen.assemble.select import Selection
from quizgen.draw import Draw, joined
from quizgen.model import (
    Choice,
    ClozeQuestion,
    Course,
    Entry,
    EssayQuestion,
    Exam,
    MatchingQuestion,
    MultipleQuestion,
    NumericalQuestion,
    OrderingQuestion,
    Section,
    ShortAnswerQuestion,
    SingleQuestion,
    TrueFalseQuestion,
)
from quizgen.model.exam import Vary

Arrangement = tuple[tuple[Placed, ...], ...]


def arrange(exam: Exam, course: Course, paper: str) -> Arrangement:
    """Each section's questions with their choices' orders, for the paper with this name (variant or student's id)."""
    return Arranger(exam, course).arrangement(paper)


class Arranger:
    """Arranges the papers of an exam, with what is the same for all of them found once."""

    def __init__(self, exam: Exam, course: Course) -> None:
        self._exam = exam
        self._entries = course.entries
        self._selection = Selection(exam, course)
        pools = ([course.entries[name] for name in names] for names in self._selection.pools)
        self._units = [_in_units(entries) for entries in pools]
        self._choices: dict[str, _Choices | None] = {}

    def arrangement(self, paper: str) -> Arrangement:
        """Each section's questions with their choices' orders, for the paper with this name."""
        ranking = partial(self._in_drawing_order, by=self._draw(paper, "questions"))
        order, choices = self._draw(paper, "order"), self._draw(paper, "choices")
        sections = []
        for section, names in zip(self._exam.sections, self._selection.names(ranking), strict=True):
            ordered = _in_printed_order(section, [self._entries[name] for name in names], order)
            sections.append(tuple([self._placed(entry, choices) for entry in ordered]))
        return balanced(tuple(sections), choices, break_runs="choices" in self._exam.vary)

    def _draw(self, paper: str, what: Vary) -> Draw:
        """What an exam does not vary is drawn alike for all of its papers."""
        exam = self._exam
        return Draw(exam.seed, exam.id, paper if what in exam.vary else "", what)

    def _in_drawing_order(self, number: int, *, by: Draw) -> Iterator[str]:
        """Questions of one stimulus follow each other, so that a draw takes them together as far as it can."""
        units = self._units[number]
        heap = list(zip(by.ranks(units), units, units.values(), strict=True))
        # Of a large pool a few questions are taken, so that sorting it would be in vain.
        heapify(heap)
        while heap:
            _, _, members = heappop(heap)
            yield from (entry.name for entry in _in_unit(members, by))

    def _placed(self, entry: Entry, draw: Draw) -> Placed:
        if entry.name not in self._choices:
            self._choices[entry.name] = _choices(entry)
        choices = self._choices[entry.name]
        return choices.placed(draw) if choices else _placed(entry, draw)


def _in_units(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Questions by the units in which they stand together, both in the order in which they come."""
    units: dict[str, list[Entry]] = {}
    for entry in entries:
        units.setdefault(entry.unit, []).append(entry)
    return units


def _in_unit(members: list[Entry], draw: Draw) -> list[Entry]:
    """The questions of the same stimulus in drawn order where it shuffles them, else as written."""
    if len(members) == 1:
        return members
    stimulus = members[0].stimulus
    written = sorted(members, key=lambda entry: entry.place)
    if stimulus is None or not stimulus.shuffle:
        return written
    ranks = draw.of("unit").ranks(entry.name for entry in written)
    return [entry for _, _, entry in sorted(zip(ranks, range(len(written)), written, strict=True))]


def _in_printed_order(section: Section, entries: Iterable[Entry], draw: Draw) -> Iterator[Entry]:
    units = _in_units(entries)
    for unit in draw.shuffled(units) if section.shuffle else units:
        yield from _in_unit(units[unit], draw)


def as_written(entry: Entry) -> Placed:
    """A question with its choices in written order, but for those that are held to the first or last place."""
    choices = _choices(entry)
    return choices.placed(None) if choices else _placed(entry, None)


@dataclass(frozen=True, slots=True)
class _Choices:
    """The labels of a question's choices by where they may stand, and of which kind they are."""

    name: str
    first: tuple[str, ...]
    moving: Mapping[str, str]
    last: tuple[str, ...]
    free: frozenset[str]
    right: frozenset[str]
    many: bool

    def placed(self, draw: Draw | None) -> Placed:
        """The question in its place."""
        moving = self.moving if draw is None else _by_rank(self.moving, draw)
        return Placed(self.name, (*self.first, *moving, *self.last), self.right, self.free, self.many)


def _by_rank(labels: Mapping[str, str], draw: Draw) -> list[str]:
    """Labels in the order of the identities' ranks that they stand for."""
    return [label for _, label in sorted(zip(draw.ranks(labels.values()), labels, strict=True))]


def _choices(entry: Entry) -> _Choices | None:
    """The choices of a question that is answered by choosing some; None for any other."""
    question = entry.question
    if not isinstance(question, SingleQuestion | MultipleQuestion):
        return None
    first, moving, last = _kinds(question.choices) if question.shuffle else (tuple(question.choices), (), ())
    identities = {label: joined(entry.name, label) for label in moving}
    many = isinstance(question, MultipleQuestion)
    return _Choices(entry.name, first, identities, last, frozenset(moving), frozenset(question.answer), many)


def _kinds(choices: Mapping[str, Choice]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The labels that stand first, those that move, and those that stand last."""
    first, moving, last = (
        tuple([label for label, choice in choices.items() if choice.pin == pin]) for pin in ("first", None, "last")
    )
    return first, moving, last


def _placed(entry: Entry, draw: Draw | None) -> Placed:
    """A question in its place that is not answered by choosing some of its choices."""
    name, question = entry.name, entry.question
    draw = draw.of(name) if draw else None
    match question:
        case TrueFalseQuestion():
            return Placed(name, ("true", "false"), frozenset(["true" if question.answer else "false"]))
        case MatchingQuestion():
            sides = dict.fromkeys([*(right for _, right in question.sides), *question.distractors])
            return Placed(name, _order(sides, draw))
        case OrderingQuestion():
            return Placed(name, _out_of_order(question.items, draw) if draw else tuple(question.items))
        case ClozeQuestion():
            return Placed(name, tuple(_gap_choices(question, draw)))
        case ShortAnswerQuestion() | NumericalQuestion() | EssayQuestion() | SingleQuestion() | MultipleQuestion():
            return Placed(name, ())
        case _:
            assert_never(question)


def _order(items: Iterable[str], draw: Draw | None) -> tuple[str, ...]:
    return draw.shuffled(items) if draw else tuple(items)


def _out_of_order(items: list[str], draw: Draw) -> tuple[str, ...]:
    """Shuffled so that the printed order is not the right one."""
    attempts = (draw.of(attempt).shuffled(items) for attempt in count())
    return next(order for order in attempts if list(order) != items)


def _gap_choices(question: ClozeQuestion, draw: Draw | None) -> Iterator[str]:
    for name, blank in question.blanks.items():
        if blank.choices:
            first, moving, last = _kinds(blank.choices)
            order = (*first, *_order(moving, draw and draw.of(name)), *last)
            yield from (f"{name}/{label}" for label in order)
