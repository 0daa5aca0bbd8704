"""What templates say in the exam's language: figures with their words, headings, right answers and what they earn."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, assert_never

from quizgen.paper import Blank, Choice, Cloze, Lines, Matching, Ordering
from quizgen.paper.figures import number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from gettext import NullTranslations

    from quizgen.paper import Option, Paper, Question, Section


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
