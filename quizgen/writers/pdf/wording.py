"""What templates ask of responses: right answers, and the room that choices take."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from quizgen.paper import Blank, Choice, Cloze, Lines, Matching, Ordering
from quizgen.richtext.plain import to_plain
from quizgen.richtext.tree import Paragraph, Text
from quizgen.writers.pdf.markup import columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quizgen.paper import Item, Option, Response, Stem

_ROOM = 90  # columns of a line of choices, in letters of half a Japanese character's width
_LABEL = 6


def answers(response: Response) -> tuple[str, ...]:
    """The right answer in pieces that each stay on a line where they can: a label, a pair, a gap with its answer."""
    match response:
        case Choice():
            return tuple(option.label for option in response.right)
        case Matching(stems):
            return tuple(f"{stem.label}–{stem.right}" for stem in stems)
        case Cloze(gaps):
            return tuple(f"{gap.label} {gap.response.key}" for gap in gaps)
        case Blank() | Lines() | Ordering():
            return (response.key,) if response.key else ()
        case _:
            assert_never(response)


def arrangement(parts: Sequence[Option | Stem | Item], *, room: int = _ROOM, label: int = _LABEL) -> str:
    """The class of a list of choices: how many short ones share a line of the room, or one each.

    It depends on the widest alone, so that no variant's order changes it.
    """
    if not all(_is_plain(part) for part in parts):
        return "in-1"
    widest = max(columns(to_plain(part.text)) for part in parts) + label
    fitting = [count for count in (4, 3, 2) if widest * count <= room]
    even = [count for count in fitting if len(parts) % count == 0 or len(parts) < count]
    return f"in-{(even or fitting or [1])[0]}"


def _is_plain(part: Option | Stem | Item) -> bool:
    match part.text:
        case (Paragraph(content),):
            return all(isinstance(inline, Text) for inline in content)
        case _:
            return False
