"""Papers that nobody sits: with next to nothing for each question, or with all that numbers, labels and names say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING

from quizgen import picture
from quizgen.language import LABELS, catalog
from quizgen.paper import Choice, Group, Option, Paper, Question, Section, Student, rows
from quizgen.paper.person import person
from quizgen.paper.texts import map_question, shown
from quizgen.press.fields import Sample
from quizgen.press.frame import Texts
from quizgen.richtext import parse, walk
from quizgen.richtext.tree import CHOICE, Image, Paragraph, Reference, Text
from quizgen.writers.pdf.documents import booklet_html
from quizgen.writers.pdf.measure import width

if TYPE_CHECKING:
    from quizgen.richtext.tree import Blocks
    from quizgen.templates import Templates

_TINY = parse("0")
# How wide values may be that are filled in without layout, in ems: wider ones move what stands beside them.
_NAME, _ID, _BOX, _DETAIL, _LAST = 11, 8.2, 3.8, 8, 9
_FIGURE = picture.read(b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"></svg>', "figure.svg")
_STEP = 10  # figures more or fewer do not change what is laid out


def frame_texts(first: Paper, questions: Paper, students: Sequence[Student], templates: Templates) -> Texts:
    """What has to be laid out for the frame of the booklets of an exam, of which `questions` asks all that any asks."""
    one, other = (sampled(first, students, size) for size in (2, 1))
    letters = booklet_html(_lettered(first, questions, students), templates)
    return Texts(
        booklet_html(_stub(one), templates),
        booklet_html(_stub(other), templates),
        _with_marks(letters, sorted(_marks(first, questions))),
        (Sample(values(one)), Sample(values(other))),
    )


def figure_of_stubs() -> dict[str, picture.Picture]:
    """The picture that stands for figures."""
    return {_FIGURE.name: _FIGURE}


def values(paper: Paper) -> dict[str, str]:
    """What is filled in on a paper, by names."""
    student = paper.student
    if student is None:
        return {}
    named = {f"extra{place}": value for place, (_, value) in enumerate(student.extra)}
    return {"id": student.id, "name": student.name, **named}


def sampled(paper: Paper, students: Sequence[Student], size: int) -> Paper:
    """The paper of a student who does not exist, with values as wide as the widest, or half as wide."""
    if not students:
        return paper

    def made(values: Iterable[str], sign: str, most: float) -> str:
        widest = min(max((_width(value, paper.language) for value in values), default=0), most)
        return sign * max(size, ceil(widest * size / 2 / _width(sign, paper.language))) if widest else ""

    headings = [heading for heading, _ in students[0].extra]
    extra = tuple(
        (heading, made([dict(student.extra).get(heading, "") for student in students], sign, most))
        for heading, sign, most in zip(headings, "鑑鸞鵬麒麟鷹鷲鶴", _rooms(paper, headings), strict=False)
    )
    number = made([student.id for student in students], "q", _ID) or "q" * size
    return replace(paper, student=Student(number, made([student.name for student in students], "龍", _NAME), extra))


def _rooms(paper: Paper, headings: Sequence[str]) -> Iterator[float]:
    """How wide further values may be before they move what stands beside them, in ems."""
    others = [heading for heading, _ in person(replace(paper, student=_named(headings))).others]
    for heading in headings:
        if heading not in others:
            yield _BOX
        elif heading == others[-1]:
            yield _LAST
        else:
            yield _DETAIL - _width(heading, paper.language)


def _named(headings: Sequence[str]) -> Student:
    return Student("", "", tuple((heading, "") for heading in headings))


def _width(text: str, language: str) -> float:
    """How wide a text prints, in ems."""
    return width((Text(text),), language) or 0.0


def _stub(paper: Paper) -> Paper:
    """The paper with next to nothing in place of each text of its questions; what stands around stays as it is."""
    sections = (replace(section, groups=tuple(map(stubbed, section.groups))) for section in paper.sections)
    return replace(paper, sections=tuple(sections))


def stubbed(group: Group, name: str = "") -> Group:
    """The group with next to nothing in place of each text; its questions' ids are this name and their numbers."""

    def tiny(text: Blocks) -> Blocks:
        return _TINY if text else ()

    questions = (replace(map_question(one, tiny), id=f"{name}{one.number}" if name else "") for one in group.questions)
    return Group(tuple(questions), tiny(group.stimulus))


def _lettered(first: Paper, questions: Paper, students: Sequence[Student]) -> Paper:
    """A paper on which every character stands that a value has, and all labels and numbers of figures."""
    labels = tuple(dict.fromkeys(_labels((first, questions))))
    options = tuple(Option(str(place), label, _TINY, right=False) for place, label in enumerate(labels))
    referred = (*(label for label in _figures((first, questions))), *labels)
    texts = (
        *(Paragraph((Image(_FIGURE.name, "", caption=(), id="x", label=label),)) for label in referred[: -len(labels)]),
        *(Paragraph((Reference(f"{CHOICE}x", label),)) for label in referred),
    )
    question = Question(1, "", (*_TINY, *texts), Choice(options, many=False), Decimal(1))
    student = None
    if students:
        said = [t for one in students for t in (one.id, one.name, *(value for _, value in one.extra))]
        every = "".join(sorted(set("".join(said)) | set("0123456789/ "))).strip()
        student = Student(every, every, tuple((heading, every) for heading, _ in students[0].extra))
    section = Section(1, "", (Group((question,)),))
    return replace(first, sections=(section,), student=student or first.student, pictures={**first.pictures})


def _labels(papers: Sequence[Paper]) -> Iterator[str]:
    """The labels of choices, all of each kind of which any is used."""
    used = {
        option.label
        for paper in papers
        for question in paper.questions
        if isinstance(question.response, Choice)
        for option in question.response.options
    }
    for labels in LABELS.values():
        if used and used <= set(labels):
            yield from labels
            return
    yield from sorted(used) or LABELS["letters"]


def _figures(papers: Sequence[Paper]) -> Iterator[str]:
    """The numbers of figures, as many as papers may have."""
    found = {
        part.label
        for paper in papers
        for text in _texts(paper)
        for part in walk(text)
        if isinstance(part, Image | Reference) and part.label and not getattr(part, "id", "").startswith(CHOICE)
    }
    words = catalog(papers[0].language).gettext("Figure %(number)s")
    most = -(-len(found) // _STEP) * _STEP
    yield from (words % {"number": number} for number in range(1, most + 1))


def _texts(paper: Paper) -> Iterator[Blocks]:
    yield paper.instructions
    for section in paper.sections:
        yield section.text
        for group in section.groups:
            yield group.stimulus
            for question in group.questions:
                yield from shown(question)


def _marks(first: Paper, questions: Paper) -> set[str]:
    """What marks say that are not the numbers of rows."""
    if first.printing.answer_numbers:
        return set()
    asked = {row.part or str(row.question) for paper in (first, questions) for row in rows(paper)}
    return asked | {str(question.number) for question in first.questions}


def _with_marks(html: str, marks: Sequence[str]) -> str:
    drawn = "".join(f'<span class="mark">{mark}</span> ' for mark in marks)
    own = f'<div class="question"><div class="stem"><p class="form">{drawn}</p></div></div></section>' if marks else ""
    return html.replace("</section>", own, 1) if own else html
