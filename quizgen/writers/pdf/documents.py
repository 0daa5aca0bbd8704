"""The documents as HTML: a paper and a template each, before they are printed."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from quizgen.language import catalog
from quizgen.paper.figures import number
from quizgen.paper.kinds import TESTS
from quizgen.writers.pdf import sheet
from quizgen.writers.pdf.markup import columns, printed
from quizgen.writers.pdf.wording import answers, arrangement

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

    from quizgen.paper import Paper, Printable, Worksheet
    from quizgen.richtext.tree import Blocks
    from quizgen.templates import Templates
    from quizgen.writers.pdf.sheet import Sheet

SOURCES = (
    "base.html",
    "question.html",
    "booklet.html",
    "answer-sheet.html",
    "answer-key.html",
    "explanations.html",
    "assignments.html",
)


def booklet_html(paper: Paper, templates: Templates) -> str:
    """The questions as students get them."""
    return _html("booklet.html", paper.without_key(), templates)


def answer_sheet_html(paper: Paper, templates: Templates) -> str:
    """The sheet on which students mark their answers."""
    bare = paper.without_key()
    return sheet_html(bare, answer_sheet(bare), templates)


def answer_sheet(paper: Paper) -> Sheet:
    """The geometry of a paper's own answer sheet."""
    return sheet.sheet(sheet.asked(paper.without_key()))


def sheet_html(paper: Paper, made: Sheet, templates: Templates) -> str:
    """An answer sheet with the words of a paper around it; name and number only where it is that student's."""
    mode, student = paper.printing.answer_sheets, paper.student
    shown = paper.without_key() if mode == "student" else replace(paper.without_key(), student=None)
    known = student.id if student and mode == "student" and sheet.digits_fit(student.id) else ""
    digest, words = sheet.digest(sheet.layout_json(made)), catalog(paper.language).gettext
    drawings = tuple(sheet.drawing(made, page, digest, known, words) for page in made.pages)
    variant = "" if mode == "generic" else paper.variant
    return _html("answer-sheet.html", shown, templates, sheet=made, drawings=drawings, variant=variant)


def answer_key_html(paper: Paper, templates: Templates) -> str:
    """The right labels with their points, for those who mark by hand."""
    return _html("answer-key.html", paper, templates)


def explanations_html(paper: Paper, templates: Templates) -> str:
    """The questions with right choices, feedback and explanations."""
    return _html("explanations.html", paper, templates)


def assignments_html(worksheet: Worksheet, templates: Templates) -> str:
    """A cover for handing in and each assignment; with the solutions where the worksheet has them."""
    return _html("assignments.html", worksheet, templates)


def _html(name: str, paper: Printable, templates: Templates, **more: object) -> str:
    texts = tuple(templates.read(source) for source in SOURCES)
    return templates.render(_environment(templates, paper.language, texts), name, paper=paper, **more)


@lru_cache(maxsize=8)
def _environment(templates: Templates, language: str, texts: tuple[bytes, ...]) -> SandboxedEnvironment:  # noqa: ARG001
    """The environment with our filters; `texts` are in the key so that an edited template is compiled anew."""
    environment = templates.environment(language)
    environment.filters |= {
        "html": _markup,
        "number": number,
        "answers": answers,
        "arrangement": arrangement,
        "columns": columns,
    }
    environment.tests |= TESTS
    return environment


def _markup(blocks: Blocks) -> Markup:
    return Markup(printed(blocks))  # noqa: S704 - printed() escapes
