"""A quiz's own question bank, made from Moodle XML: a restore makes of it what an import would have made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING
from xml.etree.ElementTree import tostring

from quizgen.writers.moodle_backup.cloze import take_apart
from quizgen.writers.moodle_backup.nodes import DATE, node
from quizgen.writers.moodle_backup.qtypes import Place, plugin, qtype, text_format

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from quizgen.writers.moodle_backup.store import Store

_MODULE_LEVEL = 70  # of a bank that belongs to an activity, as every bank does from Moodle 5 on


@dataclass(frozen=True)
class Owner:
    """The quiz that a bank belongs to; `key` tells it from every other quiz."""

    name: str
    key: str
    module: int
    context: int


@dataclass(frozen=True, slots=True)
class Bank:
    """A question bank: its categories as elements, their numbers, and those of its questions' entries in order."""

    nodes: tuple[Element, ...]
    categories: tuple[int, ...]
    entries: tuple[int, ...]


def bank(questions: Sequence[Element], owner: Owner, store: Store) -> Bank:
    """The bank of a quiz from the `question` elements of its Moodle XML."""
    top, category = store.number(), store.number()
    entries = tuple(store.number() for _ in questions)
    nodes = [
        element
        for entry, xml in zip(entries, questions, strict=True)
        for element in _entries(xml, entry, category, owner, store)
    ]
    return Bank(
        (_category(top, "top", 0, owner), _category(category, owner.name, top, owner, *nodes)),
        (top, category),
        entries,
    )


def _category(number: int, name: str, parent: int, owner: Owner, *entries: Element) -> Element:
    return node(
        "question_category",
        node("question_bank_entries", *entries),
        id_=number,
        name=name,
        contextid=owner.context,
        contextlevel=_MODULE_LEVEL,
        contextinstanceid=owner.module,
        info="",
        infoformat=0,
        stamp=_stamp(owner, f"category {name}"),
        parent=parent,
        sortorder=999 if parent else 0,
        idnumber=None,
    )


def _entries(xml: Element, entry: int, category: int, owner: Owner, store: Store) -> Iterator[Element]:
    """A question's entry in the bank, and those of its blanks if it has any."""
    place = Place(store.number(), owner.context, store)
    if qtype(xml) == "multianswer":
        yield from _with_blanks(xml, entry, category, owner, place)
    else:
        question = _question(xml, place, plugin(xml, place), owner)
        yield _entry(entry, category, xml, question, store)


def _with_blanks(xml: Element, entry: int, category: int, owner: Owner, place: Place) -> Iterator[Element]:
    """In the bank a blank is a question of its own, whose parent is the question that holds it."""
    apart = take_apart(xml)
    blanks = [Place(place.store.number(), owner.context, place.store) for _ in apart.blanks]
    yield _entry(entry, category, xml, _question(apart.whole, place, _multianswer(place, blanks), owner), place.store)
    for blank, at in zip(apart.blanks, blanks, strict=True):
        question = _question(blank, at, plugin(blank, at), owner, parent=place.question)
        yield _entry(place.store.number(), category, blank, question, place.store)


def _multianswer(place: Place, blanks: Sequence[Place]) -> Element:
    sequence = ",".join(str(blank.question) for blank in blanks)
    numbers = node("multianswer", id_=place.store.number(), question=place.question, sequence=sequence)
    return node("plugin_qtype_multianswer_question", node("answers"), numbers)


def _entry(number: int, category: int, xml: Element, question: Element, store: Store) -> Element:
    """A question in its only version."""
    version = node("question_versions", node("questions", question), id_=store.number(), version=1, status="ready")
    return node(
        "question_bank_entry",
        node("question_version", version),
        id_=number,
        questioncategoryid=category,
        idnumber=xml.findtext("idnumber"),
        ownerid=None,
    )


def _question(xml: Element, place: Place, plugin: Element | None, owner: Owner, *, parent: int = 0) -> Element:
    text, feedback = xml.find("questiontext"), xml.find("generalfeedback")
    tags = [node("tag", id_=place.store.number(), name=t.text, rawname=t.text) for t in xml.findall("tags/tag/text")]
    return node(
        "question",
        *((plugin,) if plugin is not None else ()),
        node("question_hints"),
        node("tags", *tags),
        id_=place.question,
        parent=parent,
        name=xml.findtext("name/text"),
        questiontext=place.store.text(text, place.area("questiontext", place.question)),
        questiontextformat=text_format(text),
        generalfeedback=place.store.text(feedback, place.area("generalfeedback", place.question)),
        generalfeedbackformat=text_format(feedback),
        defaultmark=xml.findtext("defaultgrade"),
        penalty=xml.findtext("penalty"),
        qtype=qtype(xml),
        length=0 if qtype(xml) == "description" else 1,
        stamp=_stamp(owner, tostring(xml, "unicode")),
        timecreated=DATE,
        timemodified=DATE,
        createdby=None,
        modifiedby=None,
    )


def _stamp(owner: Owner, content: str) -> str:
    """A name that the same question of the same quiz has in every build, and a changed one has not."""
    digest = sha256(f"{owner.key} {content}".encode(errors="replace")).hexdigest()
    return f"quizgen+{digest}"
