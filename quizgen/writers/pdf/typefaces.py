"""WeasyPrint's fonts apart from its documents: painted without, loaded by their descriptions, embedded once for many.

The numbers of glyphs are the font's own, also in a part of it: what was painted at different times can share one font.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pydyf
import weasyprint.pdf
from weasyprint.pdf import stream
from weasyprint.text.ffi import ffi, fontconfig, gobject, pango
from weasyprint.text.fonts import get_pango_font_key

from quizgen.press.measure import UnpressableError
from quizgen.press.typefaces import Embedded, Painted, Typeface, merged

if TYPE_CHECKING:
    from weasyprint import Document
    from weasyprint.text.fonts import FontConfiguration

_SIZE = 16  # pixels at which a font is loaded; it says something of fonts that change their shapes with it
_OPTIONS = {"hinting": False, "pdf_version": "1.7"}
_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_LIBRARIES = ("quizgen", "weasyprint", "pydyf", "pikepdf", "fonttools", "tinycss2", "tinyhtml5", "ziamath", "ziafont")

ffi.cdef("PangoFontDescription * pango_font_description_from_string (const char *str);")


class _Font(stream.Font):  # type: ignore[misc]
    """A font that remembers how to ask for it."""

    def __init__(self, pango_font: Any, description: Any, size: float) -> None:
        super().__init__(pango_font, description, size)
        self.described = ffi.string(pango.pango_font_description_to_string(description)).decode()


_build = weasyprint.pdf.build_fonts_dictionary
_without_files: list[None] = []  # one for each painting in progress whose fonts are left out


def _fonts_dictionary(pdf: Any, fonts: Any, *arguments: Any) -> Any:
    if not _without_files:
        return _build(pdf, fonts, *arguments)
    table = pydyf.Dictionary()
    for font in fonts.values():
        if font.to_unicode:
            named = pydyf.Dictionary({"Type": "/Font"})
            pdf.add_object(named)
            table[font.hash] = named.reference
    return table


def install() -> None:
    """Let WeasyPrint leave out fonts, and remember them; there is no public place for it."""
    stream.Font = _Font
    weasyprint.pdf.build_fonts_dictionary = _fonts_dictionary


class Painter:
    """Paints pages without their fonts' files; what one painting sees of a font depends on no other."""

    def __init__(self) -> None:
        self._fonts: dict[Any, Any] = {}

    def __call__(self, document: Document, pages: Sequence[Any]) -> Painted:
        """The pages as a file of their own."""
        for font in self._fonts.values():
            font.widths, font.to_unicode, font.missing = {}, {}, {}
            font.file_content = b""  # megabytes, of which nothing is written
        copy = document.copy(pages)
        copy.fonts = self._fonts
        _without_files.append(None)
        try:
            data: bytes = copy.write_pdf(pdf_variant="pdf/ua-1")
        finally:
            _without_files.pop()
        return Painted(data, merged(_typefaces(self._fonts.values())))


def _typefaces(fonts: Any) -> Iterator[dict[str, Typeface]]:
    for font in fonts:
        if font.to_unicode:
            glyphs = {number: (text, font.widths.get(number, 0)) for number, text in font.to_unicode.items()}
            yield {font.hash: Typeface(font.described, glyphs)}


def embedded(name: str, typeface: Typeface, fonts: FontConfiguration) -> Embedded:
    """The font with just these glyphs; raises UnpressableError when another one answers to its description."""
    context = ffi.gc(pango.pango_font_map_create_context(fonts.font_map), gobject.g_object_unref)
    described = ffi.gc(
        pango.pango_font_description_from_string(typeface.described.encode()), pango.pango_font_description_free
    )
    pango.pango_font_description_set_absolute_size(described, _SIZE * 1024)
    loaded = ffi.gc(pango.pango_font_map_load_font(fonts.font_map, context, described), gobject.g_object_unref)
    _, description, size = get_pango_font_key(loaded)
    font = _Font(loaded, description, size)
    if font.hash != name or any(number >= font.glyph_count for number in typeface.glyphs):
        raise UnpressableError(f"the font {typeface.described} cannot be found again")
    font.to_unicode = {number: text for number, (text, _) in sorted(typeface.glyphs.items())}
    font.widths = {number: width for number, (_, width) in sorted(typeface.glyphs.items())}
    pdf = pydyf.PDF()
    root = int(_build(pdf, {0: font}, True, True, _OPTIONS)[name].split()[0])  # noqa: FBT003 - as WeasyPrint has it
    return Embedded(dict(sorted(_needed(pdf, root, {}).items())), root)


def _needed(pdf: Any, number: int, found: dict[int, bytes]) -> dict[int, bytes]:
    """An object and all that it refers to."""
    if number not in found:
        found[number] = pdf.objects[number].data
        for other in _REFERENCE.findall(found[number].partition(b"\nstream\n")[0]):
            _needed(pdf, int(other), found)
    return found


def versions(fonts: FontConfiguration) -> str:
    """What tells that layouts may come out otherwise: our own code, libraries, the fonts installed, their rules."""
    return "\n".join((*_libraries(), _sources(), _installed(fonts)))


def _libraries() -> Iterator[str]:
    yield f"pango {pango.pango_version()}"
    for name in _LIBRARIES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            yield f"{name} is not there"


@lru_cache(maxsize=1)
def _sources() -> str:
    """The code that lays out and takes apart: a checkout changes more often than its version."""
    here = Path(__file__).parent
    found = blake2b(digest_size=16)
    for folder in (here, here.parents[1] / "press", here.parents[1] / "richtext"):
        for path in sorted(folder.glob("**/*.py")):
            found.update(path.read_bytes())
    return found.hexdigest()


@lru_cache(maxsize=2)
def _installed(fonts: FontConfiguration) -> str:
    """The fonts installed, and the files by whose rules one is chosen."""
    config = fonts._config
    own = fontconfig.FcConfigGetFonts(config, fontconfig.FcSetSystem)
    files = {_file(own.fonts[place]) for place in range(own.nfont)}
    listed = fontconfig.FcConfigGetConfigFiles(config)
    while (path := fontconfig.FcStrListNext(listed)) != ffi.NULL:
        files.add(ffi.string(path))
    found = blake2b(digest_size=16)
    for path in sorted(files):
        try:
            status = Path(path.decode()).stat()
        except (OSError, UnicodeError):
            continue
        found.update(b"%b %d %d\n" % (path, status.st_mtime_ns, status.st_size))
    return found.hexdigest()


def _file(pattern: Any) -> bytes:
    path = ffi.new("FcChar8 **")
    fontconfig.FcPatternGetString(pattern, b"file", 0, path)
    return bytes(ffi.string(path[0])) if path[0] != ffi.NULL else b""


Embed = Callable[[str, Typeface], Embedded]
