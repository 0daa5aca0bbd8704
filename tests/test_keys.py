"""What markers and teachers get: the key by rows, the booklet with the key in it, the table over all variants."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from csv import DictReader
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal
from weakref import finalize

import pypdfium2
import pytest
from lxml import html

import papers
from papers import paper, plain_choice, question, text
from quizgen.build import assembled
from quizgen.paper import Blank, Choice, Cloze, Group, Option, Paper, Printable, Printing, Response, Section, Student
from quizgen.paper.key import keyed
from quizgen.paper.references import with_labels, with_texts
from quizgen.reader import read
from quizgen.richtext import parse
from quizgen.richtext.plain import to_plain
from quizgen.scoring import Scoring
from quizgen.templates import Templates
from quizgen.writers import Writer, csv, pdf
from quizgen.writers.pdf.press import Press

REFERRING = """\
kind: bank
id: b
title: 参照
questions:
  - id: one
    type: single
    text: どれか。
    choices:
      a: '`stop`'
      い: いいえ
      c: {text: '[](#choice:a)と[](#choice:い)', feedback: '[](#choice:a)を見よ。', pin: last}
    answer: a
    explanation: '[](#choice:い)は誤り、[](#choice:a)が正しい。'
"""
EXAM = """\
kind: exam
id: e
title: 試験
variants: 6
sections: [{questions: b/one}]
"""


def pages(data: bytes) -> list[str]:
    """Each page's text without white space."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [re.sub(r"\s+", "", page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


def course(folder: Path, bank: str = REFERRING) -> Path:
    (folder / "exams").mkdir()
    (folder / "b.yaml").write_text(bank, encoding="utf-8")
    (folder / "exams" / "e.yaml").write_text(EXAM, encoding="utf-8")
    return folder / "exams" / "e.yaml"


def labels(choice: Choice) -> dict[str, str]:
    return {option.id: option.label for option in choice.options}


@pytest.mark.parametrize("variant", ["A", "B", "C", "D"])
def test_an_explanation_names_a_choice_by_the_label_that_it_has_in_its_variant(tmp_path: Path, variant: str) -> None:
    printed = assembled(course(tmp_path), variant)
    assert isinstance(printed, Paper)
    (asked,) = printed.questions
    assert isinstance(asked.response, Choice)
    by = labels(asked.response)
    assert to_plain(asked.explanation) == f"{by['い']}は誤り、{by['a']}が正しい。"
    last = asked.response.options[-1]
    assert to_plain(last.text) == f"{by['a']}と{by['い']}"
    assert to_plain(last.feedback) == f"{by['a']}を見よ。"


def test_variants_differ_in_the_labels_that_explanations_name(tmp_path: Path) -> None:
    path = course(tmp_path)
    found = [assembled(path, variant) for variant in "ABCDEF"]
    assert len({to_plain(one.questions[0].explanation) for one in found if isinstance(one, Paper)}) == 2


@pytest.mark.parametrize(("language", "quoted"), [("ja", "「stop」"), ("en", "“stop”")])
def test_where_labels_are_unknown_a_reference_prints_the_choices_text(language: papers.Language, quoted: str) -> None:
    options = (Option("a", "A", parse("`stop`"), right=True), Option("b", "B", text("kill"), right=False))
    asked = replace(question(1, Choice(options, many=False)), explanation=parse("[](#choice:a)"))
    assert to_plain(with_texts(with_labels(asked), language).explanation) == quoted


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("[](#choice:d)", "no choice here has the label `d`; the choices are a, い, c"),
        ("[x](#choice:a)", r"a number or label takes the place of the text: write \[\]\(#choice:a\)"),
    ],
)
def test_a_reference_to_no_choice_is_a_problem(tmp_path: Path, written: str, message: str) -> None:
    course(tmp_path, REFERRING.replace("[](#choice:い)は", f"{written}は"))
    (problem,) = read([tmp_path]).problems
    assert (problem.position.line, problem.code) in {(13, "unknown-choice"), (13, "figure")}
    assert problem.message.startswith(message.replace("\\", ""))


def test_a_stimulus_has_no_choices_to_refer_to(tmp_path: Path) -> None:
    stimulus = "stimuli: [{id: s, text: '[](#choice:a)を見よ。'}]\nquestions:"
    course(tmp_path, REFERRING.replace("questions:", stimulus))
    (problem,) = read([tmp_path]).problems
    assert problem.code == "unknown-choice"


def pieces(sample: Paper) -> list[list[tuple[int, str, str]]]:
    return [[(mark.row, mark.part, mark.answer) for mark in key.marks] for key in keyed(sample).values()]


def spans(sample: Paper) -> list[str]:
    return [key.span for key in keyed(sample).values()]


def test_the_key_names_the_row_of_everything_that_is_marked() -> None:
    sample = papers.every_kind("ja")
    assert spans(sample) == ["1", "", "", "2–4", "5–7", "", "8"]
    assert pieces(sample)[3] == [(2, "(1)", "エ"), (3, "(2)", "ウ"), (4, "(3)", "ア")]
    assert pieces(sample)[4] == [(5, "(1)", "イ"), (6, "(2)", "ア"), (7, "(3)", "ウ")]
    assert [row for row, _, _ in pieces(sample)[6]] == [0, 8, 0]


def test_without_a_mark_sheet_the_key_has_no_rows() -> None:
    sample = replace(papers.every_kind("ja"), printing=Printing(answers="boxes"))
    assert set(spans(sample)) == {""}
    assert pieces(sample)[4] == [(0, "", "イ → ア → ウ")]


@pytest.mark.parametrize(
    ("answer", "tolerance", "digits", "marked"),
    [
        ("-2.5", "0", 4, ["−", "2", ".", "5"]),
        ("25", "0", 3, ["2", "5", ""]),
        ("0.2", "0.1", 3, ["0", ".", "2", "0.2 ± 0.1"]),
        ("100", "0", 2, ["1", "0", "100"]),
    ],
)
def test_a_number_is_keyed_sign_by_sign(answer: str, tolerance: str, digits: int, marked: Sequence[str]) -> None:
    blank = Blank((answer,), tolerance=Decimal(tolerance), digits=digits)
    (found,) = pieces(paper(question(1, blank)))
    assert [sign for _, _, sign in found] == list(marked)


def variants_of(*samples: Paper) -> list[dict[str, str]]:
    (file,) = csv.together(samples, Templates())
    assert str(file.path) == "teacher/variants.csv"
    return list(DictReader(file.data.decode("utf-8-sig").splitlines()))


def test_the_table_over_all_variants_says_where_each_question_stands_and_what_is_right_there() -> None:
    first = papers.japanese()
    second = papers.shuffled(first, "B")
    lines = variants_of(first, second)
    assert [line["question"] for line in lines] == [question.id for question in first.questions]
    for sample in (first, second):
        key, name = keyed(sample), sample.variant
        for asked in sample.questions:
            (line,) = [line for line in lines if line["question"] == asked.id]
            said = (line[f"{name} number"], line[f"{name} rows"], line[f"{name} answer"])
            assert said == (str(asked.number), key[asked.number].span, asked.response.key)


def test_a_question_that_a_variant_lacks_has_an_empty_place_in_it() -> None:
    first = paper(question(1, plain_choice(1, 2), name="b/x"))
    second = replace(paper(question(1, plain_choice(1, 2), name="b/y")), variant="B")
    lines = variants_of(first, second)
    assert [(line["question"], line["A number"], line["B number"]) for line in lines] == [
        ("b/x", "1", ""),
        ("b/y", "", "1"),
    ]


def test_students_with_the_same_variant_are_one_column() -> None:
    first, second = papers.every_kind("en", "A"), papers.every_kind("en", "B")
    dealt = [replace(one, student=Student(f"s{at}")) for at, one in enumerate([first, second, first])]
    assert list(variants_of(*dealt)[0]) == [
        *("question", "A number", "A rows", "A answer", "B number", "B rows", "B answer"),
    ]


@pytest.mark.parametrize("module", [csv, pdf])
@pytest.mark.parametrize("samples", [[papers.japanese()], [papers.worksheet(), papers.worksheet()]])
def test_there_is_no_table_over_one_variant_or_over_assignments(module: Writer, samples: Sequence[Printable]) -> None:
    assert "variants" not in str([file.path for file in module.together(samples, Templates())])  # type: ignore[attr-defined]


class Traced(Paper):
    """A paper whose end can be seen."""


class Lowered(Sequence[Paper]):
    """Papers made when they are asked for; `most` is how many of them were ever alive together."""

    def __init__(self, count: int) -> None:
        self.count, self.alive, self.most = count, 0, 0

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, place: Any) -> Any:
        if not 0 <= place < self.count:
            raise IndexError
        whole = replace(papers.every_kind("en"), variant="", student=Student(f"s{place}"))
        made = Traced(**{field.name: getattr(whole, field.name) for field in fields(whole)})
        self.alive += 1
        self.most = max(self.most, self.alive)
        finalize(made, self._gone)
        return made

    def _gone(self) -> None:
        self.alive -= 1


@pytest.mark.parametrize("module", [csv, pdf])
def test_a_rosters_papers_are_not_all_in_memory_at_once_and_too_many_for_print_are_in_the_csv_alone(
    module: Writer,
) -> None:
    students = Lowered(pdf.MOST_VARIANTS + 1)
    files = [str(file.path) for file in module.together(students, Templates())]  # type: ignore[attr-defined]
    assert ("teacher/variants.csv" in files, "teacher/variants.pdf" in files) == (module is csv, False)
    assert students.most <= 2


def test_the_printed_table_has_every_variant_and_every_question() -> None:
    samples = [replace(papers.every_kind("en"), variant=f"V{number}") for number in range(7)]
    (file,) = (file for file in pdf.together(samples, Templates()) if file.path.name == "variants.pdf")
    said = "".join(pages(file.data))
    assert re.findall(r"\[(V\d)\]", said) == [one.variant for one in samples]
    blocks = said.split("Question")[1:]
    assert len(blocks) > 1
    assert all(q.id in block for block in blocks for q in samples[0].questions)
    matching = samples[0].questions[3].response
    assert said.count(matching.key.replace(" ", "")) == len(samples)


# A letter with its place on a page, as printed.
Letter = tuple[int, str, float, float]


def letters(data: bytes) -> Counter[Letter]:
    document = pypdfium2.PdfDocument(data)
    try:
        return Counter(found for number, page in enumerate(document) for found in on_page(number, page.get_textpage()))
    finally:
        document.close()


def on_page(number: int, page: pypdfium2.PdfTextPage) -> Iterator[Letter]:
    for place in range(page.count_chars()):
        left, bottom, _, _ = page.get_charbox(place)
        if letter := page.get_text_range(place, 1).strip():
            yield number, letter, round(left, 1), round(bottom, 1)


def both(sample: Paper) -> tuple[bytes, bytes]:
    """A student's booklet and the teacher's copy of it."""
    press = Press(Templates(), sample.pictures, sample.printing.size)
    return press.pdf(pdf.booklet_html(sample, Templates())), press.pdf(pdf.overlay_html(sample, Templates()))


WAYS = {
    "sections": papers.japanese(),
    "numbered": replace(papers.every_kind("ja"), printing=Printing()),
    "unnumbered": replace(papers.every_kind("en"), printing=Printing(answer_numbers=False, cover=False)),
    "booklet": replace(papers.every_kind("ja"), printing=Printing(answers="booklet", size="B5")),
    "boxes": replace(papers.every_kind("en"), printing=Printing(answers="boxes")),
}


@pytest.mark.parametrize("sample", WAYS.values(), ids=list(WAYS))
def test_the_teachers_copy_moves_no_letter_of_the_booklet(sample: Paper) -> None:
    students, teachers = map(letters, both(sample))
    assert students - teachers == Counter()
    assert teachers - students != Counter()


def test_the_teachers_copy_reads_in_the_booklets_order() -> None:
    choice = plain_choice(1, 2)
    groups = tuple(
        Group((replace(question(number, choice), text=text(f"Asked{number}.")),), text(f"Given{number}."))
        for number in (1, 2)
    )
    sample = replace(paper(), sections=(Section(1, "Headed", groups, text("Led.")),), printing=Printing(cover=False))
    order = ["Headed", "Led", "Given1", "Asked1", "Given2", "Asked2", "Endofexam"]
    for data in both(sample):
        assert re.findall("|".join(order), "".join(pages(data))) == order


def in_red(sample: Paper) -> list[str]:
    """What the teacher's copy adds to the booklet's text, piece by piece."""
    page = html.fromstring(pdf.overlay_html(sample, Templates()))
    found = page.xpath("//*[contains(@class, 'filled') or contains(@class, 'noted')]")
    return [" ".join(piece.text_content().split()) for piece in found]


def test_the_teachers_copy_has_the_key_beside_the_numbers_of_rows_or_below_its_question() -> None:
    assert in_red(WAYS["numbered"]) == [
        *("kubectl / kubectlコマンド", "0.2 ± 0.001 CPU"),
        *("エ", "ウ", "ア"),
        *("イ", "ア", "ウ"),
        "解説を見よ",
        *("(1) kube-scheduler / スケジューラー (3) 6443 ± 0.5", "イ"),
    ]


def test_the_teachers_copy_of_a_booklet_to_write_in_has_the_key_in_its_boxes() -> None:
    assert in_red(WAYS["booklet"]) == [
        *("ア", "kubectl / kubectlコマンド", "0.2 ± 0.001 CPU"),
        *("エ", "ウ", "ア"),
        *("イ", "ア", "ウ"),
        "解説を見よ",
        "(1) kube-scheduler / スケジューラー (3) 6443 ± 0.5",
    ]


def right_options(response: Response) -> int:
    match response:
        case Choice():
            return len(response.right)
        case Cloze(gaps):
            return sum(right_options(gap.response) for gap in gaps)
        case _:
            return 0


@pytest.mark.parametrize("sample", WAYS.values(), ids=list(WAYS))
def test_the_teachers_copy_circles_every_right_choice_and_a_booklet_none(sample: Paper) -> None:
    mark = re.compile(r'class="[^"]*\b(marked|filled|noted)\b')
    count = sum(right_options(question.response) for question in sample.questions)
    assert mark.findall(pdf.overlay_html(sample, Templates())).count("marked") == count
    assert mark.findall(pdf.booklet_html(sample, Templates())) == []


def test_the_teachers_copy_says_on_every_page_that_it_is_one() -> None:
    sample = WAYS["sections"]
    said = [page.count("教員用：正解入り") for page in pages(both(sample)[1])]
    assert said == [1] * len(said)


def test_the_key_in_place_lies_with_the_teachers_papers_alone() -> None:
    paths = [str(file.path) for file in pdf.write([paper(question(1, plain_choice(1, 2)))], Templates())]
    assert [path for path in paths if "overlay" in path] == ["teacher/A/overlay.pdf"]


def thirty(language: papers.Language, *, size: Literal["A4", "B5", "Letter"] = "A4") -> Paper:
    """An exam as long as schools have: thirty questions in five sections, most with several right choices."""
    asked = [
        question(n, plain_choice(1 + n % 3, 3), name=f"kubernetes/what-orchestration-does-{n}") for n in range(1, 31)
    ]
    parts = [asked[start : start + 6] for start in range(0, 30, 6)]
    sections = tuple(
        Section(n, f"Kubernetes {n}", tuple(Group((q,)) for q in part)) for n, part in enumerate(parts, start=1)
    )
    whole = replace(paper(language=language, scoring=Scoring("net-correct")), sections=sections)
    return replace(whole, course="コンテナ技術", printing=Printing(size=size))


@pytest.mark.parametrize("sample", [thirty("ja"), thirty("en", size="Letter"), thirty("ja", size="B5")])
def test_the_key_of_thirty_questions_is_one_page(sample: Paper) -> None:
    (file,) = (file for file in pdf.write([sample], Templates()) if file.path.name == "answer-key.pdf")
    (page,) = pages(file.data)
    assert all(question.id in page for question in sample.questions)


def test_the_printed_key_has_rows_answers_and_points() -> None:
    html_key = html.fromstring(pdf.answer_key_html(papers.every_kind("ja"), Templates()))
    lines = [
        [" ".join(cell.text_content().split()) for cell in row.xpath("td")]
        for row in html_key.xpath("//tr[td[@class='rule']]")
    ]
    assert [line[:4] for line in lines] == [
        ["1", "1", "ア", "1"],
        ["2", "", "kubectl / kubectlコマンド", "2"],
        ["3", "", "0.2 ± 0.001 CPU", "2"],
        ["4", "2–4", "2 エ 3 ウ 4 ア", "3"],
        ["5", "5–7", "5 イ 6 ア 7 ウ", "3"],
        ["6", "", "解説を見よ", "5"],
        ["7", "8", "(1) kube-scheduler / スケジューラー (2) 8 イ (3) 6443 ± 0.5", "3"],
    ]
