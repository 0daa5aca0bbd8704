"""A Word file as bytes that depend on nothing but what is in it."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from docx.document import Document

_FIRST = "[Content_Types].xml"  # where programs that sniff a file's type expect it
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date that a zip can hold


def packed(document: Document) -> bytes:
    """The document's file: its parts in order of their names, none with a date."""
    written = BytesIO()
    document.save(written)
    packed = BytesIO()
    with ZipFile(written) as source, ZipFile(packed, "w") as target:
        for name in sorted(source.namelist(), key=lambda name: (name != _FIRST, name)):
            info = ZipInfo(name, _EPOCH)
            info.compress_type = ZIP_DEFLATED
            info.create_system = 0  # the same on every system
            target.writestr(info, source.read(name), compresslevel=6)
    return packed.getvalue()
