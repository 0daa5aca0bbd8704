"""Imposing: members of a flow stacked on pages by their heights, as a layout would have broken them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from quizgen.press.blocks import Block, QuestionBlocks
from quizgen.press.measure import Margins, UnpressableError

SLACK = 0.02  # pixels; layouts are rounded


@dataclass(frozen=True, slots=True)
class Item:
    """A member of the flow: its kind, its blocks, the order of its choices, and whether it stays with the next.

    `texts` are what its slots say, block by block: of the stem, and of each choice in printed order. `bookmark` is its
    level (0 for none) and words; `id` is that by which its page is asked for. `begins` a new page, or a right-hand one.
    """

    kind: str
    blocks: QuestionBlocks
    order: tuple[int, ...] = ()
    texts: tuple[tuple[str, ...], ...] = ((),)
    keep: bool = False
    bookmark: tuple[int, str] = (0, "")
    id: str = ""
    begins: Literal["flow", "page", "right"] = "flow"


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the flow begins on its first page with a member of that kind, on others, and where it ends (pixels).

    What stands above it on its first page ends at `start`, and keeps `gap` free below it. `page` is the number of that
    page, counted from 0.
    """

    first: float
    kind: str
    start: float
    gap: float
    page: int
    top: float
    bottom: float


class Placed(NamedTuple):
    """A block with its left top corner in pixels, and what its slots say."""

    block: Block
    x: float
    y: float
    texts: tuple[str, ...]


Page = list[tuple[Item, float]]


def pages(items: Sequence[Item], margins: Margins, frame: Frame) -> list[Page]:
    """The items of each page with the places of their tops; none is parted, nor parted from what it stays with.

    A page that is left blank, so that the next is a right-hand one, has none.
    What stays together but is higher than a page begins on a new one and goes on to the next. Raises UnpressableError
    when something by itself is higher than a page.
    """
    done: list[Page] = [[]]
    first = items[0].kind
    # Behind a page break that is asked for, a margin is kept.
    margin = max(frame.gap, margins.above.get(first, 0.0))
    y, before = frame.first if first == frame.kind else frame.start + margin, ""
    for chain in _chains(items):
        heights = [height(item) for item in chain]
        inner = [margins.between(one.kind, other.kind) for one, other in pairwise(chain)]
        start = y + margins.between(before, chain[0].kind) if done[-1] else y
        if chain[0].begins != "flow" and done[-1]:
            done += _turned(chain[0], frame.page + len(done))
            start = frame.top + margins.above.get(chain[0].kind, 0.0)
        if frame.top + max(heights) > frame.bottom + SLACK:
            raise UnpressableError("something is higher than a page")
        is_begun = done[-1] or (len(done) == 1 and frame.page == 0)
        if is_begun and start + sum(heights) + sum(inner) > frame.bottom + SLACK:
            done.append([])
            start = frame.top
        for item, tall, gap in zip(chain, heights, [*inner, 0.0], strict=True):
            if start + tall > frame.bottom + SLACK:
                done.append([])
                start = frame.top
            done[-1].append((item, start))
            y, before = start + tall, item.kind
            start = y + gap
    return done


def _turned(item: Item, number: int) -> list[Page]:
    """The page with that number, counted from 0, for what begins a new one, and a blank one before it if need be."""
    return [[], []] if item.begins == "right" and number % 2 else [[]]


def height(item: Item) -> float:
    """How high an item is, in pixels."""
    blocks = item.blocks
    if not blocks.choices:
        return blocks.stem.box.height
    rows = [max(blocks.choices[place].box.height for place in row) for row in _rows(item)]
    return blocks.stem.box.height + blocks.first + sum(rows) + blocks.between * (len(rows) - 1) + blocks.last


def placed(item: Item, top: float) -> Iterator[Placed]:
    """An item's blocks where they stand."""
    blocks, (stem, *choices) = item.blocks, item.texts
    yield Placed(blocks.stem, blocks.stem.box.left, top, stem)
    if not blocks.choices:
        return
    y, texts = top + blocks.stem.box.height + blocks.first, iter(choices)
    for row in _rows(item):
        for place, left in zip(row, blocks.lefts, strict=False):
            yield Placed(blocks.choices[place], left, y, next(texts))
        y += max(blocks.choices[place].box.height for place in row) + blocks.between


def _rows(item: Item) -> Iterator[tuple[int, ...]]:
    for start in range(0, len(item.order), item.blocks.columns):
        yield item.order[start : start + item.blocks.columns]


def _chains(items: Sequence[Item]) -> Iterator[list[Item]]:
    chain: list[Item] = []
    for item in items:
        if item.begins != "flow" and chain:
            yield chain
            chain = []
        chain.append(item)
        if not item.keep:
            yield chain
            chain = []
    if chain:
        yield chain
