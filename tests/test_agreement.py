"""The sample exam in every format: all say the same, choice by choice, and students see nothing of the key."""

from __future__ import annotations

import csv
import re
import unicodedata
import zipfile
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pypdfium2
import pytest
from defusedxml.ElementTree import fromstring

from quizgen.assemble import lower, plan
from quizgen.build import Options, build
from quizgen.paper import Paper
from quizgen.reader import read_job
from quizgen.richtext.plain import to_plain
from quizgen.richtext.tree import Blocks

SAMPLE = Path(__file__).parent.parent / "banks" / "container" / "exams" / "sample.yaml"


@pytest.fixture(scope="module")
def papers() -> dict[str, Paper]:
    job = read_job(SAMPLE)
    return {
        slot.name: lower(job.document, job.course, slot, found) for slot, found in plan(job.document, job.course, ())
    }


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(SAMPLE, tmp_path_factory.mktemp("output"), Options(jobs=2)).folder


def squeezed(text: str) -> str:
    """Text without what a layout may change: spaces, line breaks, hyphens at line ends, compatibility forms."""
    return re.sub(r"[\s\ufffe\u00ad\u2502↪┆⏎]+", "", unicodedata.normalize("NFKC", text))


def pdf_text(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        return squeezed("".join(page.get_textpage().get_text_range() for page in document))


def docx_text(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        root = ET.fromstring(archive.read("word/document.xml"))
    texts = (element.text or "" for element in root.iter() if element.tag.endswith(("}t", "}delText")))
    return squeezed("".join(texts))


def pieces(blocks: Blocks) -> list[str]:
    """The text in runs of letters long enough to tell it from others; pictures and formulas are not text."""
    return [squeezed(word) for word in re.findall(r"[\w、。ぁ-んァ-ヶ一-龠]{4,}", to_plain(blocks))] if blocks else []


def in_order(text: str, parts: list[str]) -> None:
    place = 0
    for part in parts:
        found = text.find(part, place)
        assert found >= 0, f"{part!r} is not in its place"
        place = found


@pytest.mark.parametrize("variant", ["A", "B"])
@pytest.mark.parametrize("reader", ["pdf", "docx"])
def test_booklets_hold_every_choice_in_the_papers_order(papers, output, variant, reader):
    path = output / "student" / variant / f"booklet.{reader}"
    text = pdf_text(path) if reader == "pdf" else docx_text(path)
    for question in papers[variant].questions:
        in_order(text, [piece for option in question.response.options for piece in pieces(option.text)])
    stems = [next(iter(pieces(question.text)), "") for question in papers[variant].questions]
    in_order(text, stems)


@pytest.mark.parametrize("variant", ["A", "B"])
def test_keys_name_the_right_labels_in_every_format(papers, output, variant):
    folder = output / "teacher" / variant
    rows = list(csv.DictReader(StringIO((folder / "answer-key.csv").read_text("utf-8-sig"))))
    pdf, docx = pdf_text(folder / "answer-key.pdf"), docx_text(folder / "answer-key.docx")
    assert len(rows) == len(papers[variant].questions)
    for row, question in zip(rows, papers[variant].questions, strict=True):
        right = [option.label for option in question.response.right]
        assert (row["number"], row["answer"].split()) == (str(question.number), right)
        printed = squeezed(f"{question.number}{'、'.join(right)}")
        assert printed in pdf
        assert printed in docx


def moodle_questions(output: Path) -> dict[str, list[Any]]:
    """Each variant's questions in the order of the file."""
    found: dict[str, list[Any]] = {}
    for question in fromstring((output / "moodle" / "sample.xml").read_bytes()):
        if question.get("type") == "category":
            path = question.findtext("category/text")
            current = found.setdefault(re.search(r" ([AB])(/|$)", path)[1], [])
        else:
            current.append(question)
    return found


def html_text(html: str) -> str:
    return squeezed(re.sub(r"&lt;|&gt;|&amp;|&#\d+;", "", re.sub(r"<[^>]*>", "", html)))


def test_moodle_holds_every_choice_in_order_with_positive_marks_for_the_right_ones(papers, output):
    quiz = moodle_questions(output)
    assert sorted(quiz) == sorted(papers)
    for variant, paper in papers.items():
        assert len(quiz[variant]) == len(paper.questions)
        for element, question in zip(quiz[variant], paper.questions, strict=True):
            answers = element.findall("answer")
            right = [float(answer.get("fraction")) > 0 for answer in answers]
            assert right == [option.right for option in question.response.options]
            assert float(element.findtext("defaultgrade")) == float(question.points)
            for answer, option in zip(answers, question.response.options, strict=True):
                in_order(html_text(answer.findtext("text")), pieces(option.text))


def test_explanations_hold_each_explanation_under_its_question(papers, output):
    text = docx_text(output / "teacher" / "A" / "explanations.docx")
    in_order(text, [pieces(question.explanation)[0] for question in papers["A"].questions])


def student_bytes(output: Path) -> bytes:
    parts = []
    for path in sorted((output / "student").rglob("*")):
        if path.suffix == ".docx":
            with zipfile.ZipFile(path) as archive:
                parts += [archive.read(name) for name in archive.namelist()]
        elif path.suffix == ".pdf":
            parts.append(pdf_text(path).encode() + unpacked(path))
    return b"\n".join(parts)


def unpacked(path: Path) -> bytes:
    import zlib

    data = path.read_bytes()
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL)
    found = [data]
    for stream in streams:
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(found)


def test_nothing_of_the_key_lies_in_the_students_folder(papers, output):
    names = [path.name for path in (output / "student").rglob("*") if path.is_file()]
    assert set(names) == {"booklet.pdf", "booklet.docx", "answer-sheet.pdf", "layout.json"}
    data = student_bytes(output)
    for variant, paper in papers.items():
        folder = output / "student" / variant
        text = (
            pdf_text(folder / "booklet.pdf")
            + docx_text(folder / "booklet.docx")
            + pdf_text(folder / "answer-sheet.pdf")
        )
        shown = "\n".join(squeezed(to_plain(blocks)) for blocks in all_shown(paper))
        explained = {piece for question in paper.questions for piece in pieces(question.explanation)}
        # What only an explanation says; a word or two may stand in our own instructions as well.
        secret = {piece for piece in explained if len(piece) >= 8 and piece not in shown}
        assert len(secret) > len(paper.questions)
        assert {piece for piece in secret if piece in text} == set()
        assert not any(question.id.encode() in data for question in paper.questions)


def all_shown(paper: Paper) -> list[Blocks]:
    """Every text that a student of the paper may read."""
    found = [paper.instructions]
    for section in paper.sections:
        found += [section.text, *(group.stimulus for group in section.groups)]
        for question in section.questions:
            found += [question.text, *(option.text for option in question.response.options)]
    return found


def test_the_students_files_do_not_depend_on_the_key(papers):
    """Were another choice right, every byte that a student gets would be the same."""
    from dataclasses import replace

    from quizgen.templates import Templates
    from quizgen.writers import writer

    paper = papers["A"]
    sections = []
    for section in paper.sections:
        groups = []
        for group in section.groups:
            questions = []
            for question in group.questions:
                options = tuple(
                    replace(option, right=not option.right, feedback=()) for option in question.response.options
                )
                response = replace(question.response, options=options)
                questions.append(replace(question, response=response, explanation=question.text, tags=("x",)))
            groups.append(replace(group, questions=tuple(questions)))
        sections.append(replace(section, groups=tuple(groups)))
    other = replace(paper, sections=tuple(sections))
    for name in ("pdf", "docx"):
        found = [
            {
                file.path: file.data
                for file in writer(name).write([each], Templates())
                if file.path.parts[0] == "student"
            }
            for each in (paper, other)
        ]
        assert found[0]
        assert found[0] == found[1]


def test_the_plan_is_what_the_manifest_says(papers, output):
    import json

    manifest = json.loads((output / "manifest.json").read_text())
    for entry in manifest["papers"]:
        order = [placed for section in entry["sections"] for placed in section]
        paper = papers[entry["name"]]
        assert order == [[q.id, *(option.id for option in q.response.options)] for q in paper.questions]
