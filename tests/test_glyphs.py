"""Characters on paper: those that some font has are printed, and those that none has are named with their place."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

import papers
from quizgen.paper import Paper, Printing, Student
from quizgen.picture import Picture, read
from quizgen.problems import QuizgenError
from quizgen.richtext.tree import Image
from quizgen.templates import Templates
from quizgen.writers import pdf
from quizgen.writers.pdf.glyphs import GlyphError
from quizgen.writers.pdf.press import Press
from test_templates import font

# In the private plane that no font has; and one that will never be a character.
NOWHERE = "\U0010fff0"
NOTHING = "\ufdd0"

VARIANTS = "髙 﨑 𠮷 葛󠄀"
SPACES = "a\u200bb\u2060c\ufeffd\u00ade"


def printed(html: str) -> bytes:
    return Press(Templates(), {}).pdf(f'<html lang="ja"><title>冊子</title>{html}')


def words(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.parametrize("style", ["", "font-weight: bold", "font-family: 'BIZ UDPMincho'", "font-family: monospace"])
def test_rare_forms_of_names_are_printed(style: str) -> None:
    said = words(printed(f'<p style="{style}">{VARIANTS}</p>'))
    assert [name[0] in said for name in VARIANTS.split()] == [True] * 4


def test_what_prints_nothing_is_no_lacking_character() -> None:
    assert words(printed(f"<p>{SPACES}</p>")).startswith("ab")


@pytest.mark.parametrize(
    "html",
    [
        f"<p>姓は{NOWHERE}です</p>",
        f"<p><b>姓は</b>{NOWHERE}<i>です</i></p>",
        f"<p>姓は&#x{ord(NOWHERE):X};です</p>",
        f'<svg width="90" height="20"><text y="15">姓は{NOWHERE}です</text></svg>',
    ],
)
def test_a_character_that_no_font_has_is_named_with_the_words_around_it(html: str) -> None:
    with pytest.raises(GlyphError) as caught:
        printed(html)
    assert str(caught.value).startswith(f"no installed font has U+10FFF0 in “姓は{NOWHERE}です”. Name one of your own")


def test_all_lacking_characters_of_a_document_are_named_at_once() -> None:
    with pytest.raises(GlyphError) as caught:
        printed(f"<p>{NOTHING}</p><p>{NOWHERE}{NOTHING}</p>")
    assert list(caught.value.places) == [NOTHING, NOWHERE]


def test_one_in_a_style_sheet_is_named_too() -> None:
    with pytest.raises(GlyphError, match=r"U\+10FFF0 in a picture or a style sheet"):
        printed(f"<style>p::before {{ content: '{NOWHERE}' }}</style><p>x</p>")


def emoji(text: str) -> str:
    """What comes of an emoji: it is printed or refused, as the machine's fonts are."""
    try:
        return words(printed(f"<p>{text}</p>"))
    except GlyphError as error:
        return str(error)


@pytest.mark.parametrize("text", ["😀", "👨‍👩‍👧", "🫨"])
def test_an_emoji_is_printed_or_named(text: str) -> None:
    assert text[0] in emoji(text)


# Where in a paper


def drawn(text: str) -> Picture:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><text y="15">{text}</text></svg>'
    return read(svg.encode(), "a.svg")


def asked(text: str, *, explanation: str = "", title: str = "Exam", student: Student | None = None) -> Paper:
    question = replace(
        papers.question(1, papers.plain_choice(1, 2), name="bank/names"),
        text=papers.text(text),
        explanation=papers.text(explanation),
    )
    return replace(papers.paper(question, language="ja"), title=title, student=student)


def with_picture(text: str) -> Paper:
    picture = drawn(text)
    paper = replace(asked("見よ"), pictures={picture.name: picture})
    (question,) = paper.questions
    shown = replace(question, text=papers.text(Image(picture.name, "図")))
    section = replace(paper.sections[0], groups=(replace(paper.sections[0].groups[0], questions=(shown,)),))
    return replace(paper, sections=(section,))


PLACES = [
    (asked(f"姓は{NOWHERE}"), "in question bank/names"),
    (asked("姓は", explanation=NOWHERE), "in question bank/names"),
    (asked("姓は", title=f"試験{NOWHERE}"), "in the title"),
    (asked("姓は", student=Student("0042", f"鬼{NOWHERE}")), "in the name of student 0042"),
    (with_picture(NOWHERE), "in question bank/names"),
    (with_picture(f"&#x{ord(NOWHERE):x};"), "in question bank/names"),
]


@pytest.mark.parametrize(("paper", "place"), PLACES)
def test_a_lacking_character_is_named_by_where_it_stands_in_the_paper(paper: Paper, place: str) -> None:
    with pytest.raises(GlyphError) as caught:
        list(pdf.write([paper], Templates()))
    assert str(caught.value).startswith(f"no installed font has U+10FFF0 {place}. ")


def test_an_answer_sheet_names_what_its_student_is_called_by() -> None:
    paper = asked("姓は", student=Student("0042", f"鬼{NOWHERE}"))
    paper = replace(paper, printing=Printing(answer_sheets="student"))
    with pytest.raises(GlyphError, match="鬼"):
        Press(Templates(), {}).pdf(pdf.answer_sheet_html(paper, Templates()))


@pytest.mark.parametrize(
    ("character", "advice"),
    [
        ("𪛔", "fonts-noto-cjk"),
        ("😀", "fonts-noto-color-emoji"),
        ("𑀓", "fonts-noto-core"),
        ("\x07", "Name one of your own by @font-face in templates/custom.css, or write it otherwise"),
    ],
)
def test_the_way_out_names_the_fonts_that_have_such_characters(character: str, advice: str) -> None:
    assert advice in str(GlyphError({character: ()}))


def test_the_error_crosses_from_one_process_to_another() -> None:
    error = GlyphError({"𠮷": ("question a/b", "question c/d", "the title", "the course")})
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error)
    assert "𠮷 (U+20BB7) in question a/b, question c/d, the title and 1 more" in str(again)


def test_a_schools_own_font_prints_what_no_other_has(tmp_path: Path) -> None:
    font(tmp_path / "own.ttf", "Own")
    css = '@font-face { font-family: Own; src: url(own.ttf) } html { font-family: "BIZ UDPGothic", Own }'
    (tmp_path / "custom.css").write_text(css)
    page = f'<html lang="en"><title>t</title><p>{NOWHERE}</p>'
    assert NOWHERE in words(Press(Templates(tmp_path), {}).pdf(page))
    with pytest.raises(QuizgenError, match=r"U\+10FFF0"):
        Press(Templates(), {}).pdf(page)
