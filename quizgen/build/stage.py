"""The stage: where the files of a build gather, with a receipt of each finished piece."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path, PurePosixPath
from tempfile import mkstemp
from typing import BinaryIO, Protocol

from quizgen.build.receipts import Receipt, packed, unpacked
from quizgen.build.report import Written
from quizgen.problems import QuizgenError
from quizgen.writers import OutputFile

RECEIPTS = ".receipts"
UNFINISHED = "unfinished"  # how the name of a folder ends that waits for the next build
_MARK = ".shared"


class Stage(Protocol):
    """What workers write to; it can travel to other processes."""

    @property
    def waiting(self) -> str:
        """Where what is finished waits for the next build of the same, should this one stop; "" if it does not."""
        ...

    def trouble(self) -> str:
        """Why this process cannot write there, in words; "" where it can."""
        ...

    def begin(self) -> None:
        """Be told that the first file is about to be written."""
        ...

    def write(self, file: OutputFile) -> Written:
        """Write a file, whole or not at all; raises QuizgenError when it cannot be written."""
        ...

    def make(self, path: PurePosixPath, fill: Callable[[BinaryIO], None]) -> Written:
        """Write a file by what may read and seek in it, too."""
        ...

    def conclude(self, file: OutputFile) -> Written:
        """Write the last file, by which the build is whole."""
        ...

    def has(self, path: str) -> bool:
        """Whether there is such a file of a finished piece."""
        ...

    def opened(self, path: str) -> Path | BinaryIO:
        """A file as libraries take it."""
        ...

    def keep(self, key: str, receipt: Receipt) -> None:
        """Keep the receipt of a finished piece; raises QuizgenError when it cannot be written."""
        ...

    def receipt(self, key: str) -> Receipt | None:
        """The receipt of a piece, None where it is not finished."""
        ...

    def is_finished(self, key: str) -> bool:
        """Whether a piece is finished, and each of its files is as it was left."""
        ...


@dataclass(frozen=True, slots=True)
class FolderStage:
    """A stage that is a folder. A mark lies in one that several machines share, so that each can tell that it does.

    There a piece may be made by two at once, when one was thought to be lost; so files get their names when whole.
    """

    folder: Path
    mark: str = ""

    def shared(self, mark: str) -> FolderStage:
        """The stage as one that other machines write to as well."""
        folder = self.folder / RECEIPTS
        try:
            folder.mkdir(exist_ok=True)
            (folder / _MARK).write_text(mark, encoding="ascii")
        except OSError as error:
            raise unwritable(folder, error) from error
        return FolderStage(self.folder, mark)

    @property
    def waiting(self) -> str:
        """Where what is finished waits for the next build of the same, should this one be stopped."""
        return str(self.folder) if self.folder.name.endswith(f".{UNFINISHED}") else ""

    def trouble(self) -> str:
        """Why this process cannot write there, in words; "" where it can."""
        try:
            if not self.mark or (self.folder / RECEIPTS / _MARK).read_text(encoding="ascii") == self.mark:
                return ""
        except (OSError, ValueError):
            pass
        return f"it does not see {self.folder} as the machine does that builds; choose a folder that all share with -o"

    def begin(self) -> None:
        """Nothing: the former output stays until this one is whole."""

    def write(self, file: OutputFile) -> Written:
        """Write a file, whole or not at all; raises QuizgenError when it cannot be written."""
        digest, size = sha256(), 0
        with self._place(file.path) as place, place.open("wb") as stream:
            for chunk in file.chunks:
                digest.update(chunk)
                size += stream.write(chunk)
        return Written(file.path.as_posix(), digest.hexdigest(), size)

    def make(self, path: PurePosixPath, fill: Callable[[BinaryIO], None]) -> Written:
        """Write a file by what may read and seek in it, too."""
        with self._place(path) as place, place.open("w+b") as stream:
            fill(stream)
            size = stream.seek(0, os.SEEK_END)
            stream.seek(0)
            return Written(path.as_posix(), file_digest(stream, "sha256").hexdigest(), size)

    @contextmanager
    def _place(self, path: PurePosixPath) -> Iterator[Path]:
        """Where a file is to be written; raises QuizgenError when it cannot be."""
        place = self.folder / path
        if trouble := self.trouble():  # the build that this belonged to has ended
            raise QuizgenError(trouble)
        try:
            if not place.parent.is_dir():
                place.parent.mkdir(parents=True, exist_ok=True)
            if not self.mark:
                yield place
                return
            descriptor, name = mkstemp(dir=self.folder / RECEIPTS, prefix=".")
            os.close(descriptor)
            yield Path(name)
            Path(name).chmod(0o644)
            Path(name).replace(place)
        except OSError as error:
            raise unwritable(place, error) from error

    def conclude(self, file: OutputFile) -> Written:
        """Write the last file."""
        return self.write(file)

    def has(self, path: str) -> bool:
        """Whether there is such a file."""
        return (self.folder / path).is_file()

    def opened(self, path: str) -> Path:
        """A file as libraries take it."""
        return self.folder / path

    def keep(self, key: str, receipt: Receipt) -> None:
        """Keep the receipt of a finished piece; raises QuizgenError when it cannot be written."""
        folder = self.folder / RECEIPTS
        try:
            folder.mkdir(exist_ok=True)
            descriptor, name = mkstemp(dir=folder, prefix=".")
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(packed(receipt))
            Path(name).replace(folder / key)
        except OSError as error:
            raise unwritable(folder, error) from error

    def receipt(self, key: str) -> Receipt | None:
        """The receipt of a piece, None where it is not finished."""
        try:
            return unpacked((self.folder / RECEIPTS / key).read_bytes())
        except (OSError, ValueError):
            return None

    def is_finished(self, key: str) -> bool:
        """Whether a piece is finished, and each of its files is as it was left."""
        receipt = self.receipt(key)
        return receipt is not None and all(self._is(file) for file in receipt.files)

    def _is(self, file: Written) -> bool:
        path = PurePosixPath(file.path)
        if path.is_absolute() or ".." in path.parts:
            return False
        try:
            with (self.folder / path).open("rb") as stream:
                return os.fstat(stream.fileno()).st_size == file.size and (
                    file_digest(stream, "sha256").hexdigest() == file.sha256
                )
        except OSError:
            return False

    @property
    def has_receipts(self) -> bool:
        """Whether any piece is finished."""
        folder = self.folder / RECEIPTS
        return folder.is_dir() and any(not path.name.startswith(".") for path in folder.iterdir())

    def forget(self) -> None:
        """Remove the receipts: what gathered here is complete."""
        shutil.rmtree(self.folder / RECEIPTS, ignore_errors=True)


def unwritable(path: Path, error: OSError) -> QuizgenError:
    """What a user is told of a file or folder that cannot be written."""
    if error.errno == errno.ENOSPC:
        return QuizgenError("the disk is full; the former output is as it was")
    return QuizgenError(f"{path} cannot be written: {error.strerror or error}; choose another folder with -o")
