"""A Word file as bytes that depend on nothing but what is in it."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.opc.pkgwriter import PackageWriter

if TYPE_CHECKING:
    from docx.document import Document
    from docx.opc.packuri import PackURI

_FIRST = "[Content_Types].xml"  # where programs that sniff a file's type expect it
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date that a zip can hold


def packed(document: Document) -> bytes:
    """The document's file: its parts in order of their names, none with a date."""
    parts = _parts(document)
    packed = BytesIO()
    with ZipFile(packed, "w") as target:
        for name in sorted(parts, key=lambda name: (name != _FIRST, name)):
            info = ZipInfo(name, _EPOCH)
            info.compress_type = ZIP_DEFLATED
            info.create_system = 0  # the same on every system
            target.writestr(info, parts[name], compresslevel=6)
    return packed.getvalue()


def _parts(document: Document) -> dict[str, bytes]:
    """The parts of the file by their names, as python-docx would pack them; packing them twice takes longer."""
    gathered = _Gathered()
    package = document.part.package
    for part in package.parts:
        part.before_marshal()
    writer: Any = PackageWriter
    writer._write_content_types_stream(gathered, package.parts)
    writer._write_pkg_rels(gathered, package.rels)
    writer._write_parts(gathered, package.parts)
    return gathered.parts


class _Gathered:
    """Where python-docx writes a package's parts."""

    def __init__(self) -> None:
        self.parts: dict[str, bytes] = {}

    def write(self, uri: PackURI, blob: bytes) -> None:
        self.parts[uri.membername] = blob
