"""The chapters of a printed book: which questions and which keys belong to which."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from quizgen.importers.textbook.book import ListedKey, Question, Run, Unit
from quizgen.importers.textbook.lines import Chapter, Kind, without_page


def units(
    questions: Sequence[Question], found: Sequence[Kind], runs: Sequence[Run]
) -> tuple[tuple[Unit, ...], tuple[ListedKey, ...]]:
    """The chapters that have questions, each with its keys; and the keys of which there are no questions."""
    groups = _groups(questions, found, runs)
    numbers = [number for number, _ in groups]
    keys, stray = _by_order(numbers, runs) if _all_alike(runs) else _by_number(numbers, runs)
    chapters = [chapter for chapter in enumerate(found) if isinstance(chapter[1], Chapter)]
    return tuple(
        Unit(number, _title(number, group[0], chapters) if number else "", tuple(group), keys_here)
        for (number, group), keys_here in zip(groups, keys, strict=True)
    ), stray


def _all_alike(runs: Sequence[Run]) -> bool:
    """Whether the answer list names no chapters, its parts being told by their numbers alone."""
    chapters = {run.chapter for run in runs}
    return None in chapters or (len(chapters) == 1 and len(runs) > 1)


_Parted = tuple[list[tuple[ListedKey, ...]], tuple[ListedKey, ...]]


def _by_order(numbers: Sequence[int | None], runs: Sequence[Run]) -> _Parted:
    """The keys for each chapter, the first part of the answer list for the first; and those left over."""
    listed = [run.keys for run in runs]
    missing: list[tuple[ListedKey, ...]] = [()] * (len(numbers) - len(listed))
    left = listed[len(numbers) :]
    return [*listed[: len(numbers)], *missing], tuple(key for keys in left for key in keys)


def _by_number(numbers: Sequence[int | None], runs: Sequence[Run]) -> _Parted:
    """The keys for each chapter, all parts of the answer list under its number; and those left over."""
    known: dict[int | None, tuple[ListedKey, ...]] = {}
    for run in runs:
        known[run.chapter] = (*known.get(run.chapter, ()), *run.keys)
    keys = [known.pop(number, ()) for number in numbers]
    return keys, tuple(key for left in known.values() for key in left)


def _groups(
    questions: Sequence[Question], found: Sequence[Kind], runs: Sequence[Run]
) -> list[tuple[int | None, list[Question]]]:
    """The questions by chapter: a line 第N章 opens one when the numbers, or the answer list, say so."""
    headings = [(at + 1, kind.number) for at, kind in enumerate(found) if isinstance(kind, Chapter)]
    places = [place for place, _ in headings]
    order = [run.chapter for run in runs]
    keys = {run.chapter: {key.number for key in run.keys} for run in runs}
    groups: list[tuple[int | None, list[Question]]] = []
    behind = 0
    for question in questions:
        first, last = bisect_right(places, behind), bisect_right(places, question.line)
        behind = question.line
        current = groups[-1] if groups else None
        candidates = [number for _, number in headings[first:last] if current is None or number != current[0]]
        if current is None or (candidates and _opens(question, current[1][-1], keys.get(current[0], set()))):
            groups.append((_chapter(candidates, order, [number for number, _ in groups]), []))
        groups[-1][1].append(question)
    return groups


def _opens(question: Question, before: Question, keys: set[int]) -> bool:
    """Whether a question behind a chapter's heading is that chapter's first, and not one more of the chapter before."""
    return question.number == 1 or not (before.number < question.number and question.number in keys)


def _chapter(candidates: list[int], order: list[int | None], used: list[int | None]) -> int | None:
    """The chapter that opens: the next of the answer list if its heading is there, else the last heading's."""
    expected = next((number for number in order if number not in used), None)
    fresh = [number for number in candidates if number not in used]
    return expected if expected in fresh else next(reversed(fresh or candidates), None)


def _title(number: int, first: Question, chapters: Sequence[tuple[int, Kind]]) -> str:
    """A chapter's title: what it is called most often, in contents and running heads too, or else where it opens."""
    lines = [(at, kind.title) for at, kind in chapters if isinstance(kind, Chapter) and kind.number == number]
    titled = [(at, title) for at, title in lines if title]
    if not titled:
        return ""
    counts = Counter(without_page(title) for _, title in titled)
    opening = next((title for at, title in reversed(titled) if at < first.line), titled[0][1])
    counts[without_page(opening)] += 1
    title = max(counts, key=lambda title: counts[title])
    written = [title for _, title in titled]
    # A title that always ends with a number has it for its own.
    return title if title in written else min(written, key=len)
