"""HTML that a teacher wrote in an editor as our tree: what has no place in it becomes text, and is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quizgen.importers.html.parsing import HtmlError, parsed
from quizgen.importers.html.reading import FindPicture, Reader, no_picture

if TYPE_CHECKING:
    from lxml.etree import _Element

    from quizgen.richtext.tree import Blocks


@dataclass(frozen=True, slots=True)
class Page:
    """A text as a tree, and what of it the tree cannot hold, each a clause."""

    blocks: Blocks
    lost: frozenset[str] = frozenset()


def read_html(html: str, find_picture: FindPicture = no_picture) -> Page:
    """The tree of a piece of HTML.

    Raises HtmlError when it is longer or deeper than any question's.
    """
    body = parsed(html)
    return Page(()) if body is None else read_element(body, find_picture)


def read_element(element: _Element, find_picture: FindPicture = no_picture) -> Page:
    """The tree of what an element holds."""
    reader = Reader(find_picture)
    blocks = reader.blocks_in(element)
    return Page(blocks, frozenset(reader.lost))


__all__ = ["FindPicture", "HtmlError", "Page", "no_picture", "parsed", "read_element", "read_html"]
