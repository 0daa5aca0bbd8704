"""Inlines as runs of WordprocessingML."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from quizgen.richtext import tree
from quizgen.writers.docx import omml
from quizgen.writers.docx.drawing import drawing
from quizgen.writers.docx.wordml import Element, element, find, name, properties, value, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from quizgen.writers.docx.host import Host

_JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_BESIDE = "\u00a0" * 2  # on both sides of a gap's number in its box: spaces that no line ends in
_WEB = ("https://", "http://", "mailto:")


@dataclass(frozen=True, slots=True)
class Look:
    """How letters look: what the template's tag has (`base`), and what the text adds to it."""

    base: Element | None = None
    size: int = 21
    room: int = 9638
    style: str | None = None
    bold: bool = False
    slanted: bool = False
    underlined: bool = False


def runs(inlines: tree.Inlines, host: Host, look: Look) -> list[Element]:
    """Inlines as the runs, equations and links of a paragraph."""
    return [run for inline in inlines for run in _inline(inline, host, look)]


def _inline(inline: tree.Inline, host: Host, look: Look) -> Iterable[Element]:
    match inline:
        case tree.Text() | tree.Reference():
            return [_text(inline.text if isinstance(inline, tree.Text) else inline.label or inline.id, host, look)]
        case tree.LineBreak():
            return [element("w:r", None, element("w:br"))]
        case tree.Emphasis(content) | tree.Strong(content):
            return runs(content, host, _stressed(inline, look))
        case tree.Code(text):
            return [_text(text, host, replace(look, style="Inline Code"))]
        case tree.Math(latex):
            return [omml.inline(latex)]
        case tree.Ruby(base, reading):
            return [_ruby(base, reading, host, look)]
        case tree.Image():
            return [drawing(inline, host, look.room)]
        case tree.Link(url, content):
            return _link(url, content, host, look)
        case tree.Gap(label):
            return [run(f"{_BESIDE}{label}{_BESIDE}", host, replace(look, style="Gap"))]
        case _:
            assert_never(inline)


def lines(text: str) -> Iterator[Element]:
    """The contents of a run that shows text as it stands: tabs and new lines are elements of their own."""
    for part in re.split("([\n\t])", text):
        if part:
            yield {"\n": element("w:br"), "\t": element("w:tab")}.get(part, words("w:t", part))


def run(text: str, host: Host, look: Look) -> Element:
    """One run that shows text as it stands."""
    made = element("w:r", None, *_looks(text, host, look))
    made.extend(lines(text))
    return made


def _text(text: str, host: Host, look: Look) -> Element:
    return run(re.sub("[\n\t]", " ", text), host, look)


def _looks(text: str, host: Host, look: Look) -> list[Element]:
    changes = []
    style = host.style(look.style) if look.style else None
    if style is not None:
        changes.append(value("w:rStyle", style))
    if host.language == "ja" and not text.isascii():
        changes.append(_east_asian(look))
    if look.bold:
        changes += [element("w:b"), element("w:bCs")]
    if look.slanted:
        changes += [element("w:i"), element("w:iCs")]
    if look.underlined:
        changes.append(value("w:u", "single"))
    made = properties("w:rPr", look.base, changes)
    return [made] if len(made) else []


def _east_asian(look: Look) -> Element:
    # Characters that both scripts have (①, →, “”) take the Japanese font where the text is Japanese.
    base = find(look.base, "w:rFonts") if look.base is not None else None
    fonts = element("w:rFonts")
    for key, font in base.attrib.items() if base is not None else ():
        fonts.set(key, font)
    fonts.set(name("w:hint"), "eastAsia")
    return fonts


def _stressed(inline: tree.Emphasis | tree.Strong, look: Look) -> Look:
    if isinstance(inline, tree.Strong):
        return replace(look, bold=True)
    # Japanese has no italic: as in the other formats, a line stands below what is stressed.
    japanese = any(isinstance(part, tree.Text) and _JAPANESE.search(part.text) for part in inline.content)
    return replace(look, underlined=True) if japanese else replace(look, slanted=True)


def _ruby(base: str, reading: str, host: Host, look: Look) -> Element:
    small = max(look.size // 2, 8)
    shape = element(
        "w:rubyPr",
        None,
        value("w:rubyAlign", "distributeSpace"),
        value("w:hps", small),
        value("w:hpsRaise", look.size - 2),
        value("w:hpsBaseText", look.size),
        value("w:lid", "ja-JP"),
    )
    above = run(reading, host, look)
    looks = properties("w:rPr", find(above, "w:rPr"), [value("w:sz", small), value("w:szCs", small)])
    above = element("w:r", None, looks, *lines(reading))
    parts = (element("w:rt", None, above), element("w:rubyBase", None, run(base, host, look)))
    return element("w:r", None, *_looks(base, host, look), element("w:ruby", None, shape, *parts))


def _link(url: str, content: tree.Inlines, host: Host, look: Look) -> list[Element]:
    inside = runs(content, host, replace(look, style="Hyperlink"))
    if not url.startswith(_WEB):
        return inside
    return [element("w:hyperlink", {"r:id": host.link(url), "w:history": 1}, *inside)]
