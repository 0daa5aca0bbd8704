"""The tree as plain text: for names, tables and the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quizgen.richtext.tree import Blocks, Inlines


def to_plain(blocks: Blocks) -> str:
    """The blocks as one readable text, without markup."""
    raise NotImplementedError(blocks)


def inlines_to_plain(inlines: Inlines) -> str:
    """A row of inlines as one readable text."""
    raise NotImplementedError(inlines)
