"""Writing whole or not at all: files gather in a hidden folder, which then changes places with the former output."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from quizgen.build.stage import UNFINISHED, FolderStage, unwritable

_STALE_SECONDS = 24 * 3600
_FINGERPRINT = ".build"
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


@contextmanager
def staged(target: Path, prepare: Callable[[Path], None] | None = None, fingerprint: str = "") -> Iterator[FolderStage]:
    """A stage beside the target that takes its place when the block ends well, and vanishes when it does not.

    With a fingerprint, which says what is built, the stage stays when pieces of it are finished, and is there again
    for who builds the same. `prepare` is called with its folder at the last moment, while no other build can exchange
    the target. Raises QuizgenError where nothing can be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target)
        place = (_unfinished(target, fingerprint) if fingerprint else None) or _new(target)
    except OSError as error:
        raise unwritable(target.parent, error) from error
    stage = FolderStage(place.folder)
    folder = place.folder
    stays = False
    try:
        try:
            yield stage
        except BaseException:
            stays = place.lock is not None and stage.has_receipts
            raise
        with locked(target.parent):
            if prepare:
                prepare(folder)
            stage.forget()
            folder = _renamed(folder, target)
            _exchange(folder, target)
    except OSError as error:
        raise unwritable(target, error) from error
    finally:
        if not stays:
            shutil.rmtree(folder, ignore_errors=True)
        if place.lock is not None:
            os.close(place.lock)


def unfinished(target: Path) -> Path:
    """Where what is finished of a build that was stopped waits for the next one."""
    return target.with_name(f".{target.name}.{UNFINISHED}")


@dataclass(frozen=True, slots=True)
class _Place:
    """A stage's folder; the lock (a descriptor) where it is one that outlives a build that is stopped."""

    folder: Path
    lock: int | None = None


def _new(target: Path) -> _Place:
    folder = Path(mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    folder.chmod(0o755)
    return _Place(folder)


def _unfinished(target: Path, fingerprint: str) -> _Place | None:
    """The folder in which to go on, emptied unless the same was built there; None where another build is at it."""
    if sys.platform == "win32":
        return None
    import fcntl

    path = unfinished(target)
    with locked(target.parent):
        if path.is_symlink() or path.is_file():
            path.unlink()
        path.mkdir(exist_ok=True)
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _make_ready(path, fingerprint)
        except BlockingIOError:
            os.close(descriptor)
            return None
        except BaseException:
            os.close(descriptor)
            raise
    return _Place(path, descriptor)


def _make_ready(folder: Path, fingerprint: str) -> None:
    note = folder / _FINGERPRINT
    # A link could lead what is written out of the project.
    if note.is_file() and note.read_text(encoding="ascii", errors="replace") == fingerprint and not _has_links(folder):
        return
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    note.write_text(fingerprint, encoding="ascii")


def _has_links(folder: Path) -> bool:
    for parent, folders, files in os.walk(folder):
        if any(Path(parent, name).is_symlink() for name in (*folders, *files)):
            return True
    return False


def _renamed(folder: Path, target: Path) -> Path:
    """The finished folder by a name that no other build goes on in."""
    (folder / _FINGERPRINT).unlink(missing_ok=True)
    if folder != unfinished(target):
        return folder
    free = Path(mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    return folder.replace(free)


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


def _sweep(target: Path) -> None:
    """Remove what builds that were killed left behind, a day later: a younger one may be at work."""
    for stale in target.parent.glob(f".{target.name}.*"):
        with suppress(OSError):
            if stale != unfinished(target) and time.time() - stale.stat().st_mtime > _STALE_SECONDS:
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
