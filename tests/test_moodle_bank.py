"""Whole banks in Moodle: every question once, for Moodle to draw and to shuffle."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from quizgen.build import Options, build, verify
from quizgen.problems import QuizgenError

FRUIT = """\
kind: bank
id: fruit
title: 果物
stimuli: [{id: basket, text: かごの中}]
questions:
  - {id: one, type: single, text: 一つ目, choices: {a: 甲, b: 乙, c: 丙}, answer: c, stimulus: basket, points: 2}
  - {id: kept, type: multiple, text: 数, choices: {b: 10, a: 9, c: 8}, answer: [a], shuffle: false}
  - {id: none, type: single, text: 押さえ, choices: {z: {text: どれでもない, pin: last}, a: 甲, b: 乙}, answer: a}
  - {id: truth, type: true-false, text: 真か, answer: true}
  - {id: two, type: single, text: 二つ目, choices: {a: 甲, b: 乙}, answer: a, stimulus: basket}
"""
TREES = """\
kind: bank
id: trees
title: 木
questions:
  - {id: one, type: cloze, text: 'A [[x]] B [[y]]', blanks: {x: {choices: {a: 甲, b: 乙}, answer: b}, y: z}, points: 2}
  - {id: pinned, type: cloze, text: 'A [[x]]', blanks: {x: {choices: {a: {text: 甲, pin: last}, b: 乙}, answer: b}}}
  - {id: pairs, type: matching, text: 組, pairs: {p: 甲, q: 乙}, distractors: [丙]}
  - {id: steps, type: ordering, text: 順, items: [い, ろ, は]}
"""
OTHER = "kind: bank\nid: other\ntitle: 他\nquestions: [{id: o, type: true-false, text: 他か, answer: true}]\n"
EXAM = """\
kind: exam
id: e
title: 試験
course: 科目
variants: 3
sections:
  - {questions: [trees/one], points: 9}
  - {draw: {from: [fruit, trees], count: 2}}
"""


@pytest.fixture
def exam(tmp_path: Path) -> Path:
    course = tmp_path / "banks" / "c"
    (course / "exams").mkdir(parents=True)
    for name, content in {"fruit": FRUIT, "trees": TREES, "other": OTHER, "exams/e": EXAM}.items():
        (course / f"{name}.yaml").write_text(content, encoding="utf-8")
    return course / "exams" / "e.yaml"


def built(exam: Path):
    report = build(exam, options=Options(formats=("moodle-bank",)))
    return report, etree.parse(report.folder / "moodle" / "e-bank.xml").getroot()


def questions(exam: Path) -> dict[str, etree._Element]:
    return {element.findtext("idnumber"): element for element in built(exam)[1] if element.find("idnumber") is not None}


def test_every_question_of_the_exams_banks_is_there_once_in_written_order(exam):
    names = [f"trees/{name}" for name in ("one", "pinned", "pairs", "steps")]
    names += [f"fruit/{name}" for name in ("one", "kept", "none", "truth", "two")]
    assert list(questions(exam)) == names


def test_each_bank_is_a_category_whose_questions_are_counted_by_themselves(exam):
    found: dict[str, list[str]] = {}
    for element in built(exam)[1]:
        if element.get("type") == "category":
            current = found.setdefault(element.findtext("category/text"), [])
        else:
            current.append(element.findtext("name/text")[:3])
    assert found == {"top/科目/木": ["001", "002", "003", "004"], "top/科目/果物": ["001", "002", "003", "004", "005"]}


def test_banks_of_the_same_title_are_told_apart_by_their_ids(exam):
    path = exam.parent.parent / "trees.yaml"
    path.write_text(TREES.replace("title: 木", "title: 果物"), encoding="utf-8")
    assert built(exam)[1].xpath("//category/text/text()") == ["top/科目/果物 (trees)", "top/科目/果物 (fruit)"]


def test_moodle_shuffles_what_the_question_lets_it(exam):
    shuffled = {name: element.findtext("shuffleanswers") for name, element in questions(exam).items()}
    assert {name for name, value in shuffled.items() if value == "true"} == {"fruit/one", "fruit/two"}


def test_moodle_shuffles_the_choices_of_a_gap(exam):
    texts = {name: element.findtext("questiontext/text") for name, element in questions(exam).items()}
    assert "{1:MULTICHOICE_S:甲~=乙}" in texts["trees/one"]
    assert "{1:MULTICHOICE:=乙~甲}" in texts["trees/pinned"]


def test_choices_stand_in_written_order_and_held_ones_at_their_end(exam):
    found = questions(exam)
    choices = {name: found[f"fruit/{name}"].xpath("answer/text/text()") for name in ("one", "kept", "none")}
    assert choices == {
        "one": ["<p>甲</p>", "<p>乙</p>", "<p>丙</p>"],
        "kept": ["<p>10</p>", "<p>9</p>", "<p>8</p>"],
        "none": ["<p>甲</p>", "<p>乙</p>", "<p>どれでもない</p>"],
    }
    assert found["fruit/one"].xpath("answer[@fraction='100.00000']/text/text()") == ["<p>丙</p>"]
    assert found["trees/pairs"].xpath("subquestion/answer/text/text()") == ["甲", "乙", "丙"]
    assert found["trees/steps"].xpath("answer/text/text()") == ["い", "ろ", "は"]


def test_a_choice_that_keeps_its_place_is_warned_of(exam):
    (warning,) = (text for text in built(exam)[0].warnings if "in its place" in text)
    assert warning.endswith("shuffles none of them (trees/pinned, fruit/none)")


def test_questions_have_their_own_points_and_their_stimulus(exam):
    found = questions(exam)
    assert [found[name].findtext("defaultgrade") for name in ("trees/one", "fruit/one")] == ["2.0000000"] * 2
    assert all("かごの中" in found[f"fruit/{name}"].findtext("questiontext/text") for name in ("one", "two"))


def test_the_build_tells_what_moodle_has_to_report(exam):
    assert built(exam)[0].notes[0] == "Moodle imports 9 questions from moodle/e-bank.xml"


def test_neither_variants_nor_the_seed_change_the_banks(exam):
    before = etree.tostring(built(exam)[1])
    exam.write_text(EXAM.replace("variants: 3", "variants: 1\nseed: 5"), encoding="utf-8")
    assert etree.tostring(built(exam)[1]) == before


def test_the_banks_are_verified_like_any_output(exam):
    report, _ = built(exam)
    assert verify(report.folder).differences == ()


def test_assignments_have_no_banks(exam):
    path = exam.parent.parent / "labs.yaml"
    path.write_text("kind: assignments\nid: l\ntitle: t\nassignments: [{id: a, title: a, goal: b}]\n", encoding="utf-8")
    with pytest.raises(QuizgenError, match=r"labs\.yaml draws from no bank"):
        build(path, options=Options(formats=("moodle-bank",)))
