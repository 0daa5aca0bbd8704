"""Lowering: an arrangement becomes the paper that writers see, texts parsed and labels given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import count, groupby

from quizgen import paper
from quizgen.assemble import responses
from quizgen.assemble.arrange import Arrangement
from quizgen.assemble.placed import Placed
from quizgen.assemble.plan import Slot
from quizgen.assemble.printing import printing
from quizgen.language import DEFAULT_LABELS, GAP_LABELS, LABELS, LANGUAGES
from quizgen.model import ClozeQuestion, Course, Exam, Section, in_language
from quizgen.paper.captions import numbered
from quizgen.paper.references import with_labels
from quizgen.picture import Picture
from quizgen.richtext import images, map_images, parse, with_gaps
from quizgen.richtext.tree import CHOICE, Blocks, Image
from quizgen.scoring import Scoring


def lower(exam: Exam, course: Course, slot: Slot, arrangement: Arrangement) -> paper.Paper:
    """The paper of a slot, with its translation where an edition prints two languages."""
    lowered = _lower(exam, course, slot, arrangement)
    return _with_translation(lowered, exam, course, slot, arrangement) if exam.print.is_bilingual else lowered


def _with_translation(
    lowered: paper.Paper, exam: Exam, course: Course, slot: Slot, arrangement: Arrangement
) -> paper.Paper:
    """The same labels, order and look in the other language."""
    (other,) = (language for language in LANGUAGES if language != exam.language)
    labels = exam.choice_labels or DEFAULT_LABELS[exam.language]
    exam = exam.model_copy(update={"language": other, "choice_labels": labels})
    translation = replace(_lower(exam, course, slot, arrangement), printing=lowered.printing)
    pictures = {**lowered.pictures, **translation.pictures}
    return replace(lowered, translation=translation, pictures=dict(sorted(pictures.items())))


def _lower(exam: Exam, course: Course, slot: Slot, arrangement: Arrangement) -> paper.Paper:
    lowering = _Lowering(exam, course)
    numbers = count(1)
    sections = tuple(
        lowering.section(number, section, placed, numbers)
        for number, (section, placed) in enumerate(zip(exam.sections, arrangement, strict=True), start=1)
    )
    lowered = paper.Paper(
        id=exam.id,
        title=lowering.line(exam.title),
        language=exam.language,
        seed=exam.seed,
        variant=slot.variant,
        scoring=Scoring(exam.scoring.multiple, Fraction(exam.scoring.penalty)),
        sections=sections,
        student=slot.student,
        course=lowering.line(exam.course),
        date=lowering.line(exam.date),
        duration=exam.duration,
        instructions=lowering.text(exam.instructions),
        pictures=lowering.used,
        printing=printing(exam, course, sections, slot.student),
    )
    return numbered(lowered) if lowering.has_figures else lowered


def resolve(text: str | None, pictures: Mapping[str, Picture]) -> Blocks:
    """A text as a tree, its images named by their pictures' content hashes."""

    def rename(image: Image) -> Image:
        return replace(image, source=pictures[image.source].name)

    blocks = parse(text) if text else ()
    return map_images(blocks, rename) if text and "![" in text else blocks


def used_pictures(blocks: Iterable[Blocks], course: Course) -> dict[str, Picture]:
    """The pictures that texts show, by name, in the order of their names."""
    if not course.pictures:
        return {}
    names = {image.source for text in blocks for _, image in images(text)}
    return {name: course.pictures_by_name[name] for name in sorted(names)}


class _Lowering:
    """What the parts of one paper share: the labels' style, and the pictures that came up."""

    def __init__(self, exam: Exam, course: Course) -> None:
        self.course = course
        self.language = exam.language
        self.labels = LABELS[exam.choice_labels or DEFAULT_LABELS[exam.language]]
        self.illustrated: list[Blocks] = []
        self.names_choices = False

    @property
    def used(self) -> dict[str, Picture]:
        return used_pictures(self.illustrated, self.course)

    @property
    def has_figures(self) -> bool:
        return any(image.is_figure for blocks in self.illustrated for _, image in images(blocks))

    def line(self, text: str | None) -> str:
        return in_language(text or "", self.language)

    def text(self, text: str | None) -> Blocks:
        said = self.line(text)
        blocks = resolve(said, self.course.pictures)
        if "![" in said:
            self.illustrated.append(blocks)
        self.names_choices |= f"(#{CHOICE}" in said
        return blocks

    def section(
        self, number: int, section: Section, placed: tuple[Placed, ...], numbers: Iterator[int]
    ) -> paper.Section:
        groups: list[paper.Group] = []
        for _, members in groupby(placed, key=lambda member: self.course.entries[member.name].unit):
            questions = tuple(self._question(next(numbers), member, section) for member in members)
            stimulus = self.course.entries[questions[0].id].stimulus
            groups.append(paper.Group(questions, self.text(stimulus.text if stimulus else None)))
        return paper.Section(number, self.line(section.title), tuple(groups), self.text(section.text))

    def _question(self, number: int, placed: Placed, section: Section) -> paper.Question:
        question = self.course.entries[placed.name].question
        text = self.text(question.text)
        if isinstance(question, ClozeQuestion):
            text = with_gaps(text, dict(zip(question.blanks, GAP_LABELS, strict=False)))
        lowered = paper.Question(
            number=number,
            id=placed.name,
            text=text,
            response=responses.response(question, placed.order, self.labels, self.language, self.text),
            points=section.points or question.points,
            explanation=self.text(question.explanation),
            difficulty=question.difficulty,
            tags=tuple(question.tags),
        )
        return with_labels(lowered) if self.names_choices else lowered
