"""Casting: a paper's file from what was laid out once, with its own lines and drawings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import escape

from quizgen.press.fields import Glyph
from quizgen.press.mould_lines import Line
from quizgen.press.writing import File, Start, begun, text


@dataclass(frozen=True)
class Leaf:
    """A page: its content, in which None is the drawing's place; the numbers of its content and of its drawing."""

    parts: tuple[bytes | Line | None, ...]
    content: int
    form: int


@dataclass(frozen=True, eq=False)
class Mould:
    """A document as objects by their numbers, of which `numbers` are in every file; and what is written anew.

    `letters` are the glyphs of the drawings; `title` and `metadata` say `{name}` for what is filled in.
    """

    leaves: tuple[Leaf, ...]
    letters: Mapping[str, Glyph]
    objects: Mapping[int, bytes]
    numbers: tuple[int, ...]
    fonts: Mapping[str, tuple[str, tuple[int, ...]]]
    own_fonts: frozenset[str]
    font_table: int
    metadata: tuple[int, str]
    root: int
    title: str
    producer: str
    next_number: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn on a page: what is the paper's own, and below it a form as a stream's entries and packed data."""

    own: bytes
    form: bytes
    fonts: frozenset[str]


def cast(mould: Mould, values: Mapping[str, str], drawings: Sequence[Drawing]) -> bytes:
    """The file of a paper."""
    fonts = set(mould.own_fonts)
    contents = []
    for leaf, drawing in zip(mould.leaves, drawings, strict=True):
        content, used = _content(leaf, values, drawing)
        contents.append(content)
        fonts |= used | drawing.fonts
    out = File(_start(mould, frozenset(fonts)))
    for leaf, drawing, content in zip(mould.leaves, drawings, contents, strict=True):
        out.put(
            leaf.form, b"<</Type/XObject/Subtype/Form/Resources<</Font %d 0 R>>%b" % (mould.font_table, drawing.form)
        )
        out.stream(leaf.content, content)
    number, metadata = mould.metadata
    if number:
        told = metadata.format_map({name: escape(value) for name, value in values.items()}).encode()
        out.put(number, b"<</Type/Metadata/Subtype/XML/Length %d>>\nstream\n%b\nendstream" % (len(told), told))
    info, pack = mould.next_number, mould.next_number + 1
    named = text(mould.title.format_map(values)), text(mould.producer)
    out.pack(pack, [(info, b"<</Title %b/Producer %b>>" % named)])
    return out.end(pack + 1, mould.root, info)


@lru_cache(maxsize=32)
def _start(mould: Mould, fonts: frozenset[str]) -> Start:
    """What sheets with these fonts begin with."""
    entries = [mould.fonts[name] for name in sorted(fonts)]
    numbers = {*mould.numbers, mould.font_table, *(number for _, numbers in entries for number in numbers)}
    table = b"<<%b>>" % "".join(entry for entry, _ in entries).encode()
    return begun({**mould.objects, mould.font_table: table}, numbers, mould.next_number + 3)


def _content(leaf: Leaf, values: Mapping[str, str], drawing: Drawing) -> tuple[bytes, set[str]]:
    done: list[bytes] = []
    fonts: set[str] = set()
    for part in leaf.parts:
        if part is None:
            done.append(drawing.own)
        elif isinstance(part, bytes):
            done.append(part)
        else:
            drawn, used = part.drawn(values)
            done.append(drawn)
            fonts |= used
    return b"".join(done), fonts
