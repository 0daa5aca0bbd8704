"""Building: what lands in output/, that it is whole, keeps what the user put there, and can be made again."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

import pytest

from projects import EXAM, make_project
from quizgen.build import Options, build, pipeline, staging, verify
from quizgen.problems import ProblemsError, QuizgenError

LIGHT = Options(formats=("moodle", "csv", "json"), jobs=1)


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def exam(tmp_path: Path) -> Path:
    return make_project(tmp_path)


def test_students_and_teachers_files_lie_apart(exam, tmp_path):
    report = build(exam, options=Options(jobs=1))
    found = set(files(report.folder))
    assert report.folder == tmp_path / "output" / "e"
    assert {"moodle/e.xml", "manifest.json"} <= found
    for variant in "AB":
        student = {name for name in found if name.startswith(f"student/{variant}/")}
        teacher = {name for name in found if name.startswith(f"teacher/{variant}/")}
        assert {Path(name).name for name in student} == {
            *("booklet.pdf", "booklet.docx", "answer-sheet.pdf", "layout.json"),
        }
        assert {Path(name).name for name in teacher} == {
            *("answer-key.pdf", "answer-key.docx", "answer-key.csv", "overlay.pdf"),
            *("explanations.pdf", "explanations.docx", "paper.json"),
        }
    assert {"teacher/variants.pdf", "teacher/variants.csv"} <= found


def test_the_manifest_holds_inputs_outputs_and_every_papers_order(exam, tmp_path):
    report = build(exam, options=LIGHT)
    manifest = json.loads((report.folder / "manifest.json").read_text())
    assert manifest["document"] == "banks/c/exams/e.yaml"
    assert manifest["seed"] == 7
    assert manifest["inputs"]["banks/c/b.yaml"] == sha256((tmp_path / "banks/c/b.yaml").read_bytes()).hexdigest()
    outputs = files(report.folder)
    outputs.pop("manifest.json")
    assert manifest["outputs"] == outputs
    assert [paper["name"] for paper in manifest["papers"]] == ["A", "B"]
    ((*placed,),) = manifest["papers"][0]["sections"]
    assert {name for name, *order in placed} == {"b/one", "b/two", "b/three"}


def test_the_same_inputs_give_the_same_bytes_whatever_the_surroundings(exam, tmp_path):
    """Another hash seed, time zone, locale, directory, number of processes."""
    builds = []
    for number, (jobs, environment) in enumerate(
        [
            ("1", {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"}),
            ("2", {"PYTHONHASHSEED": "123", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"}),
        ]
    ):
        place = tmp_path / f"elsewhere-{number}" / "deep"
        copy = make_project(place)
        command = [sys.executable, "-m", "quizgen", "build", str(copy), "--jobs", jobs, "--quiet"]
        subprocess.run(command, check=True, env={**os.environ, **environment}, cwd=place if number else tmp_path)
        builds.append(files(place / "output" / "e"))
    assert builds[0] == builds[1]


def test_a_build_with_problems_leaves_the_former_output_as_it_was(exam):
    folder = build(exam, options=LIGHT).folder
    before = files(folder)
    exam.write_text(EXAM.replace("count: 3", "count: 9"))
    with pytest.raises(ProblemsError, match="needs 9 questions from b, there are 3"):
        build(exam, options=LIGHT)
    assert files(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == ["e"]


class Here:
    """Workers that work in this process, where a test can meddle with them."""

    def __init__(self, formats):
        self.formats = formats

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def each(self, work, tasks, most=1):
        return (task.run(work) for task in tasks)


@pytest.mark.parametrize("moment", [1, 2])
def test_a_disk_that_fills_up_leaves_the_former_output_as_it_was(exam, monkeypatch, moment):
    monkeypatch.setattr(pipeline, "Workers", Here)
    folder = build(exam, options=LIGHT).folder
    before = files(folder)
    calls = iter(range(100))

    def full(path: Path, mode: str = "r", **options: Any) -> Any:
        if mode == "wb" and next(calls) >= moment:
            raise OSError(28, "No space left on device")
        return real(path, mode, **options)

    real = Path.open
    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(QuizgenError, match="disk is full"):
        build(exam, options=LIGHT)
    assert files(folder) == before
    # The paper that was finished before is kept for the next build.
    kept = [".e.unfinished"] if moment == 2 else []
    assert sorted(path.name for path in folder.parent.iterdir()) == [*kept, "e"]


class Stopped(Here):
    """Workers that are interrupted after so many papers, and count them."""

    after = 100
    written: ClassVar[list[str]] = []

    def each(self, work, tasks, most=1):
        for task in tasks:
            if task.name.startswith("paper ") and len(self.written) == self.after:
                raise KeyboardInterrupt
            self.written.extend([task.name] if task.name.startswith("paper ") and not _done(work, task) else [])
            yield task.run(work)


def _done(work, task):
    return work.stage.is_finished(task.run.keywords["key"])


@pytest.fixture
def stopped(exam, monkeypatch) -> Path:
    """The exam of which one paper of two is finished when the user stops the build."""
    monkeypatch.setattr(pipeline, "Workers", Stopped)
    monkeypatch.setattr(Stopped, "after", 1)
    monkeypatch.setattr(Stopped, "written", [])
    with pytest.raises(KeyboardInterrupt, match=r"1 of 2 papers are finished, in .*\.e\.unfinished"):
        build(exam, options=LIGHT)
    monkeypatch.setattr(Stopped, "after", 100)
    assert not (exam.parents[3] / "output" / "e").exists()
    return exam


def test_the_next_build_goes_on_behind_the_papers_that_are_finished(stopped, tmp_path):
    report = build(stopped, options=LIGHT)
    assert Stopped.written == ["paper A", "paper B"]
    assert [paper.name for paper in report.papers] == ["A", "B"]
    assert [path.name for path in report.folder.parent.iterdir()] == ["e"]
    fresh = build(stopped, tmp_path / "fresh", LIGHT)
    assert files(report.folder) == files(fresh.folder)


@pytest.mark.parametrize("change", ["seed", "bank", "file", "gone", "receipt", "link"])
def test_a_finished_paper_is_written_again_when_anything_about_it_changed(stopped, tmp_path, change):
    kept = tmp_path / "output" / ".e.unfinished"
    options = LIGHT
    match change:
        case "seed":
            options = Options(formats=LIGHT.formats, jobs=1, seed=8)
        case "bank":
            bank = tmp_path / "banks/c/b.yaml"
            bank.write_text(bank.read_text().replace("解説ワン", "別の解説"))
        case "file":
            (kept / "teacher/A/answer-key.csv").write_text("damaged")
        case "gone":
            (kept / "teacher/A/answer-key.csv").unlink()
        case "receipt":
            (kept / ".receipts/papers-000000").write_text("{")
        case "link":
            (tmp_path / "elsewhere").mkdir()
            (kept / "student").symlink_to(tmp_path / "elsewhere")
    report = build(stopped, options=options)
    assert Stopped.written == ["paper A", "paper A", "paper B"]
    assert files(report.folder) == files(build(stopped, tmp_path / "fresh", options).folder)
    assert list(tmp_path.glob("elsewhere/*")) == []


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds processes in /proc")
def test_a_killed_worker_loses_nothing_that_is_finished(exam, tmp_path):
    exam.write_text(EXAM.replace("variants: 2", "variants: 1000"))
    output = tmp_path / "output"
    command = [sys.executable, "-m", "quizgen", "build", str(exam), "--jobs", "2", "-f", "csv", "-o", str(output), "-q"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    receipts = output / ".e.unfinished" / ".receipts"
    deadline = time.monotonic() + 60
    while len(list(receipts.glob("papers-*"))) < 10 and time.monotonic() < deadline:
        time.sleep(0.005)
    os.kill(workers_of(process.pid)[-1], signal.SIGKILL)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    found = re.search(r"ended its process .*\n(\d+) of 1,000 papers are finished", errors)
    assert found
    assert int(found[1]) >= 10
    subprocess.run(command, check=True)
    assert [path.name for path in output.iterdir()] == ["e"]
    assert len(list((output / "e" / "teacher").glob("*/answer-key.csv"))) == 1000
    assert verify(output / "e", jobs=2).differences == ()


def workers_of(process: int) -> list[int]:
    """The processes that make files for another one, by their numbers."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [int(one) for one in children if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()]


def test_a_build_does_not_go_on_where_another_one_is_at_work(exam, tmp_path):
    with staging.staged(tmp_path / "output" / "e", fingerprint="f") as stage:
        assert stage.folder.name == ".e.unfinished"
        with staging.staged(tmp_path / "output" / "e", fingerprint="f") as other:
            assert other.folder != stage.folder


def test_an_unfinished_folder_that_is_a_link_is_not_followed(exam, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.docx").write_text("mine")
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / ".e.unfinished").symlink_to(mine)
    build(exam, options=LIGHT)
    assert (mine / "thesis.docx").read_text() == "mine"


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_build_that_is_stopped_leaves_the_former_output_as_it_was(exam, number):
    folder = build(exam, options=LIGHT).folder
    before = files(folder)
    exam.write_text(EXAM.replace("variants: 2", "variants: 200"))
    command = [sys.executable, "-m", "quizgen", "build", str(exam), "--jobs", "1", "--quiet"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while len(list(folder.parent.iterdir())) == 1 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(number)
    try:
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == (130 if number == signal.SIGINT else -number)
    assert b"Traceback" not in errors
    assert files(folder) == before


def test_only_the_banks_that_an_exam_draws_from_are_read(exam, tmp_path):
    before = files(build(exam, options=LIGHT).folder)
    (tmp_path / "banks/c/other.yaml").write_text("kind: bank\nid: other\ntitle: Half done\nquestions: [{}]\n")
    assert files(build(exam, options=LIGHT).folder) == before
    exam.write_text(EXAM.replace("from: b", "from: [b, othr]"))
    with pytest.raises(ProblemsError, match="other"):
        build(exam, options=LIGHT)


def test_a_new_build_replaces_all_of_the_old_one(exam):
    folder = build(exam, options=LIGHT).folder
    exam.write_text(EXAM.replace("variants: 2", "variants: 1"))
    assert build(exam, options=LIGHT).folder == folder
    assert not (folder / "teacher" / "B").exists()


def test_a_users_own_files_outlive_the_next_build(exam):
    folder = build(exam, options=LIGHT).folder
    (folder / "teacher" / "notes.txt").write_text("3限に実施")
    build(exam, options=LIGHT)
    assert (folder / "teacher" / "notes.txt").read_text() == "3限に実施"


def test_a_built_file_that_was_edited_is_not_overwritten_unless_forced(exam):
    folder = build(exam, options=LIGHT).folder
    (folder / "teacher" / "A" / "answer-key.csv").write_text("edited")
    with pytest.raises(QuizgenError, match="changed since they were built"):
        build(exam, options=LIGHT)
    assert (folder / "teacher" / "A" / "answer-key.csv").read_text() == "edited"
    build(exam, options=Options(formats=LIGHT.formats, jobs=1, force=True))
    assert (folder / "teacher" / "A" / "answer-key.csv").read_text() != "edited"


def test_a_folder_that_quizgen_did_not_make_is_not_replaced(exam, tmp_path):
    (tmp_path / "output" / "e").mkdir(parents=True)
    (tmp_path / "output" / "e" / "thesis.docx").write_text("mine")
    with pytest.raises(QuizgenError, match="not made by quizgen"):
        build(exam, options=LIGHT)
    assert (tmp_path / "output" / "e" / "thesis.docx").read_text() == "mine"


def test_two_builds_at_once_both_end_well(exam):
    command = [sys.executable, "-m", "quizgen", "build", str(exam), "-f", "csv", "-f", "json", "--quiet"]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(3)]
    results = [(process.communicate(timeout=120)[1], process.returncode) for process in running]
    assert results == [(b"", 0)] * 3
    folder = exam.parents[3] / "output"
    assert [path.name for path in folder.iterdir()] == ["e"]
    assert verify(folder / "e", jobs=1).differences == ()


def test_where_two_renames_are_needed_the_output_is_replaced_as_well(exam, monkeypatch):
    monkeypatch.setattr(staging, "_exchanged_at_once", lambda stage, target: False)
    folder = build(exam, options=LIGHT).folder
    before = files(folder)
    build(exam, options=LIGHT)
    assert files(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == ["e"]


def test_what_a_killed_build_left_behind_is_swept_up_a_day_later(exam):
    folder = build(exam, options=LIGHT).folder
    old, young = folder.parent / ".e.old", folder.parent / ".e.young"
    for stale in (old, young):
        stale.mkdir()
    os.utime(old, (0, 0))
    build(exam, options=LIGHT)
    assert sorted(path.name for path in folder.parent.iterdir()) == [".e.young", "e"]


def test_only_the_papers_and_the_seed_asked_for_are_built(exam):
    report = build(exam, options=Options(formats=("json",), papers=("B",), seed=99, jobs=1))
    assert [paper.name for paper in report.papers] == ["B"]
    assert json.loads((report.folder / "teacher/B/paper.json").read_text())["seed"] == 99


def test_a_paper_that_is_not_there_is_named_with_those_that_are(exam):
    with pytest.raises(QuizgenError, match="no paper Z; the papers are A, B"):
        build(exam, options=Options(formats=("json",), papers=("Z",)))


def test_verify_agrees_with_a_fresh_build(exam):
    folder = build(exam, options=LIGHT).folder
    verdict = verify(folder, jobs=1)
    assert verdict.differences == ()
    assert verdict.agree == len(files(folder))


def test_verify_names_what_differs(exam, tmp_path):
    folder = build(exam, options=LIGHT).folder
    (folder / "teacher/A/answer-key.csv").write_text("edited")
    (folder / "teacher/B/paper.json").unlink()
    bank = tmp_path / "banks/c/b.yaml"
    bank.write_text(bank.read_text().replace("解説ワン", "別の解説"))
    differences = verify(folder, jobs=1).differences
    assert "input banks/c/b.yaml has changed since" in differences
    assert "teacher/A/answer-key.csv differs" in differences
    assert "teacher/B/paper.json is missing" in differences


def test_verify_works_for_a_build_elsewhere_from_inside_the_project(exam, tmp_path, monkeypatch):
    folder = build(exam, tmp_path / "elsewhere", LIGHT).folder
    monkeypatch.chdir(tmp_path)
    assert verify(folder, jobs=1).differences == ()


@pytest.mark.parametrize("content", ["", "[]", "{}", "null", '{"manifest": 1, "outputs": 3}'])
def test_a_manifest_that_is_none_is_refused(tmp_path, content):
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(QuizgenError, match="manifest"):
        verify(tmp_path)


def test_assignments_are_built_with_the_solution_for_the_teacher_only(exam, tmp_path):
    report = build(exam.parents[1] / "labs.yaml", options=Options(jobs=1))
    found = set(files(report.folder))
    assert {"student/A/assignments.pdf", "student/A/assignments.docx", "teacher/A/assignments.pdf"} <= found
    (count,) = {paper.count for paper in report.papers}
    assert count == 1


def test_a_roster_gives_one_folder_for_each_student(exam):
    (exam.parent / "roster.csv").write_text("id,name\nS01,髙橋\nS02,𠮷田\n")
    exam.write_text(EXAM.replace("variants: 2", "roster: roster.csv"))
    report = build(exam, options=LIGHT)
    assert [paper.name for paper in report.papers] == ["S01", "S02"]
    assert (report.folder / "teacher" / "S02" / "paper.json").is_file()
    assert "髙橋" not in (report.folder / "moodle" / "e.xml").read_text()


def test_a_booklet_that_cannot_be_composed_as_others_are_is_named_with_the_reason(exam):
    names = ["髙橋", "𠮷田", "李", "寿限無寿限無五劫の擦り切れ海砂利水魚の水行末"]
    rows = [f"S0{number},{name}" for number, name in enumerate(names)]
    (exam.parent / "roster.csv").write_text("\n".join(["id,name", *rows]) + "\n")
    exam.write_text(EXAM.replace("variants: 2", "roster: roster.csv"))
    report = build(exam, options=Options(formats=("pdf",), documents=("booklet",), jobs=1))
    assert [note.partition(" was laid out by itself")[0] for note in report.notes] == ["student/S03/booklet.pdf"]
    assert (report.folder / "student/S03/booklet.pdf").read_bytes().startswith(b"%PDF")


def test_the_summary_knows_points_guessing_and_the_spread_of_the_key(exam):
    paper = build(exam, options=LIGHT).papers[0]
    assert (paper.count, paper.points) == (3, 4)
    assert 0 < paper.guessed < 4
    assert sum(paper.spread) == 4


def test_a_style_that_weasyprint_does_not_understand_is_told(exam, tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "custom.css").write_text("p { colour: red }")
    report = build(exam, options=Options(formats=("pdf",), papers=("A",), jobs=1))
    assert any("colour" in warning for warning in report.warnings)


@pytest.mark.parametrize(("seed", "points", "told"), [(1, [2, 1], True), (4, [1, 1], False)])
def test_papers_that_are_not_worth_the_same_are_told(exam, seed, points, told):
    exam.write_text(EXAM.replace("count: 3", "count: 1"))
    report = build(exam, options=Options(formats=("csv",), jobs=1, seed=seed))
    assert [paper.points for paper in report.papers] == points
    assert any("not worth the same" in warning for warning in report.warnings) == told


def test_what_a_user_puts_there_during_a_build_outlives_it_too(exam):
    folder = build(exam, options=LIGHT).folder

    def write_notes(what: str, done: int, total: int) -> None:
        (folder / "notes.txt").write_text("written meanwhile")

    build(exam, options=LIGHT, progress=write_notes)
    assert (folder / "notes.txt").read_text() == "written meanwhile"


def test_only_the_documents_that_are_asked_for_are_built_and_verified(tmp_path):
    report = build(make_project(tmp_path), None, Options(formats=("pdf",), documents=("booklet",)))
    assert {path.name for path in report.folder.glob("student/*/*")} == {"booklet.pdf"}
    assert not (report.folder / "teacher" / "A").exists()
    assert verify(report.folder).differences == ()
