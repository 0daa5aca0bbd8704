"""Readings above kanji (ふりがな): a text's tree with ruby over what its readers have not learnt yet."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from quizgen.richtext.furigana.dictionary import check_dictionary, words
from quizgen.richtext.furigana.grades import GRADES, taught
from quizgen.richtext.furigana.kana import aligned, is_kana, is_kanji
from quizgen.richtext.tree import Ruby, Text
from quizgen.richtext.walk import map_inlines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from quizgen.richtext.furigana.dictionary import Word
    from quizgen.richtext.tree import Blocks, Inline, Inlines

__all__ = ["GRADES", "Readings", "annotated", "check_dictionary", "is_kana", "is_kanji", "with_furigana"]

# What authors say of words: how they are read.
Readings = tuple[tuple[str, str], ...]

# What a dictionary of words reads otherwise than exams mean it.
_USUAL: Readings = (
    ("日本", "にほん"),
    ("私", "わたし"),
    ("主として", "しゅとして"),
    *((f"何{particle}", f"なに{particle}") for particle in "をがもか"),
    *((f"空{particle}", f"から{particle}") for particle in ("な", "で", "だ")),
)


def with_furigana(blocks: Blocks, grade: int, readings: Readings = ()) -> Blocks:
    """The tree with the reading over every word that has a kanji not learnt up to the grade.

    What authors gave a reading themselves keeps it, and code and formulas stay as they are.
    """

    def change(inline: Inline) -> Inlines:
        return annotated(inline.text, grade, readings) if isinstance(inline, Text) else (inline,)

    return map_inlines(blocks, change)


@lru_cache(maxsize=8192)
def annotated(text: str, grade: int, readings: Readings = ()) -> Inlines:
    """A text with readings over its kanji; later readings go before earlier ones, and before the dictionary's."""
    known = taught(grade)
    if not _has_new(text, known):
        return (Text(text),)
    inlines: list[Inline] = []
    for base, reading in _pieces(text, (*_USUAL, *readings)):
        if reading and _has_new(base, known):
            inlines.append(Ruby(base, reading))
        elif inlines and isinstance(inlines[-1], Text):
            inlines[-1] = Text(inlines[-1].text + base)
        else:
            inlines.append(Text(base))
    return tuple(inlines)


def _has_new(text: str, known: frozenset[str]) -> bool:
    return any(is_kanji(character) and character not in known for character in text)


def _pieces(text: str, readings: Readings) -> Iterator[tuple[str, str]]:
    """The text piece by piece, those of kanji with their readings."""
    found = words(text)
    starts = tuple(accumulate((len(word.text) for word in found), initial=0))
    place = 0
    for start, end, reading in _corrected(text, frozenset(starts), readings):
        yield from _between(text[place:start], place, found, starts)
        yield from aligned(text[start:end], reading)
        place = end
    yield from _between(text[place:], place, found, starts)


def _corrected(text: str, edges: frozenset[int], readings: Readings) -> Iterator[tuple[int, int, str]]:
    """Where words stand of which we know the reading: from, to, reading. They do not cut words of the dictionary."""
    known = dict(readings)
    pattern = "|".join(re.escape(word) for word in sorted(known, key=len, reverse=True))
    place = 0
    while match := re.compile(pattern).search(text, place):
        start, end = match.span()
        if _is_edge(text, start, edges) and _is_edge(text, end, edges):
            yield start, end, known[match[0]]
            place = end
        else:
            place = start + 1


def _is_edge(text: str, place: int, edges: frozenset[int]) -> bool:
    """Whether a word may begin or end here: where the dictionary's do, and between the kanji and kana of one."""
    before, after = text[place - 1 : place], text[place : place + 1]
    return place in edges or (is_kanji(before or "-") != is_kanji(after or "-") and is_kanji(before or "-"))


def _between(text: str, place: int, found: tuple[Word, ...], starts: tuple[int, ...]) -> Iterator[tuple[str, str]]:
    """The pieces of a stretch of the text that begins at a place; words are read anew if its ends cut one."""
    inside = [word for word, start in zip(found, starts, strict=False) if place <= start < place + len(text)]
    whole = inside if "".join(word.text for word in inside) == text else words(text)
    for word in whole:
        yield from aligned(word.text, word.reading) if word.reading else ((word.text, ""),)
