"""Pictures of a bank: their bytes, what they are and how large, checked before anything opens them."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

from quizgen.problems import QuizgenError

MediaType = Literal["image/png", "image/jpeg", "image/gif", "image/svg+xml"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A checked picture: its content-hash file name (`3f2a….png`), its bytes, and its natural size.

    `width` and `height` are in CSS pixels, 96 to the inch.
    """

    name: str
    media_type: MediaType
    width: float
    height: float
    data: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """The hash of the bytes, in hex."""
        return sha256(self.data).hexdigest()


class PictureError(QuizgenError):
    """A picture that cannot be printed, and why."""


def read(data: bytes, path: str) -> Picture:
    """The picture in a file's bytes; `path` is for messages and the extension.

    Raises PictureError when it is no picture, too large, or does more than to be looked at.
    """
    raise NotImplementedError(data, path)


def raster(picture: Picture, width_px: int) -> bytes:
    """An SVG picture as PNG bytes of the given width."""
    raise NotImplementedError(picture, width_px)
