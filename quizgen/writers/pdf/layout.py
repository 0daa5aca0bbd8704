"""The answer sheet's measures."""

from __future__ import annotations

from dataclasses import dataclass

DIGITS = 7  # columns for the student number


@dataclass(frozen=True, slots=True)
class Layout:
    """The measures of a sheet in millimetres; a bubble is placed by its centre, a box by its top left corner."""

    width: float = 210
    height: float = 297
    margin: float = 16
    bubble_width: float = 3.4
    bubble_height: float = 4.2
    letter: float = 2.3
    """Size of the letters in bubbles."""
    pitch: float = 5.9
    """From bubble to bubble in a row."""
    row: float = 6.3
    block: int = 5
    """So many rows stand close together; then comes a gap."""
    gap: float = 1.9
    number: float = 9
    """Room for the question's number and its mark before the first bubble or box."""
    mark: float = 3.4
    """Of that, what lies between the number and the bubble."""
    letter_width: float = 1.6
    """Of a Latin letter of the numbers and of the words beside boxes; a Japanese one is twice as wide."""
    rows_top: float = 112
    most_rows: int = 25
    most_columns: int = 4
    digits_left: float = 16
    digits_top: float = 49
    digit_pitch: float = 7
    digit_row: float = 5.4
    box_height: float = 9
    text_box: float = 40
    """Width of a box for a word, where several stand in a row."""
    longest_box: float = 62
    shortest_box: float = 36
    label_box: float = 10
    """Width of a box for the label of a choice."""
    line: float = 8
    """From one ruled line to the next."""
    fewest_lines: int = 5
    """So many stay together where a text goes on overleaf."""
    beside: float = 2
    """Between a box and the words beside it, and between boxes."""
    apart: float = 4
    """Between the boxes of two questions, one below the other; between two beside each other one and a half of it."""
    score: float = 11
    """Width of the box for the marker's points."""
    boxes_top: float = 60
    """Where boxes begin on a page that has no bubbles."""

    @property
    def room(self) -> float:
        """The width between the margins."""
        return self.width - 2 * self.margin

    @property
    def bottom(self) -> float:
        """Where the lower margin begins."""
        return self.height - self.margin
