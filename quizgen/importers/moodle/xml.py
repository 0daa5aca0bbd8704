"""The questions of a Moodle XML file as elements that know their places, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import Locator

from quizgen.problems import Position, Problem, ProblemsError
from quizgen.source.document import excerpt

MOST_QUESTIONS = 20_000
_MOST_ELEMENTS = 20_000  # of one question
_DEEPEST = 30
_CHUNK = 1 << 16
_MOST_SHOWN = 40


@dataclass(slots=True)
class Element:
    """An element: its name, attributes, children, and the characters directly in it."""

    name: str
    attributes: dict[str, str]
    position: Position
    children: list[Element] = field(default_factory=list)
    characters: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The characters directly in it."""
        return "".join(self.characters)

    def all(self, name: str) -> Iterator[Element]:
        """Its children of this name."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> Element | None:
        """Its first child of this name."""
        return next(self.all(name), None)

    def said(self, name: str) -> str | None:
        """The text of its child of this name, trimmed, as it is or in a `<text>`; None without such a child."""
        child = self.first(name)
        return None if child is None else child.content

    @property
    def content(self) -> str:
        """Its text, or that of the `<text>` in it, trimmed."""
        inner = self.first("text")
        return (self if inner is None else inner).text.strip()


def questions(name: str, text: str) -> Iterator[Element]:
    """The `<question>` elements of a file.

    Raises ProblemsError where the file is no Moodle XML, broken, cut off, or more than a question bank can be.
    """
    from xml.sax import SAXParseException

    from defusedxml import DefusedXmlException
    from defusedxml.expatreader import create_parser

    if not text.strip():
        raise ProblemsError([Problem(Position(name), "empty-file", "the file is empty; export it from Moodle again")])
    parser = create_parser(forbid_dtd=True)
    handler = _Handler(name, text, parser)
    parser.setContentHandler(handler)
    try:
        for start in range(0, len(text), _CHUNK):
            parser.feed(text[start : start + _CHUNK])
            yield from handler.taken()
        parser.close()
    except SAXParseException as error:
        handler.refuse_broken(error)
    except DefusedXmlException:
        handler.refuse("entity", "the file has a <!DOCTYPE …> or an entity, which Moodle never writes; delete it")
    yield from handler.taken()


class _Handler(ContentHandler):
    """Builds one question at a time."""

    def __init__(self, name: str, text: str, place: Locator) -> None:
        super().__init__()
        self._place = place
        self._name = name
        self._text = text
        self._open: list[Element] = []
        self._finished: list[Element] = []
        self._questions = self._elements = 0

    def taken(self) -> list[Element]:
        """The questions finished since the last time."""
        finished, self._finished = self._finished, []
        return finished

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 - SAX calls it so
        element = Element(name, dict(attrs.items()), self._here())
        if not self._open and name != "quiz":
            self.refuse("moodle-xml", f"this is no Moodle XML: it begins with <{name}> where Moodle writes <quiz>")
        if len(self._open) == 1:
            self._elements = 0
            self._questions += name == "question"
        self._elements += 1
        self._check_size()
        if len(self._open) > 1:
            self._open[-1].children.append(element)
        self._open.append(element)

    def _check_size(self) -> None:
        if self._questions > MOST_QUESTIONS:
            self.refuse("too-large", f"the file has more than {MOST_QUESTIONS:,} questions; export fewer at a time")
        if self._elements > _MOST_ELEMENTS:
            self.refuse("too-large", f"this question has more than {_MOST_ELEMENTS:,} elements")
        if len(self._open) >= _DEEPEST:
            self.refuse("too-deep", f"elements are nested deeper than {_DEEPEST} levels here")

    def endElement(self, name: str) -> None:  # noqa: N802
        element = self._open.pop()
        if len(self._open) == 1 and name == "question":
            self._finished.append(element)

    def characters(self, content: str) -> None:
        if len(self._open) > 1:
            self._open[-1].characters.append(content)

    def _here(self) -> Position:
        return Position(self._name, self._place.getLineNumber() or 1, (self._place.getColumnNumber() or 0) + 1)

    def refuse(self, code: str, message: str, place: Position | None = None) -> NoReturn:
        """Raise ProblemsError at a place, or where the parser is."""
        place = place or self._here()
        shown = excerpt(self._text.split("\n"), place.line - 1, place.column - 1)
        raise ProblemsError([Problem(place, code, message, shown)])

    def refuse_broken(self, error: Any) -> NoReturn:
        """Raise ProblemsError for what the parser could not read."""
        place = Position(self._name, error.getLineNumber() or 1, (error.getColumnNumber() or 0) + 1)
        reason = str(error.getMessage())
        if reason.startswith(("no element found", "unclosed")):
            began = "".join(f": the <{o.name}> of line {o.position.line} never ends" for o in self._open[:2][-1:])
            self.refuse("xml-cut-off", f"the file is cut off{began}; export it again", place)
        self.refuse("xml", f"this is no well-formed XML ({reason}); HTML inside it stands in <![CDATA[…]]>", place)
