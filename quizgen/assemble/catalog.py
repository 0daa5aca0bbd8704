"""A bank as a proof catalogue: nothing drawn or shuffled, choices by the labels of the file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from quizgen import paper
from quizgen.assemble.banks import pool
from quizgen.model import Exam
from quizgen.model.exam import Draw, Section
from quizgen.paper.catalog import Catalog, Source
from quizgen.paper.references import with_labels

if TYPE_CHECKING:
    from quizgen.language import Language
    from quizgen.model import Bank, Course


def catalog(bank: Bank, course: Course, language: Language) -> Catalog:
    """The catalogue of a bank in one of its languages."""
    whole = Draw.model_construct(banks=[bank.id], count=len(bank.questions))
    exam = Exam.model_construct(
        kind="exam", id=bank.id, title=bank.title, language=language, sections=[Section.model_construct(draw=[whole])]
    )
    lowered = pool(exam, course)
    sections = tuple(
        replace(section, title="", groups=tuple(map(_by_identity, section.groups))) for section in lowered.sections
    )
    sources = {
        entry.name: Source(entry.question.type, entry.stimulus.id if entry.stimulus else "")
        for entry in course.entries.values()
    }
    printing = replace(lowered.printing, answers="boxes", answer_numbers=False)
    return Catalog(replace(lowered, sections=sections, printing=printing), sources)


def _by_identity(group: paper.Group) -> paper.Group:
    questions = (replace(question, response=_relabelled(question.response)) for question in group.questions)
    return replace(group, questions=tuple(map(with_labels, questions)))


def _relabelled(response: paper.Response) -> paper.Response:
    """The response with the file's own labels, where it has them."""
    match response:
        case paper.Choice():
            return _named(response)
        case paper.Cloze(gaps):
            named = (
                replace(gap, response=_named(gap.response)) if isinstance(gap.response, paper.Choice) else gap
                for gap in gaps
            )
            return paper.Cloze(tuple(named))
        case _:
            return response


def _named(choice: paper.Choice) -> paper.Choice:
    return replace(choice, options=tuple(replace(option, label=option.id) for option in choice.options))
