"""Random exams on paper: nothing overlaps, leaves the page, is lost or is split, by the boxes that the PDF gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from exams import GAPS, OPTIONS, STIMULUS, RandomExam, exams
from pages import MM, Box, Marked, Page, marked_texts, outside, overlaps, pages
from quizgen.paper import Choice, Cloze, Matching, Ordering, Paper, Question
from quizgen.templates import Templates
from quizgen.writers import pdf

MARGIN = 12 * MM  # narrower than any page's own
WITH_QUESTIONS = ("booklet", "overlay", "explanations")
EDGE = 3 * MM  # what no printer reaches
FULL = 0.6  # of a page's height: what is longer than its room fills at least so much of the first page


def expected(paper: Paper) -> Iterator[tuple[int, int]]:
    """The marks of a paper in printed order."""
    for section in paper.sections:
        for group in section.groups:
            if group.stimulus:
                yield group.questions[0].number, STIMULUS
            for question in group.questions:
                yield from ((question.number, part) for part in parts(question))


def parts(question: Question) -> Iterator[int]:
    yield 0
    match question.response:
        case Choice(options):
            yield from range(1, len(options) + 1)
        case Matching(stems, options):
            yield from range(1, len(stems) + 1)
            yield from range(OPTIONS, OPTIONS + len(options))
        case Ordering(items):
            yield from range(1, len(items) + 1)
        case Cloze(gaps):
            for at, gap in enumerate(gaps):
                if isinstance(gap.response, Choice):
                    yield from range(first := GAPS + 20 * at, first + len(gap.response.options))


def joined(texts: Sequence[Marked]) -> dict[int, Box]:
    """The box of texts together on each of their pages."""
    boxes: dict[int, Box] = {}
    for text in texts:
        for page, box in text.boxes.items():
            boxes[page] = boxes[page].joined(box) if page in boxes else box
    return boxes


def crossing(texts: Sequence[Marked]) -> Iterator[str]:
    """Texts that stand in each other's box, by more than a line's leading."""
    for place, one in enumerate(texts):
        for other in texts[place + 1 : place + 40]:
            for page in one.boxes.keys() & other.boxes.keys():
                a, b = one.boxes[page], other.boxes[page]
                if min(a.right, b.right) - max(a.left, b.left) > 1 and min(a.bottom, b.bottom) - max(a.top, b.top) > 2:
                    yield f"page {page + 1}: {one.number}.{one.part} and {other.number}.{other.part}"


def split(texts: Sequence[Marked], found: Sequence[Page]) -> Iterator[str]:
    """Questions, and stimuli with their first question, that are on two pages though one would hold them."""
    for number in dict.fromkeys(text.number for text in texts):
        own = [text for text in texts if text.number == number]
        yield from _split(f"question {number}", [text for text in own if text.part != STIMULUS], texts, found)
        yield from _split(f"question {number} with its stimulus", own, texts, found)


def _split(what: str, own: Sequence[Marked], texts: Sequence[Marked], found: Sequence[Page]) -> Iterator[str]:
    boxes = joined(own)
    if len(boxes) < 2:
        return
    first = min(boxes)
    room = found[first].box.bottom - 40 * MM
    heights = _with_pictures(boxes, found)
    above = [text for text in texts if text not in own and first in text.boxes]
    if above and any(text.boxes[first].bottom <= boxes[first].top + 1 for text in above):
        yield f"{what} begins on page {first + 1} below others and goes on overleaf"
    elif sum(heights) < FULL * room:
        yield f"{what} is on {len(boxes)} pages and fills none"


def _with_pictures(boxes: Mapping[int, Box], found: Sequence[Page]) -> Iterator[float]:
    """How high a text is on each of its pages, the pictures that stand in it counted."""
    first, last = min(boxes), max(boxes)
    for number in range(first, last + 1):
        page = found[number]
        top = boxes[first].top if number == first else 0
        bottom = boxes[last].bottom if number == last else page.box.bottom
        inside = [box for box in page.pictures if box.bottom > top and box.top < bottom]
        whole = [*inside, *([boxes[number]] if number in boxes else [])]
        yield max(box.bottom for box in whole) - min(box.top for box in whole) if whole else 0


def faults(paper: Paper, *, booklet_alone: bool = False, templates: Templates | None = None) -> list[str]:
    """What is wrong with the printed documents of a paper, or with its booklet, the first of them."""
    files = pdf.write([paper], templates or Templates())
    found = ((file.path.name, pages(file.data)) for file in files if file.path.suffix == ".pdf")
    printed = dict(islice(found, 1 if booklet_alone else None))
    wrong = [f"{name}: {what}" for name, leaves in printed.items() for what in _faults(name, leaves, paper)]
    overlay = printed.get("overlay.pdf")
    if overlay and _places(overlay) != _places(printed["booklet.pdf"]):
        wrong.append("overlay.pdf: not the pages of the booklet")
    return wrong


def _places(found: Sequence[Page]) -> list[tuple[int, int, list[int]]]:
    """Which text begins and ends on which page."""
    return [(text.number, text.part, sorted(text.boxes)) for text in marked_texts(found)]


def _faults(name: str, found: Sequence[Page], paper: Paper) -> Iterator[str]:
    for number, page in enumerate(found, start=1):
        yield from (f"page {number}: {what}" for what in (*overlaps(page), *outside(page, EDGE)))
    if not name.startswith(WITH_QUESTIONS):
        return
    texts = marked_texts(found)
    yield from _in_margins(texts, found)
    yield from crossing(texts)
    yield from split(texts, found)
    printed, wanted = [(text.number, text.part) for text in texts], list(expected(paper))
    if printed != wanted:
        yield f"lost: {set(wanted) - set(printed)}; doubled or out of order: {printed}"


def _in_margins(texts: Sequence[Marked], found: Sequence[Page]) -> Iterator[str]:
    for text in texts:
        for number, box in text.boxes.items():
            if box.left < MARGIN or box.right > found[number].box.right - MARGIN:
                yield f"page {number + 1}: {text.number}.{text.part} is in the margin"


UNHURRIED = settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)


@settings(UNHURRIED, max_examples=8, derandomize=True, phases=[Phase.generate])
@given(exams())
def test_a_random_booklet_is_whole(exam: RandomExam):
    assert faults(exam.paper, booklet_alone=True) == []


@pytest.mark.slow
@pytest.mark.parametrize("start", range(4))
def test_two_hundred_random_exams_are_whole(start: int):
    @seed(start)
    @settings(UNHURRIED, max_examples=50, phases=[Phase.generate])
    @given(exams())
    def whole(exam: RandomExam) -> None:
        assert faults(exam.paper) == []

    whole()
