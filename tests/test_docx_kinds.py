"""Word files of every response kind: they agree with the paper, and a student's with nothing of its key."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise, permutations
from pathlib import Path
from typing import assert_never
from zipfile import ZipFile

import docx
import pytest
from lxml import etree

import papers
from quizgen.paper import (
    Blank,
    Choice,
    Cloze,
    Gap,
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
)
from quizgen.richtext.plain import to_plain
from quizgen.richtext.tree import Blocks, Math
from quizgen.templates import Templates, shipped
from word import W, documents, paragraphs, part, rows, shown, styled

BOOKLET, KEY, EXPLANATIONS = "student/A/booklet.docx", "teacher/A/answer-key.docx", "teacher/A/explanations.docx"
LANGUAGES = ("ja", "en")
WORDS = {"ja": ("答", "【数値】", "解説を見よ", "、"), "en": ("Answer:", "[A number]", "see the explanation", ", ")}
FIGURE_SPACE = chr(0x2007)
IN_BOOKLET = Printing(cover=False, answers="booklet", answer_numbers=False)


def only(question: Question, paper: Paper) -> Paper:
    """The paper with nothing but this question."""
    return replace(paper, sections=papers.paper(question).sections)


def asked(response: Response, text: Blocks = ()) -> Paper:
    """A paper whose one question has this response."""
    return papers.paper(replace(papers.question(1, response), **({"text": text} if text else {})))


def kind(paper: Paper, wanted: type[Response]) -> Question:
    """The paper's first question with that kind of response."""
    return next(question for question in paper.questions if isinstance(question.response, wanted))


def listed(parts: tuple[Option | Item, ...]) -> list[str]:
    """Labels and texts as they stand in a list of choices, in a row."""
    return [said for part in parts for said in (part.label, to_plain(part.text).strip())]


def choices(data: bytes) -> list[str]:
    return [said for line in paragraphs(data, "Choice") for said in line.split("\t")]


def boxes(data: bytes, style: str) -> list[str]:
    """What stands in the framed runs of a style."""
    found = part(data).iter(f"{W}r")
    return [shown(run) for run in found if run.find(f"{W}rPr/{W}rStyle[@{W}val='{style}']") is not None]


def table(data: bytes, after: str) -> list[list[str]]:
    """The first table behind the question that begins so."""
    (question,) = [found for found in styled(data, "Question") if after in shown(found)]
    return rows(next(question.itersiblings(f"{W}tbl")))


@pytest.fixture(scope="module", params=LANGUAGES)
def paper(request: pytest.FixtureRequest) -> Paper:
    return replace(papers.every_kind(request.param), printing=IN_BOOKLET)


@pytest.fixture(scope="module")
def files(paper: Paper) -> dict[str, bytes]:
    return documents(paper)


def test_every_kind_is_asked_in_the_papers_order(paper, files):
    heads = [line for line in paragraphs(files[BOOKLET], "Question") if "\t" in line]
    assert len(heads) == len(paper.questions) == 7
    for head, question in zip(heads, paper.questions, strict=True):
        first = to_plain(question.text).splitlines()[0].translate(str.maketrans("", "", "`[]"))
        assert head.replace("\u00a0", "").endswith(first)


def test_a_number_is_asked_for_as_one(paper, files):
    marked = [WORDS[paper.language][1] in line for line in paragraphs(files[BOOKLET], "Question") if "\t" in line]
    numbers = [isinstance(q.response, Blank) and q.response.tolerance is not None for q in paper.questions]
    assert marked == numbers
    assert any(numbers)


def test_a_blank_is_a_line_with_its_unit(paper, files):
    units = [question.response.unit for question in paper.questions if isinstance(question.response, Blank)]
    lines = [line for line in paragraphs(files[BOOKLET], "AnswerLine") if line.startswith(WORDS[paper.language][0])]
    assert lines == [f"{WORDS[paper.language][0]} \t {unit}" for unit in units]


def test_a_text_has_as_many_lines_as_the_author_wants(paper, files):
    assert paragraphs(files[BOOKLET], "WritingLine") == [""] * kind(paper, Lines).response.count


def test_stems_stand_beside_empty_boxes_and_the_options_below(paper):
    question = kind(paper, Matching)
    data = documents(only(question, paper))[BOOKLET]
    stems = [[stem.label, "", "", to_plain(stem.text).strip()] for stem in question.response.stems]
    assert table(data, to_plain(question.text)) == stems
    assert choices(data) == listed(question.response.options)


def test_items_stand_as_printed_above_a_box_for_each(paper):
    question = kind(paper, Ordering)
    data = documents(only(question, paper))[BOOKLET]
    assert choices(data) == listed(question.response.items)
    (line,) = paragraphs(data, "OrderLine")
    arrows = line.removeprefix(WORDS[paper.language][0]).split("→")
    assert [box.strip(" ") for box in arrows] == boxes(data, "BlankBox")
    assert len(arrows) == len(question.response.items)
    assert set("".join(boxes(data, "BlankBox"))) == {FIGURE_SPACE}


def test_gaps_are_numbered_boxes_in_the_text_with_a_row_for_each_below(paper):
    question = kind(paper, Cloze)
    data = documents(only(question, paper))[BOOKLET]
    labels = [gap.label for gap in question.response.gaps]
    assert [box.strip() for box in boxes(data, "Gap")] == labels
    number = WORDS[paper.language][1]
    for (label, row), gap in zip(table(data, labels[0]), question.response.gaps, strict=True):
        assert label.split() == [gap.label]
        if isinstance(gap.response, Choice):
            assert row.split("\t") == listed(gap.response.options)
        else:
            assert row.strip() == (number if gap.response.tolerance is not None else "")


def answers(question: Question, language: str, *, in_table: bool = False) -> str:
    """What the key says of a question."""
    _, _, see, comma = WORDS[language]
    match question.response:
        case Choice() as response:
            return comma.join(option.label for option in response.right)
        case Lines():
            return see
        case Matching(stems) if in_table:
            return "  ".join(f"{stem.label} {stem.right}" for stem in stems)
        case Blank() | Matching() | Ordering() | Cloze() as response:
            return response.key
        case _:
            assert_never(question.response)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_the_key_answers_every_kind(paper, files):
    key = part(files[KEY]).findall(f".//{W}tbl")[1]
    wanted = [[str(question.number), answers(question, paper.language, in_table=True)] for question in paper.questions]
    assert [[plain(cell) for cell in row[:2]] for row in rows(key)[1:-1]] == wanted


RULES = {
    "ja": """1つ選択
正解と一致（大文字・小文字を区別）
許容範囲の数値
正しい組ごとに +1
位置の正しい項目ごとに +1
採点者が判定
空所ごとに +1""",
    "en": """+1 each right choice, −1 each wrong one, not below 0
An accepted answer
A number within the tolerance
1 for each right pair
1 for each item in its place
Marked by hand
1.25 for each gap; a wrong choice costs 0.3125""",
}


def test_the_key_tells_of_every_kind_what_points_are_given_for(paper, files):
    key = part(files[KEY]).findall(f".//{W}tbl")[1]
    assert [row[3] for row in rows(key)[1:-1]] == RULES[paper.language].splitlines()


def test_a_model_answer_that_is_not_there_is_not_pointed_at():
    files = documents(asked(Lines(3)))
    key = part(files[KEY]).findall(f".//{W}tbl")[1]
    assert rows(key)[1][1] == "—"


def test_explanations_answer_every_kind(paper, files):
    said = [plain(line) for line in paragraphs(files[EXPLANATIONS], "Answer")]
    model = {"ja": "解答例", "en": "Model answer"}[paper.language]
    head = {"ja": "正解", "en": "Answer"}[paper.language]
    assert said == [
        f"{model}  {question.id}"
        if isinstance(question.response, Lines)
        else f"{head}  {answers(question, paper.language)}  {question.id}"
        for question in paper.questions
    ]


def test_explanations_fill_the_boxes_and_mark_right_choices_in_gaps(paper, files):
    data = files[EXPLANATIONS]
    pairs = kind(paper, Matching)
    filled = [[stem.label, stem.right, "", to_plain(stem.text).strip()] for stem in pairs.response.stems]
    assert table(data, to_plain(pairs.text)) == filled
    right = [q.response for q in paper.questions if isinstance(q.response, Choice)]
    right += [gap.response for gap in kind(paper, Cloze).response.gaps if isinstance(gap.response, Choice)]
    marked = [said.split("\t")[1:] for said in paragraphs(data, "RightChoice")]
    assert marked == [listed((option,)) for response in right for option in response.right]


def other_key(response: Response) -> Response:
    """The response with everything changed that only its key holds."""
    match response:
        case Choice():
            return replace(response, options=tuple(map(_other_option, response.options)))
        case Blank():
            tolerance = None if response.tolerance is None else response.tolerance + 7
            return replace(response, accepted=("-1", "-2"), match_case=not response.match_case, tolerance=tolerance)
        case Lines():
            return response
        case Matching():
            labels = [option.label for option in response.options]
            stems = tuple(_other_stem(stem, labels) for stem in response.stems)
            return Matching(stems, tuple(map(_other_option, response.options)))
        case Ordering():
            count = len(response.items)
            return Ordering(tuple(replace(item, place=count + 1 - item.place) for item in response.items))
        case Cloze():
            return Cloze(tuple(replace(gap, response=other_key(gap.response)) for gap in response.gaps))
        case _:
            assert_never(response)


def _other_option(option: Option) -> Option:
    return replace(option, id=f"z{option.id}", right=not option.right, feedback=papers.text("Well."))


def _other_stem(stem: Stem, labels: list[str]) -> Stem:
    return replace(stem, right=labels[(labels.index(stem.right) + 1) % len(labels)])


def _otherwise(question: Question) -> Question:
    told = {"id": "x/y", "explanation": papers.text("Another reason"), "difficulty": "hard", "tags": ("z",)}
    return replace(question, response=other_key(question.response), **told)


def _section(section: Section) -> Section:
    groups = tuple(replace(g, questions=tuple(map(_otherwise, g.questions))) for g in section.groups)
    return replace(section, groups=groups)


@pytest.mark.parametrize(
    "paper",
    [papers.japanese(), papers.english(), papers.every_kind("ja"), papers.every_kind("en")],
    ids=["ja", "en", "kinds-ja", "kinds-en"],
)
def test_a_students_file_does_not_depend_on_the_key(paper):
    other = replace(paper, sections=tuple(map(_section, paper.sections)))
    one, two = documents(paper), documents(other)
    assert one[BOOKLET] == two[BOOKLET]
    assert one[KEY] != two[KEY]


def test_the_same_paper_of_every_kind_gives_the_same_bytes(paper, files):
    assert documents(paper) == files


def test_all_of_a_question_of_any_kind_stays_on_one_page(files):
    document = part(files[BOOKLET])
    styles = {found.get(f"{W}styleId"): found for found in part(files[BOOKLET], "word/styles.xml")}
    body = list(document.iter(f"{W}p"))
    first = body.index(styled_in(body, "Question")[0])
    heads = styled_in(body, "Question")
    after = [body[at + 1] for at in range(first, len(body) - 1) if not held(body[at], styles)]
    assert [found for found in after if found not in heads] == []
    assert len(after) == 6


def styled_in(body: list[etree._Element], style: str) -> list[etree._Element]:
    return [found for found in body if name_of(found) == style]


def name_of(paragraph: etree._Element) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "Normal" if style is None else style.get(f"{W}val")


def held(paragraph: etree._Element, styles: dict[str, etree._Element]) -> bool:
    """Whether a paragraph is kept with the next, by itself or by its style."""
    own = paragraph.find(f"{W}pPr/{W}keepNext")
    if own is not None:
        return own.get(f"{W}val") != "0"
    style = styles[name_of(paragraph)]
    while style.find(f"{W}pPr/{W}keepNext") is None:
        based_on = style.find(f"{W}basedOn")
        if based_on is None:
            return False
        style = styles[based_on.get(f"{W}val")]
    return True


def lines(*texts: str, templates: Templates | None = None) -> list[str]:
    """The lines of a booklet's choices with these texts."""
    options = papers.options("en", "a", {chr(97 + at): papers.text(said) for at, said in enumerate(texts)})
    return paragraphs(documents(asked(Choice(options, many=False)), templates)[BOOKLET], "Choice")


@pytest.mark.parametrize(
    ("texts", "counts"),
    [
        (["one"] * 4, [4]),
        (["one"] * 3, [3]),
        (["one"] * 6, [3, 3]),
        (["one"] * 5, [4, 1]),
        (["正しくない", "正しい"], [2]),
        (["sixteen letters:"] * 4, [2, 2]),
        (["sixteen letters:"] * 3, [3]),
        (["as many as forty letters and even more of them"] * 4, [1, 1, 1, 1]),
        (["全角の文字が二十を超えて続くような長い選択肢"] * 2, [1, 1]),
    ],
)
def test_short_choices_share_lines(texts, counts):
    assert [line.count("\t") // 2 + 1 for line in lines(*texts)] == counts


def test_the_widest_choice_alone_says_how_many_share_a_line():
    orders = permutations(["one", "two", "some twenty letters:", "three"])
    assert {tuple(line.count("\t") for line in lines(*order)) for order in orders} == {(3, 3)}


@pytest.mark.parametrize(
    "text", [papers.text("see ", Math("x")), papers.text("a") + papers.text("b"), (papers.code("", "x"),)]
)
def test_choices_of_more_than_words_stand_alone(text):
    options = papers.options("en", "a", {"a": papers.text("x"), "b": text})
    assert [line[0] for line in paragraphs(documents(asked(Choice(options, many=False)))[BOOKLET], "Choice")][:2] == [
        "A",
        "B",
    ]


@pytest.mark.parametrize(("in_gap", "left", "room"), [(False, 567, 9638), (True, 0, 7937 - 216)])
def test_choices_on_a_line_begin_at_stops_that_share_the_room(in_gap, left, room):
    choice = papers.plain_choice(1, 3, many=False)
    data = documents(asked(Cloze((Gap("(1)", choice),)) if in_gap else choice))[BOOKLET]
    (line,) = [found for found in styled(data, "Choice") if "option" in shown(found)]
    stops = [int(stop.get(f"{W}pos")) for stop in line.iter(f"{W}tab") if stop.get(f"{W}val") == "left"]
    labels, texts = [left, *stops[1::2]], stops[::2]
    assert len(labels) == len(texts) == 4
    assert {text - label for label, text in zip(labels, texts, strict=True)} == {454}
    assert {after - label for label, after in pairwise(labels)} == {(room - left) // 4}
    cleared = [int(stop.get(f"{W}pos")) for stop in line.iter(f"{W}tab") if stop.get(f"{W}val") == "clear"]
    assert cleared == ([1021] if in_gap else [])


def own_template(folder: Path, change: dict[str, str]) -> Templates:
    """A project's booklet in which some XML is changed."""
    with ZipFile(shipped() / "booklet.docx") as source, ZipFile(folder / "booklet.docx", "w") as target:
        for name in source.namelist():
            data = source.read(name).decode()
            for old, new in change.items() if name == "word/document.xml" else ():
                assert old in data
                data = data.replace(old, new)
            target.writestr(name, data)
    return Templates(folder)


def test_a_page_of_two_columns_has_fewer_choices_on_a_line(tmp_path):
    narrow = own_template(tmp_path, {'<w:cols w:space="425"/>': '<w:cols w:num="2" w:space="438"/>'})
    assert [line.count("\t") // 2 + 1 for line in lines("one", "two", "six", "ten", templates=narrow)] == [2, 2]


def test_larger_letters_leave_room_for_fewer_choices_on_a_line(tmp_path):
    document = docx.Document(shipped() / "booklet.docx")
    document.styles["Choice"].font.size = docx.shared.Pt(20)
    document.save(tmp_path / "booklet.docx")
    large = Templates(tmp_path)
    assert [line.count("\t") // 2 + 1 for line in lines(*["ten letters"] * 4, templates=large)] == [2, 2]


def test_an_older_template_that_lists_choices_by_itself_still_works(tmp_path):
    row = "{{ row.columns }}{% for option in row.options %}"
    older = own_template(
        tmp_path,
        {
            "question.response | rows": "question.response.options | batch(1)",
            row: "{% for option in row %}",
            "question.response is multiple": "question.response.many",
        },
    )
    assert lines("one", "two", templates=older) == ["A\tone", "B\ttwo"]


def test_stems_options_and_items_may_hold_what_any_text_may():
    rich = (papers.paragraph("Read:"), papers.code("", "x"))
    stem = Stem("(1)", rich, "A")
    option = Option("a", "A", (papers.paragraph(papers.Image(papers.PHOTO.name, "a plan")),), right=True)
    item = Item("B", (papers.Table(("",), (papers.cell("head"),), ((papers.cell("cell"),),)),), 1)
    for response in (Matching((stem,), (option,)), Ordering((item,))):
        shown_paper = replace(asked(response), pictures=papers.PICTURES)
        for data in documents(shown_paper).values():
            assert {cell[-1].tag for cell in part(data).iter(f"{W}tc")} == {f"{W}p"}
    booklet = documents(replace(asked(Matching((stem,), (option,))), pictures=papers.PICTURES))[BOOKLET]
    assert paragraphs(booklet, "Code") == ["x"]


def test_a_blank_of_a_decimal_tolerance_shows_a_student_none(paper):
    question = replace(kind(paper, Blank), response=Blank(("0.25",), tolerance=Decimal("0.125")))
    data = documents(only(question, paper))[BOOKLET]
    assert not any("0.25" in line or "0.125" in line for line in paragraphs(data))
