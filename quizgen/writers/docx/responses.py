"""What templates ask of a response: its kind, its right answer, and its choices in rows of as many as fit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal, assert_never, get_args

from quizgen.paper import Blank, Choice, Cloze, Lines, Matching, Ordering
from quizgen.richtext.tree import Paragraph, Text
from quizgen.writers.docx.body import text_width

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from gettext import NullTranslations

    from quizgen.paper import Item, Option, Response

Kind = Literal["choice", "blank", "lines", "matching", "ordering", "cloze"]

_LABEL = 454  # 8 mm: a choice's label with the space behind it
_APART = 160  # from a choice's text to the next one's label
_MOST = 4


def kind(response: Response) -> Kind:
    """The name of a response's kind."""
    match response:
        case Choice():
            return "choice"
        case Blank():
            return "blank"
        case Lines():
            return "lines"
        case Matching():
            return "matching"
        case Ordering():
            return "ordering"
        case Cloze():
            return "cloze"
        case _:
            assert_never(response)


def _is(response: Response, name: Kind) -> bool:
    return kind(response) == name


def _is_multiple(response: Response) -> bool:
    return isinstance(response, Choice) and response.many


def _is_numerical(response: Response) -> bool:
    return isinstance(response, Blank) and response.tolerance is not None


# `{% if question.response is matching %}`
TESTS: dict[str, Callable[[Response], bool]] = {
    **{name: partial(_is, name=name) for name in get_args(Kind)},
    "multiple": _is_multiple,
    "numerical": _is_numerical,
}


def labels(words: NullTranslations, options: Sequence[Option]) -> str:
    """The labels of options in a row."""
    return words.gettext(", ").join(option.label for option in options)


def answer(words: NullTranslations, response: Response) -> str:
    """The right answer in a line."""
    match response:
        case Choice():
            return labels(words, response.right)
        case Lines():
            return words.gettext("see the explanation")
        case Blank() | Matching() | Ordering() | Cloze():
            return response.key
        case _:
            assert_never(response)


@dataclass(frozen=True, slots=True)
class Columns:
    """Of how many columns the paragraph is that prints it."""

    count: int


@dataclass(frozen=True, slots=True)
class Row:
    """Choices, or items to be put in order, that share a line."""

    options: tuple[Option | Item, ...]
    columns: Columns


def rows(options: Sequence[Option | Item], room: int) -> list[Row]:
    """Short choices side by side, four or three or two; long ones, and those that are more than words, one by one."""
    count = _beside(options, room)
    return [Row(tuple(options[at : at + count]), Columns(count)) for at in range(0, len(options), count)]


def _beside(options: Sequence[Option | Item], room: int) -> int:
    """How many choices share a line; it depends on the widest alone, so that no variant's order changes it."""
    widest = max((_width(option, room) for option in options), default=room) + _LABEL + _APART
    fitting = [count for count in range(_MOST, 1, -1) if widest * count <= room]
    even = [count for count in fitting if len(options) % count == 0 or len(options) < count]
    return (even or fitting or [1])[0]


def _width(option: Option | Item, room: int) -> int:
    match option.text:
        case (Paragraph(content),) if all(isinstance(inline, Text) for inline in content):
            return text_width(content)
        case _:
            return room
