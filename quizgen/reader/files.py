"""The only module that opens inputs: bounded, regular files inside the folder they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG

from quizgen.problems import QuizgenError
from quizgen.source import MOST_BYTES

_BEGINNING = 4096


class FileError(QuizgenError):
    """Why a file was not read; `code` is the problem's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Files:
    """The files read so far; `hashes` has the SHA-256 of each by its path."""

    hashes: dict[Path, str] = field(default_factory=dict)

    def read(self, path: Path, *, most: int = MOST_BYTES) -> bytes:
        """A file's bytes.

        Raises FileError when it is missing, no regular file, unreadable, or larger than `most` bytes.
        """
        try:
            status = path.stat()
            if not S_ISREG(status.st_mode):
                raise FileError("not-a-file", f"{path} is no file")
            if status.st_size > most:
                size, limit = status.st_size / 1e6, most / 1e6
                raise FileError("too-large", f"the file has {size:,.0f} MB; the most is {limit:,.0f} MB, so split it")
            with path.open("rb") as stream:
                data = stream.read(most + 1)
        except OSError as error:
            raise FileError("unreadable", f"the file cannot be read: {error.strerror}") from error
        self.hashes[path] = sha256(data).hexdigest()
        return data

    def beginning(self, path: Path) -> bytes:
        """The first bytes of a file; none where it cannot be read."""
        try:
            if not S_ISREG(path.stat().st_mode):
                return b""
            with path.open("rb") as stream:
                return stream.read(_BEGINNING)
        except OSError:
            return b""

    def read_inside(self, folder: Path, name: str, *, most: int) -> bytes:
        """A file below a folder; raises FileError for a path or a link that leads out of it."""
        path = folder / name
        if Path(name).is_absolute() or ".." in Path(name).parts or "\\" in name:
            raise FileError(
                "outside", f"`{name}` leads out of the folder of this file; put what it names into that folder"
            )
        try:
            inside = path.resolve().is_relative_to(folder.resolve())
        except (OSError, RuntimeError) as error:
            raise FileError("unreadable", f"`{name}` cannot be followed: a loop of links") from error
        if not inside:
            raise FileError(
                "outside",
                f"`{name}` is a link that leads out of the folder; put a copy of the file there",
            )
        if not path.is_file():
            raise FileError("missing-file", f"there is no file {name} in the folder {folder}")
        return self.read(path, most=most)


def yaml_files(paths: Iterator[Path] | list[Path]) -> Iterator[Path]:
    """The files named, and the YAML files below the folders named, each once, in order; hidden ones left out."""
    seen: set[Path] = set()
    for path in paths:
        for found in _below(path) if path.is_dir() else [path]:
            if found not in seen:
                seen.add(found)
                yield found


def _below(folder: Path) -> list[Path]:
    found = (path for pattern in ("*.yaml", "*.yml") for path in folder.rglob(pattern))
    return sorted(path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts))
