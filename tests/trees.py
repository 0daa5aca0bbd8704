"""Hypothesis strategies of texts as trees, full of what Markdown, HTML and YAML stumble over."""

from __future__ import annotations

import re

from hypothesis import strategies as st

from quizgen.importers.markup import markdown
from quizgen.importers.pieces import EM, STRONG, Piece, one_row, paragraphs
from quizgen.richtext import parse
from quizgen.richtext.tree import (
    Block,
    Blocks,
    Code,
    CodeBlock,
    CodeToken,
    Emphasis,
    Heading,
    Image,
    Inline,
    Inlines,
    LineBreak,
    Link,
    List,
    Math,
    MathBlock,
    Paragraph,
    Quote,
    Ruby,
    Rule,
    Strong,
    Table,
    Text,
    Width,
)

# fmt: off
FRAGMENTS = [
    *"\\`*_[]<>&$!{}|~#+-=:.)(1a ", "漢", "字", "。", "「", "」", "ab", " ", "  ", "\n", "　", "\xa0", "---", "===",
    "1. ", "- ", "# ", "> ", "```", "$$", "\\(", "\\)", "![", "](x)", "{漢|かな}", "&amp;", "<b>", "https://x.org",
    "[a]: b", "| a |", "**", "__", "snake_case", "😀", "\t",
]
# fmt: on
TEXTS = st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=6).map("".join)
MARKS = st.sampled_from([(), (), (EM,), (STRONG,), (STRONG, EM), (EM, STRONG), (("link", "https://x.org/(a)?b=1"),)])
IMAGES = [Image("images/x.png", "図 [1]*"), Image("images/x.png", "a", Width(12.5, "mm"))]
SIGNS = [Math("x^2"), Math("a_1|b"), Math(r"\{5\}"), Ruby("漢", "かん"), LineBreak()]
CODE = st.builds(
    lambda text: (CodeBlock("", tuple((CodeToken("", line),) if line else () for line in text.split("\n"))),),
    st.lists(st.sampled_from([*FRAGMENTS, "~~~"]), max_size=5).map("".join).filter(lambda t: t.strip() == t != ""),
)
RARE = st.sampled_from([(MathBlock("x"),), (MathBlock("a\nb"),), (Rule(),)])


def pieces(*, images: bool) -> st.SearchStrategy[list[Piece]]:
    """Running text with marks of emphasis."""
    texts, codes = TEXTS.map(Text), TEXTS.filter(lambda text: "\n" not in text).map(Code)
    inlines = st.one_of(texts, texts, codes, st.sampled_from(SIGNS), *[st.sampled_from(IMAGES)] * images)
    return st.lists(st.builds(Piece, inlines, MARKS, st.just(value=True)), min_size=1, max_size=5)


def trees(*, images: bool = True) -> st.SearchStrategy[Blocks]:
    """Texts with every kind of block, one inside the other."""
    rows, running = pieces(images=images).map(one_row), pieces(images=images).map(paragraphs)
    headings = rows.filter(bool).map(lambda row: (Heading(2, row),))
    tables = st.tuples(rows, rows, rows, rows).map(lambda c: (Table(("", "right"), (c[0], c[1]), ((c[2], c[3]),)),))
    leaves = st.one_of(running, running, CODE, headings, RARE, tables)
    return st.lists(st.recursive(leaves, _containers, max_leaves=4), min_size=1, max_size=3).map(_joined)


def _joined(parts: list[Blocks]) -> Blocks:
    return tuple(block for part in parts for block in part)


def _containers(inner: st.SearchStrategy[Blocks]) -> st.SearchStrategy[Blocks]:
    several = st.lists(inner, min_size=1, max_size=2).map(_joined)
    return st.one_of(
        several.filter(bool).map(lambda blocks: (Quote(blocks),)),
        st.builds(
            lambda items, start: (List(tuple(items), start),),
            st.lists(several, min_size=1, max_size=3),
            st.sampled_from([None, 1, 7]),
        ),
    )


def authors(texts: st.SearchStrategy[Blocks]) -> st.SearchStrategy[Blocks]:
    """Of these texts, those that an author's Markdown can make and HTML can hold.

    Where a blank that does not break stands beside one that does, an editor meant two blanks, and one is left.
    """
    read = texts.map(lambda blocks: parse(markdown(blocks).text))
    return read.filter(lambda blocks: bool(as_html(blocks)) and r"\xa0" not in repr(blocks)).filter(
        lambda blocks: markdown(as_html(blocks)).lost == frozenset()
    )


def as_html(blocks: Blocks) -> Blocks:
    """A text as it is when HTML is all that is left of it.

    It has one blank for several, no languages of code, only three levels of headings below the page's, and
    neither lists and quotes without anything in them nor empty last lines of code.
    """
    return tuple(map(_block, filter(_has_content, blocks)))


def _has_content(block: Block) -> bool:
    match block:
        case Paragraph(content) | Heading(_, content):
            return bool(content)
        case Quote(content):
            return any(map(_has_content, content))
        case List(items):
            return any(map(_has_content, (part for item in items for part in item)))
        case CodeBlock():
            return bool(block.text.strip())
        case _:
            return True


def _block(block: Block) -> Block:
    match block:
        case Paragraph(content):
            return Paragraph(_row(content))
        case Heading(level, content):
            return Heading(min(level, 3), _row(content))
        case CodeBlock():
            lines = block.text.rstrip().split("\n")
            return CodeBlock("", tuple((CodeToken("", line),) if line else () for line in lines))
        case MathBlock(latex):
            return MathBlock(" ".join(latex.split()))
        case List(items, start):
            return List(tuple(tuple(map(_block, filter(_has_content, item))) for item in items), start)
        case Table(alignments, header, rows):
            return Table(alignments, tuple(map(_row, header)), tuple(tuple(map(_row, row)) for row in rows))
        case Quote(content):
            return Quote(tuple(map(_block, filter(_has_content, content))))
        case _:
            return block


def _row(row: Inlines) -> Inlines:
    return tuple(map(_inline, row))


def _inline(inline: Inline) -> Inline:
    match inline:
        case Text(text):
            return Text(re.sub("[ \t]+", " ", text))
        case Emphasis(content):
            return Emphasis(_row(content))
        case Strong(content):
            return Strong(_row(content))
        case Link(url, content):
            return Link(url, _row(content))
        case Math(latex):
            return Math(" ".join(latex.split()))
        case _:
            return inline
