"""The Word document that text goes into: its styles, its numbering, its pictures and its links."""

from __future__ import annotations

from functools import cached_property
from math import ceil
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from quizgen import picture as pictures_of
from quizgen.problems import QuizgenError
from quizgen.writers.docx.wordml import Element, element, find, name, value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from gettext import NullTranslations

    from docx.document import Document
    from docx.styles.style import BaseStyle

    from quizgen.picture import Picture

_FALLBACK_DPI = 220  # what Word itself keeps of a picture
_MOST_PIXELS = 2400
_LEVELS = 9
_COUNTED = ("heading 1", "Question", "Assignment Heading")


class Host:
    """A Word document that is being filled, and what it is filled with besides text."""

    def __init__(self, document: Document, pictures: Mapping[str, Picture], language: str) -> None:
        self.document = document
        self.pictures = pictures
        self.language = language
        self._parts: dict[str, str] = {}
        self._chains: dict[str | None, tuple[Element, ...]] = {}

    @cached_property
    def _styles(self) -> dict[str, BaseStyle]:
        return {style.style_id: style for style in self.document.styles}

    @cached_property
    def _ids(self) -> dict[str, str]:
        # Ids change with the language of the Word that saved the file; names do not.
        return {(style.name or "").lower(): style_id for style_id, style in self._styles.items()}

    def style(self, style_name: str) -> str | None:
        """The id of the style with that name, if the template has it."""
        return self._ids.get(style_name.lower())

    def styled(self, style_name: str) -> Element:
        """The properties of a paragraph in that style."""
        style_id = self.style(style_name)
        return element("w:pPr", None, *([value("w:pStyle", style_id)] if style_id is not None else []))

    def attribute(self, properties: Element | None, tag: str, *attributes: str) -> str | None:
        """What a paragraph's own properties or else its styles say: the first of the attributes that is set."""
        for source in self._sources(properties):
            found = source.find("/".join(map(name, tag.split("/"))))
            for attribute in attributes if found is not None else ():
                if (said := found.get(name(attribute))) is not None:  # type: ignore[union-attr]
                    return said
        return None

    def says(self, properties: Element | None, tag: str) -> bool:
        """Whether a yes-or-no property (`w:keepNext`) holds for a paragraph."""
        for source in self._sources(properties):
            found = find(source, tag)
            if found is not None:
                return found.get(name("w:val"), "1") not in {"0", "false", "off"}
        return False

    def indent(self, properties: Element | None) -> int:
        """How far a paragraph stands from the left, in twentieths of a point."""
        return int(float(self.attribute(properties, "w:ind", "w:left", "w:start") or 0))

    def hanging(self, properties: Element | None) -> int:
        """How much further out a paragraph's first line stands, in twentieths of a point."""
        return int(float(self.attribute(properties, "w:ind", "w:hanging") or 0))

    def numbers(self, properties: Element | None) -> bool:
        """Whether a paragraph's styles number it."""
        number = self.attribute(properties, "w:numPr/w:numId", "w:val")
        return number is not None and number != "0"

    def unnumbered(self) -> Element:
        """What takes a paragraph out of the numbers of its style."""
        return element("w:numPr", None, value("w:ilvl", 0), value("w:numId", 0))

    def tab_stops(self, properties: Element | None) -> set[int]:
        """Where a paragraph's own properties and its styles have stops for tabs."""
        path = f"{name('w:tabs')}/{name('w:tab')}"
        found = (stop for source in self._sources(properties) for stop in source.iterfind(path))
        return {int(stop.get(name("w:pos"), "0")) for stop in found}

    def letter_size(self, properties: Element | None) -> int:
        """The size of a paragraph's letters, in half points."""
        for style in self._style_chain(properties):
            size = style.find(f"{name('w:rPr')}/{name('w:sz')}")
            if size is not None:
                return int(size.get(name("w:val"), "21"))
        default = self.document.styles.element.find(
            "/".join(map(name, ("w:docDefaults", "w:rPrDefault", "w:rPr", "w:sz")))
        )
        return 21 if default is None else int(default.get(name("w:val"), "21"))

    def _sources(self, properties: Element | None) -> Iterator[Element]:
        if properties is not None:
            yield properties
        for style in self._style_chain(properties):
            if (found := find(style, "w:pPr")) is not None:
                yield found

    def _style_chain(self, properties: Element | None) -> tuple[Element, ...]:
        """A paragraph's style, the one that it is based on, and so on."""
        chosen = find(properties, "w:pStyle") if properties is not None else None
        style_id = chosen.get(name("w:val")) if chosen is not None else self.style("Normal")
        if style_id not in self._chains:
            self._chains[style_id] = tuple(self._chain(style_id))
        return self._chains[style_id]

    def _chain(self, style_id: str | None) -> Iterator[Element]:
        seen: set[str] = set()
        while style_id in self._styles and style_id not in seen:
            seen.add(style_id)
            style: Element = self._styles[style_id].element
            yield style
            based_on = find(style, "w:basedOn")
            style_id = None if based_on is None else based_on.get(name("w:val"))

    def speak(self, words: NullTranslations) -> None:
        """Say the numbers of questions and headings in the language: “Part 1” of our templates is 第1問.

        The words are those of the catalog; whatever else a template's maker has written there stays.
        """
        for style_name in _COUNTED:
            shape = self._shape_of(style_name)
            for level in shape.iterfind(name("w:lvl")) if shape is not None else ():
                said = find(level, "w:lvlText")
                if said is not None:
                    text = said.get(name("w:val"), "").replace("%1", "%(number)s")
                    said.set(name("w:val"), (words.gettext(text) if text else "").replace("%(number)s", "%1"))

    def _shape_of(self, style_name: str) -> Element | None:
        """What the numbers of a style look like."""
        number = self.attribute(self.styled(style_name), "w:numPr/w:numId", "w:val")
        if number in {None, "0"} or self.style(style_name) is None:
            return None
        numbering: Element = self.document.part.numbering_part.element
        reference = numbering.find(f"{name('w:num')}[@{name('w:numId')}='{number}']/{name('w:abstractNumId')}")
        said = None if reference is None else reference.get(name("w:val"))
        return numbering.find(f"{name('w:abstractNum')}[@{name('w:abstractNumId')}='{said}']")

    def numbering(self, style_name: str, start: int | None) -> int:
        """The number of a list that looks as the style says; one that counts starts anew."""
        same = self._list_of(style_name)
        if start is None:
            return same
        numbering = self.document.part.numbering_part.element
        shape = numbering.num_having_numId(same).abstractNumId.val
        anew = numbering.add_num(shape)
        for level in range(_LEVELS):
            anew.add_lvlOverride(ilvl=level).add_startOverride(start if level == 0 else 1)
        return int(anew.numId)

    def _list_of(self, style_name: str) -> int:
        style_id = self.style(style_name)
        found = None
        if style_id is not None:
            path = "/".join(map(name, ("w:pPr", "w:numPr", "w:numId")))
            found = self._styles[style_id].element.find(path)
        if found is None:
            raise QuizgenError(f"the template has no style “{style_name}” that numbers its paragraphs")
        return int(found.get(name("w:val"), "0"))

    def link(self, url: str) -> str:
        """The relationship that leads to an address."""
        return self.document.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)

    def embed(self, picture: Picture, inches: float) -> tuple[str, str | None]:
        """The relationships of a picture: its pixels, and its drawing where it is one."""
        if picture.media_type != "image/svg+xml":
            return self._add(picture.name, picture.media_type, picture.data), None
        # Word before 2019 and LibreOffice's older releases know no SVG: they show the pixels.
        pixels = min(ceil(inches * _FALLBACK_DPI), _MOST_PIXELS)
        still = f"{PurePosixPath(picture.name).stem}-{pixels}.png"
        if still not in self._parts:
            self._add(still, "image/png", pictures_of.raster(picture, pixels))
        return self._parts[still], self._add(picture.name, picture.media_type, picture.data)

    def _add(self, file_name: str, media_type: str, data: bytes) -> str:
        if file_name not in self._parts:
            package = self.document.part.package
            part = Part(PackURI(f"/word/media/{file_name}"), media_type, data, package)
            self._parts[file_name] = self.document.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
        return self._parts[file_name]
