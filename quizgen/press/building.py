"""Building a bank: an exam's parts laid out once, measured, and taken apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any

from quizgen.press.bank import TITLE, Bank, Heads, Static
from quizgen.press.blocks import Block, Pages, QuestionBlocks, Slot, slots_on
from quizgen.press.fields import Faces, Field, Sample, faces, field, lines
from quizgen.press.imposing import Frame
from quizgen.press.marking import FLOW, SLOTS, Part, marked, ruled
from quizgen.press.measure import Layout, Place, UnpressableError, layout, margins
from quizgen.press.objects import compacted, reference, renumbered
from quizgen.press.pieces import Box, Piece, pieces, without_artifacts
from quizgen.press.structure import structure

if TYPE_CHECKING:
    from weasyprint import Document

# Lays out HTML with one more style sheet; writes a document's pages.
Render = Callable[[str, str], "Document"]
Write = Callable[["Document"], bytes]

_NO_HEADS = " ".join(
    f"@{edge} {{ content: none !important }}"
    for edge in (
        "top-left", "top-center", "top-right", "bottom-left", "bottom-center", "bottom-right",
    )
)  # fmt: skip
_BREAKS = """
.question, section h2, .stimulus, .lead, .end,
.question:not(.whole) > .choices, .question:not(.whole) > .choices > .choice {
  break-before: page !important; break-after: page !important
}
.question:not(.whole) > .choices > .choice:first-child { break-before: auto !important }
.question:not(.whole) > .choices > .choice { display: block !important }
"""
_HIDDEN = ".slot { visibility: hidden !important }"
_ONLY_HEADINGS = ".question { display: none !important }"
_ANY_WIDTH = 10_000.0
_HIGH = 12_000  # pixels of a page that holds any block, or all of them
_ARTIFACTS = re.compile(rb"/Artifact\s<<[^>]*/Pagination[^>]*>>\sBDC\n(.*?)EMC\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Texts:
    """The HTML of what has to be laid out: a paper filled in with two samples, all questions, all characters."""

    paper: str
    other: str
    questions: str
    characters: str
    samples: tuple[Sample, Sample]
    whole: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Built:
    """A bank, and blocks in the order in which they were laid out.

    `questions` and `stimuli` with the slots of what is no choice; `others`: headings, leads and the end of the paper;
    `bookmarks` of questions by their numbers.
    """

    bank: Bank
    questions: tuple[tuple[QuestionBlocks, tuple[Slot, ...]], ...]
    stimuli: tuple[tuple[Block, tuple[Slot, ...]], ...]
    others: tuple[tuple[str, str, Block, tuple[int, str]], ...]
    bookmarks: Mapping[str, tuple[int, str]]


def build(texts: Texts, render: Render, write: Write) -> Built:
    """Lay out, measure and take apart; raises UnpressableError for what cannot be imposed."""
    import pikepdf

    html, parts = marked(texts.paper)
    all_html, all_parts = marked(texts.questions, texts.whole)
    first = render(html, "")
    plain = layout(first)
    page = _own_page(plain, first)
    documents = [
        first,
        render(marked(texts.other)[0], ""),
        render(texts.characters, ""),
        render(ruled(all_html, all_parts), _sheet(page, 400_000)),
        render(all_html, _sheet(page, _HIGH) + _BREAKS + _HIDDEN),
        render(html, _sheet(page, _HIGH) + _BREAKS + _ONLY_HEADINGS),
    ]
    whole = first.copy([page for document in documents for page in document.pages])
    data = write(whole)
    pdf = pikepdf.open(BytesIO(data))
    return _Builder(texts, documents, pdf, parts, all_parts, faces(whole)).built()


def _own_page(plain: Layout, document: Document) -> tuple[Box, float]:
    return plain.frames[0], document.pages[0].width


def _sheet(page: tuple[Box, float], height: int) -> str:
    frame, width = page
    sides = f"40px {width - frame.right:.4f}px 40px {frame.left:.4f}px"
    return f"@page {{ size: {width:.4f}px {height}px !important; margin: {sides} !important; {_NO_HEADS} }}"


class _Builder:
    def __init__(
        self,
        texts: Texts,
        documents: Sequence[Document],
        pdf: Any,
        parts: Sequence[Part],
        all_parts: Sequence[Part],
        shown: Faces,
    ) -> None:
        self.texts, self.parts, self.all_parts, self.faces = texts, parts, all_parts, shown
        self.first, self.other, _, self.tall, self.split, self.headings = documents
        self.starts = [0]
        for document in documents:
            self.starts.append(self.starts[-1] + len(document.pages))
        self.pages = Pages(pdf, structure(pdf))
        self.pdf = pdf
        self.plain, self.wide = layout(self.first), layout(self.tall)
        self.apart, self.above = layout(self.split), layout(self.headings)
        self.fonts = {
            name.removeprefix("/"): (
                f"{name} {reference(value)}",
                tuple(sorted(self.pages.objects.add([value]))),
            )
            for name, value in self.pages.resources.Font.items()
        }

    @property
    def parts_of_flow(self) -> list[Part]:
        return [part for part in self.parts if part.kind in FLOW]

    def raw(self, page: int) -> bytes:
        return bytes(self.pdf.pages[page].Contents.read_bytes())

    def built(self) -> Built:
        flow = self.parts_of_flow
        start, end = self.plain.place(flow[0]), self.plain.place(flow[-1])
        if len({self.plain.place(part).page for part in flow}) < 2:
            raise UnpressableError("the questions take less than two pages")
        questions = tuple(
            self._whole(parts) if place in self.texts.whole else self._question(parts)
            for place, parts in enumerate(_by_question(self.all_parts))
        )
        stimuli = tuple(self._stimuli())
        others = tuple(self._others(flow))
        bank = self._bank(start, end)
        numbers, written = compacted(bank.objects)

        def moved(block: Block) -> Block:
            return replace(block, needs=frozenset(numbers[number] for number in block.needs))

        bank = replace(
            bank,
            objects=written,
            font_table=numbers[bank.font_table],
            fonts={
                name: (renumbered(entry, numbers), tuple(numbers[number] for number in needs))
                for name, (entry, needs) in bank.fonts.items()
            },
            next_number=len(written) + 1,
            resources={name: renumbered(entry, numbers) for name, entry in bank.resources.items()},
            front=tuple(replace(static, block=moved(static.block)) for static in bank.front),
            back=tuple(replace(static, block=moved(static.block)) for static in bank.back),
        )
        questions = tuple(
            (replace(found, stem=moved(found.stem), choices=tuple(map(moved, found.choices))), slots)
            for found, slots in questions
        )
        others = tuple((kind, name, moved(block), bookmark) for kind, name, block, bookmark in others)
        stimuli = tuple((moved(block), slots) for block, slots in stimuli)
        return Built(bank, questions, stimuli, others, self._numbers())

    def _bank(self, start: Place, end: Place) -> Bank:
        frames = self.plain.frames
        if start.page != 1:
            raise UnpressableError("the questions do not begin on a page of their own, behind the cover")
        size = self.first.pages[0].width * 0.75, self.first.pages[0].height * 0.75
        front = tuple(self._static(page) for page in range(start.page))
        back = tuple(self._static(page) for page in range(end.page + 1, len(self.first.pages)))
        # Pages are counted from 0: the second one is the first left-hand page.
        right, left = (start.page, start.page + 1) if start.page % 2 == 0 else (start.page + 1, start.page)
        return Bank(
            size=size,
            frames=(frames[right], frames[left]),
            home=self.apart.frames[0],
            frame=Frame(start.box.top, self.parts_of_flow[0].kind, frames[1].top, frames[1].bottom),
            margins=margins(self.all_parts, self.wide),
            heads=(self._heads(right), self._heads(left)),
            front=front,
            back=back,
            flow_pages=end.page + 1 - start.page,
            written=self._written(),
            faces=self.faces,
            objects=self.pages.objects.written,
            fonts=self.fonts,
            font_table=self.pages.font_table,
            next_number=0,
            resources=self.pages.named,
            root=self._root(),
            title=self._title(),
            producer=str(self.pdf.docinfo.get("/Producer", "")),
            metadata=self._metadata(),
        )

    def _root(self) -> str:
        root = self.pdf.Root
        return "".join(
            f"{key} {root[key].unparse(resolved=True).decode()}"
            for key in ("/Lang", "/MarkInfo", "/ViewerPreferences")
            if key in root
        )

    def _metadata(self) -> str:
        if "/Metadata" not in self.pdf.Root:
            return ""
        described = bytes(self.pdf.Root.Metadata.read_bytes()).decode()
        return described.replace(escape(str(self.pdf.docinfo.get("/Title", "")), quote=False), TITLE)

    def _title(self) -> str:
        return str(self.pdf.docinfo.get("/Title", "")).replace("{", "{{").replace("}", "}}")

    def _whole(self, parts: Sequence[Part]) -> tuple[QuestionBlocks, tuple[Slot, ...]]:
        """A question that is moved as one, and its slots as they were laid out."""
        place = self.apart.place(parts[0])
        block = self._block(place.page, place.box, slots_on(parts, place.page, self.apart))
        return QuestionBlocks(block), tuple(slot for _, slot in block.slots)

    def _question(self, parts: Sequence[Part]) -> tuple[QuestionBlocks, tuple[Slot, ...]]:
        """A question's blocks, and the slots of its stem as they were laid out."""
        question, stem, *inner = parts
        choices = [part for part in inner if part.kind == "choice"]
        lists = [part for part in inner if part.kind == "choices"]
        if len(lists) != 1 or not choices:
            raise UnpressableError("a question of a kind that is not imposed yet")
        page = self.apart.place(stem).page
        blocks = tuple(self._choice(choice, parts) for choice in choices)
        stem_block = self._block(page, self.apart.place(stem).box, slots_on(parts, page, self.apart))
        rows = list(_rows([self.wide.place(choice) for choice in choices]))
        bottoms = [max(place.box.bottom for place in row) for row in rows]
        above, whole = self.wide.place(stem), self.wide.place(question)
        found = QuestionBlocks(
            stem_block,
            blocks,
            rows[0][0].box.top - above.box.bottom,
            rows[1][0].box.top - bottoms[0] if len(rows) > 1 else 0.0,
            whole.box.bottom - bottoms[-1],
            tuple(place.box.left for place in rows[0]),
        )
        return found, tuple(slot for _, slot in stem_block.slots)

    def _choice(self, choice: Part, parts: Sequence[Part]) -> Block:
        place = self.apart.place(choice)
        slots = slots_on(parts, place.page, self.apart)
        block = self._block(place.page, place.box, slots)
        entries = (element.first("/LI") for element in block.elements)
        return replace(block, elements=tuple(entry.simple for entry in entries if entry))

    def _block(self, page: int, box: Box, slots: Sequence[Slot]) -> Block:
        return self.pages.block(self.starts[4] + page, box, slots)

    def _stimuli(self) -> Iterator[tuple[Block, tuple[Slot, ...]]]:
        for parts in _by_member(self.all_parts):
            if parts[0].kind == "stimulus":
                place = self.apart.place(parts[0])
                slots = slots_on(parts, place.page, self.apart)
                yield self._block(place.page, place.box, slots), slots

    def _others(self, flow: Sequence[Part]) -> Iterator[tuple[str, str, Block, tuple[int, str]]]:
        """Headings, leads and the end, as the paper has them, by their kinds and ids."""
        for part in flow:
            if part.kind not in ("question", "stimulus"):
                place = self.above.place(part)
                block = self.pages.block(self.starts[5] + place.page, place.box, ())
                yield part.kind, part.id, block, self._bookmark(self.first, self.plain.place(part))

    def _written(self) -> dict[tuple[str, str], tuple[Piece, ...]]:
        found: dict[tuple[str, str], tuple[Piece, ...]] = {}
        for parts, where, start in ((self.all_parts, self.wide, self.starts[3]), (self.parts, self.plain, 0)):
            drawn: dict[int, list[Piece]] = {}
            for part in parts:
                if part.kind not in SLOTS or not part.text or (part.kind, part.text) in found:
                    continue
                place = where.place(part)
                if place.page not in drawn:
                    drawn[place.page] = list(pieces(without_artifacts(self.raw(start + place.page))))
                found[part.kind, part.text] = tuple(
                    piece.moved(-place.box.left, -place.box.top)
                    for piece in drawn[place.page]
                    if place.box.holds(piece.x, piece.y) and piece.x < place.box.right - 0.5
                )
        return found

    def _numbers(self) -> dict[str, tuple[int, str]]:
        """The bookmark of each number."""
        found = {}
        for question, *parts in _by_question(self.all_parts):
            number = next(part.text for part in parts if part.kind == "number")
            found[number] = self._bookmark(self.tall, self.wide.place(question))
        return found

    def _bookmark(self, document: Document, place: Place) -> tuple[int, str]:
        for level, words, (_, y), _ in document.pages[place.page].bookmarks:
            if place.box.top - 1 <= y <= place.box.bottom:
                return level, words
        return 0, ""

    def _static(self, page: int) -> Static:
        one = lines(list(pieces(without_artifacts(self.raw(page)))), self.faces)
        two = lines(list(pieces(without_artifacts(self.raw(self.starts[1] + page)))), self.faces)
        if len(one) != len(two):
            raise UnpressableError("the cover differs between papers in more than its words")
        found = [
            (line, filled)
            for line, other in zip(one, two, strict=True)
            if (filled := field(line, other, self.texts.samples, self.faces))
        ]
        found = [(line, filled) for line, filled in found if not self._counter(page, line)]
        found += [(line, filled) for line in one if (filled := self._counter(page, line))]
        cut = [piece for line, _ in found for piece in line]
        block = self.pages.block(page, Box(0, 0, 0, 0), (), cut)
        marks = tuple(
            (level, words, (self.first.pages[page].height - y) * 0.75)
            for level, words, (_, y), _ in self.first.pages[page].bookmarks
        )
        return Static(block, tuple(filled for _, filled in found), self._heads(page), marks)

    def _counter(self, page: int, line: Sequence[Piece]) -> Field | None:
        """A line that is the number of a page."""
        piece = line[0]
        for part in self.parts:
            place = self.plain.place(part) if part.kind == "counter" else None
            if place and place.page == page and place.box.holds(piece.x, piece.y):
                width = self.faces.width(self.faces.read(line), piece.font, float(piece.size))
                return _in_box(f"{{{part.text}}}", piece, width, place.box)
        return None

    def _heads(self, page: int) -> Heads:
        """The running heads of a page, with what differs between papers and pages to be filled in."""
        own = b"".join(_ARTIFACTS.findall(self.raw(page)))
        frame = self.plain.frames[page]
        found = [(line, self._head(line, frame, page)) for line in lines(list(pieces(own)), self.faces)]
        fixed = tuple(piece for line, filled in found if not filled for piece in line)
        return Heads(fixed, tuple(filled for _, filled in found if filled))

    def _head(self, line: Sequence[Piece], frame: Box, page: int) -> Field | None:
        words = self.faces.read(line).replace("{", "{{").replace("}", "}}")
        for name, value in self.texts.samples[0].values.items():
            words = words.replace(value, f"{{{name}}}") if value else words
        number, count = str(page + 1), str(len(self.first.pages))
        if re.fullmatch(rf"\D*\b{number}\b\D+\b{count}\b\D*", words):
            words = re.sub(rf"\b{count}\b(?=\D*$)", "{pages}", words)
            words = re.sub(rf"\b{number}\b", "{page}", words, count=1)
        if "{" not in words.replace("{{", ""):
            return None
        font, size = line[0].font, line[0].size
        width = self.faces.width(self.faces.read(line), font, float(size))
        return _in_box(words, line[0], width, frame)


def _in_box(words: str, first: Piece, width: float, box: Box) -> Field:
    """A line of text that begins with a piece, set in the middle of a box, or at the side to which it is nearer."""
    before, behind = first.x - box.left, box.right - first.x - width
    look = words, first.font, first.size, first.colour
    if abs(before - behind) < 1 < before:
        return Field(*look, first.x + width / 2, first.y, "centre", _ANY_WIDTH)
    if behind < before:
        return Field(*look, first.x + width, first.y, "right", _ANY_WIDTH)
    return Field(*look, first.x, first.y, "left", _ANY_WIDTH)


def _by_question(parts: Sequence[Part]) -> Iterator[list[Part]]:
    return (member for member in _by_member(parts) if member[0].kind == "question")


def _by_member(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """The members of a flow, each with the parts inside it."""
    found: list[Part] = []
    for part in parts:
        if part.kind in FLOW and found:
            yield found
            found = []
        found.append(part)
    if found:
        yield found


def _rows(places: Sequence[Place]) -> Iterator[list[Place]]:
    row: list[Place] = []
    for place in places:
        if row and abs(place.box.top - row[0].box.top) > 0.5:
            yield row
            row = []
        row.append(place)
    yield row
