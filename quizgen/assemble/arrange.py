"""Arranging: which questions a paper has, in which order, with their choices in which order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from heapq import heapify, heappop
from itertools import count
from typing import assert_never

from quizgen.assemble.balance import balanced
from quizgen.assemble.placed import Placed
from quizgen.assemble.select import Selection
from quizgen.draw import Key, ranks, shuffled
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
        self._units = [list(_in_units(entries).items()) for entries in pools]

    def arrangement(self, paper: str) -> Arrangement:
        """Each section's questions with their choices' orders, for the paper with this name."""
        questions_key, choices_key = self._key(paper, "questions"), self._key(paper, "choices")
        ranking = partial(self._in_drawing_order, key=questions_key)
        order_key = self._key(paper, "order")
        sections = []
        for section, names in zip(self._exam.sections, self._selection.names(ranking), strict=True):
            ordered = _in_printed_order(section, [self._entries[name] for name in names], order_key)
            sections.append(tuple([_placed(entry, choices_key) for entry in ordered]))
        return balanced(tuple(sections), choices_key, break_runs="choices" in self._exam.vary)

    def _key(self, paper: str, what: Vary) -> Key:
        """What an exam does not vary is keyed alike for all of its papers."""
        exam = self._exam
        return (exam.seed, exam.id, paper if what in exam.vary else "", what)

    def _in_drawing_order(self, draw: int, *, key: Key) -> Iterator[str]:
        """Questions of one stimulus follow each other, so that a draw takes them together as far as it can."""
        rank_of = ranks(key)
        heap = [(rank_of(unit), unit, members) for unit, members in self._units[draw]]
        # Of a large pool a few questions are taken, so that sorting it would be in vain.
        heapify(heap)
        while heap:
            _, _, members = heappop(heap)
            yield from (entry.name for entry in _in_unit(members, key))


def _in_units(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Questions by the units in which they stand together, both in the order in which they come."""
    units: dict[str, list[Entry]] = {}
    for entry in entries:
        units.setdefault(entry.unit, []).append(entry)
    return units


def _in_unit(members: list[Entry], key: Key) -> list[Entry]:
    """The questions of the same stimulus in keyed order where it shuffles them, else as written."""
    if len(members) == 1:
        return members
    stimulus = members[0].stimulus
    if stimulus is None or not stimulus.shuffle:
        return sorted(members, key=lambda entry: entry.place)
    rank_of = ranks((*key, "unit"))
    return sorted(members, key=lambda entry: (rank_of(entry.name), entry.place))


def _in_printed_order(section: Section, entries: Iterable[Entry], key: Key) -> Iterator[Entry]:
    units = _in_units(entries)
    for unit in shuffled(units, key) if section.shuffle else units:
        yield from _in_unit(units[unit], key)


def as_written(entry: Entry) -> Placed:
    """A question with its choices in written order, but for those that are held to the first or last place."""
    return _placed(entry, None)


def _placed(entry: Entry, key: Key | None) -> Placed:
    name, question = entry.name, entry.question
    key = (*key, name) if key else None
    match question:
        case SingleQuestion() | MultipleQuestion():
            many = isinstance(question, MultipleQuestion)
            order, free = _choices_order(question.choices, key, shuffle=question.shuffle)
            return Placed(name, order, frozenset(question.answer), free, many)
        case TrueFalseQuestion():
            return Placed(name, ("true", "false"), frozenset(["true" if question.answer else "false"]))
        case MatchingQuestion():
            sides = dict.fromkeys([*(right for _, right in question.sides), *question.distractors])
            return Placed(name, _order(sides, key))
        case OrderingQuestion():
            return Placed(name, _out_of_order(question.items, key) if key else tuple(question.items))
        case ClozeQuestion():
            return Placed(name, tuple(_gap_choices(question, key)))
        case ShortAnswerQuestion() | NumericalQuestion() | EssayQuestion():
            return Placed(name, ())
        case _:
            assert_never(question)


def _order(items: Iterable[str], key: Key | None) -> tuple[str, ...]:
    return shuffled(items, key) if key else tuple(items)


def _choices_order(
    choices: Mapping[str, Choice], key: Key | None, *, shuffle: bool
) -> tuple[tuple[str, ...], frozenset[str]]:
    """The labels in printed order, and those of them that were free to move."""
    if not shuffle:
        return tuple(choices), frozenset()
    pins = {label: choice.pin for label, choice in choices.items()}
    free = _order([label for label, pin in pins.items() if pin is None], key)
    first = [label for label, pin in pins.items() if pin == "first"]
    last = [label for label, pin in pins.items() if pin == "last"]
    return (*first, *free, *last), frozenset(free)


def _out_of_order(items: list[str], key: Key) -> tuple[str, ...]:
    """Shuffled so that the printed order is not the right one."""
    attempts = (shuffled(items, (*key, attempt)) for attempt in count())
    return next(order for order in attempts if list(order) != items)


def _gap_choices(question: ClozeQuestion, key: Key | None) -> Iterator[str]:
    for name, blank in question.blanks.items():
        if blank.choices:
            order, _ = _choices_order(blank.choices, (*key, name) if key else None, shuffle=True)
            yield from (f"{name}/{label}" for label in order)
