"""Drafts as the YAML that a careful author would write: quotes and blocks only where a text needs them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from quizgen.importers.imported import (
    AssignmentDraft,
    AssignmentsDraft,
    BankDraft,
    ChoiceDraft,
    QuestionDraft,
    StimulusDraft,
)
from quizgen.importers.text import cleaned

_WIDEST_FLOW = 100
_MOST_DRAWN = 1000
# What a text may not begin with, hold or end with to go without quotes.
_SPECIAL = re.compile(r"""^[-?:,\[\]{}#&*!|>'"%@`\s]|:(?=\s|$)|\s#|\t|\s$""")
_SPECIAL_IN_FLOW = re.compile(r"[,\[\]{}:#]")
# What YAML, of one version or the other, takes for something else than a text.
_NO_TEXT = re.compile(
    r"(?i:true|false|yes|no|on|off|y|n|null|~|=|<<|\.inf|\.nan|0[xo][0-9a-f]+|[-+]?[0-9.][0-9_.:e+-]*)"
)


def bank_yaml(bank: BankDraft) -> str:
    """A bank's file. Read again it has the draft's texts, with a line's end behind those of several lines."""
    return _joined(_bank(bank))


def assignments_yaml(assignments: AssignmentsDraft) -> str:
    """The file of a set of assignments."""
    return _joined(_assignments(assignments))


def exam_yaml(name: str, title: str, banks: Iterable[BankDraft]) -> str:
    """An exam of all questions of the banks, a section for each."""
    return _joined(_exam(name, title, list(banks)))


def question_lines(text: str) -> tuple[int, ...]:
    """The lines, from 1, at which the questions of a bank's or the assignments of a set's file begin."""
    return _item_lines(text, ("questions:", "assignments:"))


def stimulus_lines(text: str) -> tuple[int, ...]:
    """The lines, from 1, at which the stimuli of a bank's file begin."""
    return _item_lines(text, ("stimuli:",))


def _item_lines(text: str, fields: tuple[str, ...]) -> tuple[int, ...]:
    lines = []
    inside = False
    for number, line in enumerate(text.split("\n"), start=1):
        if line[:1] not in ("", " ", "#"):
            inside = line in fields
        elif inside and line.startswith("  - "):
            lines.append(number)
    return tuple(lines)


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


def _bank(bank: BankDraft) -> Iterator[str]:
    yield from _comments(bank.comments, "")
    yield from _head("bank", bank.id, bank.title, bank.language)
    if bank.stimuli:
        yield ""
        yield "stimuli:"
        yield from _apart(map(_stimulus, bank.stimuli))
    yield ""
    yield "questions:"
    yield from _apart(map(_question, bank.questions))


def _head(kind: str, name: str, title: str, language: str) -> Iterator[str]:
    yield f"kind: {kind}"
    yield f"id: {_line(name)}"
    yield f"title: {_line(title)}"
    yield f"language: {language}"


def _apart(items: Iterable[Iterator[str]]) -> Iterator[str]:
    """The lines of items, an empty line between one and the next."""
    for number, item in enumerate(items):
        if number:
            yield ""
        yield from item


def _stimulus(stimulus: StimulusDraft) -> Iterator[str]:
    yield f"  - id: {_line(stimulus.id)}"
    yield from _text("text", stimulus.text, "    ")
    if stimulus.shuffle:
        yield "    shuffle: true"


def _question(question: QuestionDraft) -> Iterator[str]:
    yield from _comments(question.comments, "  ")
    yield f"  - id: {_line(question.id)}"
    yield f"    type: {question.type}"
    if question.stimulus:
        yield f"    stimulus: {_line(question.stimulus)}"
    yield from _text("text", question.text, "    ")
    yield "    choices:"
    for choice in question.choices:
        yield from _choice(choice)
    yield f"    answer: {_answer(question)}"
    if question.explanation:
        yield from _text("explanation", question.explanation, "    ")
    if question.points != 1:
        yield f"    points: {_number(question.points)}"
    if question.difficulty != "normal":
        yield f"    difficulty: {question.difficulty}"
    if question.tags:
        yield f"    tags: {_flow_list(question.tags)}"
    if not question.shuffle:
        yield "    shuffle: false"


def _choice(choice: ChoiceDraft) -> Iterator[str]:
    label = _label(choice.label)
    fields = {"text": cleaned(choice.text), "feedback": cleaned(choice.feedback), "pin": choice.pin or ""}
    written = {name: text for name, text in fields.items() if text or name == "text"}
    if len(written) == 1:
        yield from _text(label, choice.text, "      ")
        return
    inline = [f"{name}: {_flow(text)}" for name, text in written.items()]
    flow = f"      {label}: {{{', '.join(inline)}}}"
    if len(flow) <= _WIDEST_FLOW and not any("\n" in text for text in written.values()):
        yield flow
        return
    yield f"      {label}:"
    for name, text in written.items():
        yield from _text(name, text, "        ")


def _assignments(assignments: AssignmentsDraft) -> Iterator[str]:
    yield from _head("assignments", assignments.id, assignments.title, assignments.language)
    if assignments.text:
        yield from _text("text", assignments.text, "")
    yield "assignments:"
    yield from _apart(map(_assignment, assignments.assignments))


def _assignment(assignment: AssignmentDraft) -> Iterator[str]:
    yield from _comments(assignment.comments, "  ")
    yield f"  - id: {_line(assignment.id)}"
    yield f"    title: {_line(assignment.title)}"
    yield from _text("goal", assignment.goal, "    ")
    for name, text in (("steps", assignment.steps), ("submit", assignment.submit)):
        if text:
            yield from _text(name, text, "    ")
    if assignment.points != 10:
        yield f"    points: {_number(assignment.points)}"


def _exam(name: str, title: str, banks: list[BankDraft]) -> Iterator[str]:
    yield from _head("exam", name, title, banks[0].language)
    yield "sections:"
    for bank in banks:
        yield f"  - title: {_line(bank.title)}"
        yield f"    draw: {{from: {_flow(bank.id)}, count: {min(len(bank.questions), _MOST_DRAWN)}}}"


def _comments(comments: Iterable[str], indent: str) -> Iterator[str]:
    for comment in comments:
        yield from (f"{indent}# {line}".rstrip() for line in cleaned(comment).split("\n"))


def _text(key: str, text: str, indent: str) -> Iterator[str]:
    """A field of Markdown: on its line where that reads well, else as a block."""
    text = cleaned(text)
    if "\n" not in text and not (_needs_quotes(text) and "'" in text):
        yield f"{indent}{key}: {_line(text)}"
        return
    # A block finds its indent by its first line, unless that is indented itself.
    yield f"{indent}{key}: |{'2' if text[0].isspace() else ''}"
    yield from (f"{indent}  {line}" if line else "" for line in text.split("\n"))


def _line(text: str) -> str:
    """A text on one line, in single quotes if it needs any."""
    text = " ".join(cleaned(text).split("\n"))
    return _quoted(text) if _needs_quotes(text) else text


def _flow(text: str) -> str:
    """A text inside `{…}` or `[…]`."""
    line = _line(text)
    return _quoted(line) if line[0] != "'" and _SPECIAL_IN_FLOW.search(line) else line


def _label(text: str) -> str:
    """A choice's label; digits, which the models read as text, go without quotes."""
    return text if text.isascii() and text.isalnum() else _flow(text)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _needs_quotes(text: str) -> bool:
    return not text or bool(_SPECIAL.search(text) or _NO_TEXT.fullmatch(text))


def _answer(question: QuestionDraft) -> str:
    labels = ", ".join(map(_label, question.answer))
    return labels if question.type == "single" and len(question.answer) == 1 else f"[{labels}]"


def _flow_list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_flow, texts))}]"


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"
