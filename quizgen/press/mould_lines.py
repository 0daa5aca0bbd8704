"""Lines of text that differ from paper to paper, set letter by letter where they were laid out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quizgen.press.fields import Glyph, Side
from quizgen.press.measure import UnpressableError


@dataclass(frozen=True)
class Line:
    """A line of text that differs from paper to paper: its words, `{name}` for what is filled in, and how it is set.

    `x` is that of its left edge, its middle or its right edge; but for the left one, its width is `most`
    at most. Its `heights` depend on the fonts that it needs.
    """

    words: str
    size: str
    x: float
    side: Side
    most: float
    glyphs: Mapping[str, Glyph]
    heights: Mapping[frozenset[str], str]

    def drawn(self, values: Mapping[str, str]) -> tuple[bytes, frozenset[str]]:
        """The operators that draw it, and the fonts it needs."""
        said = glyphs(self.words.format_map(values), self.glyphs)
        fonts = fonts_of(said)
        if not said:
            return b"", fonts
        if fonts not in self.heights:
            raise UnpressableError("a name in these fonts was not laid out")
        width = sum(glyph.width for glyph in said) * float(self.size) / 1000
        if self.side != "left" and width > self.most:
            raise UnpressableError("a text is wider than what was laid out")
        x = self.x - {"left": 0.0, "centre": width / 2, "right": width}[self.side]
        at = f"1 0 0 -1 {x:.3f} {self.heights[fonts]} Tm"
        return f"BT\n{at}\n{runs(said, self.size)}\nET\n".encode(), fonts


def glyphs(said: str, known: Mapping[str, Glyph]) -> list[Glyph]:
    """The glyphs of a text; raises UnpressableError for a character that was not laid out."""
    try:
        return [known[character] for character in said]
    except KeyError as error:
        raise UnpressableError(f"the character {error.args[0]} was not laid out") from error


def runs(said: Sequence[Glyph], size: str) -> str:
    """The operators that show glyphs one behind the other; one without a code is a space."""
    done, font = "", ""
    for glyph in said:
        if glyph.code and glyph.font != font:
            font = glyph.font
            done += f"{'>] TJ' if done else ''}\n/{font} {size} Tf\n[<"
        done += glyph.code or f">{-glyph.width:g}<"
    return f"{done}>] TJ".lstrip()


def fonts_of(said: Iterable[Glyph]) -> frozenset[str]:
    """The fonts of glyphs."""
    return frozenset(glyph.font for glyph in said if glyph.code)
