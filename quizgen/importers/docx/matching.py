"""Which answer of a list belongs to which question, though numbers begin again in each chapter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from quizgen.importers.docx.key import Listed
from quizgen.importers.docx.questions import Found


def matched(found: Found) -> tuple[dict[int, Listed], list[Listed]]:
    """The entries of lists by the places of their questions, and those that belong to none."""
    by_question: dict[int, Listed] = {}
    homeless: list[Listed] = []
    for answers in found.lists:
        numbers = [asked.number for asked in found.asked[: answers.behind]]
        complete = answers.complete()
        for run in _rising([entry.number for entry in complete]):
            entries = [complete[at] for at in run]
            places = _places(numbers, {entry.number for entry in entries}, by_question.keys())
            for entry in entries:
                if entry.number in places:
                    by_question[places[entry.number]] = entry
                else:
                    homeless.append(entry)
    return by_question, homeless


def _places(numbers: Sequence[int], wanted: set[int], answered: Iterable[int]) -> dict[int, int]:
    """The places of the questions with the wanted numbers, in the first chapter that has most of them unanswered."""
    done = set(answered)
    runs = [[at for at in run if at not in done] for run in _rising(numbers)]
    best = max(runs, key=lambda run: len(wanted & {numbers[at] for at in run}), default=[])
    return {numbers[at]: at for at in best}


def _rising(numbers: Sequence[int]) -> Iterator[list[int]]:
    """The places of numbers in runs, a new one where they begin again."""
    run: list[int] = []
    for at, number in enumerate(numbers):
        if run and number <= numbers[run[-1]]:
            yield run
            run = []
        run.append(at)
    if run:
        yield run
