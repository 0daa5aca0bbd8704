"""Lists of answers in a Word document: lines (`1 ア, 2 イウ`, `問1: b`), and tables."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from quizgen.importers.docx.heads import after_answer, after_explanation
from quizgen.importers.docx.lines import Grid, Line

_NAMED = r"(?:第|問題?|設問|[Qq]uestion|[QqＱ]|No\.)\s*"
_LETTER = "[A-Za-zァ-ヶあ-ん①-⑳]"
_KEY = rf"(?:{_LETTER}(?![A-Za-zァ-ヶあ-んー]{{3}})|\d{{1,2}}(?!\d))"
# An entry begins with a number that is named, or has a sign behind it, or stands before letters.
_ENTRY = re.compile(
    rf"(?:(?<=^)|(?<=[\s,;、；|/]))"
    rf"(?:{_NAMED}(?P<named>\d{{1,3}})\s*問?\s*[.:)=\-－→、]?|[(（\[【](?P<bracket>\d{{1,3}})[)）\]】]\s*[.:=\-－→]?"
    rf"|(?P<signed>\d{{1,3}})\s*(?:[.:)=→]|[-－–](?=\s*{_KEY}))(?!\d\d)|(?P<bare>\d{{1,3}})(?=\s*{_LETTER}(?![A-Za-z]{{2}})))\s*"
)
_SOME_LABELS = (
    "(?:[A-Ja-j]{1,6}(?![A-Za-zァ-ヶー])|[アイウエオカキクケコイロハニホヘト]{1,6}(?![ァ-ヶーA-Za-z])|[①-⑳]+)"
)
_LABELS = re.compile(
    rf"[(（\[]?{_SOME_LABELS}(?:\s*[,、・/|&と]?\s*{_SOME_LABELS})*[)）\]]?"
    r"|[(（\[]?\d{1,2}(?:\s*[,、・/|&と]\s*\d{1,2})*[)）\]]?(?!\d)"
)
_BETWEEN = " 　\t,、，;；.．。:：|/"
_REMARK = re.compile(r"\s*[(（][^()（）]{1,20}[)）]")  # such as (2点)
_EXPLAINED = re.compile(
    r"(?:^|(?<=[\s　、。,.【\[(（]))(?:解説|説明|[Ee]xplanation|[Rr]ationale)(?=[\s　:：】\])）]|$)"
)
_LONGEST = 2_000  # characters of a line
_NUMBER_HEADINGS = {"番号", "問", "問題", "問題番号", "設問", "no", "no.", "#", "question", "number", "q", "問番号"}
_ANSWER_HEADINGS = {"正解", "解答", "正答", "答え", "答", "answer", "answers", "key", "correct answer"}
_EXPLANATION_HEADINGS = {"解説", "説明", "explanation", "rationale"}


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a list of answers: a question's number, what is written as its answer, and what explains it."""

    number: int
    answer: str
    line: int
    explanation: tuple[Line, ...] = ()


def in_line(line: Line) -> list[Listed]:
    """The entries of a line that begins with one; what follows the last is its explanation."""
    text = _same_length(line.text)
    if len(text) > _LONGEST:
        return []
    explained = _EXPLAINED.search(text)
    end = explained.start() if explained else len(text)
    found = list(_ENTRY.finditer(text, 0, end))
    if not found or text[: found[0].start()].strip():
        return []
    entries: list[Listed] = []
    behind = 0
    for match, stop in zip(found, (*(following.start() for following in found[1:]), end), strict=True):
        start = match.end() + (after_answer(text[match.end() : stop]) or 0)
        labels = _LABELS.match(text, start, stop)
        if labels is None or (entries and text[behind : match.start()].strip(_BETWEEN)):
            break
        number = int(next(group for group in match.groups() if group))
        entries.append(Listed(number, labels[0], line.number))
        remark = _REMARK.match(text, labels.end(), stop)
        behind = remark.end() if remark else labels.end()
    if entries and text[behind:].strip(_BETWEEN):
        entries[-1] = replace(entries[-1], explanation=_rest(line, behind))
    return entries


def leading_labels(text: str) -> str:
    """The labels with which an answer begins (`イ（停止する）`); "" where it begins with none."""
    match = _LABELS.match(_same_length(text).strip())
    return match[0] if match else ""


def _same_length(text: str) -> str:
    """The text with full-width digits and signs as half-width ones, each character in its place."""
    plain = (unicodedata.normalize("NFKC", letter) if "！" <= letter <= "ﾟ" else letter for letter in text)
    return "".join(new if len(new) == 1 else old for new, old in zip(plain, text, strict=True))


def _rest(line: Line, start: int) -> tuple[Line, ...]:
    text = line.text[start:]
    lead = len(text) - len(text.lstrip(_BETWEEN))
    head = after_explanation(text[lead:]) or 0
    return (line.cut(start + lead + head),)


def in_grid(line: Line, grid: Grid, *, listed: bool) -> list[Listed]:
    """The entries of a table with our headings, or of one below a heading of answers (`listed`)."""
    texts = grid.texts()
    headed = list(_headed(texts, grid, line))
    if headed or not listed:
        return headed
    across = list(_across(texts, line))
    return across or [entry for row in texts for entry in _pairs(row, line)]


def _headed(texts: Sequence[Sequence[str]], grid: Grid, line: Line) -> Iterator[Listed]:
    """Rows below headings such as 番号 and 正解, which may stand several times beside each other."""
    head = [text.casefold().strip(" :：") for text in texts[0]]
    numbers = [at for at, text in enumerate(head) if text in _NUMBER_HEADINGS]
    answers = [at for at, text in enumerate(head) if text in _ANSWER_HEADINGS]
    notes = [at for at, text in enumerate(head) if text in _EXPLANATION_HEADINGS]
    if not answers or not numbers:
        return
    for cells, row in zip(texts[1:], grid.rows[1:], strict=True):
        for number_at, answer_at in zip(numbers, answers, strict=False):
            number = _number(cells[number_at]) if max(number_at, answer_at) < len(cells) else None
            if number is not None and cells[answer_at]:
                explained = row[notes[0]] if notes and len(answers) == 1 and notes[0] < len(row) else ()
                yield Listed(number, cells[answer_at], line.number, explained)


def _across(texts: Sequence[Sequence[str]], line: Line) -> Iterator[Listed]:
    """Pairs of rows: the numbers, and below them the answers."""
    for upper, lower in zip(texts[::2], texts[1::2], strict=False):
        pairs = [(_number(one), other) for one, other in zip(upper, lower, strict=False)]
        known = [(number, answer) for number, answer in pairs if number is not None and answer]
        if len(known) < 2 or len(known) < len([answer for answer in lower if answer]) - 1:
            return
        yield from (Listed(number, answer, line.number) for number, answer in known)


def _pairs(row: Sequence[str], line: Line) -> Iterator[Listed]:
    for one, other in zip(row[::2], row[1::2], strict=False):
        number = _number(one)
        if number is not None and other:
            yield Listed(number, other, line.number)


def _number(text: str) -> int | None:
    match = re.fullmatch(
        rf"(?:{_NAMED})?[(\[【]?\s*(\d{{1,3}})\s*[)\]】]?問?[.:]?", unicodedata.normalize("NFKC", text).strip()
    )
    return int(match[1]) if match else None
