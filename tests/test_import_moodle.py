"""Moodle XML is read as Moodle writes it, and our own export comes back as the questions it was made of."""

from __future__ import annotations

import re
from base64 import b64encode
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import papers
from quizgen.importers.imported import BankDraft, Imported, ImportedFile, QuestionDraft
from quizgen.importers.moodle import read, sniff
from quizgen.importers.naming import named
from quizgen.importers.yaml_text import bank_yaml
from quizgen.paper import Choice, Group, Option, Paper, Pool, Printable, Question, Section
from quizgen.problems import Position, ProblemsError
from quizgen.reader import read as check
from quizgen.richtext import faults, images, map_images, parse
from quizgen.richtext.tree import (
    Blocks,
)
from quizgen.templates import Templates
from quizgen.writers import moodle
from trees import as_html, authors, trees

GOLDEN = Path(__file__).parent / "golden" / "moodle"


def imported(data: str | bytes, name: str = "bank.xml") -> Imported:
    return read(name, data.encode() if isinstance(data, str) else data)


# Round trips: papers to our Moodle XML and back


def shown(blocks: Blocks) -> Blocks:
    """A text as it is when Moodle XML is all that is left of it."""
    return as_html(map_images(blocks, lambda image: replace(image, source=f"images/{image.source}")))


def exported(*papers: Printable) -> bytes:
    (file,) = moodle.write(papers, Templates())
    return file.data


def same(markdown_text: str, *blocks: Blocks) -> bool:
    return parse(markdown_text) == shown(tuple(block for part in blocks for block in part))


TEXTS = authors(trees()).map(lambda blocks: map_images(blocks, lambda image: replace(image, source=papers.PHOTO.name)))


@st.composite
def questions(draw: st.DrawFn, number: int, texts: st.SearchStrategy[Blocks]) -> Question:
    many = draw(st.booleans())
    count = draw(st.integers(2, 4))
    right = draw(st.sets(st.integers(0, count - 1), min_size=1, max_size=count if many else 1))
    options = tuple(
        Option(f"o{i}", "abcd"[i], draw(texts), i in right, draw(st.just(()) | texts)) for i in range(count)
    )
    return Question(
        number,
        f"bank/q{number}",
        draw(texts),
        Choice(options, many),
        Decimal(draw(st.sampled_from(["1", "2.5", "0.25", "100"]))),
        explanation=draw(st.just(()) | texts),
        difficulty=draw(st.sampled_from(["easy", "normal", "hard"])),
        tags=tuple(draw(st.lists(st.sampled_from(["a<b", "&lt;", "網", "R&D x"]), unique=True, max_size=2))),
    )


@st.composite
def sample_papers(draw: st.DrawFn) -> Paper:
    texts = st.sampled_from(draw(st.lists(TEXTS, min_size=2, max_size=5)))
    one, two, three = (draw(questions(number, texts)) for number in (1, 2, 3))
    common = st.just(()) | texts
    sections = (
        Section(1, "A/B", (Group((one, two), draw(common)),), draw(common)),
        Section(2, "a<b", (Group((three,)),)),
    )
    return replace(papers.paper(), sections=sections, pictures=papers.PICTURES)


def assert_same(draft: QuestionDraft, question: Question, bank: BankDraft, common: Blocks) -> None:
    response = question.response
    assert isinstance(response, Choice)
    assert same(draft.text, question.text)
    assert same(draft.explanation, question.explanation)
    for choice, option in zip(draft.choices, response.options, strict=True):
        assert same(choice.text, option.text)
        assert same(choice.feedback, option.feedback)
        assert (choice.label in draft.answer) == option.right
    assert draft.type == ("multiple" if response.many else "single")
    assert (f"bank/{draft.id}", draft.points, draft.difficulty) == (question.id, question.points, question.difficulty)
    assert draft.tags == question.tags
    assert same(next((s.text for s in bank.stimuli if s.id == draft.stimulus), ""), common)


@settings(deadline=None, max_examples=30)
@given(sample_papers())
def test_a_paper_comes_back_from_its_export(paper):
    result = imported(exported(paper))
    assert [bank.title for bank in result.banks] == ["A/B", "a<b"]
    for bank, section in zip(result.banks, paper.sections, strict=True):
        (group,) = section.groups
        for draft, question in zip(bank.questions, group.questions, strict=True):
            assert_same(draft, question, bank, (*section.text, *group.stimulus))
    assert (result.notes, result.skipped) == ((), ())


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    paper = draw(sample_papers())
    groups = tuple(Group((question,)) for question in paper.questions)
    paper = replace(paper, sections=(Section(1, "Bank", groups),), course="Course", variant="")
    shuffled = draw(st.sets(st.sampled_from([question.id for question in paper.questions]), min_size=1))
    fields = {name: getattr(paper, name) for name in paper.__dataclass_fields__}
    return Pool(**fields, shuffled=frozenset(shuffled))


@settings(deadline=None, max_examples=15)
@given(pools())
def test_a_bank_comes_back_from_its_export(pool):
    (bank,) = imported(exported(pool)).banks
    assert (bank.title, bank.id) == ("Bank", "bank")
    for draft, question in zip(bank.questions, pool.questions, strict=True):
        assert_same(draft, question, bank, ())
        assert draft.shuffle == (question.id in pool.shuffled)


@settings(deadline=None, max_examples=50)
@given(TEXTS)
def test_a_text_with_pictures_comes_back_without_a_mistake(blocks):
    question = replace(papers.question(1, papers.plain_choice(1, 1)), text=blocks)
    result = imported(exported(replace(papers.paper(question), pictures=papers.PICTURES)))
    text = result.banks[0].questions[0].text
    assert same(text, blocks)
    assert faults(text) == ()
    photo = ImportedFile(f"images/{papers.PHOTO.name}", papers.PHOTO.data)
    assert result.files == ((photo,) if list(images(blocks)) else ())


def test_variants_come_back_as_one_question():
    first = papers.japanese()
    result = imported(exported(first, papers.shuffled(first, "B")))
    alone = imported(exported(first))
    assert [bank.title for bank in result.banks] == ["第1問", "第2問"]
    assert [one.id for bank in result.banks for one in bank.questions] == ["stop", "layers", "cpus", "roles"]
    assert all(one.shuffle for bank in result.banks for one in bank.questions)
    assert [one.text for one in result.banks[0].questions] == [one.text for one in alone.banks[0].questions]


def test_an_order_that_all_variants_share_is_kept():
    first = papers.japanese()
    result = imported(exported(first, replace(papers.shuffled(papers.shuffled(first, "B"), "B"), variant="B")))
    assert not any(one.shuffle for bank in result.banks for one in bank.questions)


def test_a_question_that_variants_ask_differently_stays_two():
    first = papers.paper(papers.question(1, papers.plain_choice(1, 2)))
    other = replace(
        papers.paper(replace(papers.question(1, papers.plain_choice(1, 2)), points=Decimal(7))), variant="B"
    )
    (bank,) = imported(exported(first, other)).banks
    assert [one.points for one in bank.questions] == [1, 7]


def test_a_common_stimulus_is_one_again():
    _, second = imported(exported(papers.japanese())).banks
    (stimulus,) = second.stimuli
    assert [one.stimulus for one in second.questions] == [stimulus.id, stimulus.id]
    assert stimulus.text.startswith("次の図と表は、あるクラスタの構成を示す。![構成図](images/")


def checked(result: Imported, folder: Path) -> list[str]:
    """What `quizgen check` says of the banks as written."""
    for bank in named(result).banks:
        (folder / f"{bank.id}.yaml").write_text(bank_yaml(bank), encoding="utf-8")
    for file in result.files:
        (folder / file.path).parent.mkdir(exist_ok=True)
        (folder / file.path).write_bytes(file.data)
    return [str(problem) for problem in check([folder]).problems]


@pytest.mark.parametrize("paper", [papers.japanese(), papers.english()], ids=["ja", "en"])
def test_what_comes_back_passes_the_check(paper, tmp_path):
    assert checked(imported(exported(paper)), tmp_path) == []


def test_every_kind_of_question_is_imported_or_named():
    result = imported((GOLDEN / "kinds-en.xml").read_bytes())
    assert result.questions + len(result.skipped) == 7
    assert str(result.skipped[0]) == (
        "bank.xml:43:1: `002 Name what places Pods.` is left out: "
        "questions of the type shortanswer cannot be imported [question-type]"
    )


# Files as Moodle exports them

MOODLES_OWN = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<!-- question: 0  -->
  <question type="category">
    <category>
      <text>$course$/top/情報I の既定/第1章 CPU//メモリ</text>
    </category>
    <info format="moodle_auto_format">
      <text>共有される問題のデフォルトカテゴリ</text>
    </info>
    <idnumber></idnumber>
  </question>

<!-- question: 101  -->
  <question type="multichoice">
    <name>
      <text>停止の命令</text>
    </name>
    <questiontext format="html">
      <text><![CDATA[<p dir="ltr">コンテナを<strong>停止</strong>する命令は&nbsp;どれか。<br></p>
<p><img src="@@PLUGINFILE@@/%E5%9B%B3%201.png" alt="図1" width="120" height="60" class="img-fluid"></p>]]></text>
<file name="図 1.png" path="/" encoding="base64">{b64encode(papers.PHOTO.data).decode()}</file>
    </questiontext>
    <generalfeedback format="html">
      <text>SIGTERM を送る。</text>
    </generalfeedback>
    <defaultgrade>1.0000000</defaultgrade>
    <penalty>0.3333333</penalty>
    <hidden>0</hidden>
    <idnumber></idnumber>
    <single>true</single>
    <shuffleanswers>true</shuffleanswers>
    <answernumbering>abc</answernumbering>
    <showstandardinstruction>0</showstandardinstruction>
    <correctfeedback format="html">
      <text>あなたの答えは正解です。</text>
    </correctfeedback>
    <partiallycorrectfeedback format="html">
      <text>あなたの答えは部分的に正解です。</text>
    </partiallycorrectfeedback>
    <incorrectfeedback format="html">
      <text>あなたの答えは不正解です。</text>
    </incorrectfeedback>
    <shownumcorrect/>
    <answer fraction="100" format="html">
      <text><![CDATA[<p><code>docker stop</code></p>]]></text>
      <feedback format="html">
        <text>そのとおり</text>
      </feedback>
    </answer>
    <answer fraction="0" format="plain_text">
      <text>a &lt;b&gt; *c*</text>
      <feedback format="html">
        <text></text>
      </feedback>
    </answer>
    <answer fraction="50" format="markdown">
      <text>`docker` *rm*</text>
      <feedback format="html">
        <text></text>
      </feedback>
    </answer>
    <tags>
      <tag><text>easy</text></tag>
      <tag><text>a &amp;lt; b</text></tag>
    </tags>
  </question>

<!-- question: 102  -->
  <question type="truefalse">
    <name>
      <text>層</text>
    </name>
    <questiontext format="moodle_auto_format">
      <text>層は
読み取り専用である。</text>
    </questiontext>
    <generalfeedback format="moodle_auto_format">
      <text></text>
    </generalfeedback>
    <defaultgrade>2.5000000</defaultgrade>
    <penalty>1.0000000</penalty>
    <hidden>0</hidden>
    <idnumber>layers-1</idnumber>
    <answer fraction="0" format="moodle_auto_format">
      <text>false</text>
      <feedback format="moodle_auto_format">
        <text>ちがう</text>
      </feedback>
    </answer>
    <answer fraction="100" format="moodle_auto_format">
      <text>true</text>
      <feedback format="moodle_auto_format">
        <text></text>
      </feedback>
    </answer>
  </question>

<!-- question: 0  -->
  <question type="category">
    <category>
      <text>$course$/top/空</text>
    </category>
  </question>

<!-- question: 103  -->
  <question type="essay">
    <name>
      <text>述べよ</text>
    </name>
    <questiontext format="html">
      <text>述べよ。</text>
    </questiontext>
  </question>
</quiz>
"""


def test_a_bank_that_moodle_exported_is_what_an_author_would_have_written(tmp_path):
    result = imported(MOODLES_OWN)
    (bank,) = named(result).banks
    assert (
        bank_yaml(bank)
        == """\
kind: bank
id: bank-01
title: 第1章 CPU/メモリ
language: ja

questions:
  # in Moodle: 停止の命令
  # another choice earned a part of the points (c 50 %); here it is wrong
  - id: q01
    type: single
    text: |
      コンテナを**停止**する命令は\xa0どれか。

      ![図1](images/picture.png){width=32mm}
    choices:
      a: {text: '`docker stop`', feedback: そのとおり}
      b: a <b> \\*c\\*
      c: '`docker` *rm*'
    answer: a
    explanation: SIGTERM を送る。
    difficulty: easy
    tags: [a < b]

  - id: layers-1
    type: single
    text: |
      層は\\
      読み取り専用である。
    choices:
      a: 正しい
      b: {text: 正しくない, feedback: ちがう}
    answer: a
    points: 2.5
    shuffle: false
"""
    )
    assert [str(one) for one in (*result.notes, *result.skipped)] == [
        "bank.xml:15:3: another choice earned a part of the points (c 50 %); here it is wrong [partial-points]",
        "bank.xml:107:3: `述べよ` is left out: questions of the type essay cannot be imported [question-type]",
    ]
    assert checked(result, tmp_path) == []


def quiz(*elements: str) -> str:
    return f"<quiz>{''.join(elements)}</quiz>"


def multichoice(inside: str = "", answers: str = "", text: str = "問い", name: str = "x") -> str:
    answers = answers or answer("100", "a") + answer("0", "b")
    return (
        f'<question type="multichoice"><name><text>{name}</text></name><questiontext format="html"><text>'
        f"<![CDATA[{text}]]></text></questiontext>{inside}{answers}</question>"
    )


def answer(fraction: str, text: str) -> str:
    return f'<answer fraction="{fraction}" format="html"><text><![CDATA[{text}]]></text></answer>'


def only(data: str) -> QuestionDraft:
    ((draft,),) = (bank.questions for bank in imported(data).banks)
    return draft


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("top/A", "A"),
        ("$course$/A/B", "B"),
        ("$system$/top/情報//理科 / 数学", "数学"),
        ("a&amp;lt;b", "a<b"),
        ("$course$/top", "bank"),
        ("top/Exam/2", "Exam / 2"),
    ],
)
def test_a_category_is_a_bank(path, title):
    category = f'<question type="category"><category><text>{path}</text></category></question>'
    assert [bank.title for bank in imported(quiz(category, multichoice())).banks] == [title]


def test_a_frame_with_nothing_below_it_is_the_question():
    draft = only(quiz(multichoice(text='<div style="border: 1px solid #999">問い</div>')))
    assert (draft.text, draft.stimulus) == ("問い", "")


@pytest.mark.parametrize(("first", "second"), [("true", "false"), ("正しい", "まちがい")])
def test_a_statement_is_true_or_false(first, second):
    answers = answer("0", first) + answer("100", second)
    draft = only(quiz(multichoice(answers=answers).replace("multichoice", "truefalse")))
    assert ([choice.text for choice in draft.choices], draft.answer) == (["正しい", "正しくない"], ("b",))


def test_categories_of_the_same_name_are_told_apart_by_those_above_them():
    category = '<question type="category"><category><text>top/{}/演習</text></category></question>'
    parts = [category.format(1), multichoice(), category.format(2), multichoice(), category.format(1), multichoice()]
    assert [(bank.title, len(bank.questions)) for bank in imported(quiz(*parts)).banks] == [
        ("1 / 演習", 2),
        ("2 / 演習", 1),
    ]


@pytest.mark.parametrize(
    ("number", "name", "expected", "comments"),
    [
        ("ch1-q1", "問い", "ch1-q1", ()),
        ("docker/stop@A", "001 問い", "stop", ()),
        ("", "Q1", "q1", ()),
        ("", "Stop it", "stop-it", ()),
        ("", "1. 問…", "", ()),
        ("", "if (a&amp;lt;b)", "if-a-b", ()),
        ("問1", "停止", "問1", ("in Moodle: 停止", "its ID number: 問1")),
    ],
)
def test_an_id_is_what_the_question_goes_by_in_moodle(number, name, expected, comments):
    draft = only(quiz(multichoice(f"<idnumber>{number}</idnumber>", name=name)))
    assert (draft.id, draft.comments) == (expected, comments)


@pytest.mark.parametrize(
    ("setting", "expected"), [("true", True), ("1", True), ("no", True), ("false", False), ("0", False), ("", False)]
)
def test_settings_are_read_as_moodle_reads_them(setting, expected):
    draft = only(quiz(multichoice(f"<single>{setting}</single><shuffleanswers>{setting}</shuffleanswers>")))
    assert (draft.type == "single", draft.shuffle) == (expected, expected)
    assert (only(quiz(multichoice())).type, only(quiz(multichoice())).shuffle) == ("single", False)


@pytest.mark.parametrize(
    ("said", "points", "code"),
    [
        ("2.0000000", "2", ""),
        ("0.3333333", "0.33", "points"),
        ("0", "1", "points"),
        ("-1", "1", "points"),
        ("99999", "1", "points"),
        ("NaN", "1", "points"),
        ("x", "1", "points"),
        ("", "1", ""),
    ],
)
def test_points_are_kept_or_told(said, points, code):
    result = imported(quiz(multichoice(f"<defaultgrade>{said}</defaultgrade>")))
    assert result.banks[0].questions[0].points == Decimal(points)
    assert [note.code for note in result.notes] == [code] * bool(code)


@pytest.mark.parametrize(
    ("single", "percents", "type_and_answer", "codes"),
    [
        (True, ["0", "100"], ("single", "b"), []),
        (True, ["100", "-25", "33.33333"], ("single", "a"), ["partial-points"]),
        (True, ["50", "90"], ("single", "b"), ["partial-points", "partial-points"]),
        (False, ["50", "-50", "50"], ("multiple", "ac"), []),
        (False, ["33.33333", "33.33333", "33.33333", "0"], ("multiple", "abc"), []),
        (False, ["0", "100"], ("multiple", "b"), []),
        (False, ["80", "20", "0"], ("multiple", "ab"), ["partial-points"]),
        (False, ["10"] * 9 + ["5"] * 2 + ["-100"], ("multiple", "abcdefghijk"), []),
    ],
)
def test_fractions_are_the_key(single, percents, type_and_answer, codes):
    answers = "".join(answer(percent, f"choice {i}") for i, percent in enumerate(percents))
    result = imported(quiz(multichoice(f"<single>{str(single).lower()}</single>", answers)))
    draft = result.banks[0].questions[0]
    assert (draft.type, "".join(draft.answer)) == type_and_answer
    assert [note.code for note in result.notes] == codes


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (multichoice(answers=answer("100", "a") + answer("100", "b")), "several-answers"),
        (multichoice(answers=answer("0", "a") + answer("-5", "b")), "no-answer"),
        (multichoice(answers=answer("100", "a")), "too-few-choices"),
        (multichoice(answers=answer("100", "a") + answer("0", "")), "too-few-choices"),
        (multichoice(answers=answer("100", "") + answer("0", "b")), "empty-choice"),
        (multichoice(answers=answer("x", "a") + answer("0", "b")), "fraction"),
        (multichoice(text=" "), "no-text"),
        (multichoice(text="<div>" * 200), "text-length"),
        (multichoice(text="x" * 60_000), "text-length"),
        (multichoice(text="]]><p>x</p><![CDATA["), "no-cdata"),
        ('<question type="multichoice"><name><text>x</text></name></question>', "no-text"),
        ('<question><name><text>x</text></name></question>', "question-type"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_named_and_left_out(question, code):
    result = imported(quiz(multichoice(), question))
    assert [(one.code, one.what, one.position) for one in result.skipped] == [
        (code, "`x`", Position("bank.xml", 1, 7 + len(multichoice())))
    ]
    assert result.questions == 1


FOR_ALL = "its feedback for right and wrong answers as a whole is left out"


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ("<hint format='html'><text>よく読むこと</text></hint>", "its hints are left out"),
        (f"<correctfeedback><text>{'長い' * 30}</text></correctfeedback>", FOR_ALL),
        ("<image>a.png</image>", "its picture, kept in the way of old Moodles, is left out"),
    ],
)
def test_what_a_bank_has_no_place_for_is_told(inside, message):
    result = imported(quiz(multichoice(inside)))
    assert [note.message for note in result.notes] == [message]
    assert result.banks[0].questions[0].comments == (message,)


def test_what_a_text_loses_is_told_with_the_question():
    result = imported(quiz(multichoice("<hidden>1</hidden>", text="<u>下線</u>")))
    assert [str(note) for note in result.notes] == ["bank.xml:1:7: underlining became emphasis [formatting]"]
    assert result.banks[0].questions[0].comments == ("it was hidden in Moodle", "underlining became emphasis")


def with_files(text: str, *files: str) -> str:
    return quiz(multichoice(text=text)).replace("</text></questiontext>", f"</text>{''.join(files)}</questiontext>")


def file(name: str, data: bytes, path: str = "/") -> str:
    return f'<file name="{name}" path="{path}" encoding="base64">{b64encode(data).decode()}</file>'


def test_pictures_get_safe_names_of_their_own():
    text = "".join(
        f'<img src="@@PLUGINFILE@@/{source}" alt="a">' for source in ("x.PNG", "d/x.png", "../y.png", "x.PNG")
    )
    files = (
        file("x.PNG", papers.PHOTO.data),
        file("x.png", papers.ICON.data, "/d/"),
        file("y.png", papers.DRAWING.data, "/../"),
    )
    result = imported(with_files(text, *files))
    paths = ["images/x.png", "images/x-2.png", "images/y.svg"]
    assert [one.path for one in result.files] == paths
    assert result.banks[0].questions[0].text == "".join(f"![a]({path})" for path in [*paths, paths[0]])


def test_a_picture_inside_the_address_comes_along():
    source = f"data:image/png;base64,{b64encode(papers.ICON.data).decode()}"
    result = imported(quiz(multichoice(text=f'<img src="{source}" alt="印">')))
    assert result.files == (ImportedFile("images/picture.png", papers.ICON.data),)
    assert result.banks[0].questions[0].text == "![印](images/picture.png)"


@pytest.mark.parametrize(
    ("source", "data", "message"),
    [
        ("@@PLUGINFILE@@/y.png", papers.ICON.data, "the picture `a` is left out"),
        ("x.png", papers.ICON.data, "the picture `a` is left out"),
        ("@@PLUGINFILE@@/x.png", b"RIFF1234WEBP", "a picture is left out: x.svg is a WebP picture"),
        ("@@PLUGINFILE@@/x.png", b"", "a picture is left out: x.svg is empty"),
        ("data:image/png;base64,!!", b"", "a picture is left out: picture.svg is empty"),
    ],
)
def test_a_picture_that_cannot_come_along_is_told(source, data, message):
    result = imported(with_files(f'<img src="{source}" alt="a">', file("x.png", data)))
    assert [note.message[: len(message)] for note in result.notes] == [message]
    assert result.files == ()
    assert result.banks[0].questions[0].text == "[a]"


# Broken and hostile files

BOMB = '<!DOCTYPE quiz [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "bank.xml: the file is empty"),
        ("<html><body>", "bank.xml:1:1: this is no Moodle XML: it begins with <html>"),
        ("Q1: text", "bank.xml:1:1: this is no well-formed XML (syntax error)"),
        (MOODLES_OWN[:2000], "the file is cut off: the <question> of line 15 never ends"),
        (MOODLES_OWN[: MOODLES_OWN.index("<category>")], "the file is cut off: the <question> of line 4 never ends"),
        ("<quiz><question>&nbsp;</question></quiz>", "bank.xml:1:17: this is no well-formed XML (undefined entity)"),
        ("<quiz>\n<question></quiz>", "bank.xml:2:13: this is no well-formed XML (mismatched tag)"),
        (f"{BOMB}]><quiz>&j;</quiz>", "the file has a <!DOCTYPE …> or an entity"),
        ('<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>', "the file has a <!DOCTYPE …>"),
        ('<!DOCTYPE quiz SYSTEM "http://localhost/x.dtd"><quiz/>', "the file has a <!DOCTYPE …>"),
        ("<quiz>" + "<question>" * 100, "elements are nested deeper than 30 levels here"),
        ("<quiz><question>" + "<a/>" * 30_000, "this question has more than 20,000 elements"),
        ("<quiz>" + "<question/>" * 20_001, "the file has more than 20,000 questions"),
        (b"<quiz>\xff\x00\xff", "the file is no text that can be read"),
    ],
)
def test_a_file_that_is_no_bank_of_questions_is_refused_with_its_place(data, message):
    with pytest.raises(ProblemsError, match=re.escape(message)):
        imported(data)


@pytest.mark.parametrize(("encoding", "codes"), [("utf-8-sig", []), ("cp932", ["encoding"]), ("utf-16", ["encoding"])])
def test_a_file_is_read_in_the_encoding_it_is_in(encoding, codes):
    text = '<?xml version="1.0" encoding="Shift_JIS"?>\n' + quiz(multichoice(text="正しいものはどれか。"))
    result = imported(text.encode(encoding))
    assert result.banks[0].questions[0].text == "正しいものはどれか。"
    assert [note.code for note in result.notes] == codes
    assert sniff("bank.txt", text.encode(encoding)) == 100


@pytest.mark.parametrize(
    ("name", "data", "certainty"),
    [
        ("a.txt", b"<?xml version='1.0'?>\n<!-- x -->\n<quiz>", 100),
        ("a.xml", b"<html>", 20),
        ("a.txt", b"<html>", 0),
        ("a.xml", b"PK\x03\x04", 0),
        ("a.txt", "問1 <quiz>".encode(), 0),
    ],
)
def test_a_file_is_known_by_its_root(name, data, certainty):
    assert sniff(name, data) == certainty


@settings(deadline=None)
@given(st.integers(0, len(MOODLES_OWN) - 10))
def test_a_file_cut_off_anywhere_is_refused(end):
    with pytest.raises(ProblemsError):
        imported(MOODLES_OWN[:end])


@settings(deadline=None)
@given(st.binary(max_size=60) | st.text(st.sampled_from("<>/quiz &;'=![]-\0"), max_size=60))
def test_any_bytes_are_read_or_refused(data):
    with suppress(ProblemsError):
        assert imported(data).questions == 0
