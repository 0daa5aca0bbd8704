"""Word files for tests: made of a paper, and taken apart into the words that a reader sees."""

from __future__ import annotations

import zipfile
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
    """The paragraphs' texts, those of one style or all."""
    return [shown(found) for found in styled(data, style)]


def styled(data: bytes, style: str | None = None) -> list[etree._Element]:
    found = part(data).iter(f"{W}p")
    return [p for p in found if style is None or p.find(f"{W}pPr/{W}pStyle[@{W}val='{style}']") is not None]


def rows(table: etree._Element) -> list[list[str]]:
    return [[shown(cell) for cell in row.iter(f"{W}tc")] for row in table.iter(f"{W}tr")]
