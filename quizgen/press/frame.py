"""The frame of booklets: all that stands around questions, laid out with next to nothing for each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

from quizgen.press.bank import TITLE, Bank, Heads, Static
from quizgen.press.blocks import Block, Pages
from quizgen.press.fields import Faces, Field, Sample, field, lines
from quizgen.press.imposing import Frame
from quizgen.press.marking import FLOW, SLOTS, Part, lengthened, marked, members, ruled, ruler, thinned
from quizgen.press.measure import Place, UnpressableError, layout, margins
from quizgen.press.objects import compacted, renumbered
from quizgen.press.pieces import Box, Piece, pieces, without_artifacts
from quizgen.press.records import BREAKS, FONTS, HIGH, Render, sheet, usual_page
from quizgen.press.structure import Element, structure
from quizgen.press.typefaces import Paint, Typeface, faces_of

if TYPE_CHECKING:
    from weasyprint import Document

Back = tuple[Static, ...] | None

_ONLY_HEADINGS = ".question, .stimulus { display: none !important }"
_NO_COVER = ".cover { display: none !important }"
_TOGETHER = "section + section { break-before: auto !important }"
_ONLY_OPENING = "section, .end, .working, .back-cover { display: none !important }"
_TENS, _HUNDREDS = 10, 100  # pages that make the number of all a longer one
_FAR = 200  # pixels, more than any margin
_MANY = 100  # questions from which on there may be hundreds of pages
_ANY_WIDTH = 10_000.0
_TALL = 400_000  # pixels of a page that holds all
_ARTIFACTS = re.compile(rb"/Artifact\s<<[^>]*/Pagination[^>]*>>\sBDC\n(.*?)EMC\n", re.DOTALL)
_HEADING = re.compile(r"/H([1-6])")


@dataclass(frozen=True, slots=True)
class Texts:
    """The HTML of what has to be laid out: a paper filled in with two samples, and all that slots and values say."""

    paper: str
    other: str
    characters: str
    samples: tuple[Sample, Sample]


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around questions: a bank that has none of them and no fonts, and what these are needed for.

    `others`: headings, leads and the end of the paper, by their kinds and ids. `numbers` are questions' numbers as
    printed, each with its bookmark, and `level` is how deep a heading they are.
    """

    bank: Bank
    others: tuple[tuple[str, str, Block, tuple[int, str]], ...]
    numbers: tuple[tuple[str, tuple[int, str]], ...]
    level: int
    typefaces: Mapping[str, Typeface]


def around(texts: Texts, render: Render, paint: Paint) -> Around:
    """Lay out, measure and take apart; raises UnpressableError for what cannot be imposed."""
    import pikepdf

    whole, all_parts = marked(texts.paper)
    html, parts = thinned(whole, all_parts)
    other, _ = thinned(*marked(texts.other))
    usual = usual_page(texts.paper, render)
    many = sum(part.kind == "question" for part in all_parts) >= _MANY
    papers = _papers(html, other, parts, render, many=many)
    letters, of_letters = marked(texts.characters)
    extra = [
        render(whole, _NO_COVER),
        render(letters, ""),
        render(html, sheet(usual, HIGH) + BREAKS + _ONLY_HEADINGS),
    ]
    tall = render(ruled(html, parts), sheet(usual, _TALL) + _NO_COVER + _TOGETHER)
    documents = [*(document for paper in papers for document in (paper.one, paper.other)), *extra]
    painted = paint(papers[0].one, [page for document in documents for page in document.pages])
    with pikepdf.open(BytesIO(painted.data)) as pdf:
        maker = _Maker(texts, parts, papers, extra, pdf, faces_of(painted.typefaces))
        gap = _gap(tall, html, parts, render) if papers[-1].use == "opening" else (0.0, 0.0)
        maker.measure(usual, margins(parts, layout(tall)), (all_parts, of_letters), gap)
        return replace(maker.around(), typefaces=painted.typefaces)


@dataclass(frozen=True, slots=True)
class _Paper:
    """A paper laid out with each of the two samples; what it is laid out for."""

    one: Document
    other: Document
    use: Literal["usual", "longer", "turned", "opening"]


def _papers(html: str, other: str, parts: Sequence[Part], render: Render, *, many: bool) -> list[_Paper]:
    """The paper as usual, with more digits in the number of its pages, with other last pages, without questions."""
    flow = [part for part in parts if part.kind in FLOW]
    questions = [part for part in flow if part.kind == "question"]
    # The flow goes on to a second page, and behind what stands above it to a third one, whose heads are as usual.
    broken = _break(*(questions[-1:] if len(questions) > 1 else flow[-1:]))
    first = render(html, broken)
    has_opening = layout(first).place(flow[0]).page == 0
    if has_opening and len(questions) > 1:
        broken = _break(questions[-1], flow[-1])
        first = render(html, broken)
    found = [_Paper(first, render(other, broken), "usual")]
    for pages in (_TENS, _HUNDREDS) if many else (_TENS,):
        long, also_long = lengthened(html, pages), lengthened(other, pages)
        found.append(_Paper(render(long, broken), render(also_long, broken), "longer"))
    wanted = layout(first).place(flow[-1]).page + 1
    for style in (_TOGETHER, _break(flow[-1]), _break(*questions[-2:])):
        document = render(html, style)
        if (layout(document).place(flow[-1]).page - wanted) % 2 == 0:
            found.append(_Paper(document, render(other, style), "turned"))
            break
    if has_opening:
        found.append(_Paper(render(html, _ONLY_OPENING), render(other, _ONLY_OPENING), "opening"))
    return found


def _gap(tall: Document, html: str, parts: Sequence[Part], render: Render) -> tuple[float, float]:
    """Where what stands above the questions ends, from the top, and what it keeps free below it."""
    first = next(part for part in parts if part.kind in FLOW)
    moved, own = layout(render(html, f"#{first.id} {{ margin-top: {_FAR}px !important }}")), layout(tall)
    if moved.place(first).page:
        raise UnpressableError("what stands above the questions nearly fills a page")
    start = moved.place(first).box.top - _FAR - moved.frames[0].top
    return start, own.places[ruler(first.id)].box.top - own.frames[0].top - start


def _break(*parts: Part) -> str:
    return _TOGETHER + " ".join(f"#{part.id} {{ break-before: page !important }}" for part in parts)


class _Maker:
    """Takes the layouts apart."""

    def __init__(
        self,
        texts: Texts,
        parts: Sequence[Part],
        papers: Sequence[_Paper],
        extra: Sequence[Document],
        pdf: Any,
        shown: Faces,
    ) -> None:
        self.texts, self.parts, self.faces, self.pdf = texts, parts, shown, pdf
        self.numbered, self.letters, self.headings = extra
        self.starts = [0]
        for document in [*(one for paper in papers for one in (paper.one, paper.other)), *extra]:
            self.starts.append(self.starts[-1] + len(document.pages))
        self.papers = papers
        self.trees = structure(pdf)
        self.pages = Pages(pdf, self.trees)
        self.plains = [layout(paper.one) for paper in papers]
        self.plain, self.above = self.plains[0], layout(self.headings)
        self.flow = [part for part in parts if part.kind in FLOW]

    def measure(
        self,
        usual: tuple[Box, float],
        between: Any,
        slots: tuple[Sequence[Part], Sequence[Part]],
        gap: tuple[float, float],
    ) -> None:
        """Take note of what was measured elsewhere."""
        self.usual, self.margins, (self.all_parts, self.of_letters), self.gap = usual, between, slots, gap

    def raw(self, page: int) -> bytes:
        return bytes(self.pdf.pages[page].Contents.read_bytes())

    def around(self) -> Around:
        start = self.plain.place(self.flow[0])
        if len({self.plain.place(part).page for part in self.flow}) < 2:
            raise UnpressableError("the questions take less than two pages")
        if start.page and any(piece.y < start.box.top for piece in self._pieces(start.page)):
            raise UnpressableError("the questions do not begin on a page of their own, behind the cover")
        others = tuple(self._others())
        counted = [place for place, paper in enumerate(self.papers) if paper.use in ("usual", "longer")]
        fronts = tuple(tuple(self._static(paper, page) for page in range(start.page)) for paper in counted)
        if [len(str(len(self.papers[place].one.pages))) for place in counted] != [place + 1 for place in counted]:
            raise UnpressableError("there are many pages around the questions")
        backs: dict[int, tuple[Static, ...]] = {}
        opening: Static | None = None
        for place, paper in enumerate(self.papers):
            if paper.use in ("usual", "turned"):
                last = self.plains[place].place(self.flow[-1]).page
                behind = range(last + 1, len(paper.one.pages))
                backs.setdefault((last + 1 - start.page) % 2, tuple(self._static(place, page) for page in behind))
            elif paper.use == "opening":
                opening = self._static(place, 0)
        bank = replace(self._bank(start, fronts, (backs.get(0), backs.get(1))), opening=opening)
        return self._compacted(bank, others)

    def _pieces(self, page: int) -> list[Piece]:
        return list(pieces(without_artifacts(self.raw(page))))

    def _compacted(self, bank: Bank, others: tuple[tuple[str, str, Block, tuple[int, str]], ...]) -> Around:
        numbers, written = compacted(self.pages.objects.written, (self.pages.font_table,))

        def moved(block: Block) -> Block:
            return replace(block, needs=frozenset(numbers[number] for number in block.needs))

        def all_moved(statics: Back) -> Any:
            return statics and tuple(replace(static, block=moved(static.block)) for static in statics)

        bank = replace(
            bank,
            objects={number: data for number, data in written.items() if number != FONTS},
            next_number=len(written) + 1,
            resources={name: renumbered(entry, numbers) for name, entry in self.pages.named.items()},
            fronts=tuple(map(all_moved, bank.fronts)),
            opening=bank.opening and replace(bank.opening, block=moved(bank.opening.block)),
            backs=(all_moved(bank.backs[0]), all_moved(bank.backs[1])),
        )
        found = tuple((kind, name, moved(block), bookmark) for kind, name, block, bookmark in others)
        return Around(bank, found, tuple(self._numbers()), self._level(), {})

    def _bank(self, start: Place, fronts: tuple[tuple[Static, ...], ...], backs: tuple[Back, Back]) -> Bank:
        frames, (usual, _) = self.plain.frames, self.usual
        # Pages are counted from 0: the second one is the first left-hand page.
        usual_one = max(start.page, 1)  # the first one has other heads
        right, left = (usual_one, usual_one + 1) if usual_one % 2 == 0 else (usual_one + 1, usual_one)
        if right >= len(frames):
            raise UnpressableError("there is no more than one question")
        if any(abs(frames[side].width - usual.width) > 0.1 for side in (right, left)):
            raise UnpressableError("questions stand on pages of another width than usual")
        page = self.papers[0].one.pages[0]
        return Bank(
            size=(page.width * 0.75, page.height * 0.75),
            frames=(frames[right], frames[left]),
            home=self.above.frames[0],
            frame=Frame(
                first=start.box.top,
                kind=self.flow[0].kind,
                start=frames[right].top + self.gap[0],
                gap=self.gap[1],
                page=start.page,
                top=frames[right].top,
                bottom=frames[right].bottom,
            ),
            margins=self.margins,
            heads=(self._heads(0, right), self._heads(0, left)),
            fronts=fronts,
            opening=None,
            backs=backs,
            written=self._written(),
            faces=self.faces,
            objects={},
            fonts={},
            font_table=FONTS,
            next_number=0,
            resources={},
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

    def _others(self) -> Iterator[tuple[str, str, Block, tuple[int, str]]]:
        """Headings, leads and the end, as the paper has them, by their kinds and ids."""
        for part in self.flow:
            if part.kind not in ("question", "stimulus"):
                place = self.above.place(part)
                block = self.pages.block(self.starts[-2] + place.page, place.box, ())
                yield part.kind, part.id, block, _bookmark(self.papers[0].one, self.plain.place(part))

    def _written(self) -> dict[tuple[str, str], tuple[Piece, ...]]:
        found: dict[tuple[str, str], tuple[Piece, ...]] = {}
        for parts, where, start in (
            (self.all_parts, layout(self.numbered), self.starts[-4]),
            (self.of_letters, layout(self.letters), self.starts[-3]),
        ):
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

    def _numbers(self) -> Iterator[tuple[str, tuple[int, str]]]:
        """The number of each question, and its bookmark."""
        places = layout(self.numbered)
        for question, *parts in members(self.all_parts):
            if question.kind == "question":
                number = next((part.text for part in parts if part.kind == "number"), "")
                yield number, _bookmark(self.numbered, places.place(question))

    def _level(self) -> int:
        """How deep a heading a question's number is."""
        pages = {self.plain.place(part).page for part in self.flow if part.kind == "question"}
        return max((_deepest(element) for page in pages for element in self.trees[page]), default=1)

    def _static(self, paper: int, page: int) -> Static:
        here, there = self.starts[2 * paper] + page, self.starts[2 * paper + 1] + page
        one = lines(list(pieces(without_artifacts(self.raw(here)))), self.faces)
        two = lines(list(pieces(without_artifacts(self.raw(there)))), self.faces)
        if len(one) != len(two):
            raise UnpressableError("the cover differs between papers in more than its words")
        found = [
            (line, filled)
            for line, other in zip(one, two, strict=True)
            if (filled := field(line, other, self.texts.samples, self.faces))
        ]
        found = [(line, filled) for line, filled in found if not self._counter(paper, page, line)]
        found += [(line, filled) for line in one if (filled := self._counter(paper, page, line))]
        own = self.papers[paper].one.pages[page]
        marks = tuple((level, words, (own.height - y) * 0.75) for level, words, (_, y), _ in own.bookmarks)
        block = self.pages.block_without(here, [line for line, _ in found])
        return Static(block, tuple(filled for _, filled in found), self._heads(paper, page), marks)

    def _counter(self, paper: int, page: int, line: Sequence[Piece]) -> Field | None:
        """A line that is the number of a page."""
        piece = line[0]
        for part in self.parts:
            place = self.plains[paper].place(part) if part.kind == "counter" else None
            if place and place.page == page and place.box.holds(piece.x, piece.y):
                width = self.faces.width(self.faces.read(line), piece.font, float(piece.size))
                return _in_box(f"{{{part.text}}}", piece, width, place.box)
        return None

    def _heads(self, paper: int, page: int) -> Heads:
        """The running heads of a page, with what differs between papers and pages to be filled in."""
        own = b"".join(_ARTIFACTS.findall(self.raw(self.starts[2 * paper] + page)))
        frame = self.plains[paper].frames[page]
        count = len(self.papers[paper].one.pages)
        found = [(line, self._head(line, frame, page, count)) for line in lines(list(pieces(own)), self.faces)]
        fixed = tuple(piece for line, filled in found if not filled for piece in line)
        return Heads(fixed, tuple(filled for _, filled in found if filled))

    def _head(self, line: Sequence[Piece], frame: Box, page: int, pages: int) -> Field | None:
        words = self.faces.read(line).replace("{", "{{").replace("}", "}}")
        for name, value in self.texts.samples[0].values.items():
            words = words.replace(value, f"{{{name}}}") if value else words
        number, count = str(page + 1), str(pages)
        if re.fullmatch(rf"\D*\b{number}\b\D+\b{count}\b\D*", words):
            words = re.sub(rf"\b{count}\b(?=\D*$)", "{pages}", words)
            words = re.sub(rf"\b{number}\b", "{page}", words, count=1)
        if "{" not in words.replace("{{", ""):
            return None
        font, size = line[0].font, line[0].size
        width = self.faces.width(self.faces.read(line), font, float(size))
        return _in_box(words, line[0], width, frame)


def _bookmark(document: Document, place: Place) -> tuple[int, str]:
    for level, words, (_, y), _ in document.pages[place.page].bookmarks:
        if place.box.top - 1 <= y <= place.box.bottom:
            return level, words
    return 0, ""


def _in_box(words: str, first: Piece, width: float, box: Box) -> Field:
    """A line of text that begins with a piece, set in the middle of a box, or at the side to which it is nearer."""
    before, behind = first.x - box.left, box.right - first.x - width
    look = words, first.font, first.size, first.colour
    if abs(before - behind) < 1 < before:
        return Field(*look, first.x + width / 2, first.y, "centre", _ANY_WIDTH)
    if behind < before:
        return Field(*look, first.x + width, first.y, "right", _ANY_WIDTH)
    return Field(*look, first.x, first.y, "left", _ANY_WIDTH)


def _deepest(element: Element) -> int:
    own = _HEADING.fullmatch(element.tag)
    return max((_deepest(kid) for kid in element.kids if isinstance(kid, Element)), default=0) or (
        int(own[1]) if own else 0
    )
