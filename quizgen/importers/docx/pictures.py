"""The pictures of a Word file: those that can be printed come along as files, the others are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath, PurePosixPath

from quizgen import picture
from quizgen.importers.archive import Archive, Link
from quizgen.importers.imported import ImportedFile
from quizgen.importers.naming import slug
from quizgen.problems import ProblemsError, QuizgenError

MOST = 2_000
_LARGEST = 200_000_000  # bytes of all


class NoPictureError(QuizgenError):
    """Why a picture does not come along; the sentence goes on after `a picture`."""


@dataclass(slots=True)
class Pictures:
    """The pictures that a document has used so far, by the names of their parts."""

    archive: Archive
    links: Mapping[str, Link]
    files: dict[str, ImportedFile] = field(default_factory=dict)
    _left: int = _LARGEST

    def path(self, reference: str) -> str:
        """The path below the bank's folder that the picture with this reference gets.

        Raises NoPictureError when there is none that can be printed.
        """
        link = self.links.get(reference)
        if link is None:
            raise NoPictureError("is missing")
        if link.outside:
            raise NoPictureError("lies outside of the file and is not fetched; put it into the document")
        if link.target not in self.files:
            self.files[link.target] = self._file(link.target)
        return self.files[link.target].path

    def _file(self, part: str) -> ImportedFile:
        name = PurePosixPath(part).name
        if len(self.files) >= MOST or self._left <= 0:
            raise NoPictureError(f"({name}) is one too many; split the document")
        try:
            data = self.archive.read(part, picture.LARGEST)
            extension = PurePosixPath(picture.read(data, part).name).suffix
        except ProblemsError as error:
            raise NoPictureError(f"({name}) cannot be unpacked, or is too large") from error
        except picture.PictureError as error:
            raise NoPictureError(str(error).replace(part, f"({name})", 1)) from error
        self._left -= len(data)
        # Of two documents imported into one folder, both have an image1.png.
        document = slug(PurePath(self.archive.name).stem) or "word"
        return ImportedFile(f"images/{document}-{picture.read(data, part).sha256[:8]}{extension}", data)
