"""A row of inlines as Markdown: tried out, and made simpler until it reads as it should."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from quizgen.importers.markdown import literal
from quizgen.importers.markup.notation import SPECIAL, STARTS, rendered
from quizgen.richtext import faults, parse
from quizgen.richtext.plain import inlines_to_plain
from quizgen.richtext.tree import (
    Blocks,
    Code,
    Emphasis,
    Image,
    Inline,
    Inlines,
    Link,
    Math,
    Paragraph,
    Ruby,
    Strong,
    Text,
)

# How emphasis is marked, the outer and the inner; they are tried in this order.
_MARKS = (("*", "*"), ("*", "_"), ("_", "*"))
# Longer paragraphs are not worth the time it takes to find out which backslashes they can do without.
_LONGEST_RELAXED = 4_000
_MOST_TRIED = 50

# Says in what block a row is to be read: the Markdown of that block, and the block.
Framing = Callable[[Inlines, str], tuple[str, Blocks]]


def written_row(content: Inlines, framing: Framing) -> tuple[Inlines, str]:
    """A row as it could be written, and its Markdown; `framing` says in what block it is to be read."""
    for row in _simpler(content, framing):
        marks = _marks(row, framing)
        if marks is not None:
            return row, _relaxed(row, marks, framing)
    text = inlines_to_plain(content)
    return (Text(text),), literal(text)


def _marks(row: Inlines, framing: Framing) -> tuple[str, str] | None:
    """The marks of emphasis with which the row can be written."""
    for marks in _MARKS:
        source, expected = framing(row, rendered(row, marks, frozenset()))
        if parse(source) == expected:
            return marks
    return None


def _simpler(content: Inlines, framing: Framing) -> Iterator[Inlines]:
    """The row, then with less and less of what cannot be written, and at last as nothing but characters."""
    yield content
    possible = _one_text(map(_possible, content))
    yield possible
    if len(possible) <= _MOST_TRIED:
        yield _marked_where_possible(possible, framing)
    yield _one_text(_without_marks(possible))
    yield (Text(" ".join(inlines_to_plain(content).split())),)


def _marked_where_possible(content: Inlines, framing: Framing) -> Inlines:
    """The row with as many of its emphases as Markdown can tell from the letters beside them."""
    parts = [tuple(_without_marks((inline,))) for inline in content]
    for index, inline in enumerate(content):
        bare = parts[index]
        parts[index] = (inline,)
        if bare != (inline,) and _marks(_one_text(chain.from_iterable(parts)), framing) is None:
            parts[index] = bare
    return _one_text(chain.from_iterable(parts))


def _possible(inline: Inline) -> Inline:
    """The inline, or what comes near it where Markdown has no way to write it."""
    match inline:
        case Emphasis(content):
            return Emphasis(tuple(map(_possible, content)))
        case Strong(content):
            return Strong(tuple(map(_possible, content)))
        case Math() | Ruby() | Image() | Link() if not _can_be_written(inline):
            return Code(inline.latex) if isinstance(inline, Math) else Text(inlines_to_plain((inline,)))
        case _:
            return inline


def _can_be_written(inline: Inline) -> bool:
    return parse(rendered((inline,), _MARKS[0], frozenset())) == (Paragraph((inline,)),)


def _without_marks(content: Inlines) -> Iterator[Inline]:
    for inline in content:
        if isinstance(inline, Emphasis | Strong):
            yield from _without_marks(inline.content)
        else:
            yield inline


def _one_text(inlines: Iterable[Inline]) -> Inlines:
    joined: list[Inline] = []
    for inline in inlines:
        before = joined[-1] if joined else None
        if isinstance(inline, Text) and isinstance(before, Text):
            joined[-1] = Text(before.text + inline.text)
        else:
            joined.append(inline)
    return tuple(joined)


def _relaxed(row: Inlines, marks: tuple[str, str], framing: Framing) -> str:
    """The row's Markdown with every kind of backslash left out that the reading does not need."""
    safe = rendered(row, marks, frozenset())
    bare = frozenset(SPECIAL + STARTS)
    if len(safe) > _LONGEST_RELAXED or safe == rendered(row, marks, bare):
        return safe
    unavoidable = len(faults(framing(row, safe)[0]))

    def reads(kept: frozenset[str]) -> bool:
        source, expected = framing(row, rendered(row, marks, kept))
        return parse(source) == expected and len(faults(source)) <= unavoidable

    if reads(bare):
        return rendered(row, marks, bare)
    kept: frozenset[str] = frozenset()
    for character in SPECIAL + STARTS:
        if (character in safe or character == STARTS) and reads(kept | {character}):
            kept |= {character}
    return rendered(row, marks, kept)
