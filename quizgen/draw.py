"""The only randomness: orderings by a hash of a key, so that one item's place never depends on another's.

An item's rank is BLAKE2b over the key and the item's own identity. Adding, removing or editing one item
moves no other, and no version of Python can change a paper that was printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")

# No id, variant name or purpose may hold it: ("a", "bc") and ("ab", "c") are different keys.
_SEPARATOR = "\x1f"


def rank(*key: str | int) -> int:
    """A 64-bit number that looks random and depends on nothing but the key."""
    return int.from_bytes(blake2b(_SEPARATOR.join(map(str, key)).encode(), digest_size=8).digest(), "big")


def joined(*parts: str) -> str:
    """What an identity is called under a shorter key: `b` by a key that ends with `a` is `joined(a, b)` without it."""
    return _SEPARATOR.join(parts)


class Draw:
    """A key to draw by, or one that longer keys begin with: it is hashed once, however many identities it ranks."""

    __slots__ = ("_begun",)

    def __init__(self, *key: str | int, begun: blake2b | None = None) -> None:
        self._begun = begun.copy() if begun else blake2b(digest_size=8)
        self._begun.update("".join([f"{part}{_SEPARATOR}" for part in key]).encode())

    def of(self, *key: str | int) -> Draw:
        """What draws by the key that goes on so."""
        return Draw(*key, begun=self._begun)

    def ranks(self, identities: Iterable[str]) -> list[bytes]:
        """The rank of each identity, as bytes that sort as the numbers of `rank` do."""
        found, begun = [], self._begun.copy
        for identity in identities:
            hashed = begun()
            hashed.update(identity.encode())
            found.append(hashed.digest())
        return found

    def shuffled(self, items: Iterable[str]) -> tuple[str, ...]:
        """The items in the order of their ranks; they must differ from one another."""
        items = tuple(items)
        return tuple([item for _, item in sorted(zip(self.ranks(items), items, strict=True))])


def chosen(options: Sequence[T], *key: str | int) -> T:
    """One of the options, each equally likely over keys."""
    return options[rank(*key) * len(options) >> 64]
