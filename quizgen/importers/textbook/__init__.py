"""The text of a printed book: its tests chapter by chapter, the answer list at its end, its assignments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.importers.imported import AssignmentsDraft, BankDraft, Imported, QuestionDraft
from quizgen.importers.text import decoded
from quizgen.importers.textbook.answer_list import runs
from quizgen.importers.textbook.assignments import assignments
from quizgen.importers.textbook.book import ListedKey, Unit
from quizgen.importers.textbook.chapters import units
from quizgen.importers.textbook.doubles import without_doubles
from quizgen.importers.textbook.drafting import assignment_draft, question_draft
from quizgen.importers.textbook.findings import Findings
from quizgen.importers.textbook.lines import kinds
from quizgen.importers.textbook.numbers import keys_by_number, numbered
from quizgen.importers.textbook.questions import questions
from quizgen.problems import Position, Problem, ProblemsError

_QUESTION = re.compile(r"^[\s　]*[QＱ][\s　]*[0-9０-９]{1,3}[\s　]*[:：.．、)）]", re.MULTILINE)
_KEY = re.compile(r"^[\s　]*[QＱ][\s　]*[0-9０-９]{1,3}[\s　:：.．]+[0-9０-９①-⑳ア-コ]", re.MULTILINE)
_MOST_LINES = 500_000
_TEST = re.compile("確認テスト|確認問題|章末問題|章末テスト|練習問題")


def sniff(name: str, data: bytes) -> int:  # noqa: ARG001 - the name says nothing about this format
    """Sure when there are tests, questions and keys; half sure without the word for tests."""
    try:
        text, _ = decoded("", data)
    except ProblemsError:
        return 0
    if not (_QUESTION.search(text) and _KEY.search(text)):
        return 0
    return 80 if _TEST.search(text) else 40


def read(name: str, data: bytes) -> Imported:
    """The banks, one for each chapter with a test, and the assignments, with every defect mended or told."""
    text, notes = decoded(name, data)
    lines = text.split("\n")
    if len(lines) > _MOST_LINES:
        message = f"the book has {len(lines):,} lines, the most is {_MOST_LINES:,}; split it"
        raise ProblemsError([Problem(Position(name), "too-large", message)])
    found = kinds(lines)
    asked = questions(lines, found)
    listed = runs(found, {question.line for question in asked if question.choices})
    findings = Findings(name, list(notes))
    chapters, stray = units(asked, found, listed)
    banks = [_bank(unit, findings) for unit in chapters]
    _tell_unused(stray, findings)
    work = tuple(assignment_draft(printed, findings) for printed in assignments(lines, found))
    return Imported(
        without_doubles([bank for bank in banks if bank.questions], findings),
        (AssignmentsDraft("演習課題", work, id="assignments"),) if work else (),
        tuple(sorted(findings.notes)),
        tuple(sorted(findings.skipped)),
    )


def _bank(unit: Unit, findings: Findings) -> BankDraft:
    keys = keys_by_number(unit.keys, {question.number for question in unit.questions}, findings)
    right = numbered(unit.questions, keys, findings)
    _tell_unused([key for number, key in keys.items() if number not in {found for found, _ in right}], findings)
    drafts = (question_draft(number, question, keys.get(number), question.test, findings) for number, question in right)
    return BankDraft(
        unit.title or (f"第{unit.number}章" if unit.number else "確認テスト"),
        tuple(_present(drafts)),
        id=f"chapter-{unit.number:02}" if unit.number else "quiz",
    )


def _present(drafts: Iterator[QuestionDraft | None]) -> Iterator[QuestionDraft]:
    return (draft for draft in drafts if draft is not None)


def _tell_unused(keys: list[ListedKey] | tuple[ListedKey, ...], findings: Findings) -> None:
    for key in keys:
        message = f"the answer list has a key for Q{key.number}, but there is no such question in its chapter"
        findings.doubtful(key.line, 1, "key-without-question", message)
