"""The page that a document is printed on: its size, its margins, and the room between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quizgen.paper.printing import SIZES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from quizgen.paper.printing import Size

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_OWN_MARGIN = re.compile(r"@page[^{]*\{[^}]*\bmargin")


@dataclass(frozen=True, slots=True)
class Margins:
    """Of a right-hand page, in millimetres; `inner` lies where pages are bound."""

    top: float
    outer: float
    bottom: float
    inner: float


_MARGINS: Mapping[Size, Margins] = {
    "A4": Margins(20, 18, 19, 22),
    "B5": Margins(18, 14, 17, 18),
    "Letter": Margins(20, 20, 19, 24),
}


def room(size: Size) -> float:
    """The width between the margins, in millimetres."""
    width, _ = SIZES[size]
    return width - _MARGINS[size].inner - _MARGINS[size].outer


def page_style(size: Size, custom: str) -> str:
    """The style sheet of the page; facing pages are mirrored, unless the project's own sheet sets margins.

    A project's `@page { margin: … }` would lose to `:left`, which is the more specific.
    """
    (width, height), margins = SIZES[size], _MARGINS[size]
    sides = f"{margins.top}mm {margins.outer}mm {margins.bottom}mm {margins.inner}mm"
    page = f"@page {{ size: {width}mm {height}mm; margin: {sides} }}"
    if _OWN_MARGIN.search(_COMMENT.sub("", custom)):
        return page
    return f"{page} @page :left {{ margin-left: {margins.outer}mm; margin-right: {margins.inner}mm }}"
