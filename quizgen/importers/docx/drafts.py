"""Questions found in a Word document as drafts: answers matched, texts in Markdown, and doubts told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from quizgen.importers.answers import LETTERS, Answer, answer
from quizgen.importers.docx.choices import MARKS
from quizgen.importers.docx.key import Listed, in_line, leading_labels
from quizgen.importers.docx.lines import Line, Span
from quizgen.importers.docx.matching import matched
from quizgen.importers.docx.questions import Asked, Found
from quizgen.importers.docx.texts import written
from quizgen.importers.docx.wording import Stem, asked_range, leads_on, stem
from quizgen.importers.imported import (
    BankDraft,
    ChoiceDraft,
    Imported,
    Note,
    QuestionDraft,
    QuestionType,
    Skipped,
    StimulusDraft,
)
from quizgen.problems import Position
from quizgen.richtext.tree import Text

_MOST_SHOWN = 40
_MOST_NAMED = 50
_SURE = ("sign", "highlight")
_MAY_GO_ON = "the text above it in the document may belong to the questions after it, too"


@dataclass(frozen=True, slots=True)
class _Common:
    """A stimulus and the last question that it is for."""

    id: str
    bank: str
    last: int


@dataclass(slots=True)
class Drafting:
    """What becomes of a document's questions; filled one by one."""

    name: str
    title: str
    no_alt: str
    notes: list[Note] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    banks: dict[str, list[QuestionDraft]] = field(default_factory=dict)
    stimuli: dict[str, list[StimulusDraft]] = field(default_factory=dict)
    _common: _Common | None = None

    def imported(self, found: Found) -> Imported:
        """All that a document holds; a bank for each chapter where there are several."""
        for lines in found.left_out:
            self._left_out(lines)
        listed, homeless = matched(found)
        if homeless:
            numbers = ", ".join(str(number) for number in sorted({entry.number for entry in homeless})[:_MOST_NAMED])
            message = f"the list has answers to questions that are not there: {numbers}"
            self._note(homeless[0].line, "answer-without-question", message)
        chapters = len({asked.chapter for asked in found.asked if asked.choices}) > 1
        for at, asked in enumerate(found.asked):
            bank = (asked.chapter if chapters else "") or self.title
            self._ask(asked, listed.get(at), bank)
        banks = [
            BankDraft(title, tuple(asked), stimuli=tuple(self.stimuli.get(title, ())))
            for title, asked in self.banks.items()
        ]
        return Imported(tuple(banks), (), tuple(self.notes), tuple(self.skipped))

    def _ask(self, asked: Asked, entry: Listed | None, bank: str) -> None:
        read = stem(asked.stem)
        choices = tuple(written(choice.lines) for choice in asked.choices)
        key, doubts = _key(asked, entry)
        fault = _fault(read, choices, key)
        if fault:
            self._left_out(asked.before)
            self.skipped.append(Skipped(self._at(asked.line), fault[0], f"question {asked.number}", fault[1]))
            return
        kind = _type(read, key, doubts)
        for doubt in doubts:
            self._note(asked.line, "doubtful-answer", f"question {asked.number}: {doubt}")
        common, comments = self._stimulus(asked, bank)
        explanation = (*asked.explanation, *(entry.explanation if entry else ()))
        told = [*doubts, *comments, *self._undescribed((*asked.before, *_all_lines(asked), *explanation))]
        question = QuestionDraft(
            self._at(asked.line),
            kind,
            written(read.lines),
            tuple(
                ChoiceDraft(label, text, written(choice.feedback))
                for label, text, choice in zip(LETTERS, choices, asked.choices, strict=False)
            ),
            tuple(LETTERS[at] for at in sorted(key.places)),
            explanation=written(explanation),
            points=read.points or Decimal(1),
            stimulus=common,
            comments=tuple(told),
        )
        self.banks.setdefault(bank, []).append(question)

    def _stimulus(self, asked: Asked, bank: str) -> tuple[str, list[str]]:
        """The id of the stimulus that a question stands under, "" for none, and what is to be told about it."""
        text = "\n".join(line.whole for line in asked.before)
        for_questions = asked_range(text)
        things = any(line.box or line.grid or line.code or any(line.images) for line in asked.before)
        if asked.before and (for_questions or things or leads_on(text)):
            known = self.stimuli.setdefault(bank, [])
            known.append(StimulusDraft(f"s{len(known) + 1:02}", written(asked.before)))
            last = for_questions[1] if for_questions else asked.number
            self._common = _Common(known[-1].id, bank, last)
            return known[-1].id, [] if for_questions else [_MAY_GO_ON]
        self._left_out(asked.before)
        common = self._common
        if common is None or common.bank != bank or asked.number > common.last:
            self._common = None
            return "", []
        return common.id, []

    def _undescribed(self, lines: Iterable[Line]) -> list[str]:
        images = dict.fromkeys(image.source for line in lines for image in line.images if image.alt == self.no_alt)
        return [f"describe the picture {source}" for source in images]

    def _left_out(self, lines: Sequence[Line]) -> None:
        if lines:
            text = " ".join(line.seen for line in lines)[:_MOST_SHOWN]
            self._note(lines[0].number, "text-left-out", f"this belongs to no question and is left out: {text}")

    def _at(self, line: int) -> Position:
        return Position(self.name, line, 1)

    def _note(self, line: int, code: str, message: str) -> None:
        self.notes.append(Note(self._at(line), code, message))


def _all_lines(asked: Asked) -> list[Line]:
    return [*asked.stem, *(line for choice in asked.choices for line in (*choice.lines, *choice.feedback))]


def _fault(read: Stem, choices: Sequence[str], key: Answer) -> tuple[str, str] | None:
    """Why there is no question, with its code."""
    if not read.text.strip():
        return "no-text", "it has no text"
    if len(choices) < 2:
        return "too-few-choices", "it has no choices with labels that count from the first (a, b; ア, イ; ①, ②)"
    empty = next((LETTERS[at] for at, text in enumerate(choices) if not text.strip()), None)
    if empty:
        return "empty-choice", f"its choice {empty} is empty"
    if key.unknown:
        named, known = key.unknown[0][:_MOST_SHOWN], ", ".join(LETTERS[: len(choices)])
        return "unknown-answer", f"its answer names `{named}`, but the choices are {known}"
    return None if key.places else ("no-answer", "no answer is listed, and no choice is marked as right")


def _key(asked: Asked, entry: Listed | None) -> tuple[Answer, list[str]]:
    """The right choices, by what is written, else by what is marked; and where these differ."""
    told = [_resolved(text, asked) for text in (asked.written, entry.answer if entry else "") if text]
    kind, marked = _marked(asked)
    if not told:
        return Answer(marked), []
    doubts = [told[0].doubt] if told[0].doubt else []
    if len(told) > 1 and set(told[1].places) != set(told[0].places):
        doubts.append(f"the answer below it is {_labels(told[0].places)}, the list says {_labels(told[1].places)}")
    if kind in _SURE and set(marked) != set(told[0].places):
        doubts.append(f"its answer is {_labels(told[0].places)}, but {_labels(marked)} is marked")
    return told[0], doubts


def _labels(places: Iterable[int]) -> str:
    return ", ".join(LETTERS[at] for at in sorted(places)) or "none"


def _resolved(text: str, asked: Asked) -> Answer:
    texts = [" ".join(line.text for line in choice.lines).strip() for choice in asked.choices]
    whole = answer(text, texts, asked.style)
    own = [entry.answer for entry in in_line(Line(0, (Span(Text(text)),))) if entry.number == asked.number]
    if whole.unknown and own:
        return answer(own[0], texts, asked.style)
    labels = leading_labels(text) if whole.unknown else ""
    first = answer(labels, texts, asked.style) if labels else whole
    return whole if first.unknown or not first.places else first


def _marked(asked: Asked) -> tuple[str, tuple[int, ...]]:
    """The surest mark that parts the choices, and which ones have it."""
    for mark in MARKS:
        places = tuple(at for at, choice in enumerate(asked.choices) if mark in choice.marked)
        if places and (len(places) < len(asked.choices) or mark == "sign"):
            return mark, places
    return "", ()


def _type(read: Stem, key: Answer, doubts: list[str]) -> QuestionType:
    if len(key.places) > 1 and read.asks_one:
        doubts.append("it asks for one choice, but the answer names several")
    return "multiple" if len(key.places) > 1 or read.asks_several else "single"
