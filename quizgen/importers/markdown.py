"""Plain text as Markdown: the same characters on paper, with no more backslashes than that takes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.richtext import faults, parse
from quizgen.richtext.tree import Paragraph, Text

_SPECIAL = re.compile(r"[\\`*_\[\]<>&$!{}|~#]")
# What begins a list, or underlines a heading or a table's head where a line stands above it.
_LINE_START = re.compile(r"^(?:(?P<number>\d+)(?P<dot>[.)])(?=\s|$)|(?P<mark>[-+](?=\s|$)|[-=:](?=[-=:| ]*$)))")
_CODE = re.compile(r"(?<!`)(`+)(?!`)[^`\n]+(?<!`)\1(?!`)")


def literal(text: str, *, keep_code: bool = False) -> str:
    """Markdown that prints a plain text's characters as they are, each of its lines read by itself.

    `keep_code` leaves `…` between backticks what it is in Markdown.
    """
    return "\n".join("".join(_pieces(line.strip(), keep_code=keep_code)) for line in text.split("\n"))


def _pieces(line: str, *, keep_code: bool) -> Iterator[str]:
    start = 0
    for code in _CODE.finditer(line) if keep_code else ():
        yield _escaped(line[start : code.start()], at_start=not start)
        yield code.group()
        start = code.end()
    yield _escaped(line[start:], at_start=not start)


def _escaped(piece: str, *, at_start: bool) -> str:
    if not _is_literal(piece.strip()):
        piece = _SPECIAL.sub(r"\\\g<0>", piece)
    return _LINE_START.sub(_escaped_start, piece) if at_start else piece


def _is_literal(piece: str) -> bool:
    return not piece or (parse(piece) == (Paragraph((Text(piece),)),) and not faults(piece))


def _escaped_start(match: re.Match[str]) -> str:
    return f"{match['number']}\\{match['dot']}" if match["number"] else f"\\{match['mark']}"
