"""Objects in a store, by fsspec: what a build needs of any of them, and its errors in words without a secret."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from quizgen.problems import QuizgenError

T = TypeVar("T")

_PAUSES = (0.5, 2.0)  # seconds before a second and a third attempt
_STAMPS = ("LastModified", "updated", "last_modified", "mtime", "modified", "created")
LARGE = 8 << 20  # bytes from which on an object goes by itself, and not in one batch with others
_BATCH = 100  # objects that are read or removed at a time


@cache
def opened(url: str) -> Objects:
    """The objects below a URL, which may hold what is secret.

    Raises QuizgenError where fsspec, or what it needs for such a store, is not installed.
    """
    name = _plain(url)
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise QuizgenError(f"{name} needs fsspec: pip install 'quizgen[cluster]'") from error
    options = {"auto_mkdir": True} if url.startswith("file:") else {}
    try:
        system, root = url_to_fs(url, **options)
    except ImportError as error:
        raise QuizgenError(f"{name} needs a package that is not installed: {_without(url, str(error))}") from error
    except Exception as error:  # each kind of store has errors of its own
        raise QuizgenError(f"{name} cannot be used: {_without(url, str(error))}; say where to write with -o") from error
    return Objects(system, root.rstrip("/"), name, url)


def _plain(url: str) -> str:
    """A URL without users, passwords and what follows a question mark."""
    return re.sub(r"://[^/@]*@", "://", re.split(r"[?#]", url)[0])


def _without(url: str, text: str) -> str:
    """A text without the parts of a URL that may be secret, cut to what a line can hold."""
    secrets = {url.partition("?")[2], *re.findall(r"://([^/@]*)@", url)}
    secrets |= {part for one in secrets for part in re.split(r"[:&=?]", one)}
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "…") if len(secret) > 3 else text
    return _plain(text).split("\n", maxsplit=1)[0][:300]


@dataclass(frozen=True, repr=False)
class Objects:
    """The objects below a place; their names are relative to it."""

    system: Any
    root: str
    name: str
    url: str

    def put(self, contents: Mapping[str, bytes]) -> None:
        """Put objects where they belong, in place of what is there; see that they are there by their sizes."""
        data = {self._path(name): content for name, content in contents.items()}

        def put() -> None:
            self.system.pipe(data)
            self._see({path: len(content) for path, content in data.items()})

        self._patiently(put)

    def put_file(self, name: str, file: Path) -> None:
        """Put a file's content where an object belongs; see that it is there by its size."""

        def put() -> None:
            self.system.put_file(str(file), self._path(name))
            self._see({self._path(name): file.stat().st_size})

        self._patiently(put)

    def _see(self, sizes: Mapping[str, int]) -> None:
        found = self.system.sizes(list(sizes))
        if differing := [path for (path, size), has in zip(sizes.items(), found, strict=True) if size != has]:
            raise OSError(f"{differing[0]} is not what was written")

    def read(self, name: str) -> bytes:
        """An object's content."""
        return bytes(self._patiently(lambda: self.system.cat_file(self._path(name))))

    def find(self, name: str) -> bytes | None:
        """An object's content, None where there is none."""
        try:
            return bytes(self._patiently(lambda: self.system.cat_file(self._path(name)), FileNotFoundError))
        except FileNotFoundError:
            return None

    def has(self, name: str) -> bool:
        """Whether there is such an object."""
        return bool(self._patiently(lambda: self.system.exists(self._path(name))))

    def is_used(self) -> bool:
        """Whether anything is there."""
        return bool(self._found(maxdepth=1, withdirs=True))

    def names(self, folder: str = "") -> list[str]:
        """The names of all objects, or of those in a folder."""
        return sorted(map(self._name, self._found(folder)))

    def _found(self, folder: str = "", **options: Any) -> dict[str, Any]:
        """What is listed in a folder, or of all, by whole paths."""
        path = self._path(folder) if folder else self.root
        try:
            # A listing that a store's package remembers hides what other processes have put there since.
            self.system.invalidate_cache()
            return dict(self._patiently(lambda: self.system.find(path, detail=True, **options)))
        finally:
            self.system.invalidate_cache()

    def remove(self, names: Iterable[str]) -> None:
        """Remove objects; one that is gone already does no harm."""
        for batch in _batches([self._path(name) for name in names]):
            self._patiently(partial(self._remove, batch))

    def _remove(self, paths: list[str]) -> None:
        try:
            self.system.rm(paths)
        except FileNotFoundError:
            for path in paths:
                if self.system.exists(path):
                    self.system.rm_file(path)

    def differing(self, hashes: Mapping[str, str], sizes: Mapping[str, int]) -> Iterator[str]:
        """The names of objects without the contents of these hashes (SHA-256), read back; missing ones among them.

        By its size a large one is known before it is read, since many such would be more than memory holds.
        """
        large = [name for name in hashes if sizes.get(name, 0) >= LARGE]
        for name in large:
            if self._patiently(partial(self._hash, self._path(name))) != hashes[name]:
                yield name
        yield from self._differing({name: digest for name, digest in hashes.items() if name not in large})

    def _hash(self, path: str) -> str:
        try:
            with self.system.open(path, "rb") as stream:
                found = sha256()
                while chunk := stream.read(LARGE):
                    found.update(chunk)
                return found.hexdigest()
        except FileNotFoundError:
            return ""

    def _differing(self, hashes: Mapping[str, str]) -> Iterator[str]:
        for batch in _batches(list(hashes)):
            paths = {self._path(name): name for name in batch}
            found = self._patiently(partial(self._contents, list(paths)))
            for path, name in paths.items():
                content = found.get(path)
                if content is None or sha256(content).hexdigest() != hashes[name]:
                    yield name

    def _contents(self, paths: Sequence[str]) -> dict[str, bytes]:
        if len(paths) == 1:
            try:
                return {paths[0]: self.system.cat_file(paths[0])}
            except FileNotFoundError:
                return {}
        found = self.system.cat(list(paths), on_error="return")
        for content in found.values():
            if isinstance(content, Exception) and not isinstance(content, FileNotFoundError):
                raise content
        return {path: content for path, content in found.items() if isinstance(content, bytes)}

    def sizes(self) -> dict[str, int]:
        """How large all objects are, by their names."""
        found = self._found()
        return {self._name(path): about["size"] for path, about in found.items()}

    def changed(self, hashes: Mapping[str, str], since: str) -> Iterator[str]:
        """Those objects, of the ones that are there, which are younger than another and have other contents.

        Where a store does not tell when they were written, all are read.
        """
        found = self._found()
        stamps = {self._name(path): _stamp(about) for path, about in found.items()}
        limit = stamps.get(since)
        young = [name for name in hashes if name in stamps and (not limit or not stamps[name] or stamps[name] >= limit)]
        sizes = {self._name(path): about["size"] for path, about in found.items()}
        yield from self.differing({name: hashes[name] for name in young}, sizes)

    def _name(self, path: str) -> str:
        """The name of an object that a listing has; some stores' listings leave out the slash before a path."""
        return path.lstrip("/").removeprefix(f"{self.root.lstrip('/')}/")

    def _path(self, name: str) -> str:
        return f"{self.root}/{name}"

    def _patiently(self, call: Callable[[], T], *expected: type[Exception]) -> T:
        """What a call gives, with further attempts where a store is out of reach for a moment."""
        for pause in (*_PAUSES, None):
            try:
                return call()
            except expected:
                raise
            except Exception as error:  # each kind of store has errors of its own
                if pause is None or isinstance(error, (FileNotFoundError, PermissionError)):
                    raise self._in_words(error) from error
                time.sleep(pause)
        raise AssertionError

    def _in_words(self, error: Exception) -> QuizgenError:
        said = _without(self.url, f"{type(error).__name__}: {error}")
        return QuizgenError(f"{self.name} cannot be written or read: {said}; say where to write with -o")


def _batches(items: list[T]) -> Iterator[list[T]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))


def _stamp(about: Mapping[str, Any]) -> str:
    """When an object was written, in a form that can be compared within one store; "" where that is not told."""
    for key in _STAMPS:
        match about.get(key):
            case datetime() as moment:
                return f"{moment.timestamp():020.6f}"
            case int() | float() as seconds:
                return f"{seconds:020.6f}"
            case str() as text:
                return text
    return ""
