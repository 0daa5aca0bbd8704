"""What a line of a printed book is: a heading, the head of a question, a choice, a line of the answer list."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from quizgen.language import LABELS

# A longer line is a table or data, and no pattern is tried on it.
_LONGEST = 5_000
_DIGITS = "0-9０-９"
_NUMBER = rf"[{_DIGITS}]{{1,3}}"
_KANJI_NUMBER = "[〇一二三四五六七八九十]{1,4}"
_BLANKS = r"[\s　]*"
_HEAD = rf"^{_BLANKS}(?:#{{1,6}}{_BLANKS})?"
_TESTS = "確認テスト|確認問題|章末テスト|章末問題|練習問題"
_DECORATION = r"[\s　—―–‐\-=＝■□◆◇●○【】\[\]*#~〜]*"

_CHAPTER = re.compile(
    rf"{_HEAD}([{_DIGITS}]{{1,4}}[\s　]+)?第{_BLANKS}({_NUMBER}|{_KANJI_NUMBER}){_BLANKS}章(?:[\s　:：.．]+(.*))?$"
)
_LEADER = re.compile(rf"(?:[\s　]*[.．・…‥·⋯_―—-]{{2,}}[\s　]*|[\s　]{{2,}}|\t)[{_DIGITS}]{{1,4}}[\s　]*$")
_PAGE_BEHIND = re.compile(rf"[\s　][{_DIGITS}]{{1,4}}[\s　]*$")
_TEST = re.compile(rf"^{_DECORATION}((?:{_TESTS}){_BLANKS}(?:{_NUMBER}|{_KANJI_NUMBER})?){_DECORATION}$")
_ANSWERS = re.compile(
    rf"^{_DECORATION}(?:(?:{_TESTS}|テスト|問題)?{_BLANKS}の?{_BLANKS}(?:解答|回答|正解|答え)(?:一覧|編|例)?){_DECORATION}$"
)
_QUESTION = re.compile(rf"{_HEAD}(?:\*\*)?[QＱ][\s　.．]*({_NUMBER}){_BLANKS}[:：.．、)）](?:\*\*)?{_BLANKS}(.*)$")
_NUMBERED = re.compile(rf"^{_BLANKS}[QＱ][\s　.．]*({_NUMBER})(?![{_DIGITS}])(.*)$")
_MARK = rf"(?:[{_DIGITS}]{{1,2}}|[①-⑳]|[ア-コ]|[A-Za-zＡ-Ｚａ-ｚ])(?![{_DIGITS}A-Za-z])"
_BETWEEN = r"[\s　|｜,，、・/／]"
_KEY = re.compile(
    rf"[QＱ][\s　.．]*({_NUMBER})(?![{_DIGITS}])[\s　:：.．]*((?:{_BETWEEN}*{_MARK})+(?:{_BLANKS}[|｜,，、・/／])*)"
)
_KEY_MARK = re.compile(_MARK)
_TIDY_KEY = re.compile(rf"{_MARK}(?:(?:{_BLANKS}[|｜,，、・/／]{_BLANKS}|[\s　]+){_MARK})*")
_ASSIGNMENTS = re.compile(rf"^{_DECORATION}演習課題{_DECORATION}$")
_ASSIGNMENT = re.compile(rf"{_HEAD}(?:演習)?課題{_BLANKS}({_NUMBER})(?:{_BLANKS}[:：.．]{_BLANKS}|[\s　]+|$)(.*)$")
_PAGE = re.compile(rf"^{_BLANKS}(?:[-—–―]{_BLANKS})?[{_DIGITS}]{{1,4}}(?:{_BLANKS}[-—–―])?{_BLANKS}$")
_HEADING = re.compile(
    rf"^{_BLANKS}(?:#{{1,6}}[\s　]|[{_DIGITS}]+[.．-][{_DIGITS}]+|第{_BLANKS}[{_DIGITS}]+{_BLANKS}[節部]|[■□◆◇●【])"
)
_REPLY = re.compile(rf"^{_BLANKS}[AＡ]{_BLANKS}{_NUMBER}{_BLANKS}[:：]")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})\s*(\S*)")
_CHOICES = (
    ("digit", re.compile(rf"^{_BLANKS}([{_DIGITS}]{{1,2}})(?:[.．](?![{_DIGITS}])|[、)）:：]){_BLANKS}(.*)$")),
    ("circle", re.compile(rf"^{_BLANKS}([①-⑳]){_BLANKS}(.*)$")),
    ("bracket", re.compile(rf"^{_BLANKS}[(（]([{_DIGITS}]{{1,2}}|[ア-コ]|[A-Za-z])[)）]{_BLANKS}(.*)$")),
    ("katakana", re.compile(rf"^{_BLANKS}([ア-コ])(?:[.．、)）:：]{_BLANKS}|[\s　]+)(.*)$")),
    ("letter", re.compile(rf"^{_BLANKS}([A-Ja-jＡ-Ｊａ-ｊ])[.．、)）:：]{_BLANKS}(.*)$")),
)  # fmt: skip
_FIRST_CHARACTERS = re.compile(
    rf"^{_BLANKS}[第QＱ確章練テ問解回正答演課#*{_DIGITS}①-⑳(（ア-コA-Ja-jＡ-Ｊａ-ｊ—―–‐=＝■□◆◇●○【\[~〜-]"
)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A line 第N章 …: a chapter's heading, its line in a table of contents, or a running head."""

    number: int
    title: str
    page: bool


@dataclass(frozen=True, slots=True)
class Test:
    """A heading 確認テストN."""

    name: str


@dataclass(frozen=True, slots=True)
class QuestionHead:
    """A line `Q1: …`, the text's column counted from 1."""

    number: int
    text: str
    column: int


@dataclass(frozen=True, slots=True)
class ChoiceHead:
    """A line that begins as a choice does: the way it is counted, its number, its text and the text's column."""

    style: str
    number: int
    text: str
    column: int


@dataclass(frozen=True, slots=True)
class Key:
    """A question's right choices by the answer list; not `tidy` when a separator stands where none belongs."""

    number: int
    choices: tuple[int, ...]
    column: int
    written: str
    tidy: bool


@dataclass(frozen=True, slots=True)
class Keys:
    """A line of the answer list."""

    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class BrokenKey:
    """A line `Q1 …` of which the rest is no key; it is one only among others."""

    number: int
    rest: str


@dataclass(frozen=True, slots=True)
class AssignmentHead:
    """A line 課題 N, with a title or without."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Plain:
    """Any other line: the heading of the answers, the assignments or a section, an author's `A1: …`, `text`, ….

    `kind` says which.
    """

    kind: str


Kind = Chapter | Test | QuestionHead | ChoiceHead | Keys | BrokenKey | AssignmentHead | Plain

BLANK, CODE, PAGE, ANSWERS, ASSIGNMENTS, HEADING, REPLY, TEXT = map(
    Plain, ("blank", "code", "page", "answers", "assignments", "heading", "reply", "text")
)


def kinds(lines: list[str]) -> list[Kind]:
    """What each line is; all lines of a fenced piece of code are code."""
    inside = _fenced(lines)
    return [CODE if inside[number] else _kind(line) for number, line in enumerate(lines)]


def _fenced(lines: list[str]) -> list[bool]:
    """Whether each line stands in a piece of code between fences; a fence that is never closed opens none."""
    inside = [False] * len(lines)
    start: int | None = None
    mark = ""
    for number, line in enumerate(lines):
        fence = _FENCE.match(line)
        if fence is None:
            continue
        if start is not None and not fence[2] and fence[1].startswith(mark):
            inside[start : number + 1] = [True] * (number + 1 - start)
            start = None
        elif start is None or fence[2]:
            start, mark = number, fence[1]
    return inside


def _kind(line: str) -> Kind:
    if not line.strip():
        return BLANK
    if len(line) > _LONGEST or not _FIRST_CHARACTERS.match(line):
        return TEXT
    return next((kind for recognize in _RECOGNIZERS if (kind := recognize(line))), TEXT)


def _page(line: str) -> Kind | None:
    return PAGE if _PAGE.match(line) else None


def _chapter(line: str) -> Kind | None:
    match = _CHAPTER.match(line)
    if match is None or "。" in (match[3] or ""):
        return None
    title = (match[3] or "").strip()
    bare = _LEADER.sub("", title)
    return Chapter(whole_number(match[2]), bare, page=bool(match[1]) or without_page(bare) != title)


def _heading_of(pattern: re.Pattern[str], kind: Plain) -> Callable[[str], Kind | None]:
    return lambda line: kind if pattern.match(line) else None


def _test(line: str) -> Kind | None:
    match = _TEST.match(line)
    return Test(re.sub(_BLANKS, "", unicodedata.normalize("NFKC", match[1]))) if match else None


def _keys(line: str) -> Kind | None:
    stripped = line.strip()
    matches = list(_KEY.finditer(stripped))
    if not matches or _KEY.sub("", stripped).strip():
        return None
    shift = len(line) - len(line.lstrip())
    return Keys(tuple(_key(match, shift) for match in matches))


def _key(match: re.Match[str], shift: int) -> Key:
    marks = tuple(ordinal(mark) for mark in _KEY_MARK.findall(match[2]))
    written = match[2].strip()
    return Key(whole_number(match[1]), marks, match.start(2) + shift + 1, written, bool(_TIDY_KEY.fullmatch(written)))


def _broken_key(line: str) -> Kind | None:
    match = _NUMBERED.match(line)
    return BrokenKey(whole_number(match[1]), match[2].strip()) if match else None


def _question(line: str) -> Kind | None:
    match = _QUESTION.match(line)
    return QuestionHead(whole_number(match[1]), match[2].strip(), match.start(2) + 1) if match else None


def _assignment(line: str) -> Kind | None:
    match = _ASSIGNMENT.match(line)
    if match is None or "。" in match[2] or _LEADER.search(match[2]) or len(match[2]) > 80:
        return None
    return AssignmentHead(whole_number(match[1]), match[2].strip())


def _choice(line: str) -> Kind | None:
    for style, pattern in _CHOICES:
        if (match := pattern.match(line)) and match[2].strip():
            return ChoiceHead(style, ordinal(match[1]), match[2].strip(), match.start(2) + 1)
    return None


_RECOGNIZERS: tuple[Callable[[str], Kind | None], ...] = (
    _page,
    _chapter,
    _test,
    _heading_of(_ANSWERS, ANSWERS),
    _heading_of(_ASSIGNMENTS, ASSIGNMENTS),
    _assignment,
    _keys,
    _question,
    _broken_key,
    _choice,
    _heading_of(_HEADING, HEADING),
    _heading_of(_REPLY, REPLY),
)


def whole_number(text: str) -> int:
    """A number in half-width or full-width digits, or in kanji up to 99."""
    text = unicodedata.normalize("NFKC", text)
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return ((_kanji(tens) or 1) * 10 if ten else 0) + _kanji(ones)


def _kanji(digits: str) -> int:
    value = 0
    for digit in digits:
        value = value * 10 + "〇一二三四五六七八九".find(digit)
    return value


def ordinal(mark: str) -> int:
    """The place of a choice by its mark: 2 for `2`, `２`, `②`, `イ` and `b`."""
    mark = unicodedata.normalize("NFKC", mark)
    if mark.isdecimal():
        return int(mark)
    if mark in LABELS["katakana"]:
        return LABELS["katakana"].index(mark) + 1
    return ord(mark.lower()) - ord("a") + 1


def without_page(title: str) -> str:
    """A title without a number behind it, which is a page's if others show the title without it."""
    return _PAGE_BEHIND.sub("", title).rstrip()
