"""A real Moodle restores our backups: quizzes and assignments are the exams and worksheets that they were made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from lxml import etree

import papers
from moodle_site import ask, needs_moodle
from quizgen.assemble import plan, worksheet
from quizgen.paper import Lines, Paper, Printable, Worksheet
from quizgen.reader import read_job
from quizgen.richtext.plain import to_plain
from quizgen.templates import Templates
from quizgen.writers import moodle, writer
from quizgen.writers.moodle_backup.assignment import whole
from test_moodle_backup import with_pictures
from test_moodle_real import COURSE, every_kind, facts, unwrapped, whole_exam

pytestmark = needs_moodle


def course_labs() -> tuple[Worksheet, ...]:
    """The first worksheet of the course that comes with quizgen."""
    job = read_job(COURSE / "assignments.yaml")
    slot, _ = next(iter(plan(job.document, job.course, ())))
    return (worksheet(job.document, job.course, slot),)


SAMPLES: dict[str, Callable[[], tuple[Printable, ...]]] = {
    "japanese": lambda: (papers.japanese(), papers.shuffled(papers.japanese(), "B")),
    "english": lambda: (with_pictures(),),
    "Japanese kinds": lambda: (every_kind("ja"), every_kind("ja", "B")),
    "English kinds": lambda: (every_kind("en"),),
    "sample exam": lambda: whole_exam("sample"),
    "final exam": lambda: whole_exam("final"),
    "worksheet": lambda: (papers.worksheet("ja"),),
    "English worksheet": lambda: (papers.worksheet("en"),),
    "course's assignments": course_labs,
}
EXAMS = ("japanese", "english", "Japanese kinds", "English kinds", "sample exam", "final exam")
LABS = ("worksheet", "English worksheet", "course's assignments")


@dataclass(frozen=True)
class Restored:
    """What was put into backups, and the course that Moodle made of them."""

    printables: tuple[Any, ...]
    answer: dict[str, Any]

    @property
    def activities(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.answer["activities"]
        return found


@cache
def restored(name: str, form: str = "moodle-backup", *, times: int = 1) -> Restored:
    printables = SAMPLES[name]()
    with TemporaryDirectory() as folder:
        paths = []
        for file in writer(form).write(printables, Templates()):
            path = Path(folder, file.path.name)
            path.write_bytes(file.data)
            paths.append(str(path))
        return Restored(printables, ask("backup", mbz=paths * times, new=False))


@pytest.fixture(params=EXAMS)
def exam(request: pytest.FixtureRequest) -> Restored:
    return restored(request.param)


@pytest.fixture(params=LABS)
def labs(request: pytest.FixtureRequest) -> Restored:
    return restored(request.param)


@pytest.mark.parametrize("form", ["moodle-backup", "moodle-course"])
@pytest.mark.parametrize("name", SAMPLES)
def test_moodle_finds_nothing_wrong(name: str, form: str) -> None:
    found = restored(name, form).answer
    assert found["found"] == [[]] * len(found["found"])
    assert found["printed"] == ""


@pytest.mark.parametrize("name", SAMPLES)
def test_a_course_brings_what_its_activities_bring_one_by_one(name: str) -> None:
    def told(form: str) -> list[tuple[str, str, float]]:
        return [(a["kind"], a["name"], a["graded"]) for a in restored(name, form).activities]

    assert told("moodle-course") == told("moodle-backup")


def test_a_course_can_be_restored_as_a_new_one() -> None:
    with TemporaryDirectory() as folder:
        (file,) = writer("moodle-course").write(SAMPLES["japanese"](), Templates())
        path = Path(folder, file.path.name)
        path.write_bytes(file.data)
        found = ask("backup", mbz=[str(path)], new=True)
    assert (found["found"], found["printed"], found["course"]) == ([[]], "", "コンテナ技術")
    assert {activity["section"] for activity in found["activities"]} == {"コンテナ技術 期末試験"}


def test_restoring_again_adds_the_same_again() -> None:
    once, twice = restored("japanese"), restored("japanese", times=2)
    assert [a["name"] for a in twice.activities] == 2 * [a["name"] for a in once.activities]
    assert [a["grade"] for a in twice.activities] == 2 * [12.5, 12.5]


@pytest.mark.parametrize("name", SAMPLES)
def test_everything_arrives_hidden(name: str) -> None:
    assert {activity["visible"] for activity in restored(name).activities} == {False}


# Quizzes


def quizzes(exam: Restored) -> list[tuple[Paper, dict[str, Any]]]:
    return list(zip(exam.printables, exam.activities, strict=True))


def test_a_quiz_is_named_for_its_variant(exam: Restored) -> None:
    several = len(exam.printables) > 1
    assert [a["name"] for a in exam.activities] == [
        f"{p.title} {p.variant}" if several else p.title for p in exam.printables
    ]


def test_a_quiz_has_the_exams_time_and_one_attempt(exam: Restored) -> None:
    for p, activity in quizzes(exam):
        assert int(activity["settings"]["timelimit"]) == 60 * (p.duration or 0)
        assert activity["settings"]["attempts"] == "1"


def test_a_quiz_has_the_papers_questions_in_its_sections(exam: Restored) -> None:
    for p, activity in quizzes(exam):
        assert [float(slot["maxmark"]) for slot in activity["slots"]] == [float(q.points) for q in p.questions]
        assert [heading for _, heading, _ in activity["sections"]] == [section.title for section in p.sections]
        firsts = [section.questions[0].number for section in p.sections]
        assert [int(first) for first, _, _ in activity["sections"]] == firsts


def test_an_attempt_with_all_right_earns_all_that_is_not_marked_by_hand(exam: Restored) -> None:
    for p, activity in quizzes(exam):
        by_hand = sum(q.points for q in p.questions if isinstance(q.response, Lines))
        assert activity["graded"] == float(p.points)
        assert activity["grade"] == pytest.approx(float(p.points - by_hand), abs=1e-4)


def test_a_restore_makes_the_questions_that_an_import_makes(exam: Restored) -> None:
    for p, activity in quizzes(exam):
        (file,) = moodle.write([p], Templates())
        sent = [e for e in etree.fromstring(file.data) if e.get("type") != "category"]
        kept = list(etree.fromstring(activity["exported"].encode()).iter("question"))
        for ours, theirs in zip(sent, kept, strict=True):
            given, found = facts(ours), facts(theirs)
            assert {key: found.get(key) for key in given} == given


def test_no_filter_touches_a_restored_text(exam: Restored) -> None:
    for activity in exam.activities:
        for text in (text for question in activity["questions"] for text in question["texts"]):
            assert unwrapped(text["shown"]) == unwrapped(text["kept"])


# Assignments


def sets(labs: Restored) -> list[tuple[Any, dict[str, Any]]]:
    (sheet,) = labs.printables
    return list(zip(sheet.assignments, labs.activities, strict=True))


def test_an_assignment_has_its_points_and_both_ways_to_hand_in(labs: Restored) -> None:
    for own, activity in sets(labs):
        assert (activity["kind"], activity["name"]) == ("assign", own.title)
        assert activity["graded"] == float(activity["settings"]["grade"]) == float(whole(own.points))
        assert {"file", "onlinetext"} <= set(activity["submission"])


def test_an_assignment_shows_its_text_as_it_was_meant(labs: Restored) -> None:
    for own, activity in sets(labs):
        intro = activity["intro"]
        assert unwrapped(intro["shown"]) == unwrapped(f'<div class="no-overflow">{intro["kept"]}</div>')
        assert to_plain(own.goal)[:8] in etree.fromstring(intro["shown"], etree.HTMLParser()).xpath("string()")


def test_an_assignments_pictures_are_with_it() -> None:
    (name, digest), *_ = restored("worksheet").activities[0]["intro"]["files"]
    assert (name, digest) == (papers.PHOTO.name, _sha1(papers.PHOTO.data))


def _sha1(data: bytes) -> str:
    from hashlib import sha1

    return sha1(data).hexdigest()


def test_a_rubric_can_be_graded_with_and_its_best_levels_earn_all(labs: Restored) -> None:
    for own, activity in sets(labs):
        assert activity["rubric"] == [
            [criterion.name, [[level, float(points)] for level, points in criterion.levels]] for criterion in own.rubric
        ]
        expected = (True, float(whole(own.points))) if own.rubric else (None, None)
        assert (activity["available"], activity["best"]) == expected
