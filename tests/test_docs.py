"""README.md tells the truth: its files and commands are run as they stand, and it leaves nothing out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from shutil import copytree
from typing import NamedTuple

import click
import pytest

from quizgen.cli import main
from quizgen.writers import FORMATS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")

_FENCE = re.compile(
    r"^```(?P<language>\w+)(?: (?P<name>\w+)=\"?(?P<value>[^\"\n]+)\"?)?\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE
)


class Example(NamedTuple):
    """The commands of a console block, what they print (nothing: not shown), and how they end."""

    commands: tuple[str, ...]
    output: str
    status: int


def files() -> dict[str, str]:
    """The files that README.md shows in full, by their paths."""
    return {fence["value"]: fence["body"] for fence in _FENCE.finditer(README) if fence["name"] == "title"}


def examples() -> list[Example]:
    """The console blocks of README.md that run quizgen; those of `make` are what runs this test."""
    blocks = [fence for fence in _FENCE.finditer(README) if fence["language"] == "console"]
    found = [_example(fence["body"], fence["value"]) for fence in blocks]
    return [example for example in found if not example.commands[0].startswith("make ")]


def _example(body: str, status: str | None) -> Example:
    lines = body.splitlines(keepends=True)
    commands = tuple(line[2:].strip() for line in lines if line.startswith("$ "))
    return Example(commands, "".join(line for line in lines if not line.startswith("$ ")), int(status or 0))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("banks", "templates"):
        copytree(ROOT / folder, tmp_path / folder)
    for path, text in files().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.commands[-1])
def test_a_command_of_the_readme_does_what_it_says(example: Example, project: Path) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    script = "\n".join(["set -e", *example.commands])
    ran = subprocess.run(
        ["sh", "-c", script], cwd=project, env={**os.environ, "PATH": path}, capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr if example.status == 0 else "") == (example.status, "")
    if example.output:
        assert ran.stdout + ran.stderr == example.output


def _known_options(command: click.Command) -> set[str]:
    names = {name for parameter in command.params for name in parameter.opts} | {"--help"}
    return names.union(*map(_known_options, getattr(command, "commands", {}).values()))


def test_every_command_is_in_the_readme() -> None:
    assert set(main.commands) == set(re.findall(r"^\| `quizgen (\w+)", README, re.MULTILINE))


def test_every_format_is_in_the_readme() -> None:
    table = README.split("| format | files |")[1].split("\n\n")[0]
    assert set(FORMATS) == set(re.findall(r"^\| `([\w-]+)` \|", table, re.MULTILINE))


def test_the_readme_speaks_of_no_option_that_does_not_exist() -> None:
    of_homebrew = {"--cask"}
    assert set(re.findall(r"(?<![\w-])--[a-z]+", README)) <= _known_options(main) | of_homebrew


def test_the_readme_speaks_of_no_make_target_that_does_not_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    assert set(re.findall(r"(?:`|\$ )make ([a-z-]+)", README)) <= targets


@pytest.mark.parametrize("command", main.commands.values(), ids=list(main.commands))
def test_every_command_has_an_example_that_parses(command: click.Command) -> None:
    help_text = command.help or ""
    line = re.search(r"Example:\n\s+quizgen (.+)", help_text)
    assert line, help_text
    name, *arguments = line[1].split(" >")[0].split()
    assert main.commands[name] is command
    command.make_context(name, arguments)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_links_lead_to_files(name: str) -> None:
    text = re.sub("`[^`\n]*`", "", _FENCE.sub("", (ROOT / name).read_text(encoding="utf-8")))
    links = re.findall(r"\]\((?!https?:|#)([^)\s]+)\)", text)
    assert [link for link in links if not (ROOT / link).exists()] == []
