"""The project that `quizgen init` makes: what an author starts from is without fault."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quizgen.build import Options, build
from quizgen.build.starter import make_project
from quizgen.reader import read

QUICK = Options(formats=("csv", "moodle"), jobs=1)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    make_project(tmp_path / "course")
    return tmp_path / "course"


def test_it_has_no_problems(project: Path) -> None:
    reading = read([project / "banks"])
    assert (reading.problems, reading.questions) == ((), 10)


@pytest.mark.parametrize("name", ["banks/sample/exams/quiz.yaml", "banks/sample/assignments.yaml"])
def test_it_builds_without_a_warning(name: str, project: Path) -> None:
    report = build(project / name, None, QUICK)
    assert [paper.name for paper in report.papers] == ["A", "B"]
    assert report.warnings == ()


def test_its_editor_settings_name_the_schema_that_it_has(project: Path) -> None:
    settings = json.loads((project / ".vscode" / "settings.json").read_text())
    schemas = [project / path for path in settings["yaml.schemas"]]
    assert [json.loads(path.read_text())["$schema"] for path in schemas]


def test_git_leaves_its_output_out(project: Path) -> None:
    assert "output/" in (project / ".gitignore").read_text().splitlines()
