"""Texts in the four formats that Moodle knows as Markdown of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.importers.html import FindPicture, HtmlError, Page, no_picture, read_html
from quizgen.importers.markup import Written, markdown
from quizgen.importers.pieces import Piece, paragraphs
from quizgen.importers.text import UNPRINTABLE, one_line_end
from quizgen.richtext.markdown import LONGEST
from quizgen.richtext.plain import to_plain
from quizgen.richtext.tree import Blocks, LineBreak, Text

_PRE = re.compile(r"(<pre\b.*?</pre\s*>)", re.DOTALL | re.IGNORECASE)
_BLOCK_EDGE = re.compile(
    r"(</?(?:p|div|h[1-6]|ul|ol|li|table|thead|tbody|tr|td|th|blockquote|pre|hr)\b[^<>]{0,500}>)\s*\n", re.IGNORECASE
)


def read_text(text: str, text_format: str, find_picture: FindPicture = no_picture) -> Written:
    """The Markdown of a text, and what of it is lost.

    Raises HtmlError when it is longer or deeper than any question's.
    """
    return written(read_page(text, text_format, find_picture))


def written(page: Page) -> Written:
    """The Markdown of a page.

    Raises HtmlError when it is longer than a text can be.
    """
    if len(to_plain(page.blocks)) > LONGEST:
        raise HtmlError(f"has more than {LONGEST:,} characters")
    result = markdown(page.blocks)
    if len(result.text) > LONGEST:
        raise HtmlError(f"has more than {LONGEST:,} characters in Markdown")
    return Written(result.text, page.lost | result.lost)


def read_page(text: str, text_format: str, find_picture: FindPicture = no_picture) -> Page:
    """The tree of a text; a format that Moodle does not know is HTML, as it is for Moodle."""
    match text_format:
        case "plain_text":
            return Page(plain_blocks(text))
        case "markdown":
            return read_html(_rendered(text), find_picture)
        case "moodle_auto_format":
            return read_html(_with_breaks(text), find_picture)
        case _:
            return read_html(text, find_picture)


def plain_blocks(text: str) -> Blocks:
    """Paragraphs of a text without markup, with a line break for each line's end; indents stay."""
    clean = UNPRINTABLE.sub("", one_line_end(text))
    return tuple(block for part in re.split(r"\n[ \t]*\n", clean) for block in paragraphs(_lines(part)))


def _lines(text: str) -> Iterator[Piece]:
    for number, line in enumerate(text.strip("\n").split("\n")):
        if number:
            yield Piece(LineBreak())
        indent = len(line) - len(line.lstrip(" \t"))
        spaces = "\xa0" * len(line[:indent].expandtabs(4))
        yield Piece(Text(spaces + line[indent:]), literal=True)


def _rendered(text: str) -> str:
    """Markdown as Moodle reads it, with HTML in it, as HTML."""
    from markdown_it import MarkdownIt

    if len(text) > LONGEST:
        raise HtmlError(f"has more than {LONGEST:,} characters")
    html: str = MarkdownIt("commonmark", {"html": True, "maxNesting": 20}).enable("table").render(text)
    return html


def _with_breaks(text: str) -> str:
    """HTML with a `<br>` for each line's end, but for those that only part its blocks."""
    parts = _PRE.split(_BLOCK_EDGE.sub(r"\1", one_line_end(text)))
    return "".join(part if index % 2 else part.replace("\n", "<br>\n") for index, part in enumerate(parts))
