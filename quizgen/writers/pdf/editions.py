"""Editions of a booklet: how much larger one is printed, and readings over the words that are the templates' own."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from quizgen.writers.pdf.arrangement import EM, INDENT
from quizgen.writers.pdf.markup import line

if TYPE_CHECKING:
    from quizgen.language import Feature
    from quizgen.paper import Paper
    from quizgen.paper.printing import Edition, Size

# Text of 10 points becomes one of 20, or of 18 on the smaller page.
_LARGE: dict[Size, float] = {"A4": 2.0, "Letter": 2.0, "B5": 1.8}
# Those who need contrast or spacing read 12 points, and readings half as high as their words want 11.
_ZOOM: dict[Feature, float] = {"high-contrast": 1.2, "dyslexia-friendly": 1.2, "furigana": 1.1}
# How much more room a letter takes than usual, with what stands between it and the next; as in editions.css.
_WIDER = {"ja": 1.15, "en": 1.35}

# Authors' texts have their readings already; names are read as their bearers say.
_WRITTEN, _DONE = "<!--written-->", "<!--done-->"
_PIECE = re.compile(
    rf"{_WRITTEN}.*?{_DONE}|<(title|style|code|pre)\b.*?</\1>|<td class=\"(?:name|id|class|seat|extra)\".*?</td>"
    r"|<[^>]*>|[^<]+",
    re.DOTALL,
)


def zoom(edition: Edition, size: Size) -> float:
    """How much larger than usual an edition is printed."""
    if "large-print" in edition:
        return _LARGE[size]
    return max((_ZOOM.get(feature, 1.0) for feature in edition), default=1.0)


def width(edition: Edition, language: str) -> float:
    """How much wider than usual its letters run."""
    return _WIDER[language] if "dyslexia-friendly" in edition else 1.0


def table_room(edition: Edition, line: float, scale: float) -> tuple[float, float]:
    """What a table in a question has of a line of so many millimetres, and what a cell has to its sides, in ems."""
    indent, padding = (0.0, 2.4) if "large-print" in edition else (INDENT, 6.0)
    return (line - indent) / EM / scale, padding / EM / scale


def file_name(edition: Edition) -> str:
    """The name of the booklet's file."""
    return f"{'-'.join(('booklet', *edition))}.pdf"


def written(html: str) -> str:
    """An author's text, marked as one."""
    return f"{_WRITTEN}{html}{_DONE}"


def aloud(html: str, paper: Paper) -> str:
    """A document with readings over what is no author's text: titles, headings, instructions of ours."""
    from quizgen.paper.furigana import words_aloud

    read = words_aloud(paper)

    def changed(found: re.Match[str]) -> str:
        piece = found[0]
        if piece.startswith(_WRITTEN):
            return piece.removeprefix(_WRITTEN).removesuffix(_DONE)
        return piece if piece.startswith("<") else line(read(unescape(piece)))

    return _PIECE.sub(changed, html)
