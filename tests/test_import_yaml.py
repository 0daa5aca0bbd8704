"""Drafts become YAML that says the same when it is read again, whatever their texts hold."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizgen.importers.imported import (
    AssignmentDraft,
    AssignmentsDraft,
    BankDraft,
    ChoiceDraft,
    Imported,
    QuestionDraft,
    StimulusDraft,
)
from quizgen.importers.markdown import literal
from quizgen.importers.naming import named, slug
from quizgen.importers.text import cleaned, decoded
from quizgen.importers.yaml_text import assignments_yaml, bank_yaml, exam_yaml, question_lines, stimulus_lines
from quizgen.model import Assignments, Bank, Exam
from quizgen.problems import Position, ProblemsError
from quizgen.richtext import faults, parse
from quizgen.richtext.tree import Paragraph, Text
from quizgen.source import read_source

HERE = Position("quiz.txt", 1, 1)
TRAPS = [
    "", " ", "  ", "\t", "\n", "\n\n", "\r\n", "\r", "\x85", "\u2028", "\u2029", "\ufeff", "\x00", "\x1b", "\x9f",
    "---", "...", "%", "- ", "? ", ": ", ":", " #", "#", "'", '"', "\\", "|", ">", "&a", "*a", "!", "@", "`", "{", "}",
    "[", "]", ",", "~", "=", "<<", "yes", "NO", "null", "1.20", "09:30", "0x1F", "1e3", "2024-01-01", "kind: bank",
    "- id: x", "questions:", "　", "正しい", "a", "b: c", "d #e", "x" * 2000, "😀",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(TRAPS) | st.text(max_size=5), max_size=6).map("".join)
SOME = TEXTS.filter(lambda text: cleaned(text).strip())
LABELS = st.sampled_from(["a", "n", "1", "ア", "①", "a:", "#", "'", "-", "{", "true", "?"])


@st.composite
def questions(draw: st.DrawFn) -> QuestionDraft:
    labels = draw(st.lists(LABELS, min_size=2, max_size=4, unique=True))
    choices = tuple(
        ChoiceDraft(label, draw(SOME), draw(st.just("") | SOME), draw(st.sampled_from([None, "last"])))
        for label in labels
    )
    return QuestionDraft(
        HERE,
        draw(st.sampled_from(["single", "multiple"])),
        draw(SOME),
        choices,
        tuple(draw(st.lists(st.sampled_from(labels), min_size=1, unique=True))),
        id=draw(st.sampled_from(["q01", "stop-container", "1.5", "true"])),
        explanation=draw(st.just("") | SOME),
        points=draw(st.sampled_from([Decimal(1), Decimal("2.50"), Decimal(100)])),
        difficulty=draw(st.sampled_from(["easy", "normal"])),
        tags=tuple(draw(st.lists(SOME.filter(lambda text: len(text) < 50), max_size=2))),
        shuffle=draw(st.booleans()),
        stimulus=draw(st.sampled_from(["", "s1"])),
        comments=tuple(draw(st.lists(TEXTS, max_size=2))),
    )


def same(written: str | None, read: str | None) -> bool:
    return cleaned(written or "") == (read or "").removesuffix("\n")


def one_line(written: str, read: str) -> bool:
    return " ".join(cleaned(written).split("\n")) == read


@given(SOME, SOME, st.lists(questions(), min_size=1, max_size=3), st.lists(TEXTS, max_size=2))
def test_a_bank_read_again_is_the_draft(title, stimulus, drafts, comments):
    draft = BankDraft(title, tuple(drafts), "b", "ja", (StimulusDraft("s1", stimulus, shuffle=True),), tuple(comments))
    text = bank_yaml(draft)
    source = read_source("b.yaml", text.encode())
    assert source.problems == ()
    bank = Bank.model_validate(source.data)
    assert one_line(title, bank.title)
    assert same(stimulus, bank.stimuli[0].text)
    assert len(question_lines(text)) == len(drafts)
    assert len(stimulus_lines(text)) == 1
    for written, read in zip(drafts, bank.questions, strict=True):
        assert (written.id, written.type, written.stimulus or None) == (read.id, read.type, read.stimulus)
        assert same(written.text, read.text)
        assert list(written.answer) == read.answer
        assert [choice.label for choice in written.choices] == list(read.choices)
        for mine, theirs in zip(written.choices, read.choices.values(), strict=True):
            assert same(mine.text, theirs.text)
            assert same(mine.feedback, theirs.feedback)
            assert mine.pin == theirs.pin
        assert same(written.explanation, read.explanation)
        assert (written.points, written.difficulty, written.shuffle) == (read.points, read.difficulty, read.shuffle)
        assert [" ".join(cleaned(tag).split("\n")) for tag in written.tags] == read.tags


@given(SOME, SOME, SOME)
def test_assignments_and_an_exam_read_again_are_the_drafts(title, goal, steps):
    one = AssignmentDraft(HERE, title, goal, "a01", steps, goal, Decimal(20), ("unsure",))
    source = read_source("a.yaml", assignments_yaml(AssignmentsDraft(title, (one, one), "a", "en", goal)).encode())
    read = Assignments.model_validate(source.data)
    assert one_line(title, read.title)
    assert same(goal, read.text)
    assert same(steps, read.assignments[1].steps)
    assert same(goal, read.assignments[0].submit)
    bank = BankDraft(title, (question(),), "b", "ja")
    exam = Exam.model_validate(read_source("e.yaml", exam_yaml("e", title, [bank]).encode()).data)
    assert one_line(title, exam.sections[0].title)


def question(text: str = "問い", **changes) -> QuestionDraft:
    choices = (ChoiceDraft("a", "はい"), ChoiceDraft("b", "いいえ"))
    return replace(QuestionDraft(HERE, "single", text, choices, ("a",), id="q01"), **changes)


def test_the_yaml_is_what_a_careful_author_would_write():
    draft = BankDraft(
        "Dockerの利用",
        (
            question(
                "「docker run」の説明はどれか。",
                choices=(
                    ChoiceDraft("a", "`-d` は背景で動かす"),
                    ChoiceDraft("b", "-p: 公開", feedback="惜しい", pin="last"),
                    ChoiceDraft("c", "it's: not"),
                ),
                comments=("the key was doubtful\nin two ways",),
            ),
            question(
                "一行目\n\n```\n  code\n```",
                id="q02",
                type="multiple",
                answer=("a", "b"),
                explanation="理由",
                points=Decimal("2.50"),
                difficulty="hard",
                tags=("網", "a, b"),
                shuffle=False,
            ),
        ),
        "docker",
        "ja",
    )
    assert (
        bank_yaml(draft)
        == """\
kind: bank
id: docker
title: Dockerの利用
language: ja

questions:
  # the key was doubtful
  # in two ways
  - id: q01
    type: single
    text: 「docker run」の説明はどれか。
    choices:
      a: '`-d` は背景で動かす'
      b: {text: '-p: 公開', feedback: 惜しい, pin: last}
      c: |
        it's: not
    answer: a

  - id: q02
    type: multiple
    text: |
      一行目

      ```
        code
      ```
    choices:
      a: はい
      b: いいえ
    answer: [a, b]
    explanation: 理由
    points: 2.5
    difficulty: hard
    tags: [網, 'a, b']
    shuffle: false
"""
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dockerの利用", ""),
        ("Stop a container", "Stop-a-container"),
        ("Café / Bar", "Cafe-Bar"),
        ("..", ""),
        ("word " * 20, "word-word-word-word-word-word-word-word"),
    ],
)
def test_an_id_is_a_text_in_ascii_or_nothing(text, expected):
    assert slug(text) == expected


def test_questions_are_named_by_their_words_or_by_their_place():
    texts = ("Which command stops a running container?", "Which command stops a running container?", "どれか。")
    drafts = tuple(question(text, id="") for text in texts)
    (bank,) = named(Imported((BankDraft("", drafts),))).banks
    assert [one.id for one in bank.questions] == [
        "command-stops-running-container",
        "command-stops-running-container-2",
        "q03",
    ]
    assert (bank.id, bank.language) == ("bank-01", "ja")


def test_names_of_banks_and_assignments_never_meet():
    work = (AssignmentDraft(HERE, "課題 1", "x"),)
    draft = Imported(
        (BankDraft("Labs", (question(),)), BankDraft("labs", (question(),))), (AssignmentsDraft("LABS", work),)
    )
    result = named(draft)
    assert [one.id for one in (*result.banks, *result.assignments)] == ["Labs", "labs-2", "LABS-3"]
    assert result.assignments[0].assignments[0].id == "a01"


@given(
    st.lists(st.sampled_from([*"*_`[]<>&$!{|}~#-+=:.)1\\ ", "漢", "字", "ab", "//", "http://x"]), max_size=12).map(
        "".join
    )
)
def test_plain_text_as_markdown_prints_the_same_characters(text):
    text = text.strip()
    expected = (Paragraph((Text(text),)),) if text else ()
    assert parse(literal(text)) == expected
    assert faults(literal(text)) == ()


@given(st.lists(st.sampled_from([*"*_`<>$ -", "漢", "`a`", "``b``"]), max_size=10).map("".join))
def test_code_may_stay_code_and_nothing_else_is_markup(text):
    blocks = parse(literal(text, keep_code=True))
    kinds = {type(inline).__name__ for block in blocks for inline in block.content}
    assert kinds <= {"Text", "Code"}
    assert {type(block) for block in blocks} <= {Paragraph}


@pytest.mark.parametrize("text", ["snake_case を使う", "docker exec <コンテナID> sh", "-d を付ける", "5 * 3"])
def test_plain_text_that_markdown_leaves_alone_gets_no_backslash(text):
    assert literal(text) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16"])
def test_a_text_is_read_in_the_encoding_it_is_in(encoding):
    text = "第1章 ひらがなとカタカナの問題\nQ1: 次のうち"
    found, notes = decoded("quiz.txt", text.encode(encoding))
    assert found == text
    assert [note.code for note in notes] == ([] if "utf-8" in encoding else ["encoding"])


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(ProblemsError, match="no text that can be read"):
        decoded("quiz.txt", b"\x89PNG\0\0\xff\xfe\xfd")


def test_control_characters_are_left_out_with_a_note_for_each_up_to_a_number():
    text, notes = decoded("quiz.txt", ("a\x07b\r\nc\x1b" + "\x00" * 30).encode())
    assert text == "ab\nc"
    assert str(notes[0]) == "quiz.txt:1:2: the invisible control character U+0007 is left out [control-character]"
    assert notes[1].position == Position("quiz.txt", 2, 2)
    assert len(notes) == 21
