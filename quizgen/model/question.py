"""Questions (問題) of every type, as an author writes them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from quizgen.language import MOST_CHOICES
from quizgen.model.fields import (
    Flag,
    Id,
    InLanguages,
    Integer,
    Label,
    Model,
    Number,
    OneOrMany,
    Points,
    ShortForm,
    Text,
    Tolerance,
    Translatable,
)

Difficulty = Literal["easy", "normal", "hard"]
Tag = Annotated[Text, Field(max_length=50)]


class Choice(Model):
    """A choice (選択肢): its text, what a student who picks it is told, and where it stays in shuffling."""

    text: Translatable
    feedback: Translatable | None = None
    pin: Literal["first", "last"] | None = None


Choices = Annotated[
    dict[Label, Annotated[Choice, ShortForm("text", in_languages=True)]],
    Field(min_length=2, max_length=MOST_CHOICES, description="The choices (選択肢), each under its label."),
]
Accepted = Annotated[
    list[Annotated[Text, Field(max_length=200)]],
    OneOrMany(),
    Field(min_length=1, description="The accepted answer (正解), or a list of them."),
]


class _Question(Model):
    id: Id = Field(description="Short, unique in its bank, never reused.")
    text: Translatable = Field(description="The question (問題文), in Markdown.")
    explanation: Translatable | None = Field(default=None, description="Why the key is right (解説), in Markdown.")
    points: Points = Field(default=Decimal(1), description="配点")
    difficulty: Difficulty = "normal"
    tags: Annotated[list[Tag], OneOrMany()] = []
    stimulus: Id | None = Field(default=None, description="The stimulus of this bank that it stands under.")


class _ChoiceQuestion(_Question):
    choices: Choices
    answer: Annotated[list[Label], OneOrMany()] = Field(
        min_length=1, description="The label of the right choice (正解), or a list of them."
    )
    shuffle: Flag = Field(default=True, description="false keeps the choices in their written order.")
    columns: Annotated[Integer, Field(ge=1, le=4)] | None = Field(
        default=None, description="Choices in a line of print; by their length unless said."
    )


class SingleQuestion(_ChoiceQuestion):
    """A question with exactly one right choice."""

    type: Literal["single"]


class MultipleQuestion(_ChoiceQuestion):
    """A question with one or more right choices, all of which are to be ticked."""

    type: Literal["multiple"]


class TrueFalseQuestion(_Question):
    """A statement that is true or false (正誤問題)."""

    type: Literal["true-false"]
    answer: Flag


class ShortAnswerQuestion(_Question):
    """A question answered by a word or two (短答問題); any of the accepted answers is right."""

    type: Literal["short-answer"]
    answer: Accepted
    match_case: Flag = Field(default=False, description="true tells capitals from small letters.")


class NumericalQuestion(_Question):
    """A question answered by a number (数値問題), right within the tolerance."""

    type: Literal["numerical"]
    answer: Number
    tolerance: Tolerance = Decimal(0)
    unit: Annotated[Text, Field(max_length=20), InLanguages()] | None = Field(
        default=None, description="Printed behind the blank."
    )
    digits: Annotated[Integer, Field(ge=1, le=16)] | None = Field(
        default=None, description="Signs (digits, − and the point) to mark on a mark sheet, one row for each."
    )


class Pair(Model):
    """The sides of a pair; the left one is the pair's key where it is not written."""

    right: Translatable
    left: Translatable | None = None


class MatchingQuestion(_Question):
    """Pairs to be put together (組み合わせ問題): left sides as keys, right sides as values, and wrong ones besides."""

    type: Literal["matching"]
    pairs: dict[Text, Annotated[Pair, ShortForm("right", in_languages=True)]] = Field(
        min_length=2, max_length=MOST_CHOICES
    )
    distractors: Annotated[list[Translatable], OneOrMany()] = Field(default=[], max_length=MOST_CHOICES)

    @property
    def sides(self) -> tuple[tuple[str, str], ...]:
        """The left and the right side of each pair."""
        return tuple((pair.left or key, pair.right) for key, pair in self.pairs.items())


class OrderingQuestion(_Question):
    """Items to be put in order (並べ替え問題), written in the right one."""

    type: Literal["ordering"]
    items: list[Translatable] = Field(min_length=2, max_length=MOST_CHOICES)


class EssayQuestion(_Question):
    """A question answered by a text (記述問題), marked by hand; its explanation is the model answer."""

    type: Literal["essay"]
    lines: Annotated[Integer, Field(ge=1, le=60, description="Lines to write on.")] = 5


class ClozeBlank(Model):
    """A gap of a cloze text: accepted texts, or choices and the label of the right one, or a number."""

    answer: Accepted
    choices: Choices | None = None
    match_case: Flag = False
    tolerance: Tolerance | None = Field(default=None, description="Makes the answer a number.")


class ClozeQuestion(_Question):
    """A text with gaps (穴埋め問題), each written `[[name]]` and described under its name."""

    type: Literal["cloze"]
    blanks: dict[Id, Annotated[ClozeBlank, ShortForm("answer", many=True)]] = Field(
        min_length=1, max_length=MOST_CHOICES
    )


Question = Annotated[
    SingleQuestion
    | MultipleQuestion
    | TrueFalseQuestion
    | ShortAnswerQuestion
    | NumericalQuestion
    | MatchingQuestion
    | OrderingQuestion
    | EssayQuestion
    | ClozeQuestion,
    Field(discriminator="type"),
]
