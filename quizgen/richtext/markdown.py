"""From an author's Markdown to the tree."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, cast
from urllib.parse import unquote

from quizgen.richtext.highlight import rows
from quizgen.richtext.plain import inlines_to_plain
from quizgen.richtext.syntax import DEEPEST, is_wide, tokens
from quizgen.richtext.tree import (
    CHOICE,
    Code,
    CodeBlock,
    Emphasis,
    Heading,
    Image,
    LineBreak,
    Link,
    List,
    Math,
    MathBlock,
    Paragraph,
    Quote,
    Reference,
    Ruby,
    Rule,
    Strong,
    Table,
    Text,
    Width,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from markdown_it.token import Token

    from quizgen.richtext.tree import Alignment, Block, Blocks, Inline, Inlines

LONGEST = 50_000  # characters of one text; the parser's time is bounded for these
# What no format can print: the tree has U+FFFD in its place.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,59}"
_ATTRIBUTES = re.compile(
    rf"""\s*(?:\#({_ID})(?=\s|$))?\s*(?:width\s*=\s*(["']?)(\d{{1,4}}(?:\.\d{{1,4}})?)\s*(mm|cm|%)\2)?\s*"""
)
_REFERENCE = re.compile(rf"#({_ID}|{CHOICE}[^\s,|/]{{1,20}})")
_ADDRESS = re.compile(r"https?://[^/?#]|mailto:[^?]", re.IGNORECASE)
_WIDEST = {"mm": 1000, "%": 100}


@lru_cache(maxsize=8192)
def parse(text: str) -> Blocks:
    """The tree of a text; what cannot be honoured stays as typed, and `faults` tells of it."""
    text = CONTROLS.sub("\ufffd", text)
    if len(text) > LONGEST:
        return (Paragraph((Text(text),)),)
    return tuple(_blocks(iter(tokens(text)[0])))


def _blocks(stream: Iterator[Token]) -> Iterator[Block]:
    """The blocks up to the closing token of what they stand in."""
    for token in stream:
        if token.nesting < 0:
            return
        yield _block(token, stream)


def _block(token: Token, stream: Iterator[Token]) -> Block:
    line = first_line(token)
    match token.type:
        case "paragraph_open":
            return Paragraph(_content(stream), line)
        case "heading_open":
            return Heading(int(token.tag[1]), _content(stream), line)
        case "fence" | "code_block":
            return _code_block(token)
        case "maths_block":
            return MathBlock(token.content, line)
        case "bullet_list_open":
            return List(tuple(_items(stream)), None, line)
        case "ordered_list_open":
            return List(tuple(_items(stream)), int(token.attrs.get("start", 1)), line)
        case "blockquote_open":
            return Quote(tuple(_blocks(stream)), line)
        case "table_open":
            return _table(stream, line)
        case "hr":
            return Rule(line)
        case other:
            raise AssertionError(f"markdown-it has a block {other}")


def first_line(token: Token) -> int:
    """The line of the text at which a block begins."""
    return token.map[0] if token.map else 0


def _content(stream: Iterator[Token]) -> Inlines:
    inline = next(stream)
    next(stream)  # the closing token
    return _inlines(inline.children or (), first_line(inline))


def _items(stream: Iterator[Token]) -> Iterator[Blocks]:
    for token in stream:
        if token.nesting < 0:
            return
        yield tuple(_blocks(stream))


def _code_block(token: Token) -> CodeBlock:
    language = token.info.split()[0].lower() if token.info.strip() else ""
    return CodeBlock(language, rows(token.content.removesuffix("\n"), language), first_line(token))


def _table(stream: Iterator[Token], line: int) -> Table:
    alignments: list[Alignment] = []
    table: list[list[Inlines]] = []
    for token in stream:
        match token.type:
            case "table_close":
                break
            case "tr_open":
                table.append([])
            case "th_open":
                alignments.append(_alignment(token))
            case "inline":
                table[-1].append(_inlines(token.children or (), first_line(token)))
            case _:
                pass
    header, *body = map(tuple, table)
    return Table(tuple(alignments), header, tuple(body), line)


def _alignment(token: Token) -> Alignment:
    return cast("Alignment", str(token.attrGet("style") or "").removeprefix("text-align:"))


def _inlines(children: Iterable[Token], line: int) -> Inlines:
    return _joined(_row(_not_too_deep(children), line))


def _not_too_deep(children: Iterable[Token]) -> Iterator[Token]:
    """The tokens without the marks of emphasis in emphasis in … that no reader could tell apart."""
    depth = 0
    for token in children:
        depth += token.nesting > 0
        if not token.nesting or depth <= DEEPEST:
            yield token
        depth -= token.nesting < 0


def _row(stream: Iterator[Token], line: int) -> Iterator[Inline]:
    """The inlines up to the closing token; a soft line break is a Text of a newline for now."""
    for token in stream:
        if token.nesting < 0:
            return
        yield _inline(token, stream, line)
        line += lines_of(token)


def lines_of(token: Token) -> int:
    """How many lines of the text an inline token ends."""
    return token.type in ("softbreak", "hardbreak") or (token.type == "maths" and token.content.count("\n"))


def _inline(token: Token, stream: Iterator[Token], line: int) -> Inline:
    match token.type:
        case "text" | "text_special":
            return Text(token.content)
        case "softbreak":
            return Text("\n")
        case "hardbreak":
            return LineBreak()
        case "em_open" | "strong_open":
            kind = Emphasis if token.type == "em_open" else Strong
            return kind(_joined(_row(stream, line)))
        case "link_open":
            return _link(str(token.attrGet("href")), _joined(_row(stream, line)))
        case "image":
            return _image(token, line)
        case "code_inline":
            return Code(token.content)
        case "maths":
            return Math(token.content)
        case "ruby":
            return Ruby(token.content, token.info)
        case other:
            raise AssertionError(f"markdown-it has an inline {other}")


def _link(url: str, content: Inlines) -> Inline:
    if not content and (figure := referred(url)):
        return Reference(figure)
    return Link(url, content) if link_allowed(url) else Text(inlines_to_plain(content))


def link_allowed(url: str) -> bool:
    """Whether an address is one that a reader of the paper can follow."""
    return _ADDRESS.match(url) is not None


def referred(url: str) -> str:
    """What the address of a link without text names, a figure or a choice; "" where it is no such address."""
    match = _REFERENCE.fullmatch(unquote(url))
    return match[1] if match else ""


def _image(token: Token, line: int) -> Image:
    alt = inlines_to_plain(_inlines(token.children or (), line))
    source = CONTROLS.sub("\ufffd", unquote(str(token.attrGet("src"))))
    name, width = attributes(token.meta.get("braces", "")) or ("", None)
    return Image(source, alt, width, line, _caption(str(token.attrGet("title") or "")), name)


def _caption(text: str) -> Inlines:
    """A picture's title as a line of text."""
    match parse(text) if text.strip() else ():
        case (Paragraph(content),):
            return content
        case ():
            return ()
        case _:
            return (Text(text),)


def attributes(braces: str) -> tuple[str, Width | None] | None:
    """The id and the width that a picture's braces give; None when they give something else."""
    match = _ATTRIBUTES.fullmatch(braces)
    if match is None:
        return None
    name, *size = match.groups()
    if size[1] is None:
        return (name or "", None)
    width = _width(size[1], size[2])
    return (name or "", width) if width else None


def _width(number: str, written_unit: str) -> Width | None:
    value = float(number) * (10 if written_unit == "cm" else 1)
    unit: Literal["mm", "%"] = "%" if written_unit == "%" else "mm"
    return Width(value, unit) if 0 < value <= _WIDEST[unit] else None


def _joined(row: Iterable[Inline]) -> Inlines:
    """The inlines with soft line breaks resolved and neighbouring texts made one."""
    inlines = [inline for inline in row if inline != Text("")]
    joined: list[Inline] = []
    for i, inline in enumerate(inlines):
        if inline == Text("\n"):
            inline = Text(_space(inlines[i - 1 : i], inlines[i + 1 : i + 2]))  # noqa: PLW2901
        if isinstance(inline, Text) and joined and isinstance(joined[-1], Text):
            joined[-1] = Text(joined[-1].text + inline.text)
        else:
            joined.append(inline)
    return tuple(inline for inline in joined if inline != Text(""))


def _space(before: list[Inline], after: list[Inline]) -> str:
    """What a line's end in the source is in print: Japanese wraps anywhere and has no spaces."""
    neighbours = inlines_to_plain(tuple(before))[-1:], inlines_to_plain(tuple(after))[:1]
    return "" if any(map(is_wide, neighbours)) else " "
