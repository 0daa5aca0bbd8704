"""What has to be laid out for booklets: questions and stimuli, each under what tells it from others of its paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from quizgen.paper import Choice, Cloze, Group, Lines, Matching, Ordering, Paper, Question, Section
from quizgen.paper.texts import map_question, shown
from quizgen.press import cache
from quizgen.press.marking import fragments, marked
from quizgen.richtext import images, map_inlines, parse, walk
from quizgen.richtext.tree import CHOICE, Image, Reference
from quizgen.writers.pdf.documents import booklet_html

if TYPE_CHECKING:
    from quizgen.richtext.tree import Blocks, Inline, Inlines
    from quizgen.templates import Templates

MOST = 20  # questions that are laid out at a time: more take more memory, and fewer more time
_HUNDRED = 100  # numbers from here on are set smaller
_STUB = Question(0, "", parse("0"), Lines(1), Decimal(1))
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Key:
    """What papers know a question's layout by: its section and id, the order of parts that cannot be placed one by one.

    `many`: its number has three digits; `lengths`: those of the numbers of figures and the labels that it shows. A
    stimulus is known by the id of each of its questions.
    """

    section: int
    id: str
    order: tuple[str, ...] = ()
    many: bool = False
    lengths: tuple[int, ...] = ()
    is_stimulus: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question to be laid out, or a stimulus, with all keys that it goes by."""

    keys: tuple[Key, ...]
    question: Question | None
    stimulus: Blocks = ()

    @property
    def options(self) -> tuple[str, ...]:
        """The ids of its choices as they are laid out."""
        response = self.question.response if self.question else None
        return tuple(option.id for option in response.options) if isinstance(response, Choice) else ()


@dataclass(frozen=True, slots=True)
class Batch:
    """Questions and stimuli that are laid out together, on a paper of their own, with the names of their records."""

    paper: Paper
    names: tuple[str, ...]

    @property
    def whole(self) -> frozenset[int]:
        """The places of the questions that are moved as one."""
        questions = enumerate(self.paper.questions)
        return frozenset(place for place, question in questions if not isinstance(question.response, Choice))


def labels(texts: Iterable[Blocks]) -> tuple[str, ...]:
    """The numbers of figures and the labels of choices that texts show, in their order."""
    parts = (part for text in texts for part in walk(text))
    return tuple(part.label for part in parts if isinstance(part, Reference | Image) and part.label)


def key(section: int, question: Question, *, figured: bool) -> Key:
    """A question's key; `figured`: its texts may show numbers of figures or labels."""
    lengths = tuple(map(len, labels(shown(question)))) if figured else ()
    return Key(section, question.id, _order(question), question.number >= _HUNDRED, lengths)


def stimulus_key(section: int, group: Group, *, figured: bool) -> Key:
    """The key of a group's stimulus, by its first question."""
    lengths = tuple(map(len, labels([group.stimulus]))) if figured else ()
    return Key(section, group.questions[0].id, lengths=lengths, is_stimulus=True)


def _order(question: Question) -> tuple[str, ...]:
    """What of a question's order its blocks have fixed: nothing where choices are placed one by one."""
    match question.response:
        case Matching(_, options):
            return tuple(option.id for option in options)
        case Ordering(items):
            return tuple(str(item.place) for item in items)
        case Cloze(gaps):
            chosen = (gap.response for gap in gaps if isinstance(gap.response, Choice))
            return tuple(option.id for choice in chosen for option in choice.options)
        case _:
            return ()


def all_wanted(first: Paper, questions: Paper) -> tuple[Wanted, ...]:
    """What is laid out for the papers of an exam, of which `questions` asks all that any asks.

    Figures are numbered from 1 on each paper: where the first has ten, each is laid out with either length.
    """
    long = any(len(number) > 1 for label in labels(_all_texts(first)) for number in _NUMBER.findall(label))
    many = len(first.questions) >= _HUNDRED
    found: dict[tuple[Key, ...], Wanted] = {}
    for section in questions.sections:
        for group in section.groups:
            for change in map(_numbering, ("8", "88") if long else ("8",)):
                changed = replace(
                    group,
                    stimulus=change(group.stimulus),
                    questions=tuple(map_question(question, change) for question in group.questions),
                )
                for one in wanted(section.number, changed, (1, _HUNDRED) if many else (1,)):
                    found.setdefault(one.keys, one)
    return tuple(found.values())


def wanted(section: int, group: Group, numbers: Sequence[int] = ()) -> Iterator[Wanted]:
    """A group's stimulus and questions, these with their own numbers or with each of others."""
    if group.stimulus:
        own = stimulus_key(section, group, figured=True)
        yield Wanted(tuple(replace(own, id=question.id) for question in group.questions), None, group.stimulus)
    for question in group.questions:
        for number in numbers or (question.number,):
            one = replace(question, number=number)
            yield Wanted((key(section, one, figured=True),), one)


def _all_texts(paper: Paper) -> Iterator[Blocks]:
    for section in paper.sections:
        for group in section.groups:
            yield group.stimulus
            for question in group.questions:
                yield from shown(question)


def _numbering(digits: str) -> Callable[[Blocks], Blocks]:
    """What gives the numbers of figures as many digits as these."""

    def one(inline: Inline) -> Inlines:
        match inline:
            case Image(label=label) if label:
                return (replace(inline, label=_NUMBER.sub(digits, label)),)
            case Reference(name, label) if label and not name.startswith(CHOICE):
                return (replace(inline, label=_NUMBER.sub(digits, label)),)
            case _:
                return (inline,)

    return lambda text: map_inlines(text, one) if labels([text]) else text


def batch(questions: Paper, found: Sequence[Wanted], names: Sequence[str] = ()) -> Batch:
    """What is wanted on a paper of its own; `questions` tells the rest of it."""
    numbered = [_numbered(one, place) for place, one in enumerate(found, start=1)]
    sections = tuple(
        Section(number, "", tuple(group for _, group in groups))
        for number, groups in groupby(numbered, key=lambda pair: pair[0])
    )
    printing = replace(questions.printing, cover=False, working=0, back_cover=False, editions=())
    own = replace(
        questions,
        sections=sections,
        student=None,
        variant="",
        instructions=(),
        translation=None,
        printing=printing,
    )
    shown_here = {image.source for text in _all_texts(own) for _, image in images(text)}
    pictures = {name: one for name, one in questions.pictures.items() if name in shown_here}
    return Batch(replace(own, pictures=pictures), tuple(names))


def _numbered(one: Wanted, place: int) -> tuple[int, Group]:
    """The section and the group of something wanted; a stimulus does not stand without a question."""
    section = one.keys[0].section
    if one.question is None:
        return section, Group((replace(_STUB, number=place),), one.stimulus)
    number = place + (_HUNDRED - 1 if one.question.number >= _HUNDRED else 0)
    return section, Group((replace(one.question, number=number),))


def html_of(found: Batch, templates: Templates) -> str:
    """The paper's HTML."""
    return booklet_html(found.paper, templates)


def names_of(questions: Paper, found: Sequence[Wanted], templates: Templates, stamp: str) -> Iterator[str]:
    """The name of each record: a hash of its HTML and of all that tells how it is laid out."""
    for start in range(0, len(found), 3 * MOST):
        own = found[start : start + 3 * MOST]
        made = batch(questions, own)
        html, parts = marked(html_of(made, templates), made.whole)
        kept = iter(own)
        one = next(kept)
        for kind, head, fragment in fragments(html, parts):
            if one.question is None and kind == "question":
                one = next(kept, one)
                continue
            yield cache.key("record", stamp, kind, head, fragment)
            if one.question is not None:
                one = next(kept, one)


def spread(names: Sequence[str], found: Sequence[Wanted]) -> list[str]:
    """The names of records by the members of the flow that a batch lays out: none for those that nobody wants."""
    pairs = ((name,) if one.question is not None else (name, "") for name, one in zip(names, found, strict=True))
    return [name for pair in pairs for name in pair]


def batches(questions: Paper, found: Mapping[str, Wanted]) -> Iterator[Batch]:
    """What is wanted, by the names of its records, a batch at a time."""
    names = sorted(found, key=lambda name: found[name].keys[0].section)
    for start in range(0, len(names), MOST):
        own = names[start : start + MOST]
        some = [found[name] for name in own]
        yield batch(questions, some, spread(own, some))
