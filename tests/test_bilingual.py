"""Texts in two languages: one bank serves exams in either, and an edition prints both side by side."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator
from dataclasses import replace
from json import dumps
from pathlib import Path

import pypdfium2
import pytest

from quizgen.assemble import arrange, lower
from quizgen.assemble.plan import Slot
from quizgen.model import Exam, Translated
from quizgen.paper import Choice, Paper
from quizgen.paper.texts import hidden, shown
from quizgen.reader import Job, read, read_job
from quizgen.richtext.plain import to_plain
from quizgen.templates import Templates
from quizgen.writers import json, pdf
from quizgen.writers.pdf.press import Press
from structure import faults, languages

BANK = """\
kind: bank
id: b
title: {ja: 問題, en: Questions}
stimuli:
  - {id: common, text: {ja: 共通の文, en: A common text}}
questions:
  - id: one
    type: single
    stimulus: common
    text: {ja: '一つ選べ。', en: Choose one.}
    choices: {a: {ja: 甲, en: Alpha}, b: {text: {ja: 乙, en: Beta}, feedback: {ja: 違う, en: Wrong}}, c: '`code`'}
    answer: a
    explanation: {ja: 解説, en: Because}
  - id: many
    type: multiple
    text: {ja: すべて選べ。, en: Choose all.}
    choices: {a: {ja: 東, en: East}, b: {ja: 西, en: West}}
    answer: [a, b]
  - {id: true, type: true-false, text: {ja: 正しいか。, en: Is this true?}, answer: false}
  - {id: word, type: short-answer, text: {ja: 何か。, en: What is it?}, answer: [kubectl]}
  - {id: number, type: numerical, text: {ja: 何台か。, en: How many?}, answer: 3, unit: {ja: 台, en: machines}}
  - id: match
    type: matching
    text: {ja: 組み合わせよ。, en: Match.}
    pairs:
      Pod: {ja: 単位, en: A unit}
      node: {left: {ja: 節点, en: The node}, right: {ja: 資源, en: Resources}}
    distractors: {ja: 余り, en: The rest}
  - id: order
    type: ordering
    text: {ja: 並べよ。, en: Put in order.}
    items: [{ja: 一, en: First}, {ja: 二, en: Second}, {ja: 三, en: Third}, '`four`']
  - {id: why, type: essay, text: {ja: なぜか。, en: Why?}, lines: 3}
  - id: gaps
    type: cloze
    text: {ja: '[[one]]と[[two]]', en: '[[two]] after [[one]]'}
    blanks: {one: 1, two: {choices: {a: {ja: 上, en: Up}, b: {ja: 下, en: Down}}, answer: a}}
"""
EXAM = """\
kind: exam
id: e
title: {ja: 試験, en: Exam}
course: {ja: 科目, en: Course}
date: {ja: 1月2日, en: 2 January}
instructions: {ja: 静かに。, en: Be quiet.}
seed: 5
sections:
  - title: {ja: 第1問, en: The first part}
    text: {ja: 答えよ。, en: Answer.}
    draw: {from: b, count: 9}
"""
BOTH = "print: {editions: [large-print, bilingual]}\n"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    (tmp_path / "exams").mkdir()
    (tmp_path / "bank.yaml").write_text(BANK, encoding="utf-8")
    return tmp_path


def job(course: Path, exam: str = EXAM) -> Job:
    path = course / "exams" / "e.yaml"
    path.write_text(exam, encoding="utf-8")
    return read_job(path)


def paper(job: Job) -> Paper:
    assert isinstance(job.document, Exam)
    return lower(job.document, job.course, Slot("A"), arrange(job.document, job.course, "A"))


def words(paper: Paper) -> str:
    """All that a paper says, students' and teachers' texts, and its lines."""
    blocks = [paper.instructions]
    for section in paper.sections:
        blocks += [section.text, *(group.stimulus for group in section.groups)]
        for question in section.questions:
            blocks += [*shown(question), *hidden(question)]
    lines = [paper.title, paper.course, paper.date, *(section.title for section in paper.sections)]
    return " ".join([*lines, *map(to_plain, blocks)])


def is_japanese(text: str) -> bool:
    return any("\u3040" <= character <= "\u9fff" for character in text)


def test_a_text_in_two_languages_is_the_first_one_to_whom_it_is_a_text() -> None:
    text = Translated({"en": "Text", "ja": "文"})
    assert text == "Text"
    copy = pickle.loads(pickle.dumps(text))
    assert (copy, copy.texts) == ("Text", {"en": "Text", "ja": "文"})


def test_an_exams_language_picks_the_texts(course: Path) -> None:
    japanese, english = paper(job(course)), paper(job(course, EXAM + "language: en\n"))
    for said in ("科目", "1月2日", "静かに。", "共通の文", "甲", "違う", "解説", "節点", "余り", "三", "下"):
        assert said in words(japanese)
    for said in ("Course", "2 January", "Be quiet.", "A common text", "Beta", "Wrong", "Because", "The node", "Third"):
        assert said in words(english)
    assert not is_japanese(words(english))
    assert [q.response.unit for q in english.questions if q.id == "b/number"] == ["machines"]


def test_draws_do_not_depend_on_the_language(course: Path) -> None:
    japanese, english = job(course), job(course, EXAM + "language: en\n")
    arrangements = [arrange(one.document, one.course, "A") for one in (japanese, english)]
    assert arrangements[0] == arrangements[1]


def test_translating_a_question_moves_nothing(course: Path) -> None:
    after = arrange(job(course).document, job(course).course, "A")
    plain = re.sub(r"\{ja: (.*?), en: .*?\}", r"\1", BANK)
    assert "en:" not in plain
    (course / "bank.yaml").write_text(plain, encoding="utf-8")
    before = arrange(job(course).document, job(course).course, "A")
    assert before == after


def test_the_paper_of_a_bilingual_edition_has_its_translation(course: Path) -> None:
    original = paper(job(course, EXAM + BOTH))
    translation = original.translation
    assert translation is not None
    assert (original.language, translation.language) == ("ja", "en")
    assert [q.id for q in original.questions] == [q.id for q in translation.questions]
    for one, other in zip(original.questions, translation.questions, strict=True):
        assert one.response.key.removesuffix("台").strip() == other.response.key.removesuffix("machines").strip()
    (one,) = (q.response for q in translation.questions if q.id == "b/many")
    assert isinstance(one, Choice)
    assert [option.label for option in one.options] == ["ア", "イ"]
    assert translation.printing == original.printing
    assert is_japanese(words(original))
    assert not is_japanese(words(translation))


def test_a_paper_without_a_bilingual_edition_has_no_translation(course: Path) -> None:
    assert paper(job(course)).translation is None


def test_students_get_no_key_by_way_of_the_translation(course: Path) -> None:
    bare = paper(job(course, EXAM + BOTH)).without_key()
    assert bare.translation is not None
    assert not any("".join(map(to_plain, hidden(question))) for question in bare.translation.questions)
    assert not any(question.response.key.strip("() 123→–") for question in bare.translation.questions[:2])


def test_data_say_nothing_twice(course: Path) -> None:
    whole = paper(job(course, EXAM + BOTH))
    (file,) = json.write([whole], None)
    assert "共通の文" in file.data.decode()
    assert "A common text" not in file.data.decode()


def test_a_bank_alone_may_have_questions_in_one_language(tmp_path: Path) -> None:
    bank = BANK + "  - {id: plain, type: essay, text: 日本語だけ}\n"
    (tmp_path / "bank.yaml").write_text(bank, encoding="utf-8")
    assert read([tmp_path]).problems == ()


def test_an_english_banks_words_need_japanese_and_its_code_none(course: Path) -> None:
    english = """\
kind: bank
id: c
title: Questions
language: en
questions:
  - id: q
    type: single
    text: {ja: どれか。, en: Which?}
    choices: {a: '`docker run`', b: $x^2$, c: 64 GB, d: Docker, e: '![a picture](images/p.svg)'}
    answer: a
"""
    (course / "c.yaml").write_text(english, encoding="utf-8")
    lacking = [problem for problem in read([course / "c.yaml"]).problems if problem.code == "missing-language"]
    assert [problem.position.column for problem in lacking] == [57, 68]


@pytest.fixture(scope="module")
def booklet(tmp_path_factory: pytest.TempPathFactory) -> tuple[Paper, bytes]:
    """A paper in two languages, and its bilingual booklet."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "exams").mkdir()
    (folder / "bank.yaml").write_text(BANK, encoding="utf-8")
    printed = paper(job(folder, EXAM + "print: {editions: bilingual}\n"))
    return printed, printed_booklet(printed)


def printed_booklet(printed: Paper) -> bytes:
    html = pdf.booklet_html(printed, Templates(), ("bilingual",))
    return Press(Templates(), printed.pictures).pdf(html)


def lines(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def places(data: bytes, text: str) -> list[tuple[int, float, float]]:
    """Page, left edge and height of each place where a text stands."""
    with pypdfium2.PdfDocument(data) as document:
        return list(_places(document, text))


def _places(document: pypdfium2.PdfDocument, text: str) -> Iterator[tuple[int, float, float]]:
    for number, page in enumerate(document):
        found = page.get_textpage()
        search = found.search(text)
        while (occurrence := search.get_next()) is not None:
            left, bottom, _, _ = found.get_charbox(occurrence[0])
            yield number, left, bottom


def test_each_question_stands_in_both_languages_on_the_same_height(booklet: tuple[Paper, bytes]) -> None:
    printed, data = booklet
    assert printed.translation is not None
    for one, other in zip(printed.questions, printed.translation.questions, strict=True):
        pair = [to_plain(question.text).strip() for question in (one, other)]
        if any("(" in text for text in pair):
            continue
        ((page, left, height), *_), ((other_page, right, other_height), *_) = (places(data, text) for text in pair)
        assert page == other_page
        assert left < 297 < right
        assert abs(height - other_height) < 16, pair


def test_the_cover_speaks_both_languages(booklet: tuple[Paper, bytes]) -> None:
    with pypdfium2.PdfDocument(booklet[1]) as document:
        cover = document[0].get_textpage().get_text_bounded()
    for said in (
        "試験",
        "Exam",
        "科目",
        "Course",
        "1月2日",
        "2 January",
        "静かに。",
        "Be quiet.",
        "受験番号",
        "Student ID",
    ):
        assert said in cover


def test_a_bilingual_booklet_is_tagged_with_the_language_of_each_side(booklet: tuple[Paper, bytes]) -> None:
    assert faults(booklet[1]) == []
    assert languages(booklet[1]) == {"ja", "en"}


def test_a_text_that_is_the_same_in_both_is_printed_once(booklet: tuple[Paper, bytes]) -> None:
    printed, _ = booklet
    same = replace(printed, translation=replace(printed.translation, instructions=(), sections=printed.sections))
    html = pdf.booklet_html(same, Templates(), ("bilingual",))
    assert html.count("すべて選べ。") == 1
    assert html.count("共通の文") == 1


def test_a_question_longer_than_a_page_goes_on_over_the_next_in_both(tmp_path: Path) -> None:
    (tmp_path / "exams").mkdir()
    long = "\n\n".join(f"{number} 行" for number in range(90)), "\n\n".join(f"line {number}" for number in range(90))
    question = {"id": "q", "type": "essay", "text": {"ja": long[0], "en": long[1]}}
    bank = {"kind": "bank", "id": "b", "title": {"ja": "題", "en": "t"}, "questions": [question]}
    exam = {
        "kind": "exam",
        "id": "e",
        "title": "E",
        "sections": [{"questions": "b/q"}],
        "print": {"editions": "bilingual"},
    }
    (tmp_path / "bank.yaml").write_text(dumps(bank), encoding="utf-8")
    printed = paper(job(tmp_path, dumps(exam)))
    text = lines(printed_booklet(printed))
    assert "line 89" in text
    assert "89 行" in text
