"""Moulds: a document laid out once, of which some lines and one drawing a page are written anew for each paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

from quizgen.press.casting import Leaf, Mould
from quizgen.press.fields import Faces, Glyph, Sample, faces, field
from quizgen.press.measure import UnpressableError
from quizgen.press.mould_lines import Line
from quizgen.press.objects import Objects, compacted, reference, renumbered
from quizgen.press.pieces import Piece, pieces, used_names

if TYPE_CHECKING:
    import pikepdf
    from weasyprint import Document

# Lays out HTML; writes a document; tells the characters that no font had while it did.
Render = Callable[[str], "Document"]
Write = Callable[["Document"], bytes]

# What a drawing begins and ends with where it is laid out: squares that no page shows.
START, END = "M-91 -91h1v1h-1z", "M-92 -92h1v1h-1z"
_START, _END = (re.compile(rb"(?:0 0 m\n)?-9%d -9%d m\n[^BEQ]*?\nf\n" % (n, n)) for n in (1, 2))
_TEXT = re.compile(rb"BT\n.*?ET\n", re.DOTALL)
_FONT = re.compile(rb"/([\w.+-]+) [\d.]+ Tf")
_LINE = re.compile(rb"1 0 0 -1 (-?[\d.]+) (-?[\d.]+) Tm")
_REFUSED = ("/Outlines", "/Names", "/AcroForm")
_MOST_SETS = 8  # of fonts that stand in for each other in a line


@dataclass(frozen=True, slots=True)
class Texts:
    """The HTML of what has to be laid out: filled in with two samples, and with all characters.

    `characters` are those of all values; its drawings show 0, a space and all letters of drawings, from START to END,
    the others' are START alone. `filled` fills in a text wherever it may stand, and tells the values.
    """

    one: str
    other: str
    characters: str
    samples: tuple[Sample, Sample]
    filled: Callable[[str], tuple[str, Mapping[str, str]]]


def moulded(texts: Texts, values: Collection[str], render: Render, write: Write, lacking: Collection[str]) -> Mould:
    """Lay out and take apart; raises UnpressableError for what cannot be filled in.

    `values` are all that papers may have; `lacking` gathers, while this runs, the characters that no font has.
    """
    import pikepdf

    documents = [render(html) for html in (texts.one, texts.other, texts.characters)]
    count = len(documents[0].pages)
    if len(documents[1].pages) != count or len(documents[2].pages) != count:
        raise UnpressableError("papers differ in their pages")
    whole = documents[0].copy([page for document in documents for page in document.pages])
    data = write(whole)
    with pikepdf.open(BytesIO(data)) as pdf:
        return _Maker(texts, pdf, faces(whole), count, frozenset(lacking)).mould(values, render, write)


# Lines by their pages and places among the texts there; their heights by the fonts that they need.
_Lines = Mapping[tuple[int, int], Line]
_Heights = dict[tuple[int, int], dict[frozenset[str], str]]


class _Maker:
    """The state of making a mould."""

    def __init__(self, texts: Texts, pdf: pikepdf.Pdf, shown: Faces, count: int, lacking: frozenset[str]) -> None:
        self.texts, self.pdf, self.shown, self.count, self.lacking = texts, pdf, shown, count, lacking
        self.one, self.other, self.characters = (
            [_stream(pdf.pages[at]) for at in range(start, start + count)] for start in (0, count, 2 * count)
        )

    def mould(self, values: Collection[str], render: Render, write: Write) -> Mould:
        """The mould."""
        found = {(page, place): line for page in range(self.count) for place, line in self._lines(page)}
        heights = self._heights(found, values, render, write)
        lines = {at: replace(line, heights=heights[at]) for at, line in found.items()}
        parts = [tuple(self._parts(page, lines)) for page in range(self.count)]
        return self._objects(parts)

    def _lines(self, page: int) -> Iterator[tuple[int, Line]]:
        """The lines of a page that differ, by their places among all of its texts."""
        streams = (self.one[page], self.other[page], self.characters[page])
        whole = [_texts(stream) for stream in streams]
        if len({len(found) for found in whole}) > 1:
            raise UnpressableError("papers differ in more than their words")
        for place, (one, other, characters) in enumerate(zip(*whole, strict=True)):
            if filled := field(one, other, self.texts.samples, self.shown):
                if one[0].size != characters[0].size or one[0].size != other[0].size:
                    raise UnpressableError("a text is set in another size where it is longer")
                known = self._glyphs(characters)
                yield place, Line(filled.words, filled.size, filled.x, filled.side, filled.most, known, {})

    def _glyphs(self, line: Sequence[Piece]) -> dict[str, Glyph]:
        """How each character of a line is shown."""
        found: dict[str, Glyph] = {}
        for piece in line:
            for character in self.shown.read([piece]):
                if character not in self.lacking and character in self.shown.glyphs[piece.font]:
                    found[character] = self.shown.glyphs[piece.font][character]
        return found

    def _heights(self, found: _Lines, said: Collection[str], render: Render, write: Write) -> _Heights:
        """The height of each line, by the fonts that it needs: one that stands in for another may set it lower."""
        others = [self.texts.filled(value) for value in _of_each_set(found, said)]
        layouts = [(self.texts.samples[0].values, self.one)]
        pages = _written([render(html) for html, _ in others], write)
        layouts += [(values, pages[at * self.count :]) for at, (_, values) in enumerate(others)]
        heights: _Heights = {}
        for values, streams in layouts:
            for (page, place), line in found.items():
                heights.setdefault((page, place), {}).update(self._height(line, values, streams[page], place))
        return heights

    def _height(self, line: Line, values: Mapping[str, str], stream: bytes, place: int) -> dict[frozenset[str], str]:
        texts = _TEXT.findall(stream)
        at = _LINE.search(texts[place]) if place < len(texts) else None
        said = line.words.format_map(values)
        if at is None or any(character not in line.glyphs for character in said):
            return {}
        return {frozenset(line.glyphs[character].font for character in said): at[2].decode()}

    def _parts(self, page: int, every: _Lines) -> Iterator[bytes | Line | None]:
        lines = {place: line for (where, place), line in every.items() if where == page}
        streams = self.one[page], self.other[page]
        constant, same = (list(_cut(stream, lines)) for stream in streams)
        if constant != same:
            raise UnpressableError("papers differ in more than their words")
        if sum(part is None for part in constant) != 1:
            raise UnpressableError("a page has no drawing, or more than one")
        return (lines[part] if isinstance(part, int) else part for part in constant)

    def _letters(self) -> dict[str, Glyph]:
        """The glyphs of drawings, which show 0, a space, and all other letters."""
        found: dict[str, Glyph] = {}
        for stream in self.characters:
            start, end = _START.search(stream), _END.search(stream)
            if not start or not end:
                continue
            drawn = _TEXT.findall(stream[start.end() : end.start()])
            letters = [piece for one in drawn for piece in pieces(one)]
            found |= self._glyphs(letters)
            nought, following = letters[:2]
            apart = (following.x - nought.x) / float(nought.size) * 1000
            found[" "] = Glyph("", "", round(apart - found["0"].width))
        return found

    def _objects(self, parts: Sequence[tuple[bytes | Line | None, ...]]) -> Mould:
        root = self._reduced()
        resources: Any = self.pdf.pages[0].obj.Resources
        table = resources.Font.objgen[0]
        forms = [self.pdf.make_stream(b"") for _ in parts]
        drawn: Any = resources.XObject
        for place, form in enumerate(forms):
            drawn[f"/Drawing{place}"] = form
        contents = [page.obj.Contents.objgen[0] for page in self.pdf.pages]
        metadata: Any = root.get("/Metadata")
        number = metadata.objgen[0] if metadata is not None else 0
        anew = [table, *contents, *(form.objgen[0] for form in forms), *([number] if number else ())]
        objects = Objects(frozenset(anew))
        constant = objects.add([root]) - set(anew)
        fonts = {
            name.removeprefix("/"): (f"{name} {reference(value)}", tuple(sorted(objects.add([value]))))
            for name, value in resources.Font.items()
        }
        used = _FONT.findall(b"".join(part for page in parts for part in page if isinstance(part, bytes)))
        for one in anew:
            objects.written[one] = b""
        numbers, written = compacted(objects.written)
        return Mould(
            tuple(
                Leaf(page, numbers[content], numbers[form.objgen[0]])
                for page, content, form in zip(parts, contents, forms, strict=True)
            ),
            self._letters(),
            written,
            tuple(sorted(numbers[one] for one in constant)),
            {
                name: (renumbered(entry, numbers), tuple(numbers[one] for one in needs))
                for name, (entry, needs) in fonts.items()
            },
            frozenset(name.decode() for name in used),
            numbers[table],
            (numbers.get(number, 0), self._template(metadata.read_bytes().decode()) if number else ""),
            numbers[root.objgen[0]],
            self._template(str(self.pdf.docinfo.get("/Title", ""))),
            str(self.pdf.docinfo.get("/Producer", "")),
            len(written) + 1,
        )

    def _template(self, said: str) -> str:
        words = said.replace("{", "{{").replace("}", "}}")
        for name, value in self.texts.samples[0].values.items():
            words = words.replace(value, f"{{{name}}}") if value else words
        return words

    def _reduced(self) -> Any:
        """The document's root, with the first layout's pages and their structure alone."""
        root: Any = self.pdf.Root
        if any(name in root for name in _REFUSED):
            raise UnpressableError("a page has bookmarks, or places that others lead to")
        del self.pdf.pages[self.count :]
        own = {page.obj.objgen for page in self.pdf.pages}
        if any("/Annots" in page.obj for page in self.pdf.pages):
            raise UnpressableError("a page has links")
        tree = root.StructTreeRoot
        (document,) = tree.K
        document.K = [kid for kid in document.K if kid.get("/Pg") is not None and kid.Pg.objgen in own]
        rows = tree.ParentTree.Nums
        tree.ParentTree.Nums = [
            part for at in range(0, len(rows), 2) if rows[at] < self.count for part in rows[at : at + 2]
        ]
        resources = self.pdf.pages[0].obj.Resources
        for kind in ("/XObject", "/Pattern", "/Shading"):
            used = {name for stream in self.one for name in used_names(stream).get(kind, ())}
            kept = {name: value for name, value in resources.get(kind, {}).items() if name.removeprefix("/") in used}
            if kind == "/XObject" and any(value.get("/Subtype") == "/Form" for value in kept.values()):
                raise UnpressableError("words stand in a drawing, or are pale")
            resources[kind] = kept
        return root


def _of_each_set(found: _Lines, said: Collection[str]) -> list[str]:
    """A value for each set of fonts that a line's value needs; not for all, where there are many."""
    sets: dict[frozenset[str], str] = {}
    for value in sorted(said):
        for line in found.values():
            if all(character in line.glyphs for character in value):
                sets.setdefault(frozenset(line.glyphs[character].font for character in value), value)
    return list(sets.values())[:_MOST_SETS]


def _written(documents: Sequence[Document], write: Write) -> list[bytes]:
    """What all pages of documents show."""
    import pikepdf

    if not documents:
        return []
    whole = documents[0].copy([page for document in documents for page in document.pages])
    with pikepdf.open(BytesIO(write(whole))) as pdf:
        return [_stream(page) for page in pdf.pages]


def _stream(page: Any) -> bytes:
    return bytes(page.obj.Contents.read_bytes())


def _texts(stream: bytes) -> list[list[Piece]]:
    """The texts of a page, each as the pieces it is made of; none of those between START and END."""
    return [list(pieces(found[0])) for found in _TEXT.finditer(_without_drawing(stream))]


def _without_drawing(stream: bytes) -> bytes:
    start, end = _START.search(stream), _END.search(stream)
    return stream[: start.start()] + stream[end.end() :] if start and end else stream


def _cut(stream: bytes, lines: Collection[int]) -> Iterator[bytes | int | None]:
    """A page's content around the texts at these places (their numbers) and its drawing (None)."""
    cuts: list[tuple[int, int, int | None]] = [
        (found.start(), found.end(), place) for place, found in enumerate(_TEXT.finditer(stream)) if place in lines
    ]
    cuts += [(found.start(), found.end(), None) for found in _START.finditer(stream)]
    end = 0
    for start, following, what in sorted(cuts, key=lambda cut: cut[0]):
        yield stream[end:start]
        yield what
        end = following
    yield stream[end:]
