"""Marks that tags leave in a document: set free of the text around them, and the room in which they stand."""

from __future__ import annotations

from copy import deepcopy

from quizgen.writers.docx.wordml import Element, element, find, name, properties, words

_CELL_MARGINS = 216
_A4_TEXT = 9638  # 170 mm, where the template does not say


def set_free(mark: Element) -> Element | None:
    """Part the run in which a mark stands, so that the mark is beside runs; the run's properties."""
    text = mark.getparent()
    run = text.getparent() if text is not None and text.tag == name("w:t") else None
    if text is None or run is None:
        return None
    looks = find(run, "w:rPr")
    after = element("w:r", None, *([deepcopy(looks)] if looks is not None else []))
    if mark.tail:
        after.append(words("w:t", mark.tail))
    after.extend(list(text.itersiblings()))
    mark.tail = None
    run.addnext(mark)
    if len(after) > (looks is not None):
        mark.addnext(after)
    if not text.text and not len(text):
        run.remove(text)
    if len(run) == (looks is not None):
        run.getparent().remove(run)  # type: ignore[union-attr]
    return looks


def reshape(paragraph: Element, shape: Element | None, change: Element) -> None:
    """Change a paragraph's properties."""
    looks = properties("w:pPr", shape, [change])
    if shape is not None:
        paragraph.remove(shape)
    paragraph.insert(0, looks)


def space(inside: Element) -> int:
    """The width of the cell, or of the page's column, in which an element stands."""
    cell = next(inside.iterancestors(name("w:tc")), None)
    if cell is None:
        return column(next(inside.iterancestors(name("w:body")), None))
    width = cell.find(f"{name('w:tcPr')}/{name('w:tcW')}")
    if width is None or width.get(name("w:type")) != "dxa":
        return _A4_TEXT // 2
    return max(width_of(width, "w:w") - _CELL_MARGINS, 1000)


def column(body: Element | None) -> int:
    """The width of a column of the document's page."""
    # It is a body's last child, behind all that stands on the pages.
    page = next(body.iterchildren(name("w:sectPr"), reversed=True), None) if body is not None else None
    if page is None:
        return _A4_TEXT
    size, margins, columns = find(page, "w:pgSz"), find(page, "w:pgMar"), find(page, "w:cols")
    if size is None or margins is None:
        return _A4_TEXT
    width = width_of(size, "w:w") - width_of(margins, "w:left") - width_of(margins, "w:right")
    if columns is None:
        return width
    count = max(width_of(columns, "w:num"), 1)
    return (width - (count - 1) * width_of(columns, "w:space")) // count


def width_of(said: Element, attribute: str) -> int:
    """A measure, in twentieths of a point."""
    return int(float(said.get(name(attribute), "0")))
