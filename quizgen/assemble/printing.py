"""How papers are printed, where the exam's file leaves it open: by what they ask, and for whom they are."""

from __future__ import annotations

from typing import cast

from quizgen import paper
from quizgen.language import Feature
from quizgen.model import Course, Exam
from quizgen.paper.printing import Answers, Edition, Furigana, Printing, Size
from quizgen.paper.rows import parted

_HALF: dict[str, Size] = {"A3": "A4", "B4": "B5"}


def printing(
    exam: Exam, course: Course, sections: tuple[paper.Section, ...], student: paper.Student | None
) -> Printing:
    """The look of one paper: a mark sheet where there is anything to mark, one for each student who is known."""
    wanted = exam.print
    answers: Answers = wanted.answers or _answers(sections)
    numbered = exam.language == "ja" if wanted.answer_numbers is None else wanted.answer_numbers
    return Printing(
        size=_HALF[wanted.size] if wanted.size in _HALF else cast("Size", wanted.size),
        folded=wanted.size in _HALF,
        cover=wanted.cover,
        person=tuple(wanted.person),
        sections=wanted.sections,
        working=wanted.working,
        back_cover=wanted.back_cover,
        answers=answers,
        answer_sheets=wanted.answer_sheets or ("student" if student else "variant"),
        answer_numbers=numbered and answers == "marks",
        editions=tuple(dict.fromkeys(_edition(name) for name in wanted.editions)),
        furigana=_furigana(exam, course, sections),
    )


def _answers(sections: tuple[paper.Section, ...]) -> Answers:
    marked = any(parted(question.response) for section in sections for question in section.questions)
    return "marks" if marked else "boxes"


def _edition(name: str) -> Edition:
    """Its features in one order, however they were written."""
    return tuple(sorted(cast("list[Feature]", name.split("+"))))


def _furigana(exam: Exam, course: Course, sections: tuple[paper.Section, ...]) -> Furigana:
    """With the readings of those banks that the paper has questions from."""
    wanted = exam.print.furigana
    asked = {question.id.partition("/")[0] for section in sections for question in section.questions}
    banks = tuple((name, tuple(bank.readings.items())) for name, bank in course.banks.items() if name in asked)
    return Furigana(wanted.grade, tuple(wanted.readings.items()), tuple(pair for pair in banks if pair[1]))
