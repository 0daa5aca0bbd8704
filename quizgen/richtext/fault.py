"""What is wrong with a text: what CommonMark would pass over in silence and no author would want printed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from quizgen.richtext import maths
from quizgen.richtext.markdown import (
    CONTROLS,
    LONGEST,
    attributes,
    first_line,
    lines_of,
    link_allowed,
    referred,
)
from quizgen.richtext.syntax import DEEPEST, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token


@dataclass(frozen=True, order=True, slots=True)
class Fault:
    """Something in a text that cannot be printed as meant; `line` counts the text's lines from 0."""

    line: int
    code: str
    message: str


# What an author meant as notation but the parser left as text, and how to write it; each pattern has a
# bounded length, so that no text can make the search slow.
_LEFT_AS_TEXT = {
    re.compile(r"\$\$"): Fault(
        0,
        "unclosed-maths",
        "this $$ begins or ends no formula: write $$…$$ on one line, or $$ alone before and after the formula's "
        r"lines; for two dollar signs write \$\$",
    ),
    re.compile(r"\$[^$\\]{0,99}\\[a-zA-Z][^$]{0,99}\$"): Fault(
        0,
        "maths",
        "this $…$ is not read as a formula: no space may stand inside the dollar signs, and no digit directly before "
        "or after them",
    ),
    re.compile(r"!\[[^\]]{0,99}\]\([^)<>\s]{0,99}\s[^)]{0,99}\)"): Fault(
        0,
        "image",
        "this image cannot be read: a path with spaces stands in angle brackets, ![…](<images/my pod.png>)",
    ),
    re.compile(r"[{｛](?=[^\s|｜]{0,30}[^\x00-\x7f])[^{}｛｝|｜]{0,30}[|｜][^{}｛｝|｜]{0,30}[}｝]"): Fault(
        0,
        "ruby",
        "this is not read as ruby: write {漢字|かんじ} with half-width braces and bar, neither side empty",
    ),
    re.compile(r"(?<=[^\x00-\x7f])\*\*|\*\*(?=[^\x00-\x7f])"): Fault(
        0,
        "emphasis",
        r"this ** has no partner: write **…** without spaces inside, or \*\* for two asterisks",
    ),
}


@lru_cache(maxsize=8192)
def faults(text: str) -> tuple[Fault, ...]:
    """All that is wrong with a text, in order."""
    if len(text) > LONGEST:
        message = f"the text has {len(text):,} characters, the most is {LONGEST:,}; split it"
        return (Fault(0, "text-length", message),)
    stream, environment = tokens(text)
    found = {*_characters(text), *_definitions(stream, environment), *_rows(stream, _lines(text))}
    for place, token in enumerate(stream):
        found.update(_of_inlines(token) if token.type == "inline" else _of_block(token))
        found.update(_of_figures(token, stream[place - 1].type))
    return tuple(sorted(found))


def _lines(text: str) -> list[str]:
    return re.split(r"\r\n?|\n", text)


def _characters(text: str) -> Iterator[Fault]:
    for number, line in enumerate(_lines(text)):
        for character in sorted(set(CONTROLS.findall(line))):
            message = f"the invisible character U+{ord(character):04X} cannot be printed; delete it"
            yield Fault(number, "control-character", message)


def _definitions(stream: list[Token], environment: dict[str, Any]) -> Iterator[Fault]:
    """Link definitions that nothing refers to: CommonMark makes such a line vanish."""
    used = {child.meta.get("label") for token in stream for child in token.children or ()}
    for label, definition in environment.get("references", {}).items():
        if label not in used:
            message = (
                "this line would vanish, being read as the address of a link that the text does not have; "
                r"to print it, write \[ in place of ["
            )
            yield Fault(definition["map"][0], "link-definition", message)


def _rows(stream: list[Token], lines: list[str]) -> Iterator[Fault]:
    """Rows of tables whose cells are not those of the header."""
    columns = 0
    for token in stream:
        line = first_line(token)
        match token.type:
            case "table_open":
                columns = 0
            case "th_open":
                columns += 1
            case "tr_open" if columns and "|" not in lines[line]:
                message = "this line is read as a row of the table above it; put an empty line between them"
                yield Fault(line, "table", message)
            case "tr_open" if columns and (cells := _cells(lines[line])) > columns:
                message = f"this row has {cells} cells, the table's header has {columns}"
                yield Fault(line, "table", rf"{message}; a bar inside a cell is written \|")
            case _:
                pass


def _cells(line: str) -> int:
    inside = line.replace(r"\|", "").lstrip(" \t>").rstrip()
    return inside.removeprefix("|").removesuffix("|").count("|") + 1


def _of_block(token: Token) -> Iterator[Fault]:
    line = first_line(token)
    match token.type:
        case "maths_block":
            yield from _of_maths(token, line)
        case "fence" if _is_unclosed(token):
            message = f"the code that begins here never ends; close it with a line {token.markup}"
            yield Fault(line, "unclosed-fence", message)
        case "blockquote_open" | "list_item_open" if token.level >= DEEPEST - 1:
            message = "lists and quotes are nested too deep here; lists can have ten levels"
            yield Fault(line, "nesting", message)
        case _:
            pass


def _is_unclosed(fence: Token) -> bool:
    first, end = fence.map or (0, 0)
    content = fence.content.count("\n") + (fence.content[-1:] not in ("", "\n"))
    return end - first < content + 2


def _of_inlines(token: Token) -> Iterator[Fault]:
    line = first_line(token)
    yield from _of_table_lines(token.content.split("\n"), line)
    depth = 0
    for is_text, run in groupby(token.children or (), lambda child: child.type in ("text", "text_special")):
        if is_text:
            yield from _of_text("".join(map(_unescaped, run)), line)
            continue
        for child in run:
            depth += child.nesting
            if depth > DEEPEST:
                yield Fault(line, "nesting", "emphasis stands inside emphasis too often here")
            yield from _of_inline(child, line)
            line += lines_of(child)


def _unescaped(token: Token) -> str:
    """The text of a token; an escaped character, which the author meant as it is, counts as a letter."""
    return "x" if token.type == "text_special" and len(token.content) == 1 else token.content


def _of_text(text: str, line: int) -> Iterator[Fault]:
    for pattern, fault in _LEFT_AS_TEXT.items():
        if pattern.search(text):
            yield replace(fault, line=line)


def _of_table_lines(lines: list[str], first: int) -> Iterator[Fault]:
    """A line of dashes below a row of cells that did not make a table."""
    for i, (header, dashes) in enumerate(pairwise(lines), first):
        if "|" in header and "|" in dashes and "-" in dashes and not dashes.strip("|:- \t"):
            message = f"this table's header has {_cells(header)} cells, its line of dashes {_cells(dashes)}"
            yield Fault(i + 1, "table", f"{message}; they must agree")


def _of_inline(token: Token, line: int) -> Iterator[Fault]:
    match token.type:
        case "maths":
            yield from _of_maths(token, line)
        case "image":
            yield from _of_image(token, line)
        case "link_open" if not _leads_somewhere(str(token.attrGet("href"))):
            message = (
                f"the link leads to `{token.attrGet('href')}`; it has to begin with https://, http:// or mailto:, "
                "or with # and the id of a figure"
            )
            yield Fault(line, "link", message)
        case _:
            pass


def _leads_somewhere(url: str) -> bool:
    return link_allowed(url) or bool(referred(url))


def _of_figures(token: Token, before: str) -> Iterator[Fault]:
    """Pictures with a caption or an id that do not stand alone, and references that have a text of their own."""
    children = token.children or []
    alone = len(children) == 1 and before == "paragraph_open"
    line = first_line(token)
    for place, child in enumerate(children):
        if child.type == "image" and not alone and (child.attrGet("title") or _named(child)):
            message = "a picture with a caption or an id stands on lines of its own, with empty lines around it"
            yield Fault(line, "figure", message)
        figure = referred(str(child.attrGet("href"))) if child.type == "link_open" else ""
        if figure and children[place + 1].type != "link_close":
            message = f"a number or label takes the place of the text: write [](#{figure})"
            yield Fault(line, "figure", message)
        line += lines_of(child)


def _named(picture: Token) -> bool:
    name, _ = attributes(picture.meta.get("braces", "")) or ("", None)
    return bool(name)


def _of_maths(token: Token, line: int) -> Iterator[Fault]:
    message = maths.fault(token.content)
    if message:
        yield Fault(line, "maths", message)


def _of_image(token: Token, line: int) -> Iterator[Fault]:
    if not token.content.strip():
        message = f"describe the picture in the brackets: ![…]({token.attrGet('src')})"
        yield Fault(line, "image-alt", message)
    braces = token.meta.get("braces")
    if braces is not None and attributes(braces) is None:
        message = (
            f"{{{braces}}} is no width of a picture; write {{width=80mm}}, {{width=8cm}} or {{width=50%}}, "
            "and an id before it as in {#network width=80mm}"
        )
        yield Fault(line, "image-width", message)
