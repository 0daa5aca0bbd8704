"""The answer key and the grading sheet as tables."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

import papers
from conftest import Golden
from papers import paper, plain_choice, question, text
from quizgen.paper import Blank, Lines, Paper, Printable, Student
from quizgen.paper.variants import variants
from quizgen.templates import Templates
from quizgen.writers import csv as writer


def written(printable: Printable) -> tuple[str, bytes]:
    (file,) = writer.write([printable], Templates())
    return str(file.path), file.data


def rows(printable: Printable) -> list[dict[str, str]]:
    return list(csv.DictReader(written(printable)[1].decode("utf-8-sig").splitlines()))


@pytest.mark.parametrize(
    "printable", [papers.japanese(), papers.english(), papers.every_kind("ja"), papers.worksheet()]
)
def test_the_table_is_the_accepted_one(printable: Printable, golden: Golden) -> None:
    golden(f"csv/{printable.id}.csv", written(printable)[1])


def test_the_key_lies_with_the_teachers_papers() -> None:
    assert written(papers.shuffled(papers.japanese(), "B"))[0] == "teacher/B/answer-key.csv"


def test_a_students_key_is_named_for_the_student() -> None:
    own = replace(papers.japanese(), student=papers.STUDENT)
    assert written(own)[0] == "teacher/s001/answer-key.csv"


def test_excel_reads_it_as_unicode() -> None:
    assert written(papers.japanese())[1].startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("sample", [papers.japanese(), papers.shuffled(papers.japanese(), "B"), papers.english()])
def test_the_key_names_the_papers_right_choices(sample: Paper) -> None:
    expected = [{o.label: o.id for o in q.response.options if o.right} for q in sample.questions]
    assert [dict(zip(r["answer"].split(), r["answer_ids"].split(), strict=True)) for r in rows(sample)] == expected


def test_each_question_says_how_it_is_scored() -> None:
    scored = [(row["points"], row["scoring"], row["penalty"]) for row in rows(papers.english())]
    assert scored == [("2", "single", "0.25"), ("4", "all-or-nothing", "0")]


def test_every_kind_names_its_key_and_how_it_is_scored() -> None:
    sample = papers.every_kind("en")
    assert [row["answer"] for row in rows(sample)] == [question.response.key for question in sample.questions]
    assert [(row["scoring"], row["penalty"], row["choices"]) for row in rows(sample)] == [
        ("net-correct", "0", "4"),
        ("accepted", "0", ""),
        ("accepted", "0", ""),
        ("each-pair", "0", "4"),
        ("each-place", "0", "3"),
        ("by-hand", "0", ""),
        ("each-gap", "0.25", ""),
    ]


def test_the_explanation_stands_last_on_one_line() -> None:
    asked = replace(question(1, Lines(3)), explanation=(*text("Because."), *text("And so on.")))
    (row,) = rows(paper(asked))
    assert list(row)[-1] == "explanation"
    assert (row["answer"], row["explanation"]) == ("", "Because. And so on.")


def test_a_negative_number_stays_a_number() -> None:
    below, formula = Blank(("-5",), tolerance=Decimal(0)), Blank(("-5+A1",))
    assert [row["answer"] for row in rows(paper(question(1, below), question(2, formula)))] == ["-5", "'-5+A1"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(start: str) -> None:
    asked = replace(question(1, plain_choice(1, 1)), id=f"{start}1+1", tags=(f"{start}cmd",))
    (row,) = rows(paper(asked))
    assert (row["question"], row["tags"]) == (f"'{start}1+1", f"'{start}cmd")


def test_a_text_of_several_lines_is_one_cell_on_one_line() -> None:
    asked = replace(question(1, plain_choice(1, 1)), text=(*text('a "b", c'), *text("d")))
    assert [row["text"] for row in rows(paper(asked))] == ['a "b", c d']


def test_a_worksheet_becomes_a_grading_sheet() -> None:
    assert written(papers.worksheet())[0] == "teacher/A/grading-sheet.csv"
    graded = [(row["assignment"], row["criterion"], row["levels"], row["points"]) for row in rows(papers.worksheet())]
    assert graded == [
        ("labs/nginx", "応答する", "不可 0, 可 5, 良 10", "10"),
        ("labs/nginx", "説明が正しい", "不可 0, 良 10", "10"),
        ("labs/least", "", "", "2.5"),
    ]


def many(count: int) -> Iterator[Paper]:
    one = papers.english()
    return (replace(one, variant="", student=Student(f"s{number}")) for number in range(count))


def test_more_variants_than_a_spreadsheet_shows_are_in_no_table_and_the_rest_is_not_looked_at() -> None:
    papers_of = many(writer.MOST_VARIANTS + 3)
    assert not variants(papers_of, writer.MOST_VARIANTS).names
    assert len(list(papers_of)) == 2


def test_who_builds_for_so_many_is_told_that_there_is_no_table() -> None:
    assert not list(writer.warnings(list(many(writer.MOST_VARIANTS))))
    (said,) = writer.warnings(list(many(writer.MOST_VARIANTS + 1)))
    assert "5,461 variants at most, and these are 5,462" in said
