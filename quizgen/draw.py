"""The only randomness: orderings by a hash of a key, so that one item's place never depends on another's.

An item's rank is BLAKE2b over the key and the item's own identity. Adding, removing or editing one item
moves no other, and no version of Python can change a paper that was printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")
Key = tuple[str | int, ...]

# No id, variant name or purpose may hold it: ("a", "bc") and ("ab", "c") are different keys.
_SEPARATOR = "\x1f"


def rank(*key: str | int) -> int:
    """A 64-bit number that looks random and depends on nothing but the key."""
    return int.from_bytes(blake2b(_SEPARATOR.join(map(str, key)).encode(), digest_size=8).digest(), "big")


def ranks(key: Key) -> Callable[[str], bytes]:
    """What gives each identity its rank under one key, as bytes that sort as the numbers of `rank` do."""
    prefix = "".join(f"{part}{_SEPARATOR}" for part in key)
    return lambda identity: blake2b(f"{prefix}{identity}".encode(), digest_size=8).digest()


def shuffled(items: Iterable[str], key: Key) -> tuple[str, ...]:
    """The items in the order of their keyed ranks; they must differ from one another."""
    rank_of = ranks(key)
    return tuple([item for _, item in sorted([(rank_of(item), item) for item in items])])


def chosen(options: Sequence[T], *key: str | int) -> T:
    """One of the options, each equally likely over keys."""
    return options[rank(*key) * len(options) >> 64]
