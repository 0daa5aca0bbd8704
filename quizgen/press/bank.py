"""What the papers of an exam are composed of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from quizgen.press.blocks import Block, Name
from quizgen.press.fields import Faces, Field
from quizgen.press.imposing import Frame
from quizgen.press.measure import Margins
from quizgen.press.pieces import Box, Piece

TITLE = "TITLE-OF-THE-PAPER"


@dataclass(frozen=True, slots=True)
class Heads:
    """A page's running heads and number: what all papers say alike, and what is filled in."""

    pieces: tuple[Piece, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Static:
    """A page that all papers have: its content, what is filled in, its running heads, its bookmarks.

    Of the fields, one that a slot of the block names by its place stands there in the order of reading.
    """

    block: Block
    fields: tuple[Field, ...]
    heads: Heads
    bookmarks: tuple[tuple[int, str, float], ...] = ()


@dataclass(frozen=True, eq=False)
class Bank:
    """What the papers of an exam are composed of; sizes in points, rectangles in pixels.

    `frames` and `heads` are those of right-hand and of left-hand pages; `home` is the frame of the blocks' own pages.
    `fronts` are the first pages where the number of all has one digit, two, and so on, which may shift what else stands
    in a line with it; `opening` is what stands above the questions on their first page. `backs` are the last pages
    where the questions take an even number of pages, and where an odd one; None: not known.
    """

    size: tuple[float, float]
    frames: tuple[Box, Box]
    home: Box
    frame: Frame
    margins: Margins
    heads: tuple[Heads, Heads]
    fronts: tuple[tuple[Static, ...], ...]
    opening: Static | None
    backs: tuple[tuple[Static, ...] | None, tuple[Static, ...] | None]
    written: Mapping[tuple[str, str], tuple[Piece, ...]]
    faces: Faces
    objects: Mapping[int, bytes]
    fonts: Mapping[str, tuple[str, tuple[int, ...]]]
    font_table: int
    next_number: int
    resources: Mapping[Name, str]
    root: str
    title: str
    producer: str
    metadata: str

    @property
    def blank(self) -> Static | None:
        """A left-hand page that is left blank, if there is one behind the cover."""
        last = self.fronts[0][-1] if self.fronts[0] else None
        return last if last and not last.block.elements and not last.fields else None
