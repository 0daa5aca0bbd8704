"""The words of a Japanese text with their readings, as the dictionary Sudachi has them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from quizgen.problems import QuizgenError
from quizgen.richtext.furigana.kana import hiragana, is_kana, is_kanji
from quizgen.richtext.furigana.numbers import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sudachipy import Morpheme, Tokenizer

_MOST = 8000  # characters at a time: Sudachi takes 48 KiB
# Sudachi takes a bracket with a reading in it, and a number with 万 or 億 behind it, for part of the word.
_BRACKET = re.compile(r"[(（].*", re.DOTALL)
_NUMBER = re.compile(r"[0-9０-９.,]+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as written and, in hiragana, as it is read; no reading where it has no kanji or the dictionary none."""

    text: str
    reading: str


def check_dictionary() -> None:
    """Raise QuizgenError, saying what to install, where there is no dictionary."""
    _tokenizer()


def words(text: str) -> tuple[Word, ...]:
    """The words, which together are the text."""
    found = [word for at in range(0, len(text), _MOST) for word in _words(text[at : at + _MOST])]
    behind = [word.text for word in found[1:]] + [""]
    fixed = [
        Word(word.text, counted(before.text, word.text, after) or word.reading)
        for (before, word), after in zip(pairwise([Word("", ""), *found]), behind, strict=True)
    ]
    return tuple(fixed)


@cache
def _tokenizer() -> Tokenizer:
    try:
        from sudachipy import Dictionary

        return Dictionary(dict="core").tokenizer()
    except ImportError as error:
        raise QuizgenError(
            "readings above kanji come from a dictionary that is not installed; "
            "install it with pip install 'quizgen[furigana]'"
        ) from error


def _words(text: str) -> Iterator[Word]:
    from sudachipy import SplitMode

    place = 0
    for long in _tokenizer().tokenize(text, SplitMode.C):
        for part in _parts(long):
            yield from _cleared(Word(text[place : place + len(part.text)], part.reading))
            place += len(part.text)


def _parts(long: Morpheme) -> list[Word]:
    """A long word in short ones, unless these are read otherwise by themselves: 会社 in 株式会社."""
    from sudachipy import SplitMode

    short = [Word(part.surface(), part.reading_form()) for part in long.split(SplitMode.A, add_single=True)]
    whole = Word(long.surface(), long.reading_form())
    return short if "".join(part.reading for part in short) == whole.reading else [whole]


def _cleared(word: Word) -> Iterator[Word]:
    number, bracket = _NUMBER.match(word.text), _BRACKET.search(word.text)
    if number and number.end() < len(word.text):
        yield Word(number[0], "")
        yield from _words(word.text[number.end() :])
    elif bracket and bracket.start():
        yield from _cleared(Word(word.text[: bracket.start()], word.reading))
        yield Word(bracket[0], "")
    else:
        readable = any(map(is_kanji, word.text)) and is_kana(word.reading)
        yield Word(word.text, hiragana(word.reading) if readable else "")
