"""The codes of an answer sheet as drawings, exact in millimetres: DataMatrix in the corners, QR for the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, cast

from quizgen.writers.pdf.sheet.geometry import Box

# Sides of QR codes of level M in squares, by how many bytes they take at most.
_QR_SIDES = {26: 25, 42: 29, 62: 33, 84: 37, 106: 41, 122: 45}
_QR_FIRST, _QR_STEP = 17, 4  # a QR code of version v has a side of 17 + 4v squares
_DATA_MATRIX_16 = 4  # the version of 16 by 16 squares, which takes 12 letters
_HAIR = 0.01


def page_text(exam: str, serial: str, page: int, digest: str) -> str:
    """What the page code says; no name and no student number."""
    return f"QZ1:{exam}:{serial}:{page}:{digest}"


def corner_text(serial: str, page: int, corner: int) -> str:
    """What a corner code says: the serial, the page, and the corner (1 to 4 as one reads)."""
    return f"{serial}{page}{corner}"


def qr_side(length: int) -> int:
    """The side in squares of the page code of a text of so many letters."""
    return next(side for most, side in _QR_SIDES.items() if length <= most)


@lru_cache(maxsize=512)
def qr(text: str, box: Box) -> str:
    """A QR code that fills a box, as an SVG path."""
    from zxingcpp import BarcodeFormat, create_barcode

    version = (qr_side(len(text)) - _QR_FIRST) // _QR_STEP
    code = create_barcode(text, BarcodeFormat.QRCode, ec_level="M", version=version)
    return _path(_squares(code), box)


@lru_cache(maxsize=512)
def data_matrix(text: str, box: Box) -> str:
    """A DataMatrix code of 16 by 16 squares that fills a box, as an SVG path."""
    from zxingcpp import BarcodeFormat, create_barcode

    code = create_barcode(text, BarcodeFormat.DataMatrix, force_square=True, version=_DATA_MATRIX_16)
    return _path(_squares(code), box)


def _squares(code: Any) -> list[list[int]]:
    squares: Any = memoryview(code.to_image(scale=1, add_quiet_zones=False)).tolist()
    return cast("list[list[int]]", squares)


def _path(squares: Sequence[Sequence[int]], box: Box) -> str:
    """Each run of dark squares in a line as a rectangle, a hair too high, so that no light shines between two."""
    side = box.width / len(squares)
    return "".join(
        f"M{box.x + start * side:.3f} {box.y + row * side:.3f}h{width:.3f}v{side + _HAIR:.3f}h{-width:.3f}z"
        for row, line in enumerate(squares)
        for start, width in ((start, length * side) for start, length in _runs(line))
    )


def _runs(line: Sequence[int]) -> Iterator[tuple[int, int]]:
    at = 0
    for light, group in groupby(line):
        length = len(list(group))
        if not light:
            yield at, length
        at += length
