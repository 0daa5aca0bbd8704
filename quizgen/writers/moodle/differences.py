"""What Moodle cannot do: the questions that it scores, shuffles or shows otherwise than the exam says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from quizgen.paper import Choice, Cloze, Matching, Pool
from quizgen.richtext.plain import to_plain
from quizgen.richtext.tree import Paragraph, Text
from quizgen.richtext.walk import walk
from quizgen.writers.moodle import cloze
from quizgen.writers.moodle.fractions import grading
from quizgen.writers.moodle.names import LONGEST_OPTION
from quizgen.writers.moodle.questions import option_line

if TYPE_CHECKING:
    from fractions import Fraction

    from quizgen.paper import Paper, Question
    from quizgen.richtext.tree import Blocks
    from quizgen.scoring import Scoring
    from quizgen.writers.moodle.fractions import Grading

_NAMED = 3


def differences(papers: Iterable[Paper], *, in_quiz: bool = False) -> tuple[str, ...]:
    """A sentence for each thing that Moodle does otherwise, with the figures and the questions.

    `in_quiz`: the questions stand in a quiz, which gives them the exam's points whatever their own are.
    """
    reasons: dict[str, dict[str, str]] = {}
    rules: dict[str, dict[str, Grading]] = {}
    for paper in papers:
        for question in paper.questions:
            for reason, figures in _reasons(paper, question, in_quiz=in_quiz):
                reasons.setdefault(reason, {})[question.id] = figures
            choice = question.response
            if isinstance(choice, Choice) and ((near := grading(choice, paper.scoring)).more or near.less):
                rules.setdefault(_rule(choice, paper.scoring), {})[question.id] = near
    scored = (_sentence(rule, gradings) for rule, gradings in sorted(rules.items()))
    return (*scored, *(f"{reason} ({_listed(found)})" for reason, found in sorted(reasons.items())))


def _rule(choice: Choice, scoring: Scoring) -> str:
    return scoring.multiple if choice.many else f"a penalty of {_percent(scoring.penalty)}"


def _sentence(rule: str, gradings: dict[str, Grading]) -> str:
    more = max(near.more for near in gradings.values())
    less = max(near.less for near in gradings.values())
    extent = " or ".join(f"{_percent(share)} {word}" for share, word in ((more, "more"), (less, "less")) if share)
    return (
        f"Moodle cannot score {rule} exactly: there an answer can earn up to {extent} of a question's points "
        f"than on paper ({_listed(dict.fromkeys(gradings, ''))})"
    )


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):.3g} %"


def _listed(found: dict[str, str]) -> str:
    """The first questions by name, each with its figures."""
    named = ", ".join(f"{name}{figures}" for name, figures in list(found.items())[:_NAMED])
    return named + (f" and {len(found) - _NAMED} others" if len(found) > _NAMED else "")


def _reasons(paper: Paper, question: Question, *, in_quiz: bool) -> Iterator[tuple[str, str]]:
    """What is otherwise with a question, and the figures that belong to it."""
    if isinstance(paper, Pool) and question.id in paper.pinned:
        yield "Moodle cannot keep one choice in its place and shuffle the others, so it shuffles none of them", ""
    match question.response:
        case Matching() as matching:
            yield from ((reason, "") for reason in _lost(matching))
        case Cloze() as gaps:
            yield from () if in_quiz else _uneven(question, gaps)
            if any(map(cloze.shows_pictures, gaps.gaps)):
                yield (
                    "Moodle has no pictures in the choices of a cloze question: their alternative texts stand there",
                    "",
                )
        case _:
            return


def _uneven(question: Question, gaps: Cloze) -> Iterator[tuple[str, str]]:
    there = Decimal(cloze.weight(question.points, gaps) * len(gaps.gaps))
    if there != question.points:
        reason = "Moodle gives each gap of a cloze question whole points; set the question's mark in the quiz itself"
        yield reason, f": {there} points, not {question.points.normalize():f}"


def _lost(matching: Matching) -> Iterator[str]:
    """What becomes of options in Moodle, which shows them as one line of plain text each."""
    texts = [option.text for option in matching.options]
    lines = Counter(map(option_line, texts))
    if not all(map(_is_plain, texts)):
        yield "Moodle shows the options of matching questions as plain text, without code, formulas, pictures or stress"
    if any(len(" ".join(to_plain(text).split())) > LONGEST_OPTION for text in texts):
        yield f"Moodle shows no more than {LONGEST_OPTION} letters of a matching question's options"
    if max(lines.values()) > 1:
        yield "Moodle takes options of a matching question that read alike as plain text for one"


def _is_plain(blocks: Blocks) -> bool:
    return all(isinstance(part, Paragraph | Text) for part in walk(blocks))
