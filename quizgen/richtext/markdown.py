"""From an author's Markdown to the tree."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quizgen.richtext.tree import Blocks


@lru_cache(maxsize=8192)
def parse(text: str) -> Blocks:
    """The tree of a text; what cannot be honoured stays as typed, and `faults` tells of it."""
    raise NotImplementedError(text)
