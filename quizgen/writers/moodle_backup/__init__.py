"""Moodle backups: a file for each activity, which is a quiz for each variant or each assignment of a worksheet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, assert_never

from quizgen.paper import Paper, Worksheet
from quizgen.writers import OutputFile, moodle
from quizgen.writers.moodle_backup.assignment import assignment, whole
from quizgen.writers.moodle_backup.backup import Course, activity_backup, course, course_backup
from quizgen.writers.moodle_backup.quiz import quiz
from quizgen.writers.moodle_backup.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from quizgen.paper import Printable
    from quizgen.templates import Templates
    from quizgen.writers.moodle_backup.activity import Activity

PER_PAPER = False
TEMPLATES = moodle.TEMPLATES

_GENERAL, _FIRST_TOPIC = 0, 1  # sections of a course


def write(papers: Sequence[Printable], templates: Templates) -> Iterator[OutputFile]:
    """A backup for each activity."""
    for variant, paper in moodle.Distinct(papers):
        for part in _parts(paper):
            store = Store()
            origin = _course(paper, _GENERAL, store)
            for activity in _activities(part, variant, templates, origin, store):
                yield _file(activity.slug, activity_backup(activity, origin, store))


def write_course(papers: Sequence[Printable], templates: Templates) -> Iterator[OutputFile]:
    """One backup of a course with all activities."""
    store = Store()
    origin = _course(papers[0], _FIRST_TOPIC, store)
    activities = [
        activity
        for variant, paper in moodle.Distinct(papers)
        for activity in _activities(paper, variant, templates, origin, store)
    ]
    yield _file(f"{papers[0].id}-course", course_backup(activities, origin, store))


def warnings(papers: Sequence[Printable]) -> tuple[str, ...]:
    """What Moodle will score otherwise than the exam or the assignments say."""
    points = {a.id: a.points for paper in papers if isinstance(paper, Worksheet) for a in paper.assignments}
    rounded = ", ".join(f"{name} {whole(own)} instead of {own}" for name, own in points.items() if whole(own) != own)
    told = (f"Moodle's assignments have whole points: {rounded}",) if rounded else ()
    return (*moodle.warnings(papers, in_quiz=True), *told)


def notes(papers: Sequence[Printable]) -> tuple[str, ...]:
    """What a teacher has to do with what was restored."""
    hidden = "what is restored in Moodle is hidden from students until you show it"
    closed = "; a quiz shows its results once it is closed" if isinstance(papers[0], Paper) else ""
    return (hidden + closed, *moodle.needs(moodle.Distinct(papers)))


def _parts(paper: Printable) -> Iterator[Printable]:
    """The paper in parts of which each becomes one activity."""
    match paper:
        case Paper():
            yield paper
        case Worksheet():
            yield from (replace(paper, assignments=(assignment,)) for assignment in paper.assignments)
        case _:
            assert_never(paper)


def _activities(
    paper: Printable, variant: str, templates: Templates, origin: Course, store: Store
) -> Iterator[Activity]:
    match paper:
        case Paper():
            yield quiz(paper, variant, templates, origin.spot, store)
        case Worksheet():
            public = paper.without_key()
            for found in public.assignments:
                yield assignment(public, found, variant, templates, origin.spot, store)
        case _:
            assert_never(paper)


def _course(paper: Printable, place: int, store: Store) -> Course:
    return course(paper.id, paper.course or paper.title, paper.title, place, store)


def _file(name: str, data: bytes) -> OutputFile:
    return OutputFile(PurePosixPath("moodle", f"{name}.mbz"), data)
