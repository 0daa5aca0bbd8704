"""Lines of a Word document as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from quizgen.importers.docx.lines import DOCUMENT_HEADINGS, Grid, Line, pieces
from quizgen.importers.markup import markdown
from quizgen.importers.pieces import Piece, one_row, paragraphs
from quizgen.richtext.highlight import rows
from quizgen.richtext.tree import (
    Alignment,
    Block,
    Blocks,
    Code,
    CodeBlock,
    Heading,
    Inlines,
    LineBreak,
    List,
    Math,
    MathBlock,
    Quote,
    Table,
    Text,
)

_QUOTES = {"quote", "intense quote", "引用文", "引用文 2"}


def written(lines: Sequence[Line]) -> str:
    """The Markdown of lines."""
    return markdown(blocks(lines)).text


def blocks(lines: Sequence[Line]) -> Blocks:
    """The tree of lines; those of one kind make one block."""
    made: list[Block] = []
    for kind, group in groupby(_paragraphs(lines), _kind):
        made += _blocks(kind, list(group))
    return tuple(made)


def _paragraphs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines of each paragraph together."""
    paragraph: list[Line] = []
    for line in lines:
        if paragraph and not line.goes_on:
            yield paragraph
            paragraph = []
        if not line.blank or paragraph:
            paragraph.append(line)
    if paragraph:
        yield paragraph


def _kind(lines: Sequence[Line]) -> str:
    line = lines[0]
    if line.grid:
        return "table"
    if line.code or (len(lines) > 1 and all(map(_is_code, lines))):
        return "code"
    if line.label and line.label.bullet:
        return "list"
    return "quote" if line.style in _QUOTES else "text"


def _blocks(kind: str, group: Sequence[Sequence[Line]]) -> Iterator[Block]:
    match kind:
        case "table":
            yield from (_table(line.grid) for lines in group for line in lines if line.grid)
        case "code":
            program = "\n".join(line.text for lines in group for line in lines).expandtabs(4).strip("\n")
            yield CodeBlock("", rows("\n".join(map(str.rstrip, program.split("\n"))), ""))
        case "list":
            yield List(tuple(_text(lines) for lines in group), None)
        case "quote":
            yield Quote(tuple(block for lines in group for block in _text(lines)))
        case _:
            for lines in group:
                yield from _text(lines)


def _is_code(line: Line) -> bool:
    return line.label is None and all(isinstance(span.inline, Code) or not span.text.strip() for span in line.spans)


def _text(lines: Sequence[Line]) -> Blocks:
    """A paragraph; a heading inside a text, or a formula on a line of its own."""
    first = lines[0]
    if first.heading > DOCUMENT_HEADINGS:
        return (Heading(min(first.heading - DOCUMENT_HEADINGS, 6), one_row(_pieces(lines, plain=True))),)
    if len(lines) == len(first.spans) == 1 and isinstance(first.spans[0].inline, Math):
        return (MathBlock(first.spans[0].inline.latex),)
    return paragraphs(_pieces(lines))


def _pieces(lines: Sequence[Line], *, plain: bool = False) -> list[Piece]:
    # What is bold throughout, a heading in its own way or a right answer, is not emphasis.
    letters = [span for line in lines for span in line.spans if isinstance(span.inline, Text) and span.text.strip()]
    plain = plain or all(span.bold for span in letters)
    made: list[Piece] = []
    for number, line in enumerate(lines):
        if number:
            made.append(Piece(LineBreak()))
        if line.label and not line.label.bullet:
            made.append(Piece(Text(f"{line.label.text} "), literal=True))
        made += pieces(line.spans, plain=plain)
    return made


def _table(grid: Grid) -> Table:
    table = [[_cell(cell) for cell in row] for row in grid.rows]
    width = max(map(len, table))
    header, *body = ((*row, *[()] * (width - len(row))) for row in table)
    sides: list[Alignment] = [""] * width
    return Table(tuple(sides), header, tuple(body))


def _cell(lines: Sequence[Line]) -> Inlines:
    return one_row(_pieces([line for line in lines if not line.blank and not line.grid] or [Line(0)]))
