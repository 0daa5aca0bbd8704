"""What questions of each type must hold, and where their texts stand."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import assert_never

from quizgen.model import (
    Choice,
    ClozeBlank,
    ClozeQuestion,
    EssayQuestion,
    MatchingQuestion,
    MultipleQuestion,
    NumericalQuestion,
    OrderingQuestion,
    Question,
    ShortAnswerQuestion,
    SingleQuestion,
    TrueFalseQuestion,
)
from quizgen.reader.finding import Finding
from quizgen.richtext import parse, walk, with_gaps
from quizgen.richtext.tree import Gap
from quizgen.source import Location

_MOST_DIGITS = 16  # rows that a number can have


def response_texts(question: Question, place: Location) -> Iterator[tuple[Location, str]]:
    """The Markdown texts of what a question offers to answer with, each with its place."""
    match question:
        case SingleQuestion() | MultipleQuestion():
            yield from _choice_texts(question.choices, place)
        case MatchingQuestion():
            for key, (left, right) in zip(question.pairs, question.sides, strict=True):
                yield (*place, "pairs", key, "left"), left
                yield (*place, "pairs", key, "right"), right
            yield from (((*place, "distractors", number), text) for number, text in enumerate(question.distractors))
        case OrderingQuestion():
            yield from (((*place, "items", number), text) for number, text in enumerate(question.items))
        case ClozeQuestion():
            for name, blank in question.blanks.items():
                yield from _choice_texts(blank.choices or {}, (*place, "blanks", name))
        case TrueFalseQuestion() | ShortAnswerQuestion() | NumericalQuestion() | EssayQuestion():
            return
        case _:
            assert_never(question)


def _choice_texts(choices: Mapping[str, Choice], place: Location) -> Iterator[tuple[Location, str]]:
    for label, choice in choices.items():
        yield (*place, "choices", label, "text"), choice.text
        if choice.feedback:
            yield (*place, "choices", label, "feedback"), choice.feedback


def question_findings(question: Question, place: Location) -> Iterator[Finding]:
    """What a question must hold beyond its fields: a key that agrees with what can be answered."""
    match question:
        case SingleQuestion():
            yield from _key_findings(question.choices, question.answer, place)
            yield from _one_answer(question.answer, place)
        case MultipleQuestion():
            yield from _key_findings(question.choices, question.answer, place)
        case MatchingQuestion():
            yield from _matching_findings(question, place)
        case OrderingQuestion():
            yield from _alike(dict(enumerate(question.items)), (*place, "items"), "items")
        case ClozeQuestion():
            yield from _cloze_findings(question, place)
        case NumericalQuestion():
            yield from _digit_findings(question, place)
        case TrueFalseQuestion() | ShortAnswerQuestion() | EssayQuestion():
            return
        case _:
            assert_never(question)


def _digit_findings(question: NumericalQuestion, place: Location) -> Iterator[Finding]:
    """A number that is marked needs a row for each of its signs."""
    needed = _signs(question.answer)
    if question.digits is not None and question.digits < needed:
        more = f"write `digits: {needed}`, or " if needed <= _MOST_DIGITS else ""
        rows = "row" if question.digits == 1 else "rows"
        message = (
            f"the answer takes {needed} signs on a mark sheet, and `digits` gives it {question.digits} {rows}; "
            f"{more}leave `digits` out for a box to write in"
        )
        yield Finding((*place, "digits"), "too-few-digits", message)


def _signs(number: Decimal) -> int:
    """How many of −, the point and 0 to 9 a number takes."""
    written = f"{number:f}"
    return len(written.rstrip("0").rstrip(".") if "." in written else written)


def _key_findings(choices: Mapping[str, Choice], answer: Sequence[str], place: Location) -> Iterator[Finding]:
    for number, label in enumerate(answer):
        where = (*place, "answer", number)
        if label not in choices:
            message = f"answer names `{label}`, but the choices are {', '.join(choices)}"
            yield Finding(where, "unknown-answer", message)
        elif label in answer[:number]:
            yield Finding(where, "doubled-answer", f"answer names `{label}` twice")
    texts = {label: choice.text for label, choice in choices.items()}
    yield from _alike(texts, (*place, "choices"), "choices")


def _one_answer(answer: Sequence[str], place: Location) -> Iterator[Finding]:
    if len(set(answer)) > 1:
        message = (
            f"a single question has one right choice, but answer names {len(set(answer))}; "
            "leave one, or write `type: multiple`"
        )
        yield Finding((*place, "answer"), "several-answers", message)


def _alike(texts: Mapping[str, str] | Mapping[int, str], place: Location, what: str) -> Iterator[Finding]:
    """Texts of which a student could not tell one from another; items are named by their number."""
    first: dict[str, str | int] = {}
    for name, text in texts.items():
        seen = " ".join(unicodedata.normalize("NFC", text).split())
        if seen in first:
            one, other = (str(n + 1) if isinstance(n, int) else f"`{n}`" for n in (first[seen], name))
            yield Finding((*place, name), "choices-alike", f"the {what} {one} and {other} read alike")
        first.setdefault(seen, name)


def _matching_findings(question: MatchingQuestion, place: Location) -> Iterator[Finding]:
    rights = {right for _, right in question.sides}
    for number, text in enumerate(question.distractors):
        if text in rights:
            message = f"the distractor `{text[:40]}` is the right side of a pair"
            yield Finding((*place, "distractors", number), "distractor-right", message)
    yield from _alike(dict(enumerate(question.distractors)), (*place, "distractors"), "distractors")
    lefts = {key: left for key, (left, _) in zip(question.pairs, question.sides, strict=True)}
    yield from _alike(lefts, (*place, "pairs"), "left sides of")


def _cloze_findings(question: ClozeQuestion, place: Location) -> Iterator[Finding]:
    labels = {name: name for name in question.blanks}
    written = [part.label for part in walk(with_gaps(parse(question.text), labels)) if isinstance(part, Gap)]
    for name, blank in question.blanks.items():
        where = (*place, "blanks", name)
        if written.count(name) != 1:
            times = "nowhere" if name not in written else "more than once"
            yield Finding(
                where, "blank", f"the blank `{name}` stands {times} in the text; write [[{name}]] once", key=True
            )
        yield from _blank_findings(blank, where)


def _blank_findings(blank: ClozeBlank, place: Location) -> Iterator[Finding]:
    if blank.choices:
        yield from _key_findings(blank.choices, blank.answer, place)
        yield from _one_answer(blank.answer, place)
    if blank.tolerance is not None:
        yield from _numbers(blank.answer, place)


def _numbers(answers: Iterable[str], place: Location) -> Iterator[Finding]:
    for number, answer in enumerate(answers):
        try:
            finite = Decimal(answer).is_finite()
        except InvalidOperation:
            finite = False
        if not finite:
            message = f"with a tolerance the answer is a number, and `{answer}` is none"
            yield Finding((*place, "answer", number), "not-a-number", message)
