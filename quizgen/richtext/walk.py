"""Going through a tree: what is in it, and the same tree with parts replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from quizgen.richtext.tree import Block, Blocks, Image, Inline, Inlines


def walk(blocks: Blocks) -> Iterator[Block | Inline]:
    """Every block and inline of the tree, each before its contents."""
    raise NotImplementedError(blocks)


def images(blocks: Blocks) -> Iterator[tuple[int, Image]]:
    """The tree's images, each with its line in the text."""
    raise NotImplementedError(blocks)


def map_inlines(blocks: Blocks, change: Callable[[Inlines], Inlines]) -> Blocks:
    """The tree with every row of inlines (innermost first) replaced."""
    raise NotImplementedError(blocks, change)


def map_images(blocks: Blocks, rename: Callable[[Image], Image]) -> Blocks:
    """The tree with every image replaced."""
    raise NotImplementedError(blocks, rename)
