"""Rich texts put where a template's tags were: into the tag's own paragraph, in the tag's own look."""

from __future__ import annotations

from dataclasses import dataclass, field

from quizgen.problems import QuizgenError
from quizgen.richtext import tree
from quizgen.writers.docx.body import Place, blocks
from quizgen.writers.docx.columns import arrange
from quizgen.writers.docx.host import Host
from quizgen.writers.docx.marks import reshape, set_free, space
from quizgen.writers.docx.runs import Look, runs
from quizgen.writers.docx.wordml import NAMESPACE, Element, element, find, name, properties, value

_SLOT = f"{{{NAMESPACE}}}text"


@dataclass(frozen=True, slots=True)
class Slots:
    """The rich texts of one rendering, which `mark` takes in and `fill` puts in place."""

    texts: list[tree.Blocks] = field(default_factory=list)

    def mark(self, text: tree.Blocks) -> str:
        """The XML that holds a text's place."""
        self.texts.append(text)
        return f'<q:text xmlns:q="{NAMESPACE}" n="{len(self.texts) - 1}"/>'

    def fill(self, body: Element, host: Host) -> None:
        """Put every text where its mark is in a document's body."""
        arrange(body, host)
        # From the last to the first: what goes in behind a paragraph then stays in order.
        for mark in reversed(list(body.iter(_SLOT))):
            _put(self.texts[int(mark.get("n", ""))], mark, host)
        for cell in body.iter(name("w:tc")):
            # Word calls a file broken in which a cell does not end with a paragraph.
            if not len(cell) or cell[-1].tag != name("w:p"):
                cell.append(
                    element("w:p", None, properties("w:pPr", host.styled("Table Gap"), [element("w:keepNext")]))
                )


def refuse_marks(part: Element) -> None:
    """Raise QuizgenError where a header or footer has a tag for rich text: only the document itself can hold it."""
    if next(part.iter(f"{{{NAMESPACE}}}*"), None) is not None:
        raise QuizgenError("a header or footer can show plain words only; put this tag into the document itself")


def _put(text: tree.Blocks, mark: Element, host: Host) -> None:
    looks = set_free(mark)
    around = next(mark.iterancestors(*map(name, ("w:p", "w:tc", "w:txbxContent", "w:body"))))
    if around.tag == name("w:p"):
        _into_paragraph(text, mark, around, looks, host)
        return
    room = space(mark)
    made = blocks(text, host, Place(None, Look(size=host.letter_size(None), room=room), 0, room, keep=False))
    for new in made:
        mark.addprevious(new)
    around.remove(mark)


def _into_paragraph(text: tree.Blocks, mark: Element, paragraph: Element, looks: Element | None, host: Host) -> None:
    """The text's first paragraph into the template's, and its other blocks behind that."""
    shape = find(paragraph, "w:pPr")
    left = host.indent(shape)
    room = max(space(paragraph) - left, 1000)
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
    reshape(paragraph, shape, value("w:textAlignment", "top"))


def _parted(text: tree.Blocks, *, alone: bool) -> tuple[tree.Inlines, tree.Blocks]:
    match text:
        case (tree.Paragraph((tree.Image() as image,)), *_) if alone or image.is_figure:
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
