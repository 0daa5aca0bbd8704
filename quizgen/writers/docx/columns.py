"""Choices side by side: as columns by stops for tabs, or as the cells of a table."""

from __future__ import annotations

from copy import deepcopy

from quizgen.writers.docx.host import Host
from quizgen.writers.docx.marks import reshape, set_free, space
from quizgen.writers.docx.rows import Columns
from quizgen.writers.docx.wordml import NAMESPACE, Element, element, find, name, properties

_APART = 160  # from a choice's text to the next one's label
_COLUMNS = f"{{{NAMESPACE}}}columns"
_CELLS = f"{{{NAMESPACE}}}cells"
_OURS = f"{{{NAMESPACE}}}ours"  # on a table of choices, until all of their rows are in it


def columns_mark(columns: Columns) -> str:
    """The XML that says of how many columns its paragraph is."""
    tag = "cells" if columns.cells else "columns"
    return f'<q:{tag} xmlns:q="{NAMESPACE}" n="{columns.count}"/>' if columns.count > 1 else ""


def arrange(body: Element, host: Host) -> None:
    """Set the rows of choices of a document in the columns that their marks say."""
    for mark in list(body.iter(_COLUMNS)):
        _set_columns(int(mark.get("n", "")), mark, host)
    for mark in list(body.iter(_CELLS)):
        _set_cells(int(mark.get("n", "")), mark, host)
    for table in body.iter(name("w:tbl")):
        if table.get(_OURS):
            del table.attrib[_OURS]


def _set_columns(count: int, mark: Element, host: Host) -> None:
    """Give a row of choices its tab stops: for each the label and the text, as wide as the room allows."""
    set_free(mark)
    paragraph = next(mark.iterancestors(name("w:p")), None)
    if paragraph is not None:
        shape = find(paragraph, "w:pPr")
        text = host.indent(shape)
        label = text - host.hanging(shape)
        step = (space(paragraph) - label) // count
        wanted = {place + step * number: "left" for number in range(count) for place in (label, text)}
        del wanted[label]
        stops = sorted({**dict.fromkeys(host.tab_stops(shape), "clear"), **wanted}.items())
        tabs = (element("w:tab", {"w:val": kind, "w:pos": place}) for place, kind in stops)
        reshape(paragraph, shape, element("w:tabs", None, *tabs))
    mark.getparent().remove(mark)  # type: ignore[union-attr]


def _set_cells(count: int, mark: Element, host: Host) -> None:
    """Turn a row of choices into a table's: a cell for each, in which its text has lines of its own."""
    set_free(mark)
    paragraph = next(mark.iterancestors(name("w:p")), None)
    mark.getparent().remove(mark)  # type: ignore[union-attr]
    if paragraph is None:
        return
    shape = find(paragraph, "w:pPr")
    hanging = host.hanging(shape)
    left = host.indent(shape) - hanging
    width = (space(paragraph) - left) // count
    cells = [_cell(runs, shape, hanging, width, host) for runs in _between_tabs(paragraph)]
    cells += [_cell([], shape, hanging, width, host) for _ in range(count - len(cells))]
    row = element("w:tr", None, element("w:trPr", None, element("w:cantSplit")), *cells)
    table = paragraph.getprevious()
    if table is not None and table.get(_OURS):
        table.append(row)
        paragraph.getparent().remove(paragraph)  # type: ignore[union-attr]
    else:
        paragraph.getparent().replace(paragraph, _table([width] * count, left, row))  # type: ignore[union-attr]


def _between_tabs(paragraph: Element) -> list[list[Element]]:
    """The runs of each choice of a row: a label, a tab and a text; the tab before the next choice is no part of it."""
    found: list[list[Element]] = [[]]
    tabs = 0
    for run in paragraph.iterchildren(name("w:r")):
        looks = find(run, "w:rPr")
        for child in [child for child in run if child is not looks]:
            tabs += child.tag == name("w:tab")
            if child.tag == name("w:tab") and tabs % 2 == 0:
                found.append([])
            else:
                found[-1].append(element("w:r", None, *([deepcopy(looks)] if looks is not None else []), child))
    return found


def _cell(content: list[Element], shape: Element | None, hanging: int, width: int, host: Host) -> Element:
    stops = [
        element("w:tab", {"w:val": "clear", "w:pos": place}) for place in sorted(host.tab_stops(shape) - {hanging})
    ]
    tabs = element("w:tabs", None, *stops, element("w:tab", {"w:val": "left", "w:pos": hanging}))
    looks = properties("w:pPr", shape, [tabs, element("w:ind", {"w:left": hanging, "w:hanging": hanging})])
    measure = element("w:tcPr", None, element("w:tcW", {"w:w": width, "w:type": "dxa"}))
    return element("w:tc", None, measure, element("w:p", None, looks, *content))


def _table(widths: list[int], left: int, row: Element) -> Element:
    shape = element(
        "w:tblPr",
        None,
        element("w:tblW", {"w:w": sum(widths), "w:type": "dxa"}),
        element("w:tblInd", {"w:w": left, "w:type": "dxa"}),
        element("w:tblLayout", {"w:type": "fixed"}),
        element(
            "w:tblCellMar",
            None,
            element("w:left", {"w:w": 0, "w:type": "dxa"}),
            element("w:right", {"w:w": _APART, "w:type": "dxa"}),
        ),
        element("w:tblLook", {"w:val": "0000", "w:noHBand": 1, "w:noVBand": 1}),
    )
    grid = element("w:tblGrid", None, *(element("w:gridCol", {"w:w": width}) for width in widths))
    made = element("w:tbl", None, shape, grid, row)
    made.set(_OURS, "1")
    return made
