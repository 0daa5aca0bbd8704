"""Choices as they should have been printed, broken ones joined and stray characters gone; and which are right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from quizgen.importers.textbook.book import Question
from quizgen.importers.textbook.findings import Findings
from quizgen.importers.textbook.lines import Key

_OPENING, _CLOSING = "(（「『[［【〔", ")）」』]］】〕"
_CODE = re.compile(r"`[^`]*`")
_STRAY = re.compile(r"(?:^|(?<=[\s　「『（(]))[=＝~〜;；*＊^]{1,2}(?=--?[A-Za-z])")
_JAPANESE = re.compile("[ぁ-ヿ一-鿿]")
_MOST_PIECES = 4
_LONGEST_MIDDLE_PIECE = 20


@dataclass(frozen=True, slots=True)
class MendedChoice:
    """A choice, and the numbers that it had in print: several when it was printed in pieces."""

    numbers: tuple[int, ...]
    text: str
    line: int
    column: int


def mended_choices(number: int, question: Question, findings: Findings) -> tuple[MendedChoice, ...]:
    """The choices of a question with their defects mended, or told."""
    mended = _joined(number, _tidied(number, _counted(number, question, findings), findings), findings)
    for place, choice in enumerate(mended, start=1):
        if fault := unbalanced(choice.text):
            message = f"choice {place} of Q{number} {fault}; complete it"
            findings.doubtful(choice.line, choice.column, "cut-off", message)
    return mended


def without_stray(text: str, what: str, line: int, column: int, findings: Findings) -> str:
    """A text without the characters that stand before an option, as in `=-d`, where none belongs."""
    for match in _STRAY.finditer(text.split("\n", 1)[0]):
        option = re.match(r"--?[A-Za-z][\w-]*", text[match.end() :], re.ASCII)
        message = f"{what}: `{match[0]}` before `{option[0] if option else '-'}` is taken off"
        findings.repaired(line, column + match.start(), "stray-character", message)
    return _STRAY.sub("", text)


def unbalanced(text: str) -> str:
    """What is wrong with a text's brackets, in words; "" when nothing is."""
    lowest, depth = _depths(text)
    if lowest < 0:
        return "closes a bracket that it does not open"
    return "breaks off inside its brackets" if depth > 0 else ""


def _depths(text: str) -> tuple[int, int]:
    """How deep in brackets a text is at its lowest point, and at its end."""
    lowest = depth = 0
    for character in _CODE.sub("", text):
        depth += (character in _OPENING) - (character in _CLOSING)
        lowest = min(lowest, depth)
    return lowest, depth


def _counted(number: int, question: Question, findings: Findings) -> list[MendedChoice]:
    """The choices by their numbers, a number that is printed twice being the place."""
    printed = [choice.number for choice in question.choices]
    twice = len(set(printed)) < len(printed)
    counted = []
    for place, choice in enumerate(question.choices, start=1):
        if twice and choice.number != place:
            message = f"choice {place} of Q{number} is numbered {choice.number}; it is taken for choice {place}"
            findings.repaired(choice.line, 1, "choice-number", message)
        elif not twice and place > 1 and choice.number > printed[place - 2] + 1:
            message = f"Q{number} has no choice {choice.number - 1}; add it if it is missing"
            findings.doubtful(choice.line, 1, "choice-number", message)
        numbers = (place if twice else choice.number,)
        counted.append(MendedChoice(numbers, choice.text, choice.line, choice.column))
    return counted


def _tidied(number: int, choices: Sequence[MendedChoice], findings: Findings) -> list[MendedChoice]:
    tidied = []
    for place, choice in enumerate(choices, start=1):
        what = f"choice {place} of Q{number}"
        text = without_stray(choice.text, what, choice.line, choice.column, findings)
        tidied.append(replace(choice, text=text))
    return tidied


def _joined(number: int, choices: Sequence[MendedChoice], findings: Findings) -> tuple[MendedChoice, ...]:
    """The choices, those in one that were broken at a comma inside brackets: they balance only together."""
    joined: list[MendedChoice] = []
    at = 0
    while at < len(choices):
        count = _pieces(choices[at : at + _MOST_PIECES])
        # Two choices at least there have to be, or the brackets are to blame.
        if count > 1 and len(joined) + len(choices) - at - count + 1 >= 2:
            pieces = choices[at : at + count]
            joined.append(_as_one(pieces))
            listed = " and ".join(str(piece.numbers[0]) for piece in pieces)
            message = f"choices {listed} of Q{number} are one, broken at a comma inside its brackets; they are joined"
            findings.repaired(pieces[0].line, pieces[0].column, "broken-choice", message)
            at += count
        else:
            joined.append(choices[at])
            at += 1
    return tuple(joined)


def _pieces(choices: Sequence[MendedChoice]) -> int:
    """How many of these choices, from the first on, are pieces of one; 1 if it is whole or broken for good."""
    depth = 0
    for count, choice in enumerate(choices, start=1):
        lowest, change = _depths(choice.text)
        if depth + lowest < 0 or (count > 1 and lowest == change == 0 and len(choice.text) > _LONGEST_MIDDLE_PIECE):
            return 1
        depth += change
        if depth == 0:
            return count
    return 1


def _as_one(pieces: Sequence[MendedChoice]) -> MendedChoice:
    text = pieces[0].text
    comma = "、" if any(_JAPANESE.search(piece.text) for piece in pieces) else ", "
    for piece in pieces[1:]:
        text += ("" if text[-1:] in "、，" else " " if text[-1:] == "," else comma) + piece.text
    numbers = tuple(number for piece in pieces for number in piece.numbers)
    return replace(pieces[0], text=text, numbers=numbers)


def right_choices(
    number: int, choices: Sequence[MendedChoice], line: int, key: Key, findings: Findings
) -> tuple[int, ...]:
    """The places, from 0, of the right choices; () when the key, which stands on a line, names none that is there."""
    places = _places(number, choices, line, key, findings)
    absent = sorted({name for name in key.choices if name not in places})
    if not key.tidy:
        read = " and ".join(map(str, key.choices))
        message = f"the key `{key.written}` of Q{number} has a separator too many; it is read as {read}"
        findings.repaired(line, key.column, "key-separator", message)
    if absent:
        missing = " and ".join(map(str, absent))
        message = f"the key of Q{number} names choice {missing}, but it has {len(choices)} choices"
        findings.doubtful(line, key.column, "unknown-choice", message)
    return tuple(sorted({places[name] for name in key.choices if name in places}))


def _places(number: int, choices: Sequence[MendedChoice], line: int, key: Key, findings: Findings) -> dict[int, int]:
    """Where the choice of each number in a key is: by the numbers in print, or as counted after joining."""
    printed = {name: place for place, choice in enumerate(choices) for name in choice.numbers}
    counted = {place + 1: place for place in range(len(choices))}
    joined = any(len(choice.numbers) > 1 for choice in choices)
    if not joined or any(name > len(choices) for name in key.choices):
        return printed
    if any(printed.get(name) != counted.get(name) for name in key.choices):
        message = f"the key of Q{number} is taken to count the choices after joining; compare it with the book"
        findings.doubtful(line, key.column, "key-after-joining", message)
    return counted
