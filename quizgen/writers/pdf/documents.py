"""The documents as HTML: a paper and a template each, before they are printed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from jinja2 import pass_context
from markupsafe import Markup

from quizgen.language import catalog
from quizgen.paper import Cloze, Paper
from quizgen.paper.catalog import DIFFICULTIES
from quizgen.paper.figures import number
from quizgen.paper.key import keyed
from quizgen.paper.kinds import TESTS
from quizgen.paper.person import person
from quizgen.paper.rows import Row, parted, rows
from quizgen.writers.pdf import arrangement, editions, page, sheet
from quizgen.writers.pdf.blocks import blocks
from quizgen.writers.pdf.cover import is_crowded
from quizgen.writers.pdf.markup import columns, printed
from quizgen.writers.pdf.sides import Side, side_line
from quizgen.writers.pdf.tables import fitted
from quizgen.writers.pdf.wording import answers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jinja2.runtime import Context
    from jinja2.sandbox import SandboxedEnvironment

    from quizgen.paper import Item, Option, Printable, Question, Stem, Worksheet
    from quizgen.paper.catalog import Catalog
    from quizgen.paper.printing import Edition
    from quizgen.paper.variants import Variants
    from quizgen.richtext.tree import Blocks
    from quizgen.templates import Templates
    from quizgen.writers.pdf.sheet import Sheet

SOURCES = (
    "base.html",
    "question.html",
    "cover.html",
    "booklet.html",
    "overlay.html",
    "bilingual.html",
    "answer-sheet.html",
    "answer-key.html",
    "explanations.html",
    "variants.html",
    "catalog.html",
    "assignments.html",
)


def booklet_html(paper: Paper, templates: Templates, edition: Edition = ()) -> str:
    """The questions as students get them, in one of the paper's editions."""
    read = "furigana" in edition
    bare = (_read_aloud(paper) if read else paper).without_key()
    line = page.room(paper.printing.size, editions.zoom(edition, paper.printing.size))
    values = {"edition": edition, "scale": editions.width(edition, paper.language)}
    if "bilingual" in edition and bare.translation:
        values["line"] = side_line(line, edition)
        sides = tuple(_side(one, templates, values) for one in (bare, bare.translation))
        html = _html("bilingual.html", bare, templates, sides=sides, **values)
    else:
        html = _html("booklet.html", bare, templates, line=line, **values)
    return editions.aloud(html, paper) if read else html


def _read_aloud(paper: Paper) -> Paper:
    from quizgen.paper.furigana import read_aloud

    return read_aloud(paper)


def overlay_html(paper: Paper, templates: Templates) -> str:
    """The booklet with what is right marked in its place, page by page and line by line as students have it."""
    answers = {mark.row: mark.answer for key in keyed(paper).values() for mark in key.marks if mark.part}
    line = page.room(paper.printing.size)
    return _html("overlay.html", paper, templates, overlay=defaultdict(str, answers), line=line, scale=1.0)


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
    return _html("answer-key.html", paper, templates, keyed=keyed(paper))


def variants_html(first: Paper, table: Variants, templates: Templates) -> str:
    """Where each question stands in each variant; the first of the papers gives title and course."""
    named = replace(first, variant="", student=None, sections=())
    return _html("variants.html", named, templates, table=table, blocks=tuple(blocks(table)))


def explanations_html(paper: Paper, templates: Templates) -> str:
    """The questions with right choices, feedback and explanations."""
    return _html("explanations.html", paper, templates, line=page.room(paper.printing.size), scale=1.0)


def catalog_html(catalog: Catalog, templates: Templates) -> str:
    """Every question of a bank as its file has it, to be read and signed off."""
    return _html("catalog.html", catalog.paper, templates, catalog=catalog, difficulties=DIFFICULTIES)


def assignments_html(worksheet: Worksheet, templates: Templates) -> str:
    """A cover for handing in and each assignment; with the solutions where the worksheet has them."""
    return _html("assignments.html", worksheet, templates)


def _html(name: str, paper: Printable, templates: Templates, **more: object) -> str:
    environment = _words_of(paper, templates)
    values = {"paper": paper, "marks": _marks(paper), "edition": (), **more}
    return templates.render(environment, name, **values)


def _side(paper: Paper, templates: Templates, values: Mapping[str, object]) -> Side:
    """A paper in one of two languages."""
    return Side(paper, _words_of(paper, templates), {"marks": _marks(paper), **values})


def _words_of(paper: Printable, templates: Templates) -> SandboxedEnvironment:
    """The environment in a paper's language."""
    return _environment(templates, paper.language, tuple(templates.read(source) for source in SOURCES))


def _marks(paper: Printable) -> Mapping[int, tuple[Row, ...]]:
    """The rows of the mark sheet by their question's number."""
    marks: dict[int, tuple[Row, ...]] = {}
    for row in rows(paper) if isinstance(paper, Paper) else ():
        marks[row.question] = (*marks.get(row.question, ()), row)
    return marks


@lru_cache(maxsize=8)
def _environment(templates: Templates, language: str, texts: tuple[bytes, ...]) -> SandboxedEnvironment:  # noqa: ARG001
    """The environment with our filters; `texts` are in the key so that an edited template is compiled anew."""
    environment = templates.environment(language)
    environment.filters |= {
        "html": _markup,
        "number": number,
        "answers": answers,
        "arrangement": _arrangement,
        "person": person,
        "rows": _rows,
        "columns": columns,
    }
    environment.tests |= {**TESTS, "written": _is_written, "crowded": is_crowded}
    return environment


@pass_context
def _markup(context: Context, blocks: Blocks) -> Markup:
    edition = context["edition"]
    if "line" in context:
        blocks = fitted(blocks, *editions.table_room(edition, context["line"], context["scale"]))
    html = printed(blocks)
    return Markup(editions.written(html) if "furigana" in edition else html)  # noqa: S704 - printed() escapes


@pass_context
def _arrangement(
    context: Context,
    parts: Sequence[Option | Stem | Item],
    *,
    indent: float = arrangement.INDENT,
    label: float = arrangement.LABEL,
    said: int = 0,
) -> str:
    """The classes of a list of choices; a template says by `line` (mm) and `scale` if it prints narrower or larger."""
    paper: Paper = context["paper"]
    room = (context.get("line", page.room(paper.printing.size)) - indent) / context.get("scale", 1)
    return arrangement.arrangement(parts, paper.language, room, label=label, said=said)


def _rows(question: Question, marks: Mapping[int, tuple[Row, ...]]) -> tuple[Row, ...]:
    return marks.get(question.number, ())


def _is_written(question: Question) -> bool:
    """Whether any part of the answer cannot be marked."""
    asked = len(question.response.gaps) if isinstance(question.response, Cloze) else 1
    return len(parted(question.response)) < asked
