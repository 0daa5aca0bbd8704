"""Readings above kanji (ふりがな): a text's tree with ruby over what its readers have not learnt yet."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from quizgen.richtext.furigana.grades import GRADES, taught
from quizgen.richtext.furigana.kana import aligned, is_kana, is_kanji
from quizgen.richtext.furigana.words import check_dictionary, words
from quizgen.richtext.tree import Ruby, Text
from quizgen.richtext.walk import map_inlines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from quizgen.richtext.tree import Blocks, Inline, Inlines

__all__ = ["GRADES", "annotated", "check_dictionary", "is_kana", "is_kanji", "with_furigana"]

# An author's readings, longest first by their words.
Readings = tuple[tuple[str, str], ...]

# What a dictionary of words reads otherwise than exams mean it.
_USUAL = {
    "日本": "にほん",
    "私": "わたし",
    "主として": "しゅとして",
    **{f"何{particle}": f"なに{particle}" for particle in "をがもか"},
    **{f"空{particle}": f"から{particle}" for particle in ("な", "で", "だ", "の場合")},
}


def with_furigana(blocks: Blocks, grade: int, readings: Readings = ()) -> Blocks:
    """The tree with the reading over every word that has a kanji not learnt up to the grade.

    What authors gave a reading themselves keeps it, and code and formulas stay as they are.
    """

    def change(inline: Inline) -> Inlines:
        return annotated(inline.text, grade, readings) if isinstance(inline, Text) else (inline,)

    return map_inlines(blocks, change)


@lru_cache(maxsize=8192)
def annotated(text: str, grade: int, readings: Readings = ()) -> Inlines:
    """A text with readings over its kanji."""
    known = taught(grade)
    if not any(is_kanji(character) and character not in known for character in text):
        return (Text(text),)
    inlines: list[Inline] = []
    for base, reading in _pieces(text, readings):
        if reading and any(is_kanji(character) and character not in known for character in base):
            inlines.append(Ruby(base, reading))
        elif inlines and isinstance(last := inlines[-1], Text):
            inlines[-1] = Text(last.text + base)
        else:
            inlines.append(Text(base))
    return tuple(inlines)


def _pieces(text: str, readings: Readings) -> Iterator[tuple[str, str]]:
    """The text piece by piece, those of kanji with their readings."""
    found = words(text)
    place = 0
    for start, end, reading in _corrections(text, _ends(found), readings):
        yield from _of_words(text, found, place, start)
        yield from aligned(text[start:end], reading)
        place = end
    yield from _of_words(text, found, place, len(text))
