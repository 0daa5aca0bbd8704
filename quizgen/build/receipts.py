"""Receipts: what each finished piece of a build has left, so that a build which was stopped goes on behind it."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from quizgen.build.report import PaperSummary, Written


@dataclass(frozen=True, slots=True)
class Receipt:
    """The files of a piece, its papers, and what the user should be warned of or told.

    `sections` has for each paper the questions of its sections, each by its name and the order of what it shuffles.
    `templates` are the names of those that were read. `alone`: how many questions were laid out for these
    papers alone.
    """

    files: tuple[Written, ...] = ()
    papers: tuple[PaperSummary, ...] = ()
    sections: tuple[list[list[list[str]]], ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    alone: int = 0


def packed(receipt: Receipt) -> bytes:
    """A receipt as it lies on the disk."""
    return json.dumps(receipt, default=_plain).encode()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return str(value)


def unpacked(data: bytes) -> Receipt:
    """The receipt in those bytes; raises ValueError for anything else."""
    try:
        found = json.loads(data)
        return Receipt(
            tuple(Written(str(file["path"]), str(file["sha256"]), int(file["size"])) for file in found["files"]),
            tuple(map(_summary, found["papers"])),
            tuple(found["sections"]),
            tuple(map(str, found["warnings"])),
            tuple(map(str, found["notes"])),
            tuple(map(str, found["templates"])),
            int(found["alone"]),
        )
    except (KeyError, TypeError, ArithmeticError) as error:
        raise ValueError("this is no receipt") from error


def _summary(found: dict[str, Any]) -> PaperSummary:
    guessed = found["guessed"]
    return PaperSummary(
        found["name"],
        found["count"],
        Decimal(found["points"]),
        None if guessed is None else Fraction(guessed),
        tuple(found["spread"]),
        found["twin"],
        found["sheet"],
    )
