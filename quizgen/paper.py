"""An exam or a set of assignments with nothing left to chance: what the writers print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from quizgen.scoring import Scoring, Tally, earned, guessed

if TYPE_CHECKING:
    from quizgen.picture import Picture
    from quizgen.richtext.tree import Blocks


@dataclass(frozen=True, slots=True)
class Student:
    """One line of a roster; `extra` holds its further columns (seat, class …) by their headings."""

    id: str
    name: str = ""
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One choice as printed: its label on this paper (ア), its identity in the bank (`a`), and whether it is right."""

    id: str
    label: str
    text: Blocks
    right: bool
    feedback: Blocks = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A response by marking options: exactly one, or (`many`) all that apply."""

    options: tuple[Option, ...]
    many: bool

    @property
    def right(self) -> tuple[Option, ...]:
        """The options that the key names, in printed order."""
        return tuple(option for option in self.options if option.right)

    def earned(self, scoring: Scoring, ticked: frozenset[str]) -> Fraction:
        """The share of the points for ticking the options with these ids."""
        hits = sum(option.id in ticked for option in self.right)
        tally = Tally(len(self.right), len(self.options) - len(self.right), hits, len(ticked) - hits)
        return earned(scoring, tally, many=self.many)

    def guessed(self, scoring: Scoring) -> Fraction:
        """The expected share of the points from blind guessing."""
        right = len(self.right)
        return guessed(scoring, right=right, wrong=len(self.options) - right, many=self.many)


Response = Choice


@dataclass(frozen=True, slots=True)
class Question:
    """A question as printed; `id` is `bank/question`, `number` counts through the whole paper from 1."""

    number: int
    id: str
    text: Blocks
    response: Response
    points: Decimal
    explanation: Blocks = ()
    difficulty: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that stand together: under a common stimulus, or one alone with none."""

    questions: tuple[Question, ...]
    stimulus: Blocks = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a paper (大問) with its heading and instructions."""

    number: int
    title: str
    groups: tuple[Group, ...]
    text: Blocks = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        """The section's questions in printed order."""
        return tuple(question for group in self.groups for question in group.questions)

    @property
    def points(self) -> Decimal:
        """The points of the section's questions together."""
        return sum((question.points for question in self.questions), Decimal(0))


@dataclass(frozen=True, slots=True)
class Paper:
    """One variant of an exam, or one student's: everything that its documents show.

    `variant` is "" where each student has a paper of their own; `pictures` holds the picture behind each image's name.
    """

    id: str
    title: str
    language: str
    seed: int
    variant: str
    scoring: Scoring
    sections: tuple[Section, ...]
    student: Student | None = None
    course: str = ""
    date: str = ""
    duration: int | None = None
    instructions: Blocks = ()
    pictures: Mapping[str, Picture] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What tells this paper from its siblings, and is safe as a folder's name: the student's id or the variant."""
        return self.student.id if self.student else self.variant

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions in printed order."""
        return tuple(question for section in self.sections for question in section.questions)

    @property
    def points(self) -> Decimal:
        """The points of the whole paper."""
        return sum((question.points for question in self.questions), Decimal(0))

    @property
    def guessed_points(self) -> Fraction:
        """The points that blind guessing earns on average."""
        return sum((Fraction(q.points) * q.response.guessed(self.scoring) for q in self.questions), Fraction(0))

    @property
    def key_spread(self) -> tuple[int, ...]:
        """How often the key names the first, the second, … choice."""
        places = [place for q in self.questions for place, o in enumerate(q.response.options) if o.right]
        return tuple(places.count(place) for place in range(max(places, default=-1) + 1))

    def without_key(self) -> Paper:
        """The same paper as a student may have it: no right option, feedback, explanation, tag or difficulty."""
        sections = tuple(
            replace(section, groups=tuple(_without_key(group) for group in section.groups)) for section in self.sections
        )
        return replace(self, sections=sections)


def _without_key(group: Group) -> Group:
    questions = []
    for question in group.questions:
        options = tuple(replace(o, id=o.label, right=False, feedback=()) for o in question.response.options)
        response = replace(question.response, options=options)
        questions.append(replace(question, id="", response=response, explanation=(), difficulty="", tags=()))
    return replace(group, questions=tuple(questions))


@dataclass(frozen=True, slots=True)
class Check:
    """How a hand-in is checked: a command, and what it is to print."""

    run: str
    expect: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """A line of a rubric: what is judged, and its levels with their points, lowest first."""

    name: str
    levels: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """An assignment (演習課題) with its parameters drawn and filled in; `solution` is the teacher's alone."""

    number: int
    id: str
    title: str
    points: Decimal
    goal: Blocks
    prerequisites: tuple[Blocks, ...] = ()
    steps: Blocks = ()
    submit: Blocks = ()
    checks: tuple[Check, ...] = ()
    rubric: tuple[Criterion, ...] = ()
    minutes: int | None = None
    cost: Blocks = ()
    cleanup: Blocks = ()
    solution: Blocks = ()
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A set of assignments for one variant or one student: everything that its sheets show."""

    id: str
    title: str
    language: str
    seed: int
    variant: str
    assignments: tuple[Assignment, ...]
    student: Student | None = None
    course: str = ""
    text: Blocks = ()
    pictures: Mapping[str, Picture] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What tells this worksheet from its siblings: the student's id, or the variant."""
        return self.student.id if self.student else self.variant

    @property
    def points(self) -> Decimal:
        """The points of all assignments together."""
        return sum((assignment.points for assignment in self.assignments), Decimal(0))

    def without_key(self) -> Worksheet:
        """The same worksheet as a student may have it: no solution."""
        return replace(self, assignments=tuple(replace(a, solution=()) for a in self.assignments))


Printable = Paper | Worksheet
