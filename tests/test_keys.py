"""What markers and teachers get: the key by rows, the booklet with the key in it, the table over all variants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

import papers
from papers import paper, question, text
from quizgen.build import assembled
from quizgen.paper import Blank, Choice, Option, Paper, Printing
from quizgen.paper.key import keyed
from quizgen.paper.references import with_labels, with_texts
from quizgen.reader import read
from quizgen.richtext import parse
from quizgen.richtext.plain import to_plain

REFERRING = """\
kind: bank
id: b
title: 参照
questions:
  - id: one
    type: single
    text: どれか。
    choices:
      a: '`stop`'
      い: いいえ
      c: {text: '[](#choice:a)と[](#choice:い)', feedback: '[](#choice:a)を見よ。', pin: last}
    answer: a
    explanation: '[](#choice:い)は誤り、[](#choice:a)が正しい。'
"""
EXAM = """\
kind: exam
id: e
title: 試験
variants: 6
sections: [{questions: b/one}]
"""


def course(folder: Path, bank: str = REFERRING) -> Path:
    (folder / "exams").mkdir()
    (folder / "b.yaml").write_text(bank, encoding="utf-8")
    (folder / "exams" / "e.yaml").write_text(EXAM, encoding="utf-8")
    return folder / "exams" / "e.yaml"


def labels(choice: Choice) -> dict[str, str]:
    return {option.id: option.label for option in choice.options}


@pytest.mark.parametrize("variant", ["A", "B", "C", "D"])
def test_an_explanation_names_a_choice_by_the_label_that_it_has_in_its_variant(tmp_path: Path, variant: str) -> None:
    printed = assembled(course(tmp_path), variant)
    assert isinstance(printed, Paper)
    (asked,) = printed.questions
    assert isinstance(asked.response, Choice)
    by = labels(asked.response)
    assert to_plain(asked.explanation) == f"{by['い']}は誤り、{by['a']}が正しい。"
    last = asked.response.options[-1]
    assert to_plain(last.text) == f"{by['a']}と{by['い']}"
    assert to_plain(last.feedback) == f"{by['a']}を見よ。"


def test_variants_differ_in_the_labels_that_explanations_name(tmp_path: Path) -> None:
    path = course(tmp_path)
    found = [assembled(path, variant) for variant in "ABCDEF"]
    assert len({to_plain(one.questions[0].explanation) for one in found if isinstance(one, Paper)}) == 2


@pytest.mark.parametrize(("language", "quoted"), [("ja", "「stop」"), ("en", "“stop”")])
def test_where_labels_are_unknown_a_reference_prints_the_choices_text(language: papers.Language, quoted: str) -> None:
    options = (Option("a", "A", parse("`stop`"), right=True), Option("b", "B", text("kill"), right=False))
    asked = replace(question(1, Choice(options, many=False)), explanation=parse("[](#choice:a)"))
    assert to_plain(with_texts(with_labels(asked), language).explanation) == quoted


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("[](#choice:d)", "no choice here has the label `d`; the choices are a, い, c"),
        ("[x](#choice:a)", r"a number or label takes the place of the text: write \[\]\(#choice:a\)"),
    ],
)
def test_a_reference_to_no_choice_is_a_problem(tmp_path: Path, written: str, message: str) -> None:
    course(tmp_path, REFERRING.replace("[](#choice:い)は", f"{written}は"))
    (problem,) = read([tmp_path]).problems
    assert (problem.position.line, problem.code) in {(13, "unknown-choice"), (13, "figure")}
    assert problem.message.startswith(message.replace("\\", ""))


def test_a_stimulus_has_no_choices_to_refer_to(tmp_path: Path) -> None:
    stimulus = "stimuli: [{id: s, text: '[](#choice:a)を見よ。'}]\nquestions:"
    course(tmp_path, REFERRING.replace("questions:", stimulus))
    (problem,) = read([tmp_path]).problems
    assert problem.code == "unknown-choice"


def pieces(sample: Paper) -> list[list[tuple[int, str, str]]]:
    return [[(mark.row, mark.part, mark.answer) for mark in key.marks] for key in keyed(sample).values()]


def spans(sample: Paper) -> list[str]:
    return [key.span for key in keyed(sample).values()]


def test_the_key_names_the_row_of_everything_that_is_marked() -> None:
    sample = papers.every_kind("ja")
    assert spans(sample) == ["1", "", "", "2–4", "5–7", "", "8"]
    assert pieces(sample)[3] == [(2, "(1)", "エ"), (3, "(2)", "ウ"), (4, "(3)", "ア")]
    assert pieces(sample)[4] == [(5, "(1)", "イ"), (6, "(2)", "ア"), (7, "(3)", "ウ")]
    assert [row for row, _, _ in pieces(sample)[6]] == [0, 8, 0]


def test_without_a_mark_sheet_the_key_has_no_rows() -> None:
    sample = replace(papers.every_kind("ja"), printing=Printing(answers="boxes"))
    assert set(spans(sample)) == {""}
    assert pieces(sample)[4] == [(0, "", "イ → ア → ウ")]


@pytest.mark.parametrize(
    ("answer", "tolerance", "digits", "marked"),
    [
        ("-2.5", "0", 4, ["−", "2", ".", "5"]),
        ("25", "0", 3, ["2", "5", ""]),
        ("0.2", "0.1", 3, ["0", ".", "2", "0.2 ± 0.1"]),
        ("100", "0", 2, ["1", "0", "100"]),
    ],
)
def test_a_number_is_keyed_sign_by_sign(answer: str, tolerance: str, digits: int, marked: Sequence[str]) -> None:
    blank = Blank((answer,), tolerance=Decimal(tolerance), digits=digits)
    (found,) = pieces(paper(question(1, blank)))
    assert [sign for _, _, sign in found] == list(marked)
