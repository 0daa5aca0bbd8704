"""Typefaces: which glyphs of a font texts need, apart from the font itself, so that many layouts can share one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from quizgen.press.fields import Faces, Glyph

if TYPE_CHECKING:
    from weasyprint import Document


@dataclass(frozen=True, slots=True)
class Typeface:
    """A font as it is asked for, and the glyphs that are needed of it: by their numbers, each one's text and width."""

    described: str
    glyphs: Mapping[int, tuple[str, float]]

    def __contains__(self, other: Typeface) -> bool:
        return self.glyphs.keys() >= other.glyphs.keys()


@dataclass(frozen=True, slots=True)
class Painted:
    """A file whose fonts are names only, and what is needed of each font."""

    data: bytes
    typefaces: Mapping[str, Typeface]


@dataclass(frozen=True, slots=True)
class Embedded:
    """A font as a file has it: objects by their numbers, and the number of the one by which it is called."""

    objects: Mapping[int, bytes]
    root: int


# Paints some pages of a document, or of such that were laid out with the same fonts.
Paint = Callable[["Document", Sequence[Any]], Painted]


def merged(many: Iterable[Mapping[str, Typeface]]) -> dict[str, Typeface]:
    """What all need together; of a glyph that two read or measure otherwise, the first one's word counts."""
    found: dict[str, tuple[str, dict[int, tuple[str, float]]]] = {}
    for one in many:
        for name, typeface in one.items():
            _, glyphs = found.setdefault(name, (typeface.described, {}))
            for number, glyph in typeface.glyphs.items():
                glyphs.setdefault(number, glyph)
    return {name: Typeface(described, glyphs) for name, (described, glyphs) in sorted(found.items())}


def faces_of(typefaces: Mapping[str, Typeface]) -> Faces:
    """The typefaces as they are written with."""
    glyphs: dict[str, dict[str, Glyph]] = {}
    letters: dict[tuple[str, str], str] = {}
    for font, typeface in sorted(typefaces.items()):
        own = glyphs.setdefault(font, {})
        for number, (text, width) in typeface.glyphs.items():
            letters[font, f"{number:04x}"] = text
            if len(text) == 1:
                own[text] = Glyph(font, f"{number:04x}", width)
    return Faces(glyphs, letters)
