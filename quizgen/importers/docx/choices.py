"""The choices below a question: the last run of labels that counts from the first, and what marks the right ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from quizgen.importers.docx.heads import RIGHT, Labelled, after_answer, after_explanation, labelled
from quizgen.importers.docx.lines import Line, Span
from quizgen.language import MOST_CHOICES, LabelStyle
from quizgen.richtext.tree import Code, Text

# What can mark a right answer, the surest first.
MARKS = ("sign", "highlight", "colour", "bold", "underline", "label bold", "label highlight", "label colour")
_MOST_STARTS = 40
_MOST_LINES = 1_000
_SAID = r"[（(【\[][\s　]*(?:正解|正答|○|〇|correct|right)[\s　]*[)）】\]]"
# Signs before a text, and behind it; these are looked for in its last characters only.
_BEFORE = re.compile(rf"[\s　]*(?:[{RIGHT}＊*](?=[\s　])|[✓✔☑✅☒])[\s　]*")
_BEHIND = re.compile(rf"[\s　]*(?:(?<=[\s　])[{RIGHT}]|{_SAID}|[✓✔☑✅])[\s　]*$", re.IGNORECASE)
_BOX = re.compile(r"[\s　]*[☐□][\s　]*")
_CROSS_BEFORE = re.compile(r"[\s　]*[×✗✘❌](?=[\s　])[\s　]*")
_CROSS_BEHIND = re.compile(r"[\s　]+[×✗✘❌][\s　]*$")
_LONGEST_SIGN = 40  # characters, with the blanks around it


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice's lines and feedback, and by what it is marked right: a sign beside it, or the look of its letters."""

    lines: tuple[Line, ...]
    feedback: tuple[Line, ...]
    marked: frozenset[str]


@dataclass(frozen=True, slots=True)
class Run:
    """The choices of a question, the style of their labels, and the lines from which to which they stand."""

    start: int
    end: int
    choices: tuple[Choice, ...] = ()
    style: LabelStyle | None = None


@dataclass(frozen=True, slots=True)
class _Labels:
    style: LabelStyle | None
    at: tuple[int, ...]


def chosen(lines: Sequence[Line], first: Line) -> Run:
    """The choices among the lines of a question; `first` is its first line with the number that `lines` are without."""
    end = min(next(_markers(lines), len(lines)), _MOST_LINES)
    heads = [None, *(labelled(line) for line in lines[1:end])]
    runs = list(_runs(heads, lines)) or list(_bullets(heads))
    outer = [run for run in runs if not any(one.at[0] < run.at[0] and run.at[-1] < one.at[-1] for one in runs)]
    if not outer:
        return Run(end, end)
    run = outer[-1]
    behind = _end(lines[:end], run.at[-1], first)
    edges = zip(run.at, (*run.at[1:], behind), strict=True)
    choices = [_choice(lines[start:stop], heads[start]) for start, stop in edges]
    return Run(run.at[0], behind, tuple(_without_crosses(choices)), run.style)


def _markers(lines: Sequence[Line]) -> Iterator[int]:
    """Where answers and explanations begin."""
    for at, line in enumerate(lines):
        if at and line.grid is None and not (after_answer(line.text) is None and after_explanation(line.text) is None):
            yield at


def _runs(heads: Sequence[Labelled | None], lines: Sequence[Line]) -> Iterator[_Labels]:
    """Labels that count from the first of a style, two at least."""
    starts = [(at, style) for at, head in enumerate(heads) if head for style, place in head.places if place == 0]
    for start, style in starts[-_MOST_STARTS:]:
        kind = _kind(lines[start])
        found = [start]
        for at in range(start + 1, len(heads)):
            head = heads[at]
            if head and (style, len(found)) in head.places and _kind(lines[at]) == kind and len(found) < MOST_CHOICES:
                found.append(at)
        if len(found) > 1:
            yield _Labels(style, tuple(found))


def _kind(line: Line) -> tuple[int, int] | None:
    """The list that a label is of; None for a typed one."""
    return (line.label.list, line.label.level) if line.label and not line.label.bullet else None


def _bullets(heads: Sequence[Labelled | None]) -> Iterator[_Labels]:
    """Runs of paragraphs with bullets, for choices that have no labels."""
    found: list[int] = []
    for at, head in enumerate([*heads, None]):
        if head and head.bullet and len(found) < MOST_CHOICES:
            found.append(at)
        elif len(found) > 1:
            yield _Labels(None, tuple(found))
            found = []
        else:
            found = []


def _end(lines: Sequence[Line], last: int, first: Line) -> int:
    """Behind the lines that still belong to the last choice."""
    end = last + 1
    while end < len(lines) and _belongs(lines[end], first):
        end += 1
    return end


def _belongs(line: Line, first: Line) -> bool:
    if line.box or line.parts:
        return False
    only_things = not line.text.replace("\ufffc", "").strip()
    deeper = line.indent > first.indent and bool(line.text.strip())
    return line.goes_on or line.code or is_feedback(line) or deeper or (only_things and not line.blank)


def is_feedback(line: Line) -> bool:
    """Whether a line is what a student is told who takes the choice above; Word files of ours have a style for it."""
    return line.style == "feedback"


def _choice(lines: Sequence[Line], head: Labelled | None) -> Choice:
    start = head.start if head else 0
    label = [span for span in lines[0].cut(0, start).spans if span.text.strip()]
    first = replace(lines[0].cut(start), code=False)
    text = tuple(line for line in lines[1:] if not is_feedback(line))
    feedback = tuple(line for line in lines[1:] if is_feedback(line))
    marks = {f"label {sign}" for sign in _shared(label)} if label else set()
    marks |= _shared([span for line in (first, *text) for span in line.spans])
    unsigned = _without_last(_BEHIND, _without_first(_BEFORE, first))
    if (head and head.mark and head.mark in f"{RIGHT}＊*") or len(unsigned.text) < len(first.text):
        marks.add("sign")
    return Choice((_without_first(_BOX, unsigned), *text), feedback, frozenset(marks))


def _without_first(pattern: re.Pattern[str], line: Line) -> Line:
    """The line without a sign before its text, unless the sign is all there is (○ or × as a choice's text)."""
    match = pattern.match(line.text[:_LONGEST_SIGN])
    return _kept(line, line.cut(match.end())) if match else line


def _without_last(pattern: re.Pattern[str], line: Line) -> Line:
    """The line without a sign behind its text, unless the sign is all there is."""
    start = max(len(line.text) - _LONGEST_SIGN, 0)
    match = pattern.search(line.text[start:])
    return _kept(line, line.cut(0, start + match.start())) if match else line


def _kept(line: Line, rest: Line) -> Line:
    return replace(rest, label=line.label) if rest.text.strip() else line


def _shared(spans: Sequence[Span]) -> set[str]:
    """What all letters have in common."""
    letters = [span.signs for span in spans if isinstance(span.inline, Text | Code) and span.text.strip()]
    return set(frozenset.intersection(*letters)) if letters else set()


def _without_crosses(choices: Sequence[Choice]) -> Iterator[Choice]:
    """The choices without the signs of wrong ones, where others have the sign of right ones."""
    if not any("sign" in choice.marked for choice in choices):
        yield from choices
        return
    for choice in choices:
        first, *others = choice.lines
        bare = _without_last(_CROSS_BEHIND, _without_first(_CROSS_BEFORE, first))
        yield choice if "sign" in choice.marked else replace(choice, lines=(bare, *others))
