"""Moodle XML: read back as Moodle reads it, and its arithmetic held against our own scoring."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from html import unescape
from itertools import product
from pathlib import Path
from typing import Any, get_args
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html

import papers
from conftest import Golden
from papers import cell, paper, plain_choice, question, text
from quizgen.language import LABELS
from quizgen.paper import Choice, Paper, Printable
from quizgen.problems import QuizgenError
from quizgen.richtext.tree import Blocks, Code, CodeBlock, CodeToken, Image, Math, Table
from quizgen.scoring import MultipleRule, Scoring
from quizgen.templates import Templates
from quizgen.writers import moodle
from quizgen.writers.moodle.fractions import grading
from quizgen.writers.moodle.html import code_block, fragment, plain
from quizgen.writers.moodle.names import category_path, idnumber, question_name
from quizgen.writers.moodle.xml import cdata

RULES: tuple[MultipleRule, ...] = get_args(MultipleRule)
SAMPLES: dict[str, tuple[Printable, ...]] = {
    "kinds-ja": (papers.every_kind("ja"),),
    "kinds-en": (papers.every_kind("en"),),
    "final": (papers.japanese(), papers.shuffled(papers.japanese(), "B")),
    "midterm": (papers.english(),),
    "container-labs": (papers.worksheet("ja"),),
    "labs": (papers.worksheet("en"),),
}
# Moodle's own list, in per cent, as its importer wants to read it.
LEGAL = {
    *("100.00000", "90.00000", "83.33333", "80.00000", "75.00000", "70.00000", "66.66667", "60.00000", "50.00000"),
    *("40.00000", "33.33333", "30.00000", "25.00000", "20.00000", "16.66667", "14.28571", "12.50000", "11.11111"),
    *("10.00000", "5.00000", "0.00000"),
}
# fmt: off
EMOTICONS = [
    ":-)", ":)", ":-D", ";-)", ":-/", "V-.", ":-P", ":-p", "B-)", "^-)", "8-)", ":o)", ":-(", ":(", "8-.", ":-I", ":-X",
    "8-o", "P-|", "8-[", "xx-P", "|-.", "}-]", "( )", "(grr)", "(h)", "(heart)", "(y)", "(n)", "(martin)",
]
# fmt: on
anything = st.text(st.characters(exclude_categories=["Cs"]))
# Texts in which the traps come up often.
tricky = st.lists(st.sampled_from([*EMOTICONS, "<", ">", "&", "&lt;", "]]>", "\\(", "\\)", "$$", "x", " ", "字"])).map(
    "".join
)


def xml(*printables: Printable, templates: Templates = Templates()) -> bytes:  # noqa: B008
    (file,) = moodle.write(printables, templates)
    return file.data


def elements(*printables: Printable) -> list[etree._Element]:
    """The questions written, without the categories."""
    return [q for q in etree.fromstring(xml(*printables)) if q.get("type") != "category"]


def categories(*printables: Printable) -> list[str]:
    return etree.fromstring(xml(*printables)).xpath("//category/text/text()")


def first(*printables: Printable) -> etree._Element:
    return elements(*printables)[0]


def with_stem(blocks: Blocks) -> Paper:
    sample = question(1, plain_choice(1, 1))
    return replace(paper(replace(sample, text=blocks)), pictures=papers.PICTURES)


# The whole of it


@pytest.mark.parametrize("name", SAMPLES)
def test_the_file_is_the_accepted_one(name: str, golden: Golden) -> None:
    golden(f"moodle/{name}.xml", xml(*SAMPLES[name]).decode())


@pytest.mark.parametrize("name", SAMPLES)
def test_there_is_one_file_named_for_the_exam(name: str) -> None:
    paths = [str(file.path) for file in moodle.write(SAMPLES[name], Templates())]
    assert paths == [f"moodle/{SAMPLES[name][0].id}.xml"]


@pytest.mark.parametrize("name", ["final", "midterm"])
def test_every_question_has_its_choices_in_the_papers_order(name: str) -> None:
    expected = [
        (option.right, lxml_html.fromstring(fragment(option.text, p.pictures).html).text_content())
        for p in SAMPLES[name]
        for q in p.questions
        for option in q.response.options
    ]
    written = [
        (float(answer.get("fraction")) > 0, lxml_html.fromstring(answer.findtext("text")).text_content())
        for element in elements(*SAMPLES[name])
        for answer in element.iter("answer")
    ]
    assert written == expected


def test_another_program_reads_the_same_questions() -> None:
    from moodle_xml_parser.parser import parse_bytes

    read = parse_bytes(xml(papers.english()))["multichoice"]
    assert [(q.single, q.default_grade, [o.score_fraction for o in q.options]) for q in read] == [
        (True, 2.0, [100.0, -25.0, -25.0]),
        (False, 4.0, [50.0, -100.0, 50.0, -100.0]),
    ]


def test_the_head_says_how_many_questions_moodle_has_to_find() -> None:
    assert b"<!-- 8 questions" in xml(*SAMPLES["final"])


@pytest.mark.parametrize("name", SAMPLES)
def test_the_build_can_tell_what_moodle_has_to_report(name: str) -> None:
    count = len(elements(*SAMPLES[name]))
    number = "1 question" if count == 1 else f"{count} questions"
    assert moodle.notes(SAMPLES[name])[0] == f"Moodle imports {number} from moodle/{SAMPLES[name][0].id}.xml"


def test_what_the_importer_would_choose_itself_is_written_out() -> None:
    settings = {
        *("name", "questiontext", "generalfeedback", "defaultgrade", "penalty", "hidden", "idnumber", "single"),
        *("shuffleanswers", "answernumbering", "showstandardinstruction", "correctfeedback"),
        *("partiallycorrectfeedback", "incorrectfeedback", "answer", "tags"),
    }
    assert {child.tag for child in first(papers.japanese())} == settings


def test_the_choices_keep_the_exams_order() -> None:
    assert first(papers.japanese()).findtext("shuffleanswers") == "false"


def test_points_have_moodles_seven_places() -> None:
    grades = [element.findtext("defaultgrade") for element in elements(papers.japanese())]
    assert grades == ["2.0000000", "4.0000000", "3.0000000", "3.5000000"]


@pytest.mark.parametrize(
    ("style", "numbering"),
    [
        ("numbers", "123"),
        ("circled", "123"),
        ("letters", "abc"),
        ("capitals", "ABCD"),
        ("katakana", "abc"),
        ("iroha", "abc"),
    ],
)
def test_labels_are_numbered_as_near_as_moodle_can(style: str, numbering: str) -> None:
    options = plain_choice(1, 2).options
    labelled = tuple(replace(o, label=label) for o, label in zip(options, LABELS[style], strict=False))
    assert first(paper(question(1, Choice(labelled, many=False)))).findtext("answernumbering") == numbering


def test_difficulty_is_a_tag() -> None:
    assert first(papers.japanese()).xpath("tags/tag/text/text()") == ["lifecycle", "コマンド", "easy"]


@pytest.mark.parametrize(("language", "word"), [("ja", "正解です。"), ("en", "Your answer is right.")])
def test_moodle_answers_in_the_exams_language(language: str, word: str) -> None:
    sample = papers.japanese() if language == "ja" else papers.english()
    assert first(sample).findtext("correctfeedback/text") == f"<p>{word}</p>"


def test_explanation_and_feedback_go_with_the_question() -> None:
    element = first(papers.japanese())
    assert "SIGTERM" in element.findtext("generalfeedback/text")
    assert element.xpath("answer/feedback/text/text()") == ["<p>bが正しい。</p>"]


def test_each_question_brings_its_common_stimulus() -> None:
    with_stimulus = [element.findtext("questiontext/text") for element in elements(papers.japanese())[2:]]
    assert all(html.startswith("<div") and "クラスタの構成" in html for html in with_stimulus)


# XML


@pytest.mark.parametrize("name", SAMPLES)
def test_every_text_is_cdata(name: str) -> None:
    data = xml(*SAMPLES[name]).decode()
    outside = re.sub(r"<!\[CDATA\[.*?\]\]>", "", data, flags=re.DOTALL)
    assert "&" not in outside
    assert set(re.findall(r"<text>[^<]*</text>", outside)) == {"<text></text>"}


@given(tricky)
def test_cdata_gives_back_what_was_put_in(content: str) -> None:
    assert (etree.fromstring(f"<t>{cdata(content)}</t>").text or "") == content


@given(anything)
def test_no_control_character_reaches_the_file(content: str) -> None:
    read = etree.fromstring(f"<t>{cdata(content)}</t>".encode()).text or ""
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]", read)


def test_half_a_surrogate_pair_is_dropped() -> None:
    assert cdata("a\ud800b") == "<![CDATA[ab]]>"


def test_code_keeps_its_white_space_and_its_end_marks() -> None:
    html = elements(papers.japanese())[1].findtext("questiontext/text")
    code = lxml_html.fromstring(html).findall(".//pre")[0].text_content()
    assert code == papers.japanese().questions[1].text[1].text  # type: ignore[union-attr]


# Pictures


def file_areas(root: etree._Element) -> Iterable[tuple[set[str], list[str]]]:
    """For each text the pictures that it names, and the files beside it."""
    for element in root.iter("text"):
        shown = set(map(unquote, re.findall(r"@@PLUGINFILE@@/([^\"]+)", element.text or "")))
        yield shown, [file.get("name") for file in element.getparent().findall("file")]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_picture_lies_once_beside_the_text_that_shows_it(name: str) -> None:
    areas = list(file_areas(etree.fromstring(xml(*SAMPLES[name]))))
    assert all(sorted(shown) == sorted(files) for shown, files in areas)


def test_a_picture_shown_twice_is_sent_once() -> None:
    icon = Image(papers.ICON.name, "")
    assert len(first(with_stem(text(icon, icon))).findall("questiontext/file")) == 1


def test_a_file_holds_the_pictures_bytes() -> None:
    (file,) = etree.fromstring(xml(papers.english())).findall(".//generalfeedback/file")
    assert base64.b64decode(file.text) == papers.PHOTO.data


# Filters


def outside_shelter(html: str) -> str:
    """What the filters of a fresh Moodle see: all but code blocks, `nolink` spans and formulas."""
    return re.sub(r'<pre>.*?</pre>|<span class="nolink">.*?</span>', "<>", html, flags=re.DOTALL)


@given(tricky)
def test_no_emoticon_and_no_formula_is_read_into_a_text(content: str) -> None:
    seen = outside_shelter(plain(content))
    assert [found for found in [*EMOTICONS, "\\(", "\\[", "$$"] if found in seen] == []


@given(tricky)
def test_shielding_changes_no_letter(content: str) -> None:
    assert lxml_html.fromstring(f"<p>{plain(content)}</p>").text_content() == content


@given(tricky)
def test_no_emoticon_is_read_into_an_alternative_text(content: str) -> None:
    html = fragment(text(Image(papers.ICON.name, content)), papers.PICTURES).html
    assert [found for found in EMOTICONS if found in html] == []
    assert lxml_html.fromstring(html).find(".//img").get("alt") == content


@given(tricky)
def test_code_opens_no_formula(content: str) -> None:
    html = code_block(content)
    assert "\\(" not in html
    assert "$$" not in html
    assert unescape(re.sub(r"<[^>]*>", "", html)) == content


def test_code_in_a_line_is_sheltered() -> None:
    html = fragment(text(Code("f(y)")), {}).html
    assert html == '<p><span class="nolink"><code>f(y)</code></span></p>'


def test_an_address_in_code_becomes_no_link() -> None:
    block = CodeBlock("", ((CodeToken("", "curl http://localhost/"),),))
    html = fragment((block,), {}).html
    assert html == '<pre><code><span class="nolink">curl http://localhost/</span></code></pre>'


def test_an_address_in_a_text_becomes_no_link_and_no_film() -> None:
    html = fragment(text("見よ http://example.com/a.mp4 と"), {}).html
    assert html == '<p>見よ <span class="nolink">http://example.com/a.mp4</span> と</p>'


def test_moodles_own_mark_for_files_is_text_where_an_author_writes_it() -> None:
    mark = "@@PLUGINFILE@@/a.png"
    html = fragment(text(mark, Code(mark), Image(papers.ICON.name, mark)), papers.PICTURES).html
    assert html.count("@@PLUGINFILE@@") == 1
    assert f'src="@@PLUGINFILE@@/{papers.ICON.name}"' in html
    assert unescape(html).count(mark) == 3


def test_a_formula_is_left_to_mathjax() -> None:
    assert fragment(text(Math("f(y) < 8")), {}).html == r"<p>\(f(y) &lt; 8\)</p>"


def test_ruby_is_written_in_the_form_that_moodles_purifier_keeps() -> None:
    html = first(papers.japanese()).findtext("questiontext/text")
    assert "<ruby><rb>容器</rb><rp>(</rp><rt>コンテナ</rt><rp>)</rp></ruby>" in html


def test_a_table_has_lines_that_can_be_seen() -> None:
    table = Table(("left", ""), (cell("a"), cell("b")), ((cell("c"), cell("d")),))
    html = fragment((table,), {}).html
    assert html.count("border: 1px solid #999") == 4
    assert '<th style="border: 1px solid #999; text-align: left">a</th>' in html


def test_markup_of_the_author_is_text() -> None:
    html = fragment(text("<script>alert(1)</script>"), {}).html
    assert "<script" not in html


# Names


def cleaned(name: str) -> str:
    """A name as Moodle stores it: without tags, trimmed."""
    return re.sub(r"<\S[^>]*>?", "", name).strip()


@given(anything | tricky, st.integers(1, 9999))
def test_a_name_survives_moodles_cleaning_and_fits(content: str, number: int) -> None:
    name = question_name(number, content)
    assert len(name) <= 255
    assert cleaned(name) == name


def test_names_sort_in_printed_order() -> None:
    names = [element.findtext("name/text") for element in elements(papers.japanese())]
    assert names == sorted(names)
    assert names[0].startswith("001 実行中の")


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("if (a<b) とは", "001 if (a&lt;b) とは"),
        ("&lt; とは", "001 &amp;lt; とは"),
        ("R&D と\n  A & B", "001 R&D と A & B"),
        ("", "001"),
    ],
)
def test_a_name_shows_what_the_stem_says(stem: str, name: str) -> None:
    assert question_name(1, stem) == name


@pytest.mark.parametrize(
    "letter", ["か\u3099", "e\u0301\u0323", "👩\u200d🔬", "👍🏽", "🇯🇵", "❤\ufe0f", "ｶ\uff9e", "\u1112\u1161\u11ab", "<"]
)
@pytest.mark.parametrize("offset", range(6))
def test_a_long_name_is_cut_between_letters(letter: str, offset: int) -> None:
    name = question_name(1, "x" * offset + letter * 200)
    rest = unescape(name.removeprefix("001 " + "x" * offset).removesuffix("…"))
    assert rest
    assert rest.replace(letter, "") == ""


@pytest.mark.parametrize(
    ("levels", "path"),
    [
        (("情報科", "第1章 CPU/メモリ"), "top/情報科/第1章 CPU//メモリ"),
        (("a<b",), "top/a&lt;b"),
        (("/etc/",), "top/ //etc// "),
        (("$system$",), "top/$system$"),
    ],
)
def test_a_categorys_name_is_written_as_moodle_splits_it(levels: tuple[str, ...], path: str) -> None:
    assert category_path(*levels) == path


@given(st.lists(tricky.map(lambda name: name.strip() or "x"), min_size=1, max_size=3))
def test_moodle_reads_the_same_levels(levels: list[str]) -> None:
    names = [name.replace("//", "/").strip() for name in re.split("(?<!/)/(?!/)", category_path(*levels))]
    assert [unescape(name) for name in names] == ["top", *(" ".join(level.split()) for level in levels)]


def test_an_idnumber_fits_and_stays_its_own() -> None:
    long = [idnumber(f"bank/{'q' * 120}{number}", "A") for number in range(9)]
    assert len(set(long)) == 9
    assert max(map(len, long)) == 100


@pytest.mark.parametrize("flood", ["か" + "\u3099" * 300_000, "\ufdd0" * 300_000, "<" * 100_000, "(h" * 150_000])
def test_a_flood_of_odd_characters_is_only_long(flood: str) -> None:
    element = first(with_stem(text(flood)))
    assert len(element.findtext("name/text") or "") <= 255


# Categories


def test_each_variant_has_its_category() -> None:
    title = "top/コンテナ技術/コンテナ技術 期末試験"
    below = [path.removeprefix(title) for path in categories(*SAMPLES["final"])]
    assert below == [" A/1 第1問", " A/2 第2問", " B/1 第1問", " B/2 第2問"]


def test_sections_are_numbered_so_that_moodle_lists_them_in_order() -> None:
    (section,) = papers.english().sections
    sections = tuple(replace(section, number=number, title=f"Part {number}") for number in range(1, 12))
    levels = [path.rpartition("/")[2] for path in categories(replace(papers.english(), sections=sections))]
    assert levels == sorted(levels)
    assert (levels[0], levels[-1]) == ("01 Part 1", "11 Part 11")


def test_one_paper_needs_no_variant_in_its_category() -> None:
    assert categories(papers.english()) == ["top/Containers // Midterm"]


def test_variants_without_a_course_stand_under_the_title() -> None:
    sample = papers.english()
    both = categories(sample, papers.shuffled(sample, "B"))
    assert both == [f"top/Containers // Midterm/Containers // Midterm {variant}" for variant in "AB"]


def roster(*variants: str) -> Sequence[Paper]:
    students = [papers.Student(f"s{number:03}", f"学生{number}") for number in range(len(variants))]
    return [
        replace(papers.japanese(), variant=variant, student=student)
        for student, variant in zip(students, variants, strict=True)
    ]


def test_a_variant_dealt_to_several_students_is_written_once() -> None:
    variants = [path.split("/")[2][-1] for path in categories(*roster("A", "B", "A", "B", "A"))]
    assert list(dict.fromkeys(variants)) == ["A", "B"]
    assert len(variants) == 4


def test_students_own_papers_are_numbered_without_naming_them() -> None:
    data = xml(*roster(*[""] * 10)).decode()
    assert "期末試験 01/" in data
    assert "期末試験 10/" in data
    assert "s001" not in data
    assert "学生" not in data


def test_idnumbers_tell_variants_apart_only_where_they_share_a_question() -> None:
    ids = [element.findtext("idnumber") for element in elements(*SAMPLES["final"])]
    assert ids[0] == "docker/stop@A"
    assert ids[4] == "docker/stop@B"
    assert first(papers.english()).findtext("idnumber") == "docker/logs"


# Grades


def moodles(choice: Choice, scoring: Scoring, ticked: Sequence[bool]) -> Decimal:
    """What Moodle gives: of the printed fractions the one chosen, or the sum of those ticked within 0 to 1."""
    written = first(paper(question(1, choice), scoring=scoring)).findall("answer")
    shares = [Decimal(a.get("fraction")) / 100 for a, tick in zip(written, ticked, strict=True) if tick]
    return max(Decimal(0), min(Decimal(1), sum(shares, Decimal(0)))) if choice.many else shares[0]


def ours(choice: Choice, scoring: Scoring, ticked: Sequence[bool]) -> Decimal:
    names = frozenset(o.id for o, tick in zip(choice.options, ticked, strict=True) if tick)
    share = choice.earned(scoring, names)
    return Decimal(share.numerator) / share.denominator


def shares_of(rule: MultipleRule, right: int, wrong: int) -> tuple[Fraction, ...]:
    return grading(plain_choice(right, wrong), Scoring(rule)).shares


SMALL = [(right, wrong) for right in range(1, 7) for wrong in range(7 - right)]


@pytest.mark.parametrize(("right", "wrong"), SMALL)
def test_net_correct_earns_the_same_in_moodle(right: int, wrong: int) -> None:
    choice, scoring = plain_choice(right, wrong), Scoring("net-correct")
    written = first(paper(question(1, choice), scoring=scoring)).findall("answer")
    shares = [Decimal(answer.get("fraction")) / 100 for answer in written]
    for ticked in product((False, True), repeat=right + wrong):
        total = sum((share for share, tick in zip(shares, ticked, strict=True) if tick), Decimal(0))
        assert abs(max(Decimal(0), min(Decimal(1), total)) - ours(choice, scoring, ticked)) < Decimal("1e-6")


@pytest.mark.parametrize("penalty", ["0", "1/5", "1/4", "1/3", "1/2", "2/3", "1"])
def test_a_single_choice_costs_the_same_in_moodle(penalty: str) -> None:
    choice, scoring = plain_choice(1, 3, many=False), Scoring(penalty=Fraction(penalty))
    for chosen in range(4):
        ticked = [index == chosen for index in range(4)]
        assert abs(moodles(choice, scoring, ticked) - ours(choice, scoring, ticked)) < Decimal("1e-6")


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("right", "wrong"), [(1, 2), (2, 2), (3, 2), (2, 3), (3, 0), (4, 1)])
def test_the_deviation_said_is_the_deviation_there_is(rule: MultipleRule, right: int, wrong: int) -> None:
    choice, scoring = plain_choice(right, wrong), Scoring(rule)
    near = grading(choice, scoring)
    offsets = []
    for ticked in product((False, True), repeat=right + wrong):
        total = sum((share for share, tick in zip(near.shares, ticked, strict=True) if tick), Fraction(0))
        names = frozenset(o.id for o, tick in zip(choice.options, ticked, strict=True) if tick)
        offsets.append(max(Fraction(0), min(Fraction(1), total)) - choice.earned(scoring, names))
    assert (near.more, near.less) == (max(offsets), -min(offsets))


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("right", range(1, 21))
def test_only_moodles_own_grades_occur_and_they_add_up_to_all(rule: MultipleRule, right: int) -> None:
    for wrong in range(21):
        shares = shares_of(rule, right, wrong)
        assert {f"{abs(float(share * 100)):.5f}" for share in shares} <= LEGAL
        assert sum(share for share in shares if share > 0) == 1
        assert all(share < 0 for share in shares[right:])


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("right", "wrong"), [(1, 1), (2, 13), (11, 3), (12, 1), (13, 13), (19, 7)])
def test_a_wrong_tick_never_earns_more_than_on_paper(rule: MultipleRule, right: int, wrong: int) -> None:
    choice, scoring = plain_choice(right, wrong), Scoring(rule)
    shares = shares_of(rule, right, wrong)
    dearest = sorted(range(right), key=lambda index: -shares[index])
    for hits, misses in product(range(right + 1), range(1, wrong + 1)):
        ticked = {*dearest[:hits], *range(right, right + misses)}
        total = max(Fraction(0), min(Fraction(1), sum((shares[i] for i in ticked), Fraction(0))))
        assert total <= choice.earned(scoring, frozenset(choice.options[i].id for i in ticked))


def test_unequal_shares_follow_the_choice_to_every_variant() -> None:
    choice = plain_choice(11, 1)
    turned = replace(choice, options=tuple(reversed(choice.options)))
    scoring = Scoring("net-correct")
    assert grading(turned, scoring).shares == tuple(reversed(grading(choice, scoring).shares))


def test_what_moodle_can_do_needs_no_warning() -> None:
    assert moodle.warnings([papers.japanese()]) == ()


@pytest.mark.parametrize(
    ("scoring", "choice", "figure"),
    [
        (
            Scoring("all-or-nothing"),
            plain_choice(3, 2),
            "all-or-nothing exactly: there an answer can earn up to 66.7 % more",
        ),
        (Scoring("each-choice"), plain_choice(2, 3), "each-choice exactly: there an answer can earn up to 60 % less"),
        (
            Scoring("net-correct"),
            plain_choice(2, 11),
            "net-correct exactly: there an answer can earn up to 9.09 % less",
        ),
        (Scoring("net-correct"), plain_choice(11, 1), "up to 8.18 % more or 8.18 % less of a question's points"),
        (
            Scoring(penalty=Fraction(3, 20)),
            plain_choice(1, 3, many=False),
            "a penalty of 15 % exactly: there an answer can earn up to 0.714 % more",
        ),
    ],
)
def test_what_moodle_cannot_do_is_said_with_its_extent(scoring: Scoring, choice: Choice, figure: str) -> None:
    (warning,) = moodle.warnings([paper(question(1, choice, name="b/q"), scoring=scoring)])
    assert figure in warning
    assert warning.endswith("(b/q)")


def test_a_warning_names_a_question_once_and_not_all_of_many() -> None:
    sample = paper(*(question(n, plain_choice(2, 1)) for n in range(1, 6)))
    (warning,) = moodle.warnings([sample, papers.shuffled(sample, "B")])
    assert warning.endswith("(bank/q1, bank/q2, bank/q3 and 2 others)")


def test_all_or_nothing_with_one_right_choice_needs_no_warning() -> None:
    assert moodle.warnings([paper(question(1, plain_choice(1, 3)))]) == ()


# Assignments


def test_an_assignment_is_an_essay_that_takes_attachments() -> None:
    element = first(papers.worksheet())
    assert element.get("type") == "essay"
    assert element.findtext("responseformat") == "editor"
    assert element.findtext("attachments") == "-1"


def test_the_rubric_and_the_solution_are_the_graders_alone() -> None:
    element = first(papers.worksheet())
    rows = lxml_html.fromstring(element.findtext("graderinfo/text")).findall(".//tr")
    assert [cell.text_content() for cell in rows[1]] == ["応答する", "不可 0", "可 5", "良 10"]
    assert "--name web" in element.findtext("graderinfo/text")
    assert "--name web" not in element.findtext("questiontext/text")


def test_an_assignment_says_what_is_to_be_done() -> None:
    html = first(papers.worksheet()).findtext("questiontext/text")
    told = lxml_html.fromstring(f"<div>{html}</div>").text_content()
    expected = ("期限までに", "8081", "curlがあること", "起動する。", "出力の写し", "200 OK", "無料", "rm -f web")
    assert [part for part in expected if part not in told] == []


def test_a_worksheet_has_nothing_to_warn_of() -> None:
    assert moodle.warnings([papers.worksheet()]) == ()


def test_variants_are_written_one_by_one() -> None:
    asked: list[int] = []

    class Papers(Sequence[Paper]):
        def __len__(self) -> int:
            return 60

        def __getitem__(self, place: Any) -> Any:
            asked.append(place)
            if place >= len(self):
                raise IndexError
            return replace(papers.english(), variant=f"V{place}")

    (file,) = moodle.write(Papers(), Templates())
    asked.clear()
    first_chunk = next(iter(file.chunks))
    assert b"V0" in first_chunk
    assert max(asked) < 59


# Templates


def test_a_projects_own_template_wins(tmp_path: Path) -> None:
    (tmp_path / "moodle.xml").write_text("<quiz><!-- {{ count }} of our own --></quiz>")
    assert xml(papers.english(), templates=Templates(tmp_path)) == b"<quiz><!-- 2 of our own --></quiz>"


def test_a_template_that_breaks_the_xml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "moodle.xml").write_text("<quiz>")
    with pytest.raises(QuizgenError, match="no well-formed XML"):
        xml(papers.english(), templates=Templates(tmp_path))


def test_a_plain_word_in_a_template_is_escaped(tmp_path: Path) -> None:
    (tmp_path / "moodle.xml").write_text("<quiz>{{ '<&' }}{{ categories[0].questions[0].type }}</quiz>")
    assert b"&lt;&amp;multichoice" in xml(papers.english(), templates=Templates(tmp_path))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("<quiz>\n{% if %}", "the template moodle.xml:2 cannot be used: Expected an expression"),
        ("{{ questions }}", "the template moodle.xml:1 cannot be used: 'questions' is undefined"),
        ("{{ 1 / 0 }}", "the template moodle.xml:1 cannot be used: ZeroDivisionError: division by zero"),
        ("{{ ''.__class__.__mro__ }}", "the template moodle.xml:1 cannot be used: access to attribute"),
    ],
)
def test_a_template_that_cannot_be_run_is_the_authors_mistake(tmp_path: Path, source: str, message: str) -> None:
    (tmp_path / "moodle.xml").write_text(source)
    with pytest.raises(QuizgenError, match=f"^{re.escape(message)}"):
        xml(papers.english(), templates=Templates(tmp_path))
