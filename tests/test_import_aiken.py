"""Aiken is read as people write it, and what is no question of its kind is named."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizgen.importers.aiken import read, sniff
from quizgen.importers.imported import Imported
from quizgen.importers.naming import named
from quizgen.importers.yaml_text import bank_yaml
from quizgen.problems import ProblemsError
from quizgen.richtext import parse
from quizgen.richtext.tree import Paragraph, Text


def imported(data: str | bytes) -> Imported:
    return read("quiz.txt", data.encode() if isinstance(data, str) else data)


# Lines that are neither a choice nor an answer, of what Markdown would take for markup.
PARTS = [*"*_`[]<>$!{|~#-+.\\ 1a", "漢", "字", "ANSWER", "A)", "- ", "&amp;"]
LINES = st.lists(st.sampled_from(PARTS), min_size=1, max_size=8).map("".join).map(str.strip).filter(bool)


@settings(deadline=None)
@given(st.lists(st.tuples(LINES, st.lists(LINES, min_size=2, max_size=5), st.integers(0, 4)), min_size=1, max_size=3))
def test_questions_come_back_from_aiken(questions):
    letters = "ABCDE"
    text = "\n\n".join(
        "\n".join([stem, *(f"{letter}) {c}" for letter, c in zip(letters, choices, strict=False)),
                   f"ANSWER: {letters[right % len(choices)]}"])
        for stem, choices, right in questions
    )  # fmt: skip
    result = imported(text)
    (bank,) = result.banks
    assert (result.notes, result.skipped) == ((), ())
    for draft, (stem, choices, right) in zip(bank.questions, questions, strict=True):
        assert parse(draft.text) == (Paragraph((Text(stem),)),)
        assert [parse(choice.text) for choice in draft.choices] == [(Paragraph((Text(c),)),) for c in choices]
        assert draft.answer == ("abcde"[right % len(choices)],)


SAMPLE = """\
コンテナを停止する命令はどれか。
Ａ．docker rm
Ｂ) docker stop web
(C) `docker kill`
ＡＮＳＷＥＲ：Ｂ

Which *two*
 are right?
A. 1 * 2
B. the first
 and the second
answer: A.

A. Turing proved what?
a) nothing
b) something
ANSWER: A, B
"""


def test_an_aiken_file_is_what_an_author_would_have_written():
    result = imported(SAMPLE)
    (bank,) = named(result).banks
    assert (
        bank_yaml(bank)
        == """\
kind: bank
id: quiz
title: quiz
language: ja

questions:
  - id: q01
    type: single
    text: コンテナを停止する命令はどれか。
    choices:
      a: docker rm
      b: docker stop web
      c: \\`docker kill\\`
    answer: b

  - id: two-right
    type: single
    text: |
      Which \\*two\\*
      are right?
    choices:
      a: 1 * 2
      b: |
        the first
        and the second
    answer: a

  - id: turing-proved
    type: multiple
    text: A. Turing proved what?
    choices:
      a: nothing
      b: something
    answer: [a, b]
"""
    )
    assert [str(note) for note in result.notes] == [
        "quiz.txt:8:2: this line is read as more of the question; in Aiken, each stands on one line [broken-line]",
        "quiz.txt:11:2: this line is read as more of choice B; in Aiken, each stands on one line [broken-line]",
        "quiz.txt:14:1: ANSWER names 2 choices, which Aiken cannot; the question is multiple [several-answers]",
    ]
    assert all(note.repaired for note in result.notes)


@pytest.mark.parametrize(
    ("question", "line", "code", "why"),
    [
        ("Q\nA) x\nB) y", 5, "no-answer", "it has no line ANSWER:"),
        ("Q\nA) x\nB) y\nANSWER: C", 5, "unknown-answer", "ANSWER names C, but there are choices up to B"),
        ("Q\nANSWER: A", 5, "unknown-answer", "ANSWER names A, but there are choices none"),
        ("Q\nA) x\nB) y\nANSWER: x y z?", 5, "unknown-answer", "ANSWER is followed by `x y z?`"),
        ("Q\nA) x\nB) y\nANSWER:", 5, "unknown-answer", "ANSWER is followed by ``"),
        ("Q\nA) x\nANSWER: A", 5, "too-few-choices", "it has 1 choice"),
        ("Q\nA) x\nB)\nANSWER: B", 5, "empty-choice", "its right choice `b` is empty"),
        ("ANSWER: A", 5, "no-text", "nothing stands above this ANSWER"),
    ],
)
def test_what_cannot_be_asked_is_named_and_left_out(question, line, code, why):
    result = imported(f"x\nA) 1\nB) 2\nANSWER: A\n{question}\n\ny\nA) 1\nB) 2\nANSWER: B")
    assert [(one.position.line, one.code) for one in result.skipped] == [(line, code)]
    assert result.skipped[0].why.startswith(why)
    assert result.questions == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_a_file_is_read_in_the_encoding_it_is_in(encoding):
    result = imported(SAMPLE.replace("\n", "\r\n").encode(encoding))
    assert result.questions == 3
    assert ("encoding" in [note.code for note in result.notes]) == (encoding in ("cp932", "utf-16"))


@pytest.mark.parametrize(
    ("name", "text", "certainty"),
    [
        ("a.txt", SAMPLE, 80),
        ("a.txt", "Q\nA) x\nB) y\nANSWER: A", 80),
        ("a.txt", "Q\n（Ａ）x\n（Ｂ）y\nＡＮＳＷＥＲ：Ａ", 80),
        ("a.aiken", "Q", 60),
        ("a.txt", "A) x\nB) y", 0),
        ("a.txt", "ANSWER: A", 0),
    ],
)
def test_a_file_is_known_by_its_answers(name, text, certainty):
    assert sniff(name, text.encode()) == certainty


@pytest.mark.parametrize(
    "text", ["A)\n" * 50_000, "Q\nA) x\n" + "b\n" * 50_000, "ANSWER: A\n" * 10_000, "x\n\n" * 20_000, "Ａ" * 500_000]
)
def test_hostile_files_take_no_longer_than_others(text):
    assert imported(text).questions == 0


def test_more_questions_than_a_bank_has_are_refused():
    with pytest.raises(ProblemsError, match="more than 20,000 questions"):
        imported("ANSWER: A\n" * 20_001)


@settings(deadline=None)
@given(st.text(st.sampled_from("AB) .:\nx（ＡANSWER"), max_size=60) | st.binary(max_size=40))
def test_any_text_is_read_or_refused(data):
    with suppress(ProblemsError):
        assert imported(data).assignments == ()
