"""The command line: exit status, reports for people and machines, and help that answers at once."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from projects import EXAM, make_project
from quizgen.cli import main
from quizgen.writers import FORMATS


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def exam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return make_project(tmp_path)


def test_check_is_silent_and_exits_0_when_all_is_well(exam):
    result = run("check")
    assert (result.exit_code, result.output) == (0, "")


def test_check_says_what_it_read_when_asked(exam):
    assert run("check", "-v").output == "no problems in 3 files, 3 questions\n"


def test_check_prints_problems_with_a_caret_and_exits_1(exam):
    exam.write_text(EXAM.replace("from: b", "from: z"))
    result = run("check")
    assert result.exit_code == 1
    path = "banks/c/exams/e.yaml"
    assert result.output.startswith(
        f"{path}:8:18: there is no bank `z` in this course; the banks are b [unknown-bank]\n"
    )
    assert "8 |   - draw: {from: z, count: 3}\n" + " " * 21 + "^\n" in result.output
    assert result.output.endswith("1 problem\n")


def test_check_reports_json_for_machines(exam):
    assert json.loads(run("check", "--format", "json").output) == []
    exam.write_text(EXAM.replace("from: b", "from: z"))
    (problem,) = json.loads(run("check", "--format", "json").output)
    assert problem == {
        "path": "banks/c/exams/e.yaml",
        "line": 8,
        "column": 18,
        "code": "unknown-bank",
        "message": "there is no bank `z` in this course; the banks are b",
    }


def test_check_reports_annotations_for_github(exam):
    exam.write_text(EXAM.replace("from: b", "from: z").replace("title: 小テスト", "title: 100%: `a`"))
    output = run("check", "--format", "github").output
    assert "::error file=banks/c/exams/e.yaml,line=3,col=12,title=colon-in-text::" in output
    assert ",title=unknown-bank::there is no bank `z` in this course" in output
    assert output.count("::error ") == 2


def test_a_path_that_is_not_there_is_a_wrong_command_line(exam):
    result = run("check", "nowhere")
    assert result.exit_code == 2
    assert "there is no nowhere" in result.output


@pytest.mark.parametrize("arguments", [["build"], ["build", "x.yaml", "-f", "odt"], ["frobnicate"], ["schema", "poem"]])
def test_a_wrong_command_line_exits_2(arguments):
    assert run(*arguments).exit_code == 2


def test_build_prints_its_papers_and_files(exam):
    result = run("build", exam, "-f", "csv", "-f", "moodle", "-v")
    assert result.exit_code == 0, result.output
    assert "teacher/B/answer-key.csv" in result.output
    assert re.search(r"A +3 +4 +[0-9.]+ \([0-9]+%\) +1: [0-9]  2: [0-9]", result.output)


def test_build_is_quiet_when_asked(exam):
    assert run("build", exam, "-f", "csv", "-q").output == ""


def test_build_shows_problems_without_a_traceback(exam):
    exam.write_text(EXAM.replace("count: 3", "count: 30"))
    result = run("build", exam)
    assert result.exit_code == 1
    assert "needs 30 questions from b, there are 3 [pool-too-small]" in result.output


def test_build_says_where_it_cannot_write(exam, tmp_path):
    (tmp_path / "output").write_text("a file")
    result = run("build", exam, "-f", "csv")
    assert result.exit_code == 1
    assert "cannot be written" in result.output
    assert "Traceback" not in result.output


def test_verify_exits_0_when_every_byte_agrees_and_1_when_not(exam, tmp_path):
    run("build", exam, "-f", "csv", "-q")
    folder = tmp_path / "output" / "e"
    good = run("verify", folder)
    assert (good.exit_code, good.output) == (0, "4 files agree, byte for byte\n")
    (folder / "teacher/A/answer-key.csv").write_text("edited")
    bad = run("verify", folder)
    assert (bad.exit_code, bad.output) == (1, "teacher/A/answer-key.csv differs\n")


def test_show_prints_the_paper_with_its_key_only_when_asked(exam):
    plain, key = run("show", exam).output, run("show", exam, "--key", "--variant", "B").output
    assert "漢字（かんじ）の問い" in plain
    assert "✓" not in plain
    assert "解説" not in plain
    assert key.count("✓") == 4
    assert "解説ワン" in key


def test_show_prints_assignments(exam):
    output = run("show", exam.parents[1] / "labs.yaml").output
    assert re.search(r"\$ curl localhost:8\d\d\d", output)
    assert "秘密" not in output


def test_init_makes_a_project_that_checks_and_builds(tmp_path, monkeypatch):
    result = run("init", tmp_path / "mine")
    assert result.exit_code == 0, result.output
    monkeypatch.chdir(tmp_path / "mine")
    assert run("check").output == ""
    built = run("build", re.search(r"quizgen build (\S+)", result.output).group(1), "-f", "csv")
    assert built.exit_code == 0, built.output
    settings = json.loads(Path(".vscode/settings.json").read_text())
    assert any((Path() / schema).is_file() for schema in settings["yaml.schemas"])


def test_init_touches_no_folder_with_something_in_it(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    result = run("init", tmp_path)
    assert result.exit_code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def commands() -> list[tuple[str, click.Command]]:
    return sorted(main.commands.items())


@pytest.mark.parametrize(("name", "command"), commands())
def test_every_command_has_help_with_an_example_and_help_for_each_option(name, command):
    text = run(name, "--help").output
    assert "Example:\n" in text
    assert f"quizgen {name}" in text.split("Example:")[1]
    for option in command.params:
        assert not isinstance(option, click.Option) or option.help, option


def test_formats_offered_are_those_of_the_table():
    assert all(name in run("build", "--help").output for name in FORMATS)


def test_whole_banks_take_the_place_of_the_exams_questions_in_moodle_xml(exam, tmp_path):
    ran = run("build", exam, "-f", "moodle", "--moodle", "bank", "-o", tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").rglob("*.xml")] == ["e-bank.xml"]
    assert "Moodle imports 3 questions from moodle/e-bank.xml\n" in ran.output


def test_banks_are_asked_for_with_the_format_that_can_have_them(exam):
    ran = run("build", exam, "-f", "pdf", "--moodle", "bank")
    assert ran.exit_code == 2
    assert "--moodle bank goes with -f moodle" in ran.output


def test_a_course_is_one_backup_of_all_activities(exam, tmp_path):
    ran = run("build", exam, "-f", "moodle-backup", "--course", "-o", tmp_path / "out", "-q")
    assert (ran.exit_code, [path.name for path in (tmp_path / "out").rglob("*.mbz")]) == (0, ["e-course.mbz"])


def test_a_course_is_asked_for_with_the_format_that_can_have_one(exam):
    ran = run("build", exam, "--course")
    assert ran.exit_code == 2
    assert "--course goes with -f moodle-backup" in ran.output


@pytest.mark.parametrize("shell", ["bash", "fish", "zsh"])
def test_shells_can_complete(shell):
    assert "_QUIZGEN_COMPLETE" in run("completion", shell).output


HEAVY = (
    "babel",
    "docx",
    "docxtpl",
    "jinja2",
    "lxml",
    "markdown_it",
    "PIL",
    "pydantic",
    "pygments",
    "rich",
    "weasyprint",
    "yaml",
)


def test_help_imports_nothing_heavy():
    script = f"import sys, quizgen.cli; print([name for name in {HEAVY} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


def test_a_bug_shows_its_traceback_and_exits_3(exam):
    script = (
        "import sys, quizgen.reader; from quizgen.__main__ import run; sys.argv = ['quizgen', 'check']\n"
        "quizgen.reader.read = lambda paths: 1 / 0\nrun()"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert found.returncode == 3
    assert "ZeroDivisionError" in found.stderr
    assert "bug in quizgen" in found.stderr
