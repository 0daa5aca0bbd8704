"""Word's automatic numbers, which stand in no text: counted as Word counts them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from quizgen.importers.archive import Archive, attributes, child, children
from quizgen.language import LABELS

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LEVELS = 9
_PLACE = re.compile("%([1-9])")
_LABELS = {
    "upperLetter": LABELS["capitals"],
    "lowerLetter": LABELS["letters"],
    "aiueo": LABELS["katakana"],
    "aiueoFullWidth": LABELS["katakana"],
    "iroha": LABELS["iroha"],
    "irohaFullWidth": LABELS["iroha"],
    "decimalEnclosedCircle": LABELS["circled"],
    "decimalEnclosedCircleChinese": LABELS["circled"],
}
_ROMAN = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_MOST = 100_000


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a list: where it starts, how it counts, what stands around the number, and how far in."""

    start: int = 1
    format: str = "decimal"
    text: str = "%1."
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Label:
    """The number that Word shows before a paragraph, or its bullet; `list` and `level` say of which list it is."""

    text: str
    list: int
    level: int
    bullet: bool
    indent: int


@dataclass(slots=True)
class Numbering:
    """The lists of a document, and how far each has been counted; paragraphs have to come in order."""

    levels: Mapping[int, Mapping[int, Level]]
    lists: Mapping[int, int]
    overrides: Mapping[int, Mapping[int, int]]
    _counts: dict[int, dict[int, int]] = field(default_factory=dict)
    _begun: set[int] = field(default_factory=set)

    def label(self, number: int, level: int) -> Label | None:
        """The label of the next paragraph in a list; None when there is no such list."""
        kind = self.lists.get(number)
        definition = self.levels.get(kind, {}).get(level) if kind is not None else None
        if kind is None or definition is None or definition.format == "none":
            return None
        counts = self._counts.setdefault(kind, {})
        if number not in self._begun:
            self._begun.add(number)
            for at, start in self.overrides.get(number, {}).items():
                counts[at] = start - 1
        counts[level] = min(counts.get(level, definition.start - 1) + 1, _MOST)
        for deeper in [at for at in counts if at > level]:
            del counts[deeper]
        bullet = definition.format == "bullet"
        text = definition.text if bullet else self._text(kind, definition, counts)
        return Label(text.strip(), kind, level, bullet, definition.indent)

    def _text(self, kind: int, definition: Level, counts: Mapping[int, int]) -> str:
        levels = self.levels[kind]

        def number(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            level = levels.get(at, Level())
            return _counted(counts.get(at, level.start), level.format)

        return _PLACE.sub(number, definition.text)


def _counted(number: int, kind: str) -> str:
    if kind in _LABELS:
        labels = _LABELS[kind]
        return labels[number - 1] if 0 < number <= len(labels) else str(number)
    if kind in ("lowerRoman", "upperRoman") and 0 < number < len(_ROMAN):
        return _ROMAN[number] if kind == "lowerRoman" else _ROMAN[number].upper()
    return str(number)


def read_numbering(archive: Archive, part: str | None) -> Numbering:
    """The lists that a document defines."""
    if part is None or part not in archive:
        return Numbering({}, {}, {})
    root = archive.tree(part)
    levels = {_value(kind, "abstractNumId"): _levels(kind) for kind in children(root, "abstractNum")}
    lists, overrides = {}, {}
    for one in children(root, "num"):
        number = _value(one, "numId")
        lists[number] = _value(child(one, "abstractNumId"), "val")
        overrides[number] = {
            _value(override, "ilvl"): _value(start, "val")
            for override in children(one, "lvlOverride")
            if (start := child(override, "startOverride")) is not None
        }
    return Numbering(levels, lists, overrides)


def _levels(kind: Element) -> dict[int, Level]:
    return {_value(level, "ilvl"): _level(level) for level in children(kind, "lvl")}


def _level(level: Element) -> Level:
    told = {name: _text(child(level, name)) for name in ("start", "numFmt", "lvlText")}
    start = told["start"]
    indent = child(level, "pPr", "ind")
    return Level(
        int(start) if start and start.isdecimal() and len(start) < 6 else 0 if start else 1,
        told["numFmt"] or "decimal",
        told["lvlText"] or "",
        left(indent) or 0,
    )


def left(indent: Element | None) -> int | None:
    """How far in a paragraph stands, in twentieths of a point; None where nothing says so."""
    if indent is None:
        return None
    told = attributes(indent)
    text = told.get("left", told.get("start", ""))
    return int(text) if re.fullmatch("-?[0-9]{1,6}", text) else None


def _text(element: Element | None) -> str:
    return attributes(element).get("val", "") if element is not None else ""


def _value(element: Element | None, name: str) -> int:
    text = attributes(element).get(name, "") if element is not None else ""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else -1
