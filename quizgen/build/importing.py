"""Importing: another program's file becomes a course's banks, assignments and an exam, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from quizgen.build.settling import Settled, settle
from quizgen.build.staging import staged
from quizgen.importers import guess, importer
from quizgen.importers.imported import Imported
from quizgen.importers.naming import named
from quizgen.problems import Position, Problem, ProblemsError, QuizgenError
from quizgen.reader.files import FileError, Files
from quizgen.source import read_source
from quizgen.writers import OutputFile

_MOST_QUESTIONS = 20_000


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What was imported into which folder: the drafts as written, and the paths below it of the files and the exam."""

    folder: Path
    format: str
    imported: Imported
    files: tuple[str, ...]
    exam: str


def import_file(path: Path, folder: Path, format_name: str | None = None, *, strict: bool = False) -> ImportReport:
    """Import a file into a new folder, or into one whose own files stay as they are.

    Raises ProblemsError when the file is not what it should be or has nothing to import, or has any defect when
    `strict`; QuizgenError when files or ids are there already. In each case nothing is written.
    """
    try:
        data = Files().read(path)
    except FileError as error:
        raise _problem(path, error.code, str(error)) from error
    chosen = format_name or guess(str(path), data)
    if chosen is None:
        raise _problem(path, "unknown-format", "it cannot be told what this file is; name its format with --from")
    imported = named(importer(chosen).read(str(path), data))
    if imported.questions > _MOST_QUESTIONS:
        message = f"the file has {imported.questions:,} questions, the most is {_MOST_QUESTIONS:,}; split it"
        raise _problem(path, "too-many", message)
    settled = settle(path, folder, imported)
    _refuse_defects(path, settled.imported, strict=strict)
    _refuse_taken(folder, settled)
    _place(folder, settled.contents)
    return ImportReport(folder, chosen, settled.imported, tuple(settled.contents), settled.exam)


def _problem(path: Path, code: str, message: str) -> ProblemsError:
    return ProblemsError([Problem(Position(str(path)), code, message)])


def _refuse_defects(path: Path, imported: Imported, *, strict: bool) -> None:
    """Refuse what leaves nothing to write, and when strict all that was repaired, doubtful or left out."""
    problems = [Problem(one.position, one.code, f"{one.what} is left out: {one.why}") for one in imported.skipped]
    if not imported.banks and not imported.assignments:
        nothing = Problem(Position(str(path)), "nothing-imported", "there is no question here that can be imported")
        raise ProblemsError([*problems, nothing])
    problems += [Problem(note.position, note.code, note.message) for note in imported.notes]
    if strict and problems:
        raise ProblemsError(problems)


def _refuse_taken(folder: Path, settled: Settled) -> None:
    if folder.exists() and not folder.is_dir():
        raise QuizgenError(f"{folder} is a file; name a folder with -o")
    taken = [str(folder / name) for name in settled.contents if (folder / name).exists()]
    ids = set(_ids(settled.contents))
    for path in sorted([*folder.glob("*.y*ml"), *folder.glob("exams/*.y*ml")]):
        with suppress(FileError):
            for kind_and_id in _ids({str(path): Files().read(path)}):
                if kind_and_id in ids and str(path) not in taken:
                    taken.append(f"{path} (the id {kind_and_id[1]})")
    if taken:
        listed = "\n".join(f"  {name}" for name in taken)
        raise QuizgenError(
            f"these are there already:\n{listed}\nnothing was imported; name another folder with -o, or move them away"
        )


def _ids(contents: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """The ids of YAML files, each with what it must not be shared with."""
    for name, data in contents.items():
        document = read_source(name, data).data if name.endswith((".yaml", ".yml")) else None
        if isinstance(document, dict):
            yield ("bank" if document.get("kind") == "bank" else "job"), str(document.get("id"))


def _place(folder: Path, contents: Mapping[str, bytes]) -> None:
    if folder.exists():
        _add(folder, contents)
        return

    def still_new(_: Path) -> None:
        if folder.exists():
            raise QuizgenError(f"{folder} was made by another program at this moment; try again")

    with staged(folder, still_new) as stage:
        for name, data in contents.items():
            stage.write(OutputFile(PurePosixPath(name), data))


def _add(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Put files beside those of a folder; when one cannot be written, take back the ones before it."""
    made: list[Path] = []
    done = False
    try:
        for name, data in contents.items():
            path = folder / name
            if not path.parent.exists():
                path.parent.mkdir()
                made.append(path.parent)
            with path.open("xb") as stream:
                made.append(path)
                stream.write(data)
        done = True
    except OSError as error:
        raise QuizgenError(f"{folder} cannot be written: {error.strerror or error}; nothing was imported") from error
    finally:
        for path in [] if done else reversed(made):
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
