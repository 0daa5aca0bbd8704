"""Figures: numbered in the order of the paper, captioned, and referred to by their numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from quizgen.assemble import lower, plan
from quizgen.paper import Paper
from quizgen.paper.texts import hidden, map_group, shown
from quizgen.reader import read_job
from quizgen.richtext import parse, walk
from quizgen.richtext.plain import to_plain
from quizgen.richtext.tree import Blocks, Code, Image, Reference, Text, Width
from quizgen.templates import Templates
from quizgen.writers import moodle
from quizgen.writers.pdf.documents import booklet_html
from quizgen.writers.pdf.markup import printed

DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="10mm" height="10mm" viewBox="0 0 10 10"/>'
BANK = """\
kind: bank
id: b
title: Bank
stimuli:
  - id: net
    text: |
      [](#net)を見よ。

      ![ネットワーク](images/net.svg "構成は`a`"){#net width=40mm}
questions:
  - {id: one, type: single, stimulus: net, text: '[](#net)の問い', choices: {a: x, b: y}, answer: a}
  - {id: two, type: single, stimulus: net, text: '二つ目も[](#net)', choices: {a: x, b: y}, answer: a}
  - id: own
    type: single
    text: |
      ![点](images/dot.svg){#net}

      [](#net)と[](#more)
    choices: {a: x, b: y}
    answer: a
    explanation: |
      [](#more)による。

      ![解説の図](images/net.svg "解説"){#more}
  - id: last
    type: single
    text: |
      ![点](images/dot.svg "点だけ")
    choices: {a: x, b: y}
    answer: a
"""
EXAM = """\
kind: exam
id: e
title: 試験
language: LANGUAGE
sections:
  - {questions: [b/own, b/one, b/two, b/last], shuffle: false}
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    (tmp_path / "images").mkdir()
    for name in ("net", "dot"):
        (tmp_path / "images" / f"{name}.svg").write_text(DOT.replace("10mm", "11mm" if name == "net" else "10mm"))
    (tmp_path / "b.yaml").write_text(BANK, encoding="utf-8")
    (tmp_path / "exams").mkdir()
    return tmp_path


def paper_of(course: Path, language: str = "ja") -> Paper:
    path = course / "exams" / "e.yaml"
    path.write_text(EXAM.replace("LANGUAGE", language), encoding="utf-8")
    job = read_job(path)
    ((slot, arrangement),) = plan(job.document, job.course, job.students)
    return lower(job.document, job.course, slot, arrangement)


def labels(text: Blocks) -> list[str]:
    return [part.label for part in walk(text) if isinstance(part, Image | Reference)]


def test_a_picture_has_a_caption_an_id_and_a_width():
    ((image,),) = (block.content for block in parse('![alt](x.svg "構成は`a`"){#net width=4cm}'))
    assert image == Image("x.svg", "alt", Width(40, "mm"), caption=(Text("構成は"), Code("a")), id="net")
    assert parse("[](#net)")[0].content == (Reference("net"),)


def test_figures_are_numbered_as_printed_and_those_of_explanations_last(course):
    paper = paper_of(course)
    own, one, two, last = paper.questions
    assert labels(own.text) == ["図1", "図1", "図4"]
    assert labels(paper.sections[0].groups[1].stimulus) == ["図2", "図2"]
    assert labels(one.text) + labels(two.text) == ["図2", "図2"]
    assert labels(last.text) == ["図3"]
    assert labels(own.explanation) == ["図4", "図4"]


def test_english_says_figure(course):
    assert labels(paper_of(course, "en").questions[0].text)[:2] == ["Figure 1", "Figure 1"]


def test_a_figure_is_printed_above_its_number_and_caption(course):
    html = printed(paper_of(course).sections[0].groups[1].stimulus)
    assert re.search(
        r"<p><span[^>]*>図2</span>を見よ。</p>\n<figure[^>]*><img[^>]*alt=\"ネットワーク\"[^>]*>"
        r"<figcaption><span[^>]*>図2</span> 構成は<code>a</code></figcaption></figure>",
        html,
    )


def test_the_booklet_does_not_hold_a_figure_of_an_explanation(course):
    html = booklet_html(paper_of(course).without_key(), Templates())
    assert "構成は" in html
    assert "解説" not in html


def test_in_moodle_each_question_counts_its_own_figures(course):
    ((xml),) = [file.data.decode() for file in moodle.write([paper_of(course)], Templates())]
    texts = re.findall(r'<questiontext format="html">(.*?)</questiontext>', xml, re.DOTALL)
    numbers = [re.findall(r"図(\d)", text) for text in texts]
    assert [set(found) for found in numbers] == [{"1", "2"}, {"1"}, {"1"}, {"1"}]


def test_a_figure_in_a_list_keeps_its_caption():
    assert "<figcaption>cap</figcaption>" in printed(parse('- ![alt](x.svg "cap")\n- two'))
    assert to_plain(parse("see [](#net)")) == "see net"


def test_every_text_of_a_paper_is_shown_or_hidden_and_can_be_changed(course):
    def change(blocks: Blocks) -> Blocks:
        return (*blocks, *parse("END")) if blocks else blocks

    groups = [map_group(group, change) for section in paper_of(course).sections for group in section.groups]

    def texts() -> Iterator[Blocks]:
        for question in (question for group in groups for question in group.questions):
            yield from shown(question)
            yield from hidden(question)
        yield from (group.stimulus for group in groups)

    assert sum(1 for text in texts() if text) == 14
    assert all(to_plain(text).endswith("END") for text in texts() if text)


def test_labels_are_escaped():
    image = Image("x.svg", "alt", caption=(Text("<b>"),), label="<1>")
    (paragraph,) = parse("x")
    html = printed((type(paragraph)((image,)),))
    assert "&lt;1&gt;" in html
    assert "&lt;b&gt;" in html
