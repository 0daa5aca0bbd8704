"""A paper as lines of text for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent

from quizgen.language import catalog
from quizgen.paper import Group, Paper, Printable, Question, Worksheet
from quizgen.richtext.plain import to_plain
from quizgen.richtext.tree import Blocks


def as_text(printable: Printable, *, key: bool) -> str:
    """The whole paper; with `key`, right choices ticked and explanations added."""
    lines = _paper(printable, key=key) if isinstance(printable, Paper) else _worksheet(printable, key=key)
    return "\n".join(lines) + "\n"


def _paper(paper: Paper, *, key: bool) -> Iterator[str]:
    words = catalog(paper.language).gettext
    count, points = len(paper.questions), paper.points
    yield f"{paper.title}  [{paper.name}]  {words('Questions')}: {count}  {words('Points')}: {points}"
    for section in paper.sections:
        yield ""
        yield f"== {section.number}  {section.title}".rstrip()
        yield from _text(section.text)
        for group in section.groups:
            yield from _group(group, key=key)


def _group(group: Group, *, key: bool) -> Iterator[str]:
    if group.stimulus:
        yield ""
        yield from _text(group.stimulus, "| ")
    for question in group.questions:
        yield from _question(question, key=key)


def _question(question: Question, *, key: bool) -> Iterator[str]:
    yield ""
    head = f"{question.number}. "
    lines = list(_text(question.text, " " * len(head)))
    yield head + (lines[0].lstrip() if lines else "") + f"  ({question.points})"
    yield from lines[1:]
    for option in question.response.options:
        mark = ("✓" if option.right else " ") if key else ""
        lines = list(_text(option.text, "       "))
        yield f"  {mark} {option.label}  {lines[0].lstrip() if lines else ''}"
        yield from lines[1:]
    if key:
        yield from _text(question.explanation, "  → ")


def _worksheet(worksheet: Worksheet, *, key: bool) -> Iterator[str]:
    yield f"{worksheet.title}  [{worksheet.name}]"
    for assignment in worksheet.assignments:
        yield ""
        yield f"== {assignment.number}  {assignment.title}  ({assignment.points})"
        yield from (f"{name}: {value}" for name, value in assignment.parameters)
        for part in (assignment.goal, *assignment.prerequisites, assignment.steps, assignment.submit):
            yield from _text(part, "  ")
        for check in assignment.checks:
            yield f"  $ {check.run}"
            yield indent(check.expect, "  > ")
        if key:
            yield from _text(assignment.solution, "  → ")


def _text(blocks: Blocks, prefix: str = "") -> Iterator[str]:
    if blocks:
        yield from indent(to_plain(blocks), prefix, lambda _: True).splitlines()
