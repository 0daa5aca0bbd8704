"""The answer sheet's measures, for each size of paper."""

from __future__ import annotations

from dataclasses import dataclass

from quizgen.paper.printing import Size

DIGITS = 8  # columns for the student number


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures of a sheet in millimetres; a bubble is placed by its centre, a box by its top left corner."""

    width: float = 210
    height: float = 297
    row: float = 7.1
    """From a row of bubbles to the next."""
    digit_row: float = 6
    """The same in the student number."""
    edge: float = 12
    """From the paper's edge to the codes in its corners, so that a sheet may lie askew in the scanner."""
    corner: float = 9
    """A corner code's side."""
    module: float = 0.6
    """A square of the page code (QR)."""
    quiet: float = 2.6
    """White round the codes; a page code needs four of its squares."""
    margin: float = 8
    """Left and right of the rows; boxes keep `edge`."""
    head_left: float = 42
    head_middle: float = 98
    """Where the student number and, right of it, the name begin."""
    band: float = 25.6
    """Where what stands below the corner codes begins."""
    person_height: float = 11
    small_box: float = 18
    """Width of the boxes for class and seat before the name."""
    variant_height: float = 11
    """The box for the variant."""
    total: float = 28
    """Width of the box for the marker's sum."""
    words: float = 6
    """A line of what the student is told."""
    serial: float = 7
    """Below the page code, for the serial."""
    bubble_width: float = 3.4
    bubble_height: float = 4.2
    letter: float = 2.4
    """Size of the letters in bubbles."""
    pitches: tuple[float, ...] = (6, 5.6, 5.3, 5.2)
    """From bubble to bubble in a row: the widest with which all rows fit on a page, else the narrowest."""
    beside_bubbles: float = 0.7
    block: int = 5
    """So many rows stand close together; then comes a gap."""
    gap: float = 1.2
    most_rows: int = 25
    """Of a column."""
    caption: float = 4
    """Above a column."""
    letter_width: float = 1.5
    """Of a Latin letter of the numbers and of the words beside boxes; a Japanese one is twice as wide."""
    star: float = 1.1
    """The width of the mark of rows with several right choices."""
    cell: float = 1.8
    """Left and right of a row's number together, where rows stand closest."""
    digit_pitch: float = 6.2
    digit_box: float = 7.5
    variant_mark: float = 18
    """Left of the upper right corner, for the variant in large letters."""
    box_height: float = 11
    inner_height: float = 8
    """Of a box inside the frame of its question."""
    inset: float = 1.5
    number: float = 12
    """Width of a question's number before its box."""
    score: float = 12
    """Width of the box for the marker's points."""
    text_box: float = 36
    """Width of a box for a word, where several stand in a row."""
    label_box: float = 12
    """Width of a box for the label of a choice."""
    shortest_box: float = 30
    line: float = 8
    """From one ruled line to the next."""
    fewest_lines: int = 5
    """So many stay together where a text goes on overleaf."""
    apart: float = 2.6
    """Between the frames of two questions."""
    heading: float = 6.5
    """A section's title above its frames."""

    @property
    def left(self) -> float:
        """Where boxes begin."""
        return self.edge

    @property
    def room(self) -> float:
        """The width for boxes."""
        return self.width - 2 * self.edge

    @property
    def bottom(self) -> float:
        """Where rows and boxes end, above the lower corner codes."""
        return self.height - self.edge - self.corner - 2

    @property
    def rows_top(self) -> float:
        """Where the rows of a full page begin."""
        return self.bottom - self.most_rows * self.row - (self.most_rows // self.block - 1) * self.gap

    @property
    def digits_top(self) -> float:
        """Where the digits of the student number begin, below the boxes for writing them."""
        return self.head_top + self.digit_box + 0.8

    @property
    def head_top(self) -> float:
        """Where the boxes for the student number begin."""
        return self.edge + 4


# A booklet of B5 has an answer sheet of A4: schools scan nothing else.
MEASURES: dict[Size, Measures] = {
    "A4": Measures(),
    "B5": Measures(),
    "Letter": Measures(width=215.9, height=279.4, row=6.7, digit_row=5.4),
}
