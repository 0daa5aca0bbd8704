"""How inlines are spelled in Markdown, with as many backslashes as asked for."""

from __future__ import annotations

import re
from typing import assert_never

from quizgen.richtext.plain import inlines_to_plain
from quizgen.richtext.tree import (
    Code,
    Emphasis,
    Gap,
    Image,
    Inline,
    Inlines,
    LineBreak,
    Link,
    Math,
    Reference,
    Ruby,
    Strong,
    Text,
)

SPECIAL = "\\`*_[]<>&$!{}|~#"
STARTS = "^"  # stands among the special characters for what is special only where a line begins
_LINE_START = re.compile(r"^(\d{1,9}(?=[.)](?:\s|$))|(?=[-+](?:\s|$))|(?=[-=:][-=:| ]*$))", re.MULTILINE)


def rendered(row: Inlines, marks: tuple[str, str], kept: frozenset[str]) -> str:
    """A row with backslashes before all special characters but those kept."""
    text = _inlines(row, marks, kept, 0)
    return text if STARTS in kept else _LINE_START.sub(r"\1\\", text)


def _inlines(row: Inlines, marks: tuple[str, str], kept: frozenset[str], depth: int) -> str:
    return "".join(
        f"$${inline.latex}$$"
        if isinstance(inline, Math) and _needs_two_dollars(row[max(index - 1, 0) : index], row[index + 1 : index + 2])
        else _inline(inline, marks, kept, depth)
        for index, inline in enumerate(row)
    )


def _needs_two_dollars(before: Inlines, after: Inlines) -> bool:
    """Whether a formula stands beside a digit, where one dollar sign is a price, or beside another formula."""
    beside = inlines_to_plain(before)[-1:] + inlines_to_plain(after)[:1]
    return any(map(str.isdigit, beside)) or any(isinstance(inline, Math) for inline in (*before, *after))


def _inline(inline: Inline, marks: tuple[str, str], kept: frozenset[str], depth: int) -> str:
    match inline:
        case Emphasis(content):
            mark = marks[depth % 2]
            return f"{mark}{_inlines(content, marks, kept, depth + 1)}{mark}"
        case Strong(content):
            return f"**{_inlines(content, marks, kept, depth + 1)}**"
        case Link(url, content):
            return f"[{_inlines(content, marks, kept, depth)}]({_address(url)})"
        case _:
            return _simple(inline, kept)


def _simple(inline: Text | LineBreak | Code | Math | Ruby | Image | Reference | Gap, kept: frozenset[str]) -> str:
    match inline:
        case Text(text):
            return _escaped(text, kept)
        case LineBreak():
            return "\\\n"
        case Code(text):
            return _code(text)
        case Math(latex):
            return f"${latex}$"
        case Ruby(base, reading):
            return f"{{{base}|{reading}}}"
        case Image():
            return _image(inline)
        case Reference(name):
            return f"[](#{name})"
        case Gap(label):
            return _escaped(f"[{label}]", kept)
        case _:
            assert_never(inline)


def _escaped(text: str, kept: frozenset[str]) -> str:
    return "".join(f"\\{c}" if c in SPECIAL and c not in kept else c for c in text)


def _code(text: str) -> str:
    runs = set(map(len, re.findall("`+", text)))
    ticks = "`" * next(length for length in range(1, len(text) + 2) if length not in runs)
    blank = text[:1] == text[-1:] == " " and text.strip(" ")
    pad = " " if blank or text[:1] == "`" or text[-1:] == "`" else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _image(image: Image) -> str:
    width = f"{{width={image.width.value:g}{image.width.unit}}}" if image.width else ""
    return f"![{_escaped(image.alt, frozenset())}]({_address(image.source)}){width}"


def _address(url: str) -> str:
    return f"<{url}>" if re.search(r"[\s()<>]", url) else url
