"""Figures of a paper: numbered in printed order, and named by their numbers where texts refer to them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from quizgen.language import catalog
from quizgen.paper.exam import Group, Paper, Question
from quizgen.paper.texts import hidden, map_question, shown
from quizgen.richtext import images, map_inlines
from quizgen.richtext.tree import Image, Reference

if TYPE_CHECKING:
    from quizgen.paper.worksheet import Assignment
    from quizgen.richtext.tree import Blocks, Inline, Inlines

Labels = Mapping[str, str]


def numbered(paper: Paper, concerned: Collection[str]) -> Paper:
    """The paper with its figures numbered from 1, those that only teachers see after all others.

    An id belongs to its question, or to all questions under one stimulus. `concerned` are the questions by id that
    have figures or refer to any.
    """
    numbers = _Numbers(paper.language)
    front = numbers.add({}, [paper.instructions])
    leads: list[dict[str, str]] = []
    scopes: list[dict[str, str]] = []
    for section in paper.sections:
        leads.append(numbers.add({}, [section.text]))
        scopes += [numbers.add({}, _shown(group, concerned)) for group in section.groups]
    groups = [group for section in paper.sections for group in section.groups]
    for scope, group in zip(scopes, groups, strict=True):
        numbers.add(scope, (text for question in _of(group, concerned) for text in hidden(question)))
    done = iter([_labelled(group, scope, concerned) for group, scope in zip(groups, scopes, strict=True)])
    sections = tuple(
        replace(section, text=labelled(lead)(section.text), groups=tuple(next(done) for _ in section.groups))
        for section, lead in zip(paper.sections, leads, strict=True)
    )
    return replace(paper, instructions=labelled(front)(paper.instructions), sections=sections)


def numbered_alone(question: Question, stimulus: Blocks, language: str) -> tuple[Question, Blocks]:
    """A question with its stimulus, the figures numbered as if there were no other question."""
    scope = _Numbers(language).add({}, (stimulus, *shown(question), *hidden(question)))
    change = labelled(scope)
    return map_question(question, change), change(stimulus)


def numbered_assignment(assignment: Assignment, language: str) -> Assignment:
    """An assignment with its figures numbered from 1, those of the solution last."""
    one = assignment
    texts = (one.goal, *one.prerequisites, one.steps, one.submit, one.cost, one.cleanup, one.solution)
    change = labelled(_Numbers(language).add({}, texts))
    return replace(
        one,
        goal=change(one.goal),
        prerequisites=tuple(map(change, one.prerequisites)),
        steps=change(one.steps),
        submit=change(one.submit),
        cost=change(one.cost),
        cleanup=change(one.cleanup),
        solution=change(one.solution),
    )


def _of(group: Group, concerned: Collection[str]) -> Iterator[Question]:
    return (question for question in group.questions if question.id in concerned)


def _shown(group: Group, concerned: Collection[str]) -> Iterator[Blocks]:
    yield group.stimulus
    for question in _of(group, concerned):
        yield from shown(question)


def _labelled(group: Group, labels: Labels, concerned: Collection[str]) -> Group:
    """The group with labels on figures and references; itself where it has none."""
    if not labels:
        return group
    change = labelled(labels)
    questions = (map_question(one, change) if one.id in concerned else one for one in group.questions)
    return Group(tuple(questions), change(group.stimulus))


class _Numbers:
    """The next number, and how a number is printed."""

    def __init__(self, language: str) -> None:
        self._words = catalog(language)
        self._next = count(1)

    def add(self, labels: dict[str, str], texts: Iterable[Blocks]) -> dict[str, str]:
        """The labels with those of the texts' figures that have none yet."""
        for text in texts:
            for _, image in images(text):
                if image.is_figure and _name(image) not in labels:
                    labels[_name(image)] = self._words.gettext("Figure %(number)s") % {"number": next(self._next)}
        return labels


def _name(image: Image) -> str:
    # "#" is in no file's name that a picture can have in a paper.
    return f"#{image.id}" if image.id else image.source


def labelled(labels: Labels) -> Callable[[Blocks], Blocks]:
    """What gives figures and references their labels."""

    def one(inline: Inline) -> Inlines:
        match inline:
            case Image() if inline.is_figure:
                return (replace(inline, label=labels[_name(inline)]),)
            case Reference(name):
                return (replace(inline, label=labels.get(f"#{name}", inline.label)),)
            case _:
                return (inline,)

    return lambda blocks: map_inlines(blocks, one) if labels else blocks
