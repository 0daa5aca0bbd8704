"""Print: booklet, answer sheet, answer key and explanations of an exam, and the sheets of assignments, as PDF."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, assert_never

from quizgen.paper import Paper, Printable, Worksheet
from quizgen.paper.variants import variants
from quizgen.press.measure import UnpressableError
from quizgen.writers import DOCUMENTS as ALL_DOCUMENTS
from quizgen.writers import OutputFile
from quizgen.writers.pdf import editions
from quizgen.writers.pdf.documents import (
    SOURCES,
    answer_key_html,
    answer_sheet,
    answer_sheet_html,
    assignments_html,
    booklet_html,
    catalog_html,
    explanations_html,
    overlay_html,
    sheet_html,
    variants_html,
)
from quizgen.writers.pdf.generic import generic_sheet
from quizgen.writers.pdf.generic import uneven_rows as warnings
from quizgen.writers.pdf.glyphs import placed
from quizgen.writers.pdf.imposed import folded
from quizgen.writers.pdf.press import STYLES, Press
from quizgen.writers.pdf.sheet import layout_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from quizgen.paper import Student
    from quizgen.paper.catalog import Catalog
    from quizgen.paper.printing import Size
    from quizgen.press.cache import Cache
    from quizgen.press.frame import Texts
    from quizgen.templates import Templates
    from quizgen.writers.pdf.pressed import Pressed
    from quizgen.writers.pdf.pressed_sheet import PressedSheet
    from quizgen.writers.pdf.wanted import Batch

    Piece = Batch | Texts

PER_PAPER = True
DOCUMENTS = ALL_DOCUMENTS
TEMPLATES = (*SOURCES, *STYLES)
MOST_VARIANTS = 40  # of the printed table over all of them, eight blocks or more; the CSV has them all

__all__ = [
    "DOCUMENTS",
    "PER_PAPER",
    "TEMPLATES",
    "answer_key_html",
    "answer_sheet_html",
    "assignments_html",
    "booklet_html",
    "catalog_html",
    "catalog_pdf",
    "explanations_html",
    "laid_out",
    "lay_out",
    "overlay_html",
    "prepare",
    "together",
    "unprepared",
    "variants_html",
    "warnings",
    "write",
]


@dataclass(frozen=True, slots=True)
class Prepared:
    """The presses for students' papers; None where these are laid out one by one."""

    from quizgen.writers.pdf import pressed, pressed_sheet

    booklets: Pressed | None = None
    sheets: PressedSheet | None = None


@dataclass(frozen=True, slots=True)
class _Document:
    """A document to be made: what a user calls it, its path, its pages, and its HTML or finished bytes."""

    name: str
    path: PurePosixPath
    make: Callable[[], str | bytes | _Alone]
    size: Size = "A4"
    zoom: float = 1


@dataclass(frozen=True, slots=True)
class _Alone:
    """The HTML of a document that the press cannot make as it makes others, and why not."""

    html: str
    why: str


def write(
    papers: Sequence[Printable],
    templates: Templates,
    documents: Sequence[str] = (),
    prepared: Prepared | None = None,
) -> Iterator[OutputFile]:
    """The documents of the papers, students' ones made from `paper.without_key()` and nothing else."""
    prepared = _completed(prepared or Prepared(), papers, templates, documents)
    for paper in papers:
        match paper:
            case Paper():
                found = _exam(paper, templates, prepared)
            case Worksheet():
                found = _assignments(paper, templates)
            case _:
                assert_never(paper)
        press = cache(partial(Press, templates, paper.pictures))
        with placed(paper):
            for document in found:
                if not documents or document.name in documents:
                    content, note = document.make(), ""
                    if isinstance(content, _Alone):
                        note = f"{document.path} was laid out by itself, which takes longer: {content.why}"
                        content = content.html
                    data = content if isinstance(content, bytes) else press(document.size, document.zoom).pdf(content)
                    yield from _printed(paper, document.path, data, note)


def unprepared(
    first: Paper,
    questions: Paper,
    students: Sequence[Student],
    templates: Templates,
    documents: Sequence[str],
    cache: Cache,
) -> tuple[Piece, ...]:
    """What has to be laid out before `prepare` finds all in the cache, in pieces that `lay_out` takes in any order."""
    from quizgen.writers.pdf import pressed

    if documents and "booklet" not in documents:
        return ()
    with placed(questions):
        return pressed.unprepared(first, questions, students, templates, cache)


def lay_out(piece: Piece, first: Paper, templates: Templates, cache: Cache) -> None:
    """Lay out a piece of what papers share, and keep it; what cannot be imposed is told by `prepare`."""
    from quizgen.writers.pdf import pressed
    from quizgen.writers.pdf.wanted import Batch

    with suppress(UnpressableError), placed(piece.paper if isinstance(piece, Batch) else first):
        pressed.lay_out(first, piece, templates, cache)


def prepare(
    first: Paper,
    questions: Paper,
    students: Sequence[Student],
    templates: Templates,
    documents: Sequence[str],
    cache: Cache | None = None,
) -> tuple[Prepared, tuple[str, ...]]:
    """The presses for the papers of an exam, of which `questions` asks all that most papers ask.

    Where they cannot be imposed from what was laid out once, it is said why, and each is laid out by itself.
    """
    from quizgen.writers.pdf import pressed, pressed_sheet

    booklets: Pressed | None = None
    sheets: PressedSheet | None = None
    notes: list[str] = []
    with placed(questions):
        if not documents or "booklet" in documents:
            try:
                booklets, said = pressed.prepare(first, questions, students, templates, cache)
                notes += said
            except UnpressableError as reason:
                notes.append(_apart("booklet", reason))
        if _has_own_sheet(first) and (not documents or "answer-sheet" in documents):
            try:
                sheets = pressed_sheet.prepare(first, students, templates, questions, cache)
            except UnpressableError as reason:
                notes.append(_apart("answer-sheet", reason))
    return Prepared(booklets, sheets), tuple(notes)


def _apart(name: str, reason: UnpressableError) -> str:
    return f"each {name} is laid out by itself, which takes longer: {reason}"


def laid_out(papers: Sequence[Printable], prepared: Prepared | None) -> int:
    """How many questions have to be laid out for these papers alone, since most others do not ask them so."""
    from quizgen.writers.pdf import pressed

    booklets = prepared.booklets if prepared else None
    return pressed.laid_out(booklets, _papers(papers)) if booklets else 0


def _completed(
    prepared: Prepared, papers: Sequence[Printable], templates: Templates, documents: Sequence[str]
) -> Prepared:
    """The presses with what else these papers ask."""
    if prepared.booklets is None or (documents and "booklet" not in documents):
        return prepared
    from quizgen.writers.pdf import pressed

    found = list(_papers(papers))
    with suppress(UnpressableError):
        return replace(prepared, booklets=pressed.completed(prepared.booklets, found, templates))
    return prepared


def _papers(papers: Sequence[Printable]) -> Iterator[Paper]:
    return (paper for paper in papers if isinstance(paper, Paper))


def together(papers: Sequence[Printable], templates: Templates) -> Iterator[OutputFile]:
    """The generic answer sheet, and where each question stands in each variant: few enough of them to be read."""
    yield from generic_sheet(papers, templates)
    table = variants(papers, MOST_VARIANTS)
    if len(table.names) > 1 and isinstance(first := papers[0], Paper):
        wide = _on_wide_pages(first)
        press = Press(templates, {}, wide.printing.size)
        yield OutputFile(PurePosixPath("teacher", "variants.pdf"), press.pdf(variants_html(wide, table, templates)))


def catalog_pdf(catalog: Catalog, templates: Templates) -> bytes:
    """A bank's proof catalogue."""
    with placed(catalog.paper):
        return Press(templates, catalog.paper.pictures).pdf(catalog_html(catalog, templates))


def _printed(paper: Printable, path: PurePosixPath, data: bytes, note: str) -> Iterator[OutputFile]:
    """A document, and a booklet that is to be folded also two-up."""
    yield OutputFile(path, data, note)
    if path.name == "booklet.pdf" and isinstance(paper, Paper) and paper.printing.folded:
        sheets = folded(data, back_cover=paper.printing.back_cover)
        yield OutputFile(path.with_name("booklet-folded.pdf"), sheets)


def _exam(paper: Paper, templates: Templates, prepared: Prepared) -> Iterator[_Document]:
    student, teacher = PurePosixPath("student", paper.name), PurePosixPath("teacher", paper.name)
    look, wide = paper.printing, _on_wide_pages(paper)
    booklet = partial(_booklet, paper, templates, prepared.booklets)
    yield _Document("booklet", student / "booklet.pdf", booklet, look.size)
    if _has_own_sheet(paper):
        sheet = cache(partial(_sheet, paper, templates, prepared.sheets))
        yield _Document("answer-sheet", student / "answer-sheet.pdf", lambda: sheet()[0], look.size)
        yield _Document("answer-sheet", student / "layout.json", lambda: sheet()[1])
    yield _Document("overlay", teacher / "overlay.pdf", partial(overlay_html, paper, templates), look.size)
    # What teachers read at their desks has room for tables even where the booklet's pages are smaller.
    for name, html in (("answer-key", answer_key_html), ("explanations", explanations_html)):
        yield _Document(name, teacher / f"{name}.pdf", partial(html, wide, templates), wide.printing.size)
    for edition in look.editions:
        path = student / editions.file_name(edition)
        html_of = partial(booklet_html, paper, templates, edition)
        yield _Document("booklet", path, html_of, look.size, editions.zoom(edition, look.size))


def _booklet(paper: Paper, templates: Templates, press: Pressed | None) -> str | bytes | _Alone:
    """A booklet from the press, or one to be laid out by itself."""
    if not press:
        return booklet_html(paper.without_key(), templates)
    from quizgen.writers.pdf import pressed

    try:
        return pressed.booklet(press, paper)
    except UnpressableError as reason:
        return _Alone(booklet_html(paper.without_key(), templates), str(reason))


def _has_own_sheet(paper: Paper) -> bool:
    return paper.printing.answers != "booklet" and paper.printing.answer_sheets != "generic"


def _sheet(paper: Paper, templates: Templates, press: PressedSheet | None) -> tuple[str | bytes | _Alone, bytes]:
    """An answer sheet from the press, or one to be laid out by itself, and its geometry."""
    why = ""
    if press:
        from quizgen.writers.pdf import pressed_sheet

        try:
            files = pressed_sheet.sheet_files(press, paper)
        except UnpressableError as reason:
            why = str(reason)
        else:
            return files.pdf, files.layout
    bare = paper.without_key()
    made = answer_sheet(bare)
    html = sheet_html(bare, made, templates)
    return _Alone(html, why) if why else html, layout_json(made)


def _on_wide_pages(paper: Paper) -> Paper:
    size: Size = "A4" if paper.printing.size == "B5" else paper.printing.size
    return replace(paper, printing=replace(paper.printing, size=size))


def _assignments(worksheet: Worksheet, templates: Templates) -> Iterator[_Document]:
    for audience, sheet in (("student", worksheet.without_key()), ("teacher", worksheet)):
        path = PurePosixPath(audience, sheet.name, "assignments.pdf")
        yield _Document("assignments", path, partial(assignments_html, sheet, templates))
