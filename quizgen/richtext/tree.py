"""Text as a tree: the blocks and inlines that every writer renders in its own terms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Text:
    """Plain characters; never markup."""

    text: str


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A forced new line inside a paragraph."""


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Stressed text, by custom italic (Latin) or as the writer's language does it."""

    content: Inlines


@dataclass(frozen=True, slots=True)
class Strong:
    """Strongly stressed text, by custom bold."""

    content: Inlines


@dataclass(frozen=True, slots=True)
class Code:
    """A piece of code inside a line."""

    text: str


@dataclass(frozen=True, slots=True)
class Math:
    """A formula in LaTeX notation inside a line."""

    latex: str


@dataclass(frozen=True, slots=True)
class Ruby:
    """Characters with their reading above them."""

    base: str
    reading: str


@dataclass(frozen=True, slots=True)
class Width:
    """A printed width: millimetres, or per cent of the text's width."""

    value: float
    unit: Literal["mm", "%"]


@dataclass(frozen=True, slots=True)
class Image:
    """A picture. `source` is the path as written; in a paper, the picture's content-hash name.

    One with a `caption` or an `id` is a figure; `label` is its number on a paper (図1), which only assembling gives.
    """

    source: str
    alt: str
    width: Width | None = None
    line: int = field(default=0, compare=False)
    caption: Inlines = ()
    id: str = ""
    label: str = ""

    @property
    def is_figure(self) -> bool:
        """Whether it is numbered and stands on a line of its own."""
        return bool(self.caption or self.id)


CHOICE = "choice:"  # how the id of a reference to a choice begins; no figure's id has a colon


@dataclass(frozen=True, slots=True)
class Reference:
    """The number of a figure, or the label of a choice, in a text that speaks of it; only assembling gives it."""

    id: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to an address on the web."""

    url: str
    content: Inlines


@dataclass(frozen=True, slots=True)
class Gap:
    """A numbered gap in a cloze text; only assembling puts it there."""

    label: str


Inline = Text | LineBreak | Emphasis | Strong | Code | Math | Ruby | Image | Reference | Link | Gap
Inlines = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of inlines; `line` counts the text's lines from 0 and is no part of what a block is."""

    content: Inlines
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a text, level 1 to 6."""

    level: int
    content: Inlines
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class CodeToken:
    """A piece of code and what it is, as Pygments' short class (`k` keyword, `s` string, …; "" plain)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Lines of code, each a row of tokens without the line's end."""

    language: str
    lines: tuple[tuple[CodeToken, ...], ...]
    line: int = field(default=0, compare=False)

    @property
    def text(self) -> str:
        """The code as written, without a last newline."""
        return "\n".join("".join(token.text for token in row) for row in self.lines)


@dataclass(frozen=True, slots=True)
class MathBlock:
    """A formula in LaTeX notation on a line of its own."""

    latex: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class List:
    """A list; `start` is the first number of an ordered one, None for bullets."""

    items: tuple[Blocks, ...]
    start: int | None = None
    line: int = field(default=0, compare=False)


Alignment = Literal["left", "center", "right", ""]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: a header row and body rows, each with as many cells as there are alignments."""

    alignments: tuple[Alignment, ...]
    header: tuple[Inlines, ...]
    rows: tuple[tuple[Inlines, ...], ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Quote:
    """Blocks quoted from elsewhere."""

    content: Blocks
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the text."""

    line: int = field(default=0, compare=False)


Block = Paragraph | Heading | CodeBlock | MathBlock | List | Table | Quote | Rule
Blocks = tuple[Block, ...]
