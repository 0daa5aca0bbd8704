"""The whole paper as data, for programs: every object names its `type`, exact numbers are strings.

There is no template: the shape is that of the paper itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from quizgen.picture import Picture
from quizgen.writers import OutputFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from quizgen.paper import Printable
    from quizgen.templates import Templates

PER_PAPER = True
TEMPLATES = ()

_CAPITAL = re.compile("(?<!^)(?=[A-Z])")

Data = None | bool | int | float | str | list["Data"] | dict[str, "Data"]


def write(papers: Sequence[Printable], templates: Templates) -> Iterator[OutputFile]:  # noqa: ARG001
    """For each paper a file with all that it holds; pictures by name, hash and size."""
    for paper in papers:
        text = json.dumps(_data(paper), ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False)
        yield OutputFile(PurePosixPath("teacher", paper.name, "paper.json"), f"{text}\n".encode())


def _data(value: object) -> Data:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case datetime():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case Fraction():
            return str(value)
        case tuple():
            return [_data(item) for item in value]
        case Mapping():
            return {str(key): _data(item) for key, item in value.items()}
        case Picture():
            return _picture(value)
        case _:
            return _object(value)


def _picture(picture: Picture) -> Data:
    return {
        "type": "picture",
        "name": picture.name,
        "media_type": picture.media_type,
        "width": picture.width,
        "height": picture.height,
        "bytes": len(picture.data),
        "sha256": picture.sha256,
    }


def _object(value: object) -> Data:
    """A dataclass by its fields; one that takes no part in comparison is no part of what the object is."""
    data = {field.name: _data(getattr(value, field.name)) for field in fields(value) if field.compare}  # type: ignore[arg-type]
    return {"type": _CAPITAL.sub("-", type(value).__name__).lower(), **data}
