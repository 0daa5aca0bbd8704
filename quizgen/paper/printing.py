"""How a paper is printed: its page, its parts, its answer sheet, its editions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from quizgen.language import Feature

if TYPE_CHECKING:
    from quizgen.richtext.furigana import Readings

Size = Literal["A4", "B5", "Letter"]
Answers = Literal["marks", "boxes", "booklet"]
Person = Literal["class", "seat", "number", "name"]
# What an edition differs in from the usual booklet; () is the usual one.
Edition = tuple[Feature, ...]

# Width and height in millimetres; B5 is that of JIS, as Japan prints.
SIZES: dict[Size, tuple[float, float]] = {"A4": (210, 297), "B5": (182, 257), "Letter": (215.9, 279.4)}


@dataclass(frozen=True, slots=True)
class Furigana:
    """Which readings the edition with furigana gives: over kanji not learnt up to a grade, and as whose words.

    `readings` are the exam's own, `banks` those of each bank by its id.
    """

    grade: int = 0
    readings: Readings = ()
    banks: tuple[tuple[str, Readings], ...] = ()


@dataclass(frozen=True, slots=True)
class Printing:
    """The look of a paper.

    `folded` prints two pages side by side on a sheet of twice the size. `sections` begin where there is room, on a
    page of their own, or on a right-hand one. `working` counts pages to work on. `answers` says where students
    answer: on a mark sheet, on a sheet of boxes, or in the booklet itself. `answer_numbers` shows 解答番号.
    """

    size: Size = "A4"
    folded: bool = False
    cover: bool = True
    person: tuple[Person, ...] = ("number", "name")
    sections: Literal["flow", "page", "right"] = "flow"
    working: int = 0
    back_cover: bool = False
    answers: Answers = "marks"
    answer_sheets: Literal["generic", "variant", "student"] = "variant"
    answer_numbers: bool = True
    editions: tuple[Edition, ...] = ()
    furigana: Furigana = Furigana()
