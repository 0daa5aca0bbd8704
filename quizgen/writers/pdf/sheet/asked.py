"""What an answer sheet is asked for, before anything has a place: rows to mark and things to write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, assert_never

from quizgen.language import catalog
from quizgen.paper import Blank, Choice, Cloze, Lines, Matching, Ordering, Row, rows
from quizgen.paper.serial import serial

if TYPE_CHECKING:
    from quizgen.paper import Gap, Paper, Question
    from quizgen.paper.printing import Person, Size


@dataclass(frozen=True, slots=True)
class Written:
    """What a question asks to be written: labels, words, or a text of lines; in as many boxes as `before` has words.

    `label` is the question's as printed. `points` is what the marker may give, None where that differs by variant.
    """

    question: int
    label: str
    kind: Literal["label", "word", "lines"]
    points: Fraction | None
    before: tuple[str, ...] = ("",)
    after: str = ""
    wide: bool = False
    lines: int = 1

    @property
    def size(self) -> tuple[int, int, int, int]:
        """What of two kinds of boxes needs more room is the greater."""
        return self.lines, len(self.before), ("label", "word", "lines").index(self.kind), len(self.after)


@dataclass(frozen=True, slots=True)
class Part:
    """A section's title with what its questions ask to be written."""

    title: str
    written: tuple[Written, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """All that a sheet is made of. `variants` are those among which a student marks theirs."""

    exam: str
    serial: str
    size: Size
    rows: tuple[Row, ...]
    parts: tuple[Part, ...]
    numbered: bool
    marks: bool
    person: tuple[Person, ...]
    id: str = ""
    variants: tuple[str, ...] = ()

    @property
    def written(self) -> tuple[Written, ...]:
        """What is written on all of the sheet."""
        return tuple(one for part in self.parts for one in part.written)


def asked(paper: Paper) -> Asked:
    """What one paper asks for."""
    printing = paper.printing
    student = paper.student if printing.answer_sheets == "student" else None
    marked = rows(paper)
    return Asked(
        exam=paper.id,
        serial=serial(paper),
        size=printing.size,
        rows=marked,
        parts=tuple(_parts(paper, marked)),
        numbered=printing.answer_numbers,
        marks=printing.answers == "marks",
        person=printing.person,
        id=student.id if student else "",
    )


def _parts(paper: Paper, marked: Sequence[Row]) -> Iterator[Part]:
    """The sections by their titles where all is written; where some is marked, one without a title."""
    marks = paper.printing.answers == "marks"
    word = catalog(paper.language).gettext("%(number)s.")
    parts: dict[int, set[str]] = {}
    for row in marked:
        parts.setdefault(row.question, set()).add(row.part)
    found = [
        tuple([one for q in section.questions for one in _written(q, word, parts.get(q.number, set()))])
        for section in paper.sections
    ]
    if marks:
        yield Part("", tuple(one for written in found for one in written))
        return
    for section, written in zip(paper.sections, found, strict=True):
        yield Part(section.title if len(paper.sections) > 1 else "", written)


def _written(question: Question, word: str, marked: set[str]) -> Iterator[Written]:
    if marked and not isinstance(question.response, Cloze):
        return
    label = word % {"number": question.number}
    bare = Written(question.number, label, "label", Fraction(question.points))
    match question.response:
        case Cloze(gaps):
            yield from _gaps(bare, gaps, marked)
        case Choice(many=many):
            yield replace(bare, wide=many)
        case Blank(unit=unit):
            yield replace(bare, kind="word", after=unit)
        case Lines(count):
            yield replace(bare, kind="lines", lines=count)
        case Matching(stems):
            yield replace(bare, before=tuple(stem.label for stem in stems))
        case Ordering(items):
            yield replace(bare, before=("", *("→" for _ in items[1:])))
        case _:
            assert_never(question.response)


def _gaps(bare: Written, gaps: Sequence[Gap], marked: set[str]) -> Iterator[Written]:
    """The gaps that are written, all in boxes for words unless all are for labels."""
    left = [gap for gap in gaps if gap.label not in marked]
    if left and bare.points is not None:
        kind: Literal["label", "word"] = "label" if all(isinstance(gap.response, Choice) for gap in left) else "word"
        points = bare.points * len(left) / len(gaps)
        yield replace(bare, kind=kind, before=tuple(gap.label for gap in left), points=points)
