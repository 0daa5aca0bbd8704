"""What templates say in the exam's language: figures with their words, headings, right answers and what they earn."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, assert_never

from quizgen.paper import Blank, Choice, Cloze, Lines, Matching, Ordering
from quizgen.paper.figures import number
from quizgen.paper.rows import parted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from gettext import NullTranslations

    from quizgen.paper import Gap, Option, Paper, Question, Response, Row, Section
    from quizgen.paper.printing import Person

    Rows = Mapping[int, Sequence[Row]]


def points(words: NullTranslations, amount: Decimal) -> str:
    """Points with their word."""
    if amount == 1:
        return words.gettext("1 point")
    return words.gettext("%(points)s points") % {"points": number(amount)}


def minutes(words: NullTranslations, count: int | None) -> str:
    """Minutes with their word; nothing where there is no limit."""
    return words.gettext("%(minutes)s minutes") % {"minutes": count} if count else ""


def heading(words: NullTranslations, section: Section, paper: Paper) -> str:
    """A section's title behind its number, unless it says that itself or is the only one."""
    part = words.gettext("Part %(number)s") % {"number": section.number}
    named = section.title.startswith(part) or (section.title and len(paper.sections) == 1)
    return section.title if named else f"{part}  {section.title}".rstrip()


def own_title(words: NullTranslations, section: Section) -> str:
    """A section's title without its number, which Word counts."""
    part = words.gettext("Part %(number)s") % {"number": section.number}
    return re.sub(f"^{re.escape(part)}(?![0-9])[\\s:：.．]*", "", section.title)


def span(words: NullTranslations, numbers: Sequence[int]) -> str:
    """Numbers in a row: the first and the last."""
    ends = dict.fromkeys([*numbers[:1], *numbers[-1:]])
    return words.gettext("–").join(map(str, ends))


def answer_span(words: NullTranslations, section: Section, rows: Rows) -> str:
    """The rows of the mark sheet that a section's questions fill: the first and the last."""
    return span(words, [row.number for question in section.questions for row in rows[question.number]])


def person_label(words: NullTranslations, kind: Person) -> str:
    """What stands beside a box for the student."""
    match kind:
        case "class":
            return words.gettext("Class")
        case "seat":
            return words.gettext("Seat")
        case "number":
            return words.gettext("Student ID")
        case "name":
            return words.gettext("Name")
        case _:
            assert_never(kind)


def ways(words: NullTranslations, paper: Paper) -> list[str]:
    """Where students answer: what no author has to write."""
    _ = words.gettext
    match paper.printing.answers:
        case "booklet":
            return [_("Write your answers in this booklet.")]
        case "boxes":
            return [_("Write all answers on the answer sheet.")]
        case "marks":
            numbered = _(
                "A boxed number is an answer number: mark your answer in the row of that number on the answer sheet."
            )
            marking = numbered if paper.printing.answer_numbers else _("Mark your answers on the answer sheet.")
            written = any(_writes(question.response) for question in paper.questions)
            return [marking, *([_("Written answers go into the frames on the answer sheet.")] if written else [])]
        case _:
            assert_never(paper.printing.answers)


def _writes(response: Response) -> bool:
    """Whether any part of the answer cannot be marked."""
    asked = len(response.gaps) if isinstance(response, Cloze) else 1
    return len(parted(response)) < asked


def notes(
    words: NullTranslations, question: Question, paper: Paper, rows: Sequence[Row], *, key: bool = False
) -> Iterator[str]:
    """How a question is to be answered, where that is not the usual way."""
    _, response, answers = words.gettext, question.response, paper.printing.answers
    if isinstance(response, Choice) and response.many:
        yield _("[Select all that apply]")
    if key:
        return
    if isinstance(response, Lines) and answers != "booklet":
        lines = _("1 line") if response.count == 1 else _("%(count)s lines") % {"count": response.count}
        yield _("[%(lines)s on the answer sheet]") % {"lines": lines}
    elif answers == "marks" and _writes(response):
        gaps = [gap.label for gap in response.gaps if isinstance(gap.response, Blank)] if rows else []  # type: ignore[union-attr]
        yield _("[%(gaps)s in writing]") % {"gaps": " ".join(gaps)} if gaps else _("[In writing]")
    if isinstance(response, Blank):
        yield from asked(words, response, paper)


def asked(words: NullTranslations, blank: Blank, paper: Paper) -> Iterator[str]:
    """What a short answer is to be: a number, of a unit that does not stand behind the room for it."""
    if blank.tolerance is not None:
        yield words.gettext("[A number]")
    if blank.unit and paper.printing.answers != "booklet":
        yield words.gettext("[Unit: %(unit)s]") % {"unit": blank.unit}


def asked_gaps(words: NullTranslations, cloze: Cloze, paper: Paper) -> list[Gap]:
    """The gaps that have more to be said of than their numbers."""
    here = paper.printing.answers == "booklet"
    return [
        gap for gap in cloze.gaps if here or isinstance(gap.response, Choice) or any(asked(words, gap.response, paper))
    ]


def labels(words: NullTranslations, options: Sequence[Option]) -> str:
    """The labels of options in a row."""
    return words.gettext(", ").join(option.label for option in options)


def answer(words: NullTranslations, question: Question) -> str:
    """The right answer in a line."""
    match question.response:
        case Choice() as response:
            return labels(words, response.right)
        case Lines():
            return words.gettext("see the explanation") if question.explanation else "—"
        case Cloze(gaps):
            return "  ".join(f"{gap.label}\u00a0{gap.response.key}" for gap in gaps)
        case Blank() | Matching() | Ordering() as response:
            return response.key
        case _:
            assert_never(question.response)


def rule(words: NullTranslations, question: Question, paper: Paper) -> str:
    """How a question's points are earned and lost."""
    _ = words.gettext
    worth = question.worth(paper.scoring)
    match worth.rule:
        case "accepted":
            said = _accepted(question, _)
        case "by-hand":
            said = _("Marked by hand")
        case "one":
            said = _("One choice; a wrong one costs %(loss)s") if worth.loss else _("One choice")
        case "all-or-nothing":
            said = _("All right choices and no other")
        case "net-correct":
            said = _("+%(gain)s each right choice, −%(loss)s each wrong one, not below 0")
        case "each-choice":
            said = _("%(gain)s for each choice rightly marked or rightly left")
        case "each-pair":
            said = _("%(gain)s for each right pair")
        case "each-place":
            said = _("%(gain)s for each item in its place")
        case "each-gap":
            losing = _("%(gain)s for each gap; a wrong choice costs %(loss)s")
            said = losing if worth.loss else _("%(gain)s for each gap")
        case _:
            assert_never(worth.rule)
    return said % {"gain": number(worth.gain), "loss": number(worth.loss)}


def _accepted(question: Question, _: Callable[[str], str]) -> str:
    match question.response:
        case Blank(tolerance=Decimal()):
            return _("A number within the tolerance")
        case Blank(match_case=True):
            return _("An accepted answer, capitals and small letters told apart")
        case _:
            return _("An accepted answer")


IN_WORDS = (
    *(answer, answer_span, asked, asked_gaps, heading, labels, minutes),
    *(notes, own_title, person_label, points, rule, span, ways),
)
