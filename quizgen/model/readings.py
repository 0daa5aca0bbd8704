"""How words are read (読み), where a dictionary does not know or the author wants another reading."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from quizgen.model.fields import Word
from quizgen.richtext.furigana import is_kana, is_kanji

_LONGEST = 40


def _has_kanji(word: str) -> str:
    if not any(map(is_kanji, word)):
        raise PydanticCustomError("reading", "`{word}` has no kanji to be read", {"word": word[:_LONGEST]})
    return word


def _in_kana(reading: str) -> str:
    if not is_kana(reading):
        message = "`{reading}` is no reading; write it in hiragana or katakana"
        raise PydanticCustomError("reading", message, {"reading": reading[:_LONGEST]})
    return reading


Readings = Annotated[
    dict[
        Annotated[Word, Field(max_length=_LONGEST), AfterValidator(_has_kanji)],
        Annotated[Word, Field(max_length=2 * _LONGEST), AfterValidator(_in_kana)],
    ],
    Field(max_length=1000, description="How words are read (ふりがな), where the dictionary has it wrong."),
]
