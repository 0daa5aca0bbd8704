"""The benchmarks reckon rightly, and docs/speed.md says what their results say."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from lxml import etree

from benchmarks import like, material, report
from benchmarks.chart import Line, Point, chart
from benchmarks.measures import MANY_FILES, ONE_JOB, PLAIN, RECKONED, TWO_JOBS, Bounds, Measure, each_size, reckoned
from benchmarks.peers import R_EXAMS
from benchmarks.process import FailedError, Run, measured
from benchmarks.targets import Target, targets
from quizgen.model import Exam
from quizgen.reader import read_job

SVG = "{http://www.w3.org/2000/svg}"


def run(seconds: float, megabytes: float = 100) -> Run:
    return Run(seconds, seconds, megabytes, megabytes * 2)


def papers(name: str, *runs: tuple[int, float]) -> list[Measure]:
    return [Measure("papers", name, size, run(seconds)) for size, seconds in runs]


def target(measures: Sequence[Measure], words: str, calibration: float = 0.4) -> Target:
    return next(one for one in targets(measures, calibration) if words in one.name)


@pytest.mark.parametrize(("seconds", "verdict"), [(16, "met"), (16.1, "not met")])
def test_a_thousand_papers_are_compared_with_a_plain_one(seconds: float, verdict: str) -> None:
    measures = papers(PLAIN, (1, 2)) + papers(TWO_JOBS, (1000, seconds))
    found = target(measures, TWO_JOBS)
    assert (found.value, found.verdict) == (seconds / 2, verdict)


def test_the_cost_of_a_paper_is_told_by_the_two_largest_sizes_that_were_measured() -> None:
    later = Measure("papers", ONE_JOB, 10_000, run(99), RECKONED)
    measures = [*papers(ONE_JOB, (10, 5), (100, 5.9), (1000, 7.7)), later]
    found = target(measures, "CPU of one more paper")
    assert (found.value, found.note) == (pytest.approx(2), "100 to 1,000")
    measures += papers(TWO_JOBS, (10, 5), (100, 5.9), (1000, 7.7), (10_000, 34.7))
    found = target(measures, "CPU of one more paper")
    assert (found.value, found.note) == (pytest.approx(3), "1,000 to 10,000")
    assert target(measures, "the same").value == pytest.approx(1.5)


def test_what_was_not_measured_meets_nothing() -> None:
    assert {one.verdict for one in targets([], 0.4)} == {"not measured"}


def test_r_exams_counts_as_published_where_it_is_missing_and_as_measured_where_it_is_not() -> None:
    measures = papers(TWO_JOBS, (1000, 6))
    assert target(measures, "R/exams").value == pytest.approx(300)
    assert target(measures, "R/exams", calibration=0.8).value == pytest.approx(600)
    peers = [Measure("peers", R_EXAMS, 1, run(3)), Measure("peers", R_EXAMS, 11, run(33))]
    assert target(measures + peers, "R/exams").value == pytest.approx(500)


def test_memory_is_the_most_of_any_size() -> None:
    measures = [Measure("papers", ONE_JOB, size, run(1, megabytes)) for size, megabytes in ((10, 399), (100, 150))]
    assert target(measures, "largest process").verdict == "met"
    assert target(measures, "all processes").verdict == "not met"


def test_questions_that_become_dearer_are_found_out() -> None:
    costs = [(1000, 1.0), (10_000, 10.0), (100_000, 190.0)]
    measures = [Measure("check", MANY_FILES, size, run(seconds)) for size, seconds in costs]
    found = target(measures, "CPU of one more question")
    assert (found.value, found.verdict) == (pytest.approx(2), "not met")


def test_two_jobs_are_compared_at_the_largest_size_of_both() -> None:
    measures = papers(ONE_JOB, (100, 2), (1000, 9)) + papers(TWO_JOBS, (100, 2), (1000, 5))
    assert target(measures, "two jobs as").value == pytest.approx(1.8)


def test_a_size_is_reckoned_on_the_line_through_the_last_two() -> None:
    found = reckoned([(1, run(9)), (10, run(2)), (100, run(11))], 1000)
    assert found == Run(pytest.approx(101), pytest.approx(101), None, None)
    assert reckoned([(10, run(2))], 100) is None


def test_sizes_beyond_the_bounds_are_reckoned_and_not_run() -> None:
    asked: list[int] = []

    def one(size: int) -> Run:
        asked.append(size)
        return run(size / 10)

    sizes = (1, 10, 100, 1000)
    by_time = list(each_size("papers", "x", sizes, one, 1000, Bounds(1000, 50)))
    assert asked == [1, 10, 100]
    assert [measure.is_measured for measure in by_time] == [True, True, True, False]
    by_number = list(each_size("papers", "x", sizes, one, 10, Bounds(10, 50)))
    assert [measure.note for measure in by_number] == ["", "", RECKONED, RECKONED]


def test_a_chart_draws_what_was_reckoned_hollow() -> None:
    lines = [Line("a & b", (Point(1, 0.5), Point(10, 1), Point(100, 30, is_reckoned=True)))]
    root = etree.fromstring(chart(lines, "papers", "seconds"))
    circles = root.findall(f"{SVG}circle")
    assert [circle.get("class") for circle in circles] == [None, None, "page"]
    labels = [text.text for text in root.findall(f"{SVG}text")]
    assert labels == ["1", "10", "100", "0.1", "1", "10", "100", "papers", "seconds", "a & b"]


def test_a_chart_gives_each_power_of_ten_the_same_room() -> None:
    root = etree.fromstring(chart([Line("x", (Point(1, 1), Point(10, 10), Point(100, 100)))], "", ""))
    xs, ys = ([float(circle.get(name) or 0) for circle in root.findall(f"{SVG}circle")] for name in ("cx", "cy"))
    assert xs[1] - xs[0] == pytest.approx(xs[2] - xs[1])
    assert ys[0] - ys[1] == pytest.approx(ys[1] - ys[2])


def test_the_page_and_the_charts_are_those_of_the_results() -> None:
    results = report.read()
    assert report.page(results) in report.PAGE.read_text(encoding="utf-8")
    for name, picture in report.charts(results):
        assert (report.DOCS / name).read_text(encoding="utf-8") == picture


def test_the_pages_links_lead_to_files() -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)\s]+)\)", report.PAGE.read_text(encoding="utf-8"))
    assert [link for link in links if not (report.DOCS / link).exists()] == []


def test_a_process_is_measured_with_its_children() -> None:
    child = "import time; held = bytearray(60_000_000); time.sleep(.2)"
    took = measured(sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])")
    assert took.seconds >= 0.2
    if sys.platform == "linux":
        assert took.largest is not None
        assert took.together is not None
        assert 60 < took.largest < took.together


def test_a_process_that_fails_is_no_measure() -> None:
    with pytest.raises(FailedError, match=r"^no paper$"):
        measured(sys.executable, "-c", "import sys; print('reading', flush=True); sys.exit('no paper')")


def test_a_build_that_took_the_longer_way_says_so() -> None:
    program = "print('one'); print('each booklet is laid out by itself: why'); print('end')"
    assert measured(sys.executable, "-c", program, listen="laid out by itself").warning.endswith(": why")
    assert not measured(sys.executable, "-c", program).warning


@pytest.mark.parametrize("exam", [material.shuffled, material.drawn])
def test_the_exam_that_is_measured_asks_thirty_questions_of_all_chapters(exam: object, tmp_path: Path) -> None:
    assert callable(exam)
    job = read_job(exam(material.course(tmp_path), 81))
    assert isinstance(job.document, Exam)
    listed = [name for section in job.document.sections for name in section.questions]
    drawn = [draw.count for section in job.document.sections for draw in section.draw]
    assert len(listed) + sum(drawn) == 30
    assert len(list(job.students)) == 81


def test_a_question_for_latex_says_which_choices_are_right_and_hides_its_signs() -> None:
    question = {"id": "q", "text": "50%の`a_b`\n```\n$ x\n```", "choices": {"a": "1 & 2", "b": "3"}, "answer": "b"}
    found = like.sweave(like.asked(question))
    assert "50\\%の\\texttt{a\\_b}" in found
    assert "\\begin{verbatim}\n$ x\n\\end{verbatim}" in found
    assert "\\item 1 \\& 2" in found
    assert "\\exsolution{01}" in found


def test_a_paper_of_other_programs_keeps_the_right_choices_right() -> None:
    choices = {label: label * 3 for label in "abcde"}
    question = like.asked({"id": "q", "text": "?", "choices": choices, "answer": ["b", "d"]})
    orders = {like.in_order([question], paper)[0] for paper in range(5)}
    assert len(orders) > 1
    for one in orders:
        right = {choice[0].text for choice, is_right in zip(one.choices, one.right, strict=True) if is_right}
        assert right == {"bbb", "ddd"}
