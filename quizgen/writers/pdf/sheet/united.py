"""One answer sheet for all variants: as many rows, bubbles and boxes as any of them needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from quizgen.paper import Row
from quizgen.paper.rows import MOST_SYMBOLS
from quizgen.problems import QuizgenError
from quizgen.writers.pdf.sheet.asked import Asked, Part, Written

_LISTED = 10
_OWN_SHEETS = "write `answer_sheets: variant` below `print:`"
_WAY_OUT = f"keep the questions in one order (`vary: [choices]`), or {_OWN_SHEETS}"


def united(sheets: Mapping[str, Asked]) -> Asked:
    """What all variants ask for together; QuizgenError where no row can serve them all."""
    found = tuple(sheets.values())
    if "" in sheets:
        raise QuizgenError(f"papers that are drawn for each student have no answer sheet in common; {_OWN_SHEETS}")
    first = found[0]
    marks = any(one.marks for one in found)
    return replace(
        first,
        rows=tuple(_rows(sheets)),
        parts=tuple(_parts(found, marks=marks)),
        numbered=any(one.numbered for one in found),
        marks=marks,
        variants=tuple(sheets) if len(sheets) > 1 else (),
    )


def differences(sheets: Mapping[str, Asked]) -> Iterator[str]:
    """What a teacher should know of rows that not every variant uses alike, in one sentence."""
    uneven = [
        number
        for number, rows in enumerate(_by_place(sheets), start=1)
        if len({_use(row) for row in rows.values()}) > 1
    ]
    if uneven:
        listed = ", ".join(map(str, uneven[:_LISTED])) + (", …" if len(uneven) > _LISTED else "")
        yield (
            "the variants do not use every row of their common answer sheet alike: what is one mark in one of them "
            f"is several, or a digit, in another (row {listed}); {_WAY_OUT}"
        )


def _use(row: Row) -> str:
    return "all that apply" if row.many else "a digit" if row.kind == "digit" else "one mark"


def _by_place(sheets: Mapping[str, Asked]) -> Iterator[dict[str, Row]]:
    for rows in zip_longest(*(one.rows for one in sheets.values())):
        yield {variant: row for variant, row in zip(sheets, rows, strict=True) if row}


def _rows(sheets: Mapping[str, Asked]) -> Iterator[Row]:
    numbered = any(one.numbered for one in sheets.values())
    for rows in _by_place(sheets):
        largest = max(rows.values(), key=lambda row: len(row.symbols))
        symbols = dict.fromkeys([*largest.symbols, *(symbol for row in rows.values() for symbol in row.symbols)])
        if len(symbols) > MOST_SYMBOLS:
            raise QuizgenError(
                f"the variants cannot share an answer sheet: its row {largest.number} would need {len(symbols)} "
                f"bubbles, and a row has {MOST_SYMBOLS} at most; {_WAY_OUT}"
            )
        if not numbered and len({row.label for row in rows.values()}) > 1:
            labels = ", ".join(f"{variant}: {row.label}" for variant, row in rows.items())
            raise QuizgenError(
                f"the variants cannot share an answer sheet: its row {largest.number} belongs to different questions "
                f"({labels}); write `answer_numbers: true` below `print:`, or `answer_sheets: variant`"
            )
        yield replace(largest, symbols=tuple(symbols), many=any(row.many for row in rows.values()))


def _parts(sheets: Sequence[Asked], *, marks: bool) -> Iterator[Part]:
    """The parts place by place; with bubbles above them all in one."""
    if marks:
        yield Part("", tuple(_largest([one.written for one in sheets])))
        return
    for parts in zip_longest(*(one.parts for one in sheets), fillvalue=Part("", ())):
        yield Part(parts[0].title, tuple(_largest([part.written for part in parts])))


def _largest(written: Sequence[Sequence[Written]]) -> Iterator[Written]:
    """For each question the boxes of the variant that needs the most."""
    by_question: dict[int, list[Written]] = {}
    for one in (one for sheet in written for one in sheet):
        by_question.setdefault(one.question, []).append(one)
    for _, same in sorted(by_question.items()):
        largest = max(same, key=lambda one: one.size)
        points = largest.points if len({one.points for one in same}) == 1 else None
        yield replace(largest, points=points, wide=any(one.wide for one in same))
