"""A bank (問題バンク): questions, and the stimuli that several of them share."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from quizgen.language import Language
from quizgen.model.fields import Flag, Id, Model, Translatable
from quizgen.model.question import Question
from quizgen.model.readings import Readings


class Stimulus(Model):
    """A common stimulus (共通問題文): a text that several questions are about and stand under."""

    id: Id
    text: Translatable
    shuffle: Flag = Field(default=False, description="Shuffle the stimulus's questions among themselves.")


class Bank(Model):
    """A file of questions."""

    kind: Literal["bank"]
    id: Id
    title: Translatable
    language: Language = "ja"
    stimuli: list[Stimulus] = []
    readings: Readings = {}
    questions: list[Question] = Field(min_length=1)
