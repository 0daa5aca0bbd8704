"""Characters that no installed font has: named with their places, never printed as empty boxes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from html import unescape
from typing import TYPE_CHECKING, Any, assert_never
from unicodedata import category, name

from weasyprint import LOGGER

from quizgen.paper import Paper, Worksheet
from quizgen.problems import QuizgenError

if TYPE_CHECKING:
    from logging import LogRecord

    from quizgen.paper import Printable
    from quizgen.picture import Picture

# How WeasyPrint begins what it says of such a character, and of a picture that it leaves out.
_LACKING = ".notdef glyph"
_FAILURE = "Failed to "
_NAMED = re.compile(r'"(.+)" \(', re.DOTALL)
_AROUND = 12  # characters shown on each side of one that is lacking
_MOST_PLACES = 3


class GlyphError(QuizgenError):
    """Characters that no font has, each with where it stands."""

    def __init__(self, places: Mapping[str, tuple[str, ...]]) -> None:
        self.places = dict(places)
        super().__init__(self.places)

    def __str__(self) -> str:
        lacking = "; ".join(f"{_shown(character)}{_listed(places)}" for character, places in self.places.items())
        return f"no installed font has {lacking}. {_way_out(self.places)}"


def _shown(character: str) -> str:
    code = f"U+{ord(character):04X}"
    return code if category(character)[0] == "C" else f"{character} ({code})"


def _listed(places: tuple[str, ...]) -> str:
    """The first places in words."""
    shown = ", ".join(places[:_MOST_PLACES])
    more = f" and {len(places) - _MOST_PLACES} more" if len(places) > _MOST_PLACES else ""
    return f" in {shown}{more}" if shown else ""


def _way_out(characters: Iterable[str]) -> str:
    packages = sorted({package for character in characters if (package := _package(character))})
    advice = f"Install a font that has it (Debian, Ubuntu: {', '.join(packages)}), " if packages else ""
    own = "name one of your own by @font-face in templates/custom.css, or write it otherwise"
    return advice + own if advice else own[0].upper() + own[1:]


def _package(character: str) -> str:
    """The package of Debian whose fonts have most characters of the kind."""
    if name(character, "").startswith(("CJK", "HIRAGANA", "KATAKANA", "HANGUL")):
        return "fonts-noto-cjk"
    match category(character):
        case "So" | "Sk" if character >= "\U0001f000":
            return "fonts-noto-color-emoji"
        case "Cc" | "Cn" | "Co" | "Cs":
            return ""
        case _:
            return "fonts-noto-core"


@dataclass(frozen=True, slots=True)
class Complaints:
    """What WeasyPrint has said: the characters that it found no font for, in order; the pictures that failed it."""

    characters: dict[str, None] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


@contextmanager
def heard() -> Iterator[Complaints]:
    """What WeasyPrint says, while the block runs, that must not stay a warning."""
    complaints = Complaints()

    def keep(record: LogRecord) -> bool:
        message = record.getMessage()
        if message.startswith(_FAILURE):
            complaints.failures.append(message)
        elif message.startswith(_LACKING):
            named = _NAMED.search(message)
            complaints.characters.update(dict.fromkeys(named[1] if named else "\ufffd"))
        else:
            return True
        return False

    LOGGER.addFilter(keep)
    try:
        yield complaints
    finally:
        LOGGER.removeFilter(keep)


def in_document(characters: Iterable[str], html: str) -> GlyphError:
    """The error for characters of a document, which shows the words around each."""
    text = unescape(re.sub(r"<(style|title)\b.*?</\1>|<[^>]*>", "", html, flags=re.DOTALL))
    return GlyphError({character: _excerpts(character, text) for character in characters})


def _excerpts(character: str, text: str) -> tuple[str, ...]:
    place = text.find(character)
    if place < 0:
        return ("a picture or a style sheet",)
    said = re.sub(r"\s+", " ", text[max(0, place - _AROUND) : place + _AROUND + 1]).strip()
    return (f"“{said}”",)


@contextmanager
def placed(printable: Printable) -> Iterator[None]:
    """Says of characters that are found lacking in the block where in a paper or worksheet they stand."""
    try:
        yield
    except GlyphError as error:
        parts = dict(_parts(printable))
        found = {
            character: tuple(place for place, part in parts.items() if _holds(part, character, printable.pictures))
            for character in error.places
        }
        raise GlyphError({one: found[one] or places for one, places in error.places.items()}) from error


def _parts(printable: Printable) -> Iterator[tuple[str, object]]:
    """The parts of a paper or worksheet that have a name for their author."""
    yield "the title", (printable.title, printable.course)
    if printable.student:
        yield f"the name of student {printable.student.id}", printable.student
    match printable:
        case Paper():
            yield "the instructions", printable.instructions
            for section in printable.sections:
                yield f"section {section.number}", (section.title, section.text)
                for group in section.groups:
                    yield f"the stimulus of question {group.questions[0].id}", group.stimulus
                    yield from ((f"question {question.id}", question) for question in group.questions)
        case Worksheet():
            yield "the introduction", printable.text
            yield from ((f"assignment {assignment.id}", assignment) for assignment in printable.assignments)
        case _:
            assert_never(printable)


def _holds(value: Any, character: str, pictures: Mapping[str, Picture]) -> bool:
    """Whether a text, or anything that is made of texts and pictures, has a character in it."""
    match value:
        case str():
            return character in value or (value in pictures and _is_drawn(character, pictures[value]))
        case tuple():
            return any(_holds(part, character, pictures) for part in value)
        case _ if is_dataclass(value):
            return any(_holds(getattr(value, part.name), character, pictures) for part in fields(value))
        case _:
            return False


def _is_drawn(character: str, picture: Picture) -> bool:
    return picture.media_type == "image/svg+xml" and character in unescape(picture.data.decode(errors="replace"))
