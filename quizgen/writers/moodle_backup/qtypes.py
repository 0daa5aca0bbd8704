"""What each of Moodle's question types keeps beside the question itself, read from Moodle XML as its importer does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from quizgen.problems import QuizgenError
from quizgen.writers.moodle_backup.nodes import node
from quizgen.writers.moodle_backup.store import Area, Store

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_FORMATS = {"moodle_auto_format": 0, "html": 1, "plain_text": 2, "markdown": 4}
_COMBINED = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")


@dataclass(frozen=True)
class Place:
    """A question that is being written: its number, and the context of its files."""

    question: int
    context: int
    store: Store

    def area(self, name: str, item: int, component: str = "question") -> Area:
        """An area for files of the question."""
        return Area(self.context, component, name, item)


def plugin(xml: Element, place: Place) -> Element | None:
    """The element that holds what the question's type adds; None for a type that adds nothing.

    Raises QuizgenError for a type that no backup of ours can hold.
    """
    name = _NAMES.get(xml.get("type", ""), xml.get("type", ""))
    if name not in _PLUGINS:
        raise QuizgenError(f"a Moodle backup cannot hold a question of the type {name}; take the format moodle")
    nodes = _PLUGINS[name](xml, place)
    return node(f"plugin_qtype_{name}_question", *nodes) if nodes else None


def qtype(xml: Element) -> str:
    """The name of a question's type in Moodle's own tables."""
    return _NAMES.get(xml.get("type", ""), xml.get("type", ""))


def text_format(holder: Element | None) -> int:
    """The number of a text's format."""
    return _FORMATS[holder.get("format", "html") if holder is not None else "html"]


def _multichoice(xml: Element, place: Place) -> tuple[Element, ...]:
    options = node(
        "multichoice",
        id_=place.store.number(),
        layout=xml.findtext("layout", "0"),
        single=_flag(xml, "single"),
        shuffleanswers=_flag(xml, "shuffleanswers"),
        **_combined(xml, place),
        answernumbering=xml.findtext("answernumbering", "abc"),
        showstandardinstruction=_flag(xml, "showstandardinstruction"),
    )
    return _answers(xml, place)[0], options


def _truefalse(xml: Element, place: Place) -> tuple[Element, ...]:
    answers, numbers = _answers(xml, place)
    by_text = dict(zip((answer.findtext("text") for answer in xml.findall("answer")), numbers, strict=True))
    options = node(
        "truefalse",
        id_=place.store.number(),
        trueanswer=by_text["true"],
        falseanswer=by_text["false"],
        showstandardinstruction=_flag(xml, "showstandardinstruction"),
    )
    return answers, options


def _shortanswer(xml: Element, place: Place) -> tuple[Element, ...]:
    options = node("shortanswer", id_=place.store.number(), usecase=xml.findtext("usecase", "0"))
    return _answers(xml, place)[0], options


def _numerical(xml: Element, place: Place) -> tuple[Element, ...]:
    answers, numbers = _answers(xml, place)
    units = [
        node(
            "numerical_unit",
            id_=place.store.number(),
            multiplier=unit.findtext("multiplier"),
            unit=unit.findtext("unit_name"),
        )
        for unit in xml.findall("units/unit")
    ]
    option = node(
        "numerical_option",
        id_=place.store.number(),
        showunits=xml.findtext("showunits", "0" if units else "3"),
        unitsleft=xml.findtext("unitsleft", "0"),
        unitgradingtype=xml.findtext("unitgradingtype", "0"),
        unitpenalty=xml.findtext("unitpenalty", "0.1"),
    )
    records = [
        node(
            "numerical_record",
            id_=place.store.number(),
            answer=number,
            tolerance=answer.findtext("tolerance", "0"),
        )
        for answer, number in zip(xml.findall("answer"), numbers, strict=True)
    ]
    return (
        answers,
        node("numerical_units", *units),
        node("numerical_options", option),
        node("numerical_records", *records),
    )


def _match(xml: Element, place: Place) -> tuple[Element, ...]:
    options = node(
        "matchoptions",
        id_=place.store.number(),
        shuffleanswers=_flag(xml, "shuffleanswers", "1"),
        **_combined(xml, place),
    )
    matches = [_pair(pair, place) for pair in xml.findall("subquestion")]
    return options, node("matches", *matches)


def _pair(xml: Element, place: Place) -> Element:
    number = place.store.number()
    return node(
        "match",
        id_=number,
        questiontext=place.store.text(xml, place.area("subquestion", number, "qtype_match")),
        questiontextformat=text_format(xml),
        answertext=xml.findtext("answer/text") or "",
    )


def _ordering(xml: Element, place: Place) -> tuple[Element, ...]:
    words = {name: xml.findtext(name, "") for name in _ORDERING}
    options = node(
        "ordering",
        id_=place.store.number(),
        **{name: codes[words[name]] for name, codes in _ORDERING.items()},
        selectcount=xml.findtext("selectcount", "2"),
        numberingstyle=xml.findtext("numberingstyle", "none"),
        **_combined(xml, place),
    )
    answers = [
        _answer(place, place.store.number(), answer, Decimal(at)) for at, answer in enumerate(xml.findall("answer"), 1)
    ]
    return node("answers", *answers), options


def _essay(xml: Element, place: Place) -> tuple[Element, ...]:
    grader, template = xml.find("graderinfo"), xml.find("responsetemplate")
    options = node(
        "essay",
        id_=place.store.number(),
        **{name: xml.findtext(name, default) for name, default in _ESSAY.items()},
        minwordlimit=xml.findtext("minwordlimit") or None,
        maxwordlimit=xml.findtext("maxwordlimit") or None,
        graderinfo=place.store.text(grader, place.area("graderinfo", place.question, "qtype_essay")),
        graderinfoformat=text_format(grader),
        responsetemplate=place.store.text(template, place.area("responsetemplate", place.question, "qtype_essay")),
        responsetemplateformat=text_format(template),
    )
    return (options,)


def _description(xml: Element, place: Place) -> tuple[Element, ...]:
    del xml, place
    return ()


# What they have in common


def _answers(xml: Element, place: Place) -> tuple[Element, tuple[int, ...]]:
    """The element `answers`, and each answer's number."""
    answers = xml.findall("answer")
    numbers = tuple(place.store.number() for _ in answers)
    shares = (Decimal(answer.get("fraction", "0")) / 100 for answer in answers)
    nodes = [_answer(place, *found) for found in zip(numbers, answers, shares, strict=True)]
    return node("answers", *nodes), numbers


def _answer(place: Place, number: int, xml: Element, fraction: Decimal) -> Element:
    feedback = xml.find("feedback")
    return node(
        "answer",
        id_=number,
        answertext=place.store.text(xml, place.area("answer", number)),
        answerformat=text_format(xml),
        fraction=f"{fraction:.7f}",
        feedback=place.store.text(feedback, place.area("answerfeedback", number)),
        feedbackformat=text_format(feedback),
    )


def _combined(xml: Element, place: Place) -> Mapping[str, str | int]:
    """What Moodle says to a right, a partly right and a wrong answer."""
    fields: dict[str, str | int] = {}
    for name in _COMBINED:
        holder = xml.find(name)
        fields[name] = place.store.text(holder, place.area(name, place.question))
        fields[f"{name}format"] = text_format(holder)
    # By its presence, whatever it holds.
    fields["shownumcorrect"] = int(xml.find("shownumcorrect") is not None)
    return fields


def _flag(xml: Element, name: str, default: str = "0") -> int:
    return int(xml.findtext(name, default) in {"1", "true"})


_ESSAY = {
    "responseformat": "editor",
    "responserequired": "1",
    "responsefieldlines": "15",
    "attachments": "0",
    "attachmentsrequired": "0",
    "filetypeslist": "",
    "maxbytes": "0",
}
_ORDERING = {
    "layouttype": {"VERTICAL": 0, "HORIZONTAL": 1},
    "selecttype": {"ALL": 0, "RANDOM": 1, "CONTIGUOUS": 2},
    "gradingtype": {
        "ALL_OR_NOTHING": -1,
        "ABSOLUTE_POSITION": 0,
        "RELATIVE_NEXT_EXCLUDE_LAST": 1,
        "RELATIVE_NEXT_INCLUDE_LAST": 2,
        "RELATIVE_ONE_PREVIOUS_AND_NEXT": 3,
        "RELATIVE_ALL_PREVIOUS_AND_NEXT": 4,
        "LONGEST_ORDERED_SUBSET": 5,
        "LONGEST_CONTIGUOUS_SUBSET": 6,
        "RELATIVE_TO_CORRECT": 7,
    },
    "showgrading": {"SHOW": 1, "HIDE": 0},
}
_PLUGINS: Mapping[str, Callable[[Element, Place], tuple[Element, ...]]] = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "match": _match,
    "ordering": _ordering,
    "essay": _essay,
    "description": _description,
}
_NAMES = {"matching": "match", "cloze": "multianswer"}
