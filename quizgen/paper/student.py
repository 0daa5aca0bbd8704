"""Students as a roster names them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_CLASS = ("class", "組", "クラス", "学級")


@dataclass(frozen=True, slots=True)
class Student:
    """One line of a roster; `extra` holds its further columns (seat, class …) by their headings."""

    id: str
    name: str = ""
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def school_class(self) -> str:
        """The student's class (組), where the roster has a column of that name."""
        return next((value for heading, value in self.extra if heading.strip().lower() in _CLASS), "")


def telling(students: Iterable[Student]) -> tuple[Student, ...]:
    """As many students as tell what has to be set: every character, each mixture of scripts, and the longest values."""
    found: list[Student] = []
    characters: set[str] = set()
    mixtures: set[frozenset[int]] = set()
    widths: dict[int, int] = {}
    for student in students:
        values = (student.id, student.name, *(value for _, value in student.extra))
        mixed = {frozenset(map(_script, value)) for value in values}
        longer = {column: width for column, width in enumerate(map(_width, values)) if width > widths.get(column, 0)}
        if longer or not (characters.issuperset("".join(values)) and mixed <= mixtures):
            found.append(student)
            characters.update(*values)
            mixtures |= mixed
            widths |= longer
    return tuple(found)


def _script(character: str) -> int:
    """A number for the characters among which it stands: one for all kanji that are in common use."""
    return 0x4E if "\u4e00" <= character <= "\u9fff" else ord(character) >> 8


def _width(text: str) -> int:
    return sum(1 if character.isascii() else 2 for character in text)
