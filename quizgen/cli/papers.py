"""A paper as lines of text for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent
from typing import assert_never

from quizgen.language import catalog
from quizgen.paper import (
    Blank,
    Choice,
    Cloze,
    Group,
    Lines,
    Matching,
    Option,
    Ordering,
    Paper,
    Printable,
    Question,
    Response,
    Worksheet,
)
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
    yield from _response(question.response, key=key)
    if key:
        yield from _text(question.explanation, "  → ")


def _response(response: Response, *, key: bool) -> Iterator[str]:
    match response:
        case Choice(options):
            yield from _options(options, key=key)
        case Matching(stems, options):
            yield from (line for stem in stems for line in _labelled(stem.label, stem.text))
            yield ""
            yield from _options(options, key=False)
        case Ordering(items):
            yield from (line for item in items for line in _labelled(item.label, item.text))
        case Cloze(gaps):
            for gap in gaps:
                if isinstance(gap.response, Choice):
                    yield f"    {gap.label}"
                    yield from _options(gap.response.options, key=key)
        case Blank() | Lines():
            pass
        case _:
            assert_never(response)
    if key and not isinstance(response, Choice) and response.key:
        yield f"  ✓ {response.key}"


def _options(options: tuple[Option, ...], *, key: bool) -> Iterator[str]:
    for option in options:
        mark = ("✓" if option.right else " ") if key else ""
        yield from _labelled(option.label, option.text, mark)


def _labelled(label: str, text: Blocks, mark: str = "") -> Iterator[str]:
    lines = list(_text(text, "       "))
    yield f"  {mark} {label}  {lines[0].lstrip() if lines else ''}"
    yield from lines[1:]


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
