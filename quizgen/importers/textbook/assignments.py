"""The assignments of a printed book: 課題 N and what stands below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from quizgen.importers.textbook.book import PrintedAssignment
from quizgen.importers.textbook.lines import (
    ASSIGNMENTS,
    BLANK,
    CODE,
    HEADING,
    PAGE,
    TEXT,
    AssignmentHead,
    BrokenKey,
    Chapter,
    ChoiceHead,
    Kind,
)

# A line in dashes, or the title of what follows the last chapter.
_BACK_MATTER = re.compile(
    r"[\s　]*(?:[—―–=＝].*[—―–=＝]|索引|奥付|あとがき|おわりに|付録.{0,20}|参考文献|用語集)[\s　]*"
)


def assignments(lines: Sequence[str], found: Sequence[Kind]) -> tuple[PrintedAssignment, ...]:
    """The assignments below the heading 演習課題, or all where there is none."""
    start = found.index(ASSIGNMENTS) if ASSIGNMENTS in found else 0
    places = [at for at in range(start, len(found)) if isinstance(found[at], AssignmentHead)]
    bodies = {at: _body(lines, found, at) for at in places}
    followed = {at for at in places if at + 1 + len(bodies[at]) in bodies}
    long = len(places) == 1 or any(_paragraphs(bodies[at]) > 1 for at in followed)
    printed = []
    for at in places:
        # Where the last one ends, the book does not say: one paragraph, if the others have one each.
        body = _trimmed(bodies[at])
        lines_kept = body if at in followed or long else list(takewhile(lambda line: line[0] != BLANK, body))
        head = found[at]
        if isinstance(head, AssignmentHead) and (lines_kept or "。" in head.title):
            printed.append(PrintedAssignment(head.number, head.title, at + 1, tuple(lines_kept)))
    return tuple(printed)


def _body(lines: Sequence[str], found: Sequence[Kind], at: int) -> list[tuple[Kind, str]]:
    """The lines that may belong to an assignment: up to the next heading of any kind."""
    body: list[tuple[Kind, str]] = []
    for here in range(at + 1, len(found)):
        kind = found[here]
        if isinstance(kind, Chapter) and kind.page:
            kind = PAGE
        if kind == HEADING or not (isinstance(kind, ChoiceHead | BrokenKey) or kind in (BLANK, CODE, PAGE, TEXT)):
            break
        if kind != CODE and _BACK_MATTER.fullmatch(lines[here]):
            break
        body.append((kind, lines[here].rstrip()))
    return body


def _paragraphs(body: list[tuple[Kind, str]]) -> int:
    return sum(kind == BLANK for kind, _ in _trimmed(body)) + 1


def _trimmed(body: list[tuple[Kind, str]]) -> list[tuple[Kind, str]]:
    """The lines without page numbers, and without empty ones at both ends."""
    kept = [line for line in body if line[0] != PAGE]
    filled = [number for number, (kind, _) in enumerate(kept) if kind != BLANK]
    return kept[filled[0] : filled[-1] + 1] if filled else []
