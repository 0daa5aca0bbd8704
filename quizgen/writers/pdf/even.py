"""Even lines of Japanese, which WeasyPrint does not make: it widens spaces, and Japanese has none.

WeasyPrint finds the lines; what a line lacks is spread between its Japanese characters, so that the text itself stays
as it is and is copied and read aloud without added spaces.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from weasyprint.formatting_structure.boxes import InlineBox, LineBox, TextBox
from weasyprint.layout import inline
from weasyprint.text.ffi import TO_UNITS, ffi, pango
from weasyprint.text.line_break import Layout

if TYPE_CHECKING:
    from collections.abc import Iterator

# Latin words, figures and spaces stay as they are; what lies between them is spread.
_SPREAD = re.compile(r"[^\u0020-\u024f]+")
_LATIN = re.compile(r"[\u0000-\u024f\s]*")
_MOST = 0.16  # of the letters' size; what would need more stays ragged


class _Spread(Layout):  # type: ignore[misc]
    """A text whose Japanese characters stand apart by `space` pixels more than usual."""

    space = 0.0

    def set_text(self, text: str, justify: bool = False) -> None:  # noqa: FBT001, FBT002 - as in WeasyPrint
        super().set_text(text, justify)
        attributes = pango.pango_layout_get_attributes(self.layout)
        if attributes == ffi.NULL:
            attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
        usual = 0 if self.style["letter_spacing"] == "normal" else self.style["letter_spacing"]
        for found in _SPREAD.finditer(text):
            start = len(text[: found.start()].encode())
            spacing = pango.pango_attr_letter_spacing_new(int((usual + self.space) * TO_UNITS))
            spacing.start_index, spacing.end_index = start, start + len(found[0].encode())
            pango.pango_attr_list_change(attributes, spacing)
        pango.pango_layout_set_attributes(self.layout, attributes)


_widen_spaces = inline.justify_line


def justify_line(context: object, line: Any, missing: float) -> None:
    """Spread what the line lacks; a line of Latin letters alone gets wider spaces."""
    leaves = list(_leaves(line))
    texts = [leaf for leaf in leaves if isinstance(leaf, TextBox)]
    if all(_LATIN.fullmatch(text.text) for text in texts):
        _widen_spaces(context, line, missing)
        return
    between = _between(leaves)
    gaps = sum(_gaps(text.text) for text in texts) + sum(between.values())
    space = missing / gaps if gaps else 0
    if 0 < space <= _MOST * line.style["font_size"]:
        _spread(line, space, 0, between)


def _leaves(box: Any) -> Iterator[Any]:
    """What stands in a line, from left to right: texts, and boxes that are set as one."""
    for child in box.children:
        if isinstance(child, InlineBox):
            yield from _leaves(child)
        elif child.is_in_normal_flow():
            yield child


def _gaps(text: str) -> float:
    """How many spaces Pango adds in a text: one between two characters, half of one beside a Latin word."""
    runs = [found.span() for found in _SPREAD.finditer(text)]
    return sum(end - start - 1 + ((start > 0) + (end < len(text))) / 2 for start, end in runs)


def _between(leaves: list[Any]) -> dict[int, float]:
    """How many spaces follow each leaf: as many as within a text, but none before the text beside a hanging number."""
    first = next((at for at, leaf in enumerate(leaves) if isinstance(leaf, TextBox)), 0)
    pairs = list(pairwise(leaves))[first:]
    return {id(left): (_is_spread(left, -1) + _is_spread(right, 0)) / 2 for left, right in pairs}


def _is_spread(leaf: Any, edge: int) -> bool:
    """Whether a text ends or begins with a character that is spread; ruby and formulas stand apart like one."""
    return not isinstance(leaf, TextBox) or bool(leaf.text and _SPREAD.match(leaf.text[edge]))


def _spread(box: Any, space: float, shift: float, between: dict[int, float]) -> float:
    """Move a line's boxes to the right and widen its texts; how far the next one moves."""
    if isinstance(box, InlineBox | LineBox):
        start = shift
        box.position_x += shift
        for child in box.children:
            if child.is_in_normal_flow():
                shift = _spread(child, space, shift, between)
        box.width += shift - start
    elif isinstance(box, TextBox):
        box.position_x += shift
        wider = _gaps(box.text) * space
        box.width += wider
        box.pango_layout = _laid_out(box, space)
        shift += wider + between.get(id(box), 0) * space
    else:
        box.translate(shift, 0)
        shift += between.get(id(box), 0) * space
    return shift


def _laid_out(box: Any, space: float) -> _Spread:
    layout = _Spread(box.style)
    layout.space = space
    layout.set_text(box.text)
    layout.deactivate()
    return layout


def install() -> None:
    """Let WeasyPrint justify with `justify_line`; there is no public place for it."""
    inline.justify_line = justify_line
