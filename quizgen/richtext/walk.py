"""Going through a tree: what is in it, and the same tree with some of its inlines replaced."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from quizgen.richtext.tree import (
    CodeBlock,
    Emphasis,
    Gap,
    Heading,
    Image,
    Link,
    List,
    MathBlock,
    Paragraph,
    Quote,
    Rule,
    Strong,
    Table,
    Text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from quizgen.richtext.tree import Block, Blocks, Inline, Inlines


def walk(blocks: Blocks) -> Iterator[Block | Inline]:
    """Every block and inline of the tree, each before its contents."""
    for block in blocks:
        yield block
        yield from _below(block)


def images(blocks: Blocks) -> Iterator[tuple[int, Image]]:
    """The tree's images, each with its line in the text."""
    return ((part.line, part) for part in walk(blocks) if isinstance(part, Image))


def map_inlines(blocks: Blocks, change: Callable[[Inline], Inlines]) -> Blocks:
    """The tree with every inline that holds no others, and every picture, replaced by what `change` makes of it."""
    return tuple(_mapped(block, change) for block in blocks)


def map_images(blocks: Blocks, rename: Callable[[Image], Image]) -> Blocks:
    """The tree with every image replaced."""
    return map_inlines(blocks, lambda part: (rename(part) if isinstance(part, Image) else part,))


def with_gaps(blocks: Blocks, labels: Mapping[str, str]) -> Blocks:
    """The tree with each `[[name]]` of the labels made a gap; code and formulas stay as they are."""
    pattern = re.compile("|".join(re.escape(f"[[{name}]]") for name in labels))

    def split(inline: Inline) -> Inlines:
        if not isinstance(inline, Text):
            return (inline,)
        pieces: list[Inline] = []
        place = 0
        for match in pattern.finditer(inline.text):
            pieces += [Text(inline.text[place : match.start()]), Gap(labels[match[0][2:-2]])]
            place = match.end()
        pieces.append(Text(inline.text[place:]))
        return tuple(piece for piece in pieces if piece != Text(""))

    return map_inlines(blocks, split)


def _below(block: Block) -> Iterator[Block | Inline]:
    match block:
        case Paragraph(content) | Heading(_, content):
            yield from _inlines(content)
        case List(items):
            for item in items:
                yield from walk(item)
        case Table(_, header, rows):
            for row in (header, *rows):
                for cell in row:
                    yield from _inlines(cell)
        case Quote(content):
            yield from walk(content)
        case CodeBlock() | MathBlock() | Rule():
            pass
        case _:
            assert_never(block)


def _inlines(inlines: Inlines) -> Iterator[Inline]:
    for inline in inlines:
        yield inline
        if isinstance(inline, Emphasis | Strong | Link):
            yield from _inlines(inline.content)
        elif isinstance(inline, Image):
            yield from _inlines(inline.caption)


def _mapped(block: Block, change: Callable[[Inline], Inlines]) -> Block:
    """The block with every inline that holds no others, and every picture, replaced by what `change` makes of it."""

    def row(inlines: Inlines) -> Inlines:
        return tuple(new for inline in inlines for new in _mapped_inline(inline, change))

    match block:
        case Paragraph(content) | Heading(_, content):
            return replace(block, content=row(content))
        case List(items):
            return replace(block, items=tuple(tuple(_mapped(part, change) for part in item) for item in items))
        case Table(_, header, rows):
            body = tuple(tuple(map(row, cells)) for cells in rows)
            return replace(block, header=tuple(map(row, header)), rows=body)
        case Quote(content):
            return replace(block, content=tuple(_mapped(part, change) for part in content))
        case CodeBlock() | MathBlock() | Rule():
            return block
        case _:
            assert_never(block)


def _mapped_inline(inline: Inline, change: Callable[[Inline], Inlines]) -> Inlines:
    match inline:
        case Emphasis(content) | Strong(content) | Link(_, content):
            below = tuple(new for part in content for new in _mapped_inline(part, change))
            return (replace(inline, content=below),)
        case Image(caption=caption) if caption:
            below = tuple(new for part in caption for new in _mapped_inline(part, change))
            return change(replace(inline, caption=below))
        case _:
            return change(inline)
