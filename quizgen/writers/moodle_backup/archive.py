"""A backup's file: its documents and the pool of files, packed so that the same contents are the same bytes."""

from __future__ import annotations

import gzip
from io import BytesIO
from tarfile import USTAR_FORMAT, TarFile, TarInfo
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def packed(files: Mapping[str, bytes]) -> bytes:
    """The files as an .mbz, in order of their names, with no date and nobody's name."""
    tar = BytesIO()
    with TarFile(fileobj=tar, mode="w", format=USTAR_FORMAT) as archive:
        for name, data in sorted(files.items()):
            info = TarInfo(name)
            info.size = len(data)
            archive.addfile(info, BytesIO(data))
    return gzip.compress(tar.getvalue(), compresslevel=6, mtime=0)
