"""The codes of an answer sheet as drawings, exact in millimetres: DataMatrix in the corners, QR for the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from quizgen.writers.pdf.sheet.geometry import Box, Page, Sheet

# Sides of QR codes of level M in squares, by how many bytes they take at most.
_QR_SIDES = {26: 25, 42: 29, 62: 33, 84: 37, 106: 41, 122: 45}
_QR_FIRST, _QR_STEP = 17, 4  # a QR code of version v has a side of 17 + 4v squares
_DATA_MATRIX_16 = 4  # the version of 16 by 16 squares, which takes 12 letters
HAIR = 0.01  # mm by which squares are higher than they are apart, so that no light shines between two


@dataclass(frozen=True, slots=True)
class Code:
    """A code by what it says and the box that it fills: the page's own QR code, or a corner's DataMatrix."""

    text: str
    box: Box
    is_qr: bool = False


def page_text(exam: str, serial: str, page: int, digest: str) -> str:
    """What the page code says; no name and no student number."""
    return f"QZ1:{exam}:{serial}:{page}:{digest}"


def corner_text(serial: str, page: int, corner: int) -> str:
    """What a corner code says: the serial, the page, and the corner (1 to 4 as one reads)."""
    return f"{serial}{page}{corner}"


def qr_side(length: int) -> int:
    """The side in squares of the page code of a text of so many letters."""
    return next(side for most, side in _QR_SIDES.items() if length <= most)


def page_codes(sheet: Sheet, page: Page, digest: str) -> Iterator[Code]:
    """The codes of a page: of its corners, and its own."""
    for at, box in enumerate(page.corners, start=1):
        yield Code(corner_text(sheet.serial, page.number, at), box)
    yield Code(page_text(sheet.exam, sheet.serial, page.number, digest), page.head.page_code, is_qr=True)


def squares(code: Code) -> tuple[int, bytes]:
    """The squares in a line of a code, and all of them line by line: 0 for a dark one."""
    from zxingcpp import BarcodeFormat, create_barcode

    if code.is_qr:
        version = (qr_side(len(code.text)) - _QR_FIRST) // _QR_STEP
        made = create_barcode(code.text, BarcodeFormat.QRCode, ec_level="M", version=version)
    else:  # 16 by 16 squares
        made = create_barcode(code.text, BarcodeFormat.DataMatrix, force_square=True, version=_DATA_MATRIX_16)
    image: Any = made.to_image(scale=1, add_quiet_zones=False)
    return image.shape[0], memoryview(image).tobytes()


@lru_cache(maxsize=512)
def path(code: Code) -> str:
    """A code as an SVG path: each run of dark squares in a line as a rectangle, a hair too high."""
    (count, found), box = squares(code), code.box
    side = box.width / count
    return "".join(
        f"M{box.x + start * side:.3f} {box.y + row * side:.3f}h{width:.3f}v{side + HAIR:.3f}h{-width:.3f}z"
        for row in range(count)
        for start, width in ((start, length * side) for start, length in _runs(found[row * count : (row + 1) * count]))
    )


def _runs(line: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    for light, group in groupby(line):
        length = len(list(group))
        if not light:
            yield at, length
        at += length
