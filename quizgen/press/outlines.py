"""Bookmarks as a tree of objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from quizgen.press.writing import text


class Bookmark(NamedTuple):
    """A bookmark: its level, its words, and where it leads: a page's object, and a height there (points)."""

    level: int
    words: str
    page: int
    y: float


def outlines(root: int, bookmarks: Sequence[Bookmark]) -> Iterator[tuple[int, bytes]]:
    """Objects numbered from the root on, each bookmark below the last one of a lower level."""
    if not bookmarks:
        return
    parents, below = _tree(bookmarks)
    top = below[0]
    yield (
        root,
        b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % (root + top[0], root + top[-1], len(bookmarks)),
    )
    for place, (mark, parent) in enumerate(zip(bookmarks, parents, strict=True), start=1):
        row = below[parent]
        at = row.index(place)
        links = b"/Prev %d 0 R" % (root + row[at - 1]) if at else b""
        if at + 1 < len(row):
            links += b"/Next %d 0 R" % (root + row[at + 1])
        if kids := below[place]:
            links += b"/First %d 0 R/Last %d 0 R/Count %d" % (root + kids[0], root + kids[-1], len(kids))
        yield (
            root + place,
            b"<</Title %b/Parent %d 0 R/Dest[%d 0 R/XYZ 0 %.3f 0]%b>>"
            % (text(mark.words), root + parent, mark.page, mark.y, links),
        )


def _tree(bookmarks: Sequence[Bookmark]) -> tuple[list[int], dict[int, list[int]]]:
    """The place of that which each bookmark stands below, counted from 1, and the places of those below each."""
    parents: list[int] = []
    below: dict[int, list[int]] = {0: []}
    stack: list[tuple[int, int]] = [(0, 0)]
    for place, mark in enumerate(bookmarks, start=1):
        while stack[-1][0] >= mark.level:
            stack.pop()
        parents.append(stack[-1][1])
        below[stack[-1][1]].append(place)
        below[place] = []
        stack.append((mark.level, place))
    return parents, below
