"""GIFT, Moodle's text format: questions parted by empty lines, with their answers in braces."""

from __future__ import annotations

import re
from pathlib import PurePath

from quizgen.importers.attributes import Category, category, shown, titles
from quizgen.importers.gift.entries import CATEGORY, Entry, entries, plain
from quizgen.importers.gift.question import read_question, split_title
from quizgen.importers.graded import NotCarriedError
from quizgen.importers.imported import BankDraft, Imported, Note, QuestionDraft, Skipped
from quizgen.importers.text import decoded
from quizgen.problems import Problem, ProblemsError

MOST_QUESTIONS = 20_000
_SNIFFED = 100_000  # bytes
_SURE = re.compile(r"^(?:\$CATEGORY:|::[^\n]+?::)", re.MULTILINE)
_LIKELY = re.compile(r"(?<!\\)\{\s*(?:[=~]|(?:T|F|TRUE|FALSE)\s*[}#])")
_LONGEST_NAME = 60


def sniff(name: str, data: bytes) -> int:
    """Sure where a category or a title is marked as only GIFT does, likely where braces hold `=` or `~`."""
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    head = data[:_SNIFFED].decode("utf-16" if wide else "utf-8", errors="ignore").replace("\r", "\n")
    found = 60 * bool(_LIKELY.search(head)) + 30 * bool(_SURE.search(head))
    return max(found if found >= 60 else 0, 85 if PurePath(name).suffix.lower() == ".gift" else 0)


def read(name: str, data: bytes) -> Imported:
    """The questions of a file, a bank for each category that has any."""
    text, notes = decoded(name, data)
    found: dict[Category, list[QuestionDraft]] = {}
    mended: list[Note] = []
    doubts: list[Note] = []
    skipped: list[Skipped] = []
    here: Category = ()
    for number, entry in enumerate(entries(name, text, mended)):
        if number >= MOST_QUESTIONS:
            message = f"the file has more than {MOST_QUESTIONS:,} questions; split it"
            raise ProblemsError([Problem(entry.position, "too-large", message)])
        if entry.text.startswith(CATEGORY):
            here = category(plain(entry.text.removeprefix(CATEGORY)))
            continue
        try:
            draft, lost = read_question(entry)
        except NotCarriedError as error:
            skipped.append(Skipped(entry.position, error.code, _what(entry), str(error)))
            continue
        found.setdefault(here, []).append(draft)
        doubts += (Note(draft.position, doubt.code, doubt.message) for doubt in lost)
    names = titles(found, PurePath(name).stem)
    banks = tuple(BankDraft(names[levels], tuple(drafts)) for levels, drafts in found.items())
    return Imported(banks, (), (*notes, *mended, *doubts), tuple(skipped))


def _what(entry: Entry) -> str:
    title, text = split_title(entry.text)
    name = shown(plain(title or text.partition("{")[0]))
    return f"`{name[:_LONGEST_NAME]}…`" if len(name) > _LONGEST_NAME else f"`{name}`" if name else "a question"
