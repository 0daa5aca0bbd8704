"""References to choices: an explanation that speaks of a choice prints the label that it has on this paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from quizgen.language import catalog
from quizgen.paper.response import Choice
from quizgen.paper.texts import map_question
from quizgen.richtext import map_inlines
from quizgen.richtext.plain import to_plain
from quizgen.richtext.tree import CHOICE, Paragraph, Reference, Text

if TYPE_CHECKING:
    from quizgen.paper.exam import Question
    from quizgen.paper.response import Option
    from quizgen.richtext.tree import Inline, Inlines


def with_labels(question: Question) -> Question:
    """The question with each reference to a choice labelled as the choice is printed."""
    return _changed(question, lambda option: (Reference(f"{CHOICE}{option.id}", option.label),))


def with_texts(question: Question, language: str) -> Question:
    """The question with each reference to a choice replaced by the choice's text in quotes.

    So it is read where choices are shuffled anew and nobody knows their labels.
    """
    quote = catalog(language).gettext("“%(text)s”")

    def quoted(option: Option) -> Inlines:
        before, after = quote.split("%(text)s")
        return (Text(before), *_line(option), Text(after))

    return _changed(question, quoted)


def _line(option: Option) -> Inlines:
    match option.text:
        case (Paragraph(content),):
            return content
        case text:
            return (Text(" ".join(to_plain(text).split())),)


def _changed(question: Question, shown: Callable[[Option], Inlines]) -> Question:
    if not isinstance(question.response, Choice):
        return question
    options = {f"{CHOICE}{option.id}": option for option in question.response.options}

    def one(inline: Inline) -> Inlines:
        match inline:
            case Reference(name) if name in options:
                return shown(options[name])
            case _:
                return (inline,)

    return map_question(question, lambda blocks: map_inlines(blocks, one))
