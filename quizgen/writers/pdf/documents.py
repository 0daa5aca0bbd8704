"""The documents as HTML: a paper and a template each, before they are printed."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from quizgen.paper.figures import number
from quizgen.paper.kinds import TESTS
from quizgen.writers.pdf import boxes, sheet
from quizgen.writers.pdf.layout import DIGITS, Layout
from quizgen.writers.pdf.markup import columns, printed
from quizgen.writers.pdf.wording import answers, arrangement

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

    from quizgen.paper import Paper, Printable, Worksheet
    from quizgen.richtext.tree import Blocks
    from quizgen.templates import Templates

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
    layout, bare = Layout(), paper.without_key()
    return _html("answer-sheet.html", bare, templates, layout=layout, digits=DIGITS, pages=sheet.sheet(bare, layout))


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
        "outline": sheet.outline,
        "letters": sheet.letters,
        "frames": boxes.frames,
        "rules": boxes.rules,
    }
    environment.tests |= TESTS
    return environment


def _markup(blocks: Blocks) -> Markup:
    return Markup(printed(blocks))  # noqa: S704 - printed() escapes
