"""What Moodle's formats say of a question besides its texts, as a bank has it: category, name, ID number, tags."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape

from quizgen.importers.imported import Difficulty
from quizgen.importers.naming import slug
from quizgen.importers.text import cleaned
from quizgen.richtext import parse
from quizgen.richtext.plain import to_plain

# The levels of a category's path, the outermost first.
Category = tuple[str, ...]

_SLASH = re.compile("(?<!/)/(?!/)")
_TOKEN = re.compile(r"\$[^$]*\$|top", re.IGNORECASE)
# An id as our own export writes it: bank/question, and the variant where several hold the question.
_OWN_ID = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)/([A-Za-z0-9][A-Za-z0-9._-]*)(?:@(.+))?")
_DIFFICULTIES: dict[str, Difficulty] = {"easy": "easy", "normal": "normal", "hard": "hard"}
_LONGEST_TAG = 50
_SHORT_NAME = 10  # letters; longer ones are in a text by more than chance


@dataclass(frozen=True, slots=True)
class Attributes:
    """A question's name, ID number and tags as Moodle has them."""

    name: str = ""
    number: str = ""
    all_tags: tuple[str, ...] = ()

    @property
    def own(self) -> tuple[str, str, str]:
        """The bank, question and variant in an ID number that our own export wrote; empty in any other."""
        match = _OWN_ID.fullmatch(self.number)
        return (match[1], match[2], match[3] or "") if match else ("", "", "")

    def id(self, text: str) -> str:
        """An id from the number, or else from a name that is not only the beginning of the text."""
        return self.own[1] or self.number or slug(self._telling(text).lower())

    def comments(self, text: str) -> Iterator[str]:
        """What an author may want to know of the question's life in Moodle."""
        name = self._telling(text)
        if name and _letters(name.lower()) != _letters(self.id(text)):
            yield f"in Moodle: {name}"
        if self.number and not slug(self.number):
            yield f"its ID number: {self.number}"

    @property
    def difficulty(self) -> Difficulty:
        """That of the first tag that is one."""
        return next((_DIFFICULTIES[tag] for tag in self.all_tags if tag in _DIFFICULTIES), "normal")

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that are no difficulty."""
        return tuple(tag[:_LONGEST_TAG] for tag in dict.fromkeys(self.all_tags) if tag and tag not in _DIFFICULTIES)

    def _telling(self, text: str) -> str:
        letters = _letters(re.sub(r"^[\d\s.]+|(?:…|\.\.\.)$", "", self.name))
        place = _letters(to_plain(parse(text))).find(letters)
        return "" if place == 0 or (place > 0 and len(letters) > _SHORT_NAME) else self.name


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def shown(name: str) -> str:
    """A name as Moodle shows it, which keeps `<` as an entity."""
    return " ".join(cleaned(unescape(name)).split())


def category(path: str) -> Category:
    """The levels of a path, those left out that every bank of questions has."""
    levels = [shown(level.replace("//", "/")) for level in _SLASH.split(path)]
    first = next((number for number, level in enumerate(levels) if not _TOKEN.fullmatch(level)), len(levels))
    return tuple(level for level in levels[first:] if level)


def titles(categories: Iterable[Category], without: str) -> dict[Category, str]:
    """A title for each category, its last level where that says enough; `without` is for none at all."""
    known = list(categories)
    last = Counter(levels[-1:] for levels in known)
    alone = {levels for levels in known if last[levels[-1:]] == 1 and not "".join(levels[-1:]).isdecimal()}
    return {levels: " / ".join(levels[-1:] if levels in alone else levels) or without for levels in known}
