"""The tree as HTML: what formats do differently comes in as a dialect."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, assert_never

from quizgen.richtext.tree import (
    Code,
    CodeBlock,
    Emphasis,
    Gap,
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
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from quizgen.richtext.tree import Alignment, Block, Blocks, Inline, Inlines


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a format writes what HTML writes in several ways; every function returns finished, escaped HTML.

    `math` is given the LaTeX and whether it stands on a line of its own, in a `<p class="math">`.
    """

    math: Callable[[str, bool], str]
    image: Callable[[Image], str]
    code: Callable[[str], str]
    code_block: Callable[[CodeBlock], str]
    ruby: Callable[[Ruby], str]
    gap: Callable[[str], str] = lambda label: f'<span class="gap">{escape(label)}</span>'
    reference: Callable[[str], str] = escape


def to_html(blocks: Blocks, dialect: Dialect) -> str:
    """The blocks as HTML, everything escaped."""
    return "\n".join(_block(block, dialect) for block in blocks)


def inlines_to_html(inlines: Inlines, dialect: Dialect) -> str:
    """A row of inlines as HTML, everything escaped."""
    return "".join(_inline(inline, dialect) for inline in inlines)


def _block(block: Block, dialect: Dialect) -> str:
    match block:
        case Paragraph(content):
            return _paragraph(content, dialect)
        case Heading(level, content):
            return _heading(level, inlines_to_html(content, dialect))
        case CodeBlock():
            return dialect.code_block(block)
        case MathBlock(latex):
            return f'<p class="math">{dialect.math(latex, True)}</p>'  # noqa: FBT003 - as Dialect says
        case List():
            return _list(block, dialect)
        case Table():
            return _table(block, dialect)
        case Quote(content):
            return f"<blockquote>\n{to_html(content, dialect)}\n</blockquote>"
        case Rule():
            return "<hr>"
        case _:
            assert_never(block)


def _paragraph(content: Inlines, dialect: Dialect) -> str:
    """A picture on a line of its own is a figure, with a caption below it where it has one."""
    match content:
        case (Image() as image,) if image.is_figure:
            label = f'<span class="figure-number">{escape(image.label)}</span> ' if image.label else ""
            caption = f"<figcaption>{label}{inlines_to_html(image.caption, dialect)}</figcaption>"
            return f'<figure class="figure">{dialect.image(image)}{caption}</figure>'
        case _:
            pass
    start = '<p class="figure">' if all(isinstance(part, Image) for part in content) else "<p>"
    return f"{start}{inlines_to_html(content, dialect)}</p>"


def _heading(level: int, content: str) -> str:
    """A heading inside a text ranks below those of the document around it: title, section, question."""
    tag = f"h{min(level + 3, 6)}"
    return f"<{tag}>{content}</{tag}>"


def _list(block: List, dialect: Dialect) -> str:
    items = "\n".join(f"<li>{_item(item, dialect)}</li>" for item in block.items)
    if block.start is None:
        return f"<ul>\n{items}\n</ul>"
    start = "" if block.start == 1 else f' start="{block.start}"'
    return f"<ol{start}>\n{items}\n</ol>"


def _item(item: Blocks, dialect: Dialect) -> str:
    """An item of one paragraph, with or without lists below it, stands close to its neighbours."""
    match item:
        case (Paragraph((Image() as image,)), *_) if image.is_figure:
            return to_html(item, dialect)
        case (Paragraph(content), *others) if all(isinstance(other, List) for other in others):
            return "\n".join((inlines_to_html(content, dialect), *(_block(b, dialect) for b in others)))
        case _:
            return to_html(item, dialect)


def _table(table: Table, dialect: Dialect) -> str:
    head = _row("th", table.header, table.alignments, dialect)
    body = "\n".join(_row("td", row, table.alignments, dialect) for row in table.rows)
    return f"<table>\n<thead>\n{head}\n</thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _row(tag: str, cells: tuple[Inlines, ...], alignments: tuple[Alignment, ...], dialect: Dialect) -> str:
    styles = (f' style="text-align: {alignment}"' if alignment else "" for alignment in alignments)
    contents = (inlines_to_html(cell, dialect) for cell in cells)
    return f"<tr>{''.join(f'<{tag}{s}>{c}</{tag}>' for s, c in zip(styles, contents, strict=True))}</tr>"


def _inline(inline: Inline, dialect: Dialect) -> str:
    match inline:
        case Text(text):
            return escape(text)
        case LineBreak():
            return "<br>"
        case Emphasis(content):
            return f"<em>{inlines_to_html(content, dialect)}</em>"
        case Strong(content):
            return f"<strong>{inlines_to_html(content, dialect)}</strong>"
        case Link(url, content):
            return f'<a href="{escape(url)}">{inlines_to_html(content, dialect)}</a>'
        case _:
            return _by_dialect(inline, dialect)


def _by_dialect(inline: Code | Math | Ruby | Image | Reference | Gap, dialect: Dialect) -> str:
    match inline:
        case Code(text):
            return dialect.code(text)
        case Math(latex):
            return dialect.math(latex, False)  # noqa: FBT003 - as Dialect says
        case Ruby():
            return dialect.ruby(inline)
        case Image():
            return dialect.image(inline)
        case Reference(name, label):
            return dialect.reference(label or name)
        case Gap(label):
            return dialect.gap(label)
        case _:
            assert_never(inline)
