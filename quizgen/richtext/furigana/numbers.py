"""Counters behind numbers: 3本 is さんぼん, 2日 is ふつか, which a dictionary of words does not tell."""

from __future__ import annotations

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
    "日": ("にち", "にち", "にち"),
    "人": ("にん", "にん", "にん"),
    "文字": ("もじ", "もじ", "もじ"),
}
# By counter: how it is read after most digits, and after 1, 3, 4, 6, 8 and 0.
_MINUTES = {"分": ("ふん", "ぷん"), "分間": ("ふんかん", "ぷんかん"), "泊": ("はく", "ぱく")}
# What has no reading of the number apart from the counter's.
_WHOLE = {
    "1人": "ひとり",
    "2人": "ふたり",
    "2日": "ふつか",
    "3日": "みっか",
    "4日": "よっか",
    "5日": "いつか",
    "6日": "むいか",
    "7日": "なのか",
    "8日": "ようか",
    "9日": "ここのか",
    "10日": "とおか",
    "14日": "じゅうよっか",
    "20日": "はつか",
    "24日": "にじゅうよっか",
}


def is_number(text: str) -> bool:
    """Whether a word is a whole number in digits."""
    return text.isdecimal()


def whole(before: str, number: str, counter: str) -> str:
    """The reading of a number with its counter as one word, or ""; `before` is the word before them."""
    written = f"{int(number)}{counter}" if len(number) <= len("10") else ""
    return "ついたち" if written == "1日" and before == "月" else _WHOLE.get(written, "")


def counted(number: str, counter: str, behind: str) -> str:
    """The reading of a counter between a number and the word behind it; "" where the dictionary's is right."""
    last = str(int(number[-1]))
    if counter in _MINUTES and not behind.startswith("の"):  # 4分の1 is a fraction
        most, hard = _MINUTES[counter]
        return hard if last in "134680" else most
    if counter in _COUNTERS:
        most, hard, three = _COUNTERS[counter]
        return hard if last in _HARD else three if last in _SOFT else most
    return ""
