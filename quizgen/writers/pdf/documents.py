"""The documents as HTML: a paper and a template each, before they are printed."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from jinja2 import TemplateError
from markupsafe import Markup

from quizgen.problems import QuizgenError
from quizgen.writers.pdf import sheet
from quizgen.writers.pdf.markup import columns, printed
from quizgen.writers.pdf.wording import arrangement, number, worth

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
    layout = sheet.Layout()
    bare = paper.without_key()
    return _html(
        "answer-sheet.html", bare, templates, layout=layout, digits=sheet.DIGITS, pages=sheet.sheet(bare, layout)
    )


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
    try:
        template = _environment(templates, paper.language, texts).get_template(name)
        return template.render(paper=paper, **more)
    except TemplateError as error:
        raise QuizgenError(f"the template {_place(error, name)} cannot be used: {error}") from error


def _place(error: TemplateError, name: str) -> str:
    return f"{getattr(error, 'name', None) or name}:{getattr(error, 'lineno', '')}".rstrip(":")


@lru_cache(maxsize=8)
def _environment(templates: Templates, language: str, texts: tuple[bytes, ...]) -> SandboxedEnvironment:  # noqa: ARG001
    """The environment with our filters; `texts` are in the key so that an edited template is compiled anew."""
    environment = templates.environment(language)
    environment.filters |= {
        "html": _markup,
        "number": number,
        "worth": worth,
        "arrangement": arrangement,
        "columns": columns,
        "outline": sheet.outline,
        "letters": sheet.letters,
    }
    return environment


def _markup(blocks: Blocks) -> Markup:
    return Markup(printed(blocks))  # noqa: S704 - printed() escapes
