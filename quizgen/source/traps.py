"""YAML's traps: what a syntax error really comes from, said in the author's words, and the line as it should be."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

_VALUE = re.compile(r"""^(?P<lead>\s*(?:- +)*(?:(?P<key>[^\s:#'"\[{][^:#]*?): +)?)(?P<value>\S.*?)\s*$""")
_STARTERS = {
    "`": "a text cannot begin with a backtick",
    "@": "a text cannot begin with `@`",
    "%": "a text cannot begin with `%`",
    "*": "a text cannot begin with `*`, which YAML takes for an alias",
    "&": "a text cannot begin with `&`, which YAML takes for an anchor",
    "!": "a text cannot begin with `!`, which YAML takes for a tag",
    "[": "a text cannot begin with `[`, which opens a list",
    "{": "a text cannot begin with `{`, which opens a mapping",
    "|": "a text cannot begin with `|`, which opens a block on the next line",
    ">": "a text cannot begin with `>`, which opens a block on the next line",
    '"': 'the text goes on behind its closing `"`',
    "'": "the text goes on behind its closing `'`",
}
_CLOSING = {"[": "]", "{": "}"}
_WAY_OUT = "put the whole text in quotes, or write it as a block under `|`"


@dataclass(frozen=True, slots=True)
class Trap:
    """A named syntax fault: its place (from 0), its words, and the line mended so that reading can go on, if it can."""

    line: int
    column: int
    code: str
    message: str
    mended: str | None = None


def explain(error: yaml.YAMLError, lines: list[str]) -> Trap:
    """What an error of the YAML parser comes from."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return Trap(0, 0, "yaml", f"this is not YAML: {error}")
    line = min(mark.line, len(lines) - 1)
    context = getattr(error, "context_mark", None)
    return (
        _tab(lines, line)
        or _unclosed_quote(error)
        or _value_trap(lines, line, context.line if context else line)
        or _indent(lines, line)
        or Trap(line, mark.column, "yaml", f"YAML cannot be read from here on: {_words(error)}")
    )


def _words(error: yaml.YAMLError) -> str:
    parts = (getattr(error, "context", None), getattr(error, "problem", None))
    return ", ".join(part for part in parts if part)


def misread(lines: list[str], line: int) -> Trap | None:
    """The trap of a line whose value YAML took for something else, if it is one."""
    match = _VALUE.match(lines[line])
    return _misread(line, match) if match else None


def _tab(lines: list[str], line: int) -> Trap | None:
    for number in (line, line - 1):
        if number >= 0 and (match := re.match(r"^[ -]*\t", lines[number])):
            message = "a tab stands in the indent of this line; YAML takes spaces only"
            return Trap(number, match.end() - 1, "tab", message)
    return None


def _unclosed_quote(error: yaml.YAMLError) -> Trap | None:
    if "quoted scalar" not in (getattr(error, "context", None) or ""):
        return None
    mark = error.context_mark  # type: ignore[attr-defined]
    if "unknown escape" in (getattr(error, "problem", None) or ""):
        found = error.problem_mark  # type: ignore[attr-defined]
        message = "a backslash inside double quotes begins an escape; use single quotes, or write `\\\\`"
        return Trap(found.line, found.column, "escape", message)
    return Trap(mark.line, mark.column, "unclosed-quote", "the quote that opens here is never closed")


def _value_trap(lines: list[str], line: int, context: int) -> Trap | None:
    """The nearest line at or above the error whose value YAML misreads; one line further up for a text that went on."""
    lowest = max(min(context, line - 1), line - 3, 0)
    for number in range(line, lowest - 1, -1):
        if trap := misread(lines, number):
            return trap
    return None


def _misread(number: int, match: re.Match[str]) -> Trap | None:
    value, lead = match["value"], match["lead"]
    mended = f"{lead}'{value.replace(chr(39), chr(39) * 2)}'"
    if value[0] in "[{" and _CLOSING[value[0]] not in value:
        message = f"the `{value[0]}` that opens here is not closed on its line; close it, or quote the whole text"
        return Trap(number, len(lead), "unclosed-bracket", message, mended)
    if value[0] in _STARTERS and not _complete(value):
        return Trap(number, len(lead), "text-start", f"{_STARTERS[value[0]]}; {_WAY_OUT}", mended)
    colon = re.search(r":(?= |$)", value)
    if match["key"] and colon and value[0] not in "[{'\"#":
        message = f"`: ` inside a text begins a new key for YAML; {_WAY_OUT}"
        return Trap(number, len(lead) + colon.start(), "colon-in-text", message, mended)
    return None


def _complete(value: str) -> bool:
    """Whether the value is right YAML by itself, so that the fault lies elsewhere."""
    if value[0] in "|>":
        return re.match(r"^[|>][-+0-9]*(\s+#.*)?$", value) is not None
    try:
        return sum(1 for _ in yaml.parse(value, Loader=yaml.SafeLoader)) > 0 and value[0] not in "*&!"
    except yaml.YAMLError:
        return False


def _indent(lines: list[str], line: int) -> Trap | None:
    indent = len(lines[line]) - len(lines[line].lstrip(" "))
    above = []
    for earlier in reversed(lines[:line]):
        text = earlier.strip()
        if text and not text.startswith("#"):
            above.append(len(earlier) - len(earlier.lstrip(" ")))
            dash = re.match(r"^\s*(?:- +)+", earlier)
            above.extend([dash.end()] if dash else [])
        if len(above) > 30:
            break
    if not above or (indent in above and not lines[line].lstrip().startswith("-")):
        return None
    near = sorted(set(above), key=lambda other: (abs(other - indent), other))
    near = [other for other in near if other != indent][:1]
    expected = f"; {near[0]} would agree with the lines above" if near else ""
    message = f"this line is indented by {indent} spaces, which fits none of the lines above{expected}"
    return Trap(line, indent, "indent", message)
