"""Readings above kanji: whole words, split okurigana, school grades, authors' corrections, and what stays as it is."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizgen.problems import QuizgenError
from quizgen.richtext import furigana, parse, walk
from quizgen.richtext.furigana import annotated, check_dictionary, dictionary, with_furigana
from quizgen.richtext.furigana.grades import KANJI, taught
from quizgen.richtext.furigana.kana import aligned
from quizgen.richtext.tree import Code, CodeBlock, Image, Math, Ruby, Text


def read(text: str, grade: int = 0, readings: furigana.Readings = ()) -> str:
    """A text with its ruby as authors write it."""
    return "".join(
        f"{{{part.base}|{part.reading}}}" if isinstance(part, Ruby) else part.text
        for part in annotated(text, grade, readings)
        if isinstance(part, Text | Ruby)
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("食べる", "{食|た}べる"),
        ("読み取る", "{読|よ}み{取|と}る"),
        ("聞き手", "{聞|き}き{手|て}"),
        ("今日は日本の大人が", "{今日|きょう}は{日本|にほん}の{大人|おとな}が"),
        ("株式会社の会社員", "{株式|かぶしき}{会社|がいしゃ}の{会社|かいしゃ}{員|いん}"),
        ("人々と各々", "{人々|ひとびと}と{各々|おのおの}"),
        ("三ヶ月", "{三|さん}{ヶ月|かげつ}"),
        ("層（レイヤー）に", "{層|そう}（レイヤー）に"),
        ("何を選ぶか", "{何|なに}を{選|えら}ぶか"),
        ("何か所", "{何|なん}か{所|しょ}"),
        ("空である空欄", "{空|から}である{空欄|くうらん}"),
        ("髙橋、﨑山、𠮷野家", "{髙橋|たかはし}、{﨑山|さきやま}、{𠮷野家|よしのや}"),
        ("DockerのPodを8個", "DockerのPodを8{個|こ}"),
    ],
)
def test_kanji_get_the_reading_of_their_word(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1本と2本と3本", "1{本|ぽん}と2{本|ほん}と3{本|ぼん}"),
        ("50分と5分、4分の1", "50{分|ぷん}と5{分|ふん}、4{分|ぶん}の1"),
        ("1人と2人と3人", "{1人|ひとり}と{2人|ふたり}と3{人|にん}"),
        ("7月1日と20日", "7{月|がつ}{1日|ついたち}と{20日|はつか}"),
        ("３階の600万円", "３{階|がい}の600{万|まん}{円|えん}"),
    ],
)
def test_counters_are_read_as_their_numbers_ask(text: str, expected: str) -> None:
    assert read(text) == expected


def test_a_word_is_left_alone_whose_kanji_are_all_learnt_by_the_grade() -> None:
    text = "次の環境変数を読む"
    assert read(text, 2) == "{次|つぎ}の{環境|かんきょう}{変数|へんすう}を読む"
    assert read(text, 4) == "次の{環境|かんきょう}変数を読む"
    assert annotated("小学校で習う", 6) == (Text("小学校で習う"),)


def test_the_grades_are_those_of_the_schools_table() -> None:
    assert [len(kanji) for kanji in KANJI] == [80, 160, 200, 202, 193, 191]
    assert len(set("".join(KANJI))) == sum(map(len, KANJI))
    assert set("茨媛岡潟岐熊香佐埼崎滋鹿縄井沖栃奈梨阪阜") <= taught(4) - taught(3)


@pytest.mark.parametrize(
    ("text", "readings", "expected"),
    [
        ("空のファイル", (("空の", "からの"),), "{空|から}のファイル"),
        ("口を開く", (("開", "あ"),), "{口|くち}を{開|あ}く"),
        ("開発の方法と方", (("開", "あ"), ("方", "かた")), "{開発|かいはつ}の{方法|ほうほう}と{方|かた}"),
        ("日本語", (("日本", "にっぽん"),), "{日本|にっぽん}{語|ご}"),
        ("容器を", (("容器", "コンテナ"),), "{容器|コンテナ}を"),
        ("脆弱性診断", (("脆弱", "ぜい"), ("脆弱性", "ぜいじゃくせい")), "{脆弱性|ぜいじゃくせい}{診断|しんだん}"),
    ],
)
def test_an_authors_reading_goes_before_the_dictionarys(text: str, readings: furigana.Readings, expected: str) -> None:
    assert read(text, 0, readings) == expected


def test_the_tree_keeps_code_formulas_pictures_and_the_authors_own_ruby() -> None:
    blocks = parse("{環境|エンバイロ}と`環境`と$環境$と**環境**\n\n```\n環境\n```\n\n![環境](a.png)")
    parts = list(walk(with_furigana(blocks, 0)))
    assert [part for part in parts if isinstance(part, Ruby)] == [
        Ruby("環境", "エンバイロ"),
        Ruby("環境", "かんきょう"),
    ]
    assert [part for part in parts if isinstance(part, Code | Math)] == [Code("環境"), Math("環境")]
    assert [part.alt for part in parts if isinstance(part, Image)] == ["環境"]
    assert "環境" in [part.text for part in parts if isinstance(part, CodeBlock)]


LETTERS = st.text(st.sampled_from("環境を読む日本語10,3本人月１（あ）()ア。\n A𠮷髙ヶ々㍿ﷺ"), max_size=60)


@given(LETTERS, st.integers(0, 6), st.sampled_from([(), (("環境", "かん"), ("む", "む"), ("本", "もと"))]))
def test_no_letter_of_a_text_is_lost_or_moved(text: str, grade: int, readings: furigana.Readings) -> None:
    inlines = annotated(text, grade, readings)
    assert "".join(part.base if isinstance(part, Ruby) else getattr(part, "text", "") for part in inlines) == text


def test_long_texts_are_read_a_stretch_at_a_time() -> None:
    text = "ﷺ環境を読む。" * 4000
    assert read(text) == "ﷺ{環境|かんきょう}を{読|よ}む。" * 4000


def test_a_reading_that_fits_no_kana_of_its_word_stands_over_the_whole() -> None:
    assert aligned("食べる", "くう") == (("食べる", "くう"),)


def test_a_missing_dictionary_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    dictionary._tokenizer.cache_clear()
    monkeypatch.setitem(sys.modules, "sudachipy", None)
    with pytest.raises(QuizgenError, match=r"pip install 'quizgen\[furigana\]'"):
        check_dictionary()
