"""A bank (問題バンク): questions with their choices and keys, and the stimuli that several of them share."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from quizgen.language import MOST_CHOICES, Language
from quizgen.model.fields import Flag, Id, Label, Model, OneOrMany, Points, ShortForm, Text

Difficulty = Literal["easy", "normal", "hard"]
Tag = Annotated[Text, Field(max_length=50)]


class Choice(Model):
    """A choice (選択肢): its text, what a student who picks it is told, and where it stays in shuffling."""

    text: Text
    feedback: Text | None = None
    pin: Literal["first", "last"] | None = None


class Stimulus(Model):
    """A common stimulus (共通問題文): a text that several questions are about and stand under."""

    id: Id
    text: Text
    shuffle: Flag = Field(default=False, description="Shuffle the stimulus's questions among themselves.")


class _Question(Model):
    id: Id = Field(description="Short, unique in its bank, never reused.")
    text: Text = Field(description="The question (問題文), in Markdown.")
    choices: dict[Label, Annotated[Choice, ShortForm("text")]] = Field(
        min_length=2, max_length=MOST_CHOICES, description="The choices (選択肢), each under its label."
    )
    answer: Annotated[list[Label], OneOrMany()] = Field(
        min_length=1, description="The label of the right choice (正解), or a list of them."
    )
    explanation: Text | None = Field(default=None, description="Why the key is right (解説), in Markdown.")
    points: Points = Field(default=Decimal(1), description="配点")
    difficulty: Difficulty = "normal"
    tags: Annotated[list[Tag], OneOrMany()] = []
    shuffle: Flag = Field(default=True, description="false keeps the choices in their written order.")
    stimulus: Id | None = Field(default=None, description="The stimulus of this bank that it stands under.")


class SingleQuestion(_Question):
    """A question with exactly one right choice."""

    type: Literal["single"]


class MultipleQuestion(_Question):
    """A question with one or more right choices, all of which are to be ticked."""

    type: Literal["multiple"]


Question = Annotated[SingleQuestion | MultipleQuestion, Field(discriminator="type")]


class Bank(Model):
    """A file of questions."""

    kind: Literal["bank"]
    id: Id
    title: Text
    language: Language = "ja"
    stimuli: list[Stimulus] = []
    questions: list[Question] = Field(min_length=1)


__all__ = ["Bank", "Choice", "Difficulty", "MultipleQuestion", "Question", "SingleQuestion", "Stimulus"]
