"""Where marked elements stand, found by their ids without a style of their own for each, and for all within it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from weasyprint import css

if TYPE_CHECKING:
    from weasyprint import Document

_MARKED = "press-"  # ids that nothing but the press looks for
_find = css.find_style_attributes


def name_of(box: Any) -> str:
    """The id of the element that a box is made of; also of the boxes that WeasyPrint puts into that one's."""
    return "" if box.element is None else box.element.get("id") or ""


def note(document: Document) -> Document:
    """The document, whose pages tell of marked elements where they stand, as of others with ids."""
    for page in document.pages:
        for name, rectangle in _places(page._page_box, None):
            page.anchors.setdefault(name, rectangle)
    return document


def _places(box: Any, matrix: Any) -> Iterator[tuple[str, tuple[float, ...]]]:
    if own := box.transformation_matrix:
        matrix = own @ matrix if matrix else own
    if (name := name_of(box)).startswith(_MARKED):
        left, top, width, height = box.hit_area()
        corners = [(left, top), (left + width, top), (left, top + height), (left + width, top + height)]
        across, down = zip(
            *(map(matrix.transform_point, *zip(*corners, strict=True)) if matrix else corners), strict=True
        )
        yield name, (min(across), min(down), max(across), max(down))
    for child in box.all_children():
        yield from _places(child, matrix)


def _attributes(*arguments: Any, **options: Any) -> Iterator[Any]:
    """WeasyPrint's rules of attributes, which keep elements with ids from sharing a style, but for marked ones."""
    for rule in _find(*arguments, **options):
        _, element, declarations, _ = rule
        if not (element.get("id") or "").startswith(_MARKED) or _name(declarations) != "-weasy-anchor":
            yield rule


def _name(declarations: Any) -> str:
    return getattr(declarations[0], "name", "") if len(declarations) == 1 else ""


def install() -> None:
    """Let WeasyPrint share styles between marked elements; there is no public place for it."""
    css.find_style_attributes = _attributes
