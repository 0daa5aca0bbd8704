"""The working project: the folder that holds `banks/`, with its own `templates/` and `output/`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from quizgen.problems import QuizgenError
from quizgen.reader import course_folder
from quizgen.templates import Templates


@dataclass(frozen=True)
class Project:
    """A working project by its root folder."""

    root: Path

    @property
    def templates(self) -> Templates:
        """The templates that a build of this project sees."""
        folder = self.root / "templates"
        return Templates(folder if folder.is_dir() else None)

    @property
    def output(self) -> Path:
        """Where builds go unless the user says otherwise."""
        return self.root / "output"

    def name(self, path: Path) -> str:
        """A file's path below the root, with forward slashes on every system."""
        return path.resolve().relative_to(self.root).as_posix()


def find_project(path: Path) -> Project:
    """The project of an exam file: the folder above the nearest `banks/`, or else its course's own folder."""
    here = path.resolve()
    banks = next((folder for folder in here.parents if folder.name == "banks"), None)
    return Project(banks.parent if banks else course_folder(here))


def project_around(folder: Path) -> Project:
    """The project that a folder lies in.

    Raises QuizgenError when there is none.
    """
    here = folder.resolve()
    root = next((one for one in (here, *here.parents) if (one / "banks").is_dir()), None)
    if root is None:
        raise QuizgenError(f"{here} is in no project: there is no banks/ in it or above it; name one with --project")
    return Project(root)


def project_of(path: Path) -> Project:
    """The project of a file, or of a course's folder."""
    return find_project(path / "bank.yaml" if path.is_dir() else path)
