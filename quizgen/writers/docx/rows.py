"""Choices in rows: as many side by side as fit, each row a paragraph of columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quizgen.richtext.tree import Code, Emphasis, Paragraph, Reference, Ruby, Strong, Text
from quizgen.writers.docx.body import text_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quizgen.paper import Item, Option
    from quizgen.richtext.tree import Inline

_LABEL = 454  # 8 mm: a choice's label with the space behind it
_APART = 160  # from a choice's text to the next one's label
_MOST = 4


@dataclass(frozen=True, slots=True)
class Columns:
    """Of how many columns the paragraph is that prints it; in `cells` of a table where texts need more than a line."""

    count: int
    cells: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Choices, or items to be put in order, that share a line."""

    options: tuple[Option | Item, ...]
    columns: Columns


def rows(options: Sequence[Option | Item], room: int, said: int = 0) -> list[Row]:
    """As many choices side by side as is said.

    Else short ones four or three or two, and one by one those that are long or more than words.
    """
    count = said or _beside(options, room)
    columns = Columns(count, cells=count > 1 and _widest(options, room) * count > room)
    return [Row(tuple(options[at : at + count]), columns) for at in range(0, len(options), count)]


def _beside(options: Sequence[Option | Item], room: int) -> int:
    """How many choices share a line; it depends on the widest alone, so that no variant's order changes it."""
    fitting = [count for count in range(_MOST, 1, -1) if _widest(options, room) * count <= room]
    even = [count for count in fitting if len(options) % count == 0 or len(options) < count]
    return (even or fitting or [1])[0]


def _widest(options: Sequence[Option | Item], room: int) -> int:
    return max((_width(option, room) for option in options), default=room) + _LABEL + _APART


def _width(option: Option | Item, room: int) -> int:
    match option.text:
        case (Paragraph(content),) if all(map(_is_words, content)):
            return text_width(content)
        case _:
            return room


def _is_words(inline: Inline) -> bool:
    match inline:
        case Emphasis(content) | Strong(content):
            return all(map(_is_words, content))
        case Text() | Code() | Ruby() | Reference():
            return True
        case _:
            return False
