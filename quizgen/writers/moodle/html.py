"""Texts as Moodle's HTML, safe from the filters that a Moodle site lets loose on it."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from quizgen.richtext.html import Dialect, to_html
from quizgen.richtext.walk import images
from quizgen.writers.moodle.xml import Fragment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from quizgen.picture import Picture
    from quizgen.richtext.tree import Blocks, CodeBlock, Image, Ruby

# Around a formula while the rest is shielded; noncharacters, which no text has any business with.
_MATH_START, _MATH_END = "\ufdd0", "\ufdd1"
_GAP_START, _GAP_END = "\ufdd2", "\ufdd3"

# fmt: off
_EMOTICONS = (
    ":-)", ":)", ":-D", ":-/", "V-.", ":-P", ":-p", "B-)", "^-)", "8-)", ":o)", ":-(", ":(", "8-.", ":-I", ":-X",
    "8-o", "P-|", "8-[", "xx-P", "|-.", "}-]", "( )", "(grr)", "(h)", "(heart)", "(y)", "(n)", "(martin)",
)
# fmt: on

# What a filter would turn into a picture or a formula. `-)` after a semicolon is `;-)` even when the semicolon
# ends an entity; the last two are the second half of a formula's opening mark.
_RISKY = re.compile("|".join((*map(re.escape, _EMOTICONS), r"(?<=;)-\)", r"(?<=\\)[(\[]", r"(?<=\$)\$")))
# A bare address would become a link, a player or a picture from elsewhere.
_BAIT = re.compile(rf"(?i:https?://|www\.)[^\s<]*|{_RISKY.pattern}")
_OPENING_MARK = re.compile(r"(?<=\\)[(\[]|(?<=\$)\$")
_ZONES = re.compile(
    rf'(<pre>.*?</pre>|<span class="nolink">.*?</span>|{_MATH_START}[^{_MATH_START}{_MATH_END}]*{_MATH_END}|<[^>]*>)',
    re.DOTALL,
)
_TABLE = '<table class="table table-bordered w-auto">'
_CELL = re.compile(r'<(?P<tag>t[hd])(?: style="(?P<style>[^"]*)")?>')
# Moodle's own lines are all but white, which nobody sees on the blue of a question.
_LINES = "border: 1px solid #999"
_ADDRESS = re.compile(r"://|www\.")
# Moodle puts a file's address wherever this stands, in code, too; only in our pictures it is meant.
_PLUGINFILE = re.compile(r'(?<!<img class="img-fluid" src=")@@PLUGINFILE@@')


def fragment(blocks: Blocks, pictures: Mapping[str, Picture]) -> Fragment:
    """The blocks as Moodle shows them, with their pictures."""
    html, sources = _shown(blocks)
    return Fragment(html, tuple(pictures[source] for source in sources))


# Variants have the same texts: each is made once.
@lru_cache(8192)
def _shown(blocks: Blocks) -> tuple[str, tuple[str, ...]]:
    """The blocks' HTML, and the names of the pictures in it."""
    return shielded(to_html(blocks, _DIALECT)), tuple(image.source for _, image in images(blocks))


def plain(text: str) -> str:
    """A text without markup as HTML."""
    return shielded(escape(text, quote=False))


def gap_mark(label: str) -> str:
    """What stands in a text's HTML where the gap with this label is to be."""
    return f"{_GAP_START}{label}{_GAP_END}"


def boxed(content: Fragment) -> Fragment:
    """The content in a frame, as what several questions have in common."""
    style = "border: 1px solid #999; padding: 0.5em 1em; margin-bottom: 1em"
    return Fragment(f'<div style="{style}">{content.html}</div>', content.pictures)


def code_block(text: str) -> str:
    """Lines of code; addresses among them must not become links."""
    code = _code(text)
    if _ADDRESS.search(code):
        code = f'<span class="nolink">{code}</span>'
    return f"<pre><code>{code}</code></pre>"


def shielded(html: str) -> str:
    """The HTML with everything out of the filters' reach that they would take for an emoticon, a formula or a link."""
    zones = _ZONES.split(html)
    safe = "".join(_zone(part) if index % 2 else _text(part) for index, part in enumerate(zones))
    return _PLUGINFILE.sub("@&#64;PLUGINFILE@@", safe)


def _text(html: str) -> str:
    return _BAIT.sub(lambda match: f'<span class="nolink">{match[0]}</span>', html)


def _zone(html: str) -> str:
    if html.startswith(("<pre>", '<span class="nolink">')):
        return html
    if html.startswith(_MATH_START):
        return html[1:-1]
    if html == "<table>":
        return _TABLE
    if cell := _CELL.fullmatch(html):
        style = "; ".join(filter(None, (_LINES, cell["style"])))
        return f'<{cell["tag"]} style="{style}">'
    # The filters replace inside attributes, too.
    return _RISKY.sub(_as_entities, html)


def _as_entities(match: re.Match[str]) -> str:
    return "".join(c if c.isalnum() else f"&#{ord(c)};" for c in match[0])


def _code(text: str) -> str:
    return _OPENING_MARK.sub(_as_entities, escape(text, quote=False))


def _math(latex: str, display: bool) -> str:  # noqa: FBT001  (the dialect's contract)
    start, end = (r"\[", r"\]") if display else (r"\(", r"\)")
    return f"{_MATH_START}{start}{escape(latex, quote=False)}{end}{_MATH_END}"


def _image(image: Image) -> str:
    width = f' style="width: {image.width.value:g}{image.width.unit}"' if image.width else ""
    source = f"@@PLUGINFILE@@/{quote(image.source)}"
    return f'<img class="img-fluid" src="{source}" alt="{escape(image.alt)}"{width}>'


def _ruby(ruby: Ruby) -> str:
    # Without <rb>, Moodle's purifier would drop the word and keep its reading.
    base, reading = escape(ruby.base, quote=False), escape(ruby.reading, quote=False)
    return f"<ruby><rb>{base}</rb><rp>(</rp><rt>{reading}</rt><rp>)</rp></ruby>"


def _code_block(block: CodeBlock) -> str:
    return code_block(block.text)


_DIALECT = Dialect(
    math=_math,
    image=_image,
    code=lambda text: f'<span class="nolink"><code>{_code(text)}</code></span>',
    code_block=_code_block,
    ruby=_ruby,
    gap=gap_mark,
)
