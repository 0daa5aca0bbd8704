"""Moodle's categories as banks: a question that several variants of an exam hold is one question again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from quizgen.importers.attributes import Category, titles
from quizgen.importers.graded import TRUE_FALSE
from quizgen.importers.imported import BankDraft, Note, QuestionDraft, StimulusDraft
from quizgen.importers.moodle.question import Asked

_SECTION = re.compile(r"^\d+ (?=\S)")
_ORDERED = {words for (true, false) in TRUE_FALSE.values() for words in ((true, false), (false, true))}


def banks(by_category: Mapping[Category, Sequence[Asked]], file_title: str) -> tuple[list[BankDraft], list[Note]]:
    """A bank for each category that has questions, and what is doubtful about them."""
    merged: dict[Category, list[Asked]] = {}
    for levels, asked in by_category.items():
        merged.setdefault(_as_before_export(levels, asked), []).extend(asked)
    is_paper = not any(one.bank and one.draft.shuffle for asked in merged.values() for one in asked)
    found = {levels: _one_each(asked, is_paper=is_paper) for levels, asked in merged.items() if asked}
    names = titles(found, file_title)
    drafts = [_bank(names[levels], asked) for levels, asked in found.items()]
    return drafts, [note for asked in found.values() for note in _notes(asked)]


def _as_before_export(levels: Category, asked: Sequence[Asked]) -> Category:
    """The category without what our own export adds: the variant's name, and the number of a section."""
    if not levels or not all(one.bank for one in asked):
        return levels
    suffixes = {f" {one.variant}" for one in asked if one.variant}
    suffix = suffixes.pop() if len(suffixes) == 1 else ""
    plain = tuple(level.removesuffix(suffix) for level in levels)
    return (*plain[:-1], _SECTION.sub("", plain[-1])) if len(plain) > 1 else plain


def _one_each(asked: Iterable[Asked], *, is_paper: bool) -> list[Asked]:
    """The questions, those of several variants once."""
    same: dict[object, list[Asked]] = {}
    for number, one in enumerate(asked):
        same.setdefault(_identity(one) if one.variant else number, []).append(one)
    return [_with_order(copies) if is_paper else copies[0] for copies in same.values()]


def _identity(asked: Asked) -> object:
    """What is the same in all variants: everything but the order of the choices."""
    draft = asked.draft
    right = frozenset((choice.text, choice.feedback, choice.label in draft.answer) for choice in draft.choices)
    return asked.bank, draft.id, asked.common, draft.text, draft.type, right, draft.explanation, draft.points


def _with_order(copies: Sequence[Asked]) -> Asked:
    """The first of the copies; their order is that of papers, and is meant only where several papers agree in it."""
    first = copies[0]
    orders = {tuple(choice.text for choice in one.draft.choices) for one in copies}
    meant = len(copies) > 1 == len(orders) or orders <= _ORDERED
    return replace(first, draft=replace(first.draft, shuffle=not meant)) if first.bank else first


def _bank(title: str, asked: Sequence[Asked]) -> BankDraft:
    stimuli: dict[str, StimulusDraft] = {}
    for common in dict.fromkeys(one.common for one in asked if one.common):
        stimuli[common] = StimulusDraft(f"s{len(stimuli) + 1}", common)
    old = {one.bank for one in asked}
    return BankDraft(
        title,
        tuple(_with_stimulus(one, stimuli) for one in asked),
        id=min(old) if len(old) == 1 else "",
        stimuli=tuple(stimuli.values()),
    )


def _with_stimulus(asked: Asked, stimuli: Mapping[str, StimulusDraft]) -> QuestionDraft:
    return replace(asked.draft, stimulus=stimuli[asked.common].id) if asked.common else asked.draft


def _notes(asked: Iterable[Asked]) -> Iterator[Note]:
    for one in asked:
        yield from (Note(one.draft.position, doubt.code, doubt.message) for doubt in one.doubts)
