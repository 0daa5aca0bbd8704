"""The stage: where the files of a build gather, with a receipt of each finished piece."""

from __future__ import annotations

import errno
import os
import shutil
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path, PurePosixPath
from tempfile import mkstemp
from typing import Protocol

from quizgen.build.receipts import Receipt, packed, unpacked
from quizgen.build.report import Written
from quizgen.problems import QuizgenError
from quizgen.writers import OutputFile

RECEIPTS = ".receipts"


class Stage(Protocol):
    """What workers write to; it can travel to other processes."""

    def write(self, file: OutputFile) -> Written:
        """Write a file, whole or not at all; raises QuizgenError when it cannot be written."""
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
    """A stage that is a folder, or one that several machines share."""

    folder: Path

    def write(self, file: OutputFile) -> Written:
        """Write a file, whole or not at all; raises QuizgenError when it cannot be written."""
        path = self.folder / file.path
        digest, size = sha256(), 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as stream:
                for chunk in file.chunks:
                    digest.update(chunk)
                    size += stream.write(chunk)
        except OSError as error:
            raise unwritable(path, error) from error
        return Written(file.path.as_posix(), digest.hexdigest(), size)

    def keep(self, key: str, receipt: Receipt) -> None:
        """Keep the receipt of a finished piece; raises QuizgenError when it cannot be written."""
        folder = self.folder / RECEIPTS
        try:
            folder.mkdir(exist_ok=True)
            descriptor, name = mkstemp(dir=folder)
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
        return folder.is_dir() and any(folder.iterdir())

    def forget(self) -> None:
        """Remove the receipts: what gathered here is complete."""
        shutil.rmtree(self.folder / RECEIPTS, ignore_errors=True)


def unwritable(path: Path, error: OSError) -> QuizgenError:
    """What a user is told of a file or folder that cannot be written."""
    if error.errno == errno.ENOSPC:
        return QuizgenError("the disk is full; the former output is as it was")
    return QuizgenError(f"{path} cannot be written: {error.strerror or error}; choose another folder with -o")
