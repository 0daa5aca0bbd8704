r"""Moodle's notation for blanks in a text, `{2:SHORTANSWER:=yes~%50%maybe#Why not?}`, taken apart as Moodle does.

A blank becomes a question of its own, and in the text `{#1}` stands for it.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from fractions import Fraction
from html import unescape
from itertools import count
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLAIN = r"(?<!\\)(?<!&)(?<!&amp;)"  # before a sign that means itself
_BLANK = re.compile(
    r"\{(?P<grade>\d*):(?:(?P<number>NUMERICAL|NM)|(?P<word>SHORTANSWER|SA|MW)(?P<cased>_?C)?"
    r"|(?P<many>MULTIRESPONSE|MR)|(?:MULTICHOICE|MC))(?:_?(?P<way>[VH]))?(?P<mixed>_?S)?"
    rf":(?P<answers>.+?){_PLAIN}\}}",
    re.DOTALL,
)
_BETWEEN = re.compile(f"{_PLAIN}~")
_ANSWER = re.compile(
    rf"(?:(?P<right>=)|%(?P<share>-?\d+(?:\.\d*)?)%)?(?P<text>.+?)(?:{_PLAIN}#(?P<feedback>.*))?", re.DOTALL
)
_LAYOUTS = {"": "0", "V": "1", "H": "2"}


@dataclass(frozen=True, slots=True)
class Parts:
    """A question with its blanks numbered, and each blank as a question, all as Moodle XML."""

    whole: Element
    blanks: tuple[Element, ...]


def take_apart(xml: Element) -> Parts:
    """A question of the type `cloze` and its blanks; it is worth what they are worth together."""
    whole = deepcopy(xml)
    text = whole.find("questiontext/text")
    if text is None or text.text is None:
        return Parts(whole, ())
    name = xml.findtext("name/text") or ""
    blanks = tuple(_question(blank, name, at) for at, blank in enumerate(_BLANK.finditer(text.text), 1))
    numbers = count(1)
    text.text = _BLANK.sub(lambda _: f"{{#{next(numbers)}}}", text.text)
    for grade in whole.findall("defaultgrade"):
        grade.text = str(sum(int(blank.findtext("defaultgrade", "1")) for blank in blanks))
    return Parts(whole, blanks)


def _question(blank: re.Match[str], name: str, at: int) -> Element:
    kind = "numerical" if blank["number"] else "shortanswer" if blank["word"] else "multichoice"
    question = Element("question", {"type": kind, "place": str(at)})
    _put_text(question, "name", name)
    _put_text(question, "questiontext", blank[0])
    for tag, value in (("defaultgrade", blank["grade"] or "1"), ("penalty", "0"), *_settings(kind, blank)):
        SubElement(question, tag).text = value
    question.extend(_answers(kind, blank))
    return question


def _settings(kind: str, blank: re.Match[str]) -> Iterator[tuple[str, str]]:
    if kind == "shortanswer":
        yield "usecase", "1" if blank["cased"] else "0"
    if kind == "multichoice":
        yield "single", "false" if blank["many"] else "true"
        yield "shuffleanswers", "true" if blank["mixed"] else "false"
        yield "layout", _LAYOUTS[blank["way"] or ("V" if blank["many"] else "")]
        yield "answernumbering", "0"


def _answers(kind: str, blank: re.Match[str]) -> Iterator[Element]:
    answers = [match for text in _BETWEEN.split(blank["answers"]) if (match := _ANSWER.fullmatch(text))]
    for answer, share in zip(answers, _shares(answers, many=bool(blank["many"])), strict=True):
        element = Element("answer", {"fraction": f"{float(share * 100):.5f}", "format": "html"})
        text, colon, tolerance = _plain(answer["text"]).partition(":" if kind == "numerical" else "\0")
        SubElement(element, "text").text = text
        if colon:
            SubElement(element, "tolerance").text = tolerance
        _put_text(element, "feedback", _plain(answer["feedback"] or ""))
        yield element


def _shares(answers: list[re.Match[str]], *, many: bool) -> list[Fraction]:
    """Each answer's share; where several may be ticked, the right ones share 1 and a wrong one costs one of them."""
    shares = [Fraction(1) if answer["right"] else Fraction(answer["share"] or 0) / 100 for answer in answers]
    total = sum((share for share in shares if share > 0), Fraction(0))
    if not (many and total):
        return shares
    cost = Fraction(0) if any(answer["share"] for answer in answers) else 1 / total
    return [share / total if share > 0 else share - cost for share in shares]


def _put_text(parent: Element, tag: str, text: str) -> None:
    SubElement(SubElement(parent, tag, {"format": "html"}), "text").text = text


def _plain(text: str) -> str:
    return unescape(text).replace(r"\}", "}").replace(r"\#", "#")
