"""How letters and paragraphs look: what a document's styles say, and what stands directly at the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from quizgen.importers.archive import Archive, attributes, child, children, local
from quizgen.importers.docx.numbering import left

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DEEPEST = 20  # styles based on styles
_FIXED_WIDTH = {
    *("consolas", "courier", "courier new", "lucida console", "menlo", "monaco", "cascadia code", "cascadia mono"),
    *("source code pro", "inconsolata", "dejavu sans mono", "liberation mono", "ubuntu mono", "sf mono", "fira code"),
    *("jetbrains mono", "noto sans mono", "andale mono", "roboto mono"),
}
_CODE = re.compile(
    r"(?:inline |source |html )?(?:code|コード)(?: char)?|verbatim(?: char)?|ソースコード|html preformatted"
    r"|preformatted text|source text|html typewriter"
)
_HEADING = re.compile(r"(?:heading|見出し) ?([1-9])")
_BLACK = {"auto", "000000"}
_NO_COLOUR = {"", "auto", "none", "ffffff", "clear"}


@dataclass(frozen=True, slots=True)
class Look:
    """How letters look; None where nothing is said."""

    bold: bool | None = None
    italic: bool | None = None
    code: bool | None = None
    colour: str | None = None
    highlight: str | None = None
    underline: bool | None = None
    strike: bool | None = None
    raised: str | None = None

    def over(self, other: Look) -> Look:
        """What this look says, and the other one where this says nothing."""
        pairs = ((getattr(self, one.name), getattr(other, one.name)) for one in fields(self))
        return Look(*(mine if mine is not None else theirs for mine, theirs in pairs))


@dataclass(frozen=True, slots=True)
class Style:
    """A style: what it is called, its letters, its list, its heading's level (0 for none) and its indent."""

    name: str = ""
    look: Look = Look()
    list: tuple[int, int] | None = None
    heading: int = 0
    indent: int | None = None

    @property
    def code(self) -> bool:
        """Whether it is made for programs."""
        return bool(self.look.code)


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of a document by their ids; "" has the one of paragraphs that name none."""

    styles: Mapping[str, Style]

    def named(self, name: str) -> Style:
        """The style with an id; one that says nothing where there is none."""
        return self.styles.get(name, Style())


def read_styles(archive: Archive, part: str | None) -> Styles:
    """The styles that a document defines, each with what it takes from those it is based on."""
    if part is None or part not in archive:
        return Styles({})
    root = archive.tree(part)
    defined = {attributes(style).get("styleId", ""): style for style in children(root, "style")}
    styles = {name: _resolved(name, defined) for name in defined}
    default = next((styles[name] for name, style in defined.items() if _is_default(style)), Style())
    if default.look.code:
        # Where all letters are as wide as each other, that says nothing about any of them.
        styles = {name: replace(style, look=replace(style.look, code=None)) for name, style in styles.items()}
        default = replace(default, look=replace(default.look, code=None))
    return Styles({**styles, "": default})


def _is_default(style: Element) -> bool:
    told = attributes(style)
    return told.get("default") in ("1", "true") and told.get("type") == "paragraph"


def _resolved(name: str, defined: Mapping[str, Element]) -> Style:
    chain = list(_chain(name, defined))
    look, numbered, indent = Look(), None, None
    heading = 0
    for style in chain:
        own = child(style, "pPr")
        look = look.over(look_of(child(style, "rPr")))
        numbered = numbered or list_of(own)
        heading = heading or _heading(style)
        indent = indent if indent is not None else left(child(own, "ind"))
    called = value(child(chain[0], "name")).casefold()
    return Style(called, Look(code=True).over(look) if _CODE.fullmatch(called) else look, numbered, heading, indent)


def _chain(name: str, defined: Mapping[str, Element]) -> Iterator[Element]:
    """A style, the one it is based on, and so on."""
    for _ in range(_DEEPEST):
        if name not in defined:
            return
        yield defined[name]
        name = value(child(defined[name], "basedOn"))


def _heading(style: Element) -> int:
    match = _HEADING.fullmatch(value(child(style, "name")).casefold())
    outline = value(child(style, "pPr", "outlineLvl"))
    return int(match[1]) if match else int(outline) + 1 if outline in tuple("012345678") else 0


def list_of(properties: Element | None) -> tuple[int, int] | None:
    """The list and the level that a paragraph's properties say; list 0 is none."""
    numbered = child(properties, "numPr")
    if numbered is None:
        return None
    number, level = value(child(numbered, "numId")), value(child(numbered, "ilvl")) or "0"
    return (int(number), int(level)) if re.fullmatch("[0-9]{1,9}", number) and level in tuple("012345678") else None


def look_of(properties: Element | None) -> Look:
    """What the properties of letters say."""
    if properties is None:
        return Look()
    told = {local(one.tag): attributes(one) for one in properties}
    return Look(
        _flag(told, "b"),
        _flag(told, "i"),
        _fixed_width(told.get("rFonts")),
        _colour(told.get("color")),
        _highlight(told),
        told["u"].get("val", "single") != "none" if "u" in told else None,
        _flag(told, "strike"),
        told["vertAlign"].get("val") if "vertAlign" in told else None,
    )


def _flag(told: Mapping[str, Mapping[str, str]], name: str) -> bool | None:
    return told[name].get("val", "1") not in ("0", "false", "off", "none") if name in told else None


def _fixed_width(fonts: Mapping[str, str] | None) -> bool | None:
    named = fonts.get("ascii") or fonts.get("hAnsi") if fonts else None
    return named.casefold() in _FIXED_WIDTH if named else None


def _colour(told: Mapping[str, str] | None) -> str | None:
    if told is None:
        return None
    colour = told.get("val", "auto").casefold()
    return "" if colour in _BLACK else colour


def _highlight(told: Mapping[str, Mapping[str, str]]) -> str | None:
    found = None
    for name, key in (("highlight", "val"), ("shd", "fill")):
        if name in told:
            colour = told[name].get(key, "").casefold()
            found = found or ("" if colour in _NO_COLOUR else colour)
    return found


def value(element: Element | None) -> str:
    """An element's value; "" where there is none."""
    return attributes(element).get("val", "") if element is not None else ""
