"""From HTML to PDF: WeasyPrint with our styles, and the only addresses that it may open."""

from __future__ import annotations

import re
from base64 import b64decode
from functools import cache, lru_cache
from logging import LogRecord
from typing import TYPE_CHECKING
from urllib.parse import unquote

from weasyprint import CSS, HTML, LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from quizgen.problems import QuizgenError
from quizgen.writers.pdf.markup import FORMULA, PICTURE, drawn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from quizgen.picture import Picture
    from quizgen.templates import Templates

STYLES = ("style.css", "teacher.css", "assignments.css", "answer-sheet.css", "custom.css")
_RASTER = re.compile(r"data:(image/(?:png|jpeg|gif));base64,")
_SHOWN = 100  # characters of an address in a message


class Fetcher(URLFetcher):  # type: ignore[misc]
    """Opens a paper's pictures and formulas by name; no other address, of the web or of a file, ever.

    A picture's SVG may hold a raster picture of its own as a `data:` address, which was checked with it.
    """

    def __init__(self, pictures: Mapping[str, Picture]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._pictures = pictures
        self.denied: list[str] = []

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002
        """The bytes behind an address of our own; QuizgenError names any other."""
        scheme, _, rest = url.partition(":")
        if scheme == PICTURE and (picture := self._pictures.get(unquote(rest))):
            return URLFetcherResponse(url, picture.data, {"Content-Type": picture.media_type})
        if scheme == FORMULA:
            return URLFetcherResponse(url, drawn(url).svg, {"Content-Type": "image/svg+xml"})
        if raster := _RASTER.match(url):
            return URLFetcherResponse(url, b64decode(url[raster.end() :]), {"Content-Type": raster[1]})
        shown = url if len(url) <= _SHOWN else f"{url[:_SHOWN]}…"
        self.denied.append(
            f"a printed page asks for {shown}, which is no picture of its bank; "
            "templates and style sheets can load nothing else"
        )
        raise QuizgenError(self.denied[-1])


@cache
def _fonts() -> FontConfiguration:
    # One for the whole process: each takes some megabytes that are not given back.
    return FontConfiguration()


def _style(name: str, css: bytes) -> CSS:
    """The style sheet; what WeasyPrint complains of when it reads one is said again for each that asks for it."""
    style, complaints = _read_style(name, css)
    for record in complaints:
        LOGGER.handle(record)
    return style


@lru_cache(maxsize=8)
def _read_style(name: str, css: bytes) -> tuple[CSS, tuple[LogRecord, ...]]:
    complaints: list[LogRecord] = []

    def keep(record: LogRecord) -> bool:
        complaints.append(record)
        return False

    LOGGER.addFilter(keep)
    try:
        return CSS(string=css.decode(), font_config=_fonts(), url_fetcher=Fetcher({})), tuple(complaints)
    except UnicodeDecodeError as error:
        raise QuizgenError(f"the style sheet {name} is not UTF-8; save it as UTF-8") from error
    except FatalURLFetchingError as error:
        raise QuizgenError(str(error.__cause__)) from error
    finally:
        LOGGER.removeFilter(keep)


class Press:
    """Prints the documents of one paper; what they have in common is prepared once."""

    def __init__(self, templates: Templates, pictures: Mapping[str, Picture]) -> None:
        self._styles = [_style(name, templates.read(name)) for name in STYLES]
        self._fetcher = Fetcher(pictures)
        self._images: dict[str, object] = {}

    def pdf(self, html: str) -> bytes:
        """The document as PDF; the same HTML gives the same bytes.

        Raises QuizgenError when the HTML asks for anything that is not the paper's own.
        """
        document = HTML(string=html, url_fetcher=self._fetcher)
        try:
            data: bytes = document.write_pdf(
                stylesheets=self._styles, font_config=_fonts(), cache=self._images, pdf_tags=True
            )
        except FatalURLFetchingError as error:
            raise QuizgenError(str(error.__cause__)) from error
        if self._fetcher.denied:  # inside a drawing, where WeasyPrint stops at nothing
            raise QuizgenError(self._fetcher.denied[0])
        return data
