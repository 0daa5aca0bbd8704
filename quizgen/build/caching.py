"""Where layouts are kept from build to build: the user's cache folder, or none."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from quizgen.build.run import FEWEST_PREPARED
from quizgen.press.cache import Cache

CACHE = "QUIZGEN_CACHE"


@contextmanager
def cache(papers: int) -> Iterator[Cache]:
    """The cache of a build of so many papers; where nothing is to be kept, or can be, one that goes with it."""
    if papers < FEWEST_PREPARED:
        yield Cache()
        return
    found = Cache(cache_folder())
    if found.takes():
        yield found
        found.tidy()
    else:
        with TemporaryDirectory(prefix="quizgen-") as folder:
            yield Cache(Path(folder))


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The folder that `$QUIZGEN_CACHE` names, or the platform's; None where it is `off` or empty."""
    own = environment.get(CACHE)
    if own is not None:
        return None if own.strip().lower() in ("", "off") else Path(own).expanduser().absolute()
    usual = _usual(environment)
    return usual / "quizgen" if usual and usual.is_absolute() else None


def _usual(environment: Mapping[str, str]) -> Path | None:
    """The platform's folder for what can be made anew; None where nobody has a home."""
    if sys.platform == "win32":
        local = environment.get("LOCALAPPDATA")
        return Path(local) if local else None
    if sys.platform != "darwin" and (own := environment.get("XDG_CACHE_HOME")) and Path(own).is_absolute():
        return Path(own)
    home = environment.get("HOME")
    if not home:
        return None
    return Path(home) / ("Library/Caches" if sys.platform == "darwin" else ".cache")
