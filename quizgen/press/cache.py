"""A cache on disk: what was laid out once, by the hash of all that it was made of."""

from __future__ import annotations

import json
import os
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from hashlib import blake2b
from itertools import count
from pathlib import Path
from typing import Any

_HEAD = b"quizgen cache 1\n"
_DIGEST = 16  # bytes
_EFFORT = 1  # of packing
_OLDEST = 30 * 24 * 3600  # seconds since an entry was last used
_LARGEST = 500_000_000  # bytes of all entries
_FRESH = 24 * 3600  # seconds within which a use need not be noted again
_ORPHANED = 3600  # seconds after which a file that is being written belongs to nobody

_numbers = count()


def key(*parts: object) -> str:
    """The name of an entry: a hash of all that it is made of."""
    found = blake2b(digest_size=_DIGEST)
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode(errors="surrogatepass")
        found.update(b"%d:" % len(data))
        found.update(data)
    return found.hexdigest()


@dataclass(frozen=True, slots=True)
class Cache:
    """Entries in a folder, or nowhere; several processes may read and write it at once.

    An entry is written under another name and then given its own, so that nobody sees half of one. What is damaged or
    foreign is taken for missing, and a folder that cannot be written for one that has nothing.
    """

    folder: Path | None = None

    def __contains__(self, name: str) -> bool:
        return self.folder is not None and (self.folder / name[:2] / name).is_file()

    def get(self, name: str) -> bytes | None:
        """An entry's data; None where there is none that is whole."""
        if self.folder is None:
            return None
        path = self.folder / name[:2] / name
        try:
            data = path.read_bytes()
            if time.time() - path.stat().st_mtime > _FRESH:
                os.utime(path)
        except OSError:
            return None
        digest, packed = data[len(_HEAD) : len(_HEAD) + _DIGEST], data[len(_HEAD) + _DIGEST :]
        if not data.startswith(_HEAD) or digest != _digest(name, packed):
            with suppress(OSError):
                path.unlink()
            return None
        try:
            return zlib.decompress(packed)
        except zlib.error:
            return None

    def put(self, name: str, data: bytes) -> None:
        """Keep an entry, if the folder takes it."""
        if self.folder is None:
            return
        path, packed = self.folder / name[:2] / name, zlib.compress(data, _EFFORT)
        own = path.with_name(f"{name}.{os.getpid()}-{next(_numbers)}.new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            own.write_bytes(_HEAD + _digest(name, packed) + packed)
            own.replace(path)
        except OSError:
            with suppress(OSError):
                own.unlink()

    def takes(self) -> bool:
        """Whether it keeps what it is given."""
        name = key("probe", os.getpid())
        self.put(name, b"probe")
        kept = self.get(name) == b"probe"
        if kept and self.folder is not None:
            with suppress(OSError):
                (self.folder / name[:2] / name).unlink()
        return kept

    def tidy(self) -> None:
        """Drop what was not used for long, and what is beyond the size, the longest unused first; once a day."""
        if self.folder is None or not self._is_untidy():
            return
        now = time.time()
        room = _LARGEST
        for used, size, path in sorted(_entries(self.folder), reverse=True):
            room -= size
            lasts = _ORPHANED if path.suffix == ".new" else _OLDEST
            if room < 0 or now - used > lasts:
                with suppress(OSError):
                    path.unlink()

    def _is_untidy(self) -> bool:
        mark = Path(self.folder or "") / "tidied"
        try:
            if mark.exists() and time.time() - mark.stat().st_mtime < _FRESH:
                return False
            mark.touch()
        except OSError:
            return False
        return True


def _digest(name: str, packed: bytes) -> bytes:
    return blake2b(name.encode() + packed, digest_size=_DIGEST).digest()


def _entries(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """When each entry was used last, its size, its path; nothing of what else may lie in the folder."""
    with suppress(OSError):
        for path in folder.glob("[0-9a-f][0-9a-f]/*"):
            with suppress(OSError):
                status = path.stat()
                yield status.st_mtime, status.st_size, path


class Form:
    """How values of some dataclasses are written down: as JSON, which can hold nothing that runs."""

    def __init__(self, *classes: type) -> None:
        self._classes = classes
        self._fields = [tuple(one.name for one in fields(each) if one.init) for each in classes]
        self._numbers = {each: number for number, each in enumerate(classes)}

    @property
    def shape(self) -> str:
        """What tells this form from one of other classes, or of the same in another version."""
        return repr([(each.__qualname__, names) for each, names in zip(self._classes, self._fields, strict=True)])

    def written(self, value: object) -> bytes:
        """The value as bytes; equal values give equal ones."""
        return json.dumps(self._down(value), ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass")

    def read(self, data: bytes | None) -> Any:
        """The value; None where the bytes do not hold one of this form."""
        if data is None:
            return None
        try:
            return self._up(json.loads(data.decode(errors="surrogatepass")))
        except (ValueError, TypeError, LookupError, RecursionError):
            return None

    def _down(self, value: object) -> object:
        match value:
            case None | bool() | int() | float() | str():
                return value
            case bytes():
                return ["b", value.decode("latin-1")]
            case tuple() | list():
                return ["t", *map(self._down, value)]
            case frozenset():
                return ["s", *map(self._down, sorted(value))]
            case Mapping():
                return ["m", *(self._down(part) for pair in value.items() for part in pair)]
            case _ if is_dataclass(value):
                number = self._numbers[type(value)]
                return [number, *(self._down(getattr(value, name)) for name in self._fields[number])]
            case _:
                raise TypeError(type(value))

    def _up(self, value: Any) -> Any:
        if not isinstance(value, list):
            if isinstance(value, dict):
                raise TypeError(value)
            return value
        kind = value[0]
        if kind == "b":
            return value[1].encode("latin-1")
        parts = list(map(self._up, value[1:]))
        if kind == "t":
            return tuple(parts)
        if kind == "s":
            return frozenset(parts)
        if kind == "m":
            return dict(_pairs(parts))
        return self._classes[kind](**dict(zip(self._fields[kind], parts, strict=True)))


def _pairs(parts: list[Any]) -> Iterable[tuple[Any, Any]]:
    return zip(parts[::2], parts[1::2], strict=True)
