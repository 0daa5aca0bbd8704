"""Binding: the papers of each class of a roster in one file to print, made of the files that are written already."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

from quizgen.build.report import Written
from quizgen.build.stage import Stage
from quizgen.model import in_language

if TYPE_CHECKING:
    from quizgen.model import Assignments, Exam
    from quizgen.paper import Student
    from quizgen.writers.pdf.bound import Sides


_MOST = 500  # papers in a file: programs that print have their troubles with gigabytes


@dataclass(frozen=True, slots=True)
class _Kind:
    """A document that is bound: the name of the bound file, and of what it is made, the first that there is."""

    name: str
    sides: Mapping[str, Sides]


_KINDS = (
    _Kind("booklets", {"booklet-folded.pdf": "DuplexFlipShortEdge", "booklet.pdf": "DuplexFlipLongEdge"}),
    _Kind("answer-sheets", {"answer-sheet.pdf": "Simplex"}),
    _Kind("assignments", {"assignments.pdf": "DuplexFlipLongEdge"}),
)


@dataclass(frozen=True, slots=True)
class Binding:
    """A file to be bound: its path below the stage, the bookmarks and papers in it, and how they are printed."""

    path: PurePosixPath
    parts: tuple[tuple[str, str], ...]
    title: str
    language: str
    sides: Sides

    def written(self, stage: Stage) -> Written:
        """Write the file."""
        from quizgen.writers.pdf.bound import Part, bind

        def fill(stream: BinaryIO) -> None:
            parts = (Part(title, stage.opened(path)) for title, path in self.parts)
            bind(parts, stream, title=self.title, language=self.language, sides=self.sides)

        return stage.make(self.path, fill)


def bindings(stage: Stage, document: Exam | Assignments, students: Sequence[Student]) -> Iterator[Binding]:
    """What `print/` gets: for each class of the roster its booklets and answer sheets in the roster's order.

    There is none without a roster: a school prints each variant as often as it needs it, from the variant's own file.
    """
    for name, members in _classes(students).items():
        for kind in _KINDS:
            if source := _source(stage, kind, members):
                for stem, those in _volumes(f"{name}-{kind.name}" if name else kind.name, members):
                    title = f"{in_language(document.title, document.language)} {stem}"
                    parts = tuple((f"{one.id} {one.name}".strip(), _path(one, source)) for one in those)
                    path = PurePosixPath("print", f"{stem}.pdf")
                    yield Binding(path, parts, title, document.language, kind.sides[source])


def _volumes(stem: str, members: Sequence[Student]) -> Iterator[tuple[str, Sequence[Student]]]:
    """The students of each file, by its name without ending: one file, or several of nearly the same length."""
    count = -(-len(members) // _MOST)
    for number in range(count):
        start, end = (len(members) * place // count for place in (number, number + 1))
        yield (f"{stem}-{number + 1:0{len(str(count))}}" if count > 1 else stem), members[start:end]


def _classes(students: Sequence[Student]) -> dict[str, list[Student]]:
    """The students by what their class adds to a file's name, "" for those in none."""
    names: dict[str, str] = {}
    members: dict[str, list[Student]] = {}
    for student in students:
        group = student.school_class
        if group not in names:
            names[group] = _file_name(group, names.values())
        members.setdefault(names[group], []).append(student)
    return members


def _file_name(group: str, taken: Iterable[str]) -> str:
    """A class's name as a file may have it, unlike all others even where names have no case."""
    plain = re.sub(r"[^\w-]+", "-", unicodedata.normalize("NFKC", group)).strip("-")[:40]
    if not group:
        return ""
    others = {name.casefold() for name in taken}
    wanted = (f"{plain or 'class'}{number}" for number in ("", *(f"-{count}" for count in range(2, len(others) + 3))))
    return next(name for name in wanted if name.casefold() not in others)


def _source(stage: Stage, kind: _Kind, students: Sequence[Student]) -> str:
    """Which document of the kind every student has; "" where there is none."""
    return next((name for name in kind.sides if all(stage.has(_path(one, name)) for one in students)), "")


def _path(student: Student, name: str) -> str:
    return f"student/{student.id}/{name}"
