"""The questions of a printed book: a head, a text, and choices that are counted."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from quizgen.importers.textbook.book import Choice, Question
from quizgen.importers.textbook.lines import (
    ANSWERS,
    ASSIGNMENTS,
    BLANK,
    CODE,
    HEADING,
    PAGE,
    TEXT,
    BrokenKey,
    Chapter,
    ChoiceHead,
    Kind,
    QuestionHead,
    Test,
)

_MOST_STEM_LINES = 40
_LONGEST_CHOICE = 5_000
_MOST_INTRODUCTION_LINES = 10
# A line of a book that is shorter (in half-width columns) was not broken by its margin.
_LEAST_WIDTH = 40
_SENTENCE_END = re.compile(r"[。．.？?！!]$")


def questions(lines: Sequence[str], found: Sequence[Kind]) -> list[Question]:
    """The questions of the tests: those under a heading 確認テストN, and what goes on counting behind them.

    In a book without such headings, all that have choices.
    """
    candidates = list(_candidates(lines, found))
    if not any(question.test for question in candidates):
        return [question for question in candidates if question.choices]
    kept: list[Question] = []
    for question in candidates:
        if question.test and kept and not kept[-1].test and kept[-1].number == question.number:
            kept.pop()
        counts_on = question.number == (kept[-1].number if kept else 0) + 1
        # One of these two it has to have, or it is a reader's question that the book answers.
        if (question.test or counts_on) and (question.choices or (question.test and counts_on)):
            kept.append(question)
    return kept


def _candidates(lines: Sequence[str], found: Sequence[Kind]) -> Iterator[Question]:
    """Every line `Q1: …` with what follows it, and the heading of the test that it stands under, if it does."""
    test, foreign, most, at = "", 0, 0, 0
    seen: set[int] = set()
    while at < len(found):
        kind = found[at]
        match kind:
            case Test(name):
                test, foreign, most = name, 0, _MOST_INTRODUCTION_LINES
            case Chapter(number, page=False) if number not in seen:
                test = ""
                seen.add(number)
            case QuestionHead():
                question, at = _question(lines, found, at, kind, test if foreign <= most else "", seen)
                # Behind a test's first question, other text ends the test.
                foreign, most = (0, 0) if question.test else (foreign, most)
                yield question
                continue
            case _ if kind in (ANSWERS, ASSIGNMENTS, HEADING):
                test = ""
            case _:
                foreign += kind != BLANK and not _is_page_break(kind, seen)
        at += 1


def _question(
    lines: Sequence[str], found: Sequence[Kind], at: int, head: QuestionHead, test: str, seen: Collection[int]
) -> tuple[Question, int]:
    stem = [head.text]
    here = at + 1
    while here < len(found) and len(stem) < _MOST_STEM_LINES and _goes_on_stem(found[here]):
        if not _is_page_break(found[here], seen):
            stem.append(lines[here].rstrip() if found[here] == CODE else lines[here].strip())
        here += 1
    choices: tuple[Choice, ...] = ()
    end = at + 1
    if here < len(found) and _is_first(found[here]):
        choices, end = _choices(lines, found, here, seen)
    text = "\n".join(stem).strip()
    return Question(head.number, text, at + 1, head.column, test, choices), end


def _goes_on_stem(kind: Kind) -> bool:
    match kind:
        case ChoiceHead(number=number):
            return number != 1
        case Chapter() | BrokenKey():
            return True
        case _:
            return kind in (BLANK, CODE, PAGE, TEXT)


def _is_first(kind: Kind) -> bool:
    return isinstance(kind, ChoiceHead) and kind.number == 1


def _is_page_break(kind: Kind, seen: Collection[int]) -> bool:
    """Whether a line is a page's number or its running head, which may stand in the midst of a question."""
    return kind == PAGE or (isinstance(kind, Chapter) and (kind.page or kind.number in seen))


def _choices(
    lines: Sequence[str], found: Sequence[Kind], at: int, seen: Collection[int]
) -> tuple[tuple[Choice, ...], int]:
    """The choices from a line on, and the line behind them."""
    choices: list[Choice] = []
    style, blank, apart, end = "", False, False, at
    for here in range(at, len(found)):
        kind = found[here]
        if kind == BLANK:
            blank = True
        elif _is_page_break(kind, seen):
            continue
        elif isinstance(kind, ChoiceHead) and _follows(kind, style, choices, loose=blank and not apart):
            # Where the first two choices stand apart by an empty line, so do all.
            apart = apart or (blank and len(choices) == 1)
            style, blank, end = kind.style, False, here + 1
            choices.append(Choice(kind.number, kind.text, here + 1, kind.column))
        elif blank or len(choices[-1].text) > _LONGEST_CHOICE or not _continues(kind, lines[end - 1]):
            break
        else:
            end = here + 1
            last = choices[-1]
            joined = _joined(last.text, lines[here], code=kind == CODE)
            choices[-1] = Choice(last.number, joined, last.line, last.column)
    return tuple(choices), end


def _follows(kind: ChoiceHead, style: str, choices: list[Choice], *, loose: bool) -> bool:
    """Whether a line is the next choice; next to the one before, its number may be a slip."""
    if not choices:
        return True
    if kind.style != style or (loose and len(choices) > 1):
        return False
    step = kind.number - choices[-1].number
    return step == 1 or (not loose and step in (0, 2))


def _continues(kind: Kind, before: str) -> bool:
    """Whether a line is the rest of a choice that the margin broke."""
    if kind == CODE:
        return True
    broken = _columns(before) >= _LEAST_WIDTH and not _SENTENCE_END.search(before.rstrip())
    return broken and (kind == TEXT or isinstance(kind, ChoiceHead | BrokenKey))


def _columns(line: str) -> int:
    return sum(1 if character.isascii() else 2 for character in line.strip())


def _joined(text: str, line: str, *, code: bool) -> str:
    if code:
        return f"{text}\n{line.rstrip()}"
    line = line.strip()
    return f"{text} {line}" if text[-1:].isascii() and line[:1].isascii() else text + line
