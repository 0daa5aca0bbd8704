"""Counters behind numbers: 3本 is さんぼん, 10分 is じゅっぷん, which a dictionary of words does not tell."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(?:.*[^0-9])?([0-9]+)", re.DOTALL)
_HARD, _SOFT = "1680", "3"  # the last digits after which h becomes p, and those after which it becomes b
# By counter: how it is read after most digits, after hard ones, and after 3 (かい, がい).
_COUNTERS = {
    "本": ("ほん", "ぽん", "ぼん"),
    "匹": ("ひき", "ぴき", "びき"),
    "杯": ("はい", "ぱい", "ばい"),
    "票": ("ひょう", "ぴょう", "びょう"),
    "発": ("はつ", "ぱつ", "ぱつ"),
    "階": ("かい", "かい", "がい"),
    "軒": ("けん", "けん", "げん"),
    "足": ("そく", "そく", "ぞく"),
}
_MINUTES = ("分", "分間", "泊")
_SHORT_DAYS = {2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 20, 24}  # ふつか, …, はつか


def counted(number: str, counter: str, behind: str) -> str:
    """The reading of a counter between a number and the text behind it; "" where the dictionary's is right."""
    match = _NUMBER.fullmatch(number) if number[-1:].isdecimal() else None
    if match is None:
        return ""
    digits = match[1]
    if counter in _COUNTERS:
        most, hard, three = _COUNTERS[counter]
        return hard if digits[-1] in _HARD else three if digits[-1] in _SOFT else most
    if counter in _MINUTES:
        return _minutes(digits, counter, behind)
    if counter == "日":
        return "か" if int(digits[-4:]) in _SHORT_DAYS else "にち"
    if counter == "人":
        return "り" if digits in ("1", "2") else "にん"
    return ""


def _minutes(digits: str, counter: str, behind: str) -> str:
    """4分 is よんぷん, too; but 4分の1 is a fraction."""
    if counter == "泊":
        return "ぱく" if digits[-1] in "134680" else "はく"
    if behind.startswith("の"):
        return ""
    minutes = "ぷん" if digits[-1] in "134680" else "ふん"
    return minutes + ("かん" if counter == "分間" else "")
