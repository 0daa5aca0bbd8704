"""Assembling: nothing is lost or doubled, the key follows its choices, and one question's fate moves no other."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quizgen.assemble import arrange, lower, plan, worksheet
from quizgen.assemble.balance import LONGEST_RUN, balanced
from quizgen.assemble.placed import Placed
from quizgen.assemble.plan import Slot, variant_names
from quizgen.assemble.worksheets import student_word
from quizgen.draw import Draw
from quizgen.model import Assignments, Bank, Course, Exam
from quizgen.paper import Student
from quizgen.richtext.plain import to_plain

LABELS = "abcdef"


def question(name: str, choices: int = 4, answer: Sequence[str] = ("a",), **fields: object) -> dict[str, object]:
    return {
        "id": name,
        "type": "single" if len(answer) == 1 else "multiple",
        "text": f"text of {name}",
        "choices": {label: f"{name} {label}" for label in LABELS[:choices]},
        "answer": list(answer),
        **fields,
    }


def bank(*questions: dict[str, object], name: str = "b", stimuli: Sequence[dict[str, object]] = ()) -> Bank:
    return Bank.model_validate(
        {"kind": "bank", "id": name, "title": "t", "questions": list(questions), "stimuli": list(stimuli)}
    )


def exam(*sections: dict[str, object], **fields: object) -> Exam:
    return Exam.model_validate({"kind": "exam", "id": "e", "title": "t", "sections": list(sections), **fields})


def course(*banks: Bank) -> Course:
    return Course({bank.id: bank for bank in banks})


def draw(count: int, source: object = "b", **fields: object) -> dict[str, object]:
    return {"draw": {"from": source, "count": str(count), **fields}}


def names(arrangement: tuple[tuple[Placed, ...], ...]) -> list[str]:
    return [placed.name for section in arrangement for placed in section]


def orders(arrangement: tuple[tuple[Placed, ...], ...]) -> dict[str, tuple[str, ...]]:
    return {placed.name: placed.order for section in arrangement for placed in section}


ids = st.lists(st.from_regex(r"[a-z]{1,6}", fullmatch=True), min_size=2, max_size=25, unique=True)
answers = st.lists(st.sampled_from("abcd"), min_size=1, max_size=4, unique=True)


@given(ids, st.integers(0, 10_000), st.data())
def test_a_paper_loses_nothing_and_doubles_nothing(found, seed, data):
    questions = [question(name, answer=data.draw(answers)) for name in found]
    count = data.draw(st.integers(1, len(found)))
    arranged = arrange(exam(draw(count), seed=seed), course(bank(*questions)), "A")
    assert len(names(arranged)) == len(set(names(arranged))) == count
    assert set(names(arranged)) <= {f"b/{name}" for name in found}
    assert all(sorted(order) == list("abcd") for order in orders(arranged).values())


@given(ids, st.data())
def test_the_key_follows_its_choices(found, data):
    keys = {name: data.draw(answers) for name in found}
    source = course(bank(*(question(name, answer=keys[name]) for name in found)))
    document = exam(draw(len(found)))
    paper = lower(document, source, Slot("A"), arrange(document, source, "A"))
    for printed in paper.questions:
        name = printed.id.removeprefix("b/")
        right = {to_plain(option.text).strip() for option in printed.response.right}
        assert right == {f"{name} {label}" for label in keys[name]}


@given(ids, st.data())
def test_removing_a_question_that_is_not_drawn_moves_nothing(found, data):
    document = exam(draw(data.draw(st.integers(1, len(found) - 1))), variants=2)
    before = arrange(document, course(bank(*map(question, found))), "B")
    gone = data.draw(st.sampled_from([name for name in found if f"b/{name}" not in names(before)]))
    rest = [question(name) for name in found if name != gone]
    assert arrange(document, course(bank(*rest)), "B") == before


@given(ids, st.data())
def test_removing_a_drawn_question_leaves_the_others_in_their_order(found, data):
    count = data.draw(st.integers(1, len(found) - 1))
    before = arrange(exam(draw(count)), course(bank(*map(question, found))), "A")
    gone = data.draw(st.sampled_from(names(before)))
    rest = [question(name) for name in found if f"b/{name}" != gone]
    after = names(arrange(exam(draw(count)), course(bank(*rest)), "A"))
    kept = [name for name in names(before) if name != gone]
    assert [name for name in after if name in kept] == kept
    assert len(set(after) - set(kept)) == 1


@given(ids, st.data())
def test_removing_a_drawn_question_leaves_choices_where_they_are_but_for_the_balance(found, data):
    """The keyed orders do not depend on the rest of the paper; balancing may exchange two choices at a time."""
    count = len(found)
    before = orders(arrange(exam(draw(count)), course(bank(*map(question, found))), "A"))
    gone = data.draw(st.sampled_from(found))
    rest = [question(name) for name in found if name != gone]
    after = orders(arrange(exam(draw(count - 1)), course(bank(*rest)), "A"))
    for name, order in after.items():
        differing = [place for place in range(4) if order[place] != before[name][place]]
        assert len(differing) <= 3, "two exchanges move three choices at the most"


@given(ids)
def test_editing_a_questions_text_moves_nothing(found):
    source = [question(name) for name in found]
    edited = [{**source[0], "text": "edited", "explanation": "new"}, *source[1:]]
    document = exam(draw(len(found)))
    assert arrange(document, course(bank(*source)), "A") == arrange(document, course(bank(*edited)), "A")


@given(st.lists(st.sampled_from(["easy", "normal", "hard"]), min_size=6, max_size=20), st.integers(0, 99))
def test_draws_whose_pools_overlap_are_all_met(difficulties, seed):
    """The first draw may take any question, but never the last hard ones, which the second needs."""
    difficulties = ["easy", "hard", *difficulties]
    source = course(bank(*(question(f"q{n}", difficulty=level) for n, level in enumerate(difficulties))))
    hard = difficulties.count("hard")
    document = exam(draw(len(difficulties) - hard), draw(hard, difficulty="hard"), seed=seed)
    sections = arrange(document, source, "A")
    assert len(names(sections)) == len(set(names(sections))) == len(difficulties)


def test_a_draw_takes_only_what_it_asks_for():
    source = course(
        bank(question("e", difficulty="easy", tags="net"), question("h", difficulty="hard", tags=["net", "disk"]))
    )
    assert names(arrange(exam(draw(1, difficulty="hard")), source, "A")) == ["b/h"]
    assert names(arrange(exam(draw(1, tags="disk")), source, "A")) == ["b/h"]


def test_questions_that_an_exam_names_are_not_drawn_again():
    source = course(bank(question("one"), question("two")))
    document = exam({"questions": "b/one", "draw": {"from": "b", "count": "1"}})
    assert sorted(names(arrange(document, source, "A"))) == ["b/one", "b/two"]


def test_a_section_that_does_not_shuffle_keeps_the_written_order():
    source = course(bank(*(question(f"q{n}") for n in range(8))))
    section = {**draw(8), "shuffle": False}
    assert names(arrange(exam(section), source, "A")) == [f"b/q{n}" for n in range(8)]


@pytest.mark.parametrize("seed", range(20))
def test_pinned_choices_stay_at_their_ends(seed):
    choices = {"a": {"text": "1", "pin": "last"}, "b": "2", "c": "3", "d": {"text": "4", "pin": "first"}, "e": "5"}
    source = course(bank(question("q") | {"choices": choices}))
    order = orders(arrange(exam(draw(1), seed=seed), source, "A"))["b/q"]
    assert (order[0], order[-1]) == ("d", "a")


@pytest.mark.parametrize("seed", range(10))
def test_choices_that_do_not_shuffle_keep_the_written_order(seed):
    source = course(bank(question("q", shuffle=False), question("r")))
    assert orders(arrange(exam(draw(2), seed=seed), source, "A"))["b/q"] == tuple("abcd")


def stimulus_course(*, shuffle: bool) -> Course:
    members = [question(f"m{n}", stimulus="s") for n in range(4)]
    others = [question(f"q{n}") for n in range(6)]
    return course(bank(*others[:3], *members, *others[3:], stimuli=[{"id": "s", "text": "S", "shuffle": shuffle}]))


@pytest.mark.parametrize("seed", range(20))
def test_questions_of_a_stimulus_stand_together_in_order(seed):
    found = names(arrange(exam(draw(10), seed=seed), stimulus_course(shuffle=False), "A"))
    members = [name for name in found if "/m" in name]
    start = found.index(members[0])
    assert found[start : start + 4] == members == [f"b/m{n}" for n in range(4)]


def test_questions_of_a_stimulus_may_shuffle_among_themselves():
    source = stimulus_course(shuffle=True)
    seen = set()
    for seed in range(20):
        found = names(arrange(exam(draw(10), seed=seed), source, "A"))
        members = [name for name in found if "/m" in name]
        assert found[found.index(members[0]) :][:4] == members
        seen.add(tuple(members))
    assert len(seen) > 5


@pytest.mark.parametrize("seed", range(20))
def test_a_draw_takes_a_stimuluss_questions_together_as_far_as_it_can(seed):
    found = names(arrange(exam(draw(5), seed=seed), stimulus_course(shuffle=False), "A"))
    members = [name for name in found if "/m" in name]
    assert members == [f"b/m{n}" for n in range(len(members))]


def test_a_paper_prints_a_stimulus_once_above_its_questions():
    document, source = exam(draw(10)), stimulus_course(shuffle=False)
    paper = lower(document, source, Slot("A"), arrange(document, source, "A"))
    groups = [group for section in paper.sections for group in section.groups if group.stimulus]
    assert [len(group.questions) for group in groups] == [4]
    assert [question.number for question in paper.questions] == list(range(1, 11))


@settings(max_examples=60)
@given(st.integers(8, 50), st.integers(2, 5), st.integers(0, 10_000))
@example(50, 2, 477)  # where runs moved about in circles
def test_the_key_names_each_position_about_equally_often_and_none_in_long_runs(count, choices, seed):
    source = course(bank(*(question(f"q{n}", choices) for n in range(count))))
    (section,) = arrange(exam(draw(count), seed=seed), source, "A")
    places = [placed.places[0] for placed in section]
    counts = [places.count(place) for place in range(choices)]
    assert max(counts) - min(counts) <= 2
    runs = [places[n : n + LONGEST_RUN + 1] for n in range(len(places) - LONGEST_RUN)]
    assert all(len(set(run)) > 1 for run in runs)


def test_balancing_leaves_a_balanced_paper_alone():
    section = tuple(
        Placed(f"b/{n}", tuple("abcd"), frozenset("abcd"[n % 4]), frozenset("abcd"), many=False) for n in range(12)
    )
    assert balanced((section,), Draw("key"), break_runs=True) == (section,)


def test_balancing_moves_no_choice_that_is_fixed():
    section = tuple(Placed(f"b/{n}", tuple("ab"), frozenset("a"), frozenset(), many=False) for n in range(12))
    assert balanced((section,), Draw("key"), break_runs=True) == (section,)


@given(st.integers(2, 12), st.integers(0, 1000))
def test_no_two_variants_are_the_same_where_the_pool_allows(variants, seed):
    source = course(bank(*(question(f"q{n}", 3) for n in range(3))))
    planned = list(plan(exam(draw(2), seed=seed, variants=variants), source, ()))
    assert len({arrangement for _, arrangement in planned}) == variants
    assert not any(slot.twin for slot, _ in planned)


def test_a_variant_that_must_equal_another_says_which():
    source = course(bank(question("q", 2)))
    planned = [slot for slot, _ in plan(exam(draw(1), variants=3), source, ())]
    assert [bool(slot.twin) for slot in planned].count(True) == 1


def test_what_an_exam_does_not_vary_is_the_same_in_every_variant():
    source = course(bank(*(question(f"q{n}") for n in range(12))))
    planned = [found for _, found in plan(exam(draw(5), variants=4, vary=["order", "choices"]), source, ())]
    assert len({frozenset(names(found)) for found in planned}) == 1
    assert len({tuple(names(found)) for found in planned}) == 4
    fixed = [found for _, found in plan(exam(draw(5), variants=4, vary=["order"]), source, ())]
    assert len({tuple(sorted(orders(found).items())) for found in fixed}) == 1


def test_each_student_has_a_paper_of_their_own_or_a_variant_dealt_in_turn():
    source = course(bank(*(question(f"q{n}") for n in range(12))))
    students = [Student(f"s{n}") for n in range(5)]
    own = list(plan(exam(draw(5)), source, students))
    assert [slot.name for slot, _ in own] == [student.id for student in students]
    assert len({found for _, found in own}) == 5
    dealt = list(plan(exam(draw(5), variants=2), source, students))
    assert [slot.variant for slot, _ in dealt] == ["A", "B", "A", "B", "A"]
    assert dealt[0][1] == dealt[2][1] == dealt[4][1] != dealt[1][1]


def test_another_student_on_the_roster_changes_no_ones_paper():
    source = course(bank(*(question(f"q{n}") for n in range(12))))
    few = {slot.name: found for slot, found in plan(exam(draw(5)), source, [Student("a"), Student("c")])}
    more = {slot.name: found for slot, found in plan(exam(draw(5)), source, [Student("b"), Student("c"), Student("a")])}
    assert few.items() <= more.items()


def test_another_bank_or_section_moves_nothing_in_the_first():
    one, two = bank(*(question(f"q{n}") for n in range(6))), bank(question("x"), name="other")
    alone = arrange(exam(draw(4), vary=["questions", "order"]), course(one), "A")
    both = arrange(exam(draw(4), draw(1, "other"), vary=["questions", "order"]), course(two, one), "A")
    assert names((both[0],)) == names(alone)


def test_variants_are_named_as_spreadsheet_columns():
    assert variant_names(28)[:3] == ("A", "B", "C")
    assert variant_names(28)[25:] == ("Z", "AA", "AB")


def test_a_sections_points_replace_the_questions_own():
    source = course(bank(question("q", points="2.5"), question("r", points="3")))
    document = exam({"questions": "b/q"}, {"questions": "b/r", "points": "4"})
    paper = lower(document, source, Slot("A"), arrange(document, source, "A"))
    assert [printed.points for printed in paper.questions] == [Decimal("2.5"), Decimal(4)]
    assert paper.points == Decimal("6.5")


@pytest.mark.parametrize(
    ("style", "printed"), [("katakana", "アイウエ"), ("circled", "①②③④"), ("iroha", "イロハニ"), ("numbers", "1234")]
)
def test_choices_are_labelled_in_the_exams_style(style, printed):
    document, source = exam(draw(1), choice_labels=style), course(bank(question("q")))
    paper = lower(document, source, Slot("A"), arrange(document, source, "A"))
    assert "".join(option.label for option in paper.questions[0].response.options) == printed


def test_a_paper_without_its_key_tells_no_right_choice():
    document, source = exam(draw(3)), course(bank(*(question(f"q{n}", explanation="because") for n in range(3))))
    paper = lower(document, source, Slot("A"), arrange(document, source, "A"))
    bare = paper.without_key()
    assert not any(option.right for q in bare.questions for option in q.response.options)
    assert not any(q.explanation or q.id or q.tags or q.difficulty for q in bare.questions)
    assert [to_plain(q.text) for q in bare.questions] == [to_plain(q.text) for q in paper.questions]


LABS = {
    "kind": "assignments",
    "id": "labs",
    "title": "t",
    "assignments": [
        {
            "id": "web",
            "title": "Port {{ port }}",
            "goal": "Serve on {{ port }} as web-{{ student }}; `{{.State}}` stays.",
            "parameters": {"port": {"range": ["30000", "32767"]}, "name": {"choose": ["x", "y"]}},
            "checks": [{"run": "curl localhost:{{ port }}", "expect": "{{ student }}"}],
        }
    ],
}


def test_a_worksheet_fills_in_each_students_own_parameters():
    labs = Assignments.model_validate(LABS)
    sheets = [worksheet(labs, Course({}), Slot("", Student(name))) for name in ("S_01", "S_02", "S_03")]
    ports = [dict(sheet.assignments[0].parameters)["port"] for sheet in sheets]
    assert len(set(ports)) > 1
    assert all(30000 <= int(port) <= 32767 for port in ports)
    first = sheets[0].assignments[0]
    assert first.title == f"Port {ports[0]}"
    assert to_plain(first.goal).strip() == f"Serve on {ports[0]} as web-s-01; {{{{.State}}}} stays."
    assert (first.checks[0].run, first.checks[0].expect) == (f"curl localhost:{ports[0]}", "s-01")


def test_a_due_date_is_the_first_line_of_what_to_hand_in():
    data = {**LABS["assignments"][0], "due": "2027-01-29T17:00+09:00", "submit": "One file."}
    for language, line in (("ja", "提出期限：2027年1月29日 17:00"), ("en", "Due: 2027-01-29 17:00")):
        labs = Assignments.model_validate({**LABS, "language": language, "assignments": [data]})
        (assignment,) = worksheet(labs, Course({}), Slot("A")).assignments
        assert to_plain(assignment.submit).split("\n")[0] == line
        assert assignment.due.timestamp() == 1801209600


def test_a_parameter_added_to_an_assignment_changes_no_other():
    labs = Assignments.model_validate(LABS)
    parameters = {"zone": LABS["assignments"][0]["parameters"]["name"], **LABS["assignments"][0]["parameters"]}
    added = Assignments.model_validate({**LABS, "assignments": [{**LABS["assignments"][0], "parameters": parameters}]})
    before = dict(worksheet(labs, Course({}), Slot("A")).assignments[0].parameters)
    after = dict(worksheet(added, Course({}), Slot("A")).assignments[0].parameters)
    assert before.items() <= after.items()


@given(st.text(max_size=30))
def test_a_students_word_can_name_a_host(name):
    word = student_word(name)
    assert word
    assert word.strip("-") == word
    assert all(character in "abcdefghijklmnopqrstuvwxyz0123456789-" for character in word)
