"""The templates as a user sees them: what each is for, whether the project has its own copy, and a copy to change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from quizgen.problems import QuizgenError
from quizgen.templates import Templates, shipped

# What each template is for; the order is that in which they are listed.
PURPOSES = {
    "booklet.html": "the question booklet",
    "cover.html": "its cover: title, boxes for number and name, instructions",
    "question.html": "a question wherever it is printed, with its choices and its heading",
    "base.html": "the frame of every printed document: head, title, variant",
    "bilingual.html": "the booklet in two languages side by side",
    "answer-sheet.html": "the answer sheet: bubbles and boxes to write in",
    "answer-key.html": "the answer key as a table",
    "overlay.html": "the booklet with the right answers marked in place",
    "explanations.html": "the questions with answers and explanations",
    "variants.html": "the table of all variants: where each question stands",
    "catalog.html": "the proof catalogue of a bank",
    "assignments.html": "assignment sheets, with the solutions for the teacher",
    "style.css": "the look of every printed page",
    "teacher.css": "the look of what teachers get: key, overlay, explanations, catalogue",
    "answer-sheet.css": "the look of the answer sheet",
    "assignments.css": "the look of assignment sheets",
    "editions.css": "the look of editions: large print, furigana, high contrast, spacing",
    "bilingual.css": "the look of two languages side by side",
    "custom.css": "your own rules, read after all others; empty as it comes",
    "booklet.docx": "the question booklet",
    "answer-sheet.docx": "the answer sheet for written answers",
    "answer-key.docx": "the answer key",
    "explanations.docx": "the questions with answers and explanations",
    "assignments.docx": "assignment sheets",
    "moodle.xml": "the question bank's file for Moodle",
    "moodle-assignment.html": "what students read of an assignment in Moodle",
    "moodle-grading.html": "what graders read of an assignment in Moodle",
}

State = Literal["", "same", "changed"]


@dataclass(frozen=True, slots=True)
class Template:
    """A template: its name, what it is for, where it prints, and how the project's copy compares with ours."""

    name: str
    purpose: str
    medium: str
    state: State


def template_list(templates: Templates) -> tuple[Template, ...]:
    """All templates that quizgen brings, as they stand in a project."""
    return tuple(Template(name, purpose, _medium(name), _state(templates, name)) for name, purpose in PURPOSES.items())


def _medium(name: str) -> str:
    if name.startswith("moodle"):
        return "Moodle"
    return "Word" if name.endswith(".docx") else "PDF"


def _state(templates: Templates, name: str) -> State:
    own = templates.project / name if templates.project else None
    if own is None or not own.is_file():
        return ""
    return "same" if own.read_bytes() == (shipped() / name).read_bytes() else "changed"


def eject(root: Path, names: Sequence[str], *, force: bool = False) -> tuple[Path, ...]:
    """Copy templates into a project's `templates/`, all or none; the paths of the copies.

    Raises QuizgenError for a name that is none, and for a copy that is there already unless `force` is given.
    """
    folder = root / "templates"
    found = tuple(dict.fromkeys(map(_named, names)))
    taken = [name for name in found if (folder / name).exists()]
    if taken and not force:
        raise QuizgenError(
            f"{', '.join(str(folder / name) for name in taken)} is there already; nothing was copied. "
            "Go on with that copy, or take quizgen's in its place with --force"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in found:
            (folder / name).write_bytes((shipped() / name).read_bytes())
    except OSError as error:
        raise QuizgenError(f"{folder} cannot be written: {error.strerror or error}") from error
    return tuple(folder / name for name in found)


def _named(name: str) -> str:
    """The template that a name stands for, with its ending or, where only one has the name, without."""
    if name in PURPOSES:
        return name
    meant = [known for known in PURPOSES if known.rpartition(".")[0] == name]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise QuizgenError(f"{name} can be {' or '.join(meant)}; say which")
    names = {known.rpartition(".")[0]: known for known in PURPOSES} | {known: known for known in PURPOSES}
    close = get_close_matches(name, names, n=1)
    way_out = f"did you mean {names[close[0]]}?" if close else "`quizgen templates` lists them"
    raise QuizgenError(f"there is no template {name}; {way_out}")
