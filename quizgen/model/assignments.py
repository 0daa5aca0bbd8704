"""Assignments (演習課題): hands-on work with steps, checks, a rubric, and parameters of each student's own."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from quizgen.language import Language
from quizgen.model.fields import Id, Integer, LevelPoints, Model, Moment, OneOrMany, Points, Text


class Check(Model):
    """A check of what was handed in: a command, and what it is to print."""

    run: Text
    expect: Text


class Criterion(Model):
    """A line of the rubric (評価基準): what is judged, and the points of each level."""

    criterion: Text
    levels: dict[Text, LevelPoints] = Field(min_length=2)


class Parameter(Model):
    """A value drawn for each student or variant: one of a choice, or a whole number of a range."""

    choose: Annotated[list[Text], Field(min_length=1)] | None = None
    range: Annotated[list[Integer], Field(min_length=2, max_length=2)] | None = Field(
        default=None, description="The least and the greatest whole number."
    )


class Assignment(Model):
    """An assignment; its texts may hold `{{ name }}` for a parameter and `{{ student }}`."""

    id: Id
    title: Text
    parameters: dict[str, Parameter] = {}
    goal: Text
    prerequisites: Annotated[list[Text], OneOrMany()] = []
    steps: Text | None = None
    submit: Text | None = None
    checks: list[Check] = []
    points: Points = Decimal(10)
    rubric: list[Criterion] = []
    due: Moment | None = Field(default=None, description="提出期限, with its time zone: 2027-01-29T17:00+09:00")
    minutes: Annotated[Integer, Field(ge=1, le=10_000)] | None = None
    cost: Text | None = None
    cleanup: Text | None = None
    solution: Text | None = Field(default=None, description="解答例, for the teacher only.")


class Assignments(Model):
    """A file of assignments, handed out together."""

    kind: Literal["assignments"]
    id: Id
    title: Text
    language: Language = "ja"
    course: Text | None = None
    text: Text | None = Field(default=None, description="What stands above the assignments, in Markdown.")
    seed: Integer = 0
    variants: Annotated[Integer, Field(ge=1, le=1000)] | None = None
    roster: Text | None = Field(default=None, description="A CSV file (id, name, …): one set for each student.")
    assignments: list[Assignment] = Field(min_length=1)
