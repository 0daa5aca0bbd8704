"""Word files: numbered questions, lettered choices, and right answers that are marked, or listed at the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import PurePath

from quizgen.importers.archive import Archive, child, holds, is_old, refuse_old
from quizgen.importers.docx.body import Body, open_body
from quizgen.importers.docx.drafts import Drafting
from quizgen.importers.docx.lines import Line
from quizgen.importers.docx.questions import questions
from quizgen.importers.imported import Imported, ImportedFile
from quizgen.importers.naming import language_of
from quizgen.problems import Position, Problem, ProblemsError

_TITLES = {"title", "表題"}
_NO_ALT = {"ja": "図", "en": "picture"}
_NO_QUESTIONS = (
    "no question was found: a question begins with a number (問1, Q1, 1.), and its choices begin with a, b or ア, イ "
    "or ①, ②, each on a line of its own"
)

__all__ = ["read", "sniff"]


def sniff(name: str, data: bytes) -> int:
    """Sure where there is a document, one of the old kind included, since `read` says what to do with it."""
    if holds(data, "word/document"):
        return 100
    named = PurePath(name).suffix.lower() in (".docx", ".docm", ".doc")
    return 90 * (named and is_old(data, "")) or 80 * is_old(data, "WordDocument") or 30 * named


def read(name: str, data: bytes) -> Imported:
    """The questions of a document, in the forms that docs/importing.md shows; pictures come along."""
    refuse_old(name, data, "Word", ".docx")
    archive = Archive(name, data, "Word")
    part = archive.main("word/document.xml")
    root = child(archive.tree(part), "body")
    body = open_body(archive, part, _no_alt(archive, part))
    lines = list(body.lines(root)) if root is not None else []
    found = questions(lines)
    if not found.asked:
        raise ProblemsError([Problem(Position(name), "no-questions", _NO_QUESTIONS)])
    first = found.asked[0]
    title = _title(lines, first.line) or first.chapter or PurePath(name).stem
    drafting = Drafting(name, title, body.no_alt)
    result = drafting.imported(found)
    return replace(result, notes=(*body.notes, *result.notes), files=tuple(_used(body, result)))


def _no_alt(archive: Archive, part: str) -> str:
    """What stands for the description of a picture that has none, in the document's language."""
    return _NO_ALT[language_of(archive.read(part).decode("utf-8", errors="ignore"))]


def _title(lines: Sequence[Line], first_question: int) -> str:
    """The first line in the style of titles, in a table at the head of the page too, or the first heading."""
    for line in lines:
        cells = [cell for row in line.grid.rows for cell in row] if line.grid else [(line,)]
        titles = (one.seen for cell in cells for one in cell if one.style in _TITLES and one.seen)
        for title in titles:
            return title
    headings = (line.seen for line in lines if line.parts and line.seen and line.number < first_question)
    return next(headings, "")


def _used(body: Body, result: Imported) -> Iterable[ImportedFile]:
    """The pictures that are in a text of a question, and not only in one that was left out."""
    texts = "\n".join(
        text
        for bank in result.banks
        for text in (
            *(stimulus.text for stimulus in bank.stimuli),
            *(text for one in bank.questions for text in (one.text, one.explanation)),
            *(text for one in bank.questions for choice in one.choices for text in (choice.text, choice.feedback)),
        )
    )
    return (file for file in body.files if f"({file.path})" in texts)
