"""Blocks as Markdown: lists, tables, code and what stands inside them, each below its own marks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from quizgen.importers.markdown import literal
from quizgen.importers.markup.row import written_row
from quizgen.richtext import parse
from quizgen.richtext.plain import to_plain
from quizgen.richtext.tree import (
    Block,
    Blocks,
    Code,
    CodeBlock,
    Heading,
    Inlines,
    List,
    MathBlock,
    Paragraph,
    Quote,
    Rule,
    Table,
)

_EMPHASIS = "some emphasis is left out, which Markdown has no way to write"
_LAYOUT = "the layout of a part became plain lines"


@dataclass(frozen=True, slots=True)
class Written:
    """A text in Markdown, and what of it Markdown could not say, in words."""

    text: str
    lost: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block as it could be written, and its Markdown."""

    block: Block
    text: str


def markdown(blocks: Blocks) -> Written:
    """The Markdown of a tree, with no more backslashes than it takes; nothing is written that reads otherwise."""
    pieces = _pieces(blocks, nested=False)
    text = _joined(pieces, tight=False)
    written = tuple(piece.block for piece in pieces)
    if parse(text) == written:
        return Written(text, frozenset() if written == blocks else frozenset({_EMPHASIS}))
    plain = (piece.text if parse(piece.text) == (piece.block,) else _plain(piece.block) for piece in pieces)
    return Written("\n\n".join(plain), frozenset({_LAYOUT}))


def _plain(block: Block) -> str:
    return literal(to_plain((block,)))


def _pieces(blocks: Blocks, *, nested: bool) -> list[_Piece]:
    pieces: list[_Piece] = []
    mark = ""
    for block in blocks:
        mark = _list_mark(block, mark) if isinstance(block, List) else ""
        pieces.append(_block(block, mark, nested=nested))
    return pieces


def _list_mark(block: List, before: str) -> str:
    """The sign of a list's items, another one than that of a list directly before it, which it would join."""
    usual, other = ("-", "*") if block.start is None else (".", ")")
    return other if before == usual else usual


def _joined(pieces: list[_Piece], *, tight: bool) -> str:
    text = ""
    for before, piece in zip([None, *pieces], pieces, strict=False):
        close = tight and before is not None and isinstance(before.block, Paragraph) and _may_follow(piece.block)
        text += ("\n" if close else "\n\n" if before else "") + piece.text
    return text


def _may_follow(block: Block) -> bool:
    """Whether a list can follow a paragraph without an empty line between them."""
    return isinstance(block, List) and block.start in (None, 1) and bool(block.items[0])


def _block(block: Block, mark: str, *, nested: bool) -> _Piece:
    match block:
        case Paragraph(content):
            row, text = written_row(content, lambda row, text: (text, (Paragraph(row),)))
            return _Piece(Paragraph(row), text)
        case Heading(level, content):
            sign = "#" * level
            row, text = written_row(content, lambda row, text: (f"{sign} {text}", (Heading(level, row),)))
            return _Piece(Heading(level, row), f"{sign} {text}")
        case CodeBlock():
            return _Piece(block, _fenced(block))
        case MathBlock(latex):
            return _math_block(latex)
        case List():
            return _list(block, mark)
        case Table():
            return _table(block)
        case Quote(content):
            pieces = _pieces(content, nested=True)
            quote = Quote(tuple(piece.block for piece in pieces))
            return _Piece(quote, _prefixed(_joined(pieces, tight=False), "> ", "> "))
        case Rule():
            return _Piece(block, "___" if nested else "---")
        case _:
            assert_never(block)


def _fenced(block: CodeBlock) -> str:
    longest = max(map(len, re.findall("`+", block.text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{block.language}\n{block.text}\n{fence}"


def _math_block(latex: str) -> _Piece:
    text = f"$$\n{latex}\n$$" if "\n" in latex else f"$${latex}$$"
    if parse(text) == (MathBlock(latex),):
        return _Piece(MathBlock(latex), text)
    return _block(Paragraph((Code(" ".join(latex.split())),)), "", nested=False)


def _list(block: List, mark: str) -> _Piece:
    items = [_pieces(item, nested=True) for item in block.items]
    short = all(_is_short(item) for item in block.items)
    texts = []
    for number, item in enumerate(items, block.start or 0):
        first = f"{mark} " if block.start is None else f"{number}{mark} "
        texts.append(_prefixed(_joined(item, tight=True), first, " " * len(first)))
    read = tuple(tuple(piece.block for piece in item) for item in items)
    return _Piece(List(read, block.start), ("\n" if short else "\n\n").join(texts))


def _is_short(item: Blocks) -> bool:
    return isinstance(item[0], Paragraph) and all(map(_may_follow, item[1:])) if item else True


def _prefixed(text: str, first: str, others: str) -> str:
    """The text behind a mark, its further lines below its first."""
    head, *tail = text.split("\n")
    lines = (f"{others}{line}" if line else others.rstrip() for line in tail)
    return "\n".join(((first + head).rstrip() if not head else first + head, *lines))


def _table(table: Table) -> _Piece:
    rows = [[_cell(cell) for cell in row] for row in (table.header, *table.rows)]
    dashes = {"": "---", "left": ":---", "center": ":---:", "right": "---:"}
    head, *body = (_table_line(text for _, text in row) for row in rows)
    lines = (head, _table_line(dashes[alignment] for alignment in table.alignments), *body)
    header, *others = (tuple(content for content, _ in row) for row in rows)
    return _Piece(Table(table.alignments, header, tuple(others)), "\n".join(lines))


def _table_line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(content: Inlines) -> tuple[Inlines, str]:
    if not content:
        return (), ""
    row, text = written_row(content, lambda row, text: (f"| {_bars(text)} |\n| --- |", (Table(("",), (row,), ()),)))
    return row, _bars(text)


def _bars(text: str) -> str:
    return text.replace("|", r"\|")
