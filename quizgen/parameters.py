r"""Parameters in an assignment's texts: `{{ name }}` stands for a drawn value, and nothing else is a template.

Other double braces (Go templates such as `docker inspect -f '{{.State.Pid}}'`) are text; `\{{ name }}` is, too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

_BLANK = re.compile(r"\\\{\{|\{\{ *(?P<name>[A-Za-z_][A-Za-z0-9_]*) *\}\}|\{\{(?P<other>[^{}\n]*)\}\}")
_NAME = re.compile(r"(?<![.\w])[A-Za-z_]\w*")


def unknown(text: str, known: Collection[str]) -> Iterator[tuple[int, str, str]]:
    """What cannot be filled in: the line (from 0), the text between the braces, and its name or ""."""
    for match in _BLANK.finditer(text):
        line = text.count("\n", 0, match.start())
        name, other = match["name"], match["other"]
        if name and name not in known:
            yield line, name, name
        elif other and any(word in known for word in _NAME.findall(other)):
            yield line, other.strip(), ""


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with each `{{ name }}` of the values filled in."""

    def value(match: re.Match[str]) -> str:
        if match["name"]:
            return values[match["name"]]
        return "{{" if match[0] == r"\{{" else match[0]

    return _BLANK.sub(value, text)
