"""Moodle XML, as Moodle exports a bank of questions and as our own export writes it."""

from __future__ import annotations

import re
from pathlib import PurePath

from quizgen.importers.attributes import Category, category
from quizgen.importers.graded import NotCarriedError
from quizgen.importers.imported import Imported, Skipped
from quizgen.importers.moodle.banks import banks
from quizgen.importers.moodle.pictures import Pictures
from quizgen.importers.moodle.question import Asked, attributes, read_question
from quizgen.importers.moodle.xml import Element, questions
from quizgen.importers.text import decoded

_SNIFFED = 20_000  # bytes
_ROOT = re.compile(rb"(?:<\?xml[^>]*>|<!--.*?-->|\s)*<quiz[\s>/]", re.DOTALL)
_LONGEST_NAME = 60


def sniff(name: str, data: bytes) -> int:
    """Sure where the first element is <quiz>; a broken XML file is to be told so, and not taken for a text."""
    head = data[:_SNIFFED].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    if _ROOT.match(head):
        return 100
    return 20 if PurePath(name).suffix.lower() == ".xml" and head.lstrip().startswith(b"<") else 0


def read(name: str, data: bytes) -> Imported:
    """The questions of a file, a bank for each category that has any."""
    text, notes = decoded(name, data)
    pictures = Pictures()
    by_category: dict[Category, list[Asked]] = {}
    skipped: list[Skipped] = []
    here: Category = ()
    for element in questions(name, text):
        if element.attributes.get("type") == "category":
            here = category(element.said("category") or "")
            continue
        try:
            by_category.setdefault(here, []).append(read_question(element, pictures))
        except NotCarriedError as error:
            skipped.append(Skipped(element.position, error.code, _what(element), str(error)))
    drafts, doubts = banks(by_category, PurePath(name).stem)
    return Imported(tuple(drafts), (), (*notes, *doubts), tuple(skipped), pictures.files)


def _what(element: Element) -> str:
    name = attributes(element).name
    return f"`{name[:_LONGEST_NAME]}…`" if len(name) > _LONGEST_NAME else f"`{name}`" if name else "a question"
