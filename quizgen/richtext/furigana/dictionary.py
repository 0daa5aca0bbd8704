"""The words of a Japanese text with their readings, as the dictionary Sudachi has them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from quizgen.problems import QuizgenError
from quizgen.richtext.furigana import numbers
from quizgen.richtext.furigana.kana import hiragana, is_kana, is_kanji

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sudachipy import Morpheme, Tokenizer

# As many sentences at a time as Sudachi can take.
_STRETCH = re.compile(r".{1,1000}(?:。|\Z)|.{1,1000}", re.DOTALL)
# Sudachi takes a bracket with a reading in it, and a number with 万 or 億 behind it, for part of the word.
_BRACKET = re.compile(r"[(（].*", re.DOTALL)
_NUMBER = re.compile(r"[0-9０-９.,]+")
# Names in these are in the dictionary with the letters beside them.
_VARIANTS = str.maketrans("髙﨑𠮷濵桒栁德", "高崎吉浜桑柳徳")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as written and, in hiragana, as it is read; no reading where it has no kanji or the dictionary none."""

    text: str
    reading: str = ""


def check_dictionary() -> None:
    """Raise QuizgenError, saying what to install, where there is no dictionary."""
    _tokenizer()


def words(text: str) -> tuple[Word, ...]:
    """The words, which together are the text."""
    usual = text.translate(_VARIANTS)
    found = _with_counters([word for stretch in _STRETCH.findall(usual) for word in _words(stretch)])
    return tuple(_as_written(found, text))


def _as_written(found: Iterable[Word], text: str) -> Iterator[Word]:
    place = 0
    for word in found:
        yield Word(text[place : place + len(word.text)], word.reading)
        place += len(word.text)


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

    # Made a list first: the tokenizer's words are gone once it is given another text.
    for part in [part for long in _tokenizer().tokenize(text, SplitMode.C) for part in _parts(long)]:
        yield from _cleared(part)


def _parts(long: Morpheme) -> list[Word]:
    """A long word in short ones, unless these are read otherwise by themselves: 会社 in 株式会社."""
    from sudachipy import SplitMode

    short = [Word(part.surface(), part.reading_form()) for part in long.split(SplitMode.A)]
    whole = Word(long.surface(), long.reading_form())
    return short if "".join(part.reading for part in short) == whole.reading else [whole]


def _cleared(word: Word) -> Iterator[Word]:
    number, bracket = _NUMBER.match(word.text), _BRACKET.search(word.text)
    if number and number.end() < len(word.text):
        yield Word(number[0])
        yield from _words(word.text[number.end() :])
    elif bracket and bracket.start():
        yield from _cleared(Word(word.text[: bracket.start()], word.reading))
        yield Word(bracket[0])
    else:
        readable = any(map(is_kanji, word.text)) and is_kana(word.reading)
        yield Word(word.text, hiragana(word.reading) if readable else "")


def _with_counters(found: list[Word]) -> Iterator[Word]:
    """The words, those that count read as their numbers ask, together with these where they have one reading."""
    place = 0
    while place < len(found):
        word, behind, third = (found[at].text if at < len(found) else "" for at in range(place, place + 3))
        if not numbers.is_number(word) or not behind:
            yield found[place]
        elif together := numbers.whole(found[place - 1].text if place else "", word, behind):
            yield Word(word + behind, together)
            place += 1
        else:
            yield found[place]
            yield Word(behind, numbers.counted(word, behind, third) or found[place + 1].reading)
            place += 1
        place += 1
