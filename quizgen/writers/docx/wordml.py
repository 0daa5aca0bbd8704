"""Elements of WordprocessingML: made with clean text, their properties in the order that Word insists on."""

from __future__ import annotations

import re
from copy import copy, deepcopy
from functools import cache
from typing import TYPE_CHECKING, Literal

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable

Element = etree._Element

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "asvg": "http://schemas.microsoft.com/office/drawing/2016/SVG/main",
    "xml": "http://www.w3.org/XML/1998/namespace",
}

NAMESPACE = "urn:quizgen:slot"  # of the marks that tags leave, none of which stays in a document

_RUN = (
    "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
    "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs "
    "em lang eastAsianLayout specVanish oMath"
)
_PARAGRAPH = (
    "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange"
)
_ORDER: dict[str, dict[str, int]] = {
    tag: {name: place for place, name in enumerate(names.split())}
    for tag, names in (("w:rPr", _RUN), ("w:pPr", _PARAGRAPH))
}

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without the characters that no XML document may hold."""
    return _UNPRINTABLE.sub("", text)


@cache
def name(tag: str) -> str:
    """A prefixed tag or attribute (`w:p`) as lxml names it."""
    prefix, _, local = tag.rpartition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if prefix else local


def element(tag: str, attributes: dict[str, str | int] | None = None, *children: Element) -> Element:
    """An element with attributes and children."""
    made = copy(_bare(tag))
    for key, value in (attributes or {}).items():
        made.set(name(key), str(value) if isinstance(value, int) else clean(value))
    made.extend(children)
    return made


@cache
def _bare(tag: str) -> Element:
    """An element of which copies are made, which is much faster than making others."""
    prefix = tag.partition(":")[0]
    return etree.Element(name(tag), nsmap={prefix: NAMESPACES[prefix]})


def value(tag: str, val: str | int) -> Element:
    """An element that says one thing: `<w:jc w:val="center"/>`."""
    return element(tag, {f"{tag.partition(':')[0]}:val": val})


def words(tag: str, text: str) -> Element:
    """An element that holds text as it is, spaces too."""
    made = element(tag, {"xml:space": "preserve"})
    made.text = clean(text)
    return made


def find(parent: Element, tag: str) -> Element | None:
    """The first child of that tag."""
    return next(parent.iterchildren(name(tag)), None)


def properties(
    tag: Literal["w:rPr", "w:pPr"], base: Element | None, changes: Iterable[Element], drop: Iterable[str] = ()
) -> Element:
    """Run or paragraph properties: a copy of the base without some, with changes made, in schema order."""
    order = _ORDER[tag]
    found = {_local(child): child for child in (deepcopy(base) if base is not None else ())}
    found = {key: child for key, child in found.items() if key in order and key not in set(drop)}
    found |= {_local(change): change for change in changes}
    return element(tag, None, *(found[key] for key in sorted(found, key=order.__getitem__)))


def _local(child: Element) -> str:
    return etree.QName(child).localname
