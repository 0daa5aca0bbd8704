"""Text that is written without layout: names and page numbers, glyph by glyph in fonts that the file has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from quizgen.press.measure import UnpressableError
from quizgen.press.pieces import Piece

if TYPE_CHECKING:
    from weasyprint import Document

_JOINT = 3.0  # pixels by which pieces may be apart that belong together
_HEX = re.compile(r"<([0-9a-f]*)>")


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character in a font: the font's name, the glyph's number in hex, and its width in thousandths of the size."""

    font: str
    code: str
    width: float


@dataclass(frozen=True)
class Faces:
    """Which glyph shows a character, font by font; `letters` reads glyphs back."""

    glyphs: Mapping[str, Mapping[str, Glyph]]
    letters: Mapping[tuple[str, str], str]

    def glyph(self, font: str, character: str) -> Glyph:
        """The character in this font, or in the one that stood in for it; raises UnpressableError when none has it."""
        for name in (font, *self.glyphs):
            if found := self.glyphs.get(name, {}).get(character):
                return found
        raise UnpressableError(f"the character {character} was not laid out")

    def read(self, pieces: Iterable[Piece]) -> str:
        """The text that pieces show."""
        return "".join(
            self.letters.get((piece.font, code), "\ufffd")
            for piece in pieces
            for run in _HEX.findall(piece.glyphs)
            for code in (run[at : at + 4] for at in range(0, len(run), 4))
        )

    def width(self, text: str, font: str, size: float) -> float:
        """How wide a text is, in the unit of the size."""
        return sum(self.glyph(font, character).width for character in text) * size / 1000


def faces(document: Document) -> Faces:
    """The glyphs of all fonts of a document that has been written."""
    glyphs: dict[str, dict[str, Glyph]] = {}
    letters: dict[tuple[str, str], str] = {}
    for font in sorted(document.fonts.values(), key=lambda font: str(font.hash)):
        own = glyphs.setdefault(font.hash, {})
        for number, text in font.to_unicode.items():
            letters[font.hash, f"{number:04x}"] = text
            if len(text) == 1:
                own[text] = Glyph(font.hash, f"{number:04x}", font.widths.get(number, 0))
    return Faces(glyphs, letters)


Side = Literal["left", "centre", "right"]


@dataclass(frozen=True, slots=True)
class Field:
    """A line of text that differs from paper to paper: its words, `{name}` for what is filled in, and how it is set.

    `x` is that of its left edge, its middle or its right edge, and `most` how wide it may be, in pixels.
    """

    words: str
    font: str
    size: str
    colour: str
    x: float
    y: float
    side: Side
    most: float

    def drawn(self, values: Mapping[str, str], shown: Faces) -> str:
        """The operators that draw it; raises UnpressableError when it would be wider than there is room for."""
        text = self.words.format_map(values)
        size = float(self.size)
        width = shown.width(text, self.font, size)
        if width > self.most:
            raise UnpressableError(f"“{text}” is longer than what was laid out")
        x = self.x - {"left": 0.0, "centre": width / 2, "right": width}[self.side]
        return "".join(piece.drawn_from(0, 0) for piece in _runs(text, self, x, shown))


def _runs(text: str, field: Field, x: float, shown: Faces) -> Iterable[Piece]:
    font, codes, start = "", "", x
    for character in text:
        glyph = shown.glyph(field.font, character)
        if glyph.font != font and codes:
            yield Piece(start, field.y, font, field.size, field.colour, f"[<{codes}>]")
            codes, start = "", x
        font, codes = glyph.font, codes + glyph.code
        x += glyph.width * float(field.size) / 1000
    if codes:
        yield Piece(start, field.y, font, field.size, field.colour, f"[<{codes}>]")


@dataclass(frozen=True, slots=True)
class Sample:
    """What a layout was filled in with, by the names of the values; each is found nowhere else."""

    values: Mapping[str, str]


def lines(pieces: Sequence[Piece], shown: Faces) -> list[list[Piece]]:
    """Pieces that join each other on one baseline, together."""
    found: list[list[Piece]] = []
    end = 0.0
    for piece in pieces:
        if found and found[-1][-1].y == piece.y and found[-1][-1].size == piece.size and abs(piece.x - end) < _JOINT:
            found[-1].append(piece)
        else:
            found.append([piece])
        end = piece.x + shown.width(shown.read([piece]), piece.font, float(piece.size))
    return found


def field(line: Sequence[Piece], other: Sequence[Piece], samples: tuple[Sample, Sample], shown: Faces) -> Field | None:
    """What a line of two layouts, filled in with two samples, is: None when both say the same."""
    if shown.read(line) == shown.read(other):
        return None
    one, two = (_template(shown.read(part), sample) for part, sample in zip((line, other), samples, strict=True))
    if one != two:
        raise UnpressableError(f"“{one}” differs between papers, and it is not known how")
    first = line[0]
    edges = [(part[0].x, shown.width(shown.read(part), first.font, float(first.size))) for part in (line, other)]
    side, x = _side(edges)
    return Field(one, first.font, first.size, first.colour, x, first.y, side, max(width for _, width in edges) + 0.5)


def _template(text: str, sample: Sample) -> str:
    words = text.replace("{", "{{").replace("}", "}}")
    for name, value in sample.values.items():
        if value:
            words = words.replace(value, f"{{{name}}}")
    return words


def _side(edges: Sequence[tuple[float, float]]) -> tuple[Side, float]:
    """Which of the lines' left edges, middles and right edges agree."""
    (x, width), (other, other_width) = edges
    if abs(x - other) < 0.1:
        return "left", x
    if abs(x + width - other - other_width) < 0.1:
        return "right", x + width
    if abs(x + width / 2 - other - other_width / 2) < 0.1:
        return "centre", x + width / 2
    raise UnpressableError("a text is neither left, nor right, nor in the middle")
