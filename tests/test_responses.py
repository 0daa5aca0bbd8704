"""The response kinds: what they earn, what guessing earns, and that without their key they tell nothing of it."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import permutations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizgen.assemble import Slot, arrange, lower
from quizgen.model import Course, Exam
from quizgen.paper import Blank, Choice, Cloze, Item, Lines, Matching, Option, Ordering, Paper, Stem
from quizgen.reader import read_job
from quizgen.richtext.plain import to_plain
from quizgen.scoring import Scoring

OK = Path(__file__).parent / "banks" / "ok" / "types.yaml"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    folder = tmp_path_factory.mktemp("types")
    (folder / "types.yaml").write_text(OK.read_text(encoding="utf-8"), encoding="utf-8")
    path = folder / "exam.yaml"
    path.write_text("kind: exam\nid: e\ntitle: t\nsections: [{draw: {from: types, count: 7}}]\n", encoding="utf-8")
    return read_job(path).course


def paper(course: Course, seed: int = 0, language: str = "ja") -> Paper:
    section = {"draw": {"from": "types", "count": "7"}, "shuffle": False}
    data = {"kind": "exam", "id": "e", "title": "t", "seed": seed, "language": language, "sections": [section]}
    exam = Exam.model_validate(data)
    return lower(exam, course, Slot("A"), arrange(exam, course, "A"))


def test_each_type_is_lowered_to_its_response_kind(course):
    kinds = [type(question.response) for question in paper(course).questions]
    assert kinds == [Choice, Blank, Blank, Matching, Ordering, Lines, Cloze]


@pytest.mark.parametrize(("language", "words"), [("ja", ["正しい", "正しくない"]), ("en", ["True", "False"])])
def test_true_and_false_stand_in_this_order_in_the_exams_language(course, language, words):
    options = paper(course, language=language).questions[0].response.options
    assert [to_plain(option.text).strip() for option in options] == words
    assert [option.right for option in options] == [True, False]


@pytest.mark.parametrize("seed", range(12))
def test_items_to_be_ordered_are_never_printed_in_order(course, seed):
    ordering = paper(course, seed).questions[4].response
    assert [item.place for item in ordering.items] != [1, 2, 3, 4]
    assert sorted(item.place for item in ordering.items) == [1, 2, 3, 4]
    right = sorted(ordering.items, key=lambda item: item.place)
    assert [to_plain(item.text).strip() for item in right] == [f"docker {w}" for w in ("build", "push", "pull", "run")]


@pytest.mark.parametrize("seed", range(5))
def test_each_stem_is_joined_to_the_option_that_belongs_to_it(course, seed):
    matching = paper(course, seed).questions[3].response
    texts = {option.label: to_plain(option.text).strip() for option in matching.options}
    joined = {to_plain(stem.text).strip(): texts[stem.right] for stem in matching.stems}
    assert joined == {"Pod": "最小の実行単位", "Node": "資源を与えるもの", "Service": "宛先を束ねるもの"}
    assert len(matching.options) == 4


def test_the_gaps_of_a_text_are_numbered_as_their_blanks(course):
    question = paper(course).questions[6]
    assert to_plain(question.text).count("[(") == 3
    assert [gap.label for gap in question.response.gaps] == ["(1)", "(2)", "(3)"]
    assert [type(gap.response) for gap in question.response.gaps] == [Blank, Choice, Blank]


def values(part: Any) -> list[Any]:
    """Every value below a dataclass."""
    if is_dataclass(part):
        return [value for field in fields(part) for value in values(getattr(part, field.name))]
    if isinstance(part, tuple):
        return [value for item in part for value in values(item)]
    return [part]


def test_without_its_key_a_paper_is_the_same_whatever_the_key(course):
    """Two papers that differ in their keys only are one paper for a student."""
    bare = paper(course).without_key()
    found = values(bare.sections)
    for secret in ("kubectl", "kubectlコマンド", "0.2", Decimal("0.001"), "6443", "kube-scheduler", "冪等であること。"):
        assert secret not in found
    assert not any(
        option.right for q in bare.questions if isinstance(q.response, Choice) for option in q.response.options
    )
    assert {item.place for item in bare.questions[4].response.items} == {0}
    assert {stem.right for stem in bare.questions[3].response.stems} == {""}
    assert {option.right for option in bare.questions[3].response.options} == {False}


@pytest.mark.parametrize(
    ("blank", "written", "share"),
    [
        (Blank(("kubectl", "k8s")), "kubectl", 1),
        (Blank(("kubectl",)), "  Ｋubectl ", 1),
        (Blank(("kubectl",), match_case=True), "Kubectl", 0),
        (Blank(("docker run",)), "docker  run", 1),
        (Blank(("kubectl",)), "", 0),
        (Blank(("0.2",), tolerance=Decimal("0.01")), "0.21", 1),
        (Blank(("0.2",), tolerance=Decimal("0.01")), "0.211", 0),
        (Blank(("200",), tolerance=Decimal(0)), "２００", 1),
        (Blank(("200",), tolerance=Decimal(0)), "2e2", 1),
        (Blank(("200",), tolerance=Decimal(0)), "many", 0),
        (Blank(("200",), tolerance=Decimal(0)), "NaN", 0),
    ],
)
def test_a_blank_earns_for_an_accepted_answer(blank, written, share):
    assert blank.earned(written) == share


def matching(stems: int, options: int) -> Matching:
    labels = "abcdefgh"[:options]
    return Matching(
        tuple(Stem(str(n), (), labels[n % options]) for n in range(stems)),
        tuple(Option(label, label, (), right=False) for label in labels),
    )


@given(st.integers(2, 4), st.integers(2, 4))
def test_guessing_a_matching_earns_what_all_answers_earn_on_average(stems, options):
    response = matching(stems, options)
    labels = [option.label for option in response.options]
    shares = [
        response.earned({stem.label: label for stem, label in zip(response.stems, given_, strict=True)})
        for given_ in product(labels, repeat=stems)
    ]
    assert response.guessed(Scoring()) == sum(shares) / Fraction(len(shares))


@given(st.permutations(range(1, 6)))
def test_guessing_an_order_earns_what_all_orders_earn_on_average(places):
    response = Ordering(tuple(Item(str(n), (), place) for n, place in enumerate(places)))
    shares = [response.earned(order) for order in permutations(item.label for item in response.items)]
    assert response.guessed(Scoring()) == sum(shares) / Fraction(len(shares))
    assert response.earned([item.label for item in sorted(response.items, key=lambda item: item.place)]) == 1


def test_keys_are_a_line_of_text(course):
    keys = [question.response.key for question in paper(course).questions]
    assert keys[:3] == ["ア", "kubectl / kubectlコマンド", "0.2 ± 0.001 CPU"]
    assert keys[5] == ""
    assert keys[4].count(" → ") == 3
    assert keys[6].startswith("(1) kube-scheduler / スケジューラー  (2) ")
