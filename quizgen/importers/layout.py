"""The columns that a table of questions may have, and the names that people give them, in Japanese and in English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from quizgen.importers.answers import place, style_among
from quizgen.language import LabelStyle

Field = Literal[
    "id",
    "type",
    "text",
    "answer",
    "explanation",
    "points",
    "difficulty",
    "tags",
    "shuffle",
    "bank",
    "stimulus",
    "markup",
]

# The first two of each are those that docs/importing.md lists.
NAMES: dict[Field, tuple[str, ...]] = {
    "id": ("id", "問題ID", "ID番号", "識別子", "番号", "問題番号", "No", "#", "number"),
    "type": ("type", "種類", "問題種類", "問題の種類", "形式", "問題形式", "出題形式", "種別", "question type"),
    "text": ("text", "問題文", "問題", "設問", "設問文", "問い", "質問", "質問文", "question", "question text", "stem"),
    "answer": (
        *("answer", "正解", "正答", "解答", "答え", "答", "正解番号", "正解の選択肢", "answers", "correct answer"),
        *("correct answers", "correct", "correct choice", "correct option", "key", "answer key"),
    ),
    "explanation": (
        *("explanation", "解説", "解説文", "説明", "解答解説", "コメント", "feedback", "general feedback"),
        *("rationale", "フィードバック"),
    ),
    "points": ("points", "配点", "点数", "点", "得点", "point", "score", "mark", "marks"),
    "difficulty": ("difficulty", "難易度", "難度", "レベル", "level"),
    "tags": ("tags", "タグ", "分類", "キーワード", "tag", "keywords", "topic", "topics"),
    "shuffle": ("shuffle", "シャッフル", "並べ替え", "選択肢の並べ替え", "選択肢シャッフル"),
    "bank": ("bank", "問題バンク", "バンク", "章", "単元", "カテゴリ", "カテゴリー", "chapter", "unit", "category"),
    "stimulus": ("stimulus", "共通問題文", "共通文", "passage"),
    "markup": ("markup", "書式", "記法", "format"),
}
_FIELDS: dict[str, Field] = {}

_CHOICE = re.compile(r"(?:選択[肢枝]|肢|choice|option|answer option)?[ _-]*\(?([a-z]|[ァ-ヶ]|\d{1,2})\)?")
_FEEDBACK = re.compile(
    r"(?:(?:feedback|フィードバック)[ _-]*(?:選択[肢枝]|choice|option)?[ _-]*(?P<before>[a-z]|[ァ-ヶ]|\d{1,2})"
    r"|(?:選択[肢枝]|肢|choice|option)?[ _-]*(?P<after>[a-z]|[ァ-ヶ]|\d{1,2})[ _-]*"
    r"(?:のフィードバック|の解説|feedback))"
)
_PARTS = re.compile(r"[/()（）\n]+")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands in a row, the columns of choices by their place in order, and what was not understood."""

    fields: dict[Field, int]
    choices: dict[int, int]
    feedback: dict[int, int]
    style: LabelStyle | None
    unknown: tuple[int, ...]
    doubled: tuple[int, ...]

    @property
    def usable(self) -> bool:
        """Whether questions can be read by these columns."""
        return "text" in self.fields and "answer" in self.fields and len(self.choices) > 1

    @property
    def used(self) -> frozenset[int]:
        """The columns that questions are made of."""
        return frozenset((*self.fields.values(), *self.choices.values(), *self.feedback.values()))

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not there of what a table of questions needs."""
        needed: tuple[Field, ...] = ("text", "answer")
        choices = () if len(self.choices) > 1 else ("two columns of choices (a, b or 選択肢1, 選択肢2)",)
        return (*(f"{name} ({NAMES[name][1]})" for name in needed if name not in self.fields), *choices)


def columns(headings: Sequence[str]) -> Columns:
    """What a row of headings says."""
    fields: dict[Field, int] = {}
    doubled: list[int] = []
    others: list[int] = []
    for at, heading in enumerate(headings):
        field = field_of(heading)
        if field is None:
            others.append(at)
        elif fields.setdefault(field, at) != at:
            doubled.append(at)
    return _with_choices(headings, fields, others, doubled)


def _with_choices(
    headings: Sequence[str], fields: dict[Field, int], others: Sequence[int], doubled: list[int]
) -> Columns:
    labels = {at: label for at in others if (label := _label(_CHOICE, headings[at]))}
    notes = {at: label for at in others if at not in labels and (label := _label(_FEEDBACK, headings[at]))}
    style = style_among(labels.values())
    choices: dict[int, int] = {}
    feedback: dict[int, int] = {}
    for found, taken in ((labels, choices), (notes, feedback)):
        for at, label in found.items():
            where = place(label, style) if style else None
            if where is not None and taken.setdefault(where, at) != at:
                doubled.append(at)
    used = {*choices.values(), *feedback.values(), *doubled}
    unknown = tuple(at for at in others if at not in used and headings[at].strip())
    return Columns(fields, choices, feedback, style, unknown, tuple(sorted(doubled)))


def field_of(heading: str) -> Field | None:
    """The field that a heading names, in one language or in both (`問題文 (text)`)."""
    whole = _FIELDS.get(_plain(heading))
    if whole:
        return whole
    named = {_FIELDS.get(_plain(part)) for part in _parts(heading)}
    return named.pop() if len(named) == 1 else None


def _label(pattern: re.Pattern[str], heading: str) -> str:
    """The label of the choice that a heading names, in each of its parts alike."""
    matches = [pattern.fullmatch(_plain(part)) for part in (heading, *_parts(heading))]
    if matches[0] is None and (len(matches) < 3 or not all(matches[1:])):
        return ""
    found = next(match for match in matches if match)
    return next(group for group in found.groups() if group)


def _parts(heading: str) -> Iterator[str]:
    return filter(str.strip, _PARTS.split(heading))


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold().replace("_", " ")
    return " ".join(text.split()).strip(" *:.※")


_FIELDS.update({_plain(name): field for field, names in NAMES.items() for name in names})
