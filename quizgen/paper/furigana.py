"""The edition with furigana: a paper's texts with readings over the kanji that its readers have not learnt."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from quizgen.paper.texts import map_group
from quizgen.richtext.furigana import annotated, with_furigana

if TYPE_CHECKING:
    from collections.abc import Callable

    from quizgen.paper.exam import Group, Paper
    from quizgen.richtext.furigana import Readings
    from quizgen.richtext.tree import Blocks, Inlines


def read_aloud(paper: Paper) -> Paper:
    """The paper with readings, a question's as its bank gives them: done before `without_key`, which hides the bank."""
    own = _change(paper)
    sections = tuple(
        replace(
            section,
            text=own(section.text),
            groups=tuple(map_group(group, _change(paper, _bank(group))) for group in section.groups),
        )
        for section in paper.sections
    )
    translation = read_aloud(paper.translation) if paper.translation else None
    return replace(paper, instructions=own(paper.instructions), sections=sections, translation=translation)


def words_aloud(paper: Paper) -> Callable[[str], Inlines]:
    """What gives a line of the paper, such as a title, its readings."""
    furigana = paper.printing.furigana
    return lambda text: annotated(text, furigana.grade, furigana.readings)


def _bank(group: Group) -> str:
    return group.questions[0].id.partition("/")[0]


def _change(paper: Paper, bank: str = "") -> Callable[[Blocks], Blocks]:
    furigana = paper.printing.furigana
    readings: Readings = (*dict(furigana.banks).get(bank, ()), *furigana.readings)
    return lambda blocks: with_furigana(blocks, furigana.grade, readings)
