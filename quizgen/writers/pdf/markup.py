"""Authors' text as HTML for print: formulas and pictures by addresses of our own, code and ruby as CSS can set them."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING
from unicodedata import east_asian_width
from urllib.parse import quote, unquote

from quizgen.richtext import maths
from quizgen.richtext.html import Dialect, inlines_to_html, to_html

if TYPE_CHECKING:
    from quizgen.richtext.tree import Blocks, CodeBlock, CodeToken, Image, Inlines, Ruby

PICTURE = "picture"
FORMULA = "formula"

# Characters that are twice as wide as a Latin letter in code; the style sheet makes that exact.
_WIDE = re.compile("[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]+")
# Straight quotes outside of code and tags: BIZ UD fonts draw them as closing ones, so they get another face.
_QUOTES = re.compile(r"<pre.*?</pre>|<code>.*?</code>|<[^>]*>|&quot;|&#x27;", re.DOTALL)
# The end of a longer paragraph in Japanese, from a character that may begin a line: kept together, so that no last line
# is a character or two.
_BEGINS = "あいうえおか-ぢつ-もやゆよ-ろわをんアイウエオカ-ヂツ-モヤユヨ-ロワン一-鿿"
_TAIL = re.compile(f"(?<=[^<>]{{12}})([{_BEGINS}][ぁ-んァ-ヶー一-鿿]{{2}}[。？]?)(?=</(?:p|li)>)")
# Stressed words are kept whole, but for one that no line of print can hold; and one joined to such a word needs a place
# to break between the two, since WeasyPrint finds none inside of what follows.
_STRESSED = re.compile(r"<(strong|em)>(?=[^<>]{0,999}?[^<>\s]{40})")
_JOINED = re.compile(r"(</(?:strong|em)>)(?=[^<>\s]{40})")
_SIZE = 10.0  # the size, in points, for which formulas are drawn
_SCALE = 1.1  # STIX has smaller letters than the text's fonts
_LONG_LINE = 60  # from here on a line of code may wrap, and then shows it


def printed(blocks: Blocks) -> str:
    """The blocks as HTML for our style sheet."""
    html = _JOINED.sub(r"\1<wbr>", _STRESSED.sub(r'<\1 class="long">', to_html(blocks, _PRINT)))
    return _TAIL.sub(r'<span class="tail">\1</span>', _QUOTES.sub(_quote, html))


def drawn(url: str) -> maths.Formula:
    """The formula that an address stands for."""
    kind, _, latex = url.removeprefix(f"{FORMULA}:").partition("/")
    return maths.svg(unquote(latex), _SIZE, display=kind == "display")


def line(inlines: Inlines) -> str:
    """A row of inlines as HTML for our style sheet."""
    return _QUOTES.sub(_quote, inlines_to_html(inlines, _PRINT))


def formula_width(latex: str) -> float:
    """The width of a formula within a line, in ems."""
    return drawn(_address(latex, display=False)).width * _SCALE / _SIZE


def _formula(latex: str, display: bool) -> str:  # noqa: FBT001 - so is a Dialect's function called
    url = _address(latex, display=display)
    formula = drawn(url)
    width, height, rise = (f"{size * _SCALE / _SIZE:.3f}em" for size in (formula.width, formula.height, -formula.depth))
    style = f"width: {width}; height: {height}; vertical-align: {rise}"
    return f'<img class="formula" src="{url}" alt="{escape(latex)}" style="{style}">'


def _address(latex: str, *, display: bool) -> str:
    return f"{FORMULA}:{'display' if display else 'inline'}/{quote(latex, safe='')}"


def _quote(match: re.Match[str]) -> str:
    found = match[0]
    return f'<span class="quote">{found}</span>' if found.startswith("&") else found


def _image(image: Image) -> str:
    width = f' style="width: {image.width.value:g}{image.width.unit}"' if image.width else ""
    source = f"{PICTURE}:{quote(image.source, safe='')}"
    return f'<img class="picture" src="{source}" alt="{escape(image.alt)}"{width}>'


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def _code_block(block: CodeBlock) -> str:
    return f'<pre class="code">{"".join(map(_line, block.lines))}</pre>'


def _line(row: tuple[CodeToken, ...]) -> str:
    long = " long" if columns("".join(token.text for token in row)) > _LONG_LINE else ""
    return f'<span class="line{long}">{"".join(map(_token, row))}\n</span>'


def _token(token: CodeToken) -> str:
    text = _WIDE.sub(r'<span class="wide">\g<0></span>', escape(token.text))
    return f'<span class="{token.kind}">{text}</span>' if token.kind else text


def columns(text: str) -> int:
    """How many Latin letters' room a text takes in a monospaced face."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _ruby(ruby: Ruby) -> str:
    """The reading is printed by the style sheet: running heads and bookmarks name a title without it."""
    return f'<span class="ruby" data-reading="{escape(ruby.reading)}"><span>{escape(ruby.base)}</span></span>'


def _reference(label: str) -> str:
    """A figure's number in a text, which differs from paper to paper."""
    return f'<span class="reference">{escape(label)}</span>'


_PRINT = Dialect(math=_formula, image=_image, code=_code, code_block=_code_block, ruby=_ruby, reference=_reference)
