"""Pieces of running text with the marks around each, put together as paragraphs the way Markdown holds them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, takewhile
from typing import Literal

from quizgen.importers.text import UNPRINTABLE, one_line_end
from quizgen.richtext.syntax import is_wide
from quizgen.richtext.tree import (
    Block,
    Code,
    Emphasis,
    Inline,
    Inlines,
    LineBreak,
    Link,
    Math,
    MathBlock,
    Paragraph,
    Strong,
    Text,
)

# What stands around a piece, the outermost first: emphasis, or a link with its address.
Mark = tuple[Literal["em", "strong", "link"], str]
Marks = tuple[Mark, ...]
EM: Mark = ("em", "")
STRONG: Mark = ("strong", "")

# Bounded, so that marks which never close cost little.
_MATHS = re.compile(r"\\\((.{1,2000}?)\\\)|\\\[(.{1,2000}?)\\\]|\$\$([^$]{1,2000})\$\$", re.DOTALL)
_BLANKS = re.compile(r"[ \t\n\r\f]+")
# What an editor makes of two spaces.
_TWO_SPACES = re.compile("(?<![ \xa0])(?:\xa0 | \xa0)(?![ \xa0])")
_WORDS = re.compile(r" +|[^\S ]+|\S(?:.*\S)?", re.DOTALL)
_SPACE = Text(" ")


@dataclass(frozen=True, slots=True)
class Piece:
    """An inline, or a formula on a line of its own; the text of a literal piece holds no formulas."""

    inline: Inline | MathBlock
    marks: Marks = ()
    literal: bool = False


def paragraphs(pieces: Iterable[Piece]) -> tuple[Block, ...]:
    """Paragraphs of the pieces, which end at an empty line and at a formula on a line of its own."""
    blocks: list[Block] = []
    ready = _tidy(_with_maths(pieces, display=True))
    for is_formula, run in groupby(ready, lambda piece: isinstance(piece.inline, MathBlock)):
        if is_formula:
            blocks += [piece.inline for piece in run if isinstance(piece.inline, MathBlock)]
        else:
            rows = map(row_of, _between_empty_lines(list(run)))
            blocks += [Paragraph(row) for row in rows if row]
    return tuple(blocks)


def one_row(pieces: Iterable[Piece]) -> Inlines:
    """The pieces in one row without line breaks, as a heading or the cell of a table holds them."""
    flat = [replace(p, inline=_SPACE) if isinstance(p.inline, LineBreak) else p for p in pieces]
    return row_of(_tidy(_with_maths(flat, display=False)))


def collapsed(text: str) -> str:
    """A text as HTML shows it: blanks are one, and a line's end beside Japanese is none."""
    return _TWO_SPACES.sub(" ", _BLANKS.sub(_blank, UNPRINTABLE.sub("", one_line_end(text))))


def _blank(match: re.Match[str]) -> str:
    before, after = match.string[match.start() - 1 : match.start()], match.string[match.end() : match.end() + 1]
    return "" if "\n" in match[0] and before and after and (is_wide(before) or is_wide(after)) else " "


def _with_maths(pieces: Iterable[Piece], *, display: bool) -> Iterator[Piece]:
    """The pieces with formulas for what MathJax takes for one."""
    for (marks, is_text, literal), run in groupby(pieces, _kind):
        if not is_text:
            yield from run
            continue
        text = collapsed("".join(piece.inline.text for piece in run if isinstance(piece.inline, Text)))
        yield from [Piece(Text(text), marks)] if literal else _split(text, marks, display=display and not marks)


def _kind(piece: Piece) -> tuple[Marks, bool, bool]:
    return piece.marks, isinstance(piece.inline, Text), piece.literal


def _split(text: str, marks: Marks, *, display: bool) -> Iterator[Piece]:
    start = 0
    for match in _MATHS.finditer(text):
        latex = next(group for group in match.groups() if group is not None).strip()
        if not latex:
            continue
        yield Piece(Text(text[start : match.start()]), marks)
        yield Piece(Math(latex) if match[1] or not display else MathBlock(latex), marks)
        start = match.end()
    yield Piece(Text(text[start:]), marks)


def _tidy(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces with blanks only between words, and none of them at the edge of its marks."""
    return _blanks_apart(_single_blanks([part for piece in pieces for part in _words(piece)]))


def _words(piece: Piece) -> Iterator[Piece]:
    """A text as the blanks before it, itself, and the blanks behind it."""
    if not isinstance(piece.inline, Text):
        yield piece
        return
    for part in _WORDS.findall(piece.inline.text):
        yield replace(piece, inline=Text(part))


def _single_blanks(words: Sequence[Piece]) -> list[Piece]:
    """The words without blanks that touch another blank or a line's end."""
    return _after_words(reversed(_after_words(words)))[::-1]


def _after_words(words: Iterable[Piece]) -> list[Piece]:
    """The words without blanks at a line's start or behind another blank."""
    kept: list[Piece] = []
    for word in words:
        before = kept[-1].inline if kept else LineBreak()
        if word.inline != _SPACE or not (before == _SPACE or isinstance(before, LineBreak | MathBlock)):
            kept.append(word)
    return kept


def _is_blank(piece: Piece) -> bool:
    match piece.inline:
        case Text(text):
            return text.isspace()
        case LineBreak() | MathBlock():
            return True
        case _:
            return False


def _blanks_apart(pieces: list[Piece]) -> list[Piece]:
    """The pieces with only those marks around a blank that stand around its neighbours, too."""
    behind: list[Marks] = []
    after: Marks = ()
    for piece in reversed(pieces):
        behind.append(after)
        after = after if _is_blank(piece) else piece.marks
    result: list[Piece] = []
    before: Marks = ()
    for piece, following in zip(pieces, reversed(behind), strict=True):
        shared = _common(before, following)
        result.append(replace(piece, marks=_common(piece.marks, shared)) if _is_blank(piece) else piece)
        before = before if _is_blank(piece) else piece.marks
    return result


def _common(one: Marks, other: Marks) -> Marks:
    return tuple(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _between_empty_lines(pieces: list[Piece]) -> Iterator[list[Piece]]:
    """The runs of pieces between two line breaks or more."""
    run: list[Piece] = []
    breaks = 0
    for piece in pieces:
        breaks = breaks + 1 if isinstance(piece.inline, LineBreak) else breaks if _is_blank(piece) else 0
        if breaks == 2:
            yield run
            run = []
        else:
            run.append(piece)
    yield run


def row_of(pieces: Sequence[Piece]) -> Inlines:
    """One row of the pieces, without blanks and line breaks around it."""
    kept = list(pieces)
    while kept and _is_blank(kept[0]):
        del kept[0]
    while kept and _is_blank(kept[-1]):
        del kept[-1]
    return _nested(kept, 0)


def _nested(pieces: Sequence[Piece], depth: int) -> Inlines:
    """The pieces inside the marks at a depth."""
    row: list[Inline] = []
    for mark, run in groupby(pieces, lambda piece: piece.marks[depth] if len(piece.marks) > depth else None):
        if mark is None:
            _append_all(row, run)
        else:
            row.append(_marked(mark, _nested(list(run), depth + 1)))
    return tuple(row)


def _marked(mark: Mark, content: Inlines) -> Inline:
    match mark:
        case ("em", _):
            return Emphasis(content)
        case ("strong", _):
            return Strong(content)
        case (_, url):
            return Link(url, content)


def _append_all(row: list[Inline], pieces: Iterable[Piece]) -> None:
    for piece in pieces:
        inline = Math(piece.inline.latex) if isinstance(piece.inline, MathBlock) else piece.inline
        match (row[-1] if row else None, inline):
            case (Text(before), Text(text)):
                row[-1] = Text(before + text)
            case (Code(before), Code(text)):
                row[-1] = Code(before + text)
            case _:
                row.append(inline)
