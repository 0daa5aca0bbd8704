"""Values that write themselves as XML the only way Moodle reads without loss: every text as a CDATA section.

A template prints them as they are; it cannot forget to quote, and what is no such value gets escaped.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quizgen.picture import Picture

# What XML 1.0 cannot hold, the C1 controls, and lone surrogates, which UTF-8 cannot hold.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")


def cdata(text: str) -> str:
    """The text as CDATA; one that holds the end mark becomes two sections."""
    if not text:
        return ""
    return f"<![CDATA[{_FORBIDDEN.sub('', text).replace(']]>', ']]]]><![CDATA[>')}]]>"


@dataclass(frozen=True, slots=True)
class Line:
    """A name, path or id."""

    text: str

    def __html__(self) -> str:
        """What a template prints: the text alone."""
        return cdata(self.text)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of HTML with the pictures that it shows, which Moodle looks for beside it and nowhere else."""

    html: str = ""
    pictures: tuple[Picture, ...] = ()

    def __html__(self) -> str:
        """What a template prints: the `<text>` element and a `<file>` for each picture."""
        text = f"<text>{cdata(self.html)}</text>"
        return "\n".join((text, *map(_file, dict.fromkeys(self.pictures))))

    def __add__(self, other: Fragment) -> Fragment:
        return Fragment(self.html + other.html, self.pictures + other.pictures)


def _file(picture: Picture) -> str:
    data = b64encode(picture.data).decode()
    return f'<file name="{escape(picture.name)}" path="/" encoding="base64">{data}</file>'
