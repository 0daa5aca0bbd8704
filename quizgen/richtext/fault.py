"""What is wrong with a text that CommonMark itself would pass over in silence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Fault:
    """Something in a text that cannot be printed as meant; `line` counts the text's lines from 0."""

    line: int
    code: str
    message: str


def faults(text: str) -> tuple[Fault, ...]:
    """All that is wrong with a text, in order."""
    raise NotImplementedError(text)
