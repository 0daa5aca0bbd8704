"""Lowering question types to response kinds: what the author wrote becomes what a student does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import assert_never

from quizgen import paper
from quizgen.language import GAP_LABELS, Language, catalog
from quizgen.model import (
    Choice,
    ClozeBlank,
    ClozeQuestion,
    EssayQuestion,
    MatchingQuestion,
    MultipleQuestion,
    NumericalQuestion,
    OrderingQuestion,
    Question,
    ShortAnswerQuestion,
    SingleQuestion,
    TrueFalseQuestion,
    in_language,
)
from quizgen.richtext.tree import Blocks, Paragraph, Text

# Makes a tree of an author's text in the paper's language, its images resolved.
Parse = Callable[[str | None], Blocks]
Labels = Sequence[str]


def response(
    question: Question, order: Sequence[str], labels: Labels, language: Language, parse: Parse
) -> paper.Response:
    """The response to a question whose shuffled parts stand in this order."""
    match question:
        case SingleQuestion() | MultipleQuestion():
            options = _options(question.choices, order, question.answer, labels, parse)
            return paper.Choice(options, isinstance(question, MultipleQuestion), question.columns or 0)
        case TrueFalseQuestion():
            return _truth(question, labels, language)
        case ShortAnswerQuestion():
            return paper.Blank(tuple(question.answer), question.match_case)
        case NumericalQuestion():
            return _number(question, language)
        case MatchingQuestion():
            return _matching(question, order, labels, parse)
        case OrderingQuestion():
            return paper.Ordering(tuple(_items(question, order, labels, parse)))
        case EssayQuestion():
            return paper.Lines(question.lines)
        case ClozeQuestion():
            return paper.Cloze(tuple(_gaps(question, order, labels, parse)))
        case _:
            assert_never(question)


def _options(
    choices: Mapping[str, Choice], order: Sequence[str], answer: Sequence[str], labels: Labels, parse: Parse
) -> tuple[paper.Option, ...]:
    return tuple(
        paper.Option(
            id=label,
            label=printed,
            text=parse(choices[label].text),
            right=label in answer,
            feedback=parse(choices[label].feedback),
        )
        for printed, label in zip(labels, order, strict=False)
    )


def _truth(question: TrueFalseQuestion, labels: Labels, language: Language) -> paper.Choice:
    words = catalog(language).gettext
    told = (("true", words("True"), question.answer), ("false", words("False"), not question.answer))
    options = tuple(
        paper.Option(name, label, (Paragraph((Text(word),)),), right)
        for label, (name, word, right) in zip(labels, told, strict=False)
    )
    return paper.Choice(options, many=False)


def _number(question: NumericalQuestion, language: Language) -> paper.Blank:
    return paper.Blank(
        (str(question.answer),),
        tolerance=question.tolerance,
        unit=in_language(question.unit or "", language),
        digits=question.digits or 0,
    )


def _matching(question: MatchingQuestion, order: Sequence[str], labels: Labels, parse: Parse) -> paper.Matching:
    label_of = dict(zip(order, labels, strict=False))
    used = {right for _, right in question.sides}
    options = tuple(paper.Option(side, label, parse(side), side in used) for side, label in label_of.items())
    stems = tuple(
        paper.Stem(number, parse(left), label_of[right])
        for number, (left, right) in zip(GAP_LABELS, question.sides, strict=False)
    )
    return paper.Matching(stems, options)


def _items(question: OrderingQuestion, order: Sequence[str], labels: Labels, parse: Parse) -> Iterator[paper.Item]:
    for label, item in zip(labels, order, strict=False):
        yield paper.Item(label, parse(item), question.items.index(item) + 1)


def _gaps(question: ClozeQuestion, order: Sequence[str], labels: Labels, parse: Parse) -> Iterator[paper.Gap]:
    for number, (name, blank) in zip(GAP_LABELS, question.blanks.items(), strict=False):
        own = [identity.partition("/")[2] for identity in order if identity.partition("/")[0] == name]
        yield paper.Gap(number, _gap(blank, own, labels, parse))


def _gap(blank: ClozeBlank, order: Sequence[str], labels: Labels, parse: Parse) -> paper.Blank | paper.Choice:
    if blank.choices:
        return paper.Choice(_options(blank.choices, order, blank.answer, labels, parse), many=False)
    return paper.Blank(tuple(blank.answer), blank.match_case, blank.tolerance)
