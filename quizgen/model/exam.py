"""An exam (試験): which questions, in which sections, how many variants, how scored."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from quizgen.language import LabelStyle, Language
from quizgen.model.fields import Flag, Id, Integer, Model, OneOrMany, Points, Share, Text, Translatable, Word
from quizgen.model.printing import Print
from quizgen.model.question import Difficulty
from quizgen.scoring import MultipleRule

Vary = Literal["questions", "order", "choices"]


class Scoring(Model):
    """Scoring (採点方式), the same for print, Moodle and grading."""

    multiple: MultipleRule = Field(
        default="all-or-nothing", description="How questions with several right choices are scored."
    )
    penalty: Share = Field(
        default=Fraction(0), description="The share of the points that a wrong single choice costs, 0 to 1."
    )


class Draw(Model):
    """So many questions drawn from a bank, of all that it has or of those with these tags and difficulties."""

    banks: Annotated[list[Id], OneOrMany()] = Field(alias="from", min_length=1)
    count: Annotated[Integer, Field(ge=1, le=1000)]
    difficulty: Annotated[list[Difficulty], OneOrMany()] = []
    tags: Annotated[list[Text], OneOrMany()] = Field(default=[], description="Any one of these tags.")


class Section(Model):
    """A section (大問): named questions, drawn ones, or both."""

    title: Translatable | None = None
    text: Translatable | None = Field(default=None, description="Instructions above the section's questions.")
    questions: Annotated[list[Word], OneOrMany()] = Field(
        default=[], description="Questions by name, each as bank/question."
    )
    draw: Annotated[list[Draw], OneOrMany()] = []
    points: Points | None = Field(default=None, description="配点 of each question, instead of its own.")
    shuffle: Flag = Field(default=True, description="false keeps the questions in their written order.")


class Exam(Model):
    """A file that makes papers out of banks."""

    kind: Literal["exam"]
    id: Id
    title: Translatable
    language: Language = "ja"
    course: Translatable | None = None
    date: Translatable | None = None
    duration: Annotated[Integer, Field(ge=1, le=1440, description="Minutes.")] | None = None
    instructions: Translatable | None = Field(default=None, description="注意事項, in Markdown.")
    seed: Integer = 0
    variants: Annotated[Integer, Field(ge=1, le=1000)] | None = Field(
        default=None, description="How many variants (A, B, C, …); 1 where there is no roster."
    )
    roster: Text | None = Field(default=None, description="A CSV file (id, name, …): one paper for each student.")
    vary: list[Vary] = Field(
        default=["questions", "order", "choices"],
        description="What differs between variants: the questions drawn, their order, their choices' order.",
    )
    choice_labels: LabelStyle | None = None
    scoring: Scoring = Scoring()
    print: Print = Field(default=Print(), description="How the papers are printed.")
    sections: list[Section] = Field(min_length=1)
