"""The answer sheet drawn: each page as one SVG, from the same geometry that layout.json tells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby

from markupsafe import Markup, escape

from quizgen.paper.figures import number
from quizgen.paper.serial import shown
from quizgen.writers.pdf.sheet.codes import page_codes, path
from quizgen.writers.pdf.sheet.geometry import Block, Box, Bubble, Field, Line, Page, Sheet
from quizgen.writers.pdf.sheet.measures import Measures
from quizgen.writers.pdf.sheet.shapes import Path, Shape, Words

_GREY = "#777"  # a scanner can drop it, and a mark stands out
_WIDE_LETTER = 0x2000  # from here on a letter is as wide as it is high, below it half as wide
_BAR = 0.6  # mm, beside rows of one question


def drawing(sheet: Sheet, page: Page, digest: str, known: str, words: Callable[[str], str]) -> Markup:
    """A page as SVG; `known` is the student number that is filled in, `words` translates."""
    m = sheet.measures
    squares = Path("".join(map(path, page_codes(sheet, page, digest))), "#000")
    parts = [squares, *own(sheet.serial, page, known, m), *common(page, m, words)]
    size = f'width="{m.width:g}mm" height="{m.height:g}mm" viewBox="0 0 {m.width:g} {m.height:g}"'
    title = f"<title>{escape(words('Answer sheet'))}</title>"
    shapes = "".join(part.svg for part in parts)
    svg = f'<svg class="marks" xmlns="http://www.w3.org/2000/svg" {size}>{title}{shapes}</svg>'
    return Markup(svg)  # noqa: S704 - what is no number is escaped


def own(serial: str, page: Page, known: str, measures: Measures) -> Iterator[Shape]:
    """What a page shows of this sheet alone, besides its codes: the serial, and the digits that are known."""
    code, box = page.head.page_code, page.head.number
    yield _text(shown(serial), code.x, code.y + code.height + 5, 3.2)
    for digit, column in zip(known, page.head.digits, strict=False):
        if box:
            yield Path(outline([column[int(digit)]], measures), "#222")
            yield _text(digit, column[0].x - 1.25, box.y + box.height - 2, 5)


def common(page: Page, measures: Measures, words: Callable[[str], str]) -> Iterator[Shape]:
    """What a page shows on all sheets that ask for the same."""
    yield from _number(page, measures)
    yield from _bubbles(page, measures)
    yield from _blocks(page.blocks, measures, words)
    yield from _fields(page.fields, measures)
    yield from (_text(heading.title, heading.x, heading.y, 3.6) for heading in page.headings)
    yield from _boxes([box for box in (page.head.variant, page.head.total) if box])
    yield from _boxes([box for _, box in page.head.person])


def _number(page: Page, measures: Measures) -> Iterator[Shape]:
    """The boxes for the digits, or one for a number that is only written."""
    box, columns = page.head.number, page.head.digits
    if box:
        step = measures.digit_pitch
        digits = [Box(box.x + at * step, box.y, step, box.height) for at in range(len(columns))]
        yield from _boxes(digits or [box])


def _bubbles(page: Page, measures: Measures) -> Iterator[Shape]:
    if page.bubbles:
        yield Path(outline(page.bubbles, measures), stroke=_GREY, width=0.2)
    rows = [*zip(*page.head.digits, strict=True), page.head.variants, *(line.bubbles for line in page.lines)]
    for row in filter(None, rows):
        yield _labels(row, measures.letter)


@lru_cache(maxsize=4096)
def _labels(row: tuple[Bubble, ...], size: float) -> Words:
    """The labels of a row of bubbles: the same in the sheets of many papers."""
    text, edges = letters(row, size)
    return Words(text, edges, row[0].y + size * 0.37, size, _GREY)


def _blocks(blocks: Sequence[Block], measures: Measures, words: Callable[[str], str]) -> Iterator[Shape]:
    """The frames of rows, their labels, and bars beside those of one question."""
    if not blocks:
        return
    cells = [replace(block.frame, width=block.lines[0].end - block.frame.x) for block in blocks]
    rules = "".join(_between(block, measures) for block in blocks)
    bars = "".join(bar for block in blocks for bar in _bars(block.lines, measures))
    yield Path(frames(cells), "#eee")
    yield Path(rules, stroke="#ccc", width=0.1)
    yield Path(frames(block.frame for block in blocks), stroke=_GREY, width=0.2)
    yield Path(bars, _GREY)
    for block in blocks:
        for line in block.lines:
            yield from _label(line, measures)
        if block.first:
            x, y = block.frame.x, block.frame.y - 1.2
            yield _text(words("No."), x, y, 2.4)
            yield _text(words("Mark here"), block.lines[0].end + measures.beside_bubbles, y, 2.4)


def _between(block: Block, measures: Measures) -> str:
    frame = block.frame
    return "".join(f"M{frame.x:.2f} {line.y - measures.row / 2:.2f}h{frame.width:.2f}" for line in block.lines[1:])


def _label(line: Line, measures: Measures) -> Iterator[Shape]:
    """The number of a row, right-aligned before its star, which none but rows with several choices have."""
    size = 2 * measures.letter_width
    loose = line.end - line.x - measures.letter_width * len(line.label) - measures.star * line.row.many
    end = line.end - min(1.4, loose / 3) - measures.star * line.row.many
    yield _text(line.label, end - _length(line.label, size), line.y + 1.05, size)
    if line.row.many:
        yield _text("*", end, line.y + 1.05, 2 * measures.star)


def _bars(lines: Iterable[Line], measures: Measures) -> Iterator[str]:
    for _, group in groupby(lines, key=lambda line: line.row.question):
        together = list(group)
        if together[0].row.part:
            top, height = together[0].y - measures.row / 2 + 0.8, len(together) * measures.row - 1.6
            yield f"M{together[0].x:.2f} {top:.2f}h{_BAR}v{height:.2f}h{-_BAR}z"


def _fields(fields: Sequence[Field], measures: Measures) -> Iterator[Shape]:
    """Frames of questions: the number's cell, the boxes with the words beside them, the marker's cell."""
    if not fields:
        return
    cells = [Box(f.frame.x, f.frame.y, measures.number, f.frame.height) for f in fields]
    scores = [f.score for f in fields if f.score]
    boxes = [box for f in fields for box in f.boxes]
    yield Path(frames(cells), "#eee")
    yield Path(ruled(boxes), stroke="#999", width=0.15)
    yield Path(frames([*cells, *scores]), stroke=_GREY, width=0.15)
    yield from _boxes([*(f.frame for f in fields), *(box for f in fields if len(f.boxes) > 1 for box in f.boxes)])
    for field in fields:
        yield from _field_words(field, measures)


def _field_words(field: Field, measures: Measures) -> Iterator[Shape]:
    frame, size = field.frame, 2 * measures.letter_width
    first = measures.line if field.boxes[0].lines > 1 else frame.height
    x = frame.x + (measures.number - _length(field.label, size)) / 2
    yield _text(field.label, x, frame.y + first / 2 + 1.15, size)
    for box in field.boxes:
        middle = box.y + box.height / 2 + 1.15
        if box.before:
            yield _text(box.before, box.x - 0.8 - _length(box.before, size), middle, size)
        if box.after:
            yield _text(box.after, box.x + box.width + 1, middle, size)
    if field.score and field.points is not None:
        text, score = f"/ {number(field.points)}", field.score
        x = score.x + score.width - 1 - _length(text, 2.6)
        yield _text(text, x, score.y + score.height - 1.2, 2.6, "#555")


def outline(bubbles: Sequence[Bubble], measures: Measures) -> str:
    """The ellipses as one SVG path: far cheaper to draw than an element for each."""
    rx, ry = measures.bubble_width / 2, measures.bubble_height / 2
    return "".join([_ellipse(bubble.x, bubble.y, rx, ry) for bubble in bubbles])


@lru_cache(maxsize=4096)
def _ellipse(x: float, y: float, rx: float, ry: float) -> str:
    return f"M{x - rx:.2f} {y:.2f}a{rx:g} {ry:g} 0 1 0 {2 * rx:g} 0a{rx:g} {ry:g} 0 1 0 {-2 * rx:g} 0z"


def letters(bubbles: Sequence[Bubble], size: float) -> tuple[str, str]:
    """The labels as one text and the left edge of each character, so that labels stand in their bubbles' middle."""
    text = "".join(bubble.label for bubble in bubbles)
    return text, " ".join(f"{x:.2f}" for bubble in bubbles for x in _edges(bubble, size))


def _edges(bubble: Bubble, size: float) -> Iterator[float]:
    x = bubble.x - _length(bubble.label, size) / 2
    for character in bubble.label:
        yield x
        x += _length(character, size)


@lru_cache(maxsize=4096)
def _length(text: str, size: float) -> float:
    return sum(size if ord(character) >= _WIDE_LETTER else size / 2 for character in text)


def frames(boxes: Iterable[Box]) -> str:
    """The outlines of boxes as one SVG path."""
    return "".join(f"M{box.x:.2f} {box.y:.2f}h{box.width:.2f}v{box.height:.2f}h{-box.width:.2f}z" for box in boxes)


def ruled(boxes: Iterable[Box]) -> str:
    """The lines inside of boxes as one SVG path."""
    return "".join(
        f"M{box.x:.2f} {box.y + box.height * line / box.lines:.2f}h{box.width:.2f}"
        for box in boxes
        for line in range(1, box.lines)
    )


def _boxes(boxes: Sequence[Box]) -> Iterator[Shape]:
    if boxes:
        yield Path(frames(boxes), stroke="#000", width=0.25)


def _text(text: str, x: float, y: float, size: float, fill: str = "#000") -> Words:
    return Words(text, f"{x:.2f}", y, size, fill)
