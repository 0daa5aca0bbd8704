"""Hypothesis strategies of texts as trees, full of what Markdown, HTML and YAML stumble over."""

from __future__ import annotations

from hypothesis import strategies as st

from quizgen.importers.pieces import EM, STRONG, Piece, one_row, paragraphs
from quizgen.richtext.tree import (
    Blocks,
    Code,
    CodeBlock,
    CodeToken,
    Heading,
    Image,
    LineBreak,
    List,
    Math,
    MathBlock,
    Quote,
    Ruby,
    Rule,
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
INLINES = st.one_of(
    TEXTS.map(Text),
    TEXTS.map(Text),
    TEXTS.filter(lambda text: "\n" not in text).map(Code),
    st.sampled_from([Math("x^2"), Math("a_1|b"), Math(r"\{5\}"), Ruby("漢", "かん"), LineBreak()]),
    st.sampled_from([Image("images/x.png", "図 [1]*"), Image("images/x.png", "a", Width(12.5, "mm"))]),
)
PIECES = st.lists(st.builds(Piece, INLINES, MARKS, st.just(value=True)), min_size=1, max_size=5)
ROWS = PIECES.map(one_row)
PARAGRAPHS = PIECES.map(paragraphs)
CODE = st.builds(
    lambda text: (CodeBlock("", tuple((CodeToken("", line),) if line else () for line in text.split("\n"))),),
    st.lists(st.sampled_from([*FRAGMENTS, "~~~"]), max_size=5).map("".join).filter(lambda t: t.strip() == t != ""),
)
LEAVES = st.one_of(
    PARAGRAPHS,
    PARAGRAPHS,
    CODE,
    ROWS.filter(bool).map(lambda row: (Heading(2, row),)),
    st.sampled_from([(MathBlock("x"),), (MathBlock("a\nb"),), (Rule(),)]),
    st.tuples(ROWS, ROWS, ROWS, ROWS).map(lambda c: (Table(("", "right"), (c[0], c[1]), ((c[2], c[3]),)),)),
)


def joined(parts: list[Blocks]) -> Blocks:
    return tuple(block for part in parts for block in part)


def containers(inner: st.SearchStrategy[Blocks]) -> st.SearchStrategy[Blocks]:
    several = st.lists(inner, min_size=1, max_size=2).map(joined)
    return st.one_of(
        several.filter(bool).map(lambda blocks: (Quote(blocks),)),
        st.builds(
            lambda items, start: (List(tuple(items), start),),
            st.lists(several, min_size=1, max_size=3),
            st.sampled_from([None, 1, 7]),
        ),
    )


TREES = st.lists(st.recursive(LEAVES, containers, max_leaves=4), min_size=1, max_size=3).map(joined)
