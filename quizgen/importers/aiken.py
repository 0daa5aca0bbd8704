"""Aiken, the simplest text format: a question, choices behind letters, and a line ANSWER: with the right one's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath

from quizgen.importers.graded import Graded, NotCarriedError, keyed
from quizgen.importers.imported import BankDraft, Imported, Note, QuestionDraft, Skipped
from quizgen.importers.markdown import literal
from quizgen.importers.text import decoded
from quizgen.problems import Position, Problem, ProblemsError

MOST_QUESTIONS = 20_000
_SNIFFED = 100_000  # bytes
_CHOICE = re.compile(r"\s*[(]?([A-Za-z])\s*[).:]\s*(.*)", re.DOTALL)
_ANSWER = re.compile(r"\s*(?:ANSWER|正解|解答|答え)\s*:\s*(.*)", re.IGNORECASE | re.DOTALL)
_LETTERS = re.compile(r"[A-Za-z](?:\s*[,、;&/\s]\s*[A-Za-z])*\s*\.?")
_SURE = re.compile(r"^\s*[(]?A\s*[).]\s*\S.*\n(?:.*\n){0,60}?\s*ANSWER\s*:\s*[A-Z]\s*$", re.MULTILINE)
_LONGEST_NAME = 60
# ASCII for full-width letters, digits and signs, one for one.
_HALF_WIDTH = {0x3000: 0x20, **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}}


@dataclass(slots=True)
class _Entry:
    """What has been read of a question so far."""

    position: Position
    text: list[str] = field(default_factory=list)
    choices: list[list[str]] = field(default_factory=list)


def sniff(name: str, data: bytes) -> int:
    """Sure where lettered choices are followed by ANSWER and a letter."""
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = data[:_SNIFFED].decode("utf-16" if wide else "utf-8", errors="ignore").replace("\r", "\n")
    return 80 if _SURE.search(_half_width(text)) else 60 if PurePath(name).suffix.lower() == ".aiken" else 0


def read(name: str, data: bytes) -> Imported:
    """The questions of a file as one bank."""
    text, notes = decoded(name, data)
    drafts: list[QuestionDraft] = []
    skipped: list[Skipped] = []
    mended: list[Note] = []
    for number, (entry, answer) in enumerate(_entries(name, text, mended)):
        if number >= MOST_QUESTIONS:
            message = f"the file has more than {MOST_QUESTIONS:,} questions; split it"
            raise ProblemsError([Problem(entry.position, "too-large", message)])
        try:
            drafts.append(_question(entry, answer, mended))
        except NotCarriedError as error:
            skipped.append(Skipped(entry.position, error.code, _what(entry), str(error)))
    banks = (BankDraft(PurePath(name).stem, tuple(drafts)),) if drafts else ()
    return Imported(banks, (), (*notes, *mended), tuple(skipped))


def _what(entry: _Entry) -> str:
    name = " ".join(" ".join(entry.text).split())
    return f"`{name[:_LONGEST_NAME]}…`" if len(name) > _LONGEST_NAME else f"`{name}`" if name else "a question"


def _half_width(text: str) -> str:
    return text.translate(_HALF_WIDTH)


def _entries(name: str, text: str, notes: list[Note]) -> Iterator[tuple[_Entry, str | None]]:
    """Each question with what stands behind ANSWER; None where that line is missing."""
    entry: _Entry | None = None
    blank = False
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            blank = True
            continue
        position = Position(name, number, len(line) - len(line.lstrip()) + 1)
        answer = _ANSWER.fullmatch(_half_width(line))
        if answer:
            yield entry or _Entry(position), answer[1].strip()
            entry = None
        elif entry is None:
            entry = _Entry(position, [line.strip()])
        elif blank and len(entry.choices) > 1 and _next_choice(entry, line) is None:
            yield entry, None
            entry = _Entry(position, [line.strip()])
        else:
            _add(entry, line, position, notes)
        blank = False
    if entry is not None:
        yield entry, None


def _add(entry: _Entry, line: str, position: Position, notes: list[Note]) -> None:
    """Put a line where it belongs: a new choice, or more of what stands above it."""
    choice = _next_choice(entry, line)
    if choice is not None:
        entry.choices.append([choice])
        return
    where = f"choice {chr(ord('A') + len(entry.choices) - 1)}" if entry.choices else "the question"
    message = f"this line is read as more of {where}; in Aiken, each stands on one line"
    notes.append(Note(position, "broken-line", message, repaired=True))
    (entry.choices[-1] if entry.choices else entry.text).append(line.strip())


def _next_choice(entry: _Entry, line: str) -> str | None:
    """The text of a line that begins with the next choice's letter."""
    match = _CHOICE.fullmatch(_half_width(line))
    if match is None or ord(match[1].upper()) - ord("A") != len(entry.choices):
        return None
    return line[match.start(2) :].strip()


def _question(entry: _Entry, answer: str | None, notes: list[Note]) -> QuestionDraft:
    if answer is None:
        raise NotCarriedError("no-answer", "it has no line ANSWER:")
    if not entry.text:
        raise NotCarriedError("no-text", "nothing stands above this ANSWER")
    right = _right(answer, len(entry.choices))
    graded = [
        Graded(literal("\n".join(lines)), 100.0 if number in right else 0.0)
        for number, lines in enumerate(entry.choices)
    ]
    key = keyed(graded, single=len(right) == 1)
    if len(right) > 1:
        message = f"ANSWER names {len(right)} choices, which Aiken cannot; the question is multiple"
        notes.append(Note(entry.position, "several-answers", message, repaired=True))
    return QuestionDraft(entry.position, key.type, literal("\n".join(entry.text)), key.choices, key.answer)


def _right(answer: str, count: int) -> frozenset[int]:
    """The places of the choices that ANSWER names."""
    if not _LETTERS.fullmatch(answer):
        raise NotCarriedError("unknown-answer", f"ANSWER is followed by `{answer[:20]}` and not by a choice's letter")
    letters = re.findall("[A-Z]", answer.upper())
    unknown = next((letter for letter in letters if ord(letter) - ord("A") >= count), None)
    if unknown:
        there = f"up to {chr(ord('A') + count - 1)}" if count else "none"
        raise NotCarriedError("unknown-answer", f"ANSWER names {unknown}, but there are choices {there}")
    return frozenset(ord(letter) - ord("A") for letter in letters)
