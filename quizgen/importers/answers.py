"""Answers as people write them: labels in any style (b, 2, ②, イ), several (`a, c`, アウ), or texts of choices."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from quizgen.language import LABELS, LabelStyle

LETTERS = LABELS["letters"]
_STYLES: tuple[LabelStyle, ...] = ("numbers", "letters", "katakana")
_LONGEST = 2_000  # characters of an answer
_AROUND = "()[]{}<>【】〔〕「」『』〈〉.:、,。' \t"
_NAMED = re.compile(r"^(?:選択[肢枝]|choice|option|answer)[ _-]*(?=.)")
# Only these surely part two answers; a text of a choice may hold the others.
_LINES = re.compile(r"[\n|]")
_PARTS = re.compile(r"[\s,、，;；/・＆&]+|と|\band\b")
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


@dataclass(frozen=True, slots=True)
class Answer:
    """The places, from 0, of the choices that an answer names; what it names besides; and why it is doubtful."""

    places: tuple[int, ...]
    unknown: tuple[str, ...] = ()
    doubt: str = ""


def style_among(labels: Iterable[str]) -> LabelStyle | None:
    """The style of which the labels are the most first ones, in whatever order; None when they are of none."""
    known = set(labels)
    styles: tuple[LabelStyle, ...] = (*_STYLES, "iroha")
    best = max(styles, key=lambda style: _first_ones(known, style))
    return best if _first_ones(known, best) else None


def _first_ones(labels: Collection[str], style: LabelStyle) -> int:
    places = {place(label, style) for label in labels}
    return next(number for number in count() if number not in places)


def place(label: str, style: LabelStyle) -> int | None:
    """Where a label stands in a style, from 0; brackets, dots and words around it do not count."""
    plain = plain_label(label)
    return LABELS[style].index(plain) if plain in LABELS[style] else None


def plain_label(label: str) -> str:
    """A label as its style has it: `（Ｂ）.` is b, `選択肢2` and ② are 2, い is イ."""
    text = unicodedata.normalize("NFKC", label).casefold().translate(_HIRAGANA).strip(_AROUND)
    text = _NAMED.sub("", text).strip(_AROUND)
    return text.lstrip("0") or text if text.isdecimal() else text


def answer(written: str, texts: Sequence[str], style: LabelStyle | None) -> Answer:
    """Which choices an answer names; `texts` are the choices' ("" where one is missing), `style` is their labels'."""
    if len(written) > _LONGEST:
        return Answer((), (written[:_LONGEST],))
    reading = _Reading(tuple(map(_plain_text, texts)), style)
    whole = reading.one(written)
    found = [whole] if whole else list(_several(written, reading))
    places = tuple(dict.fromkeys(place for part in found for place in part.places))
    unknown = tuple(name for part in found for name in part.unknown)
    return Answer(places, unknown, "; ".join(dict.fromkeys(part.doubt for part in found if part.doubt)))


def _several(written: str, reading: _Reading) -> Iterator[Answer]:
    for line in _LINES.split(written):
        known = reading.one(line)
        if known:
            yield known
            continue
        for part in filter(None, map(str.strip, _PARTS.split(line))):
            yield reading.one(part) or reading.joined(part) or Answer((), (part,))


@dataclass(frozen=True, slots=True)
class _Reading:
    texts: tuple[str, ...]
    style: LabelStyle | None

    def one(self, written: str) -> Answer | None:
        """A label, or the text of a choice; a label of another style than the choices' comes last."""
        label, text = self._by_label(written), self._by_text(written)
        own = place(written, self.style) if self.style else None
        first, second = (label, text) if label is not None and label == own else (text, label)
        known = first if first is not None else second
        if known is None:
            return None
        other = second if second is not None and second != known else None
        doubt = f"`{written.strip()}` can mean choice {known + 1} or choice {other + 1}" if other is not None else ""
        return Answer((known,), (), doubt)

    def joined(self, written: str) -> Answer | None:
        """Labels without anything between them: `アウ`, `bd`, `13`."""
        places = [self._by_label(letter) for letter in plain_label(written)]
        known = tuple(place for place in places if place is not None)
        return Answer(known) if known and len(known) == len(places) else None

    def _by_label(self, written: str) -> int | None:
        styles = (self.style, *_STYLES) if self.style else _STYLES
        places = (place(written, style) for style in styles)
        return next((at for at in places if at is not None and at < len(self.texts) and self.texts[at]), None)

    def _by_text(self, written: str) -> int | None:
        text = _plain_text(written)
        return self.texts.index(text) if text and text in self.texts else None


def _plain_text(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())
