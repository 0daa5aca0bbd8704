"""The booklet: its cover and pages, where it says to answer, what stands side by side, and how even its lines are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

import papers
from quizgen.language import LABELS, Language
from quizgen.paper import Blank, Choice, Option, Paper, Section, Student, rows
from quizgen.paper.printing import SIZES, Size
from quizgen.richtext import parse
from quizgen.templates import Templates
from quizgen.writers import pdf
from quizgen.writers.pdf import markup
from quizgen.writers.pdf import page as pages_of
from quizgen.writers.pdf.arrangement import INDENT, LABEL, arrangement
from quizgen.writers.pdf.press import Press

STUDENT = Student("2026012", "山田 花子", (("組", "3"), ("出席番号", "12"), ("コース", "情報")))


def printed(paper: Paper, folder: Path | None = None, **printing: Any) -> pypdfium2.PdfDocument:
    paper = replace(paper, printing=replace(paper.printing, **printing))
    templates = Templates(folder)
    press = Press(templates, paper.pictures, paper.printing.size)
    return pypdfium2.PdfDocument(press.pdf(pdf.booklet_html(paper, templates)), autoclose=True)


def texts(document: pypdfium2.PdfDocument) -> list[str]:
    """Each page's text, without white space."""
    return [re.sub(r"\s+", "", page.get_textpage().get_text_range()) for page in document]


def html(paper: Paper, **printing: Any) -> str:
    return pdf.booklet_html(replace(paper, printing=replace(paper.printing, **printing)), Templates())


def in_order(pieces: list[str], text: str) -> bool:
    return bool(re.search(".*".join(map(re.escape, pieces)), text, re.DOTALL))


# The cover


def test_the_cover_says_what_exam_it_is_how_to_answer_and_where_its_sections_are() -> None:
    cover, *others = texts(printed(papers.japanese()))
    said = [
        "コンテナ技術",
        "A",
        "コンテナ技術期末試験",
        "問題冊子",
        "試験日2026年7月30日",
        "試験時間50分",
        "満点12.5点",
    ]
    said += [
        "問題数4",
        "ページ数3",
        "受験番号氏名",
        "注意事項",
        "持ち込みは認めない。",
        "解答方法",
        "枠で囲んだ番号は解答番号",
    ]
    said += ["第1問1～262", "第2問3～46.52"]
    assert in_order(said, cover)
    assert "問1（" not in cover
    assert in_order(["第1問", "問1（", "問3（"], others[0])


def test_the_cover_of_an_english_exam_follows_its_own_conventions() -> None:
    cover = texts(printed(papers.english(), person=("class", "seat", "number", "name")))[0]
    said = [
        "A",
        "Containers/Midterm",
        "Questionbooklet",
        "Duration30minutes",
        "Fullmarks6points",
        "Questions2",
        "Pages2",
    ]
    assert in_order([*said, "ClassSeatStudentID", "Name", "Instructions", "Answereveryquestion."], cover)


def test_a_cover_without_the_authors_instructions_has_the_usual_ones() -> None:
    assert in_order(["注意事項", "開いてはいけません", "手を挙げて"], html(papers.every_kind("ja")))
    assert "開いてはいけません" not in html(papers.japanese())


@pytest.mark.parametrize("cover", [True, False])
def test_a_student_of_the_roster_finds_the_boxes_filled_in(cover: bool) -> None:
    boxes: dict[str, Any] = {"person": ("class", "seat", "number", "name"), "cover": cover}
    first = texts(printed(replace(papers.japanese(), student=STUDENT), **boxes))[0]
    assert "組3番号12受験番号2026012氏名山田花子コース情報" in first


def test_without_a_cover_the_questions_begin_below_the_title() -> None:
    document = printed(papers.japanese(), cover=False)
    first = texts(document)[0]
    assert in_order(["コンテナ技術期末試験", "【A】", "受験番号氏名", "注意事項", "解答方法", "第1問", "問1"], first)


@pytest.mark.parametrize("size", SIZES)
def test_a_cover_with_much_to_say_stays_one_page(size: Size) -> None:
    items = "\n".join(
        f"{at}. " + "問題冊子と解答用紙の記号が同じであることを確かめてください。" * (1 + at % 2) for at in range(1, 8)
    )
    sections = tuple(Section(at, f"第{at}問 長い題名をもつ大問", ()) for at in range(1, 7))
    first, second = papers.japanese().sections
    full = replace(
        papers.japanese(),
        instructions=parse(items),
        sections=(first, second, *(replace(s, groups=first.groups) for s in sections[2:])),
    )
    assert "第1問（配点" in texts(printed(full, size=size))[1]


# Where to answer


@pytest.mark.parametrize("paper", [papers.japanese(), papers.every_kind("ja"), papers.every_kind("en")])
def test_each_row_of_the_mark_sheet_is_named_once_and_in_order(paper: Paper) -> None:
    questions = re.sub(r'<span class="section-rows">.*?</h2>', "", html(paper))
    numbers = re.findall(r'<span class="mark">(\w+)</span>', questions)
    assert numbers == [str(row.number) for row in rows(paper)]


def test_a_section_says_from_which_row_to_which_it_goes() -> None:
    text = "".join(texts(printed(papers.japanese())))
    assert in_order(["第1問（配点6点）解答番号1～2", "第2問（配点6.5点）解答番号3～4"], text)


def test_without_answer_numbers_places_are_called_as_on_the_sheet() -> None:
    found = html(papers.every_kind("en"), answer_numbers=False)
    assert re.findall(r'<span class="mark">(.*?)</span>', found) == ["(1)", "(2)", "(3)"]
    assert "Answer no." not in found


def digits(count: int) -> Paper:
    blank = Blank(("12.5",), tolerance=Decimal(0), unit="mm", digits=count)
    return papers.paper(papers.question(1, blank), language="ja")


@pytest.mark.parametrize(("numbered", "marks"), [(True, ["1", "2", "3"]), (False, ["(1)", "(2)", "(3)"])])
def test_the_digits_of_a_number_have_a_box_each(numbered: bool, marks: list[str]) -> None:
    found = html(digits(3), answer_numbers=numbered)
    assert re.findall(r'<span class="mark">(.*?)</span>', found) == marks
    assert in_order([marks[-1], "mm"], found)


def test_what_is_not_marked_is_said_to_be_written() -> None:
    ja, en = html(papers.every_kind("ja")), html(papers.every_kind("en"))
    assert in_order(
        ["記述式の解答は", "問2", "【記述】", "問3", "【記述】", "【数値】", "【単位：CPU】", "【解答用紙に6行】"], ja
    )
    assert in_order(["【(1) (3) は記述】", "(3)</span>", "【数値】"], ja)
    assert in_order(
        ["Written answers go", "2.", "[In writing]", "[4 lines on the answer sheet]", "[(2) in writing]"], en
    )
    assert "記述" not in html(papers.japanese())


def test_a_booklet_for_a_sheet_of_boxes_has_no_boxes_of_its_own() -> None:
    found = html(papers.every_kind("ja"), answers="boxes")
    assert "解答はすべて解答用紙に記入してください。" in found
    assert re.findall(r'class="(?:box|mark|form answer)["\s]', found) == []
    assert "記述" not in found


def test_a_booklet_that_is_written_in_has_room_for_every_answer() -> None:
    found = html(papers.every_kind("ja"), answers="booklet")
    assert "この問題冊子の解答欄に記入してください" in found
    # A label, two words, three pairs, three places; six lines.
    assert len(re.findall(r'<span class="box', found)) == 1 + 2 + 3 + 3
    assert re.search(r'<div class="form ruled">\n(<div></div>\n){6}</div>', found)
    assert "in-booklet" in found
    assert "解答用紙" not in found


# Pages


def test_sections_can_begin_on_right_hand_pages_with_blank_ones_said_to_be_so() -> None:
    found = texts(printed(papers.japanese(), sections="right", working=1, back_cover=True))
    assert [page[:2] for page in found[:2]] == ["コン", "余白"]
    assert in_order(["第1問", "3/8"], found[2])
    assert found[3] == "余白4/8"
    assert in_order(["第2問", "問題は以上", "5/8"], found[4])
    assert "計算用紙" in found[5]
    assert found[6:] == ["余白7/8", ""]


def test_sections_can_begin_on_new_pages() -> None:
    found = texts(printed(papers.japanese(), sections="page", cover=False, working=2))
    assert ["第1問" in found[0], "第2問" in found[1], "計算用紙" in found[2], "計算用紙" in found[3]] == [True] * 4


@pytest.mark.parametrize("back_cover", [True, False])
def test_the_back_cover_is_an_even_page_and_blank(back_cover: bool) -> None:
    found = texts(printed(papers.english(), back_cover=back_cover))
    assert (len(found) % 2 == 0 and found[-1] == "") == back_cover
    assert any("Endofexam" in page for page in found)


def millimetres(page: pypdfium2.PdfPage) -> tuple[float, float]:
    width, height = (round(side * 25.4 / 72, 1) for side in page.get_size())
    return width, height


@pytest.mark.parametrize("size", SIZES)
def test_pages_have_the_exams_size(size: Size) -> None:
    assert {millimetres(page) for page in printed(papers.english(), size=size)} == {SIZES[size]}


def number_edges(document: pypdfium2.PdfDocument, *numbers: str) -> list[float]:
    """How far the questions' numbers stand from the left edge, in millimetres."""
    found = []
    for page in list(document)[1:]:
        text = page.get_textpage()
        for number in numbers:
            place = text.search(number).get_next()
            if place:
                found.append(round(text.get_charbox(place[0], loose=True)[0] * 25.4 / 72))
    return found


def test_the_inner_margins_of_facing_pages_are_wider() -> None:
    # Page 2 is a left-hand one, page 3 a right-hand one.
    assert number_edges(printed(papers.japanese()), "問1", "問4") == [18, 22]


def test_a_projects_own_page_wins(tmp_path: Path) -> None:
    (tmp_path / "custom.css").write_text("@page { size: 150mm 250mm; margin: 20mm 30mm }")
    document = printed(papers.japanese(), tmp_path)
    assert {millimetres(page) for page in document} == {(150, 250)}
    assert set(number_edges(document, "問2", "問4")) == {30}


# Lines


PROSE = (
    "コンテナのイメージは、層（レイヤー）を重ねて作られる。「読み取り専用」の層の上に、書き込みのできる層が1つ載り、"
    "実行中の変更はそこに残る。Dockerfileの命令がそれぞれ新しい層を作るので、順序を変えるだけで、ビルドの時間が短くなることもある。"
    "また、**同じ層**は複数のイメージの間で共有され、ディスクの容量を節約できる。`docker history`で確かめよ。"
) * 2


def lines_of(document: pypdfium2.PdfDocument, start: str, end: str) -> Iterator[list[tuple[str, Any]]]:
    """The characters of a text with their boxes, line by line."""
    text = document[len(document) - 1].get_textpage()
    first, last = text.search(start).get_next(), text.search(end).get_next()
    assert first
    assert last
    line: list[tuple[str, Any]] = []
    for at in range(first[0], last[0]):
        character, box = text.get_text_range(at, 1), text.get_charbox(at, loose=True)
        if not character.strip():
            continue
        if line and box[0] < line[-1][1][0]:
            yield line
            line = []
        line.append((character, box))
    yield line


def test_japanese_lines_are_even_and_are_copied_as_they_were_written() -> None:
    question = replace(papers.question(1, papers.plain_choice(1, 1)), text=parse(f"始め。{PROSE}終わり。"))
    document = printed(papers.paper(question, language="ja"))
    *full, _ = lines_of(document, "始め。", "終わり。")
    assert len(full) > 5
    ends = [line[-1][1][2] for line in full]
    assert max(ends) - min(ends) < 1.5  # points; a character at a line's end has some air of its own
    spoken = re.sub(r"[*`]", "", PROSE)
    copied = document[1].get_textpage().get_text_range().replace("\r\n", "")
    assert spoken in re.sub(" ?(docker history) ?", r"\1", copied)


def test_no_line_begins_or_ends_with_a_mark_that_may_not_stand_there() -> None:
    question = replace(papers.question(1, papers.plain_choice(1, 1)), text=parse(f"始め。{PROSE}終わり。"))
    found = list(lines_of(printed(papers.paper(question, language="ja"), size="B5"), "始め。", "終わり。"))
    assert [line[0][0] for line in found if line[0][0] in "、。，．）」』】ーっゃゅょッャュョ"] == []
    assert [line[-1][0] for line in found if line[-1][0] in "（「『【"] == []


def test_no_paragraph_ends_with_a_line_of_a_character_or_two() -> None:
    endings = [f"始{at:02}" + "漢字" * 26 + "字" * at + "している。" for at in range(8, 24)]
    questions = [
        replace(papers.question(at, papers.plain_choice(1, 1)), text=parse(text)) for at, text in enumerate(endings, 1)
    ]
    document = printed(papers.paper(*questions, language="ja"), cover=False)
    found = [line.strip() for page in document for line in page.get_textpage().get_text_range().splitlines()]
    assert sum(line.endswith("ている。") for line in found) == len(endings)


def test_characters_of_names_are_printed() -> None:
    question = replace(papers.question(1, papers.plain_choice(1, 1)), text=parse("髙橋と山﨑と𠮷野が 0O1lI を読む。"))
    assert "髙橋と山﨑と𠮷野" in "".join(texts(printed(papers.paper(question, language="ja"))))


# Choices


SIGNS = LABELS["circled"]
PIECES: dict[Language, tuple[str, ...]] = {
    "ja": ("漢字", "かな", "、", "カタカナ", "Docker", "`code`", "123", "（", "）", "**太字**", "$x^2$", "“", '"'),
    "en": ("word ", "illuminate ", "WAV ", "`code` ", "123 ", "**bold** ", "*slope* ", "$x^2$ ", "it's ", "fi"),
}


def long_text(language: Language, seed: int, count: int, room: float) -> str:
    """The longest text of a kind that is said to fit so many times into a line."""

    def beside(text: str) -> int:
        return int(arrangement([option(0, text)] * count, language, room)[-1])

    pieces = (PIECES[language][(seed * 7 + at * (seed % 5 + 1)) % len(PIECES[language])] for at in range(60))
    text = next(pieces)
    for piece in pieces:
        if beside(text + piece) < count:
            break
        text += piece
    while beside(text + "i") >= count:
        text += "i"
    return text


def option(at: int, text: str) -> Option:
    return Option(str(at), SIGNS[at], parse(text), right=False)


@pytest.mark.parametrize(("language", "size"), [("ja", "A4"), ("ja", "B5"), ("en", "Letter")])
def test_choices_side_by_side_never_need_a_second_line(language: Language, size: Size) -> None:
    room = pages_of.room(size) - INDENT
    questions = []
    for seed in range(1, 13):
        count = (2, 3, 4)[seed % 3]
        text = long_text(language, seed, count, room)
        response = Choice(tuple(option(at, text) for at in range(count)), many=False)
        questions.append(papers.question(seed, response))
    paper = papers.paper(*questions, language=language)
    document = printed(paper, size=size, answer_numbers=False)
    assert "④" in "".join(texts(document))
    assert second_lines(document) == []


def second_lines(document: pypdfium2.PdfDocument) -> list[str]:
    """Labels of choices that do not stand on the line of their question's first one."""
    found, line = [], 0.0
    for page in document:
        text = page.get_textpage()
        for at in range(text.count_chars()):
            character = chr(pypdfium2.raw.FPDFText_GetUnicode(text, at))
            if character not in SIGNS:
                continue
            bottom = text.get_charbox(at, loose=True)[1]
            line = bottom if character == SIGNS[0] else line
            found += [character] * (abs(bottom - line) > 1)
    return found


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (("正しい", "誤り"), "in-4"),
        (("a", "b", "c", "d"), "in-4"),
        (("1", "2", "3", "4", "5", "6"), "in-3"),
        (("同じ長さの選択肢です。", "短い", "短い", "短い"), "in-2"),
        (("とても長い選択肢なので、一行にはひとつしか入らない。" * 2, "短い"), "in-1"),
        (("`docker ps`", "`docker rm`", "`docker run`", "`docker stop`"), "in-4"),
        (("$x^2$", "$\\frac{1}{2}$"), "in-4"),
        (("![図](a.png)", "b"), "in-1"),
        (("a\n\nb", "b"), "in-1"),
    ],
)
def test_short_choices_share_a_line(written: tuple[str, ...], expected: str) -> None:
    options = [option(at, text) for at, text in enumerate(written)]
    room = pages_of.room("A4") - INDENT
    assert arrangement(options, "ja", room) == arrangement(options[::-1], "ja", room) == expected


def test_an_author_says_how_many_choices_share_a_line() -> None:
    response = replace(papers.plain_choice(1, 3), columns=1)
    assert 'class="choices in-1 said"' in html(papers.paper(papers.question(1, response)))
    assert arrangement([option(1, "長い" * 99)] * 4, "ja", 100, label=LABEL, said=2) == "in-2 said"


def test_a_stressed_word_that_no_line_can_hold_is_broken():
    assert '<strong class="long">' in markup.printed(parse(f"see **{'ab' * 40}**"))
    assert "</em><wbr>" in markup.printed(parse(f"see *never*{'ab' * 40}"))
    assert "<strong>" in markup.printed(parse("see **short words only, though there are many of them in this text**"))
