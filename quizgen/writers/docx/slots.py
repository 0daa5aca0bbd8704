"""Rich texts put where a template's tags were: into the tag's own paragraph, in the tag's own look."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field

from quizgen.problems import QuizgenError
from quizgen.richtext import tree
from quizgen.writers.docx.body import Place, blocks
from quizgen.writers.docx.host import Host
from quizgen.writers.docx.runs import Look, runs
from quizgen.writers.docx.wordml import Element, element, find, name, properties, value, words

_NAMESPACE = "urn:quizgen:slot"
_SLOT = f"{{{_NAMESPACE}}}text"
_COLUMNS = f"{{{_NAMESPACE}}}columns"
_CELL_MARGINS = 216
_A4_TEXT = 9638  # 170 mm, where the template does not say


@dataclass(frozen=True, slots=True)
class Slots:
    """The rich texts of one rendering, which `mark` takes in and `fill` puts in place."""

    texts: list[tree.Blocks] = field(default_factory=list)

    def mark(self, text: tree.Blocks) -> str:
        """The XML that holds a text's place."""
        self.texts.append(text)
        return f'<q:text xmlns:q="{_NAMESPACE}" n="{len(self.texts) - 1}"/>'

    def fill(self, body: Element, host: Host) -> None:
        """Put every text where its mark is in a document's body."""
        for mark in list(body.iter(_COLUMNS)):
            _set_columns(int(mark.get("n", "")), mark, host)
        # From the last to the first: what goes in behind a paragraph then stays in order.
        for mark in reversed(list(body.iter(_SLOT))):
            _put(self.texts[int(mark.get("n", ""))], mark, host)
        for cell in body.iter(name("w:tc")):
            # Word calls a file broken in which a cell does not end with a paragraph.
            if cell[-1].tag != name("w:p"):
                cell.append(element("w:p"))


def columns_mark(count: int) -> str:
    """The XML that says of how many columns its paragraph is."""
    return f'<q:columns xmlns:q="{_NAMESPACE}" n="{count}"/>' if count > 1 else ""


def refuse_marks(part: Element) -> None:
    """Raise QuizgenError where a header or footer has a tag for rich text: only the document itself can hold it."""
    if next(part.iter(_SLOT, _COLUMNS), None) is not None:
        raise QuizgenError("a header or footer can show plain words only; put this tag into the document itself")


def _set_columns(count: int, mark: Element, host: Host) -> None:
    """Give a row of choices its tab stops: for each the label and the text, as wide as the room allows."""
    _set_free(mark)
    paragraph = next(mark.iterancestors(name("w:p")), None)
    if paragraph is not None:
        shape = find(paragraph, "w:pPr")
        text = host.indent(shape)
        label = text - host.hanging(shape)
        step = (_room(paragraph) - label) // count
        wanted = {place + step * number: "left" for number in range(count) for place in (label, text)}
        del wanted[label]
        stops = sorted({**dict.fromkeys(host.tab_stops(shape), "clear"), **wanted}.items())
        tabs = (element("w:tab", {"w:val": kind, "w:pos": place}) for place, kind in stops)
        _reshape(paragraph, shape, element("w:tabs", None, *tabs))
    mark.getparent().remove(mark)  # type: ignore[union-attr]


def _put(text: tree.Blocks, mark: Element, host: Host) -> None:
    looks = _set_free(mark)
    around = next(mark.iterancestors(*map(name, ("w:p", "w:tc", "w:txbxContent", "w:body"))))
    if around.tag == name("w:p"):
        _into_paragraph(text, mark, around, looks, host)
        return
    room = _room(mark)
    made = blocks(text, host, Place(None, Look(size=host.letter_size(None), room=room), 0, room, keep=False))
    for new in made:
        mark.addprevious(new)
    around.remove(mark)


def _set_free(mark: Element) -> Element | None:
    """Part the run in which a mark stands, so that the mark is beside runs; the run's properties."""
    text = mark.getparent()
    run = text.getparent() if text is not None and text.tag == name("w:t") else None
    if text is None or run is None:
        return None
    looks = find(run, "w:rPr")
    after = element("w:r", None, *([deepcopy(looks)] if looks is not None else []))
    if mark.tail:
        after.append(words("w:t", mark.tail))
    after.extend(list(text.itersiblings()))
    mark.tail = None
    run.addnext(mark)
    if len(after) > (looks is not None):
        mark.addnext(after)
    if not text.text and not len(text):
        run.remove(text)
    if len(run) == (looks is not None):
        run.getparent().remove(run)  # type: ignore[union-attr]
    return looks


def _into_paragraph(text: tree.Blocks, mark: Element, paragraph: Element, looks: Element | None, host: Host) -> None:
    """The text's first paragraph into the template's, and its other blocks behind that."""
    shape = find(paragraph, "w:pPr")
    left = host.indent(shape)
    room = max(_room(paragraph) - left, 1000)
    look = Look(looks, size=_size(looks) or host.letter_size(shape), room=room)
    place = Place(shape, look, left, room, keep=host.says(shape, "w:keepNext"))
    alone = len(paragraph) == 1 + (shape is not None)
    inlines, rest = _parted(text, alone=alone)
    for run in runs(inlines, host, look):
        mark.addprevious(run)
    if len(inlines) == 1 and isinstance(inlines[0], tree.Image):
        _hang_from_the_top(paragraph, shape)
    last = paragraph
    for made in blocks(rest, host, place):
        last.addnext(made)
        last = made
    mark.getparent().remove(mark)  # type: ignore[union-attr]
    if alone and not inlines:
        paragraph.getparent().remove(paragraph)  # type: ignore[union-attr]


def _hang_from_the_top(paragraph: Element, shape: Element | None) -> None:
    """Put a choice's label beside the upper edge of its picture, not the lower."""
    _reshape(paragraph, shape, value("w:textAlignment", "top"))


def _reshape(paragraph: Element, shape: Element | None, change: Element) -> None:
    looks = properties("w:pPr", shape, [change])
    if shape is not None:
        paragraph.remove(shape)
    paragraph.insert(0, looks)


def _parted(text: tree.Blocks, *, alone: bool) -> tuple[tree.Inlines, tree.Blocks]:
    match text:
        case (tree.Paragraph((tree.Image(),)), *_) if alone:
            return (), text
        case (tree.CodeBlock() as code, *rest) if not alone:
            # A box of its own would leave a choice's label alone on its line.
            return _in_line(code), tuple(rest)
        case (tree.Paragraph(inlines), *rest):
            return inlines, tuple(rest)
        case _:
            return (), text


def _in_line(code: tree.CodeBlock) -> tree.Inlines:
    rows = [(tree.LineBreak(), tree.Code("".join(token.text for token in row))) for row in code.lines]
    return tuple(part for row in rows for part in row)[1:]


def _size(looks: Element | None) -> int:
    size = find(looks, "w:sz") if looks is not None else None
    return 0 if size is None else int(size.get(name("w:val"), "0"))


def _room(inside: Element) -> int:
    """The width of the cell, or of the page's column, in which an element stands."""
    cell = next(inside.iterancestors(name("w:tc")), None)
    if cell is None:
        return column(next(inside.iterancestors(name("w:body")), None))
    width = cell.find(f"{name('w:tcPr')}/{name('w:tcW')}")
    if width is None or width.get(name("w:type")) != "dxa":
        return _A4_TEXT // 2
    return max(_number(width, "w:w") - _CELL_MARGINS, 1000)


def column(body: Element | None) -> int:
    """The width of a column of the document's page."""
    page = find(body, "w:sectPr") if body is not None else None
    if page is None:
        return _A4_TEXT
    size, margins, columns = find(page, "w:pgSz"), find(page, "w:pgMar"), find(page, "w:cols")
    if size is None or margins is None:
        return _A4_TEXT
    width = _number(size, "w:w") - _number(margins, "w:left") - _number(margins, "w:right")
    if columns is None:
        return width
    count = max(_number(columns, "w:num"), 1)
    return (width - (count - 1) * _number(columns, "w:space")) // count


def _number(said: Element, attribute: str) -> int:
    return int(float(said.get(name(attribute), "0")))
