"""A course: the banks that lie together in one folder, and their pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from quizgen.model.bank import Bank
from quizgen.picture import Picture


@dataclass(frozen=True)
class Course:
    """Banks by their ids; `pictures` holds each picture by its path as written (relative to the folder)."""

    banks: Mapping[str, Bank]
    pictures: Mapping[str, Picture] = field(default_factory=dict)
