"""The answer list of a printed book: the keys, chapter by chapter."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from quizgen.importers.textbook.book import ListedKey, Run
from quizgen.importers.textbook.lines import (
    ANSWERS,
    ASSIGNMENTS,
    BLANK,
    PAGE,
    AssignmentHead,
    BrokenKey,
    Chapter,
    Keys,
    Kind,
    QuestionHead,
    Test,
)

_MOST_FOREIGN_LINES = 30


def runs(found: Sequence[Kind], asked: Collection[int]) -> list[Run]:
    """The answer list in parts: where the chapter changes, or the numbers begin again.

    `asked` has the lines (from 1) of the questions with choices. A part in which nothing can be read is none.
    """
    parts: list[tuple[int | None, list[ListedKey]]] = []
    chapter: int | None = None
    highest = 0
    for listed in _listed(found, asked):
        if isinstance(listed, Chapter):
            chapter = listed.number
            continue
        if not parts or parts[-1][0] != chapter or (listed.number == 1 and highest > 1):
            parts.append((chapter, []))
            highest = 0
        parts[-1][1].append(listed)
        highest = max(highest, listed.number)
    return [Run(number, tuple(keys)) for number, keys in parts if any(key.key for key in keys)]


def _listed(found: Sequence[Kind], asked: Collection[int]) -> Iterator[Chapter | ListedKey]:
    """The keys with the chapters they stand under; below a heading of answers, where there is one."""
    headed = ANSWERS in found
    inside, foreign = not headed, 0
    for at, kind in enumerate(found):
        if kind == ANSWERS:
            inside, foreign = True, 0
        elif kind == ASSIGNMENTS or isinstance(kind, AssignmentHead) or at + 1 in asked:
            inside = not headed
        elif isinstance(kind, Chapter):
            yield kind
        elif inside and isinstance(kind, Keys):
            foreign = 0
            yield from (ListedKey(key.number, at + 1, key) for key in kind.keys)
        elif inside and headed and isinstance(kind, BrokenKey | QuestionHead):
            rest = kind.rest if isinstance(kind, BrokenKey) else kind.text
            yield ListedKey(kind.number, at + 1, None, rest)
        elif kind not in (BLANK, PAGE) and not isinstance(kind, Test):
            foreign += 1
            inside = inside and (not headed or foreign <= _MOST_FOREIGN_LINES)
