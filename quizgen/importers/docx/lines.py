"""The lines of a Word document: what stands before each, the pieces of its text, and tables of such lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from quizgen.importers.docx.numbering import Label
from quizgen.importers.pieces import EM, STRONG, Mark, Piece
from quizgen.richtext.tree import Code, Image, Inline, LineBreak, Ruby, Text

# How a right answer can be marked by the look of its letters.
Sign = Literal["highlight", "colour", "bold", "underline"]
DOCUMENT_HEADINGS = 2  # levels that part a document, and not a question's text
_OBJECT = "\ufffc"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text, or a picture, a formula, ruby; bold and italic, its link, and how else it stands out."""

    inline: Inline
    bold: bool = False
    italic: bool = False
    link: str = ""
    signs: frozenset[Sign] = frozenset()

    @property
    def text(self) -> str:
        """Its characters, one for each thing that is no text."""
        match self.inline:
            case Text(text) | Code(text):
                return text
            case LineBreak():
                return "\n"
            case _:
                return _OBJECT


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: rows of cells of lines."""

    rows: tuple[tuple[tuple[Line, ...], ...], ...]

    def texts(self) -> list[list[str]]:
        """The plain texts of the cells."""
        return [[" ".join(line.whole for line in cell).strip() for cell in row] for row in self.rows]


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, a part of one up to a line break (`goes_on`), or a table; `number` counts paragraphs from 1."""

    number: int
    spans: tuple[Span, ...] = ()
    label: Label | None = None
    style: str = ""
    heading: int = 0
    indent: int = 0
    goes_on: bool = False
    code: bool = False
    grid: Grid | None = None
    box: bool = False

    @property
    def text(self) -> str:
        """Its text without its automatic number."""
        return "".join(span.text for span in self.spans)

    @property
    def whole(self) -> str:
        """Its text as it is seen, with its automatic number."""
        label = self.label.text if self.label else ""
        return f"{label}\t{self.text}" if label else self.text

    @property
    def parts(self) -> bool:
        """Whether it is a heading that parts the document."""
        return 0 < self.heading <= DOCUMENT_HEADINGS

    @property
    def seen(self) -> str:
        """All its text on one line, that of a table too."""
        cells = [text for row in self.grid.texts() for text in row] if self.grid else [self.whole]
        return " ".join(" ".join(cells).replace(_OBJECT, " ").split())

    @property
    def blank(self) -> bool:
        """Whether there is nothing in it."""
        return self.grid is None and not self.whole.strip()

    @property
    def images(self) -> Iterator[Image]:
        """The pictures in it, those in the cells of a table included."""
        yield from (span.inline for span in self.spans if isinstance(span.inline, Image))
        for row in self.grid.rows if self.grid else ():
            for cell in row:
                for line in cell:
                    yield from line.images

    def spelled_out(self) -> Line:
        """The line with its automatic number as text."""
        return replace(self, spans=(Span(Text(f"{self.label.text} ")), *self.spans), label=None) if self.label else self

    def cut(self, start: int, end: int | None = None) -> Line:
        """The line with only the characters of its text from one place to another, and without its number."""
        end = len(self.text) if end is None else end
        return replace(self, spans=tuple(_cut(self.spans, start, end)), label=None)


def _cut(spans: Iterable[Span], start: int, end: int) -> Iterator[Span]:
    at = 0
    for span in spans:
        length = len(span.text)
        first, last = max(start - at, 0), min(end - at, length)
        at += length
        if first >= last:
            continue
        match span.inline:
            case Text(text):
                yield replace(span, inline=Text(text[first:last]))
            case Code(text):
                yield replace(span, inline=Code(text[first:last]))
            case _:
                yield span


def pieces(spans: Sequence[Span], *, plain: bool = False) -> Iterator[Piece]:
    """The spans for putting together; `plain` leaves out bold, where it marks a right answer or a heading."""
    for span in _joined_code(spans):
        marks: list[Mark] = [("link", span.link)] if span.link else []
        if span.bold and not plain and not isinstance(span.inline, Code | Ruby | Image):
            marks.append(STRONG)
        if span.italic and not isinstance(span.inline, Code | Image):
            marks.append(EM)
        yield Piece(span.inline, tuple(marks), literal=True)


def _joined_code(spans: Sequence[Span]) -> Iterator[Span]:
    """The spans with code in one piece, which Word cuts up for its spelling; blanks around it are text."""
    code = ""
    for span in spans:
        if isinstance(span.inline, Code):
            code += span.inline.text
            continue
        yield from _code(code)
        code = ""
        yield span
    yield from _code(code)


def _code(text: str) -> Iterator[Span]:
    inside = text.strip()
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    parts = (Text(before), Code(inside), Text(after)) if inside else (Text(text),)
    yield from (Span(part) for part in parts if part.text)
