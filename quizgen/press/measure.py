"""Layouts measured: where the parts of a booklet came to stand, and what is between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from quizgen.press.marking import FLOW, FRAME, Part, ruler
from quizgen.press.pieces import Box

if TYPE_CHECKING:
    from weasyprint import Document


class UnpressableError(Exception):
    """What a template or a paper has that cannot be imposed from blocks; it is then laid out by itself."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part stands: its page from 0, and its rectangle there."""

    page: int
    box: Box


@dataclass(frozen=True)
class Layout:
    """A layout of a marked document: the content box of each page, and the place where each part begins."""

    frames: tuple[Box, ...]
    places: Mapping[str, Place]

    def place(self, part: Part) -> Place:
        """Where a part begins; raises UnpressableError when it was not printed."""
        if part.id not in self.places:
            raise UnpressableError(f"no {part.kind} is printed where one is expected")
        return self.places[part.id]


def layout(document: Document) -> Layout:
    """The layout of a rendered document whose HTML was marked."""
    frames: list[Box] = []
    places: dict[str, Place] = {}
    for number, page in enumerate(document.pages):
        for name, rectangle in page.anchors.items():
            if name == FRAME:
                frames.append(Box(*rectangle))
            else:
                places.setdefault(name, Place(number, Box(*rectangle)))
    return Layout(tuple(frames), places)


@dataclass(frozen=True, slots=True)
class Margins:
    """What members of the flow keep free above and below them, in pixels by their kinds."""

    above: Mapping[str, float]
    below: Mapping[str, float]

    def between(self, one: str, other: str) -> float:
        """The distance of two neighbours: their margins collapse."""
        if one not in self.below or other not in self.above:
            raise UnpressableError(f"how far a {other} stands from a {one} is not known")
        return max(self.below[one], self.above[other])


def margins(parts: Sequence[Part], tall: Layout) -> Margins:
    """The margins, measured from rulers between the members of a flow on one tall page."""
    flow = [part for part in parts if part.kind in FLOW]
    above: dict[str, set[float]] = {}
    below: dict[str, set[float]] = {}
    for part in flow[1:]:  # nothing lies above the first
        line = tall.places[ruler(part.id)].box
        above.setdefault(part.kind, set()).add(round(tall.place(part).box.top - line.bottom, 3))
    for part, following in pairwise(flow):
        line = tall.places[ruler(following.id)].box
        below.setdefault(part.kind, set()).add(round(line.top - tall.place(part).box.bottom, 3))
    return Margins(_agreed(above), _agreed(below))


def _agreed(found: Mapping[str, set[float]]) -> dict[str, float]:
    uneven = [kind for kind, distances in found.items() if max(distances) - min(distances) > 0.05]
    if uneven:
        raise UnpressableError(f"not every {uneven[0]} has the same margin")
    return {kind: max(distances) for kind, distances in found.items()}
