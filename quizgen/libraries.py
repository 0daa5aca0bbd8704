"""The C libraries that WeasyPrint looks for when it is imported: found by their names, no compiler asked for them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

# As WeasyPrint names them last, and as the linker knows them on Linux.
_NEEDED = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libharfbuzz.so.0",
    "libfontconfig.so.1",
    "libpangoft2-1.0.so.0",
)


@contextmanager
def found_by_name() -> Iterator[None]:
    """Lets imports in the block look libraries up by their names alone, where all that WeasyPrint needs are found so.

    It asks for each by several names, and for each name that leads nowhere Python would run `ldconfig`, `gcc` and
    `ld`: some fifty processes, which take longer than all the rest of the import.
    """
    if "weasyprint" in sys.modules or not sys.platform.startswith("linux") or not all(map(_loads, _NEEDED)):
        yield
        return
    import ctypes.util

    search = ctypes.util.find_library
    ctypes.util.find_library = _found_nowhere
    try:
        yield
    finally:
        ctypes.util.find_library = search


def _loads(name: str) -> bool:
    import ctypes

    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _found_nowhere(name: str) -> None:  # noqa: ARG001 - as ctypes calls it
    return None
