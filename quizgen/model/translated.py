"""Texts in several languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from pydantic import BaseModel

from quizgen.language import Language

T = TypeVar("T")


class Translated(str):
    """A text in several languages; as a `str` it is the one written first, by which draws go in every language."""

    __slots__ = ("texts",)
    texts: Mapping[Language, str]

    def __new__(cls, texts: Mapping[Language, str]) -> Translated:
        """The texts by their languages, at least one."""
        translated = super().__new__(cls, next(iter(texts.values())))
        translated.texts = texts
        return translated

    def __getnewargs__(self) -> tuple[Mapping[Language, str]]:  # type: ignore[override]
        """What pickle makes it anew from."""
        return (self.texts,)


def in_language(text: str, language: Language) -> str:
    """The text in a language where it has that, else as it was written (first)."""
    return text.texts.get(language, str(text)) if isinstance(text, Translated) else text


def languages(part: object) -> frozenset[Language]:
    """The languages that any text of a file, or of a part of one, is said to be in."""
    match part:
        case Translated():
            return frozenset(part.texts)
        case BaseModel():
            return languages(list(part.__dict__.values()))
        case dict():
            return languages(list(part.values()))
        case list():
            return frozenset().union(*map(languages, part))
        case _:
            return frozenset()


def spoken(part: T, language: Language) -> T:
    """A file, or a part of one, with each text in a language where it has that."""
    said: Any = part
    match part:
        case Translated():
            said = in_language(part, language)
        case BaseModel():
            said = part.model_copy(update={name: spoken(value, language) for name, value in part.__dict__.items()})
        case dict():
            said = {key: spoken(value, language) for key, value in part.items()}
        case list():
            said = [spoken(value, language) for value in part]
        case _:
            pass
    return cast("T", said)
