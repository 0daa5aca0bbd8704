"""Moulds: a document laid out once, of which some lines and one drawing a page are written anew for each paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from quizgen.press.fields import Faces, Glyph, Sample, Side, faces, field
from quizgen.press.measure import UnpressableError
from quizgen.press.objects import Objects, compacted, reference, renumbered
from quizgen.press.pieces import Piece, pieces, used_names
from quizgen.press.writing import File, Start, begun, text

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


@dataclass(frozen=True)
class Line:
    """A line of text that differs from paper to paper: its words, `{name}` for what is filled in, and how it is set.

    `x` is that of its left edge, its middle or its right edge; but for the left one, its width is `most`
    at most. Its `heights` depend on the fonts that it needs.
    """

    words: str
    size: str
    x: float
    side: Side
    most: float
    glyphs: Mapping[str, Glyph]
    heights: Mapping[frozenset[str], str]

    def drawn(self, values: Mapping[str, str]) -> tuple[bytes, frozenset[str]]:
        """The operators that draw it, and the fonts it needs."""
        said = glyphs(self.words.format_map(values), self.glyphs)
        fonts = fonts_of(said)
        if not said:
            return b"", fonts
        if fonts not in self.heights:
            raise UnpressableError("a name in these fonts was not laid out")
        width = sum(glyph.width for glyph in said) * float(self.size) / 1000
        if self.side != "left" and width > self.most:
            raise UnpressableError("a text is wider than what was laid out")
        x = self.x - {"left": 0.0, "centre": width / 2, "right": width}[self.side]
        at = f"1 0 0 -1 {x:.3f} {self.heights[fonts]} Tm"
        return f"BT\n{at}\n{runs(said, self.size)}\nET\n".encode(), fonts


def glyphs(said: str, known: Mapping[str, Glyph]) -> list[Glyph]:
    """The glyphs of a text; raises UnpressableError for a character that was not laid out."""
    try:
        return [known[character] for character in said]
    except KeyError as error:
        raise UnpressableError(f"the character {error.args[0]} was not laid out") from error


def runs(said: Sequence[Glyph], size: str) -> str:
    """The operators that show glyphs one behind the other; one without a code is a space."""
    done, font = "", ""
    for glyph in said:
        if glyph.code and glyph.font != font:
            font = glyph.font
            done += f"{'>] TJ' if done else ''}\n/{font} {size} Tf\n[<"
        done += glyph.code or f">{-glyph.width:g}<"
    return f"{done}>] TJ".lstrip()


def fonts_of(said: Iterable[Glyph]) -> frozenset[str]:
    """The fonts of glyphs."""
    return frozenset(glyph.font for glyph in said if glyph.code)


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
    out.pack(pack, [(info, b"<</Title %b>>" % text(mould.title.format_map(values)))])
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


class _Maker:
    """The state of making a mould."""

    def __init__(self, texts: Texts, pdf: pikepdf.Pdf, shown: Faces, count: int, lacking: frozenset[str]) -> None:
        self.texts, self.pdf, self.shown, self.count, self.lacking = texts, pdf, shown, count, lacking
        self.one, self.other, self.characters = (
            [_stream(pdf.pages[at]) for at in range(start, start + count)] for start in (0, count, 2 * count)
        )

    def mould(self, values: Collection[str], render: Render, write: Write) -> Mould:
        """The mould."""
        found = [list(self._lines(page)) for page in range(self.count)]
        heights = self._heights(found, values, render, write)
        parts = [tuple(self._parts(page, found[page], heights)) for page in range(self.count)]
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

    def _heights(
        self, found: Sequence[Sequence[tuple[int, Line]]], said: Collection[str], render: Render, write: Write
    ) -> dict[tuple[int, int], dict[frozenset[str], str]]:
        """The height of each line, by the fonts that it needs: one that stands in for another may set it lower."""
        import pikepdf

        sets: dict[frozenset[str], str] = {}
        for value in sorted(said):
            for own in found:
                for _, line in own:
                    if all(character in line.glyphs for character in value):
                        sets.setdefault(frozenset(line.glyphs[character].font for character in value), value)
        sample = self.texts.samples[0].values
        others = [self.texts.filled(value) for value in list(sets.values())[:_MOST_SETS]]
        documents = [render(html) for html, _ in others]
        heights: dict[tuple[int, int], dict[frozenset[str], str]] = {
            (page, place): self._height(line, sample, self.one[page], place)
            for page, lines in enumerate(found)
            for place, line in lines
        }
        if not documents:
            return heights
        whole = documents[0].copy([page for document in documents for page in document.pages])
        with pikepdf.open(BytesIO(write(whole))) as pdf:
            pages = [_stream(page) for page in pdf.pages]
        for at, (_, values) in enumerate(others):
            for page, lines in enumerate(found):
                for place, line in lines:
                    heights[page, place] |= self._height(line, values, pages[at * self.count + page], place)
        return heights

    def _height(self, line: Line, values: Mapping[str, str], stream: bytes, place: int) -> dict[frozenset[str], str]:
        texts = _TEXT.findall(stream)
        at = _LINE.search(texts[place]) if place < len(texts) else None
        said = line.words.format_map(values)
        if at is None or any(character not in line.glyphs for character in said):
            return {}
        return {frozenset(line.glyphs[character].font for character in said): at[2].decode()}

    def _parts(
        self,
        page: int,
        found: Sequence[tuple[int, Line]],
        heights: Mapping[tuple[int, int], Mapping[frozenset[str], str]],
    ) -> Iterator[bytes | Line | None]:
        lines = {place: replace(line, heights=heights[page, place]) for place, line in found}
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
