"""Students as a roster names them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Student:
    """One line of a roster; `extra` holds its further columns (seat, class …) by their headings."""

    id: str
    name: str = ""
    extra: tuple[tuple[str, str], ...] = ()
