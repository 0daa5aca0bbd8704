"""Elements that are read as a whole, whatever stands around them: code, ruby, pictures' widths."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from quizgen.importers.text import UNPRINTABLE, one_line_end
from quizgen.richtext.highlight import rows
from quizgen.richtext.tree import CodeBlock, Ruby, Text, Width

if TYPE_CHECKING:
    from lxml.etree import _Element

NOTHING = {
    *("head", "title", "meta", "link", "base", "style", "template", "script"),
    *("col", "colgroup", "area", "source", "track", "param"),
}

_RAISED = dict(zip("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", strict=True))
_LOWERED = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))
_LANGUAGE = re.compile(r"(?:^|\s)(?:lang|language|brush)[-:]\s*([A-Za-z][\w+#.-]{0,30})")
_WIDTH = re.compile(r"(?:^|[;\s])width\s*:\s*(\d{1,5}(?:\.\d{1,6})?)\s*(mm|cm|in|pt|px|%)", re.IGNORECASE)
_WIDTH_ATTRIBUTE = re.compile(r"\s*(\d{1,5})(?:px)?(%?)\s*")
_MILLIMETRES = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72, "px": 25.4 / 96}
_WIDEST = 1_000


def raw_text(element: _Element) -> str:
    """The characters in an element, blanks and all, with a line's end for each `<br>`."""
    parts = [element.text or ""]
    for child in element:
        if str(child.tag) not in NOTHING:
            parts.append("\n" if child.tag == "br" else raw_text(child))
        parts.append(child.tail or "")
    return one_line_end(UNPRINTABLE.sub("", "".join(parts)))


def words(text: str) -> str:
    """A text with one space for all blanks."""
    return " ".join(UNPRINTABLE.sub("", text).split())


def code_block(pre: _Element) -> CodeBlock | None:
    """Lines of code; None for a block without any."""
    text = raw_text(pre)
    # Browsers pass over a line's end directly behind the tag.
    text = text.removeprefix("\n") if (pre.text or "").startswith("\n") else text
    text = text.rstrip()
    inner = pre.find("code")
    classes = f"{pre.get('class', '')} {'' if inner is None else inner.get('class', '')}"
    match = _LANGUAGE.search(classes)
    language = match[1].lower() if match else ""
    return CodeBlock(language, rows(text, language)) if text else None


def ruby(element: _Element) -> Iterator[Ruby | Text]:
    """The characters of a ruby element with their readings; what has none, or is none, is text."""
    base = ""
    for name, text in _ruby_parts(element):
        if name != "rt":
            base += text
        elif base.strip() and text.strip():
            yield Ruby(words(base), words(text))
            base = ""
        else:
            base += text
    if base:
        yield Text(base)


def _ruby_parts(element: _Element) -> Iterator[tuple[str, str]]:
    """The texts in a ruby element, each with the name of what it stands in."""
    yield "", element.text or ""
    for child in element:
        name = str(child.tag)
        if name in ("rbc", "rtc"):
            yield from _ruby_parts(child)
        elif name != "rp":
            yield name, raw_text(child)
        yield "", child.tail or ""


def shifted(name: str, text: str) -> tuple[str, bool]:
    """Raised (`sup`) or lowered text in letters that are so by themselves, and whether there are such letters."""
    letters, sign = (_RAISED, "^") if name == "sup" else (_LOWERED, "_")
    if all(letter in letters for letter in text):
        return "".join(letters[letter] for letter in text), True
    return (f"{sign}{text}" if len(text) == 1 else f"{sign}({text})"), False


def picture_name(source: str) -> str:
    """The file name in a picture's address without its ending; "" where there is none."""
    if source.startswith("data:"):
        return ""
    try:
        return words(PurePosixPath(unquote(urlsplit(source).path)).stem)
    except ValueError:
        return ""


def picture_width(image: _Element) -> Width | None:
    """The width that a picture is shown in; pixels are those of a screen, 96 to the inch."""
    match = _WIDTH.search(str(image.get("style", "")))
    attribute = _WIDTH_ATTRIBUTE.fullmatch(str(image.get("width", "")))
    if match:
        value, unit = float(match[1]), match[2].lower()
    elif attribute:
        value, unit = float(attribute[1]), attribute[2] or "px"
    else:
        return None
    if unit == "%":
        return Width(value, "%") if 0 < value <= 100 else None
    # Nobody means a hundredth of what is a tenth of a millimetre.
    millimetres = round(value * _MILLIMETRES[unit], 4 if unit in ("mm", "cm") else 0)
    return Width(millimetres, "mm") if 0 < millimetres <= _WIDEST else None
