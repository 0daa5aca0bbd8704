"""The whole paper as data, for programs: every object names its `type`, exact numbers are strings.

There is no template: the shape is that of the paper itself. Python's own encoder, when it indents, takes three times
as long.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from json import dumps
from json.encoder import encode_basestring as quoted
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from quizgen.picture import Picture
from quizgen.richtext.tree import Block
from quizgen.writers import OutputFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from quizgen.paper import Printable
    from quizgen.richtext.tree import Blocks
    from quizgen.templates import Templates

PER_PAPER = True
TEMPLATES = ()

_CAPITAL = re.compile("(?<!^)(?=[A-Z])")
_MOST_KNOWN = 8192
_PICTURE_KEYS = ('"bytes"', '"height"', '"media_type"', '"name"', '"sha256"', '"type"', '"width"')


def write(papers: Sequence[Printable], templates: Templates) -> Iterator[OutputFile]:  # noqa: ARG001
    """For each paper a file with all that it holds; pictures by name, hash and size."""
    for paper in papers:
        text = f"{_encoded(paper, _LINE)}\n"
        yield OutputFile(PurePosixPath("teacher", paper.name, "paper.json"), text.encode())


# A line's end with the indent of the line to come.
_LINE = "\n"


def _encoded(value: object, line: str) -> str:
    """A value as JSON, of which all but the first line begin with this indent or a deeper one."""
    match value:
        case str():
            return quoted(value)
        case None | bool() | int() | float():
            return dumps(value, allow_nan=False)
        case Decimal():
            return quoted(f"{value:f}")
        case Fraction():
            return quoted(str(value))
        case datetime():
            return quoted(value.isoformat())
        case tuple():
            return _text(value, line) if value and isinstance(value[0], Block) else _items(value, line)
        case Mapping():
            return _braced(((quoted(key), value[key]) for key in sorted(value)), line)
        case Picture():
            return _braced(zip(_PICTURE_KEYS, _picture(value), strict=True), line)
        case _:
            return _braced(_fields(value), line)


def _items(items: Sequence[object], line: str) -> str:
    inner = f"{line}  "
    return f"[{inner}{f',{inner}'.join([_encoded(item, inner) for item in items])}{line}]" if items else "[]"


def _braced(pairs: Iterable[tuple[str, object]], line: str) -> str:
    inner = f"{line}  "
    written = f",{inner}".join([f"{key}: {_encoded(value, inner)}" for key, value in pairs])
    return f"{{{inner}{written}{line}}}" if written else "{}"


# Papers share their texts, which are the bulk of them: each is encoded once, and known again by its identity.
_known: dict[tuple[int, str], tuple[Blocks, str]] = {}


def _text(blocks: Blocks, line: str) -> str:
    key = (id(blocks), line)
    if key not in _known:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        # The text is kept, too, so that no other comes to have its identity.
        _known[key] = (blocks, _items(blocks, line))
    return _known[key][1]


def _picture(picture: Picture) -> tuple[object, ...]:
    size = len(picture.data)
    return (size, picture.height, picture.media_type, picture.name, picture.sha256, "picture", picture.width)


def _fields(value: object) -> Iterator[tuple[str, object]]:
    """A dataclass by its fields, its type among them."""
    kind, names = _layout(type(value))  # type: ignore[arg-type]  # a class can be hashed
    return ((key, getattr(value, name) if name else kind) for key, name in names)


@cache
def _layout(kind: type) -> tuple[str, tuple[tuple[str, str], ...]]:
    """What a dataclass is called, and its keys in order, each with its field; "" is its type's.

    A field that takes no part in comparison is no part of what the object is.
    """
    names = {field.name: field.name for field in fields(kind) if field.compare} | {"type": ""}
    return _CAPITAL.sub("-", kind.__name__).lower(), tuple((quoted(key), names[key]) for key in sorted(names))
