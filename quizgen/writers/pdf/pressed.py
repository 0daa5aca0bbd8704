"""Booklets from the press: an exam's questions laid out once, each paper imposed from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from quizgen.paper import Choice, Cloze, Matching, Ordering, Paper, Student, rows
from quizgen.paper.texts import shown
from quizgen.press.bank import Bank
from quizgen.press.blocks import Block, QuestionBlocks, Slot
from quizgen.press.building import Built, Texts, build
from quizgen.press.composing import composed
from quizgen.press.fields import Sample
from quizgen.press.imposing import Item
from quizgen.press.measure import UnpressableError
from quizgen.press.proof import difference
from quizgen.richtext import walk
from quizgen.richtext.tree import Image, Reference
from quizgen.writers.pdf.documents import booklet_html
from quizgen.writers.pdf.press import Press

if TYPE_CHECKING:
    from weasyprint import Document

    from quizgen.paper import Group, Option, Question
    from quizgen.richtext.tree import Blocks
    from quizgen.templates import Templates

Key = tuple[int, str, tuple[str, ...]]

_FIGURES = ("figure-number", "reference")
_LONGEST = 18  # columns of a name that is filled in without layout; a longer one may be set in another size


@dataclass(frozen=True)
class Pressed:
    """What an exam's booklets are imposed from: blocks of questions by section, id and order, and what is around."""

    bank: Bank
    questions: Mapping[Key, tuple[QuestionBlocks, tuple[Slot, ...], tuple[str, ...]]]
    stimuli: Mapping[tuple[int, str], tuple[Block, tuple[Slot, ...]]]
    others: tuple[tuple[str, str, Block, tuple[int, str]], ...]
    bookmarks: Mapping[str, tuple[int, str]]
    numbers: Mapping[int, str]
    frame: tuple[object, ...]


def prepare(first: Paper, questions: Paper, students: Sequence[Student], templates: Templates) -> Pressed:
    """The press for an exam, of which `questions` asks all that any paper asks; `students` are all that have one.

    Raises UnpressableError when these papers cannot be imposed, or come out otherwise than laid out by themselves.
    """
    _refuse(first)
    one, other = (_sampled(first, students, size) for size in (2, 1))
    whole = frozenset(place for place, q in enumerate(questions.questions) if not isinstance(q.response, Choice))
    texts = Texts(
        booklet_html(one, templates),
        booklet_html(other, templates),
        booklet_html(questions, templates),
        booklet_html(_with_characters(first, students), templates),
        (Sample(_values(one)), Sample(_values(other))),
        whole,
    )
    press = Press(templates, {**questions.pictures, **first.pictures}, first.printing.size)
    found = build(texts, press.laid_out, _write)
    made = _pressed(found, first, questions)
    if astray := difference(booklet(made, one), press.pdf(texts.paper)):
        raise UnpressableError(astray)
    return made


def booklet(pressed: Pressed, paper: Paper) -> bytes:
    """A paper's booklet; raises UnpressableError when it has to be laid out by itself."""
    if _frame(paper) != pressed.frame:
        raise UnpressableError("the paper has other headings than the rest")
    return composed(pressed.bank, tuple(_items(pressed, paper)), _values(paper))


def _refuse(paper: Paper) -> None:
    look = paper.printing
    if not look.cover:
        raise UnpressableError("there is no cover page")
    if look.sections != "flow":
        raise UnpressableError("sections begin on pages of their own")
    if look.answers == "booklet":
        raise UnpressableError("answers are written in the booklet")


def _pressed(found: Built, first: Paper, questions: Paper) -> Pressed:
    keys = [(section.number, question) for section in questions.sections for question in section.questions]
    blocks = {
        _key(section, question): (*parts, _canonical(question))
        for (section, question), parts in zip(keys, found.questions, strict=True)
    }
    numbers = {
        question.number: next((slot.text for slot in slots if slot.kind == "number"), "")
        for (_, question), (_, slots) in zip(keys, found.questions, strict=True)
    }
    common = iter(found.stimuli)
    stimuli = {}
    for section in questions.sections:
        for group in section.groups:
            if group.stimulus:
                block = next(common)
                stimuli.update({(section.number, question.id): block for question in group.questions})
    return Pressed(found.bank, blocks, stimuli, found.others, found.bookmarks, numbers, _frame(first))


def _frame(paper: Paper) -> tuple[object, ...]:
    """What stands around the questions, and is alike on all papers that are imposed from the same blocks."""
    sections = tuple(
        (section.title, section.text, section.points, len(section.questions)) for section in paper.sections
    )
    return sections, len(rows(paper)), paper.title, paper.points


def _sampled(paper: Paper, students: Sequence[Student], size: int) -> Paper:
    """The paper of a student who does not exist, with values as long as the longest, or half as long."""
    if not students:
        return paper

    def made(values: Sequence[str], sign: str) -> str:
        longest = min(max(map(_columns, values), default=0), _LONGEST)
        return sign * (longest * size // 4 + size) if longest else ""

    headings = [heading for heading, _ in students[0].extra]
    extra = tuple(
        (heading, made([dict(student.extra).get(heading, "") for student in students], sign))
        for heading, sign in zip(headings, "鑑鸞鵬麒麟鷹鷲鶴", strict=False)
    )
    sample = Student(
        "W" * max(2, max(len(s.id) for s in students) * size // 2),
        made([student.name for student in students], "龍"),
        extra,
    )
    return replace(paper, student=sample)


def _columns(text: str) -> int:
    return sum(1 if character.isascii() else 2 for character in text)


def _with_characters(paper: Paper, students: Sequence[Student]) -> Paper:
    """A paper on which every character stands that a value has."""
    if not students:
        return paper
    texts = [
        text for student in students for text in (student.id, student.name, *(value for _, value in student.extra))
    ]
    every = "".join(sorted(set("".join(texts)) | set("0123456789/ "))).strip()
    sections = tuple(replace(section, groups=section.groups[:1]) for section in paper.sections[:1])
    extra = tuple((heading, every) for heading, _ in students[0].extra)
    return replace(paper, sections=sections, student=Student(every, every, extra))


def _values(paper: Paper) -> dict[str, str]:
    student = paper.student
    if student is None:
        return {}
    named = {f"extra{place}": value for place, (_, value) in enumerate(student.extra)}
    return {"id": student.id, "name": student.name, **named}


def _write(document: Document) -> bytes:
    data: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return data


def _items(pressed: Pressed, paper: Paper) -> Iterator[Item]:
    """The members of the flow as this paper has them; the last question stays with the end."""
    others = iter(pressed.others)
    marks: dict[int, list[str]] = {}
    for row in rows(paper):
        called = str(row.number) if paper.printing.answer_numbers else row.part or str(row.question)
        marks.setdefault(row.question, []).append(called)
    last = paper.questions[-1].number
    for section in paper.sections:
        if section.title or len(paper.sections) > 1:
            yield _other(next(others), keep=True)
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
    block, slots = pressed.stimuli[section, group.questions[0].id]
    return Item("stimulus", QuestionBlocks(block), texts=(_figures(slots, group.stimulus),), keep=True)


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
    blocks, slots, canonical = pressed.questions[_key(section, question)]
    number = pressed.numbers[question.number]
    numbered = iter(marks)
    said = _figures(slots, *(shown(question) if not blocks.choices else (question.text,)))
    stem = tuple(
        number if slot.kind == "number" else next(numbered, slot.text) if slot.kind == "mark" else words
        for slot, words in zip(slots, said, strict=True)
    )
    bookmark = pressed.bookmarks.get(number, (0, ""))
    if not isinstance(question.response, Choice):
        return Item("question", blocks, (), (stem,), bookmark=bookmark)
    options = question.response.options
    order = tuple(canonical.index(option.id) for option in options)
    choices = (_choice(blocks.choices[place], option) for place, option in zip(order, options, strict=True))
    return Item("question", blocks, order, (stem, *choices), bookmark=bookmark)


def _choice(block: Block, option: Option) -> tuple[str, ...]:
    slots = [slot for _, slot in block.slots]
    said = _figures(slots, option.text)
    return tuple(option.label if slot.kind == "label" else words for slot, words in zip(slots, said, strict=True))


def _canonical(question: Question) -> tuple[str, ...]:
    return tuple(option.id for option in question.response.options) if isinstance(question.response, Choice) else ()


def _key(section: int, question: Question) -> Key:
    return section, question.id, _order(question)


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
