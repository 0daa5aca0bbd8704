"""From HTML to PDF: WeasyPrint with our styles, held to what a page may ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, lru_cache
from html import unescape
from logging import LogRecord
from pathlib import Path
from typing import TYPE_CHECKING

from weasyprint import CSS, HTML, LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from quizgen.bounds import Step, begin, check
from quizgen.press import cache
from quizgen.problems import QuizgenError
from quizgen.writers.pdf import even, notes, places, tagging, typefaces
from quizgen.writers.pdf.fetching import BASE, Fetcher
from quizgen.writers.pdf.glyphs import heard, in_document
from quizgen.writers.pdf.page import page_style

if TYPE_CHECKING:
    from collections.abc import Mapping

    from weasyprint import Document

    from quizgen.paper.printing import Size
    from quizgen.picture import Picture
    from quizgen.press.typefaces import Embedded, Typeface
    from quizgen.templates import Templates

even.install()
places.install()
tagging.install()
typefaces.install()

STYLES = (
    "style.css",
    "teacher.css",
    "assignments.css",
    "answer-sheet.css",
    "bilingual.css",
    "editions.css",
    "custom.css",
)
_CAUSE = (
    "a table of thousands of cells, a picture with thousands of parts, flex boxes or columns inside each other, "
    "or a colspan in the thousands, in the texts or in templates/"
)
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


class _Case:
    """Fonts and style sheets as all documents have them in common."""

    def __init__(self) -> None:
        self.fonts = FontConfiguration()
        self._read: dict[tuple[str, bytes], tuple[CSS, tuple[LogRecord, ...]]] = {}

    def style(self, name: str, css: bytes, templates: Templates) -> CSS:
        """The style sheet; what WeasyPrint complains of when it reads one is said again for each that asks for it."""
        if (name, css) not in self._read:
            self._read[name, css] = self._style(name, css, templates)
        style, complaints = self._read[name, css]
        for record in complaints:
            LOGGER.handle(record)
        return style

    def _style(self, name: str, css: bytes, templates: Templates) -> tuple[CSS, tuple[LogRecord, ...]]:
        complaints: list[LogRecord] = []

        def keep(record: LogRecord) -> bool:
            complaints.append(record)
            return False

        begin(Step(f"reading the style sheet {name}", "what it imports"))
        fetcher = Fetcher({}, templates)
        LOGGER.addFilter(keep)
        try:
            style = CSS(string=css.decode(), font_config=self.fonts, url_fetcher=fetcher, base_url=BASE)
        except UnicodeDecodeError as error:
            raise QuizgenError(f"the style sheet {name} is not UTF-8; save it as UTF-8") from error
        except FatalURLFetchingError as error:
            raise QuizgenError(str(error.__cause__)) from error
        finally:
            LOGGER.removeFilter(keep)
        return style, tuple(complaints)


@lru_cache(maxsize=2)
def _case(stamp: tuple[tuple[Path, int, int], ...]) -> _Case:  # noqa: ARG001
    """One for as long as no file changes that a style sheet can load; each takes megabytes that are not given back."""
    return _Case()


def _stamp(templates: Templates) -> tuple[tuple[Path, int, int], ...]:
    paths = [templates.path(name) for name in (*STYLES, *templates.additions())]
    return tuple((path, (status := path.stat()).st_mtime_ns, status.st_size) for path in paths)


class Press:
    """Prints the documents of one paper on pages of one size; what they have in common is prepared once.

    `zoom` enlarges all that is on a page, which is laid out smaller by as much.
    """

    def __init__(
        self, templates: Templates, pictures: Mapping[str, Picture], size: Size = "A4", zoom: float = 1
    ) -> None:
        sheets = {name: templates.read(name) for name in STYLES}
        page = {f"page {size}": page_style(size, sheets["custom.css"].decode(errors="replace"), zoom).encode()}
        self._case = _case(_stamp(templates))
        self._zoom = zoom
        # What a project says of its usual pages is not said of enlarged ones.
        named = {**page, **sheets} if zoom == 1 else {**sheets, **page}
        self._styles = [self._case.style(name, css, templates) for name, css in named.items()]
        self._sources = named
        self._templates = templates
        self._fetcher = Fetcher(pictures, templates)
        self._images: dict[str, object] = {}
        loaded = [templates.read(name) for name in templates.additions() if name.endswith(".css")]
        self._has_notes = any(notes.asked(css.decode(errors="replace")) for css in (*named.values(), *loaded))

    @cached_property
    def stamp(self) -> str:
        """What layouts depend on besides their HTML: styles, what they may load, fonts, libraries."""
        loaded = [(name, self._templates.read(name)) for name in self._templates.additions()]
        told = (part for pair in (*self._sources.items(), *loaded) for part in pair)
        return cache.key(*told, typefaces.versions(self._case.fonts))

    def embedded(self, name: str, typeface: Typeface) -> Embedded:
        """A font with the glyphs that are needed of it."""
        return typefaces.embedded(name, typeface, self._case.fonts)

    @contextmanager
    def watched(self, name: str, html: str) -> Iterator[None]:
        """Lays out HTML in the block, and raises QuizgenError when that asks for what it must not, or cannot have."""
        begin(Step(f"printing {name}", _CAUSE))
        with heard() as complaints, _in_words(name):
            yield
        check()
        if self._fetcher.denied:  # inside a drawing, where WeasyPrint stops at nothing
            raise QuizgenError(self._fetcher.denied[0])
        if complaints.failures:
            raise QuizgenError(f"in {name} a picture cannot be drawn: {complaints.failures[0]}; simplify it")
        if complaints.characters:
            raise in_document(complaints.characters, html)

    def laid_out(self, html: str, css: str) -> Document:
        """The document laid out, with one more style sheet; not yet written."""
        styles = [*self._styles, CSS(string=css, font_config=self._case.fonts)] if css else self._styles
        document = self._document(html)
        return places.note(document.render(stylesheets=styles, font_config=self._case.fonts, cache=self._images))

    def _document(self, html: str) -> HTML:
        kind = HTML if self._has_notes or notes.asked(html) else notes.Plain
        return kind(string=html, url_fetcher=self._fetcher, base_url=BASE)

    def pdf(self, html: str) -> bytes:
        """The document as PDF; the same HTML gives the same bytes.

        Raises QuizgenError when the HTML asks for anything that is neither the paper's nor the templates', or for a
        character that no font has.
        """
        found = _TITLE.search(html)
        name = f"“{unescape(found[1]).strip()}”" if found else "a page"
        with self.watched(name, html):
            data: bytes = self._document(html).write_pdf(
                stylesheets=self._styles,
                font_config=self._case.fonts,
                cache=self._images,
                zoom=self._zoom,
                pdf_variant="pdf/ua-1",
            )
        if b"/EmbeddedFile" in data:
            raise QuizgenError(f"{name} attaches a file; a printed file holds nothing but its pages")
        return data


@contextmanager
def _in_words(name: str) -> Iterator[None]:
    """Tells of what WeasyPrint ends with that is a fault of the page."""
    try:
        yield
    except FatalURLFetchingError as error:
        raise QuizgenError(str(error.__cause__)) from error
    except RecursionError as error:
        raise QuizgenError(f"{name} cannot be printed: its elements are nested too deep") from error
    except ArithmeticError as error:
        raise QuizgenError(f"{name} cannot be printed: a size in its style is beyond all measure ({error})") from error
