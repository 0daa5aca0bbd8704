"""Serials of answer sheets: short, without letters that look alike, and with a check character for typing by hand."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quizgen.paper.exam import Paper

# No 0 and O, no 1, I and L. A prime number of them, so that the check tells any two letters that changed places.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH = 8  # without the check


def serial(paper: Paper) -> str:
    """What tells the sheet from all others: of the exam, its seed and the paper; never the student's number itself."""
    match paper.printing.answer_sheets:
        case "generic":
            return _serial(paper, "generic", "")
        case "variant" if paper.variant:
            return _serial(paper, "variant", paper.variant)
        case _:
            return _serial(paper, "student" if paper.student else "variant", paper.name)


def _serial(paper: Paper, kind: str, name: str) -> str:
    key = json.dumps([paper.id, paper.seed, kind, name], ensure_ascii=False)
    number = int.from_bytes(sha256(key.encode()).digest())
    letters = ""
    for _ in range(_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters += ALPHABET[place]
    return letters + _check(letters)


def _check(letters: str) -> str:
    weighed = sum(place * ALPHABET.index(letter) for place, letter in enumerate(letters, start=2))
    return ALPHABET[-weighed % len(ALPHABET)]


def shown(serial: str) -> str:
    """A serial in groups of three, as it is printed and read aloud."""
    return "-".join(serial[at : at + 3] for at in range(0, len(serial), 3))


def typed(text: str) -> str | None:
    """The serial that someone typed, in whatever case and groups; None where a letter is wrong."""
    letters = "".join(text.upper().replace("-", "").split())
    known = len(letters) == _LENGTH + 1 and set(letters) <= set(ALPHABET)
    return letters if known and _check(letters[:-1]) == letters[-1] else None
