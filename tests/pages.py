"""What stands where on a PDF's pages: glyphs, pictures and marked texts, in points from the page's top left."""

from __future__ import annotations

import ctypes
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

MM = 72 / 25.4
HEAD, FOOT = 17 * MM, 13 * MM  # of a page, where no text stands but the running heads and the page number
_TOUCH = 0.25  # of the smaller one's area: italics and accents lean over their neighbours
_CELL = 12.0
_HALVES = range(0xD800, 0xE000)


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def area(self) -> float:
        return (self.right - self.left) * (self.bottom - self.top)

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def shared(self, other: Box) -> float:
        """The area that lies in both."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, width) * max(0.0, height)

    def joined(self, other: Box) -> Box:
        return Box(
            *(min(self.left, other.left), min(self.top, other.top)),
            *(max(self.right, other.right), max(self.bottom, other.bottom)),
        )

    def within(self, other: Box) -> bool:
        return (
            self.left >= other.left
            and self.top >= other.top
            and self.right <= other.right
            and self.bottom <= other.bottom
        )


@dataclass(frozen=True, slots=True)
class Glyph:
    """A printed character and its ink's box; `drawn` where it is part of a picture."""

    text: str
    box: Box
    drawn: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its own box, its glyphs in the text's order, and the boxes of pictures and formulas."""

    box: Box
    glyphs: tuple[Glyph, ...]
    pictures: tuple[Box, ...]
    lines: tuple[Box, ...]


def pages(data: bytes) -> tuple[Page, ...]:
    """The pages of a PDF."""
    document = pypdfium2.PdfDocument(data)
    try:
        return tuple(_page(page) for page in document)
    finally:
        document.close()


def _page(page: pypdfium2.PdfPage) -> Page:
    width, height = page.get_size()
    top_level: set[int] = set()
    found: dict[int, list[Box]] = defaultdict(list)
    for place in range(raw.FPDFPage_CountObjects(page)):
        handle = raw.FPDFPage_GetObject(page, place)
        top_level.add(ctypes.cast(handle, ctypes.c_void_p).value)
        found[raw.FPDFPageObj_GetType(handle)].append(_bounds(handle, height))
    whole = Box(0, 0, width, height)
    # A form as large as the page is the gradient of a bar beside wrapped code, which the page's box cuts.
    forms = (box for box in found[raw.FPDF_PAGEOBJ_FORM] if box.shared(whole) < 0.99 * whole.area)
    return Page(
        whole,
        tuple(_glyphs(page, height, top_level)),
        tuple(box for box in (*found[raw.FPDF_PAGEOBJ_IMAGE], *forms) if box.area > 1),
        tuple(found[raw.FPDF_PAGEOBJ_PATH]),
    )


def _bounds(handle: object, height: float) -> Box:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(handle, left, bottom, right, top)
    return Box(left.value, height - top.value, right.value, height - bottom.value)


def _glyphs(page: pypdfium2.PdfPage, height: float, top_level: set[int]) -> Iterator[Glyph]:
    text = page.get_textpage()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    before = None
    for place in range(raw.FPDFText_CountChars(text)):
        code, handle = raw.FPDFText_GetUnicode(text, place), raw.FPDFText_GetTextObject(text, place)
        if chr(code).isspace() or not handle:
            continue
        raw.FPDFText_GetCharBox(text, place, left, right, bottom, top)
        box = Box(left.value, height - top.value, right.value, height - bottom.value)
        # Several characters of one glyph have one box: a ligature's letters, the halves of one beyond U+FFFF.
        if box != before:
            letter = "\ufffd" if code in _HALVES else chr(code)
            yield Glyph(letter, box, ctypes.cast(handle, ctypes.c_void_p).value not in top_level)
        before = box


def overlaps(page: Page) -> Iterator[str]:
    """What stands on other text: glyphs on glyphs, pictures and formulas on glyphs or on each other."""
    glyphs = [glyph for glyph in page.glyphs if not glyph.drawn and glyph.box.area > 0]
    for one, other in _near(glyphs):
        if one.box.shared(other.box) > _TOUCH * min(one.box.area, other.box.area):
            yield f"{one.text} and {other.text} at {_at(one.box)}"
    for picture in page.pictures:
        under = [g for g in glyphs if g.box.shared(picture) > _TOUCH * g.box.area]
        if under:
            yield f"a picture and {''.join(g.text for g in under)[:40]} at {_at(picture)}"
    for place, one in enumerate(page.pictures):
        for other in page.pictures[place + 1 :]:
            if one.shared(other) > _TOUCH * min(one.area, other.area):
                yield f"two pictures at {_at(one)}"


def _near(glyphs: Sequence[Glyph]) -> Iterator[tuple[Glyph, Glyph]]:
    """The pairs of glyphs that share a cell of a grid; a pair may come more than once."""
    grid: dict[tuple[int, int], list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        for column in range(int(glyph.box.left // _CELL), int(glyph.box.right // _CELL) + 1):
            for row in range(int(glyph.box.top // _CELL), int(glyph.box.bottom // _CELL) + 1):
                cell = grid[column, row]
                yield from ((glyph, other) for other in cell)
                cell.append(glyph)


def outside(page: Page, margin: float) -> Iterator[str]:
    """What is printed nearer to the page's edge than the margin, in points."""
    room = Box(margin, margin, page.box.right - margin, page.box.bottom - margin)
    yield from (f"{glyph.text} at {_at(glyph.box)}" for glyph in page.glyphs if not glyph.box.within(room))
    yield from (f"a picture at {_at(box)}" for box in page.pictures if not box.within(room))
    yield from (f"a line at {_at(box)}" for box in page.lines if not box.within(room))


def _at(box: Box) -> str:
    return f"{box.left / MM:.0f},{box.top / MM:.0f} mm"


@dataclass(frozen=True, slots=True)
class Marked:
    """A text between its marks: its question, its part of it, and its box on each of its pages."""

    number: int
    part: int
    boxes: dict[int, Box]


def marked_texts(found: Sequence[Page]) -> tuple[Marked, ...]:
    """The texts between `<7.0:` and `>` in the order in which the PDF holds them."""
    glyphs = [
        (number, glyph)
        for number, page in enumerate(found)
        for glyph in page.glyphs
        if not glyph.drawn and glyph.box.top > HEAD and glyph.box.bottom < page.box.bottom - FOOT
    ]
    text = "".join(glyph.text for _, glyph in glyphs)
    return tuple(
        Marked(int(match[1]), int(match[2]), _boxes(glyphs[match.start() : match.end()]))
        for match in re.finditer(r"<(\d+)\.(\d+):[^<>]*>", text)
    )


def _boxes(glyphs: Sequence[tuple[int, Glyph]]) -> dict[int, Box]:
    boxes: dict[int, Box] = {}
    for page, glyph in glyphs:
        boxes[page] = boxes[page].joined(glyph.box) if page in boxes else glyph.box
    return boxes
