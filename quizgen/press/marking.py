"""A booklet's HTML with its parts marked, so that the layout tells where each of them came to stand."""

from __future__ import annotations

import re
from dataclasses import dataclass

# The classes by which templates name what the press moves about. A slot is text that differs from paper to paper.
FLOW = ("heading", "lead", "stimulus", "question", "end")
INNER = ("stem", "choices", "choice")
SLOTS = ("number", "label", "mark", "figure-number", "reference")

FRAME = "press-frame"
# Stands for the page's content box, which no element of the flow fills.
_FRAME = f'<div id="{FRAME}" style="position:fixed;top:0;left:0;right:0;bottom:0"></div>'

_BODY = re.compile(r"<body\b[^<>]*>")
_TAG = re.compile(r"<(/?section|h2|h3|div|ol|ul|li|p|span|td)\b([^<>]*)>(?:([^<>]*)(?=</(?:span|h3)>))?")
_CLASS = re.compile(r'\bclass="([\w-]+)')
# How templates ask for the number of all pages, and for that of the page on which a section begins.
_PAGES = re.compile(r'\bclass="pages"')
_SECTION = re.compile(r'\bdata-section="#([\w-]+)"')
_ID = re.compile(r'\bid="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Part:
    """An element of the HTML: what it is, the id by which its place is found, and a slot's text."""

    kind: str
    id: str
    text: str = ""


def marked(html: str, whole: frozenset[int] = frozenset()) -> tuple[str, tuple[Part, ...]]:
    """The HTML with the frame, an id on every part and an element `slot` round every slot's text; and the parts.

    The questions at the places `whole`, counted from 0, get the class of that name: they are moved as one.
    """
    parts: list[Part] = []
    inside = False

    def mark(match: re.Match[str]) -> str:
        nonlocal inside
        tag, attributes, text = match.groups()
        if tag.endswith("section"):
            inside = tag == "section"
            return match[0]
        if counted := _counted(attributes):
            parts.append(Part("counter", f"press-{len(parts)}", counted))
            return f'<{tag}{attributes} id="{parts[-1].id}">{text or ""}'
        kind = _kind(tag, attributes, is_text=text is not None)
        if not kind or not (inside or kind == "end"):
            return match[0]
        own = _ID.search(attributes)
        name = own[1] if own else f"press-{len(parts)}"
        parts.append(Part(kind, name, (text or "").strip() if kind in SLOTS else ""))
        if kind == "question" and sum(part.kind == kind for part in parts) - 1 in whole:
            attributes = attributes.replace('class="', 'class="whole ', 1)
        opening = f"<{tag}{attributes}>" if own else f'<{tag}{attributes} id="{name}">'
        return f'{opening}<span class="slot">{text}</span>' if kind in SLOTS else opening + (text or "")

    done = _TAG.sub(mark, html)
    return _BODY.sub(lambda body: body[0] + _FRAME, done, count=1), tuple(parts)


def _counted(attributes: str) -> str:
    """What an element counts: `pages`, or the id of a section."""
    section = _SECTION.search(attributes)
    return section[1] if section else "pages" if _PAGES.search(attributes) else ""


def _kind(tag: str, attributes: str, *, is_text: bool) -> str:
    named = _CLASS.search(attributes)
    kind = "heading" if tag == "h2" else named[1] if named else ""
    if kind in SLOTS:
        return kind if is_text else ""
    return kind if kind in FLOW or kind in INNER else ""


def ruled(html: str, parts: tuple[Part, ...]) -> str:
    """Marked HTML with a ruler of one pixel before each member of the flow, from which margins are measured."""
    names = {part.id for part in parts if part.kind in FLOW}

    def rule(match: re.Match[str]) -> str:
        own = _ID.search(match[2])
        return f'<div id="{ruler(own[1])}" style="height:1px"></div>{match[0]}' if own and own[1] in names else match[0]

    return re.sub(r"<(\w+)\b([^<>]*)>", rule, html)


def ruler(name: str) -> str:
    """The id of the ruler before the part of that id."""
    return f"press-ruler-{name}"
