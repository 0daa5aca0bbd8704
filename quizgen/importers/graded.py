"""Choices that each carry a share of the points, as Moodle has them, as a question with a key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quizgen.importers.imported import ChoiceDraft, QuestionType
from quizgen.language import LABELS
from quizgen.problems import QuizgenError

# The two choices that a statement has which is true or false.
TRUE_FALSE = {"ja": ("正しい", "正しくない"), "en": ("True", "False")}
_ALL = 99.99  # per cent; Moodle rounds
_MOST_UNEVEN = 2.5  # eleven right choices have a tenth or a twentieth each


@dataclass(frozen=True, slots=True)
class Graded:
    """A choice with its share of the points in per cent; texts are Markdown."""

    text: str
    percent: float
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that a question has lost or may have got wrong; the message is a clause."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Keyed:
    """The choices with their labels, and which of them are right."""

    type: QuestionType
    choices: tuple[ChoiceDraft, ...]
    answer: tuple[str, ...]
    doubts: tuple[Doubt, ...] = ()


class NotCarriedError(QuizgenError):
    """Why a question is left out."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def keyed(graded: Sequence[Graded], *, single: bool) -> Keyed:
    """The choices and their key; one that earns anything is right, or with `single` the one that earns all.

    Raises NotCarriedError when there are fewer than two, or none or several that are right where there is to be one.
    """
    shares = {_label(number): choice for number, choice in enumerate(c for c in graded if c.text or c.percent > 0)}
    if len(shares) < 2:
        raise NotCarriedError("too-few-choices", f"it has {len(shares) or 'no'} choice{'s'[len(shares) :]}")
    empty = next((label for label, choice in shares.items() if not choice.text), None)
    if empty:
        raise NotCarriedError("empty-choice", f"its right choice `{empty}` is empty")
    choices = tuple(ChoiceDraft(label, choice.text, choice.feedback) for label, choice in shares.items())
    percents = {label: choice.percent for label, choice in shares.items() if choice.percent > 0}
    if not percents:
        raise NotCarriedError("no-answer", "none of its choices is right")
    if single:
        right = _only_right(percents)
        return Keyed("single", choices, (right,), tuple(_doubts_of_one(percents, right)))
    uneven = max(percents.values()) > _MOST_UNEVEN * min(percents.values())
    message = f"the right choices earned unequal shares ({_listed(percents)}); here they count the same"
    return Keyed("multiple", choices, tuple(percents), (Doubt("partial-points", message),) if uneven else ())


def _label(number: int) -> str:
    letters = LABELS["letters"]
    return letters[number] if number < len(letters) else str(number + 1)


def _only_right(percents: dict[str, float]) -> str:
    best = max(percents.values())
    right = [label for label, percent in percents.items() if percent >= min(best, _ALL)]
    if len(right) > 1:
        message = f"the choices {' and '.join(right)} are both right, and only one of them can be ticked"
        raise NotCarriedError("several-answers", message)
    return right[0]


def _doubts_of_one(percents: dict[str, float], right: str) -> Iterator[Doubt]:
    if percents[right] < _ALL:
        message = f"no choice earned all points; `{right}` with {percents[right]:g} % is taken for the right one"
        yield Doubt("partial-points", message)
    others = {label: percent for label, percent in percents.items() if label != right}
    if others:
        yield Doubt(
            "partial-points", f"another choice earned a part of the points ({_listed(others)}); here it is wrong"
        )


def _listed(percents: dict[str, float]) -> str:
    return ", ".join(f"{label} {percent:g} %" for label, percent in percents.items())
