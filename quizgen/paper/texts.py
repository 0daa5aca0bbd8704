"""The texts of a paper: which of them students see, and the same paper with each text changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from quizgen.paper.exam import Group, Question
from quizgen.paper.response import Blank, Choice, Cloze, Lines, Matching, Option, Ordering, Response

if TYPE_CHECKING:
    from quizgen.richtext.tree import Blocks

    Change = Callable[[Blocks], Blocks]


def shown(question: Question) -> Iterator[Blocks]:
    """What students read of a question, in printed order."""
    yield question.text
    yield from (text for text, _ in _answerable(question.response))


def hidden(question: Question) -> Iterator[Blocks]:
    """What only teachers read of a question: feedback and the explanation."""
    yield from (feedback for _, feedback in _answerable(question.response) if feedback)
    yield question.explanation


def _answerable(response: Response) -> Iterator[tuple[Blocks, Blocks]]:
    """What a response offers, each text with its feedback."""
    match response:
        case Choice(options):
            yield from ((option.text, option.feedback) for option in options)
        case Matching(stems, options):
            yield from ((stem.text, ()) for stem in stems)
            yield from ((option.text, option.feedback) for option in options)
        case Ordering(items):
            yield from ((item.text, ()) for item in items)
        case Cloze(gaps):
            for gap in gaps:
                yield from _answerable(gap.response)
        case Blank() | Lines():
            pass
        case _:
            assert_never(response)


def map_group(group: Group, change: Change) -> Group:
    """The group with every text changed."""
    questions = tuple(map_question(question, change) for question in group.questions)
    return replace(group, stimulus=change(group.stimulus), questions=questions)


def map_question(question: Question, change: Change) -> Question:
    """The question with every text changed."""
    response, explanation = _mapped(question.response, change), change(question.explanation)
    return replace(question, text=change(question.text), response=response, explanation=explanation)


def _mapped(response: Response, change: Change) -> Response:
    match response:
        case Choice():
            return _mapped_choice(response, change)
        case Matching(stems, options):
            left = tuple(replace(stem, text=change(stem.text)) for stem in stems)
            return Matching(left, tuple(_mapped_option(option, change) for option in options))
        case Ordering(items):
            return Ordering(tuple(replace(item, text=change(item.text)) for item in items))
        case Cloze(gaps):
            return Cloze(
                tuple(
                    replace(gap, response=_mapped_choice(gap.response, change))
                    if isinstance(gap.response, Choice)
                    else gap
                    for gap in gaps
                )
            )
        case Blank() | Lines():
            return response
        case _:
            assert_never(response)


def _mapped_choice(choice: Choice, change: Change) -> Choice:
    return replace(choice, options=tuple(_mapped_option(option, change) for option in choice.options))


def _mapped_option(option: Option, change: Change) -> Option:
    return replace(option, text=change(option.text), feedback=change(option.feedback))
