"""A table with a question in each row: its columns, its questions, what is left out, and that nothing is lost."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizgen.importers import csv as reader
from quizgen.importers.imported import BankDraft, ChoiceDraft, Imported, QuestionDraft, StimulusDraft
from quizgen.importers.text import cleaned
from quizgen.problems import Position, ProblemsError
from quizgen.richtext import parse
from quizgen.richtext.plain import to_plain

NAME = "banks/docker.csv"
HEADINGS = "text,a,b,answer\n"
JAPANESE = """\
ID,種類,問題文,選択肢1,選択肢2,選択肢3,正解,解説,配点,難易度,タグ,シャッフル
stop,単一,停止する命令はどれか。,docker rm,docker stop,docker ps,2,stopで止まる。,2点,易,"コンテナ、停止",
,複数,正しいものをすべて選べ。,層は重なる,層は書き換わる,層は共有される,1・3,,,難,,しない
"""


def of(text: str, name: str = NAME) -> Imported:
    return reader.read(name, text.encode())


def only(text: str) -> QuestionDraft:
    result = of(text)
    assert result.skipped == ()
    return result.banks[0].questions[0]


def test_a_japanese_table_is_a_bank_named_after_its_file():
    (bank,) = of(JAPANESE).banks
    assert (bank.title, bank.id, bank.language) == ("docker", "", "")
    choices = ("docker rm", "docker stop", "docker ps")
    assert bank.questions[0] == QuestionDraft(
        Position(NAME, 2, 1),
        "single",
        "停止する命令はどれか。",
        tuple(map(ChoiceDraft, "abc", choices)),
        ("b",),
        id="stop",
        explanation="stopで止まる。",
        points=Decimal(2),
        difficulty="easy",
        tags=("コンテナ", "停止"),
    )
    second = bank.questions[1]
    assert (second.type, second.answer, second.difficulty, second.shuffle) == ("multiple", ("a", "c"), "hard", False)
    assert of(JAPANESE).notes == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_in_each_encoding_and_with_each_delimiter(encoding, delimiter):
    table = StringIO()
    csv.writer(table, delimiter=delimiter).writerows(csv.reader(StringIO(JAPANESE)))
    data = table.getvalue().encode(encoding)
    result = reader.read(NAME, data)
    assert result.banks == of(JAPANESE).banks
    assert [note.code for note in result.notes] == ([] if "utf-8" in encoding else ["encoding"])
    assert reader.sniff("table.txt", data) == 95


def test_excel_s_line_that_names_the_delimiter_is_no_row():
    question = only("sep=|\r\ntext|a|b|answer\r\nどれか。|1|2|a\r\n")
    assert (question.text, question.answer, question.position.line) == ("どれか。", ("a",), 3)


@pytest.mark.parametrize(
    "headings",
    [
        "text,a,b,c,answer",
        "問題文,ア,イ,ウ,正解",
        "問題文,イ,ロ,ハ,正解",
        "設問,選択肢①,選択肢②,選択肢③,正答",
        "Question Text,Choice A,Choice_B,Option C,Correct Answer",
        "問題文 (text),選択肢1 (a),選択肢2 (b),選択肢3 (c),正解 (answer)",
        "問題文 (text),選択肢a (a),選択肢b (b),選択肢c (c),正解 (answer)",
    ],
)
def test_headings_are_known_in_both_languages(headings):
    question = only(f"{headings}\n問い,x,y,z,z\n")
    assert [choice.text for choice in question.choices] == ["x", "y", "z"]
    assert question.answer == ("c",)


def test_columns_stand_in_any_order():
    question = only("answer,b,text,a\nb,two,?,one\n")
    assert [(choice.label, choice.text) for choice in question.choices] == [("a", "one"), ("b", "two")]
    assert question.answer == ("b",)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("b", "b"),
        ("B", "b"),
        ("2", "b"),
        ("②", "b"),
        ("イ", "b"),
        ("（ｲ）", "b"),
        ("選択肢2", "b"),
        ("Option B", "b"),
        ("two words", "b"),
        ("a,c", "ac"),
        ("a、c", "ac"),
        ("a|c", "ac"),
        ("a c", "ac"),
        ("c\na", "ac"),
        ("ac", "ac"),
        ("アウ", "ac"),
        ("1・3", "ac"),
        ("ア と ウ", "ac"),
        ("a and c", "ac"),
        ("one, first|two words", "ab"),
        ("a, a", "a"),
    ],
)
def test_an_answer_is_understood_as_people_write_it(answer, expected):
    table = StringIO()
    csv.writer(table).writerows([["text", "a", "b", "c", "answer"], ["?", "one, first", "two words", "three", answer]])
    question = only(table.getvalue())
    assert question.answer == tuple(expected)
    assert question.type == ("multiple" if len(expected) > 1 else "single")


def test_an_answer_that_can_mean_two_choices_is_told_and_commented():
    result = of("text,a,b,c,d,answer\n?,1,2,4,8,4\n")
    (question,) = result.banks[0].questions
    assert question.answer == ("c",)
    assert question.comments == ("`4` can mean choice 3 or choice 4",)
    assert [(note.code, note.repaired) for note in result.notes] == [("doubtful-answer", False)]


def test_a_single_question_with_several_answers_is_multiple_and_told():
    result = of("type,text,a,b,c,answer\nsingle,?,1,2,3,ab\n")
    assert result.banks[0].questions[0].type == "multiple"
    assert [note.code for note in result.notes] == ["doubtful-answer"]


@pytest.mark.parametrize(
    ("row", "code", "why"),
    [
        ("q1,,はい,いいえ,a,", "no-text", "it has no text"),
        ("q1,?,はい,,a,", "too-few-choices", "it has 1 of the two choices that it needs"),
        ("q1,?,,,a,", "too-few-choices", "it has 0 of the two choices that it needs"),
        ("q1,?,はい,いいえ,,", "no-answer", "it has no answer"),
        ("q1,?,はい,いいえ,c,", "unknown-answer", "its answer names `c`, but the choices are a, b"),
        ("q1,?,はい,いいえ,a,記述", "unsupported-type", "`記述` is no type of question that can be imported"),
    ],
)
def test_a_row_that_is_no_question_is_left_out_with_its_reason(row, code, why):
    result = of(f"id,text,a,b,answer,type\n{row}\nq2,?,はい,いいえ,a,\n")
    assert [question.id for question in result.banks[0].questions] == ["q2"]
    (skipped,) = result.skipped
    assert (skipped.position, skipped.code, skipped.what, skipped.why) == (
        Position(NAME, 2, 1),
        code,
        "row 2 (q1)",
        why,
    )


def test_values_that_cannot_be_read_are_told_and_the_usual_ones_taken():
    result = of("text,a,b,answer,points,difficulty,shuffle\n?,1,2,a,many,?,perhaps\n")
    (question,) = result.banks[0].questions
    assert (question.points, question.difficulty, question.shuffle) == (Decimal(1), "normal", True)
    assert [note.code for note in result.notes] == ["points", "difficulty", "shuffle"]


@pytest.mark.parametrize(
    ("points", "expected"), [("2", "2"), ("2.50", "2.5"), ("２点", "2"), ("3 points", "3"), ("", "1")]
)
def test_points_are_read_with_their_unit(points, expected):
    assert only(f"text,a,b,answer,配点\n?,x,y,a,{points}\n").points == Decimal(expected)


def test_a_column_that_is_not_known_or_stands_twice_is_told():
    result = of("text,a,b,answer,メモ,正解,\n?,1,2,a,x,y,\n")
    assert [(note.code, note.message) for note in result.notes] == [
        ("unknown-column", "questions have no column `メモ`; it is left out"),
        ("doubled-column", "the column `正解` is there twice; the second is left out"),
    ]


def test_a_title_above_the_headings_is_told():
    result = of("第1回小テスト,,,\n,,,\n" + HEADINGS + "?,1,2,a\n")
    assert [note.message for note in result.notes] == ["row 1 stands above the headings and is left out"]
    assert result.questions == 1


def test_the_bank_column_parts_the_rows_and_an_empty_cell_means_the_one_above():
    result = of("問題バンク,text,a,b,answer\n,0,x,y,a\n網,1,x,y,a\n,2,x,y,a\n層,3,x,y,a\n網,4,x,y,a\n")
    assert [(bank.title, [question.text for question in bank.questions]) for bank in result.banks] == [
        ("docker", ["0"]),
        ("網", ["1", "2", "4"]),
        ("層", ["3"]),
    ]


def test_questions_with_the_same_stimulus_share_it():
    result = of("共通問題文,text,a,b,answer\n図を見よ,1,x,y,a\n図を見よ,2,x,y,a\n,3,x,y,a\n")
    (bank,) = result.banks
    assert bank.stimuli == (StimulusDraft("s01", "図を見よ"),)
    assert [question.stimulus for question in bank.questions] == ["s01", "s01", ""]


def test_feedback_belongs_to_its_choice():
    question = only("text,選択肢1,選択肢2,正解,選択肢1の解説,フィードバック2\n?,x,y,1,そのとおり,惜しい\n")
    assert [choice.feedback for choice in question.choices] == ["そのとおり", "惜しい"]


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nmetadata:\n  name: web\n\tx: *y*",
        "PATH=$HOME/bin:$PATH\n# 見出しではない\n\n- 一つ目\n1. 二つ目",
        "C:\\\n次",
        "__init__ と <b>",
    ],
)
def test_plain_text_prints_as_it_stands_in_the_cell(text):
    table = StringIO()
    csv.writer(table).writerows([["text", "a", "b", "answer"], [text, "x", "y", "a"]])
    printed = to_plain(parse(only(table.getvalue()).text)).replace("\u00a0", " ")
    assert printed == "\n".join(line for line in text.expandtabs(4).split("\n") if line)


def test_a_row_may_be_written_in_markdown():
    plain, markdown = of("text,a,b,answer,書式\n*x* `y`,*x*,y,a,\n*x* `y`,*x*,y,a,Markdown\n").banks[0].questions
    assert (plain.text, plain.choices[0].text) == (r"\*x\* `y`", r"\*x\*")
    assert (markdown.text, markdown.choices[0].text) == ("*x* `y`", "*x*")


def test_a_cell_that_was_kept_from_excel_is_what_it_was():
    assert only('text,a,b,answer\n?,"=""001""","=1+1",a\n').choices[0].text == "001"


def test_cells_hold_quotes_delimiters_and_lines():
    question = only('text,a,b,answer,書式\r\n"一行目\r\n\r\n""二"", 三","x,y",z,a,markdown\r\n')
    assert (question.text, question.choices[0].text) == ('一行目\n\n"二", 三', "x,y")


LINES = st.text(st.characters(blacklist_categories=("Cc", "Cs"), blacklist_characters="\ufeff\ufffe\uffff"), max_size=8)
TEXTS = st.lists(LINES | st.sampled_from(['"', ",", ";", "\t", "```", "$x$", "|", "=1", "a", "2"]), max_size=4)
SOME = TEXTS.map("\n".join).map(cleaned).filter(lambda text: text.strip())
WORDS = st.text("abcxyz漢字かな12 _-+", min_size=1, max_size=10).map(str.strip).filter(bool)


@st.composite
def drafts(draw: st.DrawFn) -> QuestionDraft:
    labels = draw(st.lists(st.sampled_from("abcdefgh"), min_size=2, max_size=5, unique=True).map(sorted))
    choices = tuple(ChoiceDraft(label, draw(SOME), draw(st.just("") | SOME)) for label in labels)
    answer = draw(st.lists(st.sampled_from(labels), min_size=1, unique=True).map(sorted))
    return QuestionDraft(
        Position(""),
        "multiple" if len(answer) > 1 else draw(st.sampled_from(["single", "multiple"])),
        draw(SOME),
        choices,
        tuple(answer),
        draw(st.just("") | WORDS.map(lambda word: " ".join(word.split()))),
        draw(st.just("") | SOME),
        draw(st.sampled_from([Decimal(1), Decimal("2.5"), Decimal("0.25"), Decimal(10000)])),
        draw(st.sampled_from(["easy", "normal", "hard"])),
        tuple(draw(st.lists(WORDS, max_size=3, unique=True))),
        draw(st.booleans()),
    )


def table_of(banks: Sequence[tuple[str, Sequence[QuestionDraft]]], delimiter: str) -> str:
    """Drafts as the layout has them."""
    fields = (
        "bank",
        "id",
        "type",
        "text",
        "explanation",
        "points",
        "difficulty",
        "tags",
        "shuffle",
        "markup",
        "answer",
    )
    table = StringIO()
    writer = csv.writer(table, delimiter=delimiter)
    writer.writerow([*fields, *"abcdefgh", *(f"feedback {label}" for label in "abcdefgh")])
    for title, questions in banks:
        for one in questions:
            values = (title, one.id, one.type, one.text, one.explanation, one.points, one.difficulty)
            rest = (",".join(one.tags), str(one.shuffle), "markdown", "|".join(one.answer))
            texts = {choice.label: choice.text for choice in one.choices}
            feedback = {choice.label: choice.feedback for choice in one.choices}
            cells = [
                *(texts.get(label, "") for label in "abcdefgh"),
                *(feedback.get(label, "") for label in "abcdefgh"),
            ]
            writer.writerow([*values, *rest, *cells])
    return table.getvalue()


@given(
    st.dictionaries(
        WORDS.map(lambda word: " ".join(word.split())),
        st.lists(drafts(), min_size=1, max_size=3),
        min_size=1,
        max_size=2,
    ),
    st.sampled_from(",;\t"),
)
def test_a_table_of_drafts_read_again_has_lost_nothing(banks, delimiter):
    result = of(table_of(list(banks.items()), delimiter))
    assert result.skipped == ()
    assert [bank.title for bank in result.banks] == list(banks)
    for bank, written in zip(result.banks, banks.values(), strict=True):
        assert [same(question) for question in bank.questions] == [same(question) for question in written]


def same(question: QuestionDraft) -> tuple[object, ...]:
    choices = [(choice.label, choice.text, choice.feedback) for choice in question.choices]
    return (
        *(question.type, question.text, choices, question.answer, question.id, question.explanation),
        *(question.points, question.difficulty, question.tags, question.shuffle),
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "banks/docker.csv: there is nothing in the table [no-questions]"),
        (b"\n,,\n", "banks/docker.csv: there is nothing in the table [no-questions]"),
        (
            "問題文,選択肢1\n?,1\n".encode(),
            "banks/docker.csv:1:1: no row has the headings of a table of questions; "
            "this one lacks answer (正解), two columns of choices (a, b or 選択肢1, 選択肢2) [headings]",
        ),
        (
            (HEADINGS + '?,"1,2,a\n' + "x\n" * 9).encode(),
            "banks/docker.csv:2:1: the table cannot be read from this row on (unexpected end of data); "
            'look for a quote " that is not closed or doubled [csv]',
        ),
        (
            (HEADINGS + "?," + "x" * 200_000 + ",2,a\n").encode(),
            "banks/docker.csv:2:1: the table cannot be read from this row on (field larger than field limit (131072)); "
            'look for a quote " that is not closed or doubled [csv]',
        ),
        (
            (HEADINGS + "," * 300 + "\n").encode(),
            "banks/docker.csv:2:1: the table has more than 50,000 rows or 256 columns; split it [too-large]",
        ),
        (
            (HEADINGS + "\n" * 50_000).encode(),
            "banks/docker.csv:50001:1: the table has more than 50,000 rows or 256 columns; split it [too-large]",
        ),
        (
            b"a" * 50_000_001,
            "banks/docker.csv: the file has 50,000,001 bytes, the most is 50,000,000; split it [too-large]",
        ),
        (b"\x89PNG\0\xff", "banks/docker.csv: the file is no text that can be read; save it as UTF-8 [encoding]"),
    ],
    ids=["empty", "blank", "headings", "truncated", "long", "wide", "endless", "huge", "binary"],
)
def test_a_file_that_is_no_table_of_questions_is_refused(data, message):
    with pytest.raises(ProblemsError) as caught:
        reader.read(NAME, data)
    assert str(caught.value) == message


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(data):
    for content in (data, HEADINGS.encode() + data):
        try:
            result = reader.read(NAME, content)
        except ProblemsError:
            continue
        assert all(isinstance(bank, BankDraft) for bank in result.banks)


@pytest.mark.parametrize(
    ("name", "text", "certainty"),
    [
        ("x.csv", JAPANESE, 95),
        ("x.txt", JAPANESE, 95),
        ("x.csv", "a,b\n1,2\n", 30),
        ("x.txt", "a,b\n1,2\n", 0),
        ("x.csv", JAPANESE + '"' + "あ" * 20_000, 95),
    ],
)
def test_a_table_is_known_by_its_headings(name, text, certainty):
    assert reader.sniff(name, text.encode()) == certainty
