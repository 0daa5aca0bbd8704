"""Pictures of a bank: their bytes, what they are and how large, checked before anything opens them."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

MediaType = Literal["image/png", "image/jpeg", "image/gif", "image/svg+xml"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A checked picture: its content-hash file name (`3f2a….png`), bytes, and natural size in CSS pixels (1/96 in)."""

    name: str
    media_type: MediaType
    width: float
    height: float
    data: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """The hash of the bytes, in hex."""
        return sha256(self.data).hexdigest()
