"""How much a cover page has to say."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from quizgen.paper.printing import SIZES
from quizgen.richtext.plain import to_plain
from quizgen.writers.pdf.markup import columns
from quizgen.writers.pdf.page import room

if TYPE_CHECKING:
    from quizgen.paper import Paper

# In millimetres: what an instruction's frame and number take of a line, half a Japanese character, the height of a
# line, that of a section in the list of them, and all else on a cover with the page's margins.
_FRAME, _COLUMN, _LINE, _SECTION, _USUAL = 18.0, 1.76, 6.3, 6.0, 196.0


def is_crowded(paper: Paper) -> bool:
    """Whether the cover has so much to say that it needs what room there is."""
    a_line = (room(paper.printing.size) - _FRAME) / _COLUMN
    lines = (ceil(columns(line) / a_line) for line in to_plain(paper.instructions).splitlines())
    sections = len(paper.sections) if len(paper.sections) > 1 else 0
    _, height = SIZES[paper.printing.size]
    return _USUAL + sum(lines) * _LINE + sections * _SECTION > height
