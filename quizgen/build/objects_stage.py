"""The stage in an object store: files are put in their places at once, and the manifest last of all.

There nothing can be exchanged at one stroke. So a former build's manifest goes before the first of its files does, and
the new one comes when all else is there and what the new build has not made is removed: a place that has a manifest
holds a whole build. Until then the receipts tell what is there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import file_digest, sha256
from io import BytesIO
from pathlib import Path, PurePosixPath
from secrets import token_hex
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile, TemporaryDirectory, TemporaryFile
from typing import IO, Any, BinaryIO

from quizgen.build.manifest import NAME, manifest_in
from quizgen.build.objects import LARGE, Objects, opened
from quizgen.build.receipts import Receipt, packed, unpacked
from quizgen.build.report import Written
from quizgen.build.stage import RECEIPTS
from quizgen.problems import QuizgenError
from quizgen.writers import OutputFile

_BUILD, _FORMER = f"{RECEIPTS}/.build", f"{RECEIPTS}/.former"
_BATCH = 64  # files that are put at a time


@dataclass(frozen=True, slots=True)
class ObjectPlace:
    """A build's place in an object store, by its URL, which may hold what is secret."""

    secret_url: str
    folder: Path = Path()

    @classmethod
    def below(cls, url: str, name: str) -> ObjectPlace:
        """The place of a build of that name."""
        head, mark, query = url.partition("?")
        return cls(f"{head.rstrip('/')}/{name}{mark}{query}")

    def __repr__(self) -> str:
        return f"ObjectPlace({self.url!r})"

    @property
    def url(self) -> str:
        """The URL without anything secret."""
        return opened(self.secret_url).name

    @contextmanager
    def staged(self, fingerprint: str, *, force: bool) -> Iterator[ObjectStage]:
        """The stage of a build; what is finished stays there when the block does not end well.

        Raises QuizgenError where a user has changed what was built, unless forced, or where something else lies.
        """
        objects = opened(self.secret_url)
        former = _former(objects, force=force)
        stage = ObjectStage(self.secret_url, token_hex(16))
        if _read(objects, _BUILD).get("fingerprint") != fingerprint:
            former |= _forget_pieces(objects)
        objects.put(
            {
                _FORMER: json.dumps({"files": sorted(former)}).encode(),
                _BUILD: json.dumps({"fingerprint": fingerprint, "token": stage.token}).encode(),
            }
        )
        try:
            yield stage
        except BaseException:
            if not _keys(objects) and (objects.has(NAME) or not former):  # nothing has been replaced, or is waiting
                objects.remove(objects.names(RECEIPTS))
            raise
        objects.remove(objects.names(RECEIPTS))


def _former(objects: Objects, *, force: bool) -> set[str]:
    """The files that former builds have left."""
    left = set(map(str, _read(objects, _FORMER).get("files", ())))
    if not objects.has(NAME):
        if not objects.has(_BUILD) and objects.is_used():
            raise QuizgenError(f"{objects.name} was not made by quizgen; choose another place with -o, or move it away")
        return left
    outputs: dict[str, str] = manifest_in(objects.read(NAME), f"{objects.name}/{NAME}")["outputs"]
    changed = [] if force else list(objects.changed(outputs, since=NAME))
    if changed:
        listed = "\n".join(f"  {objects.name}/{name}" for name in changed[:20])
        raise QuizgenError(
            f"changed since they were built:\n{listed}\nmove them out of {objects.name} to keep them, "
            "or build with --force"
        )
    return left | outputs.keys()


def _forget_pieces(objects: Objects) -> set[str]:
    """Remove the receipts of another build that was stopped; the files that they name."""
    keys = _keys(objects)
    found = {file.path for key in keys if (receipt := _receipt(objects, key)) for file in receipt.files}
    objects.remove(f"{RECEIPTS}/{key}" for key in keys)
    return found


def _keys(objects: Objects) -> list[str]:
    """The keys of all finished pieces."""
    names = (name.removeprefix(f"{RECEIPTS}/") for name in objects.names(RECEIPTS))
    return [name for name in names if not name.startswith(".")]


def _receipt(objects: Objects, key: str) -> Receipt | None:
    try:
        found = objects.find(f"{RECEIPTS}/{key}")
        return None if found is None else unpacked(found)
    except ValueError:
        return None


def _read(objects: Objects, name: str) -> dict[str, Any]:
    """A note of ours; empty where there is none that can be read."""
    with suppress(ValueError):
        found = json.loads(objects.find(name) or b"{}")
        if isinstance(found, dict):
            return found
    return {}


class ObjectStage:
    """A stage in an object store. What is written gathers until it is a batch, or its piece is finished."""

    def __init__(self, secret_url: str, token: str) -> None:
        self._secret_url = secret_url
        self.token = token
        self._gathered: dict[str, bytes] = {}
        self._has: set[str] | None = None

    def __reduce__(self) -> tuple[type[ObjectStage], tuple[str, str]]:
        return ObjectStage, (self._secret_url, self.token)

    @cached_property
    def _objects(self) -> Objects:
        return opened(self._secret_url)

    @property
    def waiting(self) -> str:
        """Where what is finished waits for the next build of the same, should this one be stopped."""
        return self._objects.name

    def trouble(self) -> str:
        """Why this process cannot write there, in words; "" where it can."""
        try:
            token = _read(self._objects, _BUILD).get("token")
        except QuizgenError as error:
            return str(error)
        if token == self.token:
            return ""
        return f"{self._objects.name} is not there as for the machine that builds, or another build writes to it"

    def begin(self) -> None:
        """Remove the former build's manifest: what it tells of is about to be replaced."""
        self._objects.remove([NAME])

    def write(self, file: OutputFile) -> Written:
        """Write a file; it is there when the receipt of its piece is."""
        name, digest, size = file.path.as_posix(), sha256(), 0
        with SpooledTemporaryFile(max_size=LARGE) as stream:
            for chunk in file.chunks:
                digest.update(chunk)
                size += stream.write(chunk)
            stream.seek(0)
            self._put(name, stream, size)
        return Written(name, digest.hexdigest(), size)

    def make(self, path: PurePosixPath, fill: Callable[[BinaryIO], None]) -> Written:
        """Write a file by what may read and seek in it, too."""
        with TemporaryFile() as stream:
            fill(stream)
            size = stream.seek(0, os.SEEK_END)
            stream.seek(0)
            digest = file_digest(stream, "sha256").hexdigest()
            stream.seek(0)
            self._put(path.as_posix(), stream, size)
        return Written(path.as_posix(), digest, size)

    def _put(self, name: str, stream: IO[bytes], size: int) -> None:
        if size < LARGE:
            self._gathered[name] = stream.read()
        else:
            with TemporaryDirectory() as folder:
                file = Path(folder, "object")
                with file.open("wb") as copy:
                    copyfileobj(stream, copy)
                self._check()
                self._objects.put_file(name, file)
        if len(self._gathered) >= _BATCH or sum(map(len, self._gathered.values())) >= LARGE:
            self._flush()

    def _flush(self) -> None:
        if self._gathered:
            self._check()
            self._objects.put(self._gathered)
            self._gathered.clear()

    def _check(self) -> None:
        if trouble := self.trouble():  # the build that this belonged to has ended
            raise QuizgenError(trouble)

    def conclude(self, file: OutputFile) -> Written:
        """Remove what former builds have left and this one has not made, and write the manifest."""
        left = set(_read(self._objects, _FORMER).get("files", ()))
        for receipt in self._receipts() if left else ():
            left.difference_update(file.path for file in receipt.files)
        self._objects.remove(sorted(filter(is_below, left)))
        written = self.write(file)
        self._flush()
        return written

    def has(self, path: str) -> bool:
        """Whether there is such a file of a finished piece."""
        if self._has is None:
            files = (file.path for receipt in self._receipts() for file in receipt.files)
            self._has = {path for path in files if path.startswith("student/") and path.endswith(".pdf")}
        return path in self._has

    def _receipts(self) -> Iterator[Receipt]:
        return (found for key in _keys(self._objects) if (found := self.receipt(key)))

    def opened(self, path: str) -> BinaryIO:
        """A file as libraries take it."""
        return BytesIO(self._objects.read(path))

    def keep(self, key: str, receipt: Receipt) -> None:
        """Keep the receipt of a finished piece, once its files are there."""
        self._flush()
        self._objects.put({f"{RECEIPTS}/{key}": packed(receipt)})

    def receipt(self, key: str) -> Receipt | None:
        """The receipt of a piece, None where it is not finished."""
        return _receipt(self._objects, key)

    def is_finished(self, key: str) -> bool:
        """Whether a piece is finished, and each of its files, read back, is as it was left."""
        self._gathered.clear()  # of a piece that failed
        receipt = self.receipt(key)
        if receipt is None:
            return False
        hashes = {file.path: file.sha256 for file in receipt.files}
        return not any(self._objects.differing(hashes, {file.path: file.size for file in receipt.files}))


def is_below(name: str) -> bool:
    """Whether a name from the store is that of a file below a build's place."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and path.parts[:1] not in ((), (RECEIPTS,))
