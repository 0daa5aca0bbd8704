"""Assignments as Moodle's HTML: the student's text and the grader's information, each from a template of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from quizgen.writers.moodle.html import boxed, code_block, fragment, plain
from quizgen.writers.moodle.xml import Fragment

if TYPE_CHECKING:
    from quizgen.paper import Assignment, Worksheet
    from quizgen.picture import Picture
    from quizgen.richtext.tree import Blocks

STUDENT_TEMPLATE = "moodle-assignment.html"
GRADER_TEMPLATE = "moodle-grading.html"

Render = Callable[..., str]  # with a template's name and its values, as Templates.render has it


@dataclass(frozen=True, slots=True)
class Check:
    """A command and what it is to print, each as a block of code."""

    run: Markup
    expect: Markup


@dataclass(frozen=True, slots=True)
class Criterion:
    """A line of the rubric: its levels with their points."""

    name: Markup
    levels: tuple[tuple[Markup, str], ...]


@dataclass(frozen=True, slots=True)
class View:
    """What the two templates see of an assignment, every text finished HTML."""

    goal: Markup
    prerequisites: tuple[Markup, ...]
    steps: Markup
    submit: Markup
    checks: tuple[Check, ...]
    minutes: int | None
    cost: Markup
    cleanup: Markup
    solution: Markup
    parameters: tuple[tuple[Markup, Markup], ...]
    rubric: tuple[Criterion, ...]


def student_text(render: Render, worksheet: Worksheet, assignment: Assignment) -> Fragment:
    """What the student reads, below the worksheet's own text."""
    html = render(STUDENT_TEMPLATE, assignment=_view(worksheet, assignment))
    shown = (
        assignment.goal,
        *assignment.prerequisites,
        assignment.steps,
        assignment.submit,
        assignment.cost,
        assignment.cleanup,
    )
    common = boxed(fragment(worksheet.text, worksheet.pictures)) if worksheet.text else Fragment()
    return common + Fragment(html, _pictures(worksheet, *shown))


def grader_text(render: Render, worksheet: Worksheet, assignment: Assignment) -> Fragment:
    """What only the grader reads: the rubric and the solution."""
    html = render(GRADER_TEMPLATE, assignment=_view(worksheet, assignment))
    return Fragment(html, _pictures(worksheet, assignment.solution))


def _pictures(worksheet: Worksheet, *texts: Blocks) -> tuple[Picture, ...]:
    return tuple(picture for text in texts for picture in fragment(text, worksheet.pictures).pictures)


def _view(worksheet: Worksheet, assignment: Assignment) -> View:
    def html(blocks: Blocks) -> Markup:
        return Markup(fragment(blocks, worksheet.pictures).html)  # noqa: S704  (escaped by to_html)

    return View(
        goal=html(assignment.goal),
        prerequisites=tuple(map(html, assignment.prerequisites)),
        steps=html(assignment.steps),
        submit=html(assignment.submit),
        checks=tuple(Check(_code(check.run), _code(check.expect)) for check in assignment.checks),
        minutes=assignment.minutes,
        cost=html(assignment.cost),
        cleanup=html(assignment.cleanup),
        solution=html(assignment.solution),
        parameters=tuple((_plain(name), _plain(value)) for name, value in assignment.parameters),
        rubric=_rubric(assignment),
    )


def _rubric(assignment: Assignment) -> tuple[Criterion, ...]:
    return tuple(
        Criterion(
            _plain(criterion.name),
            tuple((_plain(level), f"{points.normalize():f}") for level, points in criterion.levels),
        )
        for criterion in assignment.rubric
    )


def _code(text: str) -> Markup:
    return Markup(code_block(text)) if text else Markup()  # noqa: S704  (escaped by code_block)


def _plain(text: str) -> Markup:
    return Markup(plain(text))  # noqa: S704  (escaped by plain)
