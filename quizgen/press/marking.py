"""A booklet's HTML with its parts marked, so that the layout tells where each of them came to stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
# What of a member depends on the paper that it stands on: ids, its number, and what slots say but figures.
_PLACE = re.compile(r' id="press-\d+"| data-name="[^"]*"')
_SLOT = re.compile(r'(class="(?:number|mark|label)[^<>]*>)<span class="slot">[^<]*')


@dataclass(frozen=True, slots=True)
class Part:
    """An element of the HTML: what it is, the id by which its place is found, and a slot's text."""

    kind: str
    id: str
    text: str = ""


def marked(html: str, whole: frozenset[int] = frozenset()) -> tuple[str, tuple[Part, ...]]:
    """The HTML with the frame, an id on every part and an element `slot` round every slot's text; and the parts.

    The questions at the places `whole`, counted from 0, get the class of that name: they are moved as one, and their
    labels stay as they are.
    """
    parts: list[Part] = []
    inside = held = False

    def mark(match: re.Match[str]) -> str:
        nonlocal inside, held
        tag, attributes, text = match.groups()
        if tag.endswith("section"):
            inside = tag == "section"
            return match[0]
        if counted := _counted(attributes):
            parts.append(Part("counter", f"press-{len(parts)}", counted))
            return f'<{tag}{attributes} id="{parts[-1].id}">{text or ""}'
        kind = _kind(tag, attributes, is_text=text is not None)
        if not kind or not (inside or kind == "end") or (held and kind == "label"):
            return match[0]
        own = _ID.search(attributes)
        name = own[1] if own else f"press-{len(parts)}"
        parts.append(Part(kind, name, (text or "").strip() if kind in SLOTS else ""))
        if kind in FLOW:
            held = kind == "question" and sum(part.kind == kind for part in parts) - 1 in whole
        if kind == "question" and held:
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


def skeleton(html: str) -> str:
    """The HTML of a page without cover or questions."""
    body = _BODY.search(html)
    return f"{html[: body.end()] if body else ''}{_FRAME}<p>0</p></body></html>"


def members(parts: Sequence[Part]) -> list[tuple[Part, ...]]:
    """The members of a flow, each with the parts inside it."""
    starts = [place for place, part in enumerate(parts) if part.kind in FLOW]
    return [tuple(parts[start:end]) for start, end in zip(starts, [*starts[1:], len(parts)], strict=True)]


def thinned(html: str, parts: Sequence[Part]) -> tuple[str, tuple[Part, ...]]:
    """Marked HTML with its last two questions and first stimulus alone, and the parts that it still has."""
    flow = [own[0] for own in members(parts)]
    kept = [part for part in flow if part.kind == "question"][-2:] + [p for p in flow if p.kind == "stimulus"][:1]
    gone = {part.id for part in flow if part.kind in ("question", "stimulus")} - {part.id for part in kept}
    starts = [*(html.rindex("<", 0, html.index(f' id="{part.id}"')) for part in flow), len(html)]
    done = html[: starts[0]]
    for part, start, end in zip(flow, starts, starts[1:], strict=False):
        own, section, rest = html[start:end].partition("</section>")
        done += section + rest if part.id in gone else own + section + rest
    before = [part for part in parts if part.kind == "counter"]
    return done, (*before, *(p for own in members(parts) if own[0].id not in gone for p in own if p.kind != "counter"))


def lengthened(html: str, pages: int) -> str:
    """HTML with so many more pages at the end of the questions."""
    before, end, rest = html.rpartition("</section>")
    return before + '<div style="break-before: page">0</div>' * pages + end + rest


def fragments(html: str, parts: Sequence[Part]) -> Iterator[tuple[str, str, str]]:
    """What each question and stimulus is in marked HTML, alike wherever it stands: its kind, the head above, itself."""
    flow = [part for part in parts if part.kind in FLOW]
    starts = [html.rindex("<", 0, html.index(f' id="{part.id}"')) for part in flow]
    body = _BODY.search(html)
    head = _TITLE.sub("", html[: body.end()] if body else "")
    for part, start, end in zip(flow, starts, [*starts[1:], len(html)], strict=True):
        if part.kind in ("question", "stimulus"):
            own = html[start:end].partition("</section>")[0]
            yield part.kind, head, _SLOT.sub(r"\1", _PLACE.sub("", own)).strip()


def ruled(html: str, parts: Sequence[Part], *, apart: bool = False) -> str:
    """Marked HTML with a ruler of one pixel before each member of the flow, from which margins are measured.

    Members that stand apart have two, one that ends the page of the one before and one that begins their own.
    """
    before: dict[str, str] = {}
    last = ""
    for part in (part for part in parts if part.kind in FLOW):
        end = f'<div id="{rules(last)[1]}" style="height:1px"></div>' if apart and last else ""
        before[part.id] = f'{end}<div class="press-start" id="{ruler(part.id)}" style="height:1px"></div>'
        last = part.id

    def rule(match: re.Match[str]) -> str:
        own = _ID.search(match[2])
        return before[own[1]] + match[0] if own and own[1] in before else match[0]

    return re.sub(r"<(\w+)\b([^<>]*)>", rule, html)


def ruler(name: str) -> str:
    """The id of the ruler before the part of that id."""
    return f"press-ruler-{name}"


def rules(name: str) -> tuple[str, str]:
    """The ids of the rulers before and behind the part of that id."""
    return ruler(name), f"press-end-{name}"
