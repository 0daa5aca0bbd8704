"""A question of Moodle's as a draft: its texts as Markdown, its fractions as a key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from quizgen.importers.attributes import Attributes, shown
from quizgen.importers.formatted import read_text, written
from quizgen.importers.graded import TRUE_FALSE, Doubt, Graded, Keyed, NotCarriedError, keyed
from quizgen.importers.html import HtmlError, parsed, read_element
from quizgen.importers.imported import QuestionDraft
from quizgen.importers.moodle.pictures import Pictures
from quizgen.importers.moodle.xml import Element
from quizgen.importers.naming import language_of
from quizgen.importers.text import cleaned

if TYPE_CHECKING:
    from lxml.etree import _Element

_TYPES = ("multichoice", "truefalse")
# The frame that our export draws around what several questions have in common.
_FRAMED = re.compile(r"(?:^|;)\s*border:\s*1px solid")
_NUMBER = re.compile(r"[0-9]{1,20}(?:\.[0-9]{0,20})?")
_STOCK_PHRASE = 40  # characters; what Moodle says of every answer is no longer
_MOST_POINTS = 10_000
_FALSE = ("false", "0", "")


@dataclass(frozen=True, slots=True)
class Asked:
    """A draft, and what decides where it goes: what stands above it in a frame, and its bank and variant of old."""

    draft: QuestionDraft
    common: str
    bank: str
    variant: str
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class _Texts:
    """Reads the texts of one question, and keeps what they lose."""

    pictures: Pictures
    default_format: str
    lost: set[str]

    def markdown(self, element: Element | None) -> str:
        """The Markdown of an element that has a text and files."""
        if element is None:
            return ""
        text_format = element.attributes.get("format", self.default_format)
        result = read_text(_text(element), text_format, self.pictures.beside(element))
        self.lost.update(result.lost)
        return cleaned(result.text)

    def stem(self, element: Element) -> tuple[str, str]:
        """What stands in a frame at the beginning of the question, and the question."""
        body = parsed(_text(element)) if self.default_format == "html" else None
        frame = None if body is None else _frame(body)
        if body is None or frame is None:
            return "", self.markdown(element)
        find = self.pictures.beside(element)
        common = written(read_element(frame, find))
        body.text = frame.tail
        body.remove(frame)
        question = written(read_element(body, find))
        if not question.text:
            return "", self.markdown(element)
        self.lost.update(common.lost | question.lost)
        return cleaned(common.text), cleaned(question.text)


def _frame(body: _Element) -> _Element | None:
    first = next(iter(body), None)
    if first is None or first.tag != "div" or (body.text or "").strip():
        return None
    return first if _FRAMED.search(str(first.get("style", ""))) else None


def read_question(element: Element, pictures: Pictures) -> Asked:
    """The draft of a question.

    Raises NotCarriedError when it is of a type that banks do not have here, or has no key.
    """
    kind = element.attributes.get("type", "")
    if kind not in _TYPES:
        raise NotCarriedError("question-type", f"questions of the type {kind[:40] or '?'} cannot be imported")
    stem = element.first("questiontext")
    if stem is None:
        raise NotCarriedError("no-text", "it has no text")
    default_format = stem.attributes.get("format", "html")
    texts = _Texts(pictures, default_format, set())
    try:
        common, text = texts.stem(stem)
        key = _key(element, texts, text)
        explanation = texts.markdown(element.first("generalfeedback"))
    except HtmlError as error:
        raise NotCarriedError("text-length", f"one of its texts {error}") from error
    if not text:
        raise NotCarriedError("no-text", "it has no text")
    points, doubts = _points(element)
    lost = (Doubt("formatting", clause) for clause in sorted(texts.lost))
    return _asked(element, key, (*doubts, *key.doubts, *_left_out(element), *lost), points, (common, text, explanation))


def _asked(
    element: Element, key: Keyed, doubts: tuple[Doubt, ...], points: Decimal, texts: tuple[str, str, str]
) -> Asked:
    common, text, explanation = texts
    about = attributes(element)
    bank, _, variant = about.own
    hidden = element.said("hidden") not in (None, *_FALSE)
    draft = QuestionDraft(
        element.position,
        key.type,
        text,
        key.choices,
        key.answer,
        id=about.id(text),
        explanation=explanation,
        points=points,
        difficulty=about.difficulty,
        tags=about.tags,
        shuffle=element.attributes.get("type") != "truefalse" and _flag(element, "shuffleanswers", ""),
        comments=(*about.comments(text), *["it was hidden in Moodle"] * hidden, *(doubt.message for doubt in doubts)),
    )
    return Asked(draft, common, bank, variant, doubts)


def attributes(element: Element) -> Attributes:
    """What it is called, by which ID number it goes, and its tags."""
    tags = (shown(tag.content) for holder in element.all("tags") for tag in holder.all("tag"))
    return Attributes(shown(element.said("name") or ""), element.said("idnumber") or "", tuple(tags))


def _key(element: Element, texts: _Texts, text: str) -> Keyed:
    match element.attributes.get("type", ""):
        case "multichoice":
            graded = [_graded(answer, texts) for answer in element.all("answer")]
            return keyed(graded, single=_flag(element, "single", "true"))
        case _:
            return _true_false(element, texts, TRUE_FALSE[language_of(text)])


def _graded(answer: Element, texts: _Texts) -> Graded:
    return Graded(texts.markdown(answer), _percent(answer), texts.markdown(answer.first("feedback")))


def _true_false(element: Element, texts: _Texts, words: tuple[str, str]) -> Keyed:
    """A statement that is true or false; answers by other names come in that order, as Moodle takes them."""
    answers = list(element.all("answer"))[:2]
    if [answer.content for answer in answers] == ["false", "true"]:
        answers.reverse()
    graded = [
        Graded(word, _percent(answer), texts.markdown(answer.first("feedback")))
        for word, answer in zip(words, answers, strict=False)
    ]
    return keyed(graded, single=True)


def _percent(answer: Element) -> float:
    fraction = answer.attributes.get("fraction", "0").strip()
    if not _NUMBER.fullmatch(fraction.removeprefix("-")):
        raise NotCarriedError("fraction", f"`{fraction[:20]}` is no share of the points")
    return float(fraction)


def _points(element: Element) -> tuple[Decimal, tuple[Doubt, ...]]:
    """The points, and a doubt where a bank cannot have as many."""
    said = element.said("defaultgrade") or "1"
    points = Decimal(said if _NUMBER.fullmatch(said) else 0)
    if not 0 < points <= _MOST_POINTS:
        message = f"it had {said[:20]} points; a question has more than 0 and {_MOST_POINTS:,} at most"
        return Decimal(1), (Doubt("points", message),)
    rounded = max(round(points, 2), Decimal("0.01"))
    doubts = () if rounded == points else (Doubt("points", f"its {points.normalize():f} points are rounded"),)
    return rounded.to_integral() if rounded == rounded.to_integral() else rounded.normalize(), doubts


def _left_out(element: Element) -> Iterator[Doubt]:
    """What a bank has no place for."""
    if any(hint.content for hint in element.all("hint")):
        yield Doubt("left-out", "its hints are left out")
    names = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
    said = (re.sub("<[^<>]*>", "", element.said(name) or "") for name in names)
    if any(len(text) > _STOCK_PHRASE for text in said):
        yield Doubt("left-out", "its feedback for right and wrong answers as a whole is left out")
    if element.said("image"):
        yield Doubt("left-out", "its picture, kept in the way of old Moodles, is left out")


def _flag(element: Element, name: str, default: str) -> bool:
    """A setting as Moodle reads it: all but `false`, `0` and nothing is true."""
    said = element.said(name)
    return (default if said is None else said) not in _FALSE


def _text(element: Element) -> str:
    """The text of an element, trimmed as Moodle trims it."""
    inner = element.first("text")
    if inner is not None and inner.children:
        message = f"<{inner.children[0].name[:40]}> stands in a text without CDATA around it, which Moodle refuses, too"
        raise NotCarriedError("no-cdata", message)
    return element.content
