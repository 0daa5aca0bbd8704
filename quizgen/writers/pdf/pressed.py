"""Booklets from the press: an exam's questions laid out once, each paper imposed from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from quizgen.paper import Choice, Paper, Student, rows
from quizgen.paper.texts import shown
from quizgen.press import cache as kept
from quizgen.press.bank import Bank, Heads, Static
from quizgen.press.blocks import Block, QuestionBlocks, Slot
from quizgen.press.cache import Cache, Form
from quizgen.press.composing import composed
from quizgen.press.fields import Faces, Field, Glyph
from quizgen.press.frame import Around, Texts, around
from quizgen.press.imposing import SLACK, Frame, Item, height
from quizgen.press.joining import Joint, extended, joined
from quizgen.press.measure import Margins, UnpressableError
from quizgen.press.pieces import Box, Piece
from quizgen.press.proof import difference
from quizgen.press.records import Record, Refusal, recorded
from quizgen.press.structure import Element
from quizgen.press.typefaces import Embedded, Typeface
from quizgen.richtext import walk
from quizgen.richtext.tree import Image, Reference
from quizgen.writers.pdf.cutting import Cutter
from quizgen.writers.pdf.documents import booklet_html
from quizgen.writers.pdf.press import Press
from quizgen.writers.pdf.stubs import figure_of_stubs, frame_texts, sampled, stubbed, values
from quizgen.writers.pdf.typefaces import Painter
from quizgen.writers.pdf.wanted import (
    Batch,
    Key,
    Wanted,
    all_wanted,
    batches,
    html_of,
    key,
    names_of,
    stimulus_key,
    wanted,
)

if TYPE_CHECKING:
    from quizgen.paper import Group, Option, Question
    from quizgen.richtext.tree import Blocks
    from quizgen.templates import Templates

_FIGURES = ("figure-number", "reference")
_FORM = Form(
    Around, Bank, Static, Heads, Field, Faces, Glyph, Box, Piece, Margins, Frame, Block, Slot, QuestionBlocks, Element,
    Record, Refusal, Typeface, Embedded,
)  # fmt: skip


@dataclass(frozen=True)
class Pressed:
    """What an exam's booklets are imposed from: blocks of questions and stimuli by their keys, and what is around.

    `places` tell the record of each key, and the choices' ids in its order; `figured`, whether a question or stimulus
    shows numbers of figures or labels. `more` is the same for papers that ask what most do not.
    """

    joint: Joint
    places: Mapping[Key, tuple[str, tuple[str, ...]]]
    figured: Mapping[tuple[int, str, bool], bool]
    numbers: tuple[tuple[str, tuple[int, str]], ...]
    frame: tuple[object, ...]
    more: Pressed | None = field(default=None, compare=False)

    def key(self, section: int, question: Question) -> Key:
        """A question's key."""
        return key(section, question, figured=self.figured.get((section, question.id, False), True))

    def stimulus_key(self, section: int, group: Group) -> Key:
        """The key of a group's stimulus."""
        figured = self.figured.get((section, group.questions[0].id, True), True)
        return stimulus_key(section, group, figured=figured)


def unprepared(
    first: Paper, questions: Paper, students: Sequence[Student], templates: Templates, cache: Cache
) -> tuple[Batch | Texts, ...]:
    """What still has to be laid out for an exam's booklets, piece by piece: what `lay_out` takes."""
    if cache.folder is None:
        return ()
    try:
        _refuse(first)
        press = _press(first, questions, templates)
        found = _named(press, questions, all_wanted(first, questions), templates)
    except UnpressableError:
        return ()
    texts = frame_texts(first, questions, students, templates)
    frame = () if _frame_name(press, texts) in cache else (texts,)
    missing = {name: one for name, one in found if name not in cache}
    return (*frame, *batches(questions, missing))


def lay_out(first: Paper, piece: Batch | Texts, templates: Templates, cache: Cache) -> None:
    """Lay out a piece of what `unprepared` told, and keep it."""
    if isinstance(piece, Batch):
        _records(piece, _press(piece.paper, piece.paper, templates), templates, cache)
    else:
        _around(piece, _press(first, first, templates), cache)


def prepare(
    first: Paper, questions: Paper, students: Sequence[Student], templates: Templates, cache: Cache | None = None
) -> tuple[Pressed, tuple[str, ...]]:
    """The press for an exam, of which `questions` asks all that any paper asks; `students` tell what has to be set.

    Also told is what questions cannot be imposed. Raises UnpressableError when none of these papers can be, or comes
    out otherwise than laid out by itself.
    """
    _refuse(first)
    cache = cache or Cache()
    press = _press(first, questions, templates)
    texts = frame_texts(first, questions, students, templates)
    frame = _around(texts, press, cache)
    found = _named(press, questions, all_wanted(first, questions), templates)
    records = _found(dict(found), questions, press, templates, cache)
    joint = _fitting(joined(frame, records, partial(_embedded, press, cache)))
    made = Pressed(joint, *_places(found), frame.numbers, _shape(first))
    proof = kept.key("proof", _frame_name(press, texts))
    if proof not in cache:  # where it is, papers with this frame came out as laid out by themselves
        sample = _without_refused(made, sampled(first, students, 2))
        if astray := difference(
            booklet(completed(made, [sample], templates), sample), press.pdf(booklet_html(sample, templates))
        ):
            raise UnpressableError(astray)
        cache.put(proof, b"")
    return made, tuple(_refused(made))


def _fitting(joint: Joint) -> Joint:
    """The same with what is higher than a page refused."""
    room = joint.bank.frame.bottom - joint.bank.frame.top + SLACK

    def fits(record: Record) -> bool:
        blocks = record.blocks
        return height(Item(record.kind, blocks, tuple(range(len(blocks.choices))))) <= room

    high = Refusal("it is higher than a page")
    records = {name: one if isinstance(one, Refusal) or fits(one) else high for name, one in joint.records.items()}
    return replace(joint, records=records)


def _without_refused(made: Pressed, paper: Paper) -> Paper:
    """The paper with next to nothing in place of what cannot be imposed."""

    def is_refused(section: int, group: Group) -> bool:
        names = [made.places[own][0] for own in _keys(made, section, group) if own in made.places]
        return any(isinstance(made.joint.records[name], Refusal) for name in names)

    sections = (
        replace(
            section,
            groups=tuple(
                stubbed(group, "stub-") if is_refused(section.number, group) else group for group in section.groups
            ),
        )
        for section in paper.sections
    )
    return replace(paper, sections=tuple(sections))


def _refused(made: Pressed) -> Iterator[str]:
    refused = {name: one.why for name, one in made.joint.records.items() if isinstance(one, Refusal)}
    for own, (name, _) in made.places.items():
        if why := refused.pop(name, ""):
            what = "the stimulus of " if own.is_stimulus else ""
            yield f"each booklet with {what}question {own.id} is laid out by itself, which takes longer: {why}"


def completed(pressed: Pressed, papers: Iterable[Paper], templates: Templates) -> Pressed:
    """The press with what else these papers ask, which is laid out now; it is the same whatever was laid out before."""
    missing = _missing(pressed, papers)
    if not missing:
        return pressed
    first = next(iter(missing.values()))[1]
    pictures = {name: one for _, paper in missing.values() for name, one in paper.pictures.items()}
    whole = replace(first, pictures=pictures)
    press = _press(whole, whole, templates)
    found = _named(press, whole, tuple(one for one, _ in missing.values()), templates)
    new = {name: one for name, one in found if name not in pressed.joint.records}
    records = _found(new, whole, press, templates, Cache())
    joint = extended(pressed.joint, records, press.embedded)
    places, figured = _places(found)
    more = replace(pressed, joint=joint, places={**pressed.places, **places}, figured={**figured, **pressed.figured})
    return replace(pressed, more=more)


def laid_out(pressed: Pressed, papers: Iterable[Paper]) -> int:
    """How many questions and stimuli have to be laid out for these papers alone."""
    return len(_missing(pressed, papers))


def _missing(pressed: Pressed, papers: Iterable[Paper]) -> dict[Key, tuple[Wanted, Paper]]:
    found: dict[Key, tuple[Wanted, Paper]] = {}
    for paper in papers:
        for section in paper.sections:
            for group in section.groups:
                if all(own in pressed.places for own in _keys(pressed, section.number, group)):
                    continue
                for one in wanted(section.number, group):
                    if one.keys[0] not in pressed.places:
                        found.setdefault(one.keys[0], (one, paper))
    return found


def _keys(pressed: Pressed, section: int, group: Group) -> Iterator[Key]:
    if group.stimulus:
        yield pressed.stimulus_key(section, group)
    for question in group.questions:
        yield pressed.key(section, question)


def _press(first: Paper, questions: Paper, templates: Templates) -> Press:
    pictures = {**questions.pictures, **first.pictures, **figure_of_stubs()}
    return Press(templates, pictures, first.printing.size)


def _named(press: Press, questions: Paper, asked: Sequence[Wanted], templates: Templates) -> list[tuple[str, Wanted]]:
    """What is wanted, each with the name of its record; one may serve several."""
    names = list(names_of(questions, asked, templates, press.stamp))
    if len(names) != len(asked):
        raise UnpressableError("not every question is printed as one")
    return list(zip(names, asked, strict=True))


def _places(
    found: Iterable[tuple[str, Wanted]],
) -> tuple[dict[Key, tuple[str, tuple[str, ...]]], dict[tuple[int, str, bool], bool]]:
    """The record of each key with its choices' order, and which questions and stimuli show labels."""
    places = {own: (name, one.options) for name, one in found for own in one.keys}
    return places, {(own.section, own.id, own.is_stimulus): bool(own.lengths) for own in places}


def _found(
    wanted_ones: Mapping[str, Wanted], questions: Paper, press: Press, templates: Templates, cache: Cache
) -> dict[str, Record | Refusal]:
    """Records by their names, from the cache or laid out now, in the order in which they are wanted."""
    have = {name: _FORM.read(cache.get(name)) for name in wanted_ones}
    missing = {name: one for name, one in wanted_ones.items() if not isinstance(have[name], Record | Refusal)}
    for piece in batches(questions, missing):
        have |= _records(piece, press, templates, cache)
    return have


def _records(piece: Batch, press: Press, templates: Templates, cache: Cache) -> dict[str, Record | Refusal]:
    """Lay out a batch."""
    html = html_of(piece, templates)
    with press.watched("questions", html):
        made = recorded(html, piece.whole, piece.names, press.laid_out, Painter(), Cutter)
    for name, record in made.items():
        cache.put(name, _FORM.written(record))
    return made


def _frame_name(press: Press, texts: Texts) -> str:
    return kept.key("frame", press.stamp, texts.paper, texts.other, texts.characters)


def _around(texts: Texts, press: Press, cache: Cache) -> Around:
    """The frame, from the cache or laid out now."""
    name = _frame_name(press, texts)
    found = _FORM.read(cache.get(name))
    if not isinstance(found, Around):
        with press.watched("the pages around questions", texts.characters):
            found = around(texts, press.laid_out, Painter())
        cache.put(name, _FORM.written(found))
    return found


def _embedded(press: Press, cache: Cache, font: str, typeface: Typeface) -> Embedded:
    """A font, from the cache or put together now."""
    name = kept.key("font", press.stamp, font, _FORM.written(typeface))
    found = _FORM.read(cache.get(name))
    if not isinstance(found, Embedded):
        found = press.embedded(font, typeface)
        cache.put(name, _FORM.written(found))
    return found


def booklet(pressed: Pressed, paper: Paper) -> bytes:
    """A paper's booklet; raises UnpressableError when it has to be laid out by itself."""
    if _shape(paper) != pressed.frame:
        raise UnpressableError("the paper has other headings than the rest")
    if pressed.more and _missing(pressed, [paper]):
        return booklet(pressed.more, paper)
    return composed(pressed.joint.bank, tuple(_items(pressed, paper)), values(paper))


def _refuse(paper: Paper) -> None:
    look = paper.printing
    if not look.cover and look.sections == "right":
        raise UnpressableError("sections begin on right-hand pages, and the first one has no cover before it")
    if look.answers == "booklet":
        raise UnpressableError("answers are written in the booklet")


def _shape(paper: Paper) -> tuple[object, ...]:
    """What stands around the questions, and is alike on all papers that are imposed from the same blocks."""
    marked = rows(paper)
    ends = [question.number for section in paper.sections for question in section.questions[-1:]]
    sections = tuple(
        (section.title, section.text, section.points, len(section.questions)) for section in paper.sections
    )
    return sections, tuple(sum(row.question <= end for row in marked) for end in ends), paper.title, paper.points


def _items(pressed: Pressed, paper: Paper) -> Iterator[Item]:
    """The members of the flow as this paper has them; the last question stays with the end."""
    others = iter(pressed.joint.others)
    marks: dict[int, list[str]] = {}
    for row in rows(paper):
        called = str(row.number) if paper.printing.answer_numbers else row.part or str(row.question)
        marks.setdefault(row.question, []).append(called)
    last = paper.questions[-1].number
    for place, section in enumerate(paper.sections):
        if section.title or len(paper.sections) > 1:
            heading = _other(next(others), keep=True)
            yield replace(heading, begins=paper.printing.sections) if place else heading
        if section.text:
            yield _other(next(others), keep=True)
        for group in section.groups:
            if group.stimulus:
                yield _stimulus(pressed, section.number, group)
            for question in group.questions:
                item = _item(pressed, section.number, question, marks.get(question.number, []))
                yield replace(item, keep=True) if question.number == last else item
    yield _other(next(others), keep=False)


def _other(found: tuple[str, str, Block, tuple[int, str]], *, keep: bool) -> Item:
    kind, name, block, bookmark = found
    return Item(kind, QuestionBlocks(block), keep=keep, bookmark=bookmark, id=name)


def _stimulus(pressed: Pressed, section: int, group: Group) -> Item:
    blocks, slots, _ = _blocks(pressed, pressed.stimulus_key(section, group))
    return Item("stimulus", blocks, texts=(_figures(slots, group.stimulus),), keep=True)


def _blocks(pressed: Pressed, own: Key) -> tuple[QuestionBlocks, tuple[Slot, ...], tuple[str, ...]]:
    """The blocks of a key, the slots of its stem, and the ids of its choices in their order."""
    if own not in pressed.places:
        raise UnpressableError("a question was not laid out")
    name, options = pressed.places[own]
    record = pressed.joint.records[name]
    if isinstance(record, Refusal):
        raise UnpressableError(record.why)
    return record.blocks, tuple([slot for _, slot in record.blocks.stem.slots]), options


def _figures(slots: Sequence[Slot], *texts: Blocks) -> tuple[str, ...]:
    """What a block's slots say: its figures' numbers and those that it refers to, in the order of the text."""
    if not any(slot.kind in _FIGURES for slot in slots):
        return tuple(slot.text for slot in slots)
    parts = [part for text in texts for part in walk(text)]
    figures = (part for part in parts if isinstance(part, Reference | Image))
    labels = iter([part.label for part in figures if isinstance(part, Reference) or part.label])
    said = tuple(next(labels, slot.text) if slot.kind in _FIGURES else slot.text for slot in slots)
    if any(len(words) != len(slot.text) for words, slot in zip(said, slots, strict=True) if slot.kind in _FIGURES):
        raise UnpressableError("a figure's number is longer than where it was laid out")
    return said


def _item(pressed: Pressed, section: int, question: Question, marks: Sequence[str]) -> Item:
    blocks, slots, canonical = _blocks(pressed, pressed.key(section, question))
    number, bookmark = pressed.numbers[question.number - 1]
    numbered = iter(marks)
    said = _figures(slots, *(shown(question) if not blocks.choices else (question.text,)))
    stem = tuple(
        number if slot.kind == "number" else next(numbered, slot.text) if slot.kind == "mark" else words
        for slot, words in zip(slots, said, strict=True)
    )
    if not isinstance(question.response, Choice):
        return Item("question", blocks, (), (stem,), bookmark=bookmark)
    options = question.response.options
    order = tuple(canonical.index(option.id) for option in options)
    choices = (_choice(blocks.choices[place], option) for place, option in zip(order, options, strict=True))
    return Item("question", blocks, order, (stem, *choices), bookmark=bookmark)


def _choice(block: Block, option: Option) -> tuple[str, ...]:
    slots = [slot for _, slot in block.slots]
    if len(slots) == 1 and slots[0].kind == "label":  # as in nearly all, of which a paper has hundreds
        return (option.label,)
    said = _figures(slots, option.text)
    return tuple(option.label if slot.kind == "label" else words for slot, words in zip(slots, said, strict=True))
