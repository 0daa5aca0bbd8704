"""Students as a roster names them."""

from __future__ import annotations

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
