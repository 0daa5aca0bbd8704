"""How many choices stand side by side: as many as fit by their measured length, or as the author says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quizgen.richtext.tree import Paragraph
from quizgen.writers.pdf.measure import width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quizgen.paper import Item, Option, Stem

# As in style.css: the letters' size, and in millimetres what choices have before and behind them.
EM = 10 * 25.4 / 72
INDENT = 11.0  # of all choices
LABEL = 8.0
_BEHIND = 2.0
# The share of the line that each of so many choices has.
SHARES = {4: 0.24, 3: 0.322, 2: 0.488}
_SURE = 0.05  # ems, for what rounding takes


def arrangement(
    parts: Sequence[Option | Stem | Item], language: str, room: float, *, label: float = LABEL, said: int = 0
) -> str:
    """The classes of a list of choices in a room of so many millimetres.

    It goes by the widest alone, so that no variant's order changes it.
    """
    if said:
        return f"in-{said} said"
    widths = [_width(part, language) for part in parts]
    widest = max((width for width in widths if width is not None), default=0.0)
    fitting = [count for count in SHARES if None not in widths and _fits(widest, room * SHARES[count] - label)]
    even = [count for count in fitting if len(parts) % count == 0 or len(parts) < count]
    return f"in-{(even or fitting or [1])[0]}"


def _fits(ems: float, room: float) -> bool:
    return (ems + _SURE) * EM + _BEHIND <= room


def _width(part: Option | Stem | Item, language: str) -> float | None:
    """The width of a choice that is one paragraph; None for another, and for one far too long to share a line."""
    match part.text:
        case (Paragraph(content),):
            return width(content, language)
        case _:
            return None
