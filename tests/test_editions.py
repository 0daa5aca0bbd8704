"""Editions of a booklet: the same paper larger, read aloud, in more contrast, in more space; nothing lost or told."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from click.testing import CliRunner, Result

import papers
import structure
from projects import make_project
from quizgen.build import Options, build
from quizgen.build.pipeline import assembled
from quizgen.cli import main
from quizgen.paper import Lines, Paper, Question
from quizgen.paper.furigana import read_aloud
from quizgen.paper.printing import Edition, Furigana, Printing
from quizgen.problems import QuizgenError
from quizgen.richtext import parse, walk
from quizgen.richtext.furigana import dictionary
from quizgen.richtext.tree import Ruby, Table, Text
from quizgen.templates import Templates
from quizgen.writers import pdf
from quizgen.writers.pdf.tables import fitted

ALL: tuple[Edition, ...] = (
    ("large-print",),
    ("high-contrast",),
    ("dyslexia-friendly",),
    ("furigana",),
    ("furigana", "large-print"),
)
WIDE = "| 月 |" + "".join(f" {month}月 |" for month in range(1, 12)) + "\n" + "|--" * 12 + "|\n"
WIDE += "| 生産台数 |" + " 1,234 |" * 11 + "\n"
LONG = f"```python\nprint({' + '.join(f'summand_{n}' for n in range(20))})\n```\n\n{'pneumono' * 20}"


def japanese() -> Paper:
    """A paper with what needs most room: a wide table, long code, a word without end."""
    paper = papers.japanese()
    wide = Question(5, "k8s/wide", parse(f"{WIDE}\n\n{LONG}"), Lines(2), Decimal(1))
    last = paper.sections[-1]
    groups = (*last.groups, papers.Group((wide,)))
    printing = Printing(editions=ALL, furigana=Furigana(grade=2, banks=(("docker", (("停止", "ストップ"),)),)))
    return replace(
        paper,
        sections=(*paper.sections[:-1], replace(last, groups=groups)),
        student=papers.Student("s001", "山田 花子"),
        printing=printing,
    )


@pytest.fixture(scope="module")
def booklets() -> dict[str, bytes]:
    """Each edition by its file's name."""
    files = {str(file.path.name): file.data for file in pdf.write([japanese()], Templates())}
    return {name: data for name, data in files.items() if name.startswith("booklet")}


@pytest.fixture(scope="module")
def english() -> dict[str, bytes]:
    printing = Printing(size="Letter", editions=ALL[:3])
    files = {
        file.path.name: file.data for file in pdf.write([replace(papers.english(), printing=printing)], Templates())
    }
    return {name: data for name, data in files.items() if name.startswith("booklet")}


NAMES = [f"booklet-{'-'.join(edition)}.pdf" for edition in ALL]


def test_each_edition_is_a_booklet_beside_the_usual_one(booklets: dict[str, bytes]) -> None:
    assert sorted(booklets) == sorted(["booklet.pdf", *NAMES])


def letters(data: bytes) -> Iterator[tuple[int, str, tuple[float, float, float, float], tuple[float, float]]]:
    """Page, character, box and the page's size, in points, of all that prints."""
    document = pypdfium2.PdfDocument(data)
    try:
        for number, page in enumerate(document):
            text = page.get_textpage()
            for place in range(text.count_chars()):
                character = text.get_text_range(place, 1)
                if character.strip():
                    yield number, character, text.get_charbox(place), page.get_size()
    finally:
        document.close()


def plain(data: bytes) -> str:
    return "".join(character for _, character, _, _ in letters(data))


def asked(paper: Paper) -> list[str]:
    """The plain pieces of the questions, in printed order."""
    texts = [part.text for question in paper.questions for part in walk(question.text) if isinstance(part, Text)]
    return [re.sub(r"\s+", "", text) for text in texts]


@pytest.mark.parametrize("name", [name for name in NAMES if "furigana" not in name])
def test_an_edition_asks_the_same_in_the_same_order(booklets: dict[str, bytes], name: str) -> None:
    text, place = plain(booklets[name]), 0
    # A wide table comes in parts, each with the first column again.
    for piece in (piece for piece in asked(japanese()) if piece not in ("月", "生産台数")):
        found = text.find(piece, place)
        assert found >= place, piece
        place = found


@pytest.mark.parametrize("name", NAMES)
def test_questions_choices_and_rows_have_the_same_numbers_in_every_edition(
    booklets: dict[str, bytes], name: str
) -> None:
    usual, other = (
        [kind for kind in structure.kinds(booklets[which]) if kind in ("H3", "Lbl")] for which in ("booklet.pdf", name)
    )
    assert other == usual
    assert marks(booklets[name]) == marks(booklets["booklet.pdf"])


def marks(data: bytes) -> list[str]:
    return re.findall(r"問(?:とい|もん)?\d", plain(data).replace("とい", "").replace("もん", ""))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_leaves_the_page(booklets: dict[str, bytes], name: str) -> None:
    for page, character, (left, bottom, right, top), (width, height) in letters(booklets[name]):
        assert 14 <= left <= right <= width - 14, (page, character)
        assert 14 <= bottom <= top <= height - 14, (page, character)


@pytest.mark.parametrize("name", ["booklet.pdf", *NAMES[:4]])
def test_english_editions_stay_on_their_page(english: dict[str, bytes], name: str) -> None:
    for page, character, (left, _, right, _), (width, height) in letters(english.get(name, english["booklet.pdf"])):
        assert (round(width), round(height)) == (612, 792)
        assert 14 <= left <= right <= width - 14, (page, character)


@pytest.mark.parametrize(
    ("name", "times"), [(NAMES[0], 2), (NAMES[1], 1.2), (NAMES[2], 1.2), (NAMES[3], 1.1), (NAMES[4], 2)]
)
def test_text_is_larger_by_what_the_edition_promises(booklets: dict[str, bytes], name: str, times: float) -> None:
    assert height_of("Ｄ", booklets[name]) == pytest.approx(times * height_of("Ｄ", booklets["booklet.pdf"]), rel=0.02)


def height_of(_: str, data: bytes) -> float:
    """How high the first letter of a name stands that is set in the text's size."""
    found = [(character, box) for _, character, box, _ in letters(data)]
    place = "".join(character for character, _ in found).index("Dockerfile")
    _, (_, bottom, _, top) = found[place]
    return top - bottom


def test_high_contrast_paints_nothing_grey(booklets: dict[str, bytes]) -> None:
    assert greys(booklets["booklet.pdf"])
    assert greys(booklets["booklet-high-contrast.pdf"]) == set()


def greys(data: bytes) -> set[tuple[float, ...]]:
    """The colours of letters and lines that are neither black nor white, pictures aside."""
    with pikepdf.open(BytesIO(data)) as file:
        operations = [step for page in file.pages for step in pikepdf.parse_content_stream(page)]
    colours = {tuple(map(float, step.operands)) for step in operations if str(step.operator) in ("rg", "RG", "g", "G")}
    return {colour for colour in colours if set(colour) not in ({0.0}, {1.0})}


def test_spacing_between_letters_adds_no_spaces_to_the_text(booklets: dict[str, bytes]) -> None:
    document = pypdfium2.PdfDocument(booklets["booklet-dyslexia-friendly.pdf"])
    try:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
    assert "実行中の" in text
    assert "コンテナ技術 期末試験" in text


def test_every_word_is_read_as_its_bank_the_author_and_the_dictionary_say(booklets: dict[str, bytes]) -> None:
    read = set(structure.readings(booklets["booklet-furigana.pdf"]))
    assert {
        ("停止", "ストップ"),
        ("容器", "コンテナ"),
        ("注意", "ちゅうい"),
        ("期末", "きまつ"),
        ("図", "ず"),
    } & read >= {
        ("停止", "ストップ"),
        ("容器", "コンテナ"),
        ("注意", "ちゅうい"),
        ("期末", "きまつ"),
    }
    assert not {base for base, _ in read} & {"山田", "花子", "正", "方"}, "names, and kanji of the first two grades"


def test_readings_stand_behind_their_words_and_outside_of_heads_and_bookmarks(booklets: dict[str, bytes]) -> None:
    data = booklets["booklet-furigana.pdf"]
    assert "停止ストップする" in plain(data)
    with pikepdf.open(BytesIO(data)) as file, file.open_outline() as outline:
        assert [str(item.title) for item in outline.root][:2] == ["第1問", "第2問"]
    document = pypdfium2.PdfDocument(data)
    try:
        head = document[2].get_textpage().get_text_bounded(bottom=document[2].get_height() - 60)
    finally:
        document.close()
    assert "コンテナ技術 期末試験" in head


def test_the_other_texts_of_a_paper_are_read_aloud_too() -> None:
    paper = replace(papers.japanese(), printing=Printing(furigana=Furigana(grade=6)))
    read = read_aloud(replace(paper, translation=paper))
    assert Ruby("層", "そう") not in list(walk(read.questions[1].text))
    assert read.translation is not None
    assert read.translation.questions == read.questions
    assert read.without_key().questions[0].response == read.questions[0].response.without_key()


def test_editions_hold_nothing_of_the_key(booklets: dict[str, bytes]) -> None:
    for name in NAMES:
        text = plain(booklets[name])
        assert "SIGTERM" not in text
        assert "が正しい。" not in text


def test_a_wide_table_is_parted_and_keeps_its_first_column_and_its_alignments() -> None:
    (table, *_) = parse(WIDE.replace("|--|--", "|--|-:", 1))
    parts = [part for part in fitted((table,), 40, 1) if isinstance(part, Table)]
    assert len(parts) > 1
    assert {part.header[0] for part in parts} == {(Text("月"),)}
    assert [cell for part in parts for cell in part.header[1:]] == list(table.header[1:])
    assert fitted((table,), 400, 1) == (table,)
    assert [len(part.header) for part in fitted((table,), 1, 1) if isinstance(part, Table)] == [2] * 11


def test_tables_in_lists_and_quotes_are_parted_too() -> None:
    blocks = parse("> " + WIDE.replace("\n", "\n> ") + "\n\n* x\n\n  " + WIDE.replace("\n", "\n  "))
    tables = [part for part in walk(fitted(blocks, 40, 1)) if isinstance(part, Table)]
    assert all(len(table.header) < 12 for table in tables)
    assert len(tables) > 2


def test_editions_of_the_command_line_come_besides_those_of_the_file(tmp_path: Path) -> None:
    path = make_project(tmp_path, EXAM)
    done = run("build", path, "-f", "pdf", "--variant", "A", "--edition", "furigana+high-contrast", "-q")
    assert done.exit_code == 0, done.output
    made = {file.name for file in (tmp_path / "output/e/student/A").iterdir()}
    assert {"booklet-large-print.pdf", "booklet-furigana-high-contrast.pdf"} <= made
    assert run("verify", tmp_path / "output/e").exit_code == 0


EXAM = """\
kind: exam
id: e
title: 小テスト
print: {editions: large-print}
sections: [{questions: [b/one]}]
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_an_edition_that_there_is_none_of_is_a_wrong_command_line(tmp_path: Path) -> None:
    done = run("build", make_project(tmp_path), "--edition", "large")
    assert done.exit_code == 2
    assert "there is no edition large; write one of large-print, furigana" in done.output


def test_assignments_have_no_editions(tmp_path: Path) -> None:
    make_project(tmp_path)
    with pytest.raises(QuizgenError, match="only an exam's booklets have editions"):
        build(tmp_path / "banks/c/labs.yaml", options=Options(formats=("pdf",), editions=("large-print",)))


def test_a_missing_dictionary_is_told_before_anything_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_project(tmp_path)
    dictionary._tokenizer.cache_clear()
    monkeypatch.setitem(sys.modules, "sudachipy", None)
    with pytest.raises(QuizgenError, match=r"pip install 'quizgen\[furigana\]'"):
        build(path, options=Options(formats=("pdf",), editions=("furigana",)))
    assert not (tmp_path / "output").exists() or not list((tmp_path / "output").iterdir())


def test_a_banks_readings_reach_its_questions_and_no_others(tmp_path: Path) -> None:
    path = make_project(tmp_path)
    bank = tmp_path / "banks/c/b.yaml"
    bank.write_text(bank.read_text(encoding="utf-8").replace("questions:", "readings: {甲: かぶと}\nquestions:", 1))
    paper = assembled(path)
    assert isinstance(paper, Paper)
    assert paper.printing.furigana.banks == (("b", (("甲", "かぶと"),)),)
    assert Ruby("甲", "かぶと") in [part for question in read_aloud(paper).questions for part in shown(question)]


def shown(question: Question) -> list[object]:
    return [part for option in getattr(question.response, "options", ()) for part in walk(option.text)]
