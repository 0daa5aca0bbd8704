"""Questions and assignments as Moodle's two question types that we use: what the templates fill in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quizgen.language import LABELS
from quizgen.richtext.plain import to_plain
from quizgen.writers.moodle.fractions import grading
from quizgen.writers.moodle.html import boxed, fragment
from quizgen.writers.moodle.names import idnumber, question_name, shortened
from quizgen.writers.moodle.xml import Fragment, Line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from quizgen.language import LabelStyle
    from quizgen.paper import Assignment, Choice, Group, Paper, Question, Section

# Moodle has no kana; letters are the nearest thing that counts through the choices.
_NUMBERING: dict[LabelStyle, str] = {
    "numbers": "123",
    "circled": "123",
    "letters": "abc",
    "capitals": "ABCD",
    "katakana": "abc",
    "iroha": "abc",
}
_BY_FIRST_LABEL = {labels[0]: _NUMBERING[style] for style, labels in LABELS.items()}
_LONGEST_TAG = 50


@dataclass(frozen=True, slots=True)
class Answer:
    """A choice with its share of the points in per cent."""

    fraction: str
    text: Fragment
    feedback: Fragment


@dataclass(frozen=True, slots=True)
class MultiChoice:
    """A question of the type `multichoice`."""

    name: Line
    text: Fragment
    feedback: Fragment
    grade: str
    idnumber: Line
    single: str
    numbering: str
    answers: tuple[Answer, ...]
    tags: tuple[Line, ...]
    instruction: str
    penalty: str = "0.3333333"
    type: str = "multichoice"


@dataclass(frozen=True, slots=True)
class Essay:
    """A question of the type `essay`: an assignment, marked by hand."""

    name: Line
    text: Fragment
    grade: str
    idnumber: Line
    grader: Fragment
    feedback: Fragment
    penalty: str = "0.0000000"
    type: str = "essay"


def multichoice(paper: Paper, variants: dict[str, str]) -> Iterator[MultiChoice]:
    """The paper's questions in printed order; `variants` holds the suffix of each question's id number."""
    for section in paper.sections:
        for group in section.groups:
            common = _common(section, group, paper)
            for question in group.questions:
                yield _multichoice(paper, question, common, variants[question.id])


def _common(section: Section, group: Group, paper: Paper) -> Fragment:
    """What is printed once above several questions; in Moodle each of them may be asked alone."""
    blocks = (*section.text, *group.stimulus)
    return boxed(fragment(blocks, paper.pictures)) if blocks else Fragment()


def _multichoice(paper: Paper, question: Question, common: Fragment, variant: str) -> MultiChoice:
    choice = question.response
    return MultiChoice(
        name=Line(question_name(question.number, to_plain(question.text))),
        text=common + fragment(question.text, paper.pictures),
        feedback=fragment(question.explanation, paper.pictures),
        grade=grade(question.points),
        idnumber=Line(idnumber(question.id, variant)),
        single="false" if choice.many else "true",
        numbering=_BY_FIRST_LABEL.get(choice.options[0].label, "abc"),
        answers=tuple(_answers(paper, choice)),
        tags=_tags(question),
        # "Select one or more", in the words of the student's Moodle.
        instruction="1" if choice.many else "0",
    )


def _answers(paper: Paper, choice: Choice) -> Iterator[Answer]:
    shares = grading(choice, paper.scoring).shares
    for option, share in zip(choice.options, shares, strict=True):
        text, feedback = (fragment(blocks, paper.pictures) for blocks in (option.text, option.feedback))
        yield Answer(f"{float(share * 100):.5f}", text, feedback)


def _tags(question: Question) -> tuple[Line, ...]:
    names = (shortened(tag, _LONGEST_TAG) for tag in (*question.tags, question.difficulty))
    return tuple(Line(name) for name in dict.fromkeys(names) if name)


def essay(assignment: Assignment, variant: str, text: Fragment, grader: Fragment) -> Essay:
    """An assignment, its text and what the grader sees."""
    return Essay(
        name=Line(question_name(assignment.number, assignment.title)),
        text=text,
        grade=grade(assignment.points),
        idnumber=Line(idnumber(assignment.id, variant)),
        grader=grader,
        feedback=Fragment(),
    )


def grade(points: Decimal) -> str:
    """Points with the seven places that Moodle keeps."""
    return f"{points:.7f}"
