"""The text of a printed book: every question, key and assignment is found, every defect mended or told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizgen.importers import guess
from quizgen.importers.imported import Imported, QuestionDraft
from quizgen.importers.textbook import read, sniff
from quizgen.problems import Position, ProblemsError

BOOK = """\
第一章 気象の基本

確認テスト1

Q1: 気圧が周りより低いところを低気圧という。この記述は正しいか？最も適切なものを選択してください。

1. 正しい
2. 正しくない

Q2: 「weather -n 5 tokyo」というコマンドの説明はどれか？当てはまるものをすべて選択してください。

1. =-nは、表示する日数を決める
2. 表示するのは5日分である
3. 東京の雨量だけを表示する

確認テスト2

Q3: 高い空にできる雲はどれか。最も適切なものを選択してください。

1. 層雲
2. 巻雲
3. 乱層雲

第二章 天気図の読み方

確認テスト1

Q1: 天気図に描かれるものはどれか？正しいものをすべて選択してください。

1. 等圧線
2. 前線（寒冷前線
3. 温暖前線など）の位置
4. 山の高さ

Q2: 前線についての記述のうち、正しいのはどれか？当てはまるものをすべて選択してください。

1. 寒冷前線が通り過ぎると、気温が下がる
2. 停滞前線は、長い雨をもたらす（梅雨
3. 閉塞前線では、二つの前線が重なっている

Q2: 次の地点のうち、最も風の強いものを選択してください。

1. 等圧線の間隔が狭い地点
2. 等圧線の間隔が広い地点

確認テスト回答

第一章

Q1 1

Q2 1|2

Q3 2|

第二章

Q1 1|2

Q2 1|3

Q3 1

— 演習課題 —

課題 1

1週間の気圧を記録し、グラフに表してください。

課題 2

`weather` コマンドを使い、明日の天気を調べてください。
"""
NOTES = [
    "book.txt:12:4: choice 1 of Q2: `=` before `-n` is taken off [stray-character]",
    "book.txt:31:4: choices 2 and 3 of Q1 are one, broken at a comma inside its brackets; they are joined "
    "[broken-choice]",
    "book.txt:38:4: choice 2 of Q2 breaks off inside its brackets; complete it [cut-off]",
    "book.txt:41:1: Q2 is printed twice; by the answer list it is Q3 [question-number]",
    "book.txt:54:4: the key `2|` of Q3 has a separator too many; it is read as 2 [key-separator]",
]


def read_text(text: str) -> Imported:
    return read("book.txt", text.encode())


def found(text: str) -> list[str]:
    """All that is told of a text, without its places."""
    imported = read_text(text)
    return [str(one).split(": ", 1)[1] for one in (*imported.notes, *imported.skipped)]


def told(imported: Imported) -> list[str]:
    return [*map(str, imported.notes), *map(str, imported.skipped)]


def keys(imported: Imported) -> list[str]:
    return [" ".join("".join(one.answer) for one in bank.questions) for bank in imported.banks]


def placeless(imported: Imported) -> Imported:
    """An import without the places of its questions and notes."""
    nowhere = Position("")
    banks = tuple(
        replace(bank, questions=tuple(replace(one, position=nowhere) for one in bank.questions))
        for bank in imported.banks
    )
    work = tuple(
        replace(one, assignments=tuple(replace(each, position=nowhere) for each in one.assignments))
        for one in imported.assignments
    )
    notes = tuple(replace(note, position=Position("", 0, note.position.column)) for note in imported.notes)
    return replace(imported, banks=banks, assignments=work, notes=notes)


def one_question(stem: str, key: str, *choices: str, count: str = "{}. {}") -> QuestionDraft:
    """The draft of a question that stands alone in a book."""
    (bank,) = read_text(one_book(stem, key, *choices, count=count)).banks
    (question,) = bank.questions
    return question


def one_book(stem: str, key: str, *choices: str, count: str = "{}. {}") -> str:
    listed = "\n".join(count.format(place, text) for place, text in enumerate(choices, start=1))
    return f"第1章 雲\n\n確認テスト1\n\nQ1: {stem}\n\n{listed}\n\n確認テスト解答\n\n第1章\n\nQ1 {key}\n"


SINGLE = "どれか。最も適切なものを選択してください。"
MULTIPLE = "どれか。当てはまるものをすべて選択してください。"


def test_a_book_gives_a_bank_for_each_chapter_and_its_assignments():
    imported = read_text(BOOK)
    assert [(bank.id, bank.title) for bank in imported.banks] == [
        ("chapter-01", "気象の基本"),
        ("chapter-02", "天気図の読み方"),
    ]
    assert keys(imported) == ["a ab b", "ab ac a"]
    assert [question.id for question in imported.banks[1].questions] == ["q01", "q02", "q03"]
    (work,) = imported.assignments
    assert [(one.title, one.goal) for one in work.assignments] == [
        ("課題 1", "1週間の気圧を記録し、グラフに表してください。"),
        ("課題 2", "`weather` コマンドを使い、明日の天気を調べてください。"),
    ]


def test_each_defect_is_told_on_a_line_of_its_own():
    imported = read_text(BOOK)
    assert told(imported) == NOTES
    assert [note.repaired for note in imported.notes] == [True, True, False, True, True]


def test_questions_say_which_test_they_are_from_and_keep_the_order_of_opposites():
    first, second, third = read_text(BOOK).banks[0].questions
    assert [first.tags, second.tags, third.tags] == [("確認テスト1",), ("確認テスト1",), ("確認テスト2",)]
    assert (first.shuffle, second.shuffle) == (False, True)


def test_a_doubt_is_a_comment_above_its_question():
    commented = [question.comments for bank in read_text(BOOK).banks for question in bank.questions]
    assert [bool(comments) for comments in commented] == [False, False, False, False, True, False]
    assert commented[4] == ("choice 2 of Q2 breaks off inside its brackets; complete it",)


def test_texts_are_mended():
    imported = read_text(BOOK)
    assert imported.banks[0].questions[1].choices[0].text == "-nは、表示する日数を決める"
    assert [choice.text for choice in imported.banks[1].questions[0].choices] == [
        "等圧線",
        "前線（寒冷前線、温暖前線など）の位置",
        "山の高さ",
    ]


# The closing instruction


@pytest.mark.parametrize(
    ("stem", "text", "kind"),
    [
        ("雲はどれか？最も適切なものを選択してください。", "雲はどれか？", "single"),
        ("雲はどれか。当てはまるものをすべて選択してください。", "雲はどれか。", "multiple"),
        ("雲はどれか。正しいものを全て選びなさい。", "雲はどれか。", "multiple"),
        ("雲はどれか。最も正しいものを1つ選べ。", "雲はどれか。", "single"),
        ("雲はどれか。次の中から適切なものを一つ選択せよ。", "雲はどれか。", "single"),
        ("最も高い雲を選択してください。", "最も高い雲を選択してください。", "single"),
        (
            "雲の説明として誤っているものをすべて選択してください。",
            "雲の説明として誤っているものをすべて選択してください。",
            "multiple",
        ),
        (
            "雲である。正しいものをすべて選択してください。",
            "雲である。正しいものをすべて選択してください。",
            "multiple",
        ),
        ("雲を2つ選べ。", "雲を2つ選べ。", "multiple"),
    ],
)
def test_an_instruction_tells_the_type_and_leaves_the_text_where_it_asks_nothing_itself(stem, text, kind):
    question = one_question(stem, "1", "巻雲", "層雲")
    assert (question.text, question.type) == (text, kind)


def test_without_an_instruction_the_key_tells_the_type():
    message = "book.txt:5:5: Q1 does not say whether one choice is right or several; its key names {}, so it is {}"
    one, two = (read_text(one_book("雲はどれか。", key, "巻雲", "層雲", "花")) for key in ("1", "1|2"))
    assert told(one) == [f"{message.format(1, 'single')} [no-instruction]"]
    assert told(two) == [f"{message.format(2, 'multiple')} [no-instruction]"]
    # A key of several is certain; a key of one leaves open what was meant.
    assert [one.notes[0].repaired, two.notes[0].repaired] == [False, True]


def test_a_key_of_two_where_one_is_asked_for_is_told():
    book = one_book(SINGLE, "1|2", "巻雲", "層雲", "花")
    assert read_text(book).banks[0].questions[0].type == "multiple"
    assert found(book) == [
        "Q1 asks for one choice, but its key names 2, so it is multiple; check its key [type-by-key]"
    ]


# Numbers


def chapter(numbers: list[int], answers: list[str]) -> str:
    asked = "".join(
        f"Q{number}: {at}番目の{MULTIPLE}\n\n1. 甲{at}\n2. 乙{at}\n3. 丙{at}\n\n" for at, number in enumerate(numbers)
    )
    return f"第1章 雲\n\n確認テスト1\n\n{asked}確認テスト回答\n\n第1章\n\n" + "\n".join(answers) + "\n"


@pytest.mark.parametrize(
    ("printed", "listed", "right", "codes"),
    [
        ([1, 2, 2], [1, 2, 3], [1, 2, 3], ["question-number"]),
        ([1, 3, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4], ["question-number"]),
        ([1, 2, 7, 4], [1, 2, 3, 4], [1, 2, 3, 4], ["question-number"]),
        ([1, 2, 2, 5], [1, 2, 3, 4, 5], [1, 2, 3, 5], ["question-number", "key-without-question"]),
        ([1, 2, 2], [1, 2], [1, 2], ["question-number"]),
        ([2, 1], [1, 2], [2, 1], []),
        ([1, 2], [1, 2, 3], [1, 2], ["key-without-question"]),
        ([1, 2, 3], [1, 3], [1, 3], ["no-key"]),
    ],
)
def test_numbers_that_cannot_be_right_are_those_of_the_answer_list(printed, listed, right, codes):
    imported = read_text(chapter(printed, [f"Q{number} {number % 3 + 1}" for number in listed]))
    (bank,) = imported.banks
    assert [question.id for question in bank.questions] == [f"q{number:02}" for number in right]
    assert [question.answer for question in bank.questions] == [("abc"[number % 3],) for number in right]
    assert [one.code for one in (*imported.notes, *imported.skipped)] == codes


def test_a_key_listed_under_the_number_before_is_that_of_the_question_left():
    imported = read_text(chapter([1, 2, 3], ["Q1 1", "Q2 2", "Q2 3"]))
    assert keys(imported) == ["a b c"]
    assert [note.code for note in imported.notes] == ["key-number"]


def test_a_question_with_two_keys_is_left_out():
    imported = read_text(chapter([1, 2], ["Q1 1", "Q2 2", "Q2 3"]))
    assert keys(imported) == ["a"]
    assert told(imported)[1] == "book.txt:11:1: Q2 is left out: its key `two keys` cannot be read [unreadable-key]"


def test_a_key_listed_twice_alike_is_told():
    assert found(chapter([1, 2], ["Q1 1", "Q2 2", "Q2 2"])) == [
        "the key of Q2 is listed a second time, the same [key-twice]"
    ]


# Keys


@pytest.mark.parametrize(
    "line", ["Q1 1|3", "Ｑ１　１｜３", "Q1: 1, 3", "Q1 ①・③", "Q1 ア、ウ", "Q1 a/c", "  Q1 1 3", "Q.1 1|3"]
)
def test_a_key_is_read_in_the_ways_that_books_write_it(line):
    assert read_text(chapter([1], [line])).banks[0].questions[0].answer == ("a", "c")
    assert found(chapter([1], [line])) == []


def test_several_keys_may_stand_on_a_line():
    assert keys(read_text(chapter([1, 2, 3], ["Q1 1|2  Q2 3", "Q3 2"]))) == ["ab c b"]


@pytest.mark.parametrize(("line", "read"), [("Q1 3|", "3"), ("Q1 |3", "3"), ("Q1 1||3", "1 and 3"), ("Q1 3,", "3")])
def test_a_separator_too_many_in_a_key_is_taken_off(line, read):
    (message,) = found(chapter([1], [line]))
    assert message == f"the key `{line[3:]}` of Q1 has a separator too many; it is read as {read} [key-separator]"


def test_a_key_that_names_a_choice_too_many_is_told_and_the_rest_of_it_is_kept():
    book = one_book(MULTIPLE, "1|5", "巻雲", "層雲")
    assert read_text(book).banks[0].questions[0].answer == ("a",)
    assert found(book) == ["the key of Q1 names choice 5, but it has 2 choices [unknown-choice]"]


def test_a_question_whose_key_names_none_of_its_choices_is_left_out():
    assert "Q1 is left out: its key names none of its choices [unknown-choice]" in found(
        one_book(SINGLE, "5", "巻雲", "層雲")
    )


def test_no_choice_is_counted_zero():
    book = one_book(MULTIPLE, "0|1", "甲（乙", "丙）", "丁")
    assert read_text(book).banks[0].questions[0].answer == ("a",)
    assert "the key of Q1 names choice 0, but it has 2 choices [unknown-choice]" in found(book)


def test_a_line_of_the_answer_list_that_is_no_key_is_told():
    assert found(chapter([1, 2], ["Q1 1", "Q2 二番目"])) == [
        "Q2 is left out: its key `二番目` cannot be read [unreadable-key]"
    ]


def test_an_answer_list_without_chapters_is_taken_in_order():
    book = BOOK.replace("第一章\n\nQ1 1", "Q1 1").replace("第二章\n\nQ1 1|2", "Q1 1|2")
    assert keys(read_text(book)) == ["a ab b", "ab ac a"]


def test_answers_may_stand_at_the_end_of_their_chapter():
    first, rest = BOOK.split("第二章 天気図")
    second, answers = rest.split("確認テスト回答\n\n第一章\n\n")
    of_first, of_second = answers.split("第二章\n\n")
    book = f"{first}確認テスト回答\n\n{of_first}第二章 天気図{second}確認テスト回答\n\n{of_second}"
    assert keys(read_text(book)) == ["a ab b", "ab ac a"]


# Choices


@pytest.mark.parametrize(
    "count", ["{}. {}", "{}．　{}", "{}) {}", "({}) {}", "（{}）{}", "{}、{}", "　{}．　{}", "{}.\t{}"]
)
def test_choices_are_counted_in_the_ways_of_books(count):
    question = one_question(SINGLE, "2", "巻雲", "1 つの雲", "層雲", count=count)
    assert [choice.text for choice in question.choices] == ["巻雲", "1 つの雲", "層雲"]


@pytest.mark.parametrize("marks", ["①②③", "アイウ", "abc", "ＡＢＣ", "１２３"])
def test_choices_are_counted_by_letters_and_circles_too(marks):
    dots = "" if marks == "①②③" else "．"
    book = one_book(SINGLE, "2", *["巻雲", "層雲", "花"])
    for place, mark in enumerate(marks, start=1):
        book = book.replace(f"\n{place}. ", f"\n{mark}{dots}")
    assert [choice.text for choice in read_text(book).banks[0].questions[0].choices] == ["巻雲", "層雲", "花"]


def test_a_choice_in_three_pieces_is_joined():
    question = one_question(MULTIPLE, "1", "雲（巻雲", "層雲", "乱層雲）の写真", "花")
    assert [choice.text for choice in question.choices] == ["雲（巻雲、層雲、乱層雲）の写真", "花"]


def test_english_pieces_are_joined_with_an_english_comma():
    question = one_question(MULTIPLE, "2", "clouds (cirrus", "stratus)", "wind")
    assert [choice.text for choice in question.choices] == ["clouds (cirrus, stratus)", "wind"]
    assert question.answer == ("b",)


@pytest.mark.parametrize(
    ("key", "right", "doubtful"),
    [
        ("1|2", ("a", "b"), False),  # before the break all ways of counting agree
        ("1|5", ("a", "d"), False),  # there are five only in print
        ("2|3", ("b",), False),  # … and so here, both pieces being named with it
        ("1|4", ("a", "d"), True),
    ],
)
def test_a_key_is_held_against_the_choices_before_and_after_joining(key, right, doubtful):
    choices = ("甲", "乙（丙", "丁）", "戊", "己")
    if key == "2|3":
        key = "2|3|5"
        right = ("b", "d")
    imported = read_text(one_book(MULTIPLE, key, *choices))
    assert imported.banks[0].questions[0].answer == right
    assert ("key-after-joining" in {note.code for note in imported.notes}) == doubtful


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        (("甲（乙", "丙"), "choice 1 of Q1 breaks off inside its brackets; complete it [cut-off]"),
        (("甲", "丙）"), "choice 2 of Q1 closes a bracket that it does not open; complete it [cut-off]"),
        (("甲（乙", "丙は長い文であって、それだけで一つの選択肢になっている", "丁）"), "choice 1 of Q1 breaks off"),
    ],
)
def test_a_choice_that_cannot_be_completed_is_told(choices, message):
    assert found(one_book(SINGLE, "1", *choices))[0].startswith(message)


def test_brackets_in_code_are_code():
    assert found(one_book(SINGLE, "1", "`echo (`", "（`)`）")) == []


@pytest.mark.parametrize("text", ["=-dを付ける", "＝--nameを付ける", "「run =-d」と書く", "～", "a=-1", "x =-1"])
def test_stray_characters_stand_before_an_option_and_nowhere_else(text):
    codes = [note.code for note in read_text(one_book(SINGLE, "1", text, "層雲")).notes]
    assert codes == (["stray-character"] if "-d" in text or "--name" in text else [])


def test_a_number_of_a_choice_printed_twice_is_the_next():
    book = one_book(SINGLE, "3", "甲", "乙", "丙", "丁").replace("3. 丙", "2. 丙")
    assert read_text(book).banks[0].questions[0].answer == ("c",)
    assert found(book) == ["choice 3 of Q1 is numbered 2; it is taken for choice 3 [choice-number]"]


def test_a_missing_choice_is_told_and_the_key_goes_by_the_numbers_in_print():
    book = one_book(SINGLE, "4", "甲", "乙", "丙", "丁").replace("3. 丙\n", "")
    assert read_text(book).banks[0].questions[0].answer == ("c",)
    assert found(book) == ["Q1 has no choice 3; add it if it is missing [choice-number]"]


def test_a_question_without_choices_is_left_out():
    assert found(one_book(SINGLE, "1")) == ["Q1 is left out: no numbered choices follow it; 2 to 26 can [no-choices]"]


# Texts


def test_a_choice_that_the_margin_broke_is_one():
    book = one_book(SINGLE, "1", "雲は空気が上がって冷えるときに水蒸気が水の粒に\n変わってできる", "花")
    (question,) = read_text(book).banks[0].questions
    assert question.choices[0].text == "雲は空気が上がって冷えるときに水蒸気が水の粒に変わってできる"


def test_text_behind_the_last_choice_is_none_of_it():
    book = one_book(SINGLE, "1", "巻雲", "層雲").replace("2. 層雲\n", "2. 層雲\n次の節では風を学ぶ。\n")
    assert read_text(book).banks[0].questions[0].choices[1].text == "層雲"


def test_a_question_keeps_the_code_that_it_asks_about():
    book = one_book("次の出力の説明はどれか。\n\n```\n$ weather -n 1\n1. 晴れ  *20*\n```", "1", "晴れ", "雨")
    (question,) = read_text(book).banks[0].questions
    assert question.text == "次の出力の説明はどれか。\n\n```\n$ weather -n 1\n1. 晴れ  *20*\n```"


def test_signs_of_markdown_are_printed_as_they_stand_in_the_book():
    question = one_question("「rm *.txt」と「a_b_c」は" + SINGLE, "1", "<名前>を*消す*", "`rm *`を使う")
    assert question.text == r"「rm *.txt」と「a_b_c」はどれか。"
    assert [choice.text for choice in question.choices] == [r"\<名前\>を\*消す\*", "`rm *`を使う"]


def test_an_assignment_keeps_its_paragraphs_its_list_and_its_code():
    book = f"""{BOOK}
課題 3: 温度計

次の順に作ってください。

1. 箱を作る
2. 百葉箱に *入れる*

```
{{{{ x }}}}
```

索引

雲 12
"""
    work = read_text(book).assignments[0].assignments[2]
    assert work.title == "課題 3 温度計"
    assert work.goal.startswith("次の順に作ってください。")


def test_an_assignment_of_several_paragraphs_shows_that_the_last_one_may_have_them_too():
    book = BOOK.replace(
        "グラフに表してください。\n", "グラフに表してください。\n\n1. 測る\n2. *書く*\n\n```\n{{ x }}\n```\n"
    )
    first, second = read_text(f"{book}\nもう一つの段落。\n\n索引\n\n雲 12\n").assignments[0].assignments
    assert first.goal == (
        "1週間の気圧を記録し、グラフに表してください。\n\n1. 測る\n2. \\*書く\\*\n\n```\n\\{{ x }}\n```"
    )
    assert second.goal.endswith("調べてください。\n\nもう一つの段落。")


# Doubles


def two(first: str, second: str, keys: str = "Q1 1\nQ2 1", choices: str = "1. 巻雲\n2. 層雲") -> str:
    asked = f"Q1: {first}{SINGLE}\n\n{choices}\n\nQ2: {second}{SINGLE}\n\n1. 巻雲\n2. 層雲"
    return f"確認テスト1\n\n{asked}\n\n確認テスト回答\n\n{keys}\n"


def test_a_question_asked_twice_is_imported_once():
    assert found(two("高い雲は", "高い 雲は")) == [
        "quiz/q02 is left out: it is the same as quiz/q01 [duplicate-question]"
    ]
    assert found(two("高い雲は", "高い雲は", "Q1 1\nQ2 2", "1. 層雲\n2. 巻雲"))[0].startswith("quiz/q02 is left out")


def test_a_question_asked_twice_with_two_keys_is_told():
    imported = read_text(two("高い雲は", "高い雲は", "Q1 1\nQ2 2"))
    assert imported.questions == 2
    assert imported.banks[0].questions[1].comments == (
        "quiz/q02 is the same as quiz/q01, but has another key; correct one of them",
    )


LONG = "高い空にでき、氷の粒からなり、刷毛で描いたように見え、天気の下り坂を知らせるといわれている雲は"


def test_a_question_that_reads_almost_like_another_is_told():
    assert found(two(LONG, LONG.replace("刷毛", "ほうき"))) == [
        "quiz/q02 reads almost like quiz/q01; keep one if they ask the same [near-duplicate]"
    ]
    assert found(two(LONG, "低い空に広がって、霧のような雨を降らせることがある灰色の雲は")) == []


# Inside a whole book

TITLES = {1: "気象の基本", 2: "天気図の読み方"}
CONTENTS = """\
目次

はじめに
第1章 気象の基本 ........................ 11
1.1 気圧 ................................ 12
第2章　天気図の読み方…………………… 34
確認テスト回答 ........................... 310
課題 1 ................................... 320

"""
PROSE = [
    "気圧は、空気の重さによる力である。\n第1章で見たように、気圧は場所によって変わる。\n",
    "## 1.2 風のしくみ\n\n風は気圧の高いところから低いところへ吹く。\n",
    "1. 観測所を選ぶ\n2. 温度を測る\n3. 記録する\n",
    "| 地点 | 気圧 |\n|---|---|\n| Q1 | 1013 |\n",
    "Q1 1013 998\nQ2 1009 997\n",
    "```yaml\n確認テスト1\n\nQ1: これは例である。\n\n1. 甲\n2. 乙\n\n第9章 例\n\nQ1 2\n```\n",
    "Q: よくある質問ですか。\nA: はい。\n",
    "図3.4　高気圧と低気圧\n\n（1）高気圧では下降気流\n（2）低気圧では上昇気流\n",
    "$ weather -n 5\n晴れ 20 度\n",
    "「第9章 参考資料」も見てほしい。\n",
    "練習のあとには、解答を確かめること。\n",
]
PAGES = ["— 23 —\n", "24\n", "{head}　25\n", "26 {head}\n", "\f{head}\n"]


@st.composite
def books(draw: st.DrawFn, text: str = BOOK, titles: dict[int, str] | None = None) -> str:
    """A text as parts of a whole book: other text around its tests, and page breaks anywhere in it."""
    prose = st.lists(st.sampled_from(PROSE), max_size=4).map("\n".join)
    head, chapter = "", 0
    parts = [draw(prose), "\n", draw(st.sampled_from(["", CONTENTS])), draw(prose), "\n"]
    answers = False
    for block in text.split("\n\n"):
        answers = answers or block.startswith("確認テスト回答")
        if block.startswith("確認テスト") and (chapter or answers):
            parts += [draw(prose), "\n"]
        if block.startswith("第") and not answers:
            parts += [draw(prose), "\n"]
            chapter += 1
            head = f"第{chapter}章 {(titles or TITLES)[chapter]}"
        elif chapter and not answers and draw(st.integers(0, 9)) == 0:
            parts += [draw(st.sampled_from(PAGES)).format(head=head), "\n"]
        parts += [block, "\n\n"]
    return "".join([*parts, draw(st.sampled_from(["", "索引\n\n雲 12\n", "最後の段落。\n"]))])


@given(books())
def test_a_whole_book_around_it_changes_nothing_but_the_lines(book):
    assert placeless(read_text(book)) == placeless(read_text(BOOK))


@given(books())
def test_every_note_names_the_line_it_is_about(book):
    lines, own = book.split("\n"), BOOK.split("\n")
    for note, before in zip(read_text(book).notes, read_text(BOOK).notes, strict=True):
        assert lines[note.position.line - 1] == own[before.position.line - 1]


def test_full_width_and_kanji_numbers_are_numbers():
    wide = str.maketrans("0123456789Q:|", "０１２３４５６７８９Ｑ：｜")
    book = (
        BOOK.replace("weather -n 5", "weather -n V")
        .translate(wide)
        .replace("第一章", "第１章")
        .replace("第二章", "第 2 章")
    )
    assert keys(read_text(book)) == keys(read_text(BOOK))
    assert [bank.title for bank in read_text(book).banks] == [bank.title for bank in read_text(BOOK).banks]


@pytest.mark.parametrize(("number", "name"), [("第十章", 10), ("第十二章", 12), ("第二十章", 20), ("第３１章", 31)])
def test_chapters_are_counted_in_kanji_beyond_ten(number, name):
    book = one_book(SINGLE, "1", "巻雲", "層雲").replace("第1章", number)
    assert read_text(book).banks[0].id == f"chapter-{name}"


def test_windows_line_ends_and_old_encodings_are_read_alike():
    windows = read("book.txt", BOOK.replace("—", "―").replace("\n", "\r\n").encode("cp932"))
    assert [note.code for note in windows.notes] == ["encoding", *(note.code for note in read_text(BOOK).notes)]
    assert windows.banks == read_text(BOOK).banks


@pytest.mark.parametrize("text", ["", "ただの文章。\n", "Q1: 問いだけ\n", "表 1 2\n"])
def test_other_text_is_no_book(text):
    assert sniff("x.txt", text.encode()) == 0
    assert read_text(text) == Imported()


def test_a_book_of_too_many_lines_is_refused():
    with pytest.raises(ProblemsError, match="the book has 500,001 lines, the most is 500,000; split it"):
        read_text("\n" * 500_000)


@pytest.mark.parametrize("line", ["Q1 1", "Q1: 雲", "1. 甲（", "第1章 雲", "```", "課題 1", "確認テスト1", "甲" * 30])
def test_a_line_repeated_without_end_takes_no_time_to_speak_of(line):
    before = "確認テスト1\n\nQ1: 雲はどれか。\n\n1. 甲\n2. 乙\n" if line in ("Q1 1", "甲" * 30) else ""
    assert read_text(f"{before}{'解答' if line == 'Q1 1' else ''}\n" + f"{line}\n" * 20_000).questions <= 1


def test_a_book_is_told_from_its_content():
    assert guess("anything", BOOK.encode()) == "textbook"


@given(
    st.lists(st.sampled_from([*BOOK.split("\n"), "```", "　", "Q1:", "第章", "(", "1."]), max_size=60).map("\n".join)
)
def test_torn_books_are_read_without_fail(text):
    imported = read_text(text)
    assert all(
        set(one.answer) <= {choice.label for choice in one.choices} for bank in imported.banks for one in bank.questions
    )


# What else books have


def test_a_question_printed_twice_word_for_word_is_imported_once():
    asked = f"Q1: 高い雲は{SINGLE}\n\n1. 巻雲\n2. 層雲\n\n"
    book = f"確認テスト1\n\n{asked}{asked}確認テスト回答\n\nQ1 1\n"
    assert found(book) == ["Q1 is left out: the same question stands on line 3 [duplicate-question]"]


def test_a_question_that_breaks_off_inside_its_brackets_is_told():
    assert found(one_book("雲（巻雲は" + SINGLE, "1", "甲", "乙")) == [
        "the text of Q1 breaks off inside its brackets; complete it [cut-off]"
    ]


def test_an_assignment_goes_on_behind_a_page_break():
    book = "演習課題\n\n課題 1\n\n気圧を記録し、\n第1章 気象の基本　25\nグラフに表してください。\n"
    assert read_text(book).assignments[0].assignments[0].goal == "気圧を記録し、\nグラフに表してください。"


def test_a_choice_keeps_the_code_below_it():
    book = one_book(SINGLE, "1", "次の命令\n```\nweather -n 1\n```", "層雲")
    assert [choice.text for choice in read_text(book).banks[0].questions[0].choices] == [
        "次の命令\n```\nweather -n 1\n```",
        "層雲",
    ]


def test_a_question_of_a_reader_gives_way_to_that_of_the_test():
    reader = "よくある質問\n\nQ3: 雲はなぜ落ちないのですか。\n\n1. 軽いから\n2. 上がる空気があるから\n\n"
    book = BOOK.replace("確認テスト2\n", f"{reader}確認テスト2\n", 1)
    assert placeless(read_text(book)) == placeless(read_text(BOOK))
