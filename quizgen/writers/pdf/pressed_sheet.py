"""Answer sheets from the press: the words around the drawing laid out once, the drawing written as it is."""

from __future__ import annotations

import re
import zlib
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import bidirectional, category

from markupsafe import escape

from quizgen.language import LABELS, catalog
from quizgen.paper.rows import SIGNS
from quizgen.press import vector
from quizgen.press.cache import Cache, Form, key
from quizgen.press.casting import Drawing, Leaf, Mould, cast
from quizgen.press.fields import Glyph, Sample
from quizgen.press.measure import UnpressableError
from quizgen.press.mould_lines import Line, fonts_of, glyphs, runs
from quizgen.press.moulds import END, START, Texts, moulded
from quizgen.press.proof import difference
from quizgen.writers.pdf.documents import answer_sheet as own_sheet
from quizgen.writers.pdf.documents import sheet_html
from quizgen.writers.pdf.glyphs import heard
from quizgen.writers.pdf.markup import columns
from quizgen.writers.pdf.press import Press
from quizgen.writers.pdf.sheet import Asked, Sheet, asked, digest, digits_fit, layout_json, sheet
from quizgen.writers.pdf.sheet.codes import HAIR, Code, page_codes, squares
from quizgen.writers.pdf.sheet.drawing import common, own
from quizgen.writers.pdf.sheet.shapes import Path, Shape, Words

if TYPE_CHECKING:
    from weasyprint import Document

    from quizgen.paper import Paper, Student
    from quizgen.templates import Templates

_TEMPLATE = "answer-sheet.html"
_DRAWN = re.compile(r'(<svg class="marks"[^>]*><title>[^<]*</title>).*?(</svg>)', re.DOTALL)
_SPACE = re.compile(r"[ \t\n\r\f]+")
_UNITS = 1024  # in which Pango counts a part of a size
_CAPITALS, _FIGURES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
_SIGNS = "().,-/*+→" + "".join(SIGNS)
# What stands for a value: as many letters as fit where it stands, in the usual size.
_DIGITS, _ID, _NAME, _VARIANT, _EXTRA = "44444444", "n" * 14, "M" * 32, "QQQQ", "GKOUXZYJHNPS"
_EFFORT = 4  # of packing: more takes four times as long for a twentieth less
_FORM = Form(Mould, Leaf, Line, Glyph)
_MOST, _MOST_WORDS = 64, 4096  # plans and drawings that are kept, and words in these


@dataclass(frozen=True)
class PressedSheet:
    """What the answer sheets of one shape are made of; `templates` where the project has its own of them.

    `forms` are the drawings of papers that ask for the same, those asked for lately; `words` are those that many of
    them say.
    """

    mould: Mould
    shape: Hashable
    sample: Mapping[str, str]
    templates: Templates
    is_shipped: bool
    forms: dict[Asked, tuple[tuple[bytes, frozenset[str]], ...]] = field(default_factory=dict, compare=False)
    words: dict[Words, tuple[str, frozenset[str]]] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class SheetFiles:
    """A paper's answer-sheet.pdf and layout.json."""

    pdf: bytes
    layout: bytes


@dataclass(frozen=True)
class _Plan:
    """What sheets that ask for the same have in common: the geometry, and layout.json before and behind the serial."""

    asked: Asked
    sheet: Sheet
    layout: tuple[bytes, bytes]
    around: Hashable


def shape(paper: Paper, templates: Templates) -> Hashable:
    """What papers have in common that one press serves: all that their sheets show but drawings and values."""
    if not _is_shipped(templates):
        return _html(_sampled(paper, 1), templates)
    return _shape(paper, _plan(_usual(asked(paper))))


def prepare(
    first: Paper,
    students: Sequence[Student],
    templates: Templates,
    questions: Paper | None = None,
    cache: Cache | None = None,
) -> PressedSheet:
    """The press for the answer sheets of papers of this one's shape; `students` are all that have a paper.

    `questions` asks all that any paper asks: the letters of its boxes and rows can be drawn, too.
    Raises UnpressableError when they cannot be filled in, or come out otherwise than laid out by themselves.
    """
    first = first.without_key()
    press = Press(templates, first.pictures, first.printing.size)
    one, other = (_sampled(first, part) for part in (1, 2))
    html, values = _html(one, templates), _said(first, students)
    samples = _values(one), _values(other)

    def filled(value: str) -> tuple[str, Mapping[str, str]]:
        named = {name: sample if name == "variant" or not sample else value for name, sample in samples[0].items()}
        return _filled(html, samples[0], named), named

    every = _once(set(_FIGURES).union(*values))
    characters = {name: _CAPITALS + _FIGURES + first.variant if name == "variant" else every for name in samples[0]}
    texts = Texts(
        html,
        _html(other, templates),
        _lettered(_filled(html, samples[0], characters), (first, questions or first)),
        (Sample(samples[0]), Sample(samples[1])),
        filled,
    )
    cache, told = cache or Cache(), (texts.one, texts.other, texts.characters, *sorted(values))
    name = key("answer sheet", press.stamp, _FORM.shape, *told)
    mould = _FORM.read(cache.get(name))
    if isinstance(mould, Mould):  # which came out as laid out by itself when it was made
        return PressedSheet(mould, shape(first, templates), samples[0], templates, _is_shipped(templates))
    with heard() as complaints:
        mould = moulded(texts, values, lambda html: press.laid_out(html, ""), _write, complaints.characters)
    made = PressedSheet(mould, shape(first, templates), samples[0], templates, _is_shipped(templates))
    if astray := difference(answer_sheet(made, first), press.pdf(sheet_html(first, own_sheet(first), templates))):
        raise UnpressableError(astray)
    cache.put(name, _FORM.written(mould))
    return made


def answer_sheet(pressed: PressedSheet, paper: Paper) -> bytes:
    """A paper's answer sheet; raises UnpressableError when it has to be laid out by itself."""
    return sheet_files(pressed, paper).pdf


def sheet_files(pressed: PressedSheet, paper: Paper) -> SheetFiles:
    """A paper's answer sheet and its geometry; raises UnpressableError when it has to be laid out by itself."""
    wanted = asked(paper)
    plan = _plan(_usual(wanted))
    # Of questions it shows nothing but what `asked` tells; a project's template could show more.
    own_shape = _shape(paper, plan) if pressed.is_shipped else shape(paper.without_key(), pressed.templates)
    if own_shape != pressed.shape:
        raise UnpressableError("the answer sheet has other words around its rows and boxes")
    values = {name: _SPACE.sub(" ", value).strip(" ") for name, value in _values(paper).items()}
    for name, value in values.items():
        _refuse(value, pressed.sample[name])
    layout = wanted.serial.encode().join(plan.layout)
    known = wanted.id if digits_fit(wanted.id) else ""
    drawings = tuple(_drawings(pressed, plan, replace(plan.sheet, serial=wanted.serial), digest(layout), known, paper))
    return SheetFiles(cast(pressed.mould, values, drawings), layout)


def _shape(paper: Paper, plan: _Plan) -> Hashable:
    values = tuple((name, bool(value)) for name, value in _values(paper).items())
    headings = tuple(heading for heading, _ in student.extra) if (student := _student(paper)) else ()
    points = paper.points if any(page.head.total for page in plan.sheet.pages) else None
    return paper.title, paper.course, paper.language, points, values, headings, plan.around


def _refuse(value: str, sample: str) -> None:
    """What may come out otherwise when it is set letter by letter."""
    if columns(value) > columns(sample):
        raise UnpressableError(f"“{value}” is longer than what was laid out")
    if not value.isascii() and any(category(one)[0] in "MC" or bidirectional(one) in ("R", "AL") for one in value):
        raise UnpressableError(f"the letters of “{value}” depend on each other")


def _is_shipped(templates: Templates) -> bool:
    return templates.project is None or not (templates.project / _TEMPLATE).is_file()


def _student(paper: Paper) -> Student | None:
    """The student whose sheet it is."""
    return paper.student if paper.printing.answer_sheets == "student" else None


def _values(paper: Paper) -> dict[str, str]:
    """What is filled in around the drawing, by name."""
    values = {"variant": paper.variant} if paper.variant else {}
    if student := _student(paper):
        extra = {f"extra{place}": value for place, (_, value) in enumerate(student.extra)}
        values |= {"id": student.id, "name": student.name, **extra}
    return values


def _sampled(paper: Paper, part: int) -> Paper:
    """The paper of a student who does not exist: with values as long as they may be, or a part of that."""

    def made(sample: str, value: str) -> str:
        return sample[: len(sample) // part] if value else ""

    variant = made(_VARIANT, paper.variant)
    student = _student(paper)
    if student is None:
        return replace(paper, variant=variant, student=None)
    if len(student.extra) > len(_EXTRA):
        raise UnpressableError("the roster has too many columns")
    extra = tuple(
        (heading, made(sign * len(_NAME), value)) for (heading, value), sign in zip(student.extra, _EXTRA, strict=False)
    )
    number = made(_DIGITS if digits_fit(student.id) else _ID, student.id)
    sample = replace(student, id=number, name=made(_NAME, student.name), extra=extra)
    return replace(paper, variant=variant, student=sample)


def _said(paper: Paper, students: Iterable[Student]) -> frozenset[str]:
    """All values of all papers."""
    found = {paper.variant}
    for student in students if _student(paper) else ():
        found |= {student.id, student.name, *(value for _, value in student.extra)}
    return frozenset(_SPACE.sub(" ", value).strip(" ") for value in found) - {""}


def _html(paper: Paper, templates: Templates) -> str:
    """The sheet's HTML, in which a mark stands for each drawing."""
    html = sheet_html(paper, own_sheet(paper), templates)
    return _DRAWN.sub(lambda found: found[1] + Path(START, "#000").svg + found[2], html)


def _filled(html: str, sample: Mapping[str, str], values: Mapping[str, str]) -> str:
    """The HTML with other values than the sample's."""
    for name, letters in sample.items():
        html = html.replace(letters, str(escape(values[name]))) if letters else html
    return html


def _lettered(html: str, papers: Iterable[Paper]) -> str:
    """The HTML with drawings that show all letters which any drawing may have."""
    letters = set(_CAPITALS + _FIGURES + _SIGNS)
    for paper in papers:
        letters.update(*_in_drawings(paper))
    for labels in LABELS.values():
        if letters.intersection(*labels[:1]):
            letters.update(*labels)
    line = _once(letters)
    shown = Words(line, "9", 9, 3).svg
    return html.replace(Path(START, "#000").svg, Path(START, "#000").svg + shown + Path(END, "#000").svg)


def _in_drawings(paper: Paper) -> Iterator[str]:
    """What the drawings of a paper say."""
    words, wanted = catalog(paper.language).gettext, asked(paper)
    yield from map(words, ("No.", "Mark here"))
    yield from (part.title for part in wanted.parts)
    for one in wanted.written:
        yield from (one.label, *one.before, one.after)
    for row in wanted.rows:
        yield from (row.label, *row.symbols)


def _once(letters: set[str]) -> str:
    """Each letter once; a space in front would not be printed."""
    return "0 " + "".join(sorted(letters - set("0 ")))


def _write(document: Document) -> bytes:
    data: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return data


def _usual(wanted: Asked) -> Asked:
    """What is asked for, without what tells this sheet from others that ask for the same."""
    known = ("0" if digits_fit(wanted.id) else "?") if wanted.id else ""
    return replace(wanted, serial="2" * len(wanted.serial), id=known)


@lru_cache(maxsize=_MOST)
def _plan(usual: Asked) -> _Plan:
    made = sheet(usual)
    before, after = layout_json(made).split(f'"serial":"{usual.serial}"'.encode())
    rows = [line.row for page in made.pages for line in page.lines]
    around = (
        *(usual.size, usual.marks, bool(usual.id), bool(rows), frozenset(row.many for row in rows)),
        tuple((page.head, bool(page.lines), bool(page.fields)) for page in made.pages),
    )
    return _Plan(usual, made, (before + b'"serial":"', b'"' + after), around)


def _drawings(
    pressed: PressedSheet, plan: _Plan, made: Sheet, digest: str, known: str, paper: Paper
) -> Iterator[Drawing]:
    """The drawing of each page."""
    forms = _forms(pressed, plan, paper.language)
    for at, (page, (form, fonts)) in enumerate(zip(made.pages, forms, strict=True)):
        codes = "".join(map(_code, page_codes(made, page, digest)))
        drawn, used = _drawn(own(made.serial, page, known, made.measures), pressed)
        yield Drawing(f"q\n0 0 0 rg\n{codes}{drawn}/Drawing{at} Do\nQ\n".encode(), form, fonts | used)


def _forms(pressed: PressedSheet, plan: _Plan, language: str) -> tuple[tuple[bytes, frozenset[str]], ...]:
    """What the pages of all sheets that ask for the same show, as streams, with the fonts that they need."""
    found = pressed.forms.get(plan.asked)
    if found is None:
        if len(pressed.forms) >= _MOST:
            pressed.forms.clear()
        words, measures = catalog(language).gettext, plan.sheet.measures
        drawn = (_drawn(common(page, measures, words), pressed) for page in plan.sheet.pages)
        box = f"/BBox[0 0 {measures.width:g} {measures.height:g}]/Filter/FlateDecode"
        found = pressed.forms[plan.asked] = tuple([(_stream(box, operators), fonts) for operators, fonts in drawn])
    return found


def _stream(entries: str, operators: str) -> bytes:
    data = zlib.compress(operators.encode(), _EFFORT)
    return f"{entries}/Length {len(data)}>>".encode() + b"\nstream\n" + data + b"\nendstream"


def _code(code: Code) -> str:
    count, found = squares(code)
    box, side = code.box, code.box.width / count
    drawn = vector.squares(count, found, f"{1 + HAIR / side:.3f}")
    return f"q\n{side:.6g} 0 0 {side:.6g} {box.x:g} {box.y:g} cm\n{drawn}f\nQ\n"


def _drawn(shapes: Iterable[Shape], pressed: PressedSheet) -> tuple[str, frozenset[str]]:
    """The operators of shapes, and the fonts that they need."""
    done: list[str] = []
    fonts: set[str] = set()
    for one in shapes:
        if isinstance(one, Words):
            if one not in pressed.words:
                if len(pressed.words) >= _MOST_WORDS:
                    pressed.words.clear()
                said = glyphs(one.text, pressed.mould.letters)
                pressed.words[one] = _words(one, said), fonts_of(said)
            words, used = pressed.words[one]
            fonts |= used
            done.append(words)
        elif one.d:
            done.append(_path(one))
    return "".join(done), frozenset(fonts)


def _path(path: Path) -> str:
    if path.stroke:
        return f"{vector.colour(path.stroke)} RG\n{path.width:g} w\n{vector.drawn(path.d, 'S')}"
    return f"{vector.colour(path.fill)} rg\n{vector.drawn(path.d, 'f')}"


def _words(words: Words, said: Sequence[Glyph]) -> str:
    size = f"{int(words.size * _UNITS) / _UNITS:.6f}"
    places = words.x.split()
    y = f"{words.y:.2f}"
    if len(places) == 1:
        shown = f"1 0 0 -1 {places[0]} {y} Tm\n{runs(said, size)}\n"
    else:
        shown = "".join(f"1 0 0 -1 {x} {y} Tm\n{runs([glyph], size)}\n" for x, glyph in zip(places, said, strict=True))
    return f"{vector.colour(words.fill)} rg\nBT\n{shown}ET\n"
