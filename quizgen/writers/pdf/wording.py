"""What templates ask of responses: the right answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from quizgen.paper import Blank, Choice, Cloze, Lines, Matching, Ordering

if TYPE_CHECKING:
    from quizgen.paper import Response


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
