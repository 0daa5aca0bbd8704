"""Whole banks: every question that an exam could have drawn, for a system that draws and shuffles by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields

from quizgen import paper
from quizgen.assemble.arrange import as_written
from quizgen.assemble.lower import lower
from quizgen.assemble.plan import Slot
from quizgen.model import (
    Choice,
    ClozeQuestion,
    Course,
    Exam,
    MultipleQuestion,
    Question,
    Section,
    SingleQuestion,
    in_language,
)


def pool(exam: Exam, course: Course) -> paper.Pool:
    """Every question of the banks that the exam names or draws from, a section for each bank."""
    banks = [course.banks[name] for name in _bank_names(exam)]
    titles = {bank.id: in_language(bank.title, exam.language) for bank in banks}
    counts = Counter(titles.values())
    sections = [Section(title=title if counts[title] == 1 else f"{title} ({name})") for name, title in titles.items()]
    names = [tuple(f"{bank.id}/{question.id}" for question in bank.questions) for bank in banks]
    arrangement = tuple(tuple(as_written(course.entries[name]) for name in bank) for bank in names)
    lowered = lower(exam.model_copy(update={"sections": sections}), course, Slot(""), arrangement)
    whole = {field.name: getattr(lowered, field.name) for field in fields(lowered)}
    free = {name: tuple(_free_choices(course.entries[name].question)) for bank in names for name in bank}
    pinned = frozenset(name for name, choices in free.items() if any(choice.pin for choice in choices))
    shuffled = frozenset(name for name, choices in free.items() if choices) - pinned
    return paper.Pool(**whole, shuffled=shuffled, pinned=pinned)


def _bank_names(exam: Exam) -> tuple[str, ...]:
    """The banks in the order in which the exam comes to them."""
    named = (
        name
        for section in exam.sections
        for name in (
            *(question.partition("/")[0] for question in section.questions),
            *(bank for draw in section.draw for bank in draw.banks),
        )
    )
    return tuple(dict.fromkeys(named))


def _free_choices(question: Question) -> Iterator[Choice]:
    """The choices that have no order of their own."""
    match question:
        case SingleQuestion() | MultipleQuestion() if question.shuffle:
            yield from question.choices.values()
        case ClozeQuestion():
            for blank in question.blanks.values():
                yield from (blank.choices or {}).values()
        case _:
            pass
