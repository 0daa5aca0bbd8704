"""docs/templates.md tells the truth: it lists what templates can print, all of it and nothing else."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from functools import cache
from importlib import import_module
from inspect import getattr_static, isfunction
from pathlib import Path

import pytest

import papers
from quizgen.assemble.catalog import catalog
from quizgen.paper import Paper, Printing, Student
from quizgen.paper.exam import Question
from quizgen.paper.person import Boxes
from quizgen.paper.variants import variants
from quizgen.reader import read_banks
from quizgen.scoring import Worth
from quizgen.templates import Templates, shipped
from quizgen.writers import OutputFile, docx, moodle, pdf
from quizgen.writers.docx import frame
from quizgen.writers.docx.rows import Columns
from quizgen.writers.docx.rows import Row as RowOfChoices
from quizgen.writers.pdf import documents

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")

TEMPLATES = "| template | variables | blocks | macros |"
Given = dict[str, dict[str, list[object]]]

# What templates get from filters and methods, where values do not lead.
FROM_CALLS = {Worth, Boxes, RowOfChoices, Columns}


def names(cell: str) -> list[str]:
    return re.findall(r"`([\w.-]+)[^`]*`", cell)


def table(heading: str, text: str = PAGE) -> dict[str, list[str]]:
    """A table's rows by the names in the first cell of each."""
    body, *_ = text.split(heading, 1)[1].split("\n\n")
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in body.splitlines() if line.startswith("| `")]
    return {name: [*row[1:]] for row in rows for name in names(row[0])}


def in_two_languages() -> Paper:
    printing = Printing(editions=(("bilingual",),))
    return replace(papers.english(), translation=papers.japanese(), printing=printing)


@pytest.fixture(scope="module")
def given() -> Given:
    """The values that each template is given, by its name and theirs."""
    found: dict[str, dict[str, list[object]]] = defaultdict(lambda: defaultdict(list))

    def note(name: str, values: Mapping[str, object]) -> None:
        for variable, value in values.items():
            found[name][variable].append(value)

    def render(self: Templates, environment: object, name: str, **values: object) -> str:
        note(name, values)
        return "<quiz/>"

    def stream(self: Templates, environment: object, name: str, **values: object) -> Iterator[str]:
        kept = {variable: list(value) if isinstance(value, Iterable) else value for variable, value in values.items()}
        yield render(self, environment, name, **kept)

    def filled(template: str, templates: Templates, printable: object, values: Mapping[str, object]) -> bytes:
        note(template, values)
        return b""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Templates, "render", render)
        patch.setattr(Templates, "stream", stream)
        patch.setattr(docx, "filled", filled)
        print_everything()
    return found


def print_everything() -> None:
    course = read_banks(ROOT / "banks" / "container" / "docker-en.yaml").course
    (bank,) = course.banks.values()
    templates = Templates()
    kinds, sheets = papers.every_kind(), papers.worksheet()
    boxes = Printing(answers="boxes", answer_sheets="student")
    own = replace(kinds, student=Student("0042", "名", (("席", "7"),)), printing=boxes)
    titled = replace(own, sections=tuple(replace(own.sections[0], number=number, title="章") for number in (1, 2)))
    for paper in (kinds, papers.japanese(), titled):
        for make in (pdf.booklet_html, pdf.answer_sheet_html, pdf.answer_key_html, pdf.overlay_html):
            make(paper, templates)
        pdf.explanations_html(paper, templates)
        list(docx.write([paper], templates))
        consume(moodle.write([paper], templates))
    documents.booklet_html(in_two_languages(), templates, ("bilingual",))
    pdf.variants_html(kinds, variants([kinds]), templates)
    pdf.catalog_html(catalog(bank, course, "en"), templates)
    pdf.assignments_html(sheets, templates)
    list(docx.write([sheets], templates))
    consume(moodle.write([sheets], templates))


def consume(files: Iterable[OutputFile]) -> None:
    for file in files:
        assert file.data is not None


# Variables, blocks and macros


def test_every_template_has_its_variables_on_the_page(given: Given) -> None:
    said = {name: set(names(cells[0])) for name, cells in table(TEMPLATES).items()}
    parts = {"base.html", "question.html", "cover.html"}
    assert set(said) == {path.name for path in shipped().iterdir() if path.suffix != ".css"}
    assert said == {**{name: set(values) for name, values in given.items()}, **{name: set() for name in parts}}


def test_every_variable_is_explained(given: Given) -> None:
    assert set(table("| variable | what it is |")) == {variable for values in given.values() for variable in values}


@pytest.mark.parametrize(("what", "column"), [("block", 1), ("macro", 2)])
def test_every_block_and_macro_is_on_the_page(what: str, column: int) -> None:
    said = {name: set(names(cells[column])) for name, cells in table(TEMPLATES).items()}
    for name, listed in said.items():
        text = "" if name.endswith(".docx") else (shipped() / name).read_text(encoding="utf-8")
        assert (name, listed) == (name, set(re.findall(rf"{{%-? *{what} (\w+)", text)))


# Filters and tests


def ours(kind: str, medium: str) -> set[str]:
    pages, word = documents._environment(Templates(), "en", ()), frame._environment(Templates(), "en")
    return set(getattr(pages if medium == "PDF" else word, kind)) - set(getattr(Templates().environment("en"), kind))


@pytest.mark.parametrize("medium", ["PDF", "Word"])
@pytest.mark.parametrize("kind", ["filter", "test"])
def test_every_filter_and_test_is_on_the_page(kind: str, medium: str) -> None:
    body = PAGE.split(f"| {kind} | in |", 1)[1].split("\n\n")[0]
    rows = [line.split("|") for line in body.splitlines() if line.startswith("| `")]
    assert {name for row in rows if medium in row[2] for name in names(row[1])} == ours(f"{kind}s", medium)


# Classes


@cache
def of_class(path: str) -> type:
    module, _, name = path.rpartition(".")
    found: type = getattr(import_module(f"quizgen.{module}"), name)
    return found


CLASSES = re.findall(r"^### `([\w.]+)`$", PAGE, re.MULTILINE)


def attributes(made: type) -> set[str]:
    """What a template may ask of an object."""
    public = {name for name in dir(made) if not name.startswith("_")}
    return public | {field.name for field in fields(made) if not field.name.startswith("_")}


@pytest.mark.parametrize("path", CLASSES)
def test_an_object_has_what_the_page_lists_and_nothing_else(path: str) -> None:
    made = of_class(path)
    rows = table("|---|---|", PAGE.split(f"### `{path}`", 1)[1])
    of_others = set().union(*(attributes(base) for base in made.__bases__ if is_dataclass(base)))
    assert set(rows) == attributes(made) - of_others
    methods = re.findall(r"^\| `(\w+)\(", PAGE.split(f"### `{path}`", 1)[1].split("\n#")[0], re.MULTILINE)
    assert set(methods) == {name for name in set(rows) if isfunction(getattr_static(made, name, None))}


def reached(value: object, found: set[type]) -> set[type]:
    """The classes of ours that a value leads to; texts and pictures' bytes are not looked into."""
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if isinstance(value, list | tuple):
        for part in value:
            reached(part, found)
    elif is_dataclass(value) and not type(value).__module__.startswith("quizgen.richtext"):
        found.add(type(value))
        for name in attributes(type(value)):
            if not isfunction(getattr_static(type(value), name, None)):
                with suppress(ArithmeticError):  # what only a paper with its key can tell
                    reached(getattr(value, name), found)
    return found


def test_every_object_that_a_template_can_reach_is_on_the_page(given: Given) -> None:
    found = reached([value for values in given.values() for value in values.values()], set()) | FROM_CALLS
    assert {f"{one.__module__}.{one.__name__}" for one in found} == {f"quizgen.{path}" for path in CLASSES}


def test_the_pages_example_prints(tmp_path: Path) -> None:
    fence = re.search(r'```html title="templates/([\w-]+\.html)"\n(.*?)```', PAGE, re.DOTALL)
    assert fence
    (tmp_path / fence[1]).write_text(fence[2], encoding="utf-8")
    html = pdf.answer_key_html(papers.japanese(), Templates(tmp_path))
    questions: tuple[Question, ...] = papers.japanese().questions
    assert html.count("<p>") >= len(questions)
    assert "<p>1: " in html
