"""A paper's questions and a worksheet's assignments as entries of Moodle's question bank."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, assert_never

from quizgen.language import LABELS
from quizgen.paper import Blank, Choice, Cloze, Lines, Matching, Ordering, Pool
from quizgen.paper.captions import numbered_alone
from quizgen.paper.references import with_texts
from quizgen.richtext.plain import to_plain
from quizgen.writers.moodle import cloze, qtypes
from quizgen.writers.moodle.accepted import number, spellings
from quizgen.writers.moodle.fractions import grading
from quizgen.writers.moodle.html import boxed, fragment, plain
from quizgen.writers.moodle.names import LONGEST_OPTION, idnumber, question_name, shortened
from quizgen.writers.moodle.xml import Fragment, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from quizgen.language import LabelStyle
    from quizgen.paper import Assignment, Paper, Question, Section
    from quizgen.richtext.tree import Blocks

# Moodle has no kana; letters are the nearest thing that counts through the choices.
_NUMBERING: dict[LabelStyle, str] = {
    "numbers": "123",
    "circled": "123",
    "letters": "abc",
    "capitals": "ABCD",
    "katakana": "abc",
    "iroha": "abc",
}
_BY_FIRST_LABEL = {labels[0]: _NUMBERING[style] for style, labels in LABELS.items()}
_LONGEST_TAG = 50
# The heights of an answer field among which the editing form lets one choose.
_HEIGHTS = (2, 3, 5, 10, 15, 20, 25, 30, 35, 40)
_NO_PENALTY = "0.0000000"  # nobody tries twice what is marked by hand

# Five of them in a row are where Moodle puts the answer field.
_FIELD = "_" * 10
_LIKE_A_FIELD = re.compile("_{5,}")
_ONE_PARAGRAPH = re.compile("<p>((?:(?!</?p).)*)</p>", re.DOTALL)


def entries(paper: Paper, section: Section, variants: Mapping[str, str]) -> Iterator[qtypes.Entry]:
    """A section's questions in printed order; `variants` holds the suffix of each question's id number."""
    # Where Moodle draws, a bank's questions are counted by themselves.
    before = section.questions[0].number - 1 if isinstance(paper, Pool) else 0
    for group in section.groups:
        for question in group.questions:
            alone, blocks = numbered_alone(question, (*section.text, *group.stimulus), paper.language)
            said = with_texts(alone, paper.language)
            common = _common(blocks, paper)
            yield _entry(paper, replace(said, number=question.number - before), common, variants[question.id])


def _common(blocks: Blocks, paper: Paper) -> Fragment:
    """What is printed once above several questions; in Moodle each of them may be asked alone."""
    return boxed(fragment(blocks, paper.pictures)) if blocks else Fragment()


def _entry(paper: Paper, question: Question, common: Fragment, variant: str) -> qtypes.Entry:
    entry = qtypes.Entry(
        name=Line(question_name(question.number, to_plain(question.text))),
        text=common + fragment(question.text, paper.pictures),
        feedback=fragment(question.explanation, paper.pictures),
        grade=grade(question.points),
        idnumber=Line(idnumber(question.id, variant)),
        body=qtypes.Cloze(),
        tags=_tags(question),
    )
    match question.response:
        case Choice() as choice:
            return replace(entry, body=_multichoice(paper, question.id, choice))
        case Blank() as blank:
            return replace(entry, text=_with_field(entry.text, blank.unit), body=_written(blank))
        case Lines(count):
            height = next((height for height in _HEIGHTS if height >= count), _HEIGHTS[-1])
            return replace(entry, body=qtypes.Essay(entry.feedback, height, attachments="0"), penalty=_NO_PENALTY)
        case Matching() as matching:
            return replace(entry, body=_matching(paper, matching))
        case Ordering(items):
            right = sorted(items, key=lambda item: item.place)
            return replace(entry, body=qtypes.Ordering(tuple(_item(paper, item.text) for item in right)))
        case Cloze() as gaps:
            each = cloze.weight(question.points, gaps)
            text = cloze.filled(entry.text, gaps, each, paper.scoring, shuffle=_shuffled(paper, question.id))
            return replace(entry, text=text, grade=grade(Decimal(each * len(gaps.gaps))))
        case _:
            assert_never(question.response)


def _shuffled(paper: Paper, question: str) -> bool:
    return isinstance(paper, Pool) and question in paper.shuffled


def _multichoice(paper: Paper, question: str, choice: Choice) -> qtypes.MultiChoice:
    return qtypes.MultiChoice(
        single="false" if choice.many else "true",
        shuffle="true" if _shuffled(paper, question) else "false",
        numbering=_BY_FIRST_LABEL.get(choice.options[0].label, "abc"),
        # "Select one or more", in the words of the student's Moodle.
        instruction="1" if choice.many else "0",
        answers=tuple(_answers(paper, choice)),
    )


def _answers(paper: Paper, choice: Choice) -> Iterator[qtypes.Answer]:
    shares = grading(choice, paper.scoring).shares
    for option, share in zip(choice.options, shares, strict=True):
        text, feedback = (fragment(blocks, paper.pictures) for blocks in (option.text, option.feedback))
        yield qtypes.Answer(f"{float(share * 100):.5f}", text, feedback)


def _with_field(text: Fragment, unit: str) -> Fragment:
    """The text of a blank, with a field before its unit; what only looks like a field is kept from being one."""
    html = _LIKE_A_FIELD.sub(lambda line: "&#95;" * len(line[0]), text.html)
    return replace(text, html=f"{html}\n<p>{_FIELD} {plain(unit)}</p>" if unit else html)


def _written(blank: Blank) -> qtypes.ShortAnswer | qtypes.Numerical:
    if blank.tolerance is None:
        return qtypes.ShortAnswer("1" if blank.match_case else "0", tuple(map(Line, spellings(blank))))
    accepted = tuple(Line(number(text)) for text in blank.accepted)
    return qtypes.Numerical(accepted, number(blank.tolerance), Line(blank.unit))


def _matching(paper: Paper, matching: Matching) -> qtypes.Matching:
    options = {option.label: Line(option_line(option.text)) for option in matching.options}
    pairs = [qtypes.Pair(fragment(stem.text, paper.pictures), options[stem.right]) for stem in matching.stems]
    used = {stem.right for stem in matching.stems}
    besides = (qtypes.Pair(Fragment(), option) for label, option in options.items() if label not in used)
    return qtypes.Matching((*pairs, *besides))


def option_line(text: Blocks) -> str:
    """An option of a matching as plain text within Moodle's length, with nothing that Moodle takes for a tag."""
    return shortened(to_plain(text), LONGEST_OPTION)


def _item(paper: Paper, text: Blocks) -> Fragment:
    """An item to be ordered; Moodle strips the paragraph of an only one."""
    item = fragment(text, paper.pictures)
    only = _ONE_PARAGRAPH.fullmatch(item.html)
    return replace(item, html=only[1]) if only else item


def _tags(question: Question) -> tuple[Line, ...]:
    names = (shortened(tag, _LONGEST_TAG) for tag in (*question.tags, question.difficulty))
    return tuple(Line(name) for name in dict.fromkeys(names) if name)


def essay(assignment: Assignment, variant: str, text: Fragment, grader: Fragment) -> qtypes.Entry:
    """An assignment, its text and what the grader sees."""
    return qtypes.Entry(
        name=Line(question_name(assignment.number, assignment.title)),
        text=text,
        feedback=Fragment(),
        grade=grade(assignment.points),
        idnumber=Line(idnumber(assignment.id, variant)),
        body=qtypes.Essay(grader),
        penalty=_NO_PENALTY,
    )


def grade(points: Decimal) -> str:
    """Points with the seven places that Moodle keeps."""
    return f"{points:.7f}"
