"""The lines of a Word document as questions: which way of numbering is theirs, and what belongs to which."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from quizgen.importers.docx.choices import Choice, chosen
from quizgen.importers.docx.heads import (
    Numbered,
    after_answer,
    after_explanation,
    choice_lines,
    is_answers_heading,
    numbered,
)
from quizgen.importers.docx.key import Listed, in_grid, in_line
from quizgen.importers.docx.lines import Line
from quizgen.language import LabelStyle

# Numbering that is surely a question's comes first; of ways with as many questions, the first is taken.
_KINDS = ("named", "ordinal", "bracket", "list", "dot", "comma", "parenthesis", "blank")
_MOST_WAYS = 8
_MOST_ANSWER_LINES = 30  # of one question
_CHAPTER = re.compile(
    r"^[\s　]*(?:第\s*[0-9０-９一二三四五六七八九十]{1,3}\s*[章回課部編]|(?:chapter|unit|lesson|module)\s*\d{1,3})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it stands there: `written` is the answer below it, "" where there is none."""

    number: int
    line: int
    chapter: str
    before: tuple[Line, ...]
    stem: tuple[Line, ...]
    choices: tuple[Choice, ...]
    style: LabelStyle | None
    written: str
    explanation: tuple[Line, ...]


@dataclass(slots=True)
class AnswerList:
    """A list of answers, behind so many questions, and the lines below its entries; filled while it is read."""

    behind: int
    entries: list[Listed] = field(default_factory=list)
    explained: dict[int, list[Line]] = field(default_factory=dict)

    def complete(self) -> list[Listed]:
        """The entries, each with the lines below it as its explanation."""
        return [
            replace(entry, explanation=(*entry.explanation, *self.explained.get(at, ())))
            for at, entry in enumerate(self.entries)
        ]


@dataclass(slots=True)
class Found:
    """What a document holds, in order; filled while it is read."""

    asked: list[Asked] = field(default_factory=list)
    lists: list[AnswerList] = field(default_factory=list)
    left_out: list[tuple[Line, ...]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines from a heading or a question's number to the next; `head` is None for a heading."""

    head: Numbered | None
    lines: tuple[Line, ...]


def questions(lines: Sequence[Line]) -> Found:
    """What the lines hold, read by that way of numbering which makes the most questions with choices."""
    split = [part for line in lines for part in choice_lines(line)]
    heads = [{head.kind: head for head in numbered(line)} for line in split]
    ways = Counter(kind for kinds in heads for kind in kinds)
    tried = sorted((kind for kind, _ in ways.most_common(_MOST_WAYS)), key=_rank)
    readings = [_Reading(split, [kinds.get(kind) for kinds in heads]).found() for kind in tried]
    best = max(readings, key=lambda found: sum(bool(asked.choices) for asked in found.asked), default=None)
    return best or _Reading(split, [None] * len(split)).found()


def _rank(kind: str) -> int:
    return _KINDS.index(kind.partition(" ")[0])


@dataclass(slots=True)
class _Reading:
    """The lines with the heads of one way of numbering."""

    lines: Sequence[Line]
    heads: Sequence[Numbered | None]
    result: Found = field(default_factory=Found)
    chapter: str = ""
    loose: list[Line] = field(default_factory=list)

    def found(self) -> Found:
        answering = False
        for block in self._blocks():
            first = block.lines[0]
            if block.head is not None and not (answering and not chosen(_behind(block), first).choices):
                answering = False
                self._ask(block)
                continue
            if is_answers_heading(first.text) or (block.head is None and _is_key_line(first)):
                answering = True
                self._begin_list()
            if answering:
                self._list(block)
            else:
                self._between(block)
        self._leave()
        return self.result

    def _blocks(self) -> Iterator[_Block]:
        start = 0
        for at, line in enumerate(self.lines):
            opens = self.heads[at] is not None or line.parts or self._opens_list(at) or _is_key_line(line)
            if opens and at > start:
                yield _Block(self.heads[start], tuple(self.lines[start:at]))
                start = at
        if self.lines:
            yield _Block(self.heads[start], tuple(self.lines[start:]))

    def _opens_list(self, at: int) -> bool:
        """Whether a line is the heading of a list of answers, and not a word 正解 with one answer below it."""
        if not is_answers_heading(self.lines[at].text):
            return False
        following = next((line for line in self.lines[at + 1 :] if not line.blank), None)
        if following is None or self.lines[at].parts or following.parts or _CHAPTER.match(following.text):
            return True
        return following.grid is not None or bool(in_line(following.spelled_out()))

    # Questions

    def _ask(self, block: _Block) -> None:
        head, first = block.head, block.lines[0]
        if head is None:
            return
        lines = (first.cut(head.start), *block.lines[1:])
        run = chosen(lines, first)
        tail = list(lines[run.end :])
        written, explanation, behind = _answer_and_explanation(tail)
        before = tuple(line for line in self.loose if not line.blank)
        self.loose = behind
        stem = lines[: run.start] if run.choices else lines[: len(lines) - len(tail)] or lines
        asked = Asked(
            *(head.number, first.number, self.chapter, before, stem, run.choices, run.style),
            *(written, tuple(explanation)),
        )
        self.result.asked.append(asked)

    def _between(self, block: _Block) -> None:
        first = block.lines[0]
        if first.parts or _CHAPTER.match(first.text):
            self._leave()
            if _CHAPTER.match(first.text):
                self.chapter = " ".join(first.text.split())
            self.loose += block.lines[1:]
        else:
            self.loose += block.lines

    def _leave(self) -> None:
        lines = tuple(line for line in self.loose if not line.blank)
        if lines:
            self.result.left_out.append(lines)
        self.loose = []

    # Lists of answers

    def _begin_list(self) -> None:
        self._leave()
        self.result.lists.append(AnswerList(len(self.result.asked)))

    def _list(self, block: _Block) -> None:
        answers = self.result.lists[-1]
        for line in block.lines:
            if is_answers_heading(line.text) or line.blank or line.parts:
                continue
            found = in_grid(line, line.grid, listed=True) if line.grid else in_line(_from_answer(line))
            if found or not answers.entries:
                answers.entries += found
                self.loose += [] if found else [line]
            else:
                start = after_explanation(line.text) or 0
                answers.explained.setdefault(len(answers.entries) - 1, []).append(line.cut(start) if start else line)


def _behind(block: _Block) -> tuple[Line, ...]:
    start = block.head.start if block.head else 0
    return (block.lines[0].cut(start), *block.lines[1:])


def _is_key_line(line: Line) -> bool:
    """Whether a line or a table is a list of several answers by itself: `解答: 1 ア, 2 イウ`, or with headings."""
    if line.grid:
        return len(in_grid(line, line.grid, listed=False)) > 0
    start = after_answer(line.text)
    return start is not None and len(in_line(line.cut(start))) > 1


def _from_answer(line: Line) -> Line:
    """A line of a list without the word that opens it, and with its automatic number as text."""
    start = after_answer(line.text)
    if start is not None and len(in_line(line.cut(start))) > 1:
        return line.cut(start)
    return line.spelled_out()


def _answer_and_explanation(tail: Sequence[Line]) -> tuple[str, list[Line], list[Line]]:
    """What stands behind the choices: the answer as written, the explanation, and lines of something else."""
    written: list[str] = []
    state = "loose"
    explanation: list[Line] = []
    loose: list[Line] = []
    for line in tail:
        answer, explained = after_answer(line.text), after_explanation(line.text)
        if line.grid is None and answer is not None:
            state = "answer"
            written.append(line.text[answer:])
        elif line.grid is None and explained is not None:
            state = "explanation"
            explanation.append(line.cut(explained))
        elif line.box or state == "loose":
            state = "loose"
            loose.append(line)
        elif state == "answer" and not any(map(str.strip, written)):
            written.append(line.whole)
        else:
            explanation.append(line)
    return "\n".join(written[:_MOST_ANSWER_LINES]).strip(), explanation, loose
