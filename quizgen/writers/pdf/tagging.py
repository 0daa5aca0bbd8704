"""What WeasyPrint's structure tree lacks for PDF/UA: for readers who listen to a page, or reflow it.

WeasyPrint builds the tree from its boxes; each element is mended as soon as it is made, while its box is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pydyf
import weasyprint.pdf
from weasyprint.formatting_structure.boxes import MarginBox, PageBox
from weasyprint.pdf import tags

if TYPE_CHECKING:
    from collections.abc import Iterator

# By HTML tag, and by the class of spans and pictures: what an element is in a PDF.
_BY_TAG = {"code": "/Code", "pre": "/Code", "em": "/Span", "strong": "/Span", "b": "/Span"}
_BY_CLASS = {
    "ruby": "/Ruby",
    "formula": "/Formula",
}
_NUMBERING = {"ol": "/Decimal", "ul": "/Disc"}
_HEADINGS = {f"/H{level}": level for level in range(1, 7)}
_CELLS = {"/Table", "/THead", "/TBody", "/TFoot", "/TR", "/TH", "/TD"}

_build, _add = tags._build_box_tree, tags.add_tags


class _Document:
    """The document that is being made: its headings up to now, its lists' labels, and the page's scale."""

    def __init__(self) -> None:
        self.headings: list[int] = []
        self.labels: set[bytes] = set()
        self.height = 0.0
        self.scale = 1.0


_document = _Document()


def install() -> None:
    """Let WeasyPrint build trees as PDF/UA asks for them; there is no public place for it."""
    tags._build_box_tree = _mended
    weasyprint.pdf.add_tags = _add_tags


def _add_tags(*arguments: Any, **options: Any) -> None:
    _document.__init__()  # type: ignore[misc]
    _add(*arguments, **options)


def _mended(box: Any, parent: Any, pdf: Any, page: int, numbers: Any, annotations: Any, marks: Any) -> Iterator[Any]:
    """WeasyPrint's elements of a box, each mended."""
    if isinstance(box, PageBox):
        *_, _document.height = _made(pdf, pdf.page_references[page])["MediaBox"]
        _document.scale = _document.height / box.margin_height()
    if box.link_annotation and (box.element_tag or "").split("::")[0] != "a":
        _drop_link(box, pdf, page)
    if isinstance(box, MarginBox):
        _make_artifact(box, pdf, page, numbers, marks)
    else:
        for element in _build(box, parent, pdf, page, numbers, annotations, marks):
            # What these hand on is their children's.
            if box.element_tag not in ("html", "body") and not isinstance(box, PageBox):
                _mend(element, box, pdf)
            yield element


def _made(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _make_artifact(box: Any, pdf: Any, page: int, numbers: Any, marks: Any) -> None:
    """Running heads and the pages' numbers are no part of what is read."""
    gone = {marks.pop(leaf)["mcid"] for leaf in box.descendants() if leaf in marks}
    numbers.update(dict.fromkeys(gone, b"null"))
    operators = _made(pdf, _made(pdf, pdf.page_references[page])["Contents"]).stream
    for place, operator in enumerate(operators):
        if isinstance(operator, pydyf.Dictionary) and operator.get("MCID") in gone:
            operators[place - 1] = "/Artifact"
            operator.clear()
            operator["Type"] = "/Pagination"


def _drop_link(box: Any, pdf: Any, page: int) -> None:
    """What stands in a link is no link once more."""
    _made(pdf, pdf.page_references[page])["Annots"].remove(box.link_annotation.reference)
    box.link_annotation = None


def _mend(element: Any, box: Any, pdf: Any) -> None:
    html, tag = box.element, box.element_tag
    if html is None:
        return
    kind = element["S"]
    if tag in ("span", "img"):
        kind = next((_BY_CLASS[name] for name in _classes(html) if name in _BY_CLASS), kind)
    elif tag == "span::after" and "ruby" in _classes(html):
        kind = "/RT"
    kind = _BY_TAG.get(tag, kind)
    if kind in _HEADINGS:
        kind = f"/H{_rank(_HEADINGS[kind])}"
    element["S"] = kind
    if "label" in _classes(html):
        _document.labels.add(element.reference)
    _complete(element, html, pdf)
    if (language := html.get("lang")) and tag != "html":
        element["Lang"] = pydyf.String(language)


def _classes(html: Any) -> list[str]:
    return (html.get("class") or "").split()


def _rank(level: int) -> int:
    """The level of a heading below those before it, none left out between."""
    above = [other for other in _document.headings if other < level]
    _document.headings[:] = [*above, level]
    return len(_document.headings)


def _complete(element: Any, html: Any, pdf: Any) -> None:
    """What some elements need besides their kind."""
    match element["S"]:
        case "/Figure" | "/Formula" if "A" in element:
            element["A"]["BBox"] = pydyf.Array(_on_page(*element["A"]["BBox"]))
        case "/TH":
            element["A"]["Scope"] = "/Row" if html.get("scope") == "row" else "/Column"
        case "/Ruby":
            _made(pdf, element["K"][0])["S"] = "/RB"
        case "/Table" if html.get("role") == "presentation":
            _flatten(element, pdf)
        case "/L":
            _list(element, html, pdf)
        case "/LI":
            _part(element, pdf)
        case _:
            pass


def _on_page(left: float, top: float, right: float, bottom: float) -> tuple[float, ...]:
    """A rectangle in the page's points, from below."""
    scale, height = _document.scale, _document.height
    return left * scale, height - bottom * scale, right * scale, height - top * scale


def _flatten(element: Any, pdf: Any) -> None:
    """A table that only places things is none."""
    if element.get("S") in _CELLS:
        element["S"] = "/Div"
        element.pop("A", None)
        element.pop("ID", None)
        for kid in element["K"]:
            if isinstance(kid, bytes):
                _flatten(_made(pdf, kid), pdf)


def _list(element: Any, html: Any, pdf: Any) -> None:
    """A list says how it is numbered, and holds nothing but its items: the space between two belongs to the first."""
    if html.tag in _NUMBERING and not _classes(html):
        element["A"] = pydyf.Dictionary({"O": "/List", "ListNumbering": _NUMBERING[html.tag]})
    items: list[bytes] = []
    for kid in element["K"]:
        if _made(pdf, kid)["S"] == "/Span" and items:
            body = _made(pdf, _made(pdf, items[-1])["K"][-1])
            body["K"].append(kid)
            _made(pdf, kid)["P"] = body.reference
        else:
            items.append(kid)
    element["K"][:] = items


def _part(item: Any, pdf: Any) -> None:
    """A list item is a label and a body: its paragraphs belong into that, and a label that stands in it does not."""
    kids = {kid: _made(pdf, kid) for kid in item["K"]}
    bodies = [kid for kid in kids.values() if kid["S"] == "/LBody"]
    loose = [reference for reference, kid in kids.items() if kid["S"] not in ("/Lbl", "/LBody")]
    if loose and not bodies:
        bodies = [pydyf.Dictionary({**item, "S": "/LBody", "K": pydyf.Array(), "P": item.reference})]
        pdf.add_object(bodies[0])
        item["K"].append(bodies[0].reference)
    for reference in loose:
        item["K"].remove(reference)
        bodies[0]["K"].append(reference)
        kids[reference]["P"] = bodies[0].reference
    _take_label(item, bodies[0]["K"] if bodies else [], pdf)


def _take_label(item: Any, body: list[Any], pdf: Any) -> None:
    if body and body[0] in _document.labels:
        label = _made(pdf, body[0])
        label["S"], label["P"] = "/Lbl", item.reference
        item["K"].insert(0, body.pop(0))
