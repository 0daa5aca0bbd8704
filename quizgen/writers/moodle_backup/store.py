"""The numbers and files of an archive, handed out and gathered while its documents are made."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from hashlib import sha1
from itertools import count
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from quizgen.writers.moodle_backup.nodes import DATE, node

if TYPE_CHECKING:
    from collections.abc import Iterable
    from xml.etree.ElementTree import Element

    from quizgen.picture import Picture

_MEDIA_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".gif": "image/gif", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Area:
    """Where Moodle looks for the files of a text: a context, a component, one of its areas, and an item there."""

    context: int
    component: str
    name: str
    item: int = 0


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of the archive, known by its contents."""

    number: int
    area: Area
    name: str
    data: bytes

    @property
    def digest(self) -> str:
        """The name of its contents in Moodle's pool of files."""
        return sha1(self.data, usedforsecurity=False).hexdigest()

    @property
    def path(self) -> str:
        """Where its contents lie in the archive."""
        return f"files/{self.digest[:2]}/{self.digest}"

    def node(self) -> Element:
        """Its entry in files.xml."""
        return node(
            "file",
            id_=self.number,
            contenthash=self.digest,
            contextid=self.area.context,
            component=self.area.component,
            filearea=self.area.name,
            itemid=self.area.item,
            filepath="/",
            filename=self.name,
            userid=None,
            filesize=len(self.data),
            mimetype=_MEDIA_TYPES.get(PurePosixPath(self.name).suffix),
            status=0,
            timecreated=DATE,
            timemodified=DATE,
            source=None,
            author=None,
            license=None,
            sortorder=0,
            repositorytype=None,
            repositoryid=None,
            reference=None,
        )


class Store:
    """What an archive's documents share: one row of numbers, so that none means two things, and one pool of files."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self.files: list[Stored] = []

    def number(self) -> int:
        """A number that nothing else in the archive has."""
        return next(self._numbers)

    def put(self, pictures: Iterable[Picture], area: Area) -> None:
        """Keep the pictures of a text."""
        for picture in dict.fromkeys(pictures):
            self._keep(picture.name, picture.data, area)

    def text(self, holder: Element | None, area: Area) -> str:
        """The text of an element of Moodle XML, whose files are kept."""
        if holder is None:
            return ""
        for file in holder.findall("file"):
            self._keep(file.get("name", ""), b64decode(file.text or ""), area)
        return holder.findtext("text") or ""

    def _keep(self, name: str, data: bytes, area: Area) -> None:
        self.files.append(Stored(self.number(), area, name, data))
