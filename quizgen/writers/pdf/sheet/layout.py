"""layout.json: the geometry of an answer sheet for whoever reads it back; its SHA-256 stands in the page codes."""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from quizgen.writers.pdf.sheet.geometry import Box, Bubble, Field, Line, Page, Sheet

VERSION = 1
_DIGEST = 8  # hex digits of the SHA-256 in a page code


def layout_json(sheet: Sheet) -> bytes:
    """The geometry as JSON, a line for each row and box."""
    head = {
        "layout": VERSION,
        "exam": sheet.exam,
        "serial": sheet.serial,
        "size": [sheet.measures.width, sheet.measures.height],
        "bubble": [sheet.measures.bubble_width, sheet.measures.bubble_height],
    }
    pages = ",\n".join(_object(_page(page)) for page in sheet.pages)
    return f'{_short(head)[:-1]},"pages":[\n{pages}\n]}}\n'.encode()


def digest(layout: bytes) -> str:
    """What stands in the page codes for a layout: how its SHA-256 begins."""
    return sha256(layout).hexdigest()[:_DIGEST]


def _page(page: Page) -> dict[str, Any]:
    head = page.head
    found: dict[str, Any] = {
        "page": page.number,
        "corners": [_box(box) for box in page.corners],
        "code": _box(head.page_code),
        "person": {name: _box(box) for name, box in head.person},
    }
    if head.number:
        found["number"] = {"box": _box(head.number), "columns": [_bubbles(column) for column in head.digits]}
    if head.variant:
        found["variant"] = {"box": _box(head.variant), "bubbles": _bubbles(head.variants)}
    if head.total:
        found["total"] = _box(head.total)
    return found | {"rows": [_row(line) for line in page.lines], "boxes": [_field(field) for field in page.fields]}


@lru_cache(maxsize=4096)
def _row(line: Line) -> _Row:
    row = line.row
    return _Row(
        _short(
            {
                "row": row.number,
                "question": row.question,
                "part": row.part,
                "label": line.label,
                "type": row.kind,
                "many": row.many,
                "bubbles": _bubbles(line.bubbles),
            }
        )
    )


class _Row(str):
    """A row as JSON: the same in the layouts of many papers."""

    __slots__ = ()


def _field(field: Field) -> dict[str, Any]:
    boxes = [_box(box) for box in field.boxes]
    return {
        "question": field.question,
        "label": field.label,
        "parts": [box.before for box in field.boxes],
        "boxes": boxes,
        "score": _box(field.score) if field.score else None,
    }


def _bubbles(bubbles: Iterable[Bubble]) -> list[list[str | float]]:
    return [[bubble.label, bubble.x, bubble.y] for bubble in bubbles]


def _box(box: Box) -> list[float]:
    return [round(measure, 2) for measure in (box.x, box.y, box.width, box.height)]


def _object(found: dict[str, Any]) -> str:
    """An object with a line for each of its members, and for each of their rows or boxes."""
    members = [f'"{name}":{_lines(value)}' for name, value in found.items()]
    return "{" + ",\n".join(members) + "}"


def _lines(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], _Row):
        return "[\n" + ",\n".join(value) + "]"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(map(_short, value)) + "]"
    return _short(value)


def _short(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
