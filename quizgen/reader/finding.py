"""Findings of the third gate: what is wrong at a part of a file, before it has a line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from quizgen.source import Location


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong at a part of a file, before it has a line; `line` counts a text's own lines from 0."""

    location: Location
    code: str
    message: str
    key: bool = False
    line: int = 0


def did_you_mean(written: str, options: Iterable[str]) -> str:
    """`; did you mean …?` for the nearest of the options, or nothing."""
    close = get_close_matches(written, list(options), n=1, cutoff=0.6)
    return f"; did you mean `{close[0]}`?" if close else ""
