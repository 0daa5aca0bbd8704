"""Kana and kanji: which characters are what, and a word's reading laid beside it (送り仮名)."""

from __future__ import annotations

import re
from functools import lru_cache

# 々 and 〆 are read like kanji; small ヶ is, too, where it stands beside one (三ヶ月).
_KANJI = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff々〆]")
_RUNS = re.compile(rf"(?:{_KANJI.pattern}|[ヶヵ](?={_KANJI.pattern})|(?<={_KANJI.pattern})[ヶヵ])+|.", re.DOTALL)
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30f6ー・]+")
_HIRAGANA = {katakana: katakana - 0x60 for katakana in range(ord("ァ"), ord("ヶ") + 1)}


def is_kanji(character: str) -> bool:
    """Whether a character is a kanji, or stands for one."""
    return _KANJI.match(character) is not None


def is_kana(text: str) -> bool:
    """Whether a text is written in kana alone."""
    return _KANA.fullmatch(text) is not None


def hiragana(text: str) -> str:
    """The text with hiragana for katakana."""
    return text.translate(_HIRAGANA)


@lru_cache(maxsize=8192)
def aligned(word: str, reading: str) -> tuple[tuple[str, str], ...]:
    """The word in pieces, those of kanji with their share of the reading: 読み取る is 読 (よ), み, 取 (と), る.

    The whole word has the whole reading where its kana are not found in that (昨日's きのう has none to part it by).
    """
    runs = _RUNS.findall(word)
    pattern = "".join("(.+?)" if is_kanji(run[-1]) or is_kanji(run[0]) else re.escape(hiragana(run)) for run in runs)
    match = re.fullmatch(pattern, hiragana(reading))
    if match is None:
        return ((word, reading),)
    shares = iter(match.regs[1:])
    pieces = ((run, reading[slice(*next(shares))] if is_kanji(run[-1]) or is_kanji(run[0]) else "") for run in runs)
    return tuple(pieces)
