"""Arranging: which questions a paper has, in which order, with their choices in which order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import count
from typing import assert_never

from quizgen.assemble.balance import balanced
from quizgen.assemble.placed import Placed
from quizgen.assemble.select import select
from quizgen.draw import Key, rank, shuffled
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
    entries = course.entries
    questions_key, choices_key = _key(exam, paper, "questions"), _key(exam, paper, "choices")
    sections = []
    ranking = partial(_in_drawing_order, entries=entries, key=questions_key)
    for section, names in zip(exam.sections, select(exam, course, ranking), strict=True):
        ordered = _in_printed_order(section, names, entries, _key(exam, paper, "order"))
        sections.append(tuple(_placed(entries[name], choices_key) for name in ordered))
    return balanced(tuple(sections), choices_key, break_runs="choices" in exam.vary)


def _key(exam: Exam, paper: str, what: Vary) -> Key:
    """What an exam does not vary is keyed alike for all of its papers."""
    return (exam.seed, exam.id, paper if what in exam.vary else "", what)


def _in_unit(entry: Entry, key: Key) -> tuple[int, int]:
    """The place among the questions of the same stimulus: keyed where it shuffles them, else as written."""
    shuffled_within = entry.stimulus is not None and entry.stimulus.shuffle
    return (rank(*key, "unit", entry.name) if shuffled_within else 0, entry.place)


def _in_drawing_order(names: tuple[str, ...], *, entries: Mapping[str, Entry], key: Key) -> tuple[str, ...]:
    """Questions of one stimulus follow each other, so that a draw takes them together as far as it can."""

    def place(name: str) -> tuple[int, str, tuple[int, int]]:
        entry = entries[name]
        return rank(*key, entry.unit), entry.unit, _in_unit(entry, key)

    return tuple(sorted(names, key=place))


def _in_printed_order(
    section: Section, names: tuple[str, ...], entries: Mapping[str, Entry], key: Key
) -> tuple[str, ...]:
    units = dict.fromkeys(entries[name].unit for name in names)
    ordered = shuffled(units, key, str) if section.shuffle else tuple(units)
    members = {unit: [entries[name] for name in names if entries[name].unit == unit] for unit in units}
    return tuple(
        entry.name for unit in ordered for entry in sorted(members[unit], key=lambda entry: _in_unit(entry, key))
    )


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
    return shuffled(items, key, str) if key else tuple(items)


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
    attempts = (shuffled(items, (*key, attempt), str) for attempt in count())
    return next(order for order in attempts if list(order) != items)


def _gap_choices(question: ClozeQuestion, key: Key | None) -> Iterator[str]:
    for name, blank in question.blanks.items():
        if blank.choices:
            order, _ = _choices_order(blank.choices, (*key, name) if key else None, shuffle=True)
            yield from (f"{name}/{label}" for label in order)
