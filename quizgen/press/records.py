"""Records: questions and stimuli laid out apart from any paper, each by itself whatever it was laid out with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

from quizgen.press.blocks import Block, Name, Pages, QuestionBlocks, slots_on
from quizgen.press.marking import Part, marked, members, ruled, rules, skeleton
from quizgen.press.measure import Place, UnpressableError, layout
from quizgen.press.objects import compacted, renumbered
from quizgen.press.pieces import Box
from quizgen.press.structure import structure
from quizgen.press.typefaces import Painted, Typeface

if TYPE_CHECKING:
    import pikepdf
    from weasyprint import Document

    from quizgen.press.typefaces import Paint

# Lays out HTML with one more style sheet.
Render = Callable[[str, str], "Document"]
# Cuts a page down to the element of one id, up to that of another inside it if one is given.
Cut = Callable[..., Any]

FONTS = 1  # the number of the table of fonts among a record's objects
HIGH = 12_000  # pixels of a page that holds any block
BREAKS = """
section h2, .stimulus, .lead, .end { break-before: page !important; break-after: page !important }
"""
_HIDDEN = ".slot { visibility: hidden !important }"
_APART = """
.question, .stimulus, section + section { break-before: auto !important; break-after: auto !important }
.press-start { break-before: page !important }
"""
# What stands around questions on a page that has no cover.
_ONLY_QUESTIONS = """
.cover, .masthead, .facts, .person, .instructions, .where, h1, section h2, .lead, .working, .back-cover, .end {
  display: none !important
}
"""
_NO_HEADS = " ".join(
    f"@{edge} {{ content: none !important }}"
    for edge in (
        "top-left", "top-center", "top-right", "bottom-left", "bottom-center", "bottom-right",
    )
)  # fmt: skip
_ALPHA = re.compile(r"/[aA][\d.]+")  # what two documents call by the same name is the same
_CALLED = re.compile(rb"/([\w.+-]+) (Do|gs|sh|scn|SCN)\b")
_RENAMED = {"/XObject": (b"Do",), "/ExtGState": (b"gs",), "/Shading": (b"sh",), "/Pattern": (b"scn", b"SCN")}


@dataclass(frozen=True, slots=True)
class Record:
    """A question or stimulus: its blocks, and what it keeps free above and below (pixels).

    `objects` have numbers of their own, among which FONTS is the table of fonts; `resources` are entries by names.
    """

    kind: str
    blocks: QuestionBlocks
    above: float
    below: float
    objects: Mapping[int, bytes]
    resources: Mapping[Name, str]
    typefaces: Mapping[str, Typeface]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a question cannot be placed on pages that others have laid out."""

    why: str


def sheet(page: tuple[Box, float], height: int) -> str:
    """The style of high pages as wide as usual ones, without running heads."""
    frame, width = page
    sides = f"40px {width - frame.right:.4f}px 40px {frame.left:.4f}px"
    return f"@page {{ size: {width:.4f}px {height}px !important; margin: {sides} !important; {_NO_HEADS} }}"


def usual_page(html: str, render: Render) -> tuple[Box, float]:
    """The content box of a right-hand page in the middle of a booklet, and the width of the page."""
    document = render(skeleton(html), "")
    return layout(document).frames[0], document.pages[0].width


def recorded(
    html: str, whole: frozenset[int], names: Sequence[str], render: Render, paint: Paint, cutter: Callable[[Any], Cut]
) -> dict[str, Record | Refusal]:
    """The records of a paper's questions and stimuli by their names; questions at the places `whole` are moved as one.

    `names` come in the order of the paper, "" for what nobody wants.
    """
    text, parts = marked(html, whole)
    page = usual_page(html, render)
    found = [own for own in members(parts) if own[0].kind in ("question", "stimulus")]
    tall = render(ruled(text, parts, apart=True), sheet(page, HIGH) + _ONLY_QUESTIONS + _APART + _HIDDEN)
    taker = _Taker(tall, whole, paint, cutter)
    if len(found) != len(names):
        raise UnpressableError("not every question is printed as one")
    done = {name: taker.taken(own, name) for own, name in zip(found, names, strict=True)}
    return {name: record for name, record in done.items() if name}


class _Taker:
    """Takes a layout apart, member by member, each of which stands on a page of its own."""

    def __init__(self, tall: Document, whole: frozenset[int], paint: Paint, cutter: Callable[[Any], Cut]) -> None:
        self._document, self._paint, self._cutter = tall, paint, cutter
        self._layout = layout(tall)
        self._whole, self._questions = whole, 0

    def taken(self, parts: Sequence[Part], name: str) -> Record | Refusal:
        """One member's record; `name` tells it from all others."""
        is_whole = parts[0].kind == "stimulus" or self._questions in self._whole
        self._questions += parts[0].kind == "question"
        if not name:
            return Refusal("nobody wants it")
        try:
            return self._taken(parts, name, is_whole=is_whole)
        except UnpressableError as reason:
            return Refusal(str(reason))

    def _taken(self, parts: Sequence[Part], name: str, *, is_whole: bool) -> Record:
        import pikepdf

        start = self._layout.place(parts[0]).page
        if any(place.page != start for part in parts if (place := self._layout.places.get(part.id))):
            raise UnpressableError(f"a {parts[0].kind} is higher than any page")
        portions = [_Portion(parts[0], parts, (parts[0].id,))] if is_whole else list(_portions(parts))
        cut = self._cutter(self._document.pages[start])
        painted = self._paint(self._document, [cut(*portion.cut) for portion in portions])
        with pikepdf.open(BytesIO(painted.data)) as pdf:
            _rename(pdf, name)
            pages = Pages(pdf, structure(pdf))
            stem, *choices = (self._block(own, pages, page) for page, own in enumerate(portions))
            blocks = QuestionBlocks(stem) if is_whole else self._in_parts(parts, stem, choices)
            return self._record(parts, pages, blocks, painted)

    def _record(self, parts: Sequence[Part], pages: Pages, blocks: QuestionBlocks, painted: Painted) -> Record:
        place = self._layout.place(parts[0])
        before, after = (self._layout.places[rule].box for rule in rules(parts[0].id))
        numbers, written = compacted(pages.objects.written, (pages.font_table,))

        def moved(block: Block) -> Block:
            return replace(block, key=0, needs=frozenset(numbers[number] for number in block.needs))

        return Record(
            parts[0].kind,
            replace(blocks, stem=moved(blocks.stem), choices=tuple(map(moved, blocks.choices))),
            place.box.top - before.bottom,
            after.top - place.box.bottom,
            {number: data for number, data in written.items() if number != FONTS},
            {called: renumbered(entry, numbers) for called, entry in pages.named.items()},
            painted.typefaces,
        )

    def _in_parts(self, parts: Sequence[Part], stem: Block, choices: Sequence[Block]) -> QuestionBlocks:
        rows = list(_rows([self._layout.place(part) for part in parts if part.kind == "choice"]))
        bottoms = [max(place.box.bottom for place in row) for row in rows]
        return QuestionBlocks(
            stem,
            tuple(map(_entry, choices)),
            rows[0][0].box.top - stem.box.bottom,
            rows[1][0].box.top - bottoms[0] if len(rows) > 1 else 0.0,
            self._layout.place(parts[0]).box.bottom - bottoms[-1],
            tuple(place.box.left for place in rows[0]),
        )

    def _block(self, portion: _Portion, pages: Pages, page: int) -> Block:
        place = self._layout.place(portion.part)
        return pages.block(page, place.box, slots_on(portion.parts, place.page, self._layout))


@dataclass(frozen=True, slots=True)
class _Portion:
    """What becomes a block: the part whose place it takes, all parts inside it, and what of a page is kept for it."""

    part: Part
    parts: Sequence[Part]
    cut: tuple[str, ...]


def _portions(parts: Sequence[Part]) -> Iterator[_Portion]:
    """A question's stem with all that comes before its choices, and each of these."""
    question, stem, *_ = parts
    starts = [place for place, part in enumerate(parts) if part.kind in ("choices", "choice")]
    if len(starts) < 2 or [parts[start].kind for start in starts].count("choices") != 1:
        raise UnpressableError("a question of a kind that is not imposed yet")
    first, *choices = starts
    yield _Portion(stem, parts[:first], (question.id, parts[first].id))
    for start, end in zip(choices, [*choices[1:], len(parts)], strict=True):
        yield _Portion(parts[start], parts[start:end], (parts[start].id,))


def _entry(block: Block) -> Block:
    """A choice as an item of a list."""
    entries = (element.first("/LI") for element in block.elements)
    return replace(block, elements=tuple(entry for entry in entries if entry))


def _rename(pdf: pikepdf.Pdf, name: str) -> None:
    """Give the resources that pages call names that no other record has."""
    resources: Any = pdf.pages[0].obj.Resources
    gone: dict[tuple[bytes, bytes], bytes] = {}
    for kind, operators in _RENAMED.items():
        entries = resources.get(kind, {})
        for old in [old for old in entries if not _ALPHA.fullmatch(old)]:
            new = f"{old}.{name}"
            entries[new] = entries[old]
            del entries[old]
            gone |= {(old[1:].encode(), operator): new[1:].encode() for operator in operators}
    if not gone:
        return

    def renamed(found: re.Match[bytes]) -> bytes:
        return b"/%b %b" % (gone.get((found[1], found[2]), found[1]), found[2])

    for page in pdf.pages:
        page.obj.Contents.write(_CALLED.sub(renamed, bytes(page.obj.Contents.read_bytes())))


def _rows(places: Sequence[Place]) -> Iterator[list[Place]]:
    row: list[Place] = []
    for place in places:
        if row and abs(place.box.top - row[0].box.top) > 0.5:
            yield row
            row = []
        row.append(place)
    yield row
