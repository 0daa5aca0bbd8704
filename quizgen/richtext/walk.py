"""Going through a tree: what is in it, and the same tree with its images replaced."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from quizgen.richtext.tree import (
    CodeBlock,
    Emphasis,
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
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from quizgen.richtext.tree import Block, Blocks, Inline, Inlines


def walk(blocks: Blocks) -> Iterator[Block | Inline]:
    """Every block and inline of the tree, each before its contents."""
    for block in blocks:
        yield block
        yield from _below(block)


def images(blocks: Blocks) -> Iterator[tuple[int, Image]]:
    """The tree's images, each with its line in the text."""
    return ((part.line, part) for part in walk(blocks) if isinstance(part, Image))


def map_images(blocks: Blocks, rename: Callable[[Image], Image]) -> Blocks:
    """The tree with every image replaced."""
    return tuple(_renamed(block, rename) for block in blocks)


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


def _renamed(block: Block, rename: Callable[[Image], Image]) -> Block:
    def row(inlines: Inlines) -> Inlines:
        return tuple(_renamed_inline(inline, rename) for inline in inlines)

    match block:
        case Paragraph(content) | Heading(_, content):
            return replace(block, content=row(content))
        case List(items):
            return replace(block, items=tuple(map_images(item, rename) for item in items))
        case Table(_, header, rows):
            body = tuple(tuple(map(row, cells)) for cells in rows)
            return replace(block, header=tuple(map(row, header)), rows=body)
        case Quote(content):
            return replace(block, content=map_images(content, rename))
        case CodeBlock() | MathBlock() | Rule():
            return block
        case _:
            assert_never(block)


def _renamed_inline(inline: Inline, rename: Callable[[Image], Image]) -> Inline:
    match inline:
        case Image():
            return rename(inline)
        case Emphasis(content) | Strong(content) | Link(_, content):
            return replace(inline, content=tuple(_renamed_inline(part, rename) for part in content))
        case _:
            return inline
