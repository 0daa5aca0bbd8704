"""Worksheets: assignments with each student's or variant's parameters drawn and filled in."""

from __future__ import annotations

import re
from datetime import datetime

from quizgen import paper
from quizgen.assemble.lower import resolve, used_pictures
from quizgen.assemble.plan import Slot
from quizgen.draw import chosen, rank
from quizgen.language import catalog
from quizgen.model import Assignment, Assignments, Course, Parameter
from quizgen.paper.captions import numbered_assignment
from quizgen.parameters import fill
from quizgen.richtext.tree import Blocks, Paragraph, Strong, Text


def worksheet(assignments: Assignments, course: Course, slot: Slot) -> paper.Worksheet:
    """The worksheet of a slot."""
    sheets = tuple(
        _assignment(assignments, course, slot, number, assignment)
        for number, assignment in enumerate(assignments.assignments, start=1)
    )
    text = resolve(assignments.text, course.pictures)
    texts = [text, *(blocks for sheet in sheets for blocks in _texts(sheet))]
    return paper.Worksheet(
        id=assignments.id,
        title=assignments.title,
        language=assignments.language,
        seed=assignments.seed,
        variant=slot.variant,
        assignments=sheets,
        student=slot.student,
        course=assignments.course or "",
        text=text,
        pictures=used_pictures(texts, course),
    )


def student_word(name: str) -> str:
    """A student's id as a word that host names, namespaces and image names take: a-z, 0-9 and hyphens."""
    word = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return word or f"s{rank('student', name) % 1_000_000}"


def _assignment(
    assignments: Assignments, course: Course, slot: Slot, number: int, assignment: Assignment
) -> paper.Assignment:
    key = (assignments.seed, assignments.id, slot.key, assignment.id)
    drawn = {name: _value(parameter, *key, name) for name, parameter in assignment.parameters.items()}
    values = {**drawn, "student": student_word(slot.name)}

    def text(markdown: str | None) -> Blocks:
        return resolve(fill(markdown, values) if markdown else None, course.pictures)

    lowered = paper.Assignment(
        number=number,
        id=assignment.id,
        title=fill(assignment.title, values),
        points=assignment.points,
        goal=text(assignment.goal),
        prerequisites=tuple(text(item) for item in assignment.prerequisites),
        steps=text(assignment.steps),
        submit=(*_deadline(assignment.due, assignments.language), *text(assignment.submit)),
        checks=tuple(paper.Check(fill(check.run, values), fill(check.expect, values)) for check in assignment.checks),
        rubric=tuple(
            paper.Criterion(line.criterion, tuple(sorted(line.levels.items(), key=lambda level: level[1])))
            for line in assignment.rubric
        ),
        minutes=assignment.minutes,
        due=assignment.due,
        cost=text(assignment.cost),
        cleanup=text(assignment.cleanup),
        solution=text(assignment.solution),
        parameters=tuple(drawn.items()),
    )
    return numbered_assignment(lowered, assignments.language)


def _deadline(due: datetime | None, language: str) -> Blocks:
    """When to hand in, as the first line of what to hand in; in the zone that the author wrote."""
    if due is None:
        return ()
    day = f"{due.year}年{due.month}月{due.day}日" if language == "ja" else f"{due:%Y-%m-%d}"
    words = catalog(language).gettext("Due: %(moment)s") % {"moment": f"{day} {due:%H:%M}"}
    return (Paragraph((Strong((Text(words),)),)),)


def _value(parameter: Parameter, *key: str | int) -> str:
    if parameter.range:
        least, greatest = parameter.range
        return str(chosen(range(least, greatest + 1), *key))
    return chosen(parameter.choose or [""], *key)


def _texts(sheet: paper.Assignment) -> tuple[Blocks, ...]:
    fields = (sheet.goal, sheet.steps, sheet.submit, sheet.cost, sheet.cleanup, sheet.solution)
    return (*fields, *sheet.prerequisites)
