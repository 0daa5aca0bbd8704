"""Two-up imposition: a finished booklet's pages side by side on sheets that are folded and stapled in the middle."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pikepdf import Object, Page, Pdf

_PAGES_OF_A_SHEET = 4


def folded(booklet: bytes, *, back_cover: bool = False) -> bytes:
    """The booklet on sheets of twice its page, bound on the left, as vector-sharp as before.

    Blank pages make the number of pages a multiple of four; a `back_cover` stays the last of them.
    """
    import pikepdf

    with pikepdf.open(BytesIO(booklet)) as source, pikepdf.new() as target:
        pages = list(source.pages)
        width, height = _size(pages[0])
        # As forms they keep fonts and pictures in common: whatever is copied twice is copied once.
        forms = [target.copy_foreign(page.as_form_xobject()) for page in pages]
        for left, right in spreads(len(pages), back_cover=back_cover):
            _add_sheet(target, (width, height), (_at(forms, left), _at(forms, right)))
        _keep_title(source, target)
        result = BytesIO()
        target.save(result, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return result.getvalue()


def spreads(pages: int, *, back_cover: bool = False) -> Iterator[tuple[int | None, int | None]]:
    """The pages, from 0, on the left and the right of each side of each sheet in saddle-stitch order; None is blank."""
    total = -(-pages // _PAGES_OF_A_SHEET) * _PAGES_OF_A_SHEET
    blank: list[int | None] = [None] * (total - pages)
    order: list[int | None] = list(range(pages))
    end = pages - 1 if back_cover else pages
    order[end:end] = blank
    for outer in range(0, total // 2, 2):
        yield order[total - 1 - outer], order[outer]
        yield order[outer + 1], order[total - 2 - outer]


def _size(page: Page) -> tuple[float, float]:
    left, bottom, right, top = map(float, page.mediabox)
    return right - left, top - bottom


def _at(forms: list[Object], place: int | None) -> Object | None:
    return None if place is None else forms[place]


def _add_sheet(target: Pdf, size: tuple[float, float], halves: tuple[Object | None, Object | None]) -> None:
    from pikepdf import Dictionary, Name

    width, height = size
    page = target.add_blank_page(page_size=(2 * width, height))
    drawn = {name: form for name, form in zip(("/Left", "/Right"), halves, strict=True) if form is not None}
    page.obj.Resources = Dictionary(XObject=Dictionary(drawn))
    shift = {"/Left": "0", "/Right": f"{width:.6f}"}
    operators = "".join(f"q 1 0 0 1 {shift[name]} 0 cm {name} Do Q\n" for name in drawn)
    page.obj[Name.Contents] = target.make_stream(operators.encode())


def _keep_title(source: Pdf, target: Pdf) -> None:
    """Title and language as the booklet has them; and what tells a printer how to turn the sheets."""
    from pikepdf import Dictionary, Name

    if Name.Title in source.docinfo:
        target.docinfo[Name.Title] = str(source.docinfo[Name.Title])
    if Name.Lang in source.Root:
        target.Root[Name.Lang] = str(source.Root[Name.Lang])
    target.Root[Name.ViewerPreferences] = Dictionary(
        DisplayDocTitle=True, Duplex=Name.DuplexFlipShortEdge, PrintScaling=Name("/None")
    )
