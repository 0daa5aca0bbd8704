"""The pictures that lie beside texts in Moodle XML: found by their addresses, checked, and given safe names."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from hashlib import sha256
from pathlib import PurePosixPath
from urllib.parse import unquote, unquote_to_bytes

from quizgen import picture
from quizgen.importers.html import FindPicture
from quizgen.importers.imported import ImportedFile
from quizgen.importers.moodle.xml import Element
from quizgen.importers.naming import slug
from quizgen.importers.text import UNPRINTABLE

_BESIDE = "@@PLUGINFILE@@/"
_ENDINGS = {b"\x89PNG": ".png", b"\xff\xd8\xff": ".jpg", b"GIF8": ".gif"}


class Pictures:
    """The pictures met so far, each with a path of its own below the bank's folder."""

    def __init__(self) -> None:
        self._files: dict[str, ImportedFile] = {}
        self._taken: set[str] = set()

    @property
    def files(self) -> tuple[ImportedFile, ...]:
        """All of them, in the order in which they were met."""
        return tuple(self._files.values())

    def beside(self, area: Element | None) -> FindPicture:
        """What finds a picture of a text: among the files beside it, or in the address itself.

        It raises PictureError when the picture cannot be printed.
        """
        files = {_path(file): file for file in area.all("file")} if area else {}

        def find(source: str) -> str | None:
            if source.startswith("data:"):
                return self._placed("picture", _data_of(source))
            if not source.startswith(_BESIDE):
                return None
            wanted = source.removeprefix(_BESIDE).partition("?")[0]
            file = files.get(unquote(wanted)) or files.get(wanted)
            return None if file is None else self._placed(PurePosixPath(_path(file)).name, _decoded(file.text))

        return find

    def _placed(self, name: str, data: bytes) -> str:
        digest = sha256(data).hexdigest()
        if digest not in self._files:
            ending = next((e for start, e in _ENDINGS.items() if data.startswith(start)), ".svg")
            stem = PurePosixPath(UNPRINTABLE.sub("", name)).stem
            picture.read(data, f"{stem}{ending}")
            self._files[digest] = ImportedFile(self._free(slug(stem) or "picture", ending), data)
        return self._files[digest].path

    def _free(self, stem: str, ending: str) -> str:
        path, number = f"images/{stem}{ending}", 1
        while path.casefold() in self._taken:
            number += 1
            path = f"images/{stem}-{number}{ending}"
        self._taken.add(path.casefold())
        return path


def _path(file: Element) -> str:
    return f"{file.attributes.get('path', '/')}{file.attributes.get('name', '')}".lstrip("/")


def _decoded(text: str) -> bytes:
    """The bytes; none where it is no base64, which no picture is."""
    try:
        return b64decode("".join(text.split()), validate=True)
    except (Base64Error, ValueError):
        return b""


def _data_of(source: str) -> bytes:
    head, _, data = source.partition(",")
    return _decoded(unquote(data)) if head.endswith(";base64") else unquote_to_bytes(data)
