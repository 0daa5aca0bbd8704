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
_ENLARGED = 1.5  # from here on running heads are enlarged less than the text
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
# Where letters are enlarged by so much, lines stay long enough between these.
_MUCH = 1.5
_LARGE = Margins(23, 13, 24, 17)


def room(size: Size, zoom: float = 1) -> float:
    """The width between the margins, in millimetres."""
    width, _ = SIZES[size]
    margins = _margins(size, zoom)
    return width / zoom - margins.inner - margins.outer


def _margins(size: Size, zoom: float) -> Margins:
    margins = _MARGINS[size] if zoom < _MUCH else _LARGE
    return Margins(margins.top / zoom, margins.outer / zoom, margins.bottom / zoom, margins.inner / zoom)


def page_style(size: Size, custom: str, zoom: float = 1) -> str:
    """The style sheet of the page; facing pages are mirrored, unless the project's own sheet sets margins.

    A project's `@page { margin: … }` would lose to `:left`, which is the more specific. A page that is enlarged when
    it is printed is laid out smaller by so much, and has margins of its own.
    """
    (width, height), margins = SIZES[size], _margins(size, zoom)
    width, height = width / zoom, height / zoom
    sides = f"{margins.top:g}mm {margins.outer:g}mm {margins.bottom:g}mm {margins.inner:g}mm"
    page = f"@page {{ size: {width:g}mm {height:g}mm; margin: {sides} }}"
    if zoom == 1 and _OWN_MARGIN.search(_COMMENT.sub("", custom)):
        return page
    if zoom >= _ENLARGED:
        # Running heads that are enlarged as the rest is would need a second line.
        page = f"{page} @page {{ @top-left {{ font-size: 5.5pt }} @top-right {{ font-size: 5.5pt }} }}"
    return f"{page} @page :left {{ margin-left: {margins.outer:g}mm; margin-right: {margins.inner:g}mm }}"
