"""How an exam is printed (`print:`): page, cover, answer sheet, editions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from quizgen.language import Feature
from quizgen.model.fields import Flag, Integer, Model, OneOrMany, Word
from quizgen.model.readings import Readings
from quizgen.richtext.furigana import GRADES

Size = Literal["A4", "B5", "Letter", "A3", "B4"]
Person = Literal["class", "seat", "number", "name"]

_FEATURES: Sequence[str] = get_args(Feature)


def _edition(name: str) -> str:
    unknown = [part for part in name.split("+") if part not in _FEATURES]
    if unknown:
        raise PydanticCustomError(
            "unknown-edition",
            "there is no edition `{unknown}`; write one of {known}, or several joined by +",
            {"unknown": unknown[0], "known": ", ".join(_FEATURES)},
        )
    return name


Edition = Annotated[Word, AfterValidator(_edition)]


class Furigana(Model):
    """Which kanji the edition with furigana gives a reading, and what reading."""

    grade: Annotated[Integer, Field(ge=0, le=GRADES)] = Field(
        default=0, description="Kanji that are learnt up to this grade of primary school have none; 0: all have one."
    )
    readings: Readings = {}


class Print(Model):
    """The look of an exam's printed papers."""

    size: Size = Field(default="A4", description="A3 and B4 are two pages of A4 or B5 side by side, folded.")
    cover: Flag = Field(default=True, description="A cover page (表紙); false begins with the questions.")
    person: Annotated[list[Person], OneOrMany()] = Field(
        default=["number", "name"], min_length=1, description="The boxes for the student: 組, 番号, 受験番号, 氏名."
    )
    sections: Literal["flow", "page", "right"] = Field(
        default="flow", description="Where sections begin: where there is room, on a new page, on a right-hand page."
    )
    working: Annotated[Integer, Field(ge=0, le=20)] = Field(
        default=0, description="Pages for working (計算用紙) behind the questions."
    )
    back_cover: Flag = Field(default=False, description="A last page that is blank, on the outside.")
    answers: Literal["marks", "boxes", "booklet"] | None = Field(
        default=None,
        description="Where students answer: a mark sheet, a sheet of boxes (記述用解答用紙), or the booklet itself.",
    )
    answer_sheets: Literal["generic", "variant", "student"] | None = Field(
        default=None, description="One answer sheet for all, for each variant, or for each student of the roster."
    )
    answer_numbers: Flag | None = Field(
        default=None, description="解答番号 in boxes, where there is a mark sheet; yes in Japanese unless said."
    )
    editions: Annotated[list[Edition], OneOrMany()] = Field(
        default=[], description="Other editions of the booklet, such as large-print, or furigana+large-print."
    )

    @property
    def is_bilingual(self) -> bool:
        """Whether an edition prints two languages side by side."""
        return any("bilingual" in edition.split("+") for edition in self.editions)

    furigana: Furigana = Field(default=Furigana(), description="The edition with furigana (ふりがな).")
