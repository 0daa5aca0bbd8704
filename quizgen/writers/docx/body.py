"""Blocks as paragraphs and tables of WordprocessingML, standing where the template's tag stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never
from unicodedata import east_asian_width

from quizgen.richtext import tree
from quizgen.richtext.plain import inlines_to_plain
from quizgen.writers.docx import omml
from quizgen.writers.docx.runs import Look, run, runs
from quizgen.writers.docx.wordml import Element, element, properties, value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from quizgen.writers.docx.host import Host

_STEP = 397  # 7 mm: how much further in a list's text or a quotation stands
_DEEPEST = 8  # Word numbers nine levels, from 0
_GAP = 60  # 3 pt between the paragraphs of one text
_CELL_MARGIN = 216  # left and right together, in a table of the template's style
_SMALL_TABLE = 20  # rows that are kept on one page
_CODE_STYLES = {"c": "Code Comment", "k": "Code Keyword", "s": "Code String"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where blocks stand: the paragraph and letters they take after, the room, and whether they hold on.

    `paragraph` and `look.base` are the template's own properties of the tag; `left` and `width` are in
    twentieths of a point; `keep` says that the last block stays on the page of what follows.
    """

    paragraph: Element | None
    look: Look
    left: int
    width: int
    keep: bool
    level: int = 0

    def further_in(self) -> Place:
        """The same place a step to the right."""
        room = max(self.width - _STEP, _STEP)
        return replace(self, left=self.left + _STEP, width=room, look=replace(self.look, room=room))


def blocks(content: tree.Blocks, host: Host, place: Place) -> list[Element]:
    """Blocks as the elements of a document's body, or of a cell's."""
    return [made for block in content for made in _block(block, host, place)]


def _block(block: tree.Block, host: Host, place: Place) -> Iterable[Element]:
    match block:
        case tree.Paragraph((tree.Image() as image,)):
            return _figure(image, host, place)
        case tree.Paragraph(content):
            return [_like_host(host, place, runs(content, host, place.look))]
        case tree.Heading(level, content):
            return [_heading(level, content, host, place)]
        case tree.CodeBlock():
            return [_code(block, host, place)]
        case tree.MathBlock(latex):
            return [_like_host(host, place, [omml.display(latex)])]
        case tree.List():
            return _list(block, host, place)
        case tree.Table():
            return [_gap(host, place, keep=True), _table(block, host, place), _gap(host, place, keep=place.keep)]
        case tree.Quote(content):
            return blocks(content, host, _quoting(host, place))
        case tree.Rule():
            return [_styled("Rule", host, place, [])]
        case _:
            assert_never(block)


def _figure(image: tree.Image, host: Host, place: Place) -> Iterable[Element]:
    """A picture on a line of its own, with its number and caption below it on the same page."""
    if not image.is_figure:
        yield _styled("Figure", host, place, runs((image,), host, place.look))
        return
    yield _styled("Figure", host, replace(place, keep=True), runs((image,), host, place.look))
    look = Look(size=host.letter_size(host.styled("caption")), room=place.width)
    said = [*([run(f"{image.label}\u2003", host, replace(look, bold=True))] if image.label else [])]
    yield _styled("caption", host, place, [*said, *runs(image.caption, host, look)])


def _like_host(host: Host, place: Place, content: Iterable[Element], *changes: Element) -> Element:
    """A further paragraph that looks like the template's, its first line no different from the rest."""
    # The style's own numbers are for the paragraphs that stand in the template.
    plain = [host.unnumbered()] if host.numbers(place.paragraph) else []
    changes = (_indent(place.left), _spacing(_GAP), *_holding(place), *plain, *changes)
    looks = properties("w:pPr", place.paragraph, changes, drop=("numPr", "pageBreakBefore", "sectPr"))
    return element("w:p", None, looks, *content)


def _styled(style: str, host: Host, place: Place, content: Iterable[Element]) -> Element:
    """A paragraph in a style of its own, as far in as its surroundings."""
    style_id = host.style(style)
    named = [value("w:pStyle", style_id)] if style_id is not None else []
    own = host.indent(element("w:pPr", None, *named))
    looks = properties("w:pPr", None, [*named, _indent(place.left + own), *_holding(place)])
    return element("w:p", None, looks, *content)


def _indent(left: int, hanging: int = 0) -> Element:
    """A paragraph's distance from the left, in twentieths of a point and not in characters."""
    first = {"w:hanging": hanging} if hanging else {"w:firstLine": 0}
    return element("w:ind", {"w:leftChars": 0, "w:left": left, "w:firstLineChars": 0, **first})


def _spacing(before: int) -> Element:
    """The space above a paragraph; that below and between its lines stays its style's."""
    return element("w:spacing", {"w:before": before})


def _holding(place: Place) -> list[Element]:
    return [element("w:keepNext")] if place.keep else []


def _heading(level: int, content: tree.Inlines, host: Host, place: Place) -> Element:
    # Title and the two uppermost levels are the document's own.
    style = f"heading {min(level + 2, 6)}"
    look = replace(place.look, base=None)
    return _styled(style, host, place, runs(content, host, look))


def _code(block: tree.CodeBlock, host: Host, place: Place) -> Element:
    content: list[Element] = []
    for number, row in enumerate(block.lines):
        if number:
            content.append(element("w:r", None, element("w:br")))
        content += [run(token.text, host, _code_look(token.kind)) for token in row if token.text]
    return _styled("Code", host, place, content)


def _code_look(kind: str) -> Look:
    return Look(style=_CODE_STYLES.get(kind[:1]))


def _list(block: tree.List, host: Host, place: Place) -> Iterable[Element]:
    number = host.numbering("List Bullet" if block.start is None else "List Number", block.start)
    inner = place.further_in()
    for item in block.items:
        first, rest = _first_paragraph(item)
        where = element("w:numPr", None, value("w:ilvl", place.level), value("w:numId", number))
        yield _like_host(host, inner, runs(first, host, inner.look), _indent(inner.left, _STEP), where)
        yield from blocks(rest, host, replace(inner, level=min(place.level + 1, _DEEPEST)))


def _first_paragraph(content: tree.Blocks) -> tuple[tree.Inlines, tree.Blocks]:
    match content:
        case (tree.Paragraph(inlines), *rest):
            return inlines, tuple(rest)
        case _:
            return (), content


def _quoting(host: Host, place: Place) -> Place:
    style = host.style("Quote")
    inner = place.further_in()
    named = element("w:pPr", None, *([value("w:pStyle", style)] if style is not None else []))
    return replace(inner, paragraph=named)


def _table(block: tree.Table, host: Host, place: Place) -> Element:
    widths = _column_widths(block, place.width)
    style = host.style("Text Table") or host.style("Table Grid")
    shape = element(
        "w:tblPr",
        None,
        *([value("w:tblStyle", style)] if style is not None else []),
        element("w:tblW", {"w:w": sum(widths), "w:type": "dxa"}),
        element("w:tblInd", {"w:w": place.left, "w:type": "dxa"}),
        element("w:tblLook", {"w:val": "0020", "w:firstRow": 1, "w:noHBand": 1, "w:noVBand": 1}),
    )
    grid = element("w:tblGrid", None, *(element("w:gridCol", {"w:w": width}) for width in widths))
    together = len(block.rows) <= _SMALL_TABLE
    rows = [
        _row(row, block, host, widths, keep=place.keep or (together and number < len(block.rows)))
        for number, row in enumerate(block.rows, 1)
    ]
    header = _row(block.header, block, host, widths, keep=True, header=True)
    return element("w:tbl", None, shape, grid, header, *rows)


def _row(
    cells: Sequence[tree.Inlines],
    block: tree.Table,
    host: Host,
    widths: Sequence[int],
    *,
    keep: bool,
    header: bool = False,
) -> Element:
    shape = element("w:trPr", None, element("w:cantSplit"), *([element("w:tblHeader")] if header else []))
    style = host.style("Table Text")
    made = []
    for inlines, side, width in zip(cells, block.alignments, widths, strict=True):
        changes = [*([value("w:pStyle", style)] if style else []), *([value("w:jc", side)] if side else [])]
        looks = properties("w:pPr", None, [*changes, *([element("w:keepNext")] if keep else [])])
        look = Look(room=width - _CELL_MARGIN, bold=header)
        text = element("w:p", None, looks, *runs(inlines, host, look))
        measure = element("w:tcPr", None, element("w:tcW", {"w:w": width, "w:type": "dxa"}))
        made.append(element("w:tc", None, measure, text))
    return element("w:tr", None, shape, *made)


def _gap(host: Host, place: Place, *, keep: bool) -> Element:
    """What Word needs between two tables and at the end of a cell: a paragraph, here of little height."""
    return _styled("Table Gap", host, replace(place, keep=keep), [])


def _column_widths(block: tree.Table, room: int) -> list[int]:
    columns = list(zip(block.header, *block.rows, strict=True))
    wanted = [max(map(text_width, column)) + _CELL_MARGIN + 40 for column in columns]
    if sum(wanted) <= room:
        return wanted
    # What fits an even share keeps its width; the wide columns share the rest by what they hold.
    even = room // len(wanted)
    left = room - sum(width for width in wanted if width <= even)
    wide = sum(width for width in wanted if width > even)
    return [width if width <= even else max(left * width // wide, _STEP) for width in wanted]


def text_width(inlines: tree.Inlines) -> int:
    """About how wide a text is on one line, in letters of the usual size."""
    if any(isinstance(inline, tree.Image) for inline in inlines):
        return 4000
    return sum(map(_letter_width, inlines_to_plain(inlines)))


def _letter_width(letter: str) -> int:
    if east_asian_width(letter) in "WFA":
        return 210
    return 150 if letter.isupper() or letter in "mwMW@%" else 125
