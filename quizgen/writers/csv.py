"""The answer key of an exam with its table over all variants, or the grading sheet of assignments, for spreadsheets.

There is no template: quoting is all there would be to get wrong in one.
"""

from __future__ import annotations

import csv
import re
from io import StringIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, assert_never

from quizgen.paper import Blank, Choice, Cloze, Lines, Matching, Ordering, Paper, Worksheet
from quizgen.paper.variants import variants
from quizgen.richtext.plain import to_plain
from quizgen.writers import OutputFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from quizgen.paper import Assignment, Printable, Question, Response, Section
    from quizgen.paper.variants import Variants
    from quizgen.richtext.tree import Blocks
    from quizgen.scoring import Scoring
    from quizgen.templates import Templates

PER_PAPER = True
TEMPLATES = ()

KEY = (
    *("number", "section", "question", "answer", "answer_ids", "choices", "points", "scoring", "penalty"),
    *("difficulty", "tags", "text", "explanation"),
)
PLACE = ("number", "rows", "answer")
MOST_VARIANTS = 5461  # of the table over all of them, whose lines then have as many cells as spreadsheets can show
GRADING = ("number", "assignment", "title", "criterion", "levels", "points", "score")

# A cell that begins so is a formula to a spreadsheet; Japanese ones take the full-width signs, too.
_FORMULA = tuple("=+-@\t\r＝＋－＠")
_NUMBER = re.compile(r"[+-]\d+(\.\d+)?")


def write(papers: Sequence[Printable], templates: Templates) -> Iterator[OutputFile]:  # noqa: ARG001
    """For each paper its answer key, for each worksheet its grading sheet."""
    for paper in papers:
        folder = PurePosixPath("teacher", paper.name)
        match paper:
            case Paper():
                yield OutputFile(folder / "answer-key.csv", _table(KEY, _key(paper)))
            case Worksheet():
                yield OutputFile(folder / "grading-sheet.csv", _table(GRADING, _grading(paper)))
            case _:
                assert_never(paper)


def together(papers: Sequence[Printable], templates: Templates) -> Iterator[OutputFile]:  # noqa: ARG001
    """Where each question stands in each variant, a line for each question; nothing for one, or for too many."""
    table = variants(papers, MOST_VARIANTS)
    if len(table.names) > 1:
        headings = [f"{name} {what}" for name in table.names for what in PLACE]
        yield OutputFile(PurePosixPath("teacher", "variants.csv"), _table(["question", *headings], _places(table)))


def warnings(papers: Sequence[Printable]) -> Iterator[str]:
    """That there is no table over all papers, where that would be too wide."""
    first = papers[0]
    if isinstance(first, Paper) and len(papers) > MOST_VARIANTS and not (first.student and first.variant):
        yield (
            f"there is no variants.csv: a spreadsheet shows {MOST_VARIANTS:,} variants at most, and these are "
            f"{len(papers):,}; each has its own answer-key.csv, and manifest.json tells the order of all"
        )


def _places(table: Variants) -> Iterator[tuple[str, ...]]:
    for question, places in table.questions.items():
        found = (places.get(name) for name in table.names)
        cells = ((str(place.number), place.rows, place.answer) if place else ("", "", "") for place in found)
        yield (question, *(cell for three in cells for cell in three))


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = StringIO()
    table = csv.writer(text)
    table.writerow(headings)
    table.writerows(map(_defused, row) for row in rows)
    # Without the byte order mark Excel in Japan reads Shift_JIS.
    return text.getvalue().encode("utf-8-sig")


def _defused(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell) else cell


def _key(paper: Paper) -> Iterator[tuple[str, ...]]:
    for section in paper.sections:
        for question in section.questions:
            yield _answer(section, question, paper.scoring)


def _answer(section: Section, question: Question, scoring: Scoring) -> tuple[str, ...]:
    response = question.response
    return (
        str(question.number),
        section.title or str(section.number),
        question.id,
        response.key,
        " ".join(option.id for option in response.right) if isinstance(response, Choice) else "",
        _offered(response),
        f"{question.points:f}",
        *_scored(response, scoring),
        question.difficulty,
        " ".join(question.tags),
        _one_line(question.text),
        _one_line(question.explanation),
    )


def _offered(response: Response) -> str:
    """How many choices or items there are, where there are some."""
    match response:
        case Choice(parts) | Matching(_, parts) | Ordering(parts):
            return str(len(parts))
        case Blank() | Lines() | Cloze():
            return ""
        case _:
            assert_never(response)


def _scored(response: Response, scoring: Scoring) -> tuple[str, str]:
    """The rule, and the share of the points (of a gap's, in a cloze) that a wrong choice costs."""
    worth = response.worth(scoring)
    single = worth.rule in {"one", "each-gap"} and worth.loss
    # 1/4 would become the fourth of January.
    return "single" if worth.rule == "one" else worth.rule, f"{float(scoring.penalty):.6g}" if single else "0"


def _one_line(blocks: Blocks) -> str:
    return " ".join(to_plain(blocks).split())


def _grading(worksheet: Worksheet) -> Iterator[tuple[str, ...]]:
    for assignment in worksheet.assignments:
        for criterion, levels, points in _criteria(assignment):
            yield (str(assignment.number), assignment.id, assignment.title, criterion, levels, points, "")


def _criteria(assignment: Assignment) -> Iterator[tuple[str, str, str]]:
    for criterion in assignment.rubric:
        levels = ", ".join(f"{name} {points:f}" for name, points in criterion.levels)
        yield criterion.name, levels, f"{max(points for _, points in criterion.levels):f}"
    if not assignment.rubric:
        yield "", "", f"{assignment.points:f}"
