"""Lowering: an arrangement becomes the paper that writers see, texts parsed and labels given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import count, groupby

from quizgen import paper
from quizgen.assemble.arrange import Arrangement
from quizgen.assemble.placed import Placed
from quizgen.assemble.plan import Slot
from quizgen.language import DEFAULT_LABELS, LABELS
from quizgen.model import Bank, Course, Exam, Question, Section
from quizgen.picture import Picture
from quizgen.richtext import images, map_images, parse
from quizgen.richtext.tree import Blocks, Image
from quizgen.scoring import Scoring


def lower(exam: Exam, course: Course, slot: Slot, arrangement: Arrangement) -> paper.Paper:
    """The paper of a slot."""
    lowering = _Lowering(exam, course)
    numbers = count(1)
    sections = tuple(
        lowering.section(number, section, placed, numbers)
        for number, (section, placed) in enumerate(zip(exam.sections, arrangement, strict=True), start=1)
    )
    return paper.Paper(
        id=exam.id,
        title=exam.title,
        language=exam.language,
        seed=exam.seed,
        variant=slot.variant,
        scoring=Scoring(exam.scoring.multiple, Fraction(exam.scoring.penalty)),
        sections=sections,
        student=slot.student,
        course=exam.course or "",
        date=exam.date or "",
        duration=exam.duration,
        instructions=lowering.text(exam.instructions),
        pictures=lowering.used,
    )


def resolve(text: str | None, pictures: Mapping[str, Picture]) -> Blocks:
    """A text as a tree, its images named by their pictures' content hashes."""

    def rename(image: Image) -> Image:
        return replace(image, source=pictures[image.source].name)

    return map_images(parse(text), rename) if text else ()


def used_pictures(blocks: Iterable[Blocks], pictures: Mapping[str, Picture]) -> dict[str, Picture]:
    """The pictures that texts show, by name, in the order of their names."""
    by_name = {picture.name: picture for picture in pictures.values()}
    names = {image.source for text in blocks for _, image in images(text)}
    return {name: by_name[name] for name in sorted(names)}


class _Lowering:
    """What the parts of one paper share: the labels' style, and the pictures that came up."""

    def __init__(self, exam: Exam, course: Course) -> None:
        self.course = course
        self.labels = LABELS[exam.choice_labels or DEFAULT_LABELS[exam.language]]
        self.texts: list[Blocks] = []

    @property
    def used(self) -> dict[str, Picture]:
        return used_pictures(self.texts, self.course.pictures)

    def text(self, text: str | None) -> Blocks:
        blocks = resolve(text, self.course.pictures)
        self.texts.append(blocks)
        return blocks

    def section(
        self, number: int, section: Section, placed: tuple[Placed, ...], numbers: Iterator[int]
    ) -> paper.Section:
        groups: list[paper.Group] = []
        for stimulus, members in groupby(placed, key=self._stimulus):
            questions = tuple(self._question(next(numbers), member, section) for member in members)
            groups.extend(self._groups(stimulus, questions))
        return paper.Section(number, section.title or "", tuple(groups), self.text(section.text))

    def _groups(self, stimulus: tuple[str, str], questions: tuple[paper.Question, ...]) -> Iterator[paper.Group]:
        bank, name = stimulus
        if not name:
            yield from (paper.Group((question,)) for question in questions)
            return
        text = next(other.text for other in self.course.banks[bank].stimuli if other.id == name)
        yield paper.Group(questions, self.text(text))

    def _source(self, placed: Placed) -> tuple[Bank, Question]:
        bank_id, _, question_id = placed.name.partition("/")
        bank = self.course.banks[bank_id]
        return bank, next(question for question in bank.questions if question.id == question_id)

    def _stimulus(self, placed: Placed) -> tuple[str, str]:
        bank, question = self._source(placed)
        return bank.id, question.stimulus or ""

    def _question(self, number: int, placed: Placed, section: Section) -> paper.Question:
        _, question = self._source(placed)
        options = tuple(
            paper.Option(
                id=label,
                label=printed,
                text=self.text(question.choices[label].text),
                right=label in placed.right,
                feedback=self.text(question.choices[label].feedback),
            )
            for printed, label in zip(self.labels, placed.order, strict=False)
        )
        return paper.Question(
            number=number,
            id=placed.name,
            text=self.text(question.text),
            response=paper.Choice(options, placed.many),
            points=section.points or question.points,
            explanation=self.text(question.explanation),
            difficulty=question.difficulty,
            tags=tuple(question.tags),
        )
