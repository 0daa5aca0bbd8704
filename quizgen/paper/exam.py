"""An exam with nothing left to chance: its sections, questions and responses as printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from quizgen.paper.printing import Printing
from quizgen.paper.response import Choice, Response
from quizgen.paper.student import Student
from quizgen.scoring import Scoring, Worth

if TYPE_CHECKING:
    from quizgen.picture import Picture
    from quizgen.richtext.tree import Blocks


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

    def worth(self, scoring: Scoring) -> Worth:
        """What each right part of the response earns, and a wrong one costs, in points."""
        share, points = self.response.worth(scoring), Fraction(self.points)
        return Worth(share.rule, share.gain * points, share.loss * points)


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

    `variant` is "" where each student has a paper of their own; `pictures` holds the picture behind each image's name,
    those of the `translation` too: the same paper in the other language, where an edition prints both.
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
    printing: Printing = field(default_factory=Printing)
    # It follows from the same exam as the rest, and as data it would only say everything twice.
    translation: Paper | None = field(default=None, compare=False)

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
        # Most questions are alike in this, and fractions are dear.
        counted = Counter((question.points, question.response.guessed(self.scoring)) for question in self.questions)
        return sum((times * Fraction(points) * share for (points, share), times in counted.items()), Fraction(0))

    @property
    def key_spread(self) -> tuple[int, ...]:
        """How often the key names the first, the second, … choice."""
        choices = (q.response for q in self.questions if isinstance(q.response, Choice))
        places = [place for choice in choices for place, option in enumerate(choice.options) if option.right]
        return tuple(places.count(place) for place in range(max(places, default=-1) + 1))

    def without_key(self) -> Paper:
        """The same paper as a student may have it: no right option, feedback, explanation, tag or difficulty."""
        sections = tuple(
            replace(section, groups=tuple(_without_key(group) for group in section.groups)) for section in self.sections
        )
        translation = self.translation.without_key() if self.translation else None
        return replace(self, sections=sections, translation=translation)


def _without_key(group: Group) -> Group:
    questions = tuple(
        replace(q, id="", response=q.response.without_key(), explanation=(), difficulty="", tags=())
        for q in group.questions
    )
    return replace(group, questions=questions)
