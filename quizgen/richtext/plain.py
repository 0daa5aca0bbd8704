"""The tree as plain text: for names, tables and the terminal."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, assert_never

from quizgen.richtext.tree import (
    Code,
    CodeBlock,
    Emphasis,
    Gap,
    Heading,
    Image,
    LineBreak,
    Link,
    List,
    Math,
    MathBlock,
    Paragraph,
    Quote,
    Reference,
    Ruby,
    Rule,
    Strong,
    Table,
    Text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from quizgen.richtext.tree import Block, Blocks, Inline, Inlines


def to_plain(blocks: Blocks) -> str:
    """The blocks as one readable text, without markup; a line for each line of the text."""
    return "\n".join(chain.from_iterable(map(_lines, blocks)))


def inlines_to_plain(inlines: Inlines) -> str:
    """A row of inlines as one readable text."""
    return "".join(map(_inline, inlines))


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(content) | Heading(_, content):
            yield inlines_to_plain(content)
        case CodeBlock():
            yield block.text
        case MathBlock(latex):
            yield latex
        case List():
            yield from _list(block)
        case Table(_, header, rows):
            yield from (" | ".join(map(inlines_to_plain, row)) for row in (header, *rows))
        case Quote(content):
            yield from (f"> {line}" for line in to_plain(content).split("\n"))
        case Rule():
            yield "―" * 8
        case _:
            assert_never(block)


def _list(block: List) -> Iterator[str]:
    for number, item in enumerate(block.items, block.start or 0):
        mark = "・" if block.start is None else f"{number}. "
        first, *others = to_plain(item).split("\n")
        yield mark + first
        yield from (f"  {line}" for line in others)


def _inline(inline: Inline) -> str:
    match inline:
        case Text(text) | Code(text):
            return text
        case LineBreak():
            return "\n"
        case Emphasis(content) | Strong(content) | Link(_, content):
            return inlines_to_plain(content)
        case Math(latex):
            return latex
        case Ruby(base, reading):
            return f"{base}（{reading}）"
        case Image():
            return f"[{inline.alt}]"
        case Reference(name, label):
            return label or name
        case Gap(label):
            return f"[{label}]"
        case _:
            assert_never(inline)
