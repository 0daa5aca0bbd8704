"""Ids and languages that a file does not say: short, telling where the text allows, the same at every import."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from quizgen.importers.imported import AssignmentsDraft, BankDraft, Imported
from quizgen.importers.text import cleaned

_LONGEST = 40
_MOST_WORDS = 5
_JAPANESE = re.compile("[ぁ-ヿ一-鿿]")
_FEW_WORDS = re.compile(
    "an?|and|are|as|at|be|by|can|do|does|for|from|have|how|if|in|is|it|its|of|on|or|that|the|this|to|what|when|which|"
    "who|why|will|with|you|your|following|statements?|true|correct"
)


def named(imported: Imported) -> Imported:
    """The same with an id for everything, unique where it has to be, and a title and a language for every file."""
    taken: dict[str, int] = {}
    banks = tuple(_named_bank(bank, f"bank-{number:02}", taken) for number, bank in enumerate(imported.banks, start=1))
    return replace(imported, banks=banks, assignments=tuple(_named_work(work, taken) for work in imported.assignments))


def _named_bank(bank: BankDraft, otherwise: str, taken: dict[str, int]) -> BankDraft:
    name = _unique(slug(bank.id) or slug(bank.title) or otherwise, taken)
    language = bank.language or language_of(*(question.text for question in bank.questions))
    title = bank.title if cleaned(bank.title).strip() else name
    return replace(_with_questions_named(bank), id=name, title=title, language=language)


def _named_work(work: AssignmentsDraft, taken: dict[str, int]) -> AssignmentsDraft:
    name = _unique(slug(work.id) or slug(work.title) or "assignments", taken)
    language = work.language or language_of(*(one.goal for one in work.assignments))
    title = work.title if cleaned(work.title).strip() else name
    return replace(_with_assignments_named(work), id=name, title=title, language=language)


def language_of(*texts: str) -> Literal["ja", "en"]:
    """Japanese where there is any kana or kanji, else English."""
    return "ja" if any(map(_JAPANESE.search, texts)) else "en"


def slug(text: str, most: int = _LONGEST) -> str:
    """An id of a text's words; "" for a text that has more in it than ASCII can say."""
    text = unicodedata.normalize("NFKD", cleaned(text))
    plain = "".join(character for character in text if not unicodedata.combining(character))
    if any(character.isalnum() and not character.isascii() for character in plain):
        return ""
    joined = re.sub(r"[^A-Za-z0-9._]+", "-", plain).strip("-._")
    short = joined if len(joined) <= most else joined[: most + 1].rpartition("-")[0] or joined[:most]
    return short.strip("-._")


def _with_questions_named(bank: BankDraft) -> BankDraft:
    width = max(2, len(str(len(bank.questions))))
    name = _namer()
    questions = tuple(
        replace(question, id=name(question.id, question.text, f"q{number:0{width}}"))
        for number, question in enumerate(bank.questions, start=1)
    )
    return replace(bank, questions=questions)


def _with_assignments_named(drafts: AssignmentsDraft) -> AssignmentsDraft:
    name = _namer()
    assignments = tuple(
        replace(one, id=name(one.id, one.title, f"a{number:02}"))
        for number, one in enumerate(drafts.assignments, start=1)
    )
    return replace(drafts, assignments=assignments)


def _namer() -> Callable[[str, str, str], str]:
    """Gives ids from an id in the file, a text, or a number, none of them twice."""
    taken: dict[str, int] = {}
    return lambda given, text, number: _unique(slug(given) or _telling(text) or number, taken)


def _telling(text: str) -> str:
    """The first words of a text that say what it is about."""
    words = re.findall(r"[^\W_]+(?:[.'-][^\W_]+)*", cleaned(text)[:300].lower())
    kept = [word.replace("'", "") for word in words if not _FEW_WORDS.fullmatch(word)]
    if not all(map(str.isascii, words)):
        return ""
    return slug("-".join(kept[:_MOST_WORDS]))


def _unique(name: str, taken: dict[str, int]) -> str:
    """The name, or the name with a number behind it; upper and lower case count as the same, as in file names."""
    candidate, number = name, taken.get(name.casefold(), 0)
    while candidate.casefold() in taken:
        number += 1
        candidate = f"{name}-{number + 1}"
    taken[name.casefold()] = number
    taken.setdefault(candidate.casefold(), 0)
    return candidate
