"""GIFT is read as Moodle reads it, and drafts written as GIFT come back."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizgen.importers.gift import read, sniff
from quizgen.importers.imported import BankDraft, ChoiceDraft, Imported, QuestionDraft
from quizgen.importers.markup import markdown
from quizgen.importers.naming import named
from quizgen.importers.yaml_text import bank_yaml
from quizgen.problems import Position, ProblemsError
from quizgen.richtext import parse
from quizgen.writers.moodle.html import fragment
from trees import as_html, authors, trees

HERE = Position("quiz.gift", 1, 1)


def imported(data: str | bytes) -> Imported:
    return read("quiz.gift", data.encode() if isinstance(data, str) else data)


def only(data: str) -> QuestionDraft:
    ((draft,),) = (bank.questions for bank in imported(data).banks)
    return draft


# Round trips: drafts to GIFT and back


def gift(bank: BankDraft) -> str:
    """A bank in GIFT as Moodle writes it."""
    category = bank.title.replace("/", "//")
    return "\n\n".join([f"$CATEGORY: top/{category}", *map(entry, bank.questions)])


def entry(draft: QuestionDraft) -> str:
    tags = "".join(f" [tag:{tag}]" for tag in (*draft.tags, draft.difficulty))
    share = 100 / len(draft.answer)
    choices = (f"{sign(draft, choice, share)}{html(choice.text)}#{html(choice.feedback)}" for choice in draft.choices)
    answers = "\n".join(("{", *choices, f"####{html(draft.explanation)}", "}"))
    return f"// question: 7  name: x\n// [id:{draft.id}]{tags}\n::{draft.id}::{html(draft.text)}{answers}"


def sign(draft: QuestionDraft, choice: ChoiceDraft, share: float) -> str:
    right = choice.label in draft.answer
    return "~="[right] if draft.type == "single" else f"~%{share if right else -100:.5f}%"


def html(text: str) -> str:
    return "[html]" + re.sub(r"[\\:#={}~]", r"\\\g<0>", fragment(parse(text), {}).html).replace("\n", r"\n")


MARKDOWN = authors(trees(images=False)).map(as_html).map(lambda blocks: markdown(blocks).text)


@st.composite
def drafts(draw: st.DrawFn) -> QuestionDraft:
    texts = st.sampled_from(draw(st.lists(MARKDOWN, min_size=1, max_size=3)))
    labels = "abcd"[: draw(st.integers(2, 4))]
    many = draw(st.booleans())
    right = draw(st.sets(st.sampled_from(labels), min_size=1, max_size=len(labels) if many else 1))
    return QuestionDraft(
        HERE,
        "multiple" if many else "single",
        draw(texts),
        tuple(ChoiceDraft(label, draw(texts), draw(st.just("") | texts)) for label in labels),
        tuple(sorted(right)),
        id=draw(st.sampled_from(["q1", "stop-it"])),
        explanation=draw(st.just("") | texts),
        difficulty=draw(st.sampled_from(["easy", "normal", "hard"])),
        tags=tuple(draw(st.lists(st.sampled_from(["網", "a b"]), unique=True))),
    )


def trees_of(draft: QuestionDraft) -> list[object]:
    texts = [draft.text, draft.explanation, *(text for c in draft.choices for text in (c.text, c.feedback))]
    return [*map(parse, texts), draft.type, draft.answer, draft.id, draft.difficulty, draft.tags]


@settings(deadline=None, max_examples=25)
@given(st.lists(drafts(), min_size=1, max_size=2), st.sampled_from(["章", "A/B", "a<b"]))
def test_a_bank_comes_back_from_gift(questions, title):
    result = imported(gift(BankDraft(title, tuple(questions))))
    (bank,) = result.banks
    assert (bank.title, result.notes, result.skipped) == (title, (), ())
    assert list(map(trees_of, bank.questions)) == list(map(trees_of, questions))


# The format


SAMPLE = """\
// ファイルの始まり

$CATEGORY: $course$/top/第1章

// question: 12  name: Q1
// [id:stop] [tag:easy] [tag:命令]
// 要確認
::Q1::[html]<p>コンテナを<b>停止</b>する命令\\: どれか。\\{x\\}</p> {
=docker stop #そのとおり
~docker rm #消す
~%50%docker kill

####[markdown]`SIGTERM` を送る。
}
::Q2::正しいものをすべて選べ。 {~%50%甲 ~%50%乙 ~%-100%丙 \\= 丁}

層は読み取り専用である。
ただし最上層を除く。 {T#ちがう#そのとおり}

The capital is {~Osaka =Tokyo} of Japan.
"""


def test_a_gift_file_is_what_an_author_would_have_written():
    result = imported(SAMPLE)
    (bank,) = named(result).banks
    assert (
        bank_yaml(bank)
        == """\
kind: bank
id: bank-01
title: 第1章
language: ja

questions:
  # in Moodle: Q1
  # 要確認
  # another choice earned a part of the points (c 50 %); here it is wrong
  - id: stop
    type: single
    text: 'コンテナを**停止**する命令: どれか。{x}'
    choices:
      a: {text: docker stop, feedback: そのとおり}
      b: {text: docker rm, feedback: 消す}
      c: docker kill
    answer: a
    explanation: '`SIGTERM` を送る。'
    difficulty: easy
    tags: [命令]

  - id: q2
    type: multiple
    text: 正しいものをすべて選べ。
    choices:
      a: 甲
      b: 乙
      c: 丙 = 丁
    answer: [a, b]

  - id: q03
    type: single
    text: |
      層は読み取り専用である。\\
      ただし最上層を除く。
    choices:
      a: {text: 正しい, feedback: そのとおり}
      b: {text: 正しくない, feedback: ちがう}
    answer: a
    shuffle: false

  - id: capital-japan
    type: single
    text: The capital is _____ of Japan.
    choices:
      a: Osaka
      b: Tokyo
    answer: b
"""
    )
    assert [str(note) for note in result.notes] == [
        "quiz.gift:13:1: an empty line stands inside the braces of a question, which Moodle ends there [empty-line]",
        "quiz.gift:15:1: an empty line is missing before this question, "
        "which Moodle takes for a part of the one above [empty-line]",
        "quiz.gift:8:1: another choice earned a part of the points (c 50 %); here it is wrong [partial-points]",
    ]
    assert [note.repaired for note in result.notes] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[html]a<br>b", "a\\\nb"),
        ("[plain]a <b> *c*", "a <b> \\*c\\*"),
        ("[markdown]a *b*", "a *b*"),
        ("[moodle]a\nb", "a\\\nb"),
        ("[x]a", "[x]a"),
        ("a\nb <i>c</i>", "a\\\nb *c*"),
        (r"a\nb \\(x\\) C\\:x", "a\\\nb $x$ C\\\\:x"),
        (r"\~ \= \# \{ \} \: 1/2", "~ = # { } : 1/2"),
    ],
)
def test_texts_are_read_in_their_formats(text, expected):
    assert only(f"{text} {{=a ~b}}").text == expected


def test_a_name_of_several_lines_in_moodles_comment_is_no_text():
    draft = only("// question: 7  name: one\ntwo\n// [id:x]\n::one\ntwo::one\ntwo three? {=a ~b}")
    assert (draft.text, draft.id, draft.comments) == ("one\\\ntwo three?", "x", ())


def test_answers_take_the_questions_format_unless_they_have_their_own():
    draft = only("[plain]x {=<b>1</b>#[html]<i>y</i> ~[html]<b>2</b> #### <p>z}")
    texts = [draft.choices[0].text, draft.choices[0].feedback, draft.choices[1].text, draft.explanation]
    assert texts == ["<b>1</b>", "*y*", "**2**", "<p>z"]


@pytest.mark.parametrize(
    ("answers", "words", "right"),
    [
        ("{T}", ("True", "False"), "a"),
        ("{FALSE#no#yes}", ("True", "False"), "b"),
        ("{ TRUE #no}", ("True", "False"), "a"),
    ],
)
def test_a_statement_is_true_or_false(answers, words, right):
    draft = only(f"It runs. {answers}")
    assert (tuple(c.text for c in draft.choices), draft.answer, draft.shuffle) == (words, (right,), False)


@pytest.mark.parametrize(
    ("answers", "type_and_answer"),
    [
        ("{~a =b}", ("single", "b")),
        ("{=%100%a ~b}", ("single", "a")),
        ("{~%50%a ~%50%b ~c}", ("multiple", "ab")),
        ("{~%33.33333%a~%33.33333%b~%33.33333%c~%-50%d}", ("multiple", "abc")),
        ("{~%100%a ~b}", ("multiple", "a")),
    ],
)
def test_signs_and_weights_are_the_key(answers, type_and_answer):
    draft = only(f"x {answers}")
    assert (draft.type, "".join(draft.answer)) == type_and_answer


@pytest.mark.parametrize(
    ("question", "code", "why"),
    [
        ("Q {=a =b}", "question-type", "type short answer"),
        ("Q {=a -> 1 =b -> 2}", "question-type", "type matching"),
        ("Q {#3.14:0.1}", "question-type", "type numerical"),
        ("Q {}", "question-type", "type essay"),
        ("The {=sun} rises.", "question-type", "type short answer"),
        ("Q", "question-type", "a text without answers"),
        ("Q {=a ~b", "brace", r"a { has no partner; where it is text, write \{"),
        ("Q }", "brace", r"a } has no partner; where it is text, write \}"),
        ("Q {=a ~=b}", "several-answers", "both right"),
        ("Q {~a ~b}", "no-answer", "none of its choices is right"),
        ("{=a ~b}", "no-text", "no text"),
        ("Q {=a ~" + "<div>" * 100 + "}", "text-length", "nested too deep"),
    ],
)
def test_what_cannot_be_asked_is_named_and_left_out(question, code, why):
    result = imported(f"x {{=a ~b}}\n\n// y\n{question}\n\nz {{=a ~b}}")
    assert [(one.code, one.position.line) for one in result.skipped] == [(code, 4)]
    assert why in result.skipped[0].why
    assert result.questions == 2


def test_categories_are_banks_and_empty_ones_are_none():
    parts = ["a {=1 ~2}", "$CATEGORY: top/A//B\nb {=1 ~2}", "$CATEGORY: C", "$CATEGORY: top/D/A//B", "c {=1 ~2}"]
    result = imported("\n\n".join(parts))
    assert [(bank.title, len(bank.questions)) for bank in result.banks] == [("quiz", 1), ("A/B", 1), ("D / A/B", 1)]


def test_an_id_number_of_our_own_export_is_the_questions_id():
    assert only("// [id:docker/stop@A]\nx {=a ~b}").id == "stop"


@pytest.mark.parametrize(
    ("encoding", "codes"),
    [("utf-8-sig", []), ("cp932", ["encoding"]), ("euc_jp", ["encoding"]), ("utf-16", ["encoding"])],
)
def test_a_file_is_read_in_the_encoding_it_is_in(encoding, codes):
    result = imported("::題:: 正しいものはどれか。\r\n{=これ ~それ}".encode(encoding))
    assert result.banks[0].questions[0].text == "正しいものはどれか。"
    assert [note.code for note in result.notes] == codes


@pytest.mark.parametrize(
    ("name", "text", "certainty"),
    [
        ("a.txt", SAMPLE, 90),
        ("a.txt", "Q {=a ~b}", 60),
        ("a.txt", "Q {T}", 60),
        ("a.gift", "Q", 85),
        ("a.txt", "::A:: b", 0),
        ("a.txt", "body { color: red }", 0),
        ("a.txt", r"x \{=a", 0),
    ],
)
def test_a_file_is_known_by_its_signs(name, text, certainty):
    assert sniff(name, text.encode()) == certainty


@pytest.mark.parametrize(
    "text",
    [
        "{\n\n" * 20_000,
        "{\n\n" + "}{\n\n" * 20_000,
        "}\n" * 50_000,
        "{}\n" * 20_000,
        "a {=b ~c}\n" * 300,
        "::" * 50_000,
        "x {" + "~a" * 20_000,
        "{=a" + "\\" * 50_000,
        "\n".join(["// x"] * 50_000),
    ],
)
def test_hostile_files_take_no_longer_than_others(text):
    with suppress(ProblemsError):
        imported(text)


def test_more_questions_than_a_bank_has_are_refused():
    with pytest.raises(ProblemsError, match=r"quiz\.gift:40001:1: the file has more than 20,000 questions"):
        imported("x {}\n\n" * 20_001)


@settings(deadline=None)
@given(st.text(st.sampled_from("{}~=#%:\\[] \nab/$1T"), max_size=60) | st.binary(max_size=40))
def test_any_text_is_read_or_refused(data):
    with suppress(ProblemsError):
        result = imported(data)
        assert all(one.position.line for one in result.skipped)
