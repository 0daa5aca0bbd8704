"""The answer sheet's geometry: where everything stands, in millimetres from the page's top left corner."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from quizgen.paper import Row
from quizgen.paper.printing import Person
from quizgen.writers.pdf.sheet.measures import Measures


@dataclass(frozen=True, slots=True)
class Bubble:
    """An ellipse to fill in by its centre, with its letter."""

    label: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, ruled into lines where it is written in; the words before and behind it."""

    x: float
    y: float
    width: float
    height: float
    before: str = ""
    after: str = ""
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its bubbles; `label` stands in front, in a cell from `x` to `end`."""

    row: Row
    label: str
    x: float
    end: float
    y: float
    bubbles: tuple[Bubble, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that stand together in a frame; the first of a column has words above."""

    frame: Box
    lines: tuple[Line, ...]
    first: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A question's frame with its number, its boxes and the marker's box; that is None on a further page of a text."""

    question: int
    label: str
    points: Fraction | None
    frame: Box
    boxes: tuple[Box, ...]
    score: Box | None


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's title by its left end and its line."""

    title: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the rows of each page: boxes for the person and what tells the paper.

    `person` are boxes by what is written in them; `digits` the columns of the student number, `number` the box above
    them (or instead of them). `variant` is the box for the variant, `variants` its bubbles. `total`
    takes the marker's sum, `words` what the student is told. Boxes may stand from `end` on.
    """

    page_code: Box
    title: Box
    person: tuple[tuple[Person, Box], ...]
    number: Box | None
    digits: tuple[tuple[Bubble, ...], ...]
    variants: tuple[Bubble, ...]
    variant: Box | None
    total: Box | None
    words: Box
    end: float


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the sheet."""

    number: int
    head: Head
    corners: tuple[Box, Box, Box, Box]
    blocks: tuple[Block, ...] = ()
    headings: tuple[Heading, ...] = ()
    fields: tuple[Field, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """The rows of the page."""
        return tuple(line for block in self.blocks for line in block.lines)

    @property
    def bubbles(self) -> tuple[Bubble, ...]:
        """All that can be filled in."""
        digits = tuple(bubble for column in self.head.digits for bubble in column)
        return digits + self.head.variants + tuple(bubble for line in self.lines for bubble in line.bubbles)


@dataclass(frozen=True, slots=True)
class Sheet:
    """An answer sheet: what draws it, and what is written to read it back."""

    exam: str
    serial: str
    measures: Measures
    pages: tuple[Page, ...]
