"""Moodle's question types that we use: what the template fills in for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from quizgen.writers.moodle.xml import Fragment, Line


@dataclass(frozen=True, slots=True)
class Answer:
    """A choice with its share of the points in per cent."""

    fraction: str
    text: Fragment
    feedback: Fragment


@dataclass(frozen=True, slots=True)
class MultiChoice:
    """Options to mark: one (`single`), or all that apply."""

    type: ClassVar[str] = "multichoice"
    single: str
    shuffle: str
    numbering: str
    instruction: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """A text to write, compared letter by letter with each of the accepted ones; in these a `*` stands for anything."""

    type: ClassVar[str] = "shortanswer"
    case: str
    accepted: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Numerical:
    """A number to write, right within the tolerance of any of the accepted ones; its unit may be written, too."""

    type: ClassVar[str] = "numerical"
    accepted: tuple[Line, ...]
    tolerance: str
    unit: Line


@dataclass(frozen=True, slots=True)
class Essay:
    """A text of several lines or (`attachments`) files to hand in, marked by hand."""

    type: ClassVar[str] = "essay"
    grader: Fragment
    lines: int = 15
    attachments: str = "-1"  # as many as one likes


@dataclass(frozen=True, slots=True)
class Pair:
    """A stem and the option that belongs to it; an option without a stem belongs to none."""

    stem: Fragment
    option: Line


@dataclass(frozen=True, slots=True)
class Matching:
    """Stems, each to be given one of the options, which Moodle shows as plain text and in an order of its own."""

    type: ClassVar[str] = "matching"
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Ordering:
    """Items in their right order, which Moodle shuffles."""

    type: ClassVar[str] = "ordering"
    items: tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class Cloze:
    """Gaps, which stand as codes in the question's text and say everything there is."""

    type: ClassVar[str] = "cloze"


Body = MultiChoice | ShortAnswer | Numerical | Essay | Matching | Ordering | Cloze


@dataclass(frozen=True, slots=True)
class Entry:
    """A question of the bank: what it has whatever its type, and the body that its type asks for."""

    name: Line
    text: Fragment
    feedback: Fragment
    grade: str
    idnumber: Line
    body: Body
    tags: tuple[Line, ...] = ()
    penalty: str = "0.3333333"  # for a second try, where the quiz allows one

    @property
    def type(self) -> str:
        """The type's name in the file."""
        return self.body.type
