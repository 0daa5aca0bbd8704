"""Lowering: an arrangement becomes the paper that writers see, texts parsed and labels given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import chain, count, groupby

from quizgen import paper
from quizgen.assemble import responses
from quizgen.assemble.arrange import Arrangement
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

# What is kept for the papers to come: a large bank's texts, and its questions in the orders that they came up in.
_MOST_TEXTS = 16_384
_MOST_ORDERS = 8_192


def lower(exam: Exam, course: Course, slot: Slot, arrangement: Arrangement) -> paper.Paper:
    """The paper of a slot, with its translation where an edition prints two languages."""
    return Lowerer(exam, course).lower(slot, arrangement)


class Lowerer:
    """Lowers the papers of an exam; what is the same on several of them is lowered once and shared."""

    def __init__(self, exam: Exam, course: Course) -> None:
        self._own = _Lowering(exam, course)
        self._other = _Lowering(_in_other_language(exam), course) if exam.print.is_bilingual else None

    def lower(self, slot: Slot, arrangement: Arrangement) -> paper.Paper:
        """The paper of a slot, with its translation where an edition prints two languages."""
        lowered = self._own.lower(slot, arrangement)
        if self._other is None:
            return lowered
        translation = replace(self._other.lower(slot, arrangement), printing=lowered.printing)
        pictures = {**lowered.pictures, **translation.pictures}
        return replace(lowered, translation=translation, pictures=dict(sorted(pictures.items())))


def _in_other_language(exam: Exam) -> Exam:
    """The same labels, order and look in the other language."""
    (other,) = (language for language in LANGUAGES if language != exam.language)
    labels = exam.choice_labels or DEFAULT_LABELS[exam.language]
    return exam.model_copy(update={"language": other, "choice_labels": labels})


def resolve(text: str | None, pictures: Mapping[str, Picture]) -> Blocks:
    """A text as a tree, its images named by their pictures' content hashes."""

    def rename(image: Image) -> Image:
        return replace(image, source=pictures[image.source].name)

    blocks = parse(text) if text else ()
    return map_images(blocks, rename) if text and "![" in text else blocks


def used_pictures(blocks: Iterable[Blocks], course: Course) -> dict[str, Picture]:
    """The pictures that texts show, by name, in the order of their names."""
    return _pictures({image.source for text in blocks for _, image in images(text)}, course) if course.pictures else {}


def _pictures(names: Iterable[str], course: Course) -> dict[str, Picture]:
    return {name: course.pictures_by_name[name] for name in sorted(names)}


@dataclass(frozen=True, slots=True)
class _Said:
    """A text as a tree, with the pictures that it shows and what else papers have to know of it."""

    blocks: Blocks
    pictures: frozenset[str]
    has_figures: bool
    refers: bool
    names_choices: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with its shuffled parts in one order, and of its texts together what `_Said` says of one."""

    question: paper.Question
    pictures: frozenset[str]
    has_figures: bool
    refers: bool


class _Lowering:
    """Lowers an exam's papers in one language."""

    def __init__(self, exam: Exam, course: Course) -> None:
        self.exam = exam
        self.course = course
        self.labels = LABELS[exam.choice_labels or DEFAULT_LABELS[exam.language]]
        self.scoring = Scoring(exam.scoring.multiple, Fraction(exam.scoring.penalty))
        self.said = lru_cache(_MOST_TEXTS)(self._said)
        self.asked = lru_cache(_MOST_ORDERS)(self._asked)

    def lower(self, slot: Slot, arrangement: Arrangement) -> paper.Paper:
        exam = self.exam
        asked = [[self.asked(placed.name, placed.order) for placed in part] for part in arrangement]
        common = [self.text(exam.instructions)]
        numbers = count(1)
        sections = tuple(
            self._section(number, section, [one.question for one in part], numbers, common)
            for number, (section, part) in enumerate(zip(exam.sections, asked, strict=True), start=1)
        )
        every = list(chain.from_iterable(asked))
        found: list[_Asked | _Said] = [*every, *common]
        lowered = paper.Paper(
            id=exam.id,
            title=self.line(exam.title),
            language=exam.language,
            seed=exam.seed,
            variant=slot.variant,
            scoring=self.scoring,
            sections=sections,
            student=slot.student,
            course=self.line(exam.course),
            date=self.line(exam.date),
            duration=exam.duration,
            instructions=common[0].blocks,
            pictures=_pictures(frozenset().union(*(one.pictures for one in found)), self.course),
            printing=printing(exam, self.course, sections, slot.student),
        )
        if not any(one.has_figures for one in found):
            return lowered
        return numbered(lowered, frozenset(one.question.id for one in every if one.has_figures or one.refers))

    def line(self, text: str | None) -> str:
        return in_language(text or "", self.exam.language)

    def text(self, text: str | None) -> _Said:
        return self.said(self.line(text))

    def _said(self, text: str) -> _Said:
        blocks = resolve(text, self.course.pictures)
        shown = [image for _, image in images(blocks)] if "![" in text else []
        return _Said(
            blocks,
            frozenset(image.source for image in shown),
            has_figures=any(image.is_figure for image in shown),
            refers="(#" in text,
            names_choices=f"(#{CHOICE}" in text,
        )

    def _section(
        self,
        number: int,
        section: Section,
        questions: Iterable[paper.Question],
        numbers: Iterator[int],
        common: list[_Said],
    ) -> paper.Section:
        """A section of questions as asked; what it and its stimuli say joins what is common."""
        groups: list[paper.Group] = []
        for _, members in groupby(questions, key=lambda question: self.course.entries[question.id].unit):
            placed = tuple([_placed(question, next(numbers), section) for question in members])
            stimulus = self.course.entries[placed[0].id].stimulus
            common.append(self.text(stimulus.text if stimulus else None))
            groups.append(paper.Group(placed, common[-1].blocks))
        common.append(self.text(section.text))
        return paper.Section(number, self.line(section.title), tuple(groups), common[-1].blocks)

    def _asked(self, name: str, order: tuple[str, ...]) -> _Asked:
        question = self.course.entries[name].question
        said: list[_Said] = []

        def blocks(text: str | None) -> Blocks:
            said.append(self.text(text))
            return said[-1].blocks

        text = blocks(question.text)
        if isinstance(question, ClozeQuestion):
            text = with_gaps(text, dict(zip(question.blanks, GAP_LABELS, strict=False)))
        lowered = paper.Question(
            number=0,
            id=name,
            text=text,
            response=responses.response(question, order, self.labels, self.exam.language, blocks),
            points=question.points,
            explanation=blocks(question.explanation),
            difficulty=question.difficulty,
            tags=tuple(question.tags),
        )
        return _Asked(
            with_labels(lowered) if any(one.names_choices for one in said) else lowered,
            frozenset().union(*(one.pictures for one in said)),
            has_figures=any(one.has_figures for one in said),
            refers=any(one.refers for one in said),
        )


def _placed(question: paper.Question, number: int, section: Section) -> paper.Question:
    # Written out, since `replace` takes five times as long, and this is done for every question of every paper.
    return paper.Question(
        number,
        question.id,
        question.text,
        question.response,
        section.points or question.points,
        question.explanation,
        question.difficulty,
        question.tags,
    )
