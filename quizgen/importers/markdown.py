"""Plain text as Markdown: the same characters on paper, with no more backslashes than that takes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.richtext import faults, parse
from quizgen.richtext.tree import Code, Paragraph, Text

_SPECIAL = re.compile(r"[\\`*_\[\]<>&$!{}|~#]")
# What begins a list, or underlines a heading or a table's head where a line stands above it.
_LINE_START = re.compile(r"^(?:(?P<number>\d+)(?P<dot>[.)])(?=\s|$)|(?P<mark>[-+](?=\s|$)|[-=:](?=[-=:| ]*$)))")
_CODE = re.compile(r"(?<!`)(`+)(?!`)[^`\n]+(?<!`)\1(?!`)")
_NOTHING = re.compile(r"(?!)")


def literal(text: str, *, keep_code: bool = False) -> str:
    """Markdown that prints a plain text's characters as they are, each of its lines read by itself.

    `keep_code` leaves `…` between backticks what it is in Markdown.
    """
    code = _CODE if keep_code else _NOTHING
    return "\n".join(_line(line.strip(), code) for line in text.split("\n"))


def _line(line: str, code: re.Pattern[str]) -> str:
    unchanged = _LINE_START.sub(_escaped_start, line)
    if _prints(unchanged, code.sub("", line)):
        return unchanged
    return _LINE_START.sub(_escaped_start, "".join(_escaped(line, code)))


def _escaped(line: str, code: re.Pattern[str]) -> Iterator[str]:
    start = 0
    for found in code.finditer(line):
        yield _SPECIAL.sub(r"\\\g<0>", line[start : found.start()])
        yield found.group()
        start = found.end()
    yield _SPECIAL.sub(r"\\\g<0>", line[start:])


def _prints(line: str, expected: str) -> bool:
    """Whether a line is a paragraph of these characters and code only, and without a fault."""
    match parse(line):
        case ():
            return not expected
        case (Paragraph(content),):
            kinds = all(isinstance(inline, Text | Code) for inline in content)
            printed = "".join(inline.text for inline in content if isinstance(inline, Text))
            return kinds and printed == expected and not faults(line)
        case _:
            return False


def _escaped_start(match: re.Match[str]) -> str:
    return f"{match['number']}\\{match['dot']}" if match["number"] else f"\\{match['mark']}"
