"""Writing whole or not at all: files gather in a hidden folder, which then changes places with the former output."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

from quizgen.build.report import Written
from quizgen.problems import QuizgenError
from quizgen.writers import OutputFile

_STALE_SECONDS = 24 * 3600
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


@contextmanager
def staged(target: Path, prepare: Callable[[Path], None] | None = None) -> Iterator[Path]:
    """A new folder beside the target that takes its place when the block ends well, and vanishes when it does not.

    `prepare` is called with it at the last moment, while no other build can exchange the target.
    Raises QuizgenError where nothing can be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target)
        stage = Path(mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        stage.chmod(0o755)
    except OSError as error:
        raise _unwritable(target.parent, error) from error
    try:
        yield stage
        with locked(target.parent):
            if prepare:
                prepare(stage)
            _exchange(stage, target)
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keeps other builds from exchanging anything in a folder; where the system has no such locks, trusts to luck."""
    if sys.platform == "win32" or not folder.is_dir():
        yield
        return
    import fcntl

    # The folder itself is locked, so that no lock file is left behind.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def write(stage: Path, file: OutputFile) -> Written:
    """Write a file below the stage; raises QuizgenError when the disk is full or read-only."""
    path = stage / file.path
    digest, size = sha256(), 0
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            for chunk in file.chunks:
                digest.update(chunk)
                size += stream.write(chunk)
    except OSError as error:
        raise _unwritable(path, error) from error
    return Written(file.path.as_posix(), digest.hexdigest(), size)


def _unwritable(path: Path, error: OSError) -> QuizgenError:
    if error.errno == errno.ENOSPC:
        return QuizgenError(f"the disk is full; nothing in {path.parent} was changed")
    return QuizgenError(f"{path} cannot be written: {error.strerror or error}; choose another folder with -o")


def _sweep(target: Path) -> None:
    """Remove what builds that were killed left behind, a day later: a younger one may be at work."""
    for stale in target.parent.glob(f".{target.name}.*"):
        with suppress(OSError):
            if time.time() - stale.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(stale, ignore_errors=True)


def _exchange(stage: Path, target: Path) -> None:
    """Put the stage where the target is, and the former target where the stage was."""
    if not target.exists():
        stage.rename(target)
        return
    if _exchanged_at_once(stage, target):
        return
    # Elsewhere than on Linux there is a moment between two renames in which the old output stands aside.
    aside = stage.with_name(stage.name + ".old")
    target.rename(aside)
    stage.rename(target)
    shutil.rmtree(aside, ignore_errors=True)


def _exchanged_at_once(stage: Path, target: Path) -> bool:
    if sys.platform != "linux":
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(
        rename(_AT_FDCWD, os.fsencode(stage), _AT_FDCWD, os.fsencode(target), ctypes.c_uint(_RENAME_EXCHANGE)) == 0
    )
