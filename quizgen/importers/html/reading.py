"""Elements to blocks: going through them in the order in which they are shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from quizgen.importers.html.parts import (
    NOTHING,
    code_block,
    picture_name,
    picture_width,
    raw_text,
    ruby,
    shifted,
    words,
)
from quizgen.importers.html.tables import grid, strays, table_rows
from quizgen.importers.pieces import EM, STRONG, Mark, Marks, Piece, one_row, paragraphs
from quizgen.picture import PictureError
from quizgen.richtext.markdown import link_allowed
from quizgen.richtext.tree import (
    Block,
    Blocks,
    Code,
    Heading,
    Image,
    Inline,
    Inlines,
    LineBreak,
    List,
    Math,
    Quote,
    Rule,
    Text,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

_DEEPEST_LIST = 8

# What finds a picture by its address: its path below the bank's folder, or None where there is no such picture.
# It raises PictureError for one that cannot be printed.
FindPicture = Callable[[str], str | None]

_CONTAINER_TAGS = (
    "address article aside body caption center dd details div dl dt fieldset figcaption figure footer form head header "
    "html legend li main nav option p section summary td th tr"
)
_CONTAINERS = frozenset(_CONTAINER_TAGS.split())
_MARKED: dict[str, Mark] = {
    **dict.fromkeys(("em", "i", "cite", "dfn", "var", "u", "ins"), EM),
    **dict.fromkeys(("strong", "b"), STRONG),
}
_CODE = ("code", "kbd", "samp", "tt")
_LISTS = ("ul", "ol", "menu", "dir")
_BLOCKS = ("pre", "hr", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6")
_MEDIA = ("audio", "video", "iframe", "object", "embed", "canvas", "applet", "svg")
_LOST = {
    **{name: f"<{name}> is left out" for name in (*_MEDIA, "script")},
    **dict.fromkeys(("s", "del", "strike"), "a line through text is left out"),
    **dict.fromkeys(("u", "ins"), "underlining became emphasis"),
    **dict.fromkeys(("input", "select", "textarea", "button"), "a field to fill in is left out"),
}
_TEX = "application/x-tex"
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)")
_ITALIC = re.compile(r"font-style\s*:\s*italic")


def no_picture(source: str) -> str | None:  # noqa: ARG001 - as FindPicture is called
    """Finds no picture, for formats that bring no files."""
    return None


@dataclass
class Reader:
    """Reads one text. `pieces` is what it has met since the last block; `lost` what the tree cannot hold."""

    find_picture: FindPicture
    lost: set[str] = field(default_factory=set)
    _blocks: list[Block] = field(default_factory=list)
    _pieces: list[Piece] = field(default_factory=list)
    _lists: int = 0
    _in_row: bool = False

    def blocks_in(self, element: _Element) -> Blocks:
        """The blocks that an element holds."""
        with self._apart() as blocks:
            self._children(element, ())
            self._end_paragraph()
        return tuple(blocks)

    def _row_in(self, element: _Element) -> Inlines:
        """What an element holds as one row: where a paragraph ends there is a blank."""
        outer, self._in_row = self._in_row, True
        with self._apart():
            self._children(element, ())
            row = one_row(self._pieces)
        self._in_row = outer
        return row

    @contextmanager
    def _apart(self) -> Iterator[list[Block]]:
        """Reading into blocks of their own."""
        outer = self._blocks, self._pieces
        self._blocks, self._pieces = [], []
        yield self._blocks
        self._blocks, self._pieces = outer

    def _end_paragraph(self) -> None:
        if self._in_row:
            self._pieces.append(Piece(LineBreak()))
            return
        self._blocks += paragraphs(self._pieces)
        self._pieces = []

    def _add(self, *blocks: Block) -> None:
        self._end_paragraph()
        self._blocks += blocks

    def _inline(self, inline: Inline, marks: Marks) -> None:
        self._pieces.append(Piece(inline, marks))

    def _text(self, text: str | None, marks: Marks, *, literal: bool = False) -> None:
        if text:
            self._pieces.append(Piece(Text(text), marks, literal))

    def _children(self, element: _Element, marks: Marks, *, literal: bool = False) -> None:
        self._text(element.text, marks, literal=literal)
        for child in element:
            self._element(child, marks, literal=literal)
            self._text(child.tail, marks, literal=literal)

    def _element(self, element: _Element, marks: Marks, *, literal: bool = False) -> None:
        name = str(element.tag)
        if name in _LOST:
            self.lost.add(_LOST[name])
        if name in NOTHING or name in _MEDIA:
            return
        if name in _BLOCKS:
            self._block(name, element)
        elif name in _LISTS:
            self._list(element)
        elif name in _CONTAINERS:
            self._end_paragraph()
            self._children(element, _styled(element, marks), literal=literal)
            self._end_paragraph()
        elif name in _MARKED:
            self._children(element, _with(marks, _MARKED[name]), literal=literal)
        else:
            self._phrase(name, element, marks, literal=literal)

    def _phrase(self, name: str, element: _Element, marks: Marks, *, literal: bool) -> None:
        match name:
            case "br":
                self._inline(LineBreak(), marks)
            case "img":
                self._image(element, marks)
            case "a":
                self._link(element, marks)
            case "ruby":
                for part in ruby(element):
                    self._inline(part, marks)
            case "sub" | "sup":
                self._shifted(name, element, marks)
            case "math":
                self._mathml(element, marks)
            case _ if name in _CODE:
                self._code(element, marks)
            case _:
                # Moodle's filters pass over what is in such a span, and no formula begins there.
                shielded = literal or name == "nolink" or "nolink" in str(element.get("class", "")).split()
                self._children(element, _styled(element, marks), literal=shielded)

    def _block(self, name: str, element: _Element) -> None:
        if self._in_row:
            self._flattened(name, element)
            return
        match name:
            case "pre":
                self._add(*filter(None, [code_block(element)]))
            case "hr":
                self._add(Rule())
            case "table":
                self._table(element)
            case "blockquote":
                content = self.blocks_in(element)
                self._add(*[Quote(content)] if content else [])
            case _:
                # In Moodle, a text's headings rank below those of the page: ours begin at h4.
                row = self._row_in(element)
                self._add(*[Heading(max(1, int(name[1]) - 3), row)] if row else [])

    def _flattened(self, name: str, element: _Element) -> None:
        """A block where only a row can stand."""
        self._end_paragraph()
        if name == "pre":
            self.lost.add("lines of code in the cell of a table became one line")
            self._code(element, ())
        else:
            self._children(element, ())
        self._end_paragraph()

    def _list(self, element: _Element) -> None:
        if self._in_row or self._lists >= _DEEPEST_LIST:
            self._flattened("list", element)
            return
        self._lists += 1
        items = tuple(self._items(element))
        self._lists -= 1
        self._add(*[List(items, _start(element))] if any(items) else [])

    def _items(self, element: _Element) -> list[Blocks]:
        """The list's items; a list between two items, as editors write it, belongs to the one before."""
        items: list[Blocks] = []
        self._add_loose(items, [element.text])
        for child in element:
            if child.tag == "li":
                items.append(self.blocks_in(child))
            self._add_loose(items, [child.tail] if child.tag == "li" else [child, child.tail])
        return items

    def _add_loose(self, items: list[Blocks], parts: Iterable[_Element | str | None]) -> None:
        """Put what stands between a list's items into the last of them."""
        with self._apart() as blocks:
            self._parts(parts)
            self._end_paragraph()
        if items:
            items[-1] += tuple(blocks)
        elif blocks:
            items.append(tuple(blocks))

    def _parts(self, parts: Iterable[_Element | str | None]) -> None:
        for part in parts:
            if part is None or isinstance(part, str):
                self._text(part, ())
            else:
                self._element(part, ())

    def _table(self, element: _Element) -> None:
        self._end_paragraph()
        self._parts(strays(element))
        self._end_paragraph()
        rows = table_rows(element)
        if len(rows) == 1 and len(rows[0]) == 1:
            self._blocks += self.blocks_in(rows[0][0])
        elif rows:
            found = grid(rows, self._row_in)
            self._blocks.append(found.table)
            if found.spanned:
                self.lost.add("cells of a table that reached over others are cells like the others now")

    def _code(self, element: _Element, marks: Marks) -> None:
        for number, line in enumerate(raw_text(element).split("\n")):
            if number:
                self._inline(LineBreak(), marks)
            if line:
                self._inline(Code(line), marks)

    def _image(self, element: _Element, marks: Marks) -> None:
        source, alt = str(element.get("src", "")), words(str(element.get("alt", "")))
        try:
            path = self.find_picture(source)
        except PictureError as error:
            self.lost.add(f"a picture is left out: {error}")
            self._inline(Text(f"[{alt or 'image'}]"), marks)
            return
        if path is not None:
            if not alt:
                self.lost.add("a picture has no description, so the name of its file stands in the brackets")
            self._inline(Image(path, alt or picture_name(source) or "image", picture_width(element)), marks)
            return
        name = alt or picture_name(source) or "image"
        self.lost.add(f"the picture `{name}` is left out")
        if link_allowed(source):
            marks = _with(marks, ("link", _address(source)))
        self._inline(Text(f"[{name}]"), marks)

    def _link(self, element: _Element, marks: Marks) -> None:
        url = str(element.get("href", "")).strip()
        if link_allowed(url):
            marks = _with(marks, ("link", _address(url)))
        elif url.startswith("@@PLUGINFILE@@"):
            self.lost.add(f"the file `{picture_name(url)}`, to which a link led, is left out")
        self._children(element, marks)

    def _shifted(self, name: str, element: _Element, marks: Marks) -> None:
        text, faithful = shifted(name, words(raw_text(element)))
        if not faithful:
            self.lost.add("raised or lowered letters stand behind ^ or _ now")
        self._text(text, marks, literal=True)

    def _mathml(self, element: _Element, marks: Marks) -> None:
        notation = next((one for one in element.iter("annotation") if one.get("encoding") == _TEX), None)
        text = words(raw_text(element if notation is None else notation))
        if notation is not None and text:
            self._inline(Math(text), marks)
        else:
            self.lost.add("a formula in MathML became plain text")
            self._text(text, marks, literal=True)


def _with(marks: Marks, mark: Mark) -> Marks:
    return marks if mark[0] in (kind for kind, _ in marks) else (*marks, mark)


def _styled(element: _Element, marks: Marks) -> Marks:
    style = str(element.get("style", ""))
    marks = _with(marks, STRONG) if _BOLD.search(style) else marks
    return _with(marks, EM) if _ITALIC.search(style) else marks


def _address(url: str) -> str:
    """An address as the reader of Markdown has it."""
    from markdown_it.common.normalize_url import normalizeLink

    return normalizeLink(url)


def _start(element: _Element) -> int | None:
    if element.tag != "ol":
        return None
    start = str(element.get("start", ""))
    return int(start) if re.fullmatch("[0-9]{1,9}", start) else 1
