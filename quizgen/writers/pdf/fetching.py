"""The only addresses that a printed page may open: its paper's pictures and formulas, and the project's templates."""

from __future__ import annotations

import re
from base64 import b64decode
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from weasyprint.urls import URLFetcher, URLFetcherResponse

from quizgen import picture
from quizgen.problems import QuizgenError
from quizgen.templates import FONTS, PICTURES, Templates
from quizgen.writers.pdf.markup import FORMULA, PICTURE, drawn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from quizgen.picture import Picture

# What relative addresses in templates and style sheets begin with. No folder of that name is ever looked at.
BASE = "file:///templates/"

_RASTER = re.compile(r"data:(image/(?:png|jpeg|gif));base64,")
_SHOWN = 100  # characters of an address in a message
_LARGEST = 40_000_000  # bytes of a font; those with all of Chinese, Japanese and Korean have 20 million
_FONT_STARTS = (b"\x00\x01\x00\x00", b"OTTO", b"true", b"wOFF", b"wOF2")


class Fetcher(URLFetcher):  # type: ignore[misc]
    """Opens a paper's pictures and formulas by name, and files of the templates; no other address, ever.

    A picture's SVG may hold a raster picture of its own as a `data:` address, which was checked with it.
    """

    def __init__(self, pictures: Mapping[str, Picture], templates: Templates | None = None) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._pictures = pictures
        self._templates = templates or Templates()
        self.denied: list[str] = []

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002
        """The bytes behind an address of our own; QuizgenError names any other."""
        try:
            data, media_type = self._opened(url)
        except QuizgenError as error:
            self.denied.append(str(error))
            raise
        return URLFetcherResponse(url, data, {"Content-Type": media_type})

    def _opened(self, url: str) -> tuple[bytes | str, str]:
        scheme, _, rest = url.partition(":")
        if scheme == PICTURE and (found := self._pictures.get(unquote(rest))):
            return found.data, found.media_type
        if scheme == FORMULA:
            return drawn(url).svg, "image/svg+xml"
        if raster := _RASTER.match(url):
            return b64decode(url[raster.end() :]), raster[1]
        if url.startswith(BASE):
            return self._of_project(unquote(urlsplit(url).path.removeprefix("/templates/")))
        shown = url if len(url) <= _SHOWN else f"{url[:_SHOWN]}…"
        raise QuizgenError(
            f"a printed page asks for {shown}, which is no picture of its bank; templates and style sheets can load "
            "nothing else than files of the project's templates/, by relative addresses such as logo.svg"
        )

    def _of_project(self, name: str) -> tuple[bytes, str]:
        """A picture, font or style sheet of the templates."""
        kind = PurePosixPath(name).suffix.lower()
        if kind not in {*PICTURES, *FONTS, ".css"}:
            raise QuizgenError(f"a printed page asks for {name}, which is neither a picture, a font nor a style sheet")
        try:
            path = self._templates.path(name)
        except QuizgenError as error:
            raise QuizgenError(f"a printed page asks for {name}, but {error}") from error
        largest = picture.LARGEST if kind in PICTURES else _LARGEST
        if (size := path.stat().st_size) > largest:
            raise QuizgenError(f"{path} has {size:,} bytes, the most is {largest:,}; make it smaller")
        data = path.read_bytes()
        if kind in PICTURES:
            return data, _checked(data, str(path)).media_type
        if kind in FONTS and not data.startswith(_FONT_STARTS):
            raise QuizgenError(f"{path} is no font; save it as TTF, OTF, WOFF or WOFF2")
        return data, "text/css" if kind == ".css" else f"font/{kind[1:]}"


@lru_cache(maxsize=64)
def _checked(data: bytes, path: str) -> Picture:
    """The picture, held to the same rules as those of the banks."""
    return picture.read(data, path)
