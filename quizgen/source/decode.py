"""Bytes to text: UTF-8 only, and for anything else its name and the way to convert it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.problems import Position, Problem

MOST_BYTES = 64 * 1024 * 1024
_MOST_SHOWN = 20

# What YAML 1.2 calls printable is allowed, all else is not; U+FEFF only as a mark at the beginning.
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_KANA = re.compile("[ぁ-んァ-ヶー]")
_WIDE_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


def decode(path: str, data: bytes) -> tuple[str, tuple[Problem, ...]]:
    """The text of a file, and what is wrong with its characters; the text is empty where it cannot be read."""
    wide = _WIDE_MARKS.get(data[:2]) or ("UTF-16" if b"\0" in data[1:2] + data[:1] and data.strip(b"\0") else "")
    if wide:
        return "", (_wrong_encoding(path, wide),)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return "", (_not_utf8(path, data, error),)
    return text, tuple(_control_characters(path, text))


def _wrong_encoding(path: str, encoding: str, line: int = 0) -> Problem:
    message = (
        f"the file is in {encoding}, not UTF-8; save it as UTF-8 in your editor, "
        f"or convert it: iconv -f {encoding.upper()} -t UTF-8 OLD.yaml > NEW.yaml"
    )
    return Problem(Position(path, line, 1 if line else 0), "encoding", message)


def _not_utf8(path: str, data: bytes, error: UnicodeDecodeError) -> Problem:
    line = data.count(b"\n", 0, error.start) + 1
    guess = _guessed_encoding(data[:200_000])
    if guess:
        return _wrong_encoding(path, guess, line)
    column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
    message = f"byte 0x{data[error.start]:02x} is not UTF-8 text; save the file as UTF-8 in your editor"
    return Problem(Position(path, line, column), "encoding", message)


def _guessed_encoding(data: bytes) -> str:
    """The Japanese encoding in which the bytes make the most kana, if they make any."""
    best, most = "", 0
    for name in ("Shift_JIS", "EUC-JP"):
        text = data.decode({"Shift_JIS": "cp932"}.get(name, name), errors="ignore")
        kana = len(_KANA.findall(text)) * 4 - text.count("�") - _half_width_kana(text)
        if kana > most:
            best, most = name, kana
    return best


def _half_width_kana(text: str) -> int:
    return sum("\uff61" <= character <= "\uff9f" for character in text)


def _control_characters(path: str, text: str) -> Iterator[Problem]:
    for count, match in enumerate(_CONTROL.finditer(text)):
        if count == _MOST_SHOWN:
            return
        start = text.rfind("\n", 0, match.start()) + 1
        position = Position(path, text.count("\n", 0, start) + 1, match.start() - start + 1)
        code_point = f"U+{ord(match.group()):04X}"
        yield Problem(
            position,
            "control-character",
            f"the invisible control character {code_point} stands here; delete it",
        )
