"""A real Moodle imports our files, shows their texts, marks attempts and exports again: all as it was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import groupby, product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import pytest
from lxml import etree
from lxml import html as lxml_html

import papers
from moodle_answers import attempts
from moodle_site import ask, needs_moodle, release
from papers import cell, paper, plain_choice, question
from quizgen.assemble import lower, plan, pool
from quizgen.language import Language
from quizgen.paper import Choice, Ordering, Paper, Question
from quizgen.reader import read_job
from quizgen.richtext.tree import Code, Emphasis, Image, Link, List, Ruby, Table
from quizgen.scoring import MultipleRule, Scoring
from quizgen.templates import Templates
from quizgen.writers import moodle
from quizgen.writers.moodle.fractions import grading
from test_moodle import EMOTICONS

pytestmark = needs_moodle

COURSE = Path(__file__).parent.parent / "banks" / "container"
RULES: tuple[MultipleRule, ...] = get_args(MultipleRule)
PENALTIES = (Fraction(0), Fraction(1, 4), Fraction(1, 3), Fraction(1, 7), Fraction(45, 100), Fraction(1))
# fmt: off
TRAPS = (
    *EMOTICONS, *(f"f{found}" for found in EMOTICONS), *(f"&{found}" for found in EMOTICONS), "O(n)", "f(y)", "((h))",
    "http://example.com/a.mp4", "www.example.com", "https://youtu.be/dQw4w9WgXcQ", "https://example.com/a.png",
    "a@example.com", "\\(x\\)", "\\[x\\]", "$$x$$", "$x$", "\\begin{align}x\\end{align}", "<tex>x</tex>", "[[1]]",
    "{1:SHORTANSWER:=a}", "{mlang en}a{mlang}", "%%x%%", "@@PLUGINFILE@@/a.png", '<img src="@@PLUGINFILE@@/a.png">',
    "$@NULL@$", "]]>", "<![CDATA[", "<!-- a -->", "&lt;", "&amp;", "&nbsp;", "<b>", "a\u00a0b", "𠮷🎌", "\\", "\t.",
    "' \" `",
)
# fmt: on


@dataclass(frozen=True)
class Imported:
    """Papers that Moodle has imported, and what it said of them."""

    papers: tuple[Paper, ...]
    sent: etree._Element
    answer: dict[str, Any]

    @property
    def sent_questions(self) -> list[etree._Element]:
        return [element for element in self.sent if element.get("type") != "category"]

    @property
    def exported_questions(self) -> list[etree._Element]:
        return list(etree.fromstring(self.answer["exported"].encode()).iter("question"))


# The papers


def whole_exam(name: str) -> tuple[Paper, ...]:
    """All variants of an exam of the course that comes with quizgen."""
    job = read_job(COURSE / "exams" / f"{name}.yaml")
    return tuple(lower(job.document, job.course, slot, found) for slot, found in plan(job.document, job.course, ()))


def every_question() -> tuple[Paper, ...]:
    """One paper with every question of the course that comes with quizgen."""
    job = read_job(COURSE / "exams" / "sample.yaml")
    section = job.document.sections[0].model_copy(
        update={"draw": [], "questions": list(job.course.entries), "points": None}
    )
    exam = job.document.model_copy(update={"id": "everything", "variants": 1, "sections": [section]})
    return tuple(lower(exam, job.course, slot, found) for slot, found in plan(exam, job.course, ()))


def whole_banks() -> tuple[Paper, ...]:
    """The banks of the course's final exam, for Moodle to draw from and to shuffle."""
    job = read_job(COURSE / "exams" / "final.yaml")
    return (pool(job.document, job.course),)


def every_kind(language: Language, variant: str = "A") -> Paper:
    """A paper with a question of every kind that this Moodle knows."""
    made = papers.every_kind(language, variant)
    if release() >= (4, 4):
        return made
    groups = tuple(group for group in made.sections[0].groups if not isinstance(group.questions[0].response, Ordering))
    return replace(made, sections=(replace(made.sections[0], groups=groups),))


def every_shape(scoring: Scoring, *, many: bool) -> tuple[Paper, ...]:
    """One paper with a question for each number of right and wrong choices."""
    rights = (*range(1, 13), 19, 20, 21) if many else (1,)
    shapes = [shape for shape in product(rights, (0, 1, 2, 3, 4, 5)) if sum(shape) >= 2]
    questions = [question(at, plain_choice(*shape, many=many)) for at, shape in enumerate(shapes, 1)]
    return (replace(paper(*questions, scoring=scoring), id="shapes"),)


def every_trap() -> tuple[Paper, ...]:
    """One paper with a question for each thing that a filter looks for, wherever a text can hold it."""
    return (replace(paper(*(trap(at, text) for at, text in enumerate(TRAPS, 1))), pictures=papers.PICTURES),)


def trap(number: int, bait: str) -> Question:
    stem = (
        papers.paragraph(bait, " ", Code(bait), " ", Emphasis(cell(bait)), f"a{bait}b"),
        papers.code("", bait, f"a{bait}b"),
        Table(("left",), (cell(bait),), ((cell(Code(bait)),),)),
        List((papers.text(bait, Link("https://example.org/", cell(bait))),)),
        papers.paragraph(Image(papers.ICON.name, bait), Ruby(bait, "x")),
    )
    right, wrong = plain_choice(1, 1, many=False).options
    right = replace(right, text=papers.text(bait), feedback=(papers.code("", bait),))
    return replace(question(number, Choice((right, wrong), many=False)), text=stem)


SAMPLES = {
    "traps": every_trap,
    "japanese": lambda: (papers.japanese(), papers.shuffled(papers.japanese(), "B")),
    "english": lambda: (papers.english(),),
    "Japanese kinds": lambda: (every_kind("ja"),),
    "English kinds": lambda: (every_kind("en"),),
    "sample exam": lambda: whole_exam("sample"),
    "final exam": lambda: whole_exam("final"),
    "every question": every_question,
    "whole banks": whole_banks,
    **{rule: lambda rule=rule: every_shape(Scoring(rule), many=True) for rule in RULES},
    **{
        f"penalty {penalty}": lambda penalty=penalty: every_shape(Scoring(penalty=penalty), many=False)
        for penalty in PENALTIES
    },
}
TEXTS = (
    "traps",
    "japanese",
    "english",
    "Japanese kinds",
    "English kinds",
    "sample exam",
    "final exam",
    "every question",
)


@pytest.fixture(params=SAMPLES)
def sample(request: pytest.FixtureRequest) -> Imported:
    return imported(request.param)


@pytest.fixture(params=TEXTS)
def texts(request: pytest.FixtureRequest) -> Imported:
    return imported(request.param)


@cache
def imported(name: str) -> Imported:
    made = SAMPLES[name]()
    (file,) = moodle.write(made, Templates())
    tried = [[attempt.sent for attempt in attempts(q, p.scoring)] for p, q in asked(made)]
    with TemporaryDirectory() as folder:
        path = Path(folder, file.path.name)
        path.write_bytes(file.data)
        return Imported(made, etree.fromstring(file.data), ask("questions", xml=str(path), attempts=tried))


def asked(made: Sequence[Paper]) -> Iterator[tuple[Paper, Question]]:
    return ((p, q) for p in made for q in p.questions)


# Counting


def test_moodle_counts_the_questions_that_the_file_says(sample: Imported) -> None:
    count = len(list(asked(sample.papers)))
    assert f"Importing {count} questions from file" in sample.answer["printed"]
    assert len(sample.answer["questions"]) == count


def test_moodle_complains_of_nothing(sample: Imported) -> None:
    said = set(re.findall(r"(?:\+\+|!!) .* (?:\+\+|!!)", sample.answer["printed"]))
    assert {line for line in said if "Importing" not in line and "Parsing" not in line} == set()


# Points


def test_every_answer_earns_what_it_earns_on_paper_or_as_far_from_it_as_the_build_warns(sample: Imported) -> None:
    for (p, q), found in zip(asked(sample.papers), sample.answer["questions"], strict=True):
        tried = list(zip(attempts(q, p.scoring), found["shares"], strict=True))
        assert [got for attempt, got in tried if attempt.earned is None and got is not None] == []
        off = {str(a.sent): float(got or 0) - float(a.earned) for a, got in tried if a.earned is not None}
        more, less = far(p, q)
        assert (max(off.values()), -min(off.values())) == pytest.approx((more, less), abs=1e-5), off


def far(p: Paper, q: Question) -> tuple[float, float]:
    """How much more and less than on paper an answer may earn in Moodle."""
    if not isinstance(q.response, Choice):
        return 0.0, 0.0
    near = grading(q.response, p.scoring)
    return float(near.more), float(near.less)


def test_a_question_has_its_points_but_where_the_build_warns(sample: Imported) -> None:
    warned = " ".join(moodle.warnings(sample.papers))
    for (_, q), found in zip(asked(sample.papers), sample.answer["questions"], strict=True):
        assert found["points"] == pytest.approx(float(q.points)) or f"{q.id}: " in warned


# Names


def test_names_are_kept_and_sort_in_printed_order_within_their_category(sample: Imported) -> None:
    found = sample.answer["questions"]
    assert [q["name"] for q in found] == [q.findtext("name/text") for q in sample.sent_questions]
    for _, category in groupby(found, key=lambda q: q["category"]):
        names = [q["name"] for q in category]
        assert names == sorted(names)


def test_id_numbers_are_kept(sample: Imported) -> None:
    for sent, found in zip(sample.sent_questions, sample.answer["questions"], strict=True):
        assert found["idnumber"] == sent.findtext("idnumber") or forgets_id_number(sent)


def forgets_id_number(sent: etree._Element) -> bool:
    """Whether this Moodle's importer drops the question's id number, as older ones do with blanks in a text."""
    return sent.get("type") == "cloze" and release() < (4, 5)


# Texts


def unwrapped(html: str) -> str:
    """The HTML without what MathJax's filter puts around formulas, and with file addresses as they were written."""
    written = re.sub(r'"[^"]*/pluginfile\.php(?:/[^/"]+){3,4}/', '"@@PLUGINFILE@@/', html)
    root = lxml_html.fromstring(f"<div>{written}</div>")
    for span in root.xpath("//span[@class='nolink' or @class='filter_mathjaxloader_equation']"):
        span.drop_tag()
    return etree.tostring(root, encoding="unicode")


def words(html: str) -> str:
    return lxml_html.fromstring(f"<div>{html}</div>").text_content()


def test_texts_are_kept_letter_by_letter(texts: Imported) -> None:
    for element, found in zip(texts.sent_questions, texts.answer["questions"], strict=True):
        if element.get("type") == "cloze":
            continue  # taken apart; the way back puts it together
        written = [element.findtext("questiontext/text"), element.findtext("generalfeedback/text")]
        written += [text.text for text in element.xpath("subquestion[text/text()]/text")]
        written += [text for answer in element.iter("answer") if answer.get("fraction") for text in told(answer)]
        assert [text["kept"] for text in found["texts"]] == [text or "" for text in written]


def told(answer: etree._Element) -> tuple[str | None, str | None]:
    return answer.findtext("text"), answer.findtext("feedback/text")


def test_students_see_no_emoticon_link_or_player_that_nobody_wrote(texts: Imported) -> None:
    for found in texts.answer["questions"]:
        root = lxml_html.fromstring(found["rendered"])
        assert root.xpath("//*[contains(@class, 'emoticon') or contains(@class, 'mediaplugin')]") == []
        assert root.xpath("//a[contains(@class, '_blanktarget') or contains(@class, 'autolink')]") == []


def test_no_filter_touches_a_text(texts: Imported) -> None:
    for found in texts.answer["questions"]:
        for text in found["texts"]:
            assert unwrapped(text["shown"]) == unwrapped(text["kept"])


def test_no_word_picture_or_table_is_lost_where_a_site_cleans_texts(texts: Imported) -> None:
    for found in texts.answer["questions"]:
        for text in found["texts"]:
            assert words(text["cleaned"]) == words(text["kept"])
            for tag in ("<img", "<table", "<pre", "<rt", "<td"):
                assert text["cleaned"].count(tag) == text["kept"].count(tag)


# The way back


def facts(element: etree._Element) -> dict[str, Any]:
    """What a question's XML says: every text, number, share and file by its place."""
    said: dict[str, Any] = {"tags": sorted(element.xpath("tags/tag/text/text()"))}
    counts: dict[str, int] = {}
    for leaf in element.iter():
        if not isinstance(leaf.tag, str) or len(leaf) or leaf.getparent() is None or "tags" in _path(leaf, element):
            continue
        path = _path(leaf, element)
        counts[path] = counts.get(path, 0) + 1
        said[f"{path} {counts[path]}"] = _value(leaf)
    said["shares"] = [float(answer.get("fraction")) for answer in element.iter("answer") if answer.get("fraction")]
    if element.get("type") == "cloze":
        said.pop("defaultgrade 1", None)  # what its gaps are worth together, which Moodle writes no more
    return said


def _path(leaf: etree._Element, top: etree._Element) -> str:
    above = [leaf.tag]
    while (leaf := leaf.getparent()) is not None and leaf is not top:
        above.append(leaf.tag)
    return "/".join(reversed(above))


def _value(leaf: etree._Element) -> object:
    text = (leaf.text or "").strip()
    if leaf.tag == "file":
        return leaf.get("name"), re.sub(r"\s", "", text)
    return float(text) if re.fullmatch(r"-?\d+\.\d+|\d+", text) else text


def test_moodle_exports_what_it_was_given(sample: Imported) -> None:
    for sent, exported in zip(sample.sent_questions, sample.exported_questions, strict=True):
        given, found = facts(sent), facts(exported)
        if forgets_id_number(sent):
            given |= {"idnumber 1": ""}
        assert {key: found.get(key) for key in given} == given
