"""Moodle XML of every response kind: read back as Moodle reads it, and its arithmetic held against our own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from html import unescape
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html

import papers
from papers import code, paper, paragraph, question, text
from quizgen.language import LABELS
from quizgen.paper import Blank, Choice, Cloze, Gap, Item, Lines, Matching, Option, Ordering, Question, Response, Stem
from quizgen.richtext import tree
from quizgen.richtext.plain import to_plain
from quizgen.richtext.tree import Blocks, Code, Image, Math, Strong
from quizgen.scoring import Scoring
from quizgen.templates import Templates
from quizgen.writers import moodle

SIGNS = [
    *("\\", "}", "{", "#", "~", "=", "%50%", "&", "&amp;", "&lt;", "<", ">", "*", "/", '"', "\\}", "\\#", "\\*", "]]>"),
    *("{1:SA:=x}", "{#1}", "(h)", ":)", "$$", "\\(", "_____", "http://a.b/", "a", "Ｂ", "字", "ア", " "),
]
few = settings(max_examples=40)  # each example writes a whole file
# Short texts in which Moodle's own signs come up often.
words = st.lists(st.sampled_from(SIGNS), min_size=1, max_size=6).map("".join).map(str.strip).filter(bool)


def written(asked: Question | Response, *, points: str = "1", scoring: Scoring = Scoring()) -> etree._Element:  # noqa: B008
    """The one question of a paper as it stands in the file."""
    asked = asked if isinstance(asked, Question) else question(1, asked, points=points)
    made = replace(paper(asked, scoring=scoring), pictures=papers.PICTURES)
    (file,) = moodle.write([made], Templates())
    (element,) = (q for q in etree.fromstring(file.data) if q.get("type") != "category")
    return element


def warned(*asked: Question) -> tuple[str, ...]:
    return moodle.warnings([replace(paper(*asked), pictures=papers.PICTURES)])


def seen(html: str) -> str:
    return lxml_html.fromstring(f"<div>{html}</div>").text_content()


def options(*texts: str | Blocks, right: int = 0) -> tuple[Option, ...]:
    """Options A, B, C …, the one at `right` being so."""
    blocks = [text(content) if isinstance(content, str) else content for content in texts]
    return tuple(
        Option(f"o{at}", label, content, at == right)
        for at, (label, content) in enumerate(zip(blocks and LABELS["capitals"], blocks, strict=False))
    )


# Which type


@pytest.mark.parametrize("language", ["ja", "en"])
def test_each_kind_becomes_the_type_of_moodles_that_marks_it_alike(language) -> None:
    (file,) = moodle.write([papers.every_kind(language)], Templates())
    types = [element.get("type") for element in etree.fromstring(file.data)]
    kinds = ["multichoice", "shortanswer", "numerical", "matching", "ordering", "essay", "cloze"]
    assert types == ["category", *kinds]


def test_the_questions_of_every_kind_have_tags_and_the_explanation() -> None:
    (file,) = moodle.write([papers.every_kind()], Templates())
    for number, element in enumerate(etree.fromstring(file.data).findall("question")[1:], 1):
        assert element.findtext("generalfeedback/text") == f"<p>解説 {number}</p>"
        assert element.xpath("tags/tag/text/text()") == ["kinds", "normal"]


@pytest.mark.parametrize("kind", range(7))
def test_every_kind_brings_its_common_stimulus(kind) -> None:
    bare = papers.every_kind()
    (section,) = bare.sections
    group = replace(section.groups[kind], stimulus=text("共通の文", Image(papers.ICON.name, "")))
    made = replace(bare, sections=(replace(section, groups=(group,)),), pictures=papers.PICTURES)
    (file,) = moodle.write([made], Templates())
    element = etree.fromstring(file.data).findall("question")[1]
    assert element.findtext("questiontext/text").startswith("<div")
    assert element.findtext("questiontext/text").index("共通の文") < element.findtext("questiontext/text").index(
        "</div>"
    )
    assert len(element.findall("questiontext/file")) == 1


# A short text


def moodle_takes(element: etree._Element, typed: str) -> bool:
    """Whether one of the accepted texts fits what was typed: letter by letter but for `*`, which is anything."""
    flags = re.NOFLAG if element.findtext("usecase") == "1" else re.IGNORECASE
    return any(_fits(answer.findtext("text"), typed, flags) for answer in element.iter("answer"))


def _fits(pattern: str, typed: str, flags: re.RegexFlag) -> bool:
    parts = [re.escape(part.replace(r"\*", "*")) for part in re.split(r"(?<!\\)\*+", pattern)]
    return re.fullmatch(".*".join(parts), typed.strip(), flags) is not None


@few
@given(st.lists(words, min_size=1, max_size=3), words, st.booleans())
def test_moodle_takes_the_accepted_texts_and_no_others(accepted, other, match_case) -> None:
    blank = Blank(tuple(accepted), match_case)
    element = written(blank)
    for typed in (*accepted, other):
        assert moodle_takes(element, " ".join(typed.split())) == bool(blank.earned(typed))


@pytest.mark.parametrize("typed", ["kube 1", "ｋｕｂｅ　１", "ｋｕｂｅ 1", "KUBE 1"])
def test_an_answer_is_taken_in_half_width_in_full_width_and_as_written(typed) -> None:
    assert moodle_takes(written(Blank(("ｋｕｂｅ 1",))), typed)


def test_capitals_are_told_apart_only_where_the_question_says_so() -> None:
    assert moodle_takes(written(Blank(("Pod",))), "pod")
    assert not moodle_takes(written(Blank(("Pod",), match_case=True)), "pod")


def test_every_accepted_text_is_worth_all_points() -> None:
    element = written(Blank(("a", "b")), points="3")
    assert {answer.get("fraction") for answer in element.iter("answer")} == {"100"}
    assert element.findtext("defaultgrade") == "3.0000000"


@pytest.mark.parametrize("blank", [Blank(("a",)), Blank(("1",), tolerance=Decimal(0))])
def test_underscores_of_the_author_are_no_answer_field(blank) -> None:
    stem = (paragraph("Fill ______ in, or ", Code("__________"), "."), code("", "_____"))
    html = written(replace(question(1, blank), text=stem)).findtext("questiontext/text")
    assert "_____" not in html
    assert seen(html).count("_____") == 4


# A number


def moodle_counts(element: etree._Element, typed: float) -> bool:
    return any(
        abs(typed - float(answer.findtext("text"))) <= float(answer.findtext("tolerance"))
        for answer in element.iter("answer")
    )


@pytest.mark.parametrize(
    ("accepted", "tolerance"), [("0.2", "0.125"), ("-5", "0"), ("1024", "24"), ("0", "0.5"), ("1E-7", "0")]
)
def test_a_number_is_right_within_its_tolerance(accepted, tolerance) -> None:
    blank = Blank((accepted,), tolerance=Decimal(tolerance))
    element = written(blank)
    for steps in range(-4, 5):
        typed = Decimal(accepted) + Decimal("0.0625") * steps
        assert moodle_counts(element, float(typed)) == bool(blank.earned(str(typed)))


@pytest.mark.parametrize(
    ("accepted", "number"),
    [("６４４３", "6443"), ("1E+3", "1000"), ("1E-7", "0.0000001"), ("+5", "5"), ("1.50", "1.50")],
)
def test_a_number_is_written_in_plain_digits_with_a_point(accepted, number) -> None:
    assert written(Blank((accepted,), tolerance=Decimal(0))).findtext("answer/text") == number


def test_a_number_of_a_million_digits_is_written_with_its_exponent() -> None:
    assert written(Blank(("1e999999",), tolerance=Decimal(0))).findtext("answer/text") == "1e+999999"


def test_a_unit_stands_behind_the_field_and_may_be_typed_too() -> None:
    element = written(Blank(("5",), tolerance=Decimal(0), unit="m/s²"))
    assert element.findtext("questiontext/text").endswith("<p>__________ m/s²</p>")
    assert element.findtext("units/unit/unit_name") == "m/s²"
    assert (element.findtext("showunits"), element.findtext("unitgradingtype")) == ("0", "0")


def test_a_number_without_a_unit_asks_for_none() -> None:
    element = written(Blank(("5",), tolerance=Decimal(0)))
    assert element.find("units") is None
    assert element.findtext("showunits") == "3"
    assert "__" not in element.findtext("questiontext/text")


# Lines


@pytest.mark.parametrize(("lines", "height"), [(1, "2"), (3, "3"), (4, "5"), (8, "10"), (40, "40"), (60, "40")])
def test_the_field_is_as_high_as_the_lines_in_a_height_that_the_editing_form_offers(lines, height) -> None:
    assert written(Lines(lines)).findtext("responsefieldlines") == height


def test_the_model_answer_goes_to_the_grader() -> None:
    asked = replace(question(1, Lines(5)), explanation=text("すべて ", Image(papers.ICON.name, "図")))
    element = written(asked)
    assert "すべて" in element.findtext("graderinfo/text")
    assert [file.get("name") for file in element.findall("graderinfo/file")] == [papers.ICON.name]
    assert "すべて" not in element.findtext("questiontext/text")


def test_a_written_text_takes_no_files_and_is_marked_by_hand() -> None:
    element = written(Lines(5))
    assert element.findtext("attachments") == "0"
    assert element.findtext("penalty") == "0.0000000"


# Matching


def match(stems: Sequence[str], sides: Sequence[str | Blocks], key: Sequence[int]) -> Matching:
    """Stems with the side at each one's place in `key`."""
    made = options(*sides)
    found = tuple(
        Stem(f"({at})", text(stem), made[side].label) for at, (stem, side) in enumerate(zip(stems, key, strict=True), 1)
    )
    return Matching(found, made)


def pairs(element: etree._Element) -> list[tuple[str, str]]:
    """What Moodle keeps: each stem's text ("" where there is none) and its option's."""
    read = ((sub.findtext("text") or "", sub.findtext("answer/text")) for sub in element.iter("subquestion"))
    return [(seen(stem) if stem else "", option) for stem, option in read]


@pytest.mark.parametrize("key", [(0, 1, 2), (2, 0, 3), (1, 1, 0)])
def test_each_pair_earns_the_same_in_moodle(key) -> None:
    matching = match(["Pod", "Node", "Service"], ["a", "b", "c", "d"], key)
    right = [option for stem, option in pairs(written(matching)) if stem]
    for chosen in product(matching.options, repeat=3):
        there = Fraction(sum(to_plain(o.text) == r for o, r in zip(chosen, right, strict=True)), 3)
        given = {stem.label: option.label for stem, option in zip(matching.stems, chosen, strict=True)}
        assert there == matching.earned(given)


def test_options_that_belong_to_no_stem_are_offered_too() -> None:
    matching = match(["Pod", "Node"], ["a", "b", "c", "d"], (3, 0))
    assert pairs(written(matching)) == [("Pod", "d"), ("Node", "a"), ("", "b"), ("", "c")]


def test_the_stems_keep_their_order() -> None:
    assert written(match(["1", "2"], ["a", "b"], (0, 1))).findtext("shuffleanswers") == "false"


@few
@given(words)
def test_an_option_survives_moodles_cleaning_of_names(content) -> None:
    (_, option), *_ = pairs(written(match(["s", "t"], [content, "other option"], (0, 1))))
    assert not re.search(r"<\S", option)
    assert unescape(option) == " ".join(content.split())


def test_a_stem_keeps_its_code_and_its_picture() -> None:
    matching = match(["x", "y"], ["a", "b"], (0, 1))
    shown = replace(matching.stems[0], text=text(Code("f(y)"), Image(papers.ICON.name, "")))
    first = next(written(replace(matching, stems=(shown, matching.stems[1]))).iter("subquestion"))
    assert '<span class="nolink"><code>f(y)</code></span>' in first.findtext("text")
    assert [file.get("name") for file in first.findall("file")] == [papers.ICON.name]


@pytest.mark.parametrize(
    ("sides", "message"),
    [
        ([text(Math("x^2")), text("b")], "Moodle shows the options of matching questions as plain text"),
        ([text(Strong((tree.Text("a"),))), text("b")], "Moodle shows the options of matching questions as plain text"),
        ([text("a" * 256), text("b")], "no more than 255 letters of a matching question's options"),
        (
            [text("a"), text(Code("a"))],
            "Moodle takes options of a matching question that read alike as plain text for one",
        ),
    ],
)
def test_what_an_option_loses_is_said(sides, message) -> None:
    found = warned(question(1, match(["s", "t"], sides, (0, 1)), name="b/q"))
    assert any(message in warning and warning.endswith("(b/q)") for warning in found)


def test_plain_options_need_no_warning() -> None:
    assert warned(question(1, match(["s", "t"], ["a", "a" * 255], (0, 1)))) == ()


# Ordering


def order(*places: int) -> Ordering:
    return Ordering(tuple(Item(chr(64 + at), text(f"item {place}"), place) for at, place in enumerate(places, 1)))


def test_items_stand_in_the_right_order() -> None:
    found = [seen(answer.findtext("text")) for answer in written(order(3, 1, 4, 2)).iter("answer")]
    assert found == ["item 1", "item 2", "item 3", "item 4"]


def test_each_place_earns_the_same_in_moodle() -> None:
    ordering = order(2, 3, 1)
    element = written(ordering)
    right = [seen(answer.findtext("text")) for answer in element.iter("answer")]
    assert element.findtext("gradingtype") == "ABSOLUTE_POSITION"
    for given_order in permutations(ordering.items):
        hits = sum(to_plain(item.text) == there for item, there in zip(given_order, right, strict=True))
        assert Fraction(hits, 3) == ordering.earned([item.label for item in given_order])


def test_all_items_are_asked_for() -> None:
    element = written(order(2, 1, 3, 4, 5, 6, 7))
    assert (element.findtext("selecttype"), element.findtext("selectcount")) == ("ALL", "7")


def test_the_setting_without_which_moodles_database_refuses_the_question_has_a_value() -> None:
    assert written(order(2, 1)).findtext("shownumcorrect") == "1"


def test_an_item_of_one_paragraph_is_written_without_it_as_moodle_keeps_it() -> None:
    items = (Item("A", text("last"), 2), Item("B", (paragraph("first"), code("", "a < b")), 1))
    found = [answer.findtext("text") for answer in written(Ordering(items)).iter("answer")]
    assert found == ["<p>first</p>\n<pre><code>a &lt; b</code></pre>", "last"]


# Cloze: a reader of Moodle's notation

CODE = re.compile(r"\{(\d*):([A-Z_]+):(.+?)(?<![\\&])\}", re.DOTALL)
ALTERNATIVE = re.compile(r"(=|%-?[\d.]+%)?(.+?)(?:(?<![\\&])#(.*))?", re.DOTALL)


class Part:
    """A gap as Moodle reads it: its points, its type, and the answers with their shares."""

    def __init__(self, points: str, kind: str, answers: str) -> None:
        self.points, self.kind = int(points), kind
        found = [ALTERNATIVE.fullmatch(answer) for answer in re.split(r"(?<![\\&])~", answers)]
        self.shares = [self._share(match[1] or "") for match in found]
        self.texts = [self._plain(match[2]) for match in found]
        self.feedback = [self._plain(match[3] or "") for match in found]

    @staticmethod
    def _share(mark: str) -> Fraction:
        return Fraction(1) if mark == "=" else Fraction(mark.strip("%") or "0") / 100

    @staticmethod
    def _plain(answer: str) -> str:
        return unescape(answer).replace(r"\}", "}").replace(r"\#", "#")


def parts(element: etree._Element) -> list[Part]:
    return [Part(*match) for match in CODE.findall(element.findtext("questiontext/text"))]


def cloze(*gaps: Blank | Choice) -> Cloze:
    return Cloze(tuple(Gap(f"({number})", gap) for number, gap in enumerate(gaps, 1)))


def around(response: Cloze, before: str = "", points: str = "3") -> Question:
    """A question with the gaps in a row, each after some text."""
    inlines = [part for gap in response.gaps for part in (tree.Text(before or "and "), tree.Gap(gap.label))]
    return replace(question(1, response, points=points), text=text(*inlines))


@few
@given(st.lists(words, min_size=1, max_size=3), words)
def test_a_gap_takes_the_accepted_texts_and_no_others(accepted, other) -> None:
    blank = Blank(tuple(accepted))
    (part,) = parts(written(around(cloze(blank))))
    for typed in (*accepted, other):
        fits = any(_fits(answer, " ".join(typed.split()), re.IGNORECASE) for answer in part.texts)
        assert fits == bool(blank.earned(typed))


@few
@given(st.lists(words, min_size=2, max_size=4), words)
def test_a_gap_offers_the_choices_as_they_are(texts, feedback) -> None:
    made = tuple(replace(option, feedback=text(feedback)) for option in options(*texts))
    (part,) = parts(written(around(cloze(Choice(made, many=False)))))
    assert part.kind == "MULTICHOICE"
    assert [seen(answer) for answer in part.texts] == [" ".join(content.split()) for content in texts]
    assert {seen(told) for told in part.feedback} == {feedback}


@few
@given(words)
def test_nothing_that_the_author_writes_is_read_as_a_gap(content) -> None:
    asked = around(cloze(Blank(("x",))), before=content)
    element = written(replace(asked, text=(*asked.text, code("", content))))
    html = element.findtext("questiontext/text")
    assert len(parts(element)) == 1
    assert not re.search(r"\{#\d", html)
    left = seen(CODE.sub("", html))
    assert left == f"{content}\n{content}"


@pytest.mark.parametrize(("match_case", "kind"), [(True, "SHORTANSWER_C"), (False, "SHORTANSWER")])
def test_a_gap_tells_capitals_apart_only_where_it_says_so(match_case, kind) -> None:
    assert parts(written(around(cloze(Blank(("Pod",), match_case)))))[0].kind == kind


def test_a_number_in_a_gap_has_its_tolerance() -> None:
    (part,) = parts(written(around(cloze(Blank(("６", "-1.5"), tolerance=Decimal("0.25"))))))
    assert (part.kind, part.texts, part.shares) == ("NUMERICAL", ["6:0.25", "-1.5:0.25"], [1, 1])


def test_choices_that_are_more_than_words_stand_below_each_other() -> None:
    formulas = options(text(Math("x < y")), text("b", Code("}")))
    (part,) = parts(written(around(cloze(Choice(formulas, many=False)))))
    assert part.kind == "MULTICHOICE_V"
    assert part.texts == [r"<p>\(x &lt; y\)</p>", '<p>b<span class="nolink"><code>}</code></span></p>']


def test_a_picture_in_a_gaps_choice_becomes_its_alternative_text_and_that_is_said() -> None:
    asked = around(cloze(Choice(options(text(Image(papers.ICON.name, "a square")), "b"), many=False)))
    assert parts(written(asked))[0].texts == ["[a square]", "b"]
    assert written(asked).find("questiontext/file") is None
    assert "alternative texts" in warned(asked)[0]


GAPS = cloze(Blank(("a", "b")), Choice(options("x", "y", "z"), many=False), Blank(("5",), tolerance=Decimal(1)))


def moodles(found: Sequence[Part], given_gaps: Mapping[str, str]) -> Fraction:
    """The share that Moodle gives: what each gap earns by its points, of all gaps' points."""
    total = Fraction(0)
    for number, part in enumerate(found, 1):
        given_text = given_gaps.get(f"({number})", "")
        total += part.points * _earned(part, given_text)
    return total / sum(part.points for part in found)


def _earned(part: Part, given_text: str) -> Fraction:
    match part.kind:
        case "SHORTANSWER":
            return Fraction(any(_fits(answer, given_text, re.IGNORECASE) for answer in part.texts))
        case "NUMERICAL":
            (number, _, tolerance) = part.texts[0].partition(":")
            return Fraction(bool(given_text) and abs(float(given_text) - float(number)) <= float(tolerance))
        case _:
            return part.shares[int(given_text[1:])] if given_text else Fraction(0)


@pytest.mark.parametrize("penalty", ["0", "1/4", "1/3"])
@pytest.mark.parametrize("points", ["1", "3", "6", "2.5"])
def test_each_gap_earns_the_same_in_moodle(penalty, points) -> None:
    scoring = Scoring(penalty=Fraction(penalty))
    found = parts(written(around(GAPS, points=points), scoring=scoring))
    for one, two, three in product(["", "a", "b", "c"], ["", "o0", "o1", "o2"], ["", "4", "5.5", "6.5"]):
        given_gaps = {"(1)": one, "(2)": two, "(3)": three}
        assert abs(moodles(found, given_gaps) - GAPS.earned(scoring, given_gaps)) < Fraction(1, 10**6)


@pytest.mark.parametrize(("points", "each"), [("3", 1), ("6", 2), ("9", 3)])
def test_the_gaps_are_together_worth_the_questions_points(points, each) -> None:
    asked = around(GAPS, points=points)
    assert {part.points for part in parts(written(asked))} == {each}
    assert written(asked).findtext("defaultgrade") == f"{points}.0000000"
    assert warned(asked) == ()


@pytest.mark.parametrize(("points", "there"), [("1", "3"), ("2.5", "3"), ("4", "3"), ("5", "6")])
def test_points_that_do_not_divide_by_the_gaps_are_said(points, there) -> None:
    asked = replace(around(GAPS, points=points), id="b/q")
    assert written(asked).findtext("defaultgrade") == f"{there}.0000000"
    (warning,) = warned(asked)
    assert warning.endswith(f"set the question's mark in the quiz itself (b/q: {there} points, not {points})")


def test_a_cloze_as_large_as_can_be_is_written_whole() -> None:
    choice = Choice(options(*(f"option {at} }}~#" * 8 for at in range(26))), many=False)
    found = parts(written(around(cloze(*[choice] * 26), points="26")))
    assert [len(part.texts) for part in found] == [26] * 26
