"""Word files for tests: made of a paper, and taken apart into the words that a reader sees."""

from __future__ import annotations

import zipfile
from collections import Counter
from io import BytesIO

from lxml import etree

from quizgen.paper import Printable
from quizgen.templates import Templates
from quizgen.writers.docx import write

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


def documents(printable: Printable, templates: Templates | None = None) -> dict[str, bytes]:
    return {str(file.path): file.data for file in write([printable], templates or Templates())}


def part(data: bytes, name: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return etree.fromstring(archive.read(name))


def shown(element: etree._Element) -> str:
    """The characters of an element as a reader sees them in a row."""
    signs = {f"{W}t": None, f"{M}t": None, f"{W}tab": "\t", f"{W}br": "\n"}
    # In a paragraph's properties a w:tab is a stop for tabs.
    inside = (child for child in element.iter(*signs) if etree.QName(child.getparent()).localname == "r")
    return "".join(signs[child.tag] or child.text or "" for child in inside)


def paragraphs(data: bytes, style: str | None = None) -> list[str]:
    """The paragraphs' texts with the numbers that their styles give them, those of one style or all."""
    return [label + shown(found) for label, found in numbered(data) if style in {None, _style(found)}]


def numbered(data: bytes) -> list[tuple[str, etree._Element]]:
    """The paragraphs, each with the number that Word counts for it by its style."""
    levels, counts = _levels(data), Counter[str]()
    found = []
    for paragraph in part(data).iter(f"{W}p"):
        style = _style(paragraph) if paragraph.find(f"{W}pPr/{W}numPr") is None else ""
        label = ""
        if style in levels:
            counts[style] += 1
            label = _value(levels[style], "lvlText").replace("%1", str(counts[style]))
            label += {"space": " ", "tab": "\t"}[_value(levels[style], "suff") or "tab"]
        found.append((label, paragraph))
    return found


def _levels(data: bytes) -> dict[str, etree._Element]:
    """How the paragraphs of a style are numbered, for each that says so."""
    numbering = part(data, "word/numbering.xml")
    shapes = {shape.get(f"{W}abstractNumId"): shape for shape in numbering.iter(f"{W}abstractNum")}
    numbers = {number.get(f"{W}numId"): shapes[_value(number, "abstractNumId")] for number in numbering.iter(f"{W}num")}
    styles = part(data, "word/styles.xml").iter(f"{W}style")
    said = {style.get(f"{W}styleId"): style.find(f"{W}pPr/{W}numPr/{W}numId") for style in styles}
    return {name: numbers[number.get(f"{W}val")].find(f"{W}lvl") for name, number in said.items() if number is not None}


def _style(paragraph: etree._Element) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "Normal" if style is None else style.get(f"{W}val")


def _value(parent: etree._Element, tag: str) -> str:
    found = parent.find(f"{W}{tag}")
    return "" if found is None else found.get(f"{W}val")


def styled(data: bytes, style: str | None = None) -> list[etree._Element]:
    found = part(data).iter(f"{W}p")
    return [p for p in found if style in {None, _style(p)}]


def rows(table: etree._Element) -> list[list[str]]:
    return [[shown(cell) for cell in row.iter(f"{W}tc")] for row in table.iter(f"{W}tr")]
