"""A Word template filled in: docxtpl runs its tags, and the rich texts take the places that the tags left."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, partial
from html import unescape
from io import BytesIO
from traceback import walk_tb
from types import FrameType

from docxtpl import DocxTemplate
from jinja2 import Template, TemplateError, TemplateSyntaxError, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree
from markupsafe import Markup

from quizgen.language import catalog
from quizgen.paper import Choice, Item, Option, Paper, Printable
from quizgen.paper.figures import number
from quizgen.paper.kinds import TESTS
from quizgen.paper.person import person
from quizgen.problems import QuizgenError
from quizgen.richtext import tree
from quizgen.templates import Templates
from quizgen.writers.docx import bookmarks, keeping, pages, sections, wording
from quizgen.writers.docx.columns import columns_mark
from quizgen.writers.docx.host import Host
from quizgen.writers.docx.marks import column
from quizgen.writers.docx.package import packed
from quizgen.writers.docx.rows import Columns, Row, rows
from quizgen.writers.docx.slots import Slots, refuse_marks
from quizgen.writers.docx.tags import MISNESTED, within
from quizgen.writers.docx.template import not_word, ready
from quizgen.writers.docx.wordml import clean

_SLOTS = "_slots"
_ROOM = "_room"
_INSET = 1134  # 20 mm: how far in choices stand at the most
_USUAL_SIZE = 21
_LANGUAGES = {"ja": "ja-JP", "en": "en-US"}
_APPLICATION = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>quizgen</Application></Properties>"
)


def filled(template: str, templates: Templates, printable: Printable, names: Mapping[str, object]) -> bytes:
    """The Word file that a template makes of a paper or worksheet; `names` are what its tags may say.

    Raises QuizgenError, naming the template's file, when it is no Word file or its tags cannot be run.
    """
    path = templates.path(template)
    try:
        return _filled(path.read_bytes(), templates, printable, names)
    except QuizgenError as error:
        raise QuizgenError(f"{path}: {error}") from error


def _filled(data: bytes, templates: Templates, printable: Printable, names: Mapping[str, object]) -> bytes:
    word = _opened(data)
    environment = _environment(templates, printable.language)
    pages.fit(word.docx, printable.printing.size if isinstance(printable, Paper) else "A4")
    host = Host(word.docx, printable.pictures, printable.language)
    host.speak(catalog(printable.language))
    slots = Slots()
    context = {**names, _SLOTS: slots, _ROOM: _room(host)}
    body = word.fix_tables(word.build_xml(context, environment))
    slots.fill(body, host)
    keeping.let_go(body, host)
    skips = sections.begin(body, host)
    if skips:
        bookmarks.mark_last_page(body)
    bookmarks.tell_apart(body)
    word.fix_docpr_ids(body)
    word.map_tree(body)
    for kind in (word.HEADER_URI, word.FOOTER_URI):
        for relationship, xml in list(word.build_headers_footers_xml(context, kind, environment)):
            part = etree.fromstring(xml)
            refuse_marks(part)
            if skips:
                bookmarks.count_to_last_page(part)
            word.map_headers_footers_xml(relationship, etree.tostring(part, encoding="unicode"))
    title = _rendered(environment, word.docx.core_properties.title, context)
    _describe(word, unescape(title), _LANGUAGES[printable.language])
    return packed(word.docx)


class _Word(DocxTemplate):  # type: ignore[misc]
    """docxtpl with its work on a template's own text done once for all papers.

    Its reworking of the *rendered* text (tabs, new lines, `{_{`) is left out: that is authors' text, to be kept.
    """

    def patch_xml(self, src_xml: str) -> str:
        return _patched(src_xml)

    def render_xml_part(
        self, src_xml: str, _part: object, context: Mapping[str, object], jinja_env: SandboxedEnvironment
    ) -> str:
        return _well_formed(_rendered(jinja_env, src_xml, context).replace("\n<w:p", "<w:p"))


def _opened(data: bytes) -> _Word:
    try:
        word = _Word(BytesIO(ready(data)))
        word.render_init()
    except (KeyError, ValueError, etree.XMLSyntaxError) as error:
        raise not_word() from error
    return word


@lru_cache(maxsize=64)
def _patched(xml: str) -> str:
    # A paragraph on a line of its own lets an error tell where it is.
    patched: str = DocxTemplate.patch_xml(None, re.sub(r"<w:p([ >])", r"\n<w:p\1", xml))
    return patched


def _rendered(environment: SandboxedEnvironment, source: str, context: Mapping[str, object]) -> str:
    """A template's text with its tags run; whatever goes wrong in them is told as the author's mistake."""
    try:
        return _compiled(environment, source).render(context)
    except TemplateSyntaxError as error:
        raise QuizgenError(f"{_in_words(error)}{_at(source, error.lineno)}") from error
    except TemplateError as error:
        raise QuizgenError(f"{_in_words(error)}{_at(source, _line(error))}") from error
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError) as error:
        raise QuizgenError(f"a tag cannot be computed: {error}{_at(source, _line(error))}") from error


def _in_words(error: TemplateError) -> str:
    return re.sub(
        r"'quizgen\.[\w.]+\.(\w+) object'", lambda found: f"a {found[1].lower()}", error.message or ""
    ).rstrip(".")


def _line(error: BaseException) -> int:
    """The template's line at which an error arose."""
    return next((line for frame, line in walk_tb(error.__traceback__) if _is_template(frame)), 0)


def _is_template(frame: FrameType) -> bool:
    return frame.f_code.co_filename == "<template>"  # what Jinja calls a template that has no file


def _at(source: str, line: int) -> str:
    lines = source.splitlines()
    return within(unescape(re.sub("<[^>]*>", "", lines[line - 1]))) if 0 < line <= len(lines) else ""


def _well_formed(xml: str) -> str:
    try:
        etree.fromstring(xml)
    except etree.XMLSyntaxError as error:
        raise QuizgenError(MISNESTED) from error
    return xml


@lru_cache(maxsize=64)
def _compiled(environment: SandboxedEnvironment, source: str) -> Template:
    return environment.from_string(source)


@lru_cache(maxsize=8)
def _environment(templates: Templates, language: str) -> SandboxedEnvironment:
    environment = templates.environment(language)
    environment.finalize = _printed
    environment.filters |= {said.__name__: partial(said, catalog(language)) for said in wording.IN_WORDS}
    environment.filters |= {"lines": _lines, "number": number, "rows": _rows}
    environment.filters |= {"end": keeping.End, "begin": sections.Begin, "opening": sections.opening, "person": person}
    environment.tests |= TESTS
    return environment


@pass_context
def _printed(context: Context, said: object) -> object:
    """What a tag prints: a text's mark, a number without needless zeros, words that any XML can hold."""
    match said:
        case tuple():
            slots: Slots = context[_SLOTS]
            return Markup(slots.mark(said))  # noqa: S704  (our own XML)
        case Columns():
            return Markup(columns_mark(said))  # noqa: S704  (our own XML)
        case keeping.End():
            return Markup(keeping.end_mark())  # noqa: S704  (our own XML)
        case sections.Begin(at):
            return Markup(sections.begin_mark(at))  # noqa: S704  (our own XML)
        case Decimal() | Fraction():
            return number(said)
        case Markup():
            return Markup(clean(said))  # noqa: S704  (escaped before)
        case str():
            return clean(said)
        case _:
            return said


@pass_context
def _rows(context: Context, parts: Choice | Sequence[Option | Item]) -> list[Row]:
    if isinstance(parts, Choice):
        return rows(parts.options, context[_ROOM], parts.columns)
    return rows(parts, context[_ROOM])


def _room(host: Host) -> int:
    """The room for choices side by side, as if their letters were of the usual size."""
    size = host.letter_size(host.styled("Choice"))
    return (column(host.document.element.body) - _INSET) * _USUAL_SIZE // size


def _lines(text: str) -> tree.Blocks:
    """Words with their new lines kept, which a tag by itself shows as spaces."""
    parts = [part for line in text.rstrip("\n").split("\n") for part in (tree.LineBreak(), tree.Text(line))]
    return (tree.Paragraph(tuple(parts[1:])),)


def _describe(word: _Word, title: str, language: str) -> None:
    """The file's properties: a title and a language, and nothing of who made it where and when."""
    properties = word.docx.core_properties
    for said in list(properties._element):
        properties._element.remove(said)
    properties.title, properties.language, properties.author, properties.last_modified_by = title, language, "", ""
    properties.revision = 1
    for part in word.docx.part.package.iter_parts():
        if part.partname == "/docProps/app.xml":
            part._blob = _APPLICATION
