"""Random exams by hypothesis: long and short, wide and high, of every response kind, in every page size.

Each text on paper begins with a mark, `<7.0:`, and ends with `>`: the number of its question and of its part. The
stimulus before question 7 is part 900 of it, the choices of a gap are parts from 300 on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from hypothesis import strategies as st

from papers import PICTURES, cell, code, paragraph, png, svg, text
from quizgen.language import DEFAULT_LABELS, GAP_LABELS, LABELS, Language
from quizgen.paper import (
    Blank,
    Choice,
    Cloze,
    Gap,
    Group,
    Item,
    Lines,
    Matching,
    Option,
    Ordering,
    Paper,
    Printing,
    Question,
    Response,
    Section,
    Stem,
    Student,
)
from quizgen.richtext import tree
from quizgen.richtext.tree import Block, Blocks, Inline
from quizgen.scoring import Scoring

STIMULUS, OPTIONS, GAPS = 900, 100, 300

PHRASES: dict[Language, tuple[str, ...]] = {
    "ja": (
        "コンテナは、カーネルを共有する隔離されたプロセスである。",
        "次のうち「最も適切なもの」はどれか（ただし、Kubernetes 1.35とする）。",
        "髙橋さんと山﨑さんは、𠮷野家でPodを3個起動した――が、すぐに終了した……。",
        "インターネットプロトコルスイートアプリケーションプログラミングインターフェース、",
        "`ImagePullBackOff`と表示され、https://registry.example.com:5000/v2/team/web/manifests/latest に届かない。",
        "①と②は正しく、Ⅲは℃で測る。",
    ),
    "en": (
        "A container is an isolated process that shares the kernel of its host. ",
        "Which of the following statements is true, and which is not? ",
        "The internationalization of pneumonoultramicroscopicsilicovolcanoconiosis is hard; ",
        "see https://registry.example.com:5000/v2/team/web/manifests/sha256:0123456789abcdef0123456789abcdef. ",
        "Naïve café owners in Zürich say “no” – why? ",
        "日本語の文も、途中に現れる。",
        f"{'4c0ffee' * 22} is one word; ",
    ),
}
SHORT = ("3", "はい", "etcd", "true", "kube-proxy", "正しい", "120 MB", "O(n)")
FORMULAS = (r"x^2", r"\frac{a+b}{c-d}", r"\sum_{i=1}^{n} i^2", r"\sqrt{\frac{1}{1+\frac{1}{x}}}", r"O(n \log n)")
WORDS = ("kubectl", "get", "pods", "--all-namespaces", "-o=jsonpath='{.items[*].metadata.name}'", "# 注釈", "0O1lI|")
BIG, TALL, WIDE = png(1600, 1200), png(300, 2400), svg(1800, 240)


def phrases(language: Language, most: int) -> st.SearchStrategy[str]:
    """Up to so many sentences in a row."""
    return st.lists(st.sampled_from(PHRASES[language]), min_size=1, max_size=most).map("".join)


def inlines(language: Language) -> st.SearchStrategy[Inline]:
    """What stands inside of a line beside plain text."""
    return st.one_of(
        st.sampled_from(FORMULAS).map(tree.Math),
        st.sampled_from(WORDS).map(tree.Code),
        st.just(tree.Ruby("容器", "コンテナ")) if language == "ja" else st.just(tree.Emphasis(cell("never"))),
        st.sampled_from(PHRASES[language][:3]).map(lambda words: tree.Strong(cell(words))),
        st.just(tree.Image("ICON", "a square")).map(lambda image: replace(image, source=next(iter(PICTURES)))),
    )


@st.composite
def code_blocks(draw: st.DrawFn) -> Block:
    """Code of up to a page's lines, some of them wider than a page."""
    line = st.lists(st.sampled_from(WORDS), min_size=0, max_size=draw(st.sampled_from((3, 3, 12)))).map(" ".join)
    return code("bash", *draw(st.lists(line, min_size=1, max_size=draw(st.sampled_from((3, 10, 40))))))


@st.composite
def tables(draw: st.DrawFn) -> Block:
    """A table of up to twelve columns and twenty rows."""
    columns, rows = draw(st.sampled_from((1, 2, 3, 6, 12))), draw(st.sampled_from((1, 3, 8, 20)))
    words = draw(st.lists(st.sampled_from((*SHORT, "長めの見出し語")), min_size=columns, max_size=columns))
    row = tuple(cell(word) for word in words)
    return tree.Table(("left",) * columns, row, (row,) * rows)


@st.composite
def pictures(draw: st.DrawFn) -> Block:
    """A picture on a line of its own, small or larger than a page, with and without a width, some captioned."""
    picture = draw(st.sampled_from((*PICTURES.values(), BIG, TALL, WIDE)))
    width = draw(st.sampled_from((None, tree.Width(100, "%"), tree.Width(60, "mm"), tree.Width(300, "mm"))))
    caption = draw(st.sampled_from(((), cell("クラスターの構成"), cell("A caption. " * 15))))
    return paragraph(tree.Image(picture.name, "a picture", width, caption=caption, label="図1" if caption else ""))


def blocks(language: Language) -> st.SearchStrategy[Block]:
    """Anything that a text may hold."""
    return st.one_of(
        phrases(language, 12).map(paragraph),
        st.tuples(phrases(language, 2), inlines(language), phrases(language, 2)).map(lambda parts: paragraph(*parts)),
        code_blocks(),
        tables(),
        pictures(),
        st.sampled_from(FORMULAS).map(tree.MathBlock),
        phrases(language, 3).map(lambda words: tree.List((text(words), text(words)), start=1)),
        phrases(language, 3).map(lambda words: tree.Quote(text(words))),
    )


def marked(number: int, part: int, content: Blocks) -> Blocks:
    """The content between a mark and its end, inside its first and last paragraph where they are such."""
    first, last = tree.Text(f"<{number}.{part}:"), tree.Text(">")
    match content:
        case (tree.Paragraph(inside),):
            return (tree.Paragraph((first, *inside, last)),)
        case (tree.Paragraph(inside), *more):
            return (tree.Paragraph((first, *inside)), *more, tree.Paragraph((last,)))
        case _:
            return (tree.Paragraph((first,)), *content, tree.Paragraph((last,)))


@dataclass(frozen=True)
class Writer:
    """Writes the parts of a question from the choices that hypothesis makes."""

    draw: st.DrawFn
    language: Language
    number: int
    long: bool

    def stem(self, *more: Inline) -> Blocks:
        content: Blocks = (paragraph(self.draw(phrases(self.language, 8 if self.long else 2)), *more),)
        if self.long:
            content += tuple(self.draw(st.lists(blocks(self.language), max_size=4)))
        return marked(self.number, 0, content)

    def options(self, first: int, most: int = 8) -> tuple[Option, ...]:
        count = self.draw(st.integers(2, most))
        labels = LABELS[DEFAULT_LABELS[self.language]]
        kind = self.draw(st.sampled_from(("short", "short", "medium", "long", "rich") if self.long else ("short",)))
        return tuple(
            Option(f"o{at}", labels[at], marked(self.number, first + at, self._option(kind)), at == 0)
            for at in range(count)
        )

    def _option(self, kind: str) -> Blocks:
        match kind:
            case "short":
                return text(self.draw(st.sampled_from(SHORT)))
            case "rich":
                return (self.draw(blocks(self.language)),)
            case _:
                return text(self.draw(phrases(self.language, 1 if kind == "medium" else 4)))

    def response(self) -> tuple[Blocks, Response]:
        match self.draw(
            st.sampled_from(("choice", "choice", "choice", "blank", "lines", "matching", "order", "cloze"))
        ):
            case "choice":
                # Who puts tables side by side gets them side by side, whatever becomes of the page.
                columns = 0 if self.long else self.draw(st.sampled_from((0, 0, 2)))
                many = self.draw(st.booleans())
                return self.stem(), Choice(self.options(1), many, columns)
            case "blank":
                digits = self.draw(st.sampled_from((0, 0, 1, 4)))
                return self.stem(), Blank(("12",), tolerance=Decimal(0), unit="km/h", digits=digits)
            case "lines":
                return self.stem(), Lines(self.draw(st.integers(1, 30)))
            case "matching":
                return self.stem(), self._matching()
            case "order":
                return self.stem(), self._ordering()
            case _:
                return self._cloze()

    def _matching(self) -> Matching:
        options = self.options(OPTIONS)
        return Matching(
            tuple(
                Stem(GAP_LABELS[at], marked(self.number, 1 + at, self._option("short")), option.label)
                for at, option in enumerate(options)
            ),
            options,
        )

    def _ordering(self) -> Ordering:
        return Ordering(tuple(Item(one.label, one.text, at) for at, one in enumerate(self.options(1), start=1)))

    def _cloze(self) -> tuple[Blocks, Response]:
        labels = GAP_LABELS[: self.draw(st.integers(1, 5))]
        places = [
            piece for label in labels for piece in (tree.Gap(label), tree.Text(self.draw(st.sampled_from(SHORT))))
        ]
        gaps = tuple(
            Gap(label, Choice(self.options(GAPS + 20 * at, 4), many=False))
            if self.draw(st.booleans())
            else Gap(label, Blank(("x",)))
            for at, label in enumerate(labels)
        )
        return self.stem(*places), Cloze(gaps)


@st.composite
def printings(draw: st.DrawFn) -> Printing:
    """Any way to print a paper."""
    return Printing(
        size=draw(st.sampled_from(("A4", "B5", "Letter"))),
        cover=draw(st.booleans()),
        person=draw(st.sampled_from((("number", "name"), ("class", "seat", "number", "name")))),
        sections=draw(st.sampled_from(("flow", "page", "right"))),
        working=draw(st.integers(0, 1)),
        back_cover=draw(st.booleans()),
        answers=draw(st.sampled_from(("marks", "marks", "boxes", "booklet"))),
        answer_sheets=draw(st.sampled_from(("variant", "student"))),
        answer_numbers=draw(st.booleans()),
        editions=draw(st.sampled_from(((), (), (("large-print",),), (("dyslexia-friendly", "high-contrast"),)))),
    )


class RandomExam:
    """A paper whose description fits on a line; hypothesis prints it whole otherwise."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper

    def __repr__(self) -> str:
        kinds = [type(question.response).__name__ for question in self.paper.questions]
        return f"{self.paper.language} {kinds} {self.paper.printing}"


@st.composite
def exams(draw: st.DrawFn) -> RandomExam:
    """An exam of up to sixty questions, a few of which may be long."""
    language: Language = draw(st.sampled_from(("ja", "en")))
    lengths = draw(st.sampled_from(((1, 4, True), (1, 8, True), (5, 20, False), (60, 60, False))))
    least, most, rich = lengths
    questions = [
        _question(draw, language, number, long=rich and draw(st.booleans()))
        for number in range(1, draw(st.integers(least, most)) + 1)
    ]
    groups = tuple(_groups(draw, language, questions, rich=rich))
    cut = draw(st.integers(1, len(groups)))
    parts = (groups[:cut], groups[cut:]) if cut < len(groups) else (groups,)
    sections = tuple(Section(number, "第1問", part) for number, part in enumerate(parts, start=1))
    paper = Paper(
        *("exam", draw(st.sampled_from(("期末試験", "An exam with a title that is rather long " * 3))), language),
        *(1, "A", Scoring(), sections),
        course="情報ネットワーク",
        duration=50,
        instructions=text(draw(phrases(language, 5))),
        pictures={**PICTURES, **{picture.name: picture for picture in (BIG, TALL, WIDE)}},
    )
    student = draw(st.sampled_from((None, Student("2024-00123", "𠮷川 髙志", (("組", "1-A"),)))))
    return RandomExam(replace(paper, student=student, printing=draw(printings())))


def _question(draw: st.DrawFn, language: Language, number: int, *, long: bool) -> Question:
    content, response = Writer(draw, language, number, long).response()
    return Question(number, f"b/q{number}", content, response, Decimal("2.5"), explanation=text("解説"))


def _groups(draw: st.DrawFn, language: Language, questions: list[Question], *, rich: bool) -> Iterator[Group]:
    rest = questions
    while rest:
        count = draw(st.sampled_from((1, 1, 1, 3))) if rich else 1
        some, rest = tuple(rest[:count]), rest[count:]
        stimulus: Blocks = ()
        if rich and draw(st.booleans()):
            content = tuple(draw(st.lists(blocks(language), min_size=1, max_size=3)))
            stimulus = marked(some[0].number, STIMULUS, content)
        yield Group(some, stimulus)
