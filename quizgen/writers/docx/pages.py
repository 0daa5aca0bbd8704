"""The pages of a template, given the size of the paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quizgen.paper.printing import SIZES
from quizgen.writers.docx.marks import column, width_of
from quizgen.writers.docx.wordml import Element, name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document

    from quizgen.paper.printing import Size

_TWIPS_PER_MM = 1440 / 25.4
_NARROWER = {"B5": 4, "Letter": -2}  # millimetres of each margin less than on A4
_LEAST_MARGIN = 567  # 10 mm, which every printer can do
_NEAR = 60  # a table that ends so near to the margin was meant to end there
_NARROW = 1247  # 22 mm: a table's column that keeps its width on another page


def fit(document: Document, size: Size) -> None:
    """Give a template's pages the size of the paper; what was as wide as its text is so again.

    A4 is the size of our own templates: it leaves a template's page as its maker wanted it.
    """
    if size == "A4":
        return
    body = document.element.body
    before = column(body)
    for page in body.iter(name("w:pgSz")):
        across, down = (round(mm * _TWIPS_PER_MM) for mm in SIZES[size])
        if page.get(name("w:orient")) == "landscape":
            across, down = down, across
        page.set(name("w:w"), str(across))
        page.set(name("w:h"), str(down))
        page.attrib.pop(name("w:code"), None)
    for margins in body.iter(name("w:pgMar")):
        for side in ("w:left", "w:right"):
            wanted = width_of(margins, side) - round(_NARROWER[size] * _TWIPS_PER_MM)
            margins.set(name(side), str(max(wanted, _LEAST_MARGIN)))
    wider = column(body) - before
    for root in _texts(document):
        _fit_tables(root, before, wider)
        _fit_tabs(root, before, wider)
    _fit_tabs(document.styles.element, before, wider)


def _texts(document: Document) -> Iterator[Element]:
    yield document.element.body
    for relationship in document.part.rels.values():
        if relationship.reltype.endswith(("/header", "/footer")):
            yield relationship.target_part.element


def _fit_tables(root: Element, room: int, wider: int) -> None:
    for table in root.iterchildren(name("w:tbl")):
        columns = list(table.iterfind(f"{name('w:tblGrid')}/{name('w:gridCol')}"))
        widths = [width_of(found, "w:w") for found in columns]
        inset = table.find(f"{name('w:tblPr')}/{name('w:tblInd')}")
        ends = sum(widths) + (0 if inset is None else width_of(inset, "w:w"))
        if ends > room - _NEAR or ends > room + wider:
            _set_widths(table, columns, list(_spread(widths, wider)))


def _spread(widths: list[int], wider: int) -> Iterator[int]:
    """The widths of columns that are wider together; narrow ones stay as they are."""
    wide = sum(width for width in widths if width > _NARROW) or sum(widths)
    for width in widths:
        taking = width > _NARROW or wide == sum(widths)
        yield width + (wider * width // wide if taking else 0)


def _set_widths(table: Element, columns: list[Element], after: list[int]) -> None:
    for found, width in zip(columns, after, strict=True):
        found.set(name("w:w"), str(width))
    whole = table.find(f"{name('w:tblPr')}/{name('w:tblW')}")
    if whole is not None and whole.get(name("w:type")) == "dxa":
        whole.set(name("w:w"), str(sum(after)))
    for row in table.iterchildren(name("w:tr")):
        at = 0
        for cell in row.iterchildren(name("w:tc")):
            span = cell.find(f"{name('w:tcPr')}/{name('w:gridSpan')}")
            to = at + (1 if span is None else width_of(span, "w:val"))
            measure = cell.find(f"{name('w:tcPr')}/{name('w:tcW')}")
            if measure is not None and measure.get(name("w:type")) == "dxa":
                measure.set(name("w:w"), str(sum(after[at:to])))
            at = to


def _fit_tabs(root: Element, room: int, wider: int) -> None:
    for stop in root.iterfind(f".//{name('w:tabs')}/{name('w:tab')}"):
        if width_of(stop, "w:pos") >= min(room, room + wider) - _NEAR:
            stop.set(name("w:pos"), str(width_of(stop, "w:pos") + wider))
