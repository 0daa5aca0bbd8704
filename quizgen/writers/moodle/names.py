"""Names as Moodle keeps them: questions, categories, tags and id numbers within its lengths and its cleaning."""

from __future__ import annotations

import re
from hashlib import sha256
from itertools import accumulate
from typing import TYPE_CHECKING
from unicodedata import category as unicode_category

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_NAME = 100  # Moodle takes 255; its lists are read more easily with less
LONGEST_LEVEL = 255
LONGEST_OPTION = 255
LONGEST_IDNUMBER = 100

_ENTITY = re.compile(r"&(?=#?[0-9A-Za-z]{1,8};)")
_ZERO_WIDTH_JOINER = "\u200d"
# Each of these characters is a letter by itself, and none of them begins an entity or a tag: most texts have no others.
_SINGLE = re.compile("[ -%'-;=-~、-〟ぁ-ゖァ-ヺー一-鿿！-ﾝ]*")


def question_name(number: int, text: str) -> str:
    """A name that sorts in printed order: the number, and the beginning of the text."""
    return shortened(f"{number:03} {text}", LONGEST_NAME)


def category_path(*levels: str) -> str:
    """The path of a category below whatever bank the teacher chose."""
    return "/".join(("top", *map(_level, levels)))


def idnumber(question: str, variant: str) -> str:
    """A question's id, with the variant where several hold the question."""
    full = f"{question}@{variant}" if variant else question
    if len(full) <= LONGEST_IDNUMBER:
        return full
    digest = sha256(full.encode()).hexdigest()[:16]
    return f"{full[: LONGEST_IDNUMBER - 17]}~{digest}"


def shortened(text: str, longest: int) -> str:
    """The text as a cleaned name of at most so many characters, as Moodle counts them, cut between letters."""
    beginning = " ".join(text.split())[: 2 * longest]
    if _SINGLE.fullmatch(beginning):
        return beginning if len(beginning) <= longest else beginning[: longest - 1].rstrip() + "…"
    pieces = [_escaped(cluster) for cluster in _clusters(_ENTITY.sub("&amp;", beginning))]
    if sum(map(len, pieces)) <= longest:
        return "".join(pieces)
    lengths = accumulate(map(len, pieces))
    kept = (piece for piece, length in zip(pieces, lengths, strict=True) if length < longest)
    return "".join(kept).rstrip() + "…"


def _level(name: str) -> str:
    # A slash is doubled; at either end a space keeps it from meeting the path's own.
    doubled = shortened(name, LONGEST_LEVEL).replace("/", "//")
    return re.sub("^(?=/)|(?<=/)$", " ", doubled)


def _escaped(cluster: str) -> str:
    # Moodle strips what looks like a tag, from the `<` on.
    return cluster.replace("<", "&lt;")


def _clusters(text: str) -> Iterator[str]:
    """The text's letters as a reader sees them, and its entities, each in one piece."""
    cluster = ""
    for character in text:
        if cluster and not _joins(cluster, character):
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def _joins(cluster: str, character: str) -> bool:
    return (
        unicode_category(character).startswith("M")
        or character in f"{_ZERO_WIDTH_JOINER}\uff9e\uff9f"
        or cluster.endswith(_ZERO_WIDTH_JOINER)
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= character <= "\U000e007f"  # the letters of a subdivision's flag
        or "\u1160" <= character <= "\u11ff"  # the later parts of a Korean syllable
        or (_is_flag_half(character) and len(cluster) == 1 and _is_flag_half(cluster))
        or "&amp;".startswith(cluster + character)
    )


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
