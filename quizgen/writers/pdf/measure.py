"""How wide a text prints, in ems: measured with the fonts of style.css, as WeasyPrint will set it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, assert_never

from quizgen.richtext.tree import Code, Emphasis, Gap, Image, LineBreak, Link, Math, Reference, Ruby, Strong, Text
from quizgen.writers.pdf.markup import columns, formula_width

if TYPE_CHECKING:
    from weasyprint.text.fonts import FontConfiguration

    from quizgen.richtext.tree import Inline, Inlines

# As in style.css: the families of `html` and `html:lang(en)`, and the size and letters of `code`.
FAMILIES = {
    "ja": ("BIZ UDPGothic", "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", "sans-serif"),
    "en": ("Noto Sans CJK JP", "BIZ UDPGothic", "sans-serif"),
}
_CODE = 0.9
_CODE_LETTER = 0.602  # half of a Japanese character beside it, which is 1.204 em wide at most
_CODE_MARGIN = {"ja": 0.36, "en": 0.0}
_QUOTES = {'"': 0.3, "'": 0.3}  # what they take more in the face that they get in Japanese
_SIZE = 1000.0
_BOLD, _REGULAR = 700, 400


def width(content: Inlines, language: str, *, bold: bool = False) -> float | None:
    """The width of a row of inlines; None where it breaks its line or its width is not known beforehand."""
    widths = [_width(inline, language, bold) for inline in content]
    known = [width for width in widths if width is not None]
    return sum(known) if len(known) == len(widths) else None


def _width(inline: Inline, language: str, bold: bool) -> float | None:  # noqa: FBT001 - private
    match inline:
        case Text(text):
            return _text_width(text, language, bold)
        case Code(text):
            return columns(text) * _CODE_LETTER * _CODE + _CODE_MARGIN[language]
        case Math(latex):
            return formula_width(latex)
        case Ruby(base, reading):
            return max(_text_width(base, language, bold), _text_width(reading, language, bold) / 2)
        case Strong(content):
            return width(content, language, bold=True)
        case Emphasis(content) | Link(_, content):
            return width(content, language, bold=bold)
        case Image() | LineBreak() | Gap() | Reference():
            return None
        case _:
            assert_never(inline)


@lru_cache(maxsize=4096)
def _text_width(text: str, language: str, bold: bool) -> float:  # noqa: FBT001 - private
    from weasyprint.text.line_break import split_first_line

    quotes = sum(text.count(quote) * room for quote, room in _QUOTES.items())
    return float(split_first_line(text, _style(language, bold), None, None, 0)[3]) / _SIZE + quotes


class _Style(dict[str, Any]):
    """Computed values, with the fonts that WeasyPrint looks for on them."""

    font_config: FontConfiguration


@lru_cache(maxsize=4)
def _style(language: str, bold: bool) -> _Style:  # noqa: FBT001 - private
    from weasyprint.css.properties import INITIAL_VALUES
    from weasyprint.text.fonts import FontConfiguration

    style = _Style(INITIAL_VALUES)
    style |= {"font_family": FAMILIES[language], "font_size": _SIZE, "lang": language}
    style["font_weight"] = _BOLD if bold else _REGULAR
    style.font_config = FontConfiguration()
    return style
