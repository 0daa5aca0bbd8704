"""The body of a Word document as lines; what has no place in them is told."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from quizgen.importers.archive import Archive, attributes, child, local
from quizgen.importers.docx.equations import EquationError, latex, plain
from quizgen.importers.docx.lines import Grid, Line, Sign, Span
from quizgen.importers.docx.numbering import Numbering, left, read_numbering
from quizgen.importers.docx.pictures import NoPictureError, Pictures
from quizgen.importers.docx.styles import Look, Style, Styles, list_of, look_of, read_styles, value
from quizgen.importers.imported import ImportedFile, Note
from quizgen.importers.text import UNPRINTABLE
from quizgen.problems import Position, Problem, ProblemsError
from quizgen.richtext.markdown import link_allowed
from quizgen.richtext.tree import Code, Image, Inline, LineBreak, Math, Ruby, Text, Width

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_LINES = 50_000
_MOST_CELLS = 20_000
_WIDEST = 160  # mm
_EMU = 36_000  # to the millimetre
_SHOWN = 40
# Whatever is around text and says nothing about it; `ins` and `moveTo` are text that was added later.
_AROUND = {"ins", "moveTo", "smartTag", "customXml", "fldSimple", "dir", "bdo", "sdtContent", "sdt", "oMathPara"}
_SYMBOLS = {"\uf0fc": "✓", "\uf0fe": "☑", "\uf0a8": "☐", "\uf06f": "☐", "\uf0b7": "・", "\uf0e0": "→", "\uf0fb": "✗"}
_RAISED = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_TABLE_OF_CONTENTS = re.compile(r"(?:toc|目次) ?\d")


@dataclass(slots=True)
class Body:
    """A document being read, from its first paragraph to its last: numbers are counted on the way."""

    archive: Archive
    styles: Styles
    numbering: Numbering
    pictures: Pictures
    no_alt: str
    notes: list[Note] = field(default_factory=list)
    _number: int = 0
    _lines: int = 0
    _cells: int = 0

    @property
    def files(self) -> tuple[ImportedFile, ...]:
        """The pictures that come along, each once."""
        return tuple({file.path: file for file in self.pictures.files.values()}.values())

    def lines(self, element: Element) -> Iterator[Line]:
        """The lines of a body or a cell."""
        for part in element:
            name = local(part.tag)
            if name == "p":
                yield from self._paragraph(part)
            elif name == "tbl":
                yield from self._table(part)
            elif name in _AROUND:
                yield from self.lines(part)
            elif name == "AlternateContent":
                chosen = child(part, "Choice")
                yield from self.lines(chosen if chosen is not None else part)

    def _table(self, table: Element) -> Iterator[Line]:
        number = self._number + 1
        rows = tuple(tuple(self._row(row)) for row in _inside(table, "tr"))
        if len(rows) == 1 and len(rows[0]) == 1:
            # A frame around text is a table of one cell.
            yield from (replace(line, box=True) for line in rows[0][0])
        elif rows:
            yield Line(number, grid=Grid(rows))

    def _row(self, row: Element) -> Iterator[tuple[Line, ...]]:
        for cell in _inside(row, "tc"):
            self._cells += 1
            if self._cells > _MOST_CELLS:
                self._refuse(f"it has more than {_MOST_CELLS:,} cells of tables")
            span = value(child(cell, "tcPr", "gridSpan"))
            yield tuple(self.lines(cell))
            for _ in range(min(int(span), 50) - 1 if re.fullmatch("[0-9]{1,3}", span) else 0):
                yield ()

    def _paragraph(self, paragraph: Element) -> Iterator[Line]:
        self._number += 1
        properties = child(paragraph, "pPr")
        style = self.styles.named(value(child(properties, "pStyle")))
        if _TABLE_OF_CONTENTS.fullmatch(style.name):
            return
        for line in self._split(self._line(paragraph, properties, style)):
            self._lines += 1
            if self._lines > MOST_LINES:
                self._refuse(f"it has more than {MOST_LINES:,} lines")
            yield line

    def _line(self, paragraph: Element, properties: Element | None, style: Style) -> Line:
        numbered = list_of(properties) or style.list
        label = self.numbering.label(*numbered) if numbered else None
        outline = value(child(properties, "outlineLvl"))
        own = left(child(properties, "ind"))
        spans = tuple(self._spans(paragraph, style.look, ""))
        text = "".join(span.text for span in spans if not isinstance(span.inline, Code))
        return Line(
            self._number,
            spans,
            label,
            style.name,
            int(outline) + 1 if outline in tuple("012345678") else style.heading,
            next((far for far in (own, label.indent if label else None, style.indent) if far is not None), 0),
            code=label is None and bool(spans) and not text.strip(),
        )

    def _split(self, line: Line) -> Iterator[Line]:
        """The parts of a paragraph between its line breaks; a program keeps its own."""
        if line.code:
            yield line
            return
        parts: list[list[Span]] = [[]]
        for span in line.spans:
            if isinstance(span.inline, LineBreak):
                parts.append([])
            else:
                parts[-1].append(span)
        yield replace(line, spans=tuple(parts[0]))
        yield from (replace(line, spans=tuple(part), label=None, goes_on=True) for part in parts[1:])

    # Runs

    def _spans(self, element: Element, look: Look, link: str) -> Iterator[Span]:
        for part in element:
            name = local(part.tag)
            if name == "r":
                yield from self._run(part, look, link)
            elif name == "hyperlink":
                yield from self._spans(part, look, self._address(part))
            elif name == "oMath":
                yield from self._equation(part)
            elif name in _AROUND:
                yield from self._spans(part, look, link)
            elif name == "AlternateContent":
                chosen = child(part, "Choice")
                yield from self._spans(chosen, look, link) if chosen is not None else ()

    def _run(self, run: Element, look: Look, link: str) -> Iterator[Span]:
        properties = child(run, "rPr")
        style = self.styles.named(value(child(properties, "rStyle"))) if properties is not None else Style()
        # A style of letters wins over that of the paragraph, and what is said at the text over both.
        look = look_of(properties).over(style.look if style.name else Look()).over(look)
        for part in run:
            name = local(part.tag)
            make = _IN_RUN.get(name)
            if make:
                yield from (_looking(inline, look, link) for inline in make(self, part))
            elif name == "AlternateContent":
                chosen = child(part, "Choice")
                yield from self._run(chosen, look, link) if chosen is not None else ()

    def _text(self, part: Element) -> Iterator[Inline]:
        text = UNPRINTABLE.sub("", part.text or "")
        yield Text("".join(_SYMBOLS.get(letter, letter) for letter in text))

    def _tab(self, _part: Element) -> Iterator[Inline]:
        yield Text("\t")

    def _hyphen(self, _part: Element) -> Iterator[Inline]:
        yield Text("-")

    def _break(self, part: Element) -> Iterator[Inline]:
        if attributes(part).get("type", "textWrapping") == "textWrapping":
            yield LineBreak()

    def _symbol(self, part: Element) -> Iterator[Inline]:
        code = attributes(part).get("char", "")
        letter = chr(int(code, 16)) if re.fullmatch("[0-9A-Fa-f]{4}", code) else ""
        known = _SYMBOLS.get(letter, letter)
        if known and not unicodedata.category(known).startswith("C"):
            yield Text(known)
        else:
            self._note("symbol", f"a sign of the font {attributes(part).get('font', '')[:_SHOWN]} is left out")

    def _ruby(self, part: Element) -> Iterator[Inline]:
        base, reading = (_text_in(child(part, name)) for name in ("rubyBase", "rt"))
        if base:
            yield Ruby(base, reading) if reading else Text(base)

    def _footnote(self, _part: Element) -> Iterator[Inline]:
        self._note("footnote", "a footnote is left out")
        yield from ()

    def _drawing(self, part: Element) -> Iterator[Inline]:
        if self._told_of_text_box(part):
            return
        told = next((attributes(one) for one in part.iter() if local(one.tag) == "docPr"), {})
        size = next((attributes(one).get("cx", "") for one in part.iter() if local(one.tag) == "extent"), "")
        blips = [attributes(one) for one in part.iter() if local(one.tag) == "blip"]
        if not blips:
            self._note("drawing", "a drawing or a chart of Word's is left out; paste it as a picture")
        if any(local(one.tag) == "srcRect" and one.attrib for one in part.iter()):
            self._note("picture-cropped", "a picture is cropped in Word; all of it comes along")
        for blip in blips:
            reference = blip.get("embed") or blip.get("link", "")
            yield from self._picture(reference, told.get("descr", "") or told.get("title", ""), size)

    def _old_drawing(self, part: Element) -> Iterator[Inline]:
        if self._told_of_text_box(part):
            return
        for one in part.iter():
            if local(one.tag) == "imagedata":
                told = attributes(one)
                yield from self._picture(told.get("id", ""), told.get("title", ""), "")

    def _told_of_text_box(self, part: Element) -> bool:
        box = next((one for one in part.iter() if local(one.tag) == "txbxContent"), None)
        if box is not None:
            text = _text_in(box)[:_SHOWN]
            self._note("text-box", f"a text box is left out ({text}); move its text into the document")
        return box is not None

    def _picture(self, reference: str, alt: str, size: str) -> Iterator[Inline]:
        try:
            path = self.pictures.path(reference)
        except NoPictureError as error:
            self._note("picture-left-out", f"a picture {error}")
            return
        alt = " ".join(UNPRINTABLE.sub("", alt).split())
        if not alt:
            self._note("image-alt", f"the picture {path} has no description; write one in place of `{self.no_alt}`")
        width = round(int(size) / _EMU) if re.fullmatch("[0-9]{1,9}", size) else 0
        yield Image(path, alt or self.no_alt, Width(min(width, _WIDEST), "mm") if width else None)

    def _equation(self, part: Element) -> Iterator[Span]:
        try:
            yield Span(Math(latex(part)))
        except EquationError:
            text = " ".join(UNPRINTABLE.sub("", plain(part)).split())
            self._note(
                "equation", f"an equation is too unusual to be carried; only its signs came along: {text[:_SHOWN]}"
            )
            yield Span(Text(text))

    def _address(self, part: Element) -> str:
        link = self.pictures.links.get(attributes(part).get("id", ""))
        address = link.target if link and link.outside else ""
        try:
            plain_address = urlsplit(address).geturl() if link_allowed(address) else ""
        except ValueError:
            return ""
        return plain_address if re.fullmatch(r"[\x21-\x7e]{1,2000}", plain_address) else ""

    def _note(self, code: str, message: str) -> None:
        self.notes.append(Note(Position(self.archive.name, self._number, 1), code, message))

    def _refuse(self, why: str) -> None:
        message = f"the file cannot be read: {why}; save what is to be imported in a file of its own"
        raise ProblemsError([Problem(Position(self.archive.name), "too-large", message)])


_IN_RUN: dict[str, Callable[[Body, Element], Iterator[Inline]]] = {
    "t": Body._text,
    "tab": Body._tab,
    "br": Body._break,
    "cr": Body._break,
    "noBreakHyphen": Body._hyphen,
    "sym": Body._symbol,
    "ruby": Body._ruby,
    "drawing": Body._drawing,
    "pict": Body._old_drawing,
    "object": Body._old_drawing,
    "footnoteReference": Body._footnote,
    "endnoteReference": Body._footnote,
}


def open_body(archive: Archive, part: str, no_alt: str) -> Body:
    """A document, ready to be read."""
    links = archive.links(part)
    parts = {link.kind: link.target for link in links.values() if not link.outside}
    styles = read_styles(archive, parts.get("styles"))
    return Body(archive, styles, read_numbering(archive, parts.get("numbering")), Pictures(archive, links), no_alt)


def _inside(element: Element, name: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, those in content controls too."""
    for part in element:
        if local(part.tag) == name:
            yield part
        elif local(part.tag) in _AROUND:
            yield from _inside(part, name)


def _text_in(element: Element | None) -> str:
    texts = (part.text or "" for part in (element.iter() if element is not None else ()) if local(part.tag) == "t")
    return " ".join(UNPRINTABLE.sub("", "".join(texts)).split())


def _looking(inline: Inline, look: Look, link: str) -> Span:
    """An inline as it looks."""
    signs: dict[Sign, object] = {
        "highlight": look.highlight,
        "colour": look.colour,
        "bold": look.bold,
        "underline": look.underline,
    }
    shown = frozenset(sign for sign, said in signs.items() if said)
    if isinstance(inline, Text) and look.code:
        inline = Code(inline.text)
    elif isinstance(inline, Text) and look.raised in ("superscript", "subscript"):
        inline = Text(inline.text.translate(_RAISED if look.raised == "superscript" else _LOWERED))
    return Span(inline, bool(look.bold), bool(look.italic), link, frozenset() if link else shown)
