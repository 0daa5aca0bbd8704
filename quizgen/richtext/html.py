"""The tree as HTML: what formats do differently comes in as a dialect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from quizgen.richtext.tree import Blocks, CodeBlock, Image, Inlines, Ruby


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a format writes what HTML writes in several ways; every function returns finished, escaped HTML."""

    math: Callable[[str, bool], str]
    """LaTeX and whether it stands on a line of its own."""
    image: Callable[[Image], str]
    code: Callable[[str], str]
    code_block: Callable[[CodeBlock], str]
    ruby: Callable[[Ruby], str]


def to_html(blocks: Blocks, dialect: Dialect) -> str:
    """The blocks as HTML, everything escaped."""
    raise NotImplementedError(blocks, dialect)


def inlines_to_html(inlines: Inlines, dialect: Dialect) -> str:
    """A row of inlines as HTML, everything escaped."""
    raise NotImplementedError(inlines, dialect)


def highlighted(block: CodeBlock) -> str:
    """A code block with a `<span class="…">` for each token that Pygments names."""
    raise NotImplementedError(block)
