"""The structure tree of a laid out document, page by page, to be put together anew for each paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pikepdf

BOX = "[BOX]"
_INSIDE = {"/Span", "/NonStruct"}  # elements that say nothing where they have no entries
_ENTRIES = ("/Alt", "/A", "/Lang", "/ActualText", "/E", "/T")


@dataclass(frozen=True, slots=True)
class Element:
    """An element: its tag, further entries in PDF's notation, and its kids: elements, or numbers of marked content.

    `box` is the place of a picture on its page (points), for which `entries` have BOX.
    """

    tag: str
    entries: str = ""
    kids: tuple[Element | int, ...] = ()
    box: tuple[float, ...] = ()

    def first(self, *tags: str) -> Element | None:
        """The first element with one of these tags: this one, or one below it."""
        if self.tag in tags:
            return self
        below = (kid.first(*tags) for kid in self.kids if isinstance(kid, Element))
        return next((found for found in below if found), None)


def structure(pdf: pikepdf.Pdf) -> list[tuple[Element, ...]]:
    """The elements of each page, without those that have no content."""
    reader = _Reader(pdf)
    (document,) = pdf.Root.StructTreeRoot.K
    pages: list[list[Element]] = [[] for _ in pdf.pages]
    for kid in document.K:
        page, element = reader.element(kid, None)
        if page is not None and element.kids:
            pages[page].append(element)
    return [tuple(elements) for elements in pages]


class _Reader:
    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}

    def element(self, node: Any, page: int | None) -> tuple[int | None, Element]:
        """An element with the page it is on, as far as one is known."""
        import pikepdf

        if "/Pg" in node:
            page = self._pages[node.Pg.objgen]
        kids: list[Element | int] = []
        below = node.get("/K", [])
        for kid in below if isinstance(below, pikepdf.Array) else [below]:
            if not isinstance(kid, pikepdf.Dictionary):
                kids.append(int(kid))
            elif "/S" in kid:
                page, element = self.element(kid, page)
                says_nothing = element.tag in _INSIDE and not element.entries
                kids += element.kids if says_nothing else [element] if element.kids else []
        entries = "".join(f"{key} {_written(value)}" for key, value in node.items() if key in _ENTRIES)
        box = node.A.get("/BBox", ()) if "/A" in node and isinstance(node.A, pikepdf.Dictionary) else ()
        return page, Element(str(node.S), entries, tuple(kids), tuple(float(edge) for edge in box))


def _written(value: Any) -> str:
    import pikepdf

    if isinstance(value, pikepdf.Dictionary) and "/BBox" in value:
        kept = {key: part for key, part in value.items() if key != "/BBox"}
        return str(pikepdf.Dictionary(kept).unparse(resolved=True).decode()).removesuffix(">>") + f"/BBox {BOX}>>"
    return str(value.unparse(resolved=True).decode())
