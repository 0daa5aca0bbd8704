"""Word files: the same words as the paper, built as Word builds them, and nothing that betrays the key or the maker."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from lxml import etree

import papers
from quizgen.language import catalog
from quizgen.paper import Paper, Printing, Worksheet
from quizgen.problems import QuizgenError
from quizgen.richtext.plain import to_plain
from quizgen.richtext.tree import (
    Blocks,
    CodeBlock,
    CodeToken,
    Image,
    Link,
    List,
    Math,
    MathBlock,
    Ruby,
    Strong,
    Table,
    Text,
    Width,
)
from quizgen.templates import Templates, shipped
from quizgen.writers.docx import TEMPLATES
from word import M, W, documents, paragraphs, part, rows, shown, styled

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
HOSTILE = "\x00\x08\x1b{{ paper.title }} {% for x in y %} {_{ a }_} <w:p/> ]]> &amp; \ud800\ufffe"
HARMLESS = "{{ paper.title }} {% for x in y %} {_{ a }_} <w:p/> ]]> &amp; "
PLAIN = Printing(cover=False, answer_numbers=False)
PROPERTIES_OF_A_PARAGRAPH = "pStyle keepNext keepLines pageBreakBefore numPr pBdr shd tabs spacing ind jc textAlignment"


def booklet(text: Blocks, paper: Paper | None = None, templates: Templates | None = None) -> bytes:
    """The booklet of a paper whose one question has this text."""
    question = replace(papers.question(1, papers.plain_choice(1, 1)), text=text)
    usual = paper or replace(papers.paper(), printing=PLAIN)
    asked = replace(usual, sections=papers.paper(question).sections, pictures=papers.PICTURES)
    return documents(asked, templates)["student/A/booklet.docx"]


def test_a_booklet_shows_every_question_with_its_choices_in_the_papers_order():
    data = documents(replace(papers.english(), printing=PLAIN))["student/A/booklet.docx"]
    asked = paragraphs(data, "Question")
    assert asked == [
        "1.\t(2 points) Which command shows what the container web has printed so far?",
        "2.\t(4 points) [Select all that apply] ",
        "Read the program; which statements are true?\n(h)",
    ]
    assert paragraphs(data, "Choice") == [
        "A\tdocker logs web\tB\tdocker top web\tC\tdocker cat web",
        "A\tIt prints three lines.",
        "B\tIt never ends.",
        "C\tIt needs Θ(n) steps.",
        "D\t",
    ]


def test_a_japanese_booklet_speaks_japanese():
    lines = paragraphs(documents(papers.japanese())["student/A/booklet.docx"])
    assert "第1問  \t解答番号 1～2   （配点 6点）" in lines
    assert (
        "問4\t（3.5点） 解答番号\u00a0\u00a04\u00a0 【複数選択】 "
        "図から読み取れることを二つ選べ(順不同)。関数 f(y) と ( ) は無関係である :-)"
    ) in lines
    assert lines[-1] == "問題は以上"
    assert any("満点\u00a012.5点" in line for line in lines)


def test_a_student_finds_their_own_name_printed():
    data = documents(replace(papers.japanese(), student=papers.STUDENT))["student/s001/booklet.docx"]
    lines = paragraphs(data)
    assert [lines[lines.index(label) + 1] for label in ("受験番号", "氏名")] == ["s001", "山田 花子"]
    assert "座席\u00a0A-1" in (line.strip() for line in lines)
    assert "s001 山田 花子" in shown(part(data, "word/header1.xml"))


def test_the_key_is_a_table_of_numbers_labels_points_and_what_they_are_given_for():
    table = part(documents(papers.japanese())["teacher/A/answer-key.docx"]).findall(f".//{W}tbl")[1]
    assert rows(table) == [
        ["番号", "解答番号", "正解", "配点", "採点方式", "問題"],
        ["第1問", "6", ""],
        ["1", "1", "イ", "2", "1つ選択", "docker/stop"],
        ["2", "2", "ア、エ", "4", "正しい選択 +2、誤り −4/3（下限0点）", "docker/layers"],
        ["第2問", "6.5", ""],
        ["3", "3", "ウ", "3", "1つ選択", "k8s/cpus"],
        ["4", "4", "ア、ウ", "3.5", "正しい選択 +1.75、誤り −3.5（下限0点）", "k8s/roles"],
        ["合計", "12.5", "4問"],
    ]


@pytest.mark.parametrize("rule", ["all-or-nothing", "net-correct", "each-choice"])
def test_the_key_tells_how_points_are_given(rule):
    paper = papers.english()
    lines = paragraphs(
        documents(replace(paper, scoring=replace(paper.scoring, multiple=rule)))["teacher/A/answer-key.docx"]
    )
    told = {
        "all-or-nothing": "All right choices and no other",
        "net-correct": "+2 each right choice, −2 each wrong one, not below 0",
        "each-choice": "1 for each choice rightly marked or rightly left",
    }
    assert [rule for rule, words in told.items() if words in lines] == [rule]
    assert "One choice; a wrong one costs 0.5" in lines


def test_explanations_mark_the_right_choices_and_explain_them():
    data = documents(papers.japanese())["teacher/A/explanations.docx"]
    assert paragraphs(data, "RightChoice")[:2] == ["○\tイ\tdocker stop web", "○\tア\t命令ごとに層が積み重なる。"]
    assert paragraphs(data, "Feedback") == ["bが正しい。"]
    assert paragraphs(data, "Answer")[0] == "正解  イ  docker/stop"
    assert "stop はSIGTERMを送り、10秒待ってからSIGKILLを送る。" in paragraphs(data, "Explanation")


def test_assignments_show_students_all_but_the_solution():
    files = documents(papers.worksheet("ja"))
    student, teacher = paragraphs(files["student/A/assignments.docx"]), paragraphs(files["teacher/A/assignments.docx"])
    for line in ("課題1  nginxを8081番で動かす\t20点  30分", "HTTP/1.1 200 OK", "□\t可 （5点）", "無料", "8081"):
        assert line in student
        assert line in teacher
    solution = "docker run -d --name web -p 8081:80 nginx:1.27"
    assert (solution in student, solution in teacher) == (False, True)
    assert ("解答例" in student, "解答例" in teacher) == (False, True)


def test_assignments_begin_with_a_cover_that_lists_them():
    cover = part(documents(papers.worksheet("ja"))["student/A/assignments.docx"]).findall(f".//{W}tbl")[2]
    assert rows(cover) == [
        ["番号", "課題", "時間", "配点", "得点"],
        ["1", "nginxを8081番で動かす", "30分", "20", ""],
        ["2", "感想", "", "2.5", ""],
        ["合計", "22.5", ""],
    ]


def test_a_students_assignments_do_not_depend_on_the_solution():
    worksheet = papers.worksheet("en")
    other = replace(
        worksheet, assignments=tuple(replace(a, solution=papers.text("none")) for a in worksheet.assignments)
    )
    name = "student/A/assignments.docx"
    assert documents(worksheet)[name] == documents(other)[name]


@pytest.mark.parametrize("printable", [papers.japanese(), papers.worksheet("ja")], ids=["exam", "assignments"])
def test_the_same_paper_gives_the_same_bytes_without_a_date(printable):
    files = documents(printable)
    assert files == documents(printable)
    for data in files.values():
        with zipfile.ZipFile(BytesIO(data)) as archive:
            assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_file_names_its_paper_and_nobody_who_made_it():
    data = documents(replace(papers.english(), title="Q & A <1>"))["teacher/A/answer-key.docx"]
    properties = {etree.QName(child).localname: child.text for child in part(data, "docProps/core.xml")}
    assert properties.pop("title") == "Answer key Q & A <1> [A]"
    assert properties.pop("language") == "en-US"
    assert properties == {"creator": None, "lastModifiedBy": None, "revision": "1"}
    assert shown(part(data, "docProps/app.xml")) == ""
    assert [child.text for child in part(data, "docProps/app.xml")] == ["quizgen"]


def test_pages_are_numbered_by_word_itself():
    footer = part(documents(papers.english())["student/A/booklet.docx"], "word/footer1.xml")
    assert [field.get(f"{W}instr").strip() for field in footer.iter(f"{W}fldSimple")] == ["PAGE", "NUMPAGES"]


def formula(latex: str, *, display: bool = False) -> etree._Element:
    text = (MathBlock(latex),) if display else papers.text(Math(latex))
    return next(part(booklet(text)).iter(f"{M}oMath"))


def argument(element: etree._Element, *path: str) -> str:
    found = element.find("/".join(f"{M}{tag}" for tag in path))
    assert found is not None
    return shown(found)


def test_a_fraction_is_words_own_fraction():
    fraction = formula(r"\frac{a+b}{2}").find(f"{M}f")
    assert (argument(fraction, "num"), argument(fraction, "den")) == ("a+b", "2")


def test_roots_have_their_degree():
    square, cube = formula(r"\sqrt{x} + \sqrt[3]{y}").findall(f"{M}rad")
    assert square.find(f"{M}radPr/{M}degHide") is not None
    assert (argument(square, "e"), argument(cube, "deg"), argument(cube, "e")) == ("x", "3", "y")


def test_a_sum_holds_its_bounds_and_its_term():
    total = formula(r"\sum_{i=1}^{n} i^2 + 1", display=True).find(f"{M}nary")
    assert total.find(f"{M}naryPr/{M}chr").get(f"{M}val") == "∑"
    assert total.find(f"{M}naryPr/{M}limLoc").get(f"{M}val") == "undOvr"
    assert [argument(total, name) for name in ("sub", "sup", "e")] == ["i=1", "n", "i2"]


def test_scripts_stand_at_the_whole_fence():
    power = formula(r"\left(\frac{1}{2}\right)^n").find(f"{M}sSup")
    fence = power.find(f"{M}e/{M}d")
    assert [fence.find(f"{M}dPr/{M}{end}").get(f"{M}val") for end in ("begChr", "endChr")] == ["(", ")"]
    assert (argument(fence, "e", "f", "num"), argument(power, "sup")) == ("1", "n")


def test_an_absolute_value_with_a_power_is_a_fence_with_a_power():
    power = formula(r"|x|^2 + 1").find(f"{M}sSup")
    assert (argument(power, "e", "d", "e"), argument(power, "sup")) == ("x", "2")


def test_a_bar_that_opens_nothing_stays_a_bar():
    assert shown(formula("P(A|B)")) == "P(A|B)"


def test_cases_are_a_brace_with_a_matrix():
    fence = formula(r"f = \begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}").find(f"{M}d")
    assert fence.find(f"{M}dPr/{M}endChr").get(f"{M}val") == ""
    assert [[shown(cell) for cell in row] for row in fence.iter(f"{M}mr")] == [["1", "x>0"], ["0", "x≤0"]]


def test_a_limit_holds_what_it_is_the_limit_of():
    limit = formula(r"\lim_{n \to \infty} a_n = 0").find(f"{M}func")
    assert argument(limit, "fName", "limLow", "lim") == "n→∞"
    assert argument(limit, "e") == "an"


def test_accents_units_and_words_keep_their_kind():
    found = formula(r"\hat{x} + \overline{ab} + 3\,\mathrm{m} \text{ if } y")
    assert found.find(f"{M}acc/{M}accPr/{M}chr").get(f"{M}val") == "\u0302"
    assert argument(found, "bar", "e") == "ab"
    upright = [shown(run) for run in found.iter(f"{M}r") if run.find(f"{M}rPr/{M}nor") is not None]
    assert upright == ["m", " if "]


def test_bounds_of_integrals_stand_beside_and_of_sums_in_a_line_too():
    integral, total = formula(r"\int_0^1 x + \sum_i i").findall(f"{M}nary")
    assert [argument(integral, name) for name in ("sub", "sup", "e")] == ["0", "1", "x"]
    assert (argument(total, "sub"), shown(total.find(f"{M}sup"))) == ("i", "")
    assert [found.find(f"{M}naryPr/{M}limLoc").get(f"{M}val") for found in (integral, total)] == ["subSup"] * 2


def test_what_stands_below_and_above_keeps_its_place():
    found = formula(r"\underbrace{a+b}_{n} + \overset{f}{x} + \binom{n}{k} + x_1^2", display=True)
    assert argument(found, "limLow", "e", "groupChr", "e") == "a+b"
    assert (argument(found, "limLow", "lim"), argument(found, "limUpp", "lim")) == ("n", "f")
    assert found.find(f"{M}d/{M}e/{M}f/{M}fPr/{M}type").get(f"{M}val") == "noBar"
    assert [argument(found, "sSubSup", name) for name in ("e", "sub", "sup")] == ["x", "1", "2"]


def test_boxes_and_strikes_are_borders():
    box, struck = formula(r"\boxed{x} \cancel{y}").findall(f"{M}borderBox")
    assert box.find(f"{M}borderBoxPr") is None
    assert struck.find(f"{M}borderBoxPr/{M}strikeBLTR") is not None


def test_spaces_are_as_wide_as_written():
    assert shown(formula(r"a\,b\quad c\qquad d\hspace{1cm}e\hspace{900em}f")) == (
        f"a\u2009b\u2003c\u2003\u2003d\u2003\u2003\u2002e{chr(0x2003) * 40}f"
    )


def test_an_arrow_may_have_words_on_both_sides():
    arrow = formula(r"a \xrightarrow[g]{f} b \phantom{c}")
    assert (argument(arrow, "limUpp", "lim"), argument(arrow, "limUpp", "e", "limLow", "lim")) == ("f", "g")
    assert arrow.find(f"{M}phant/{M}phantPr/{M}show").get(f"{M}val") == "0"


@pytest.mark.parametrize(
    "latex",
    [r"{}^{14}C", r"\left.\frac{df}{dx}\right|_{x=0}", r"\begin{aligned}a&=b\\&=c\end{aligned}", r"\sum", r"\int_0^1"],
)
def test_no_argument_of_an_equation_is_left_empty(latex):
    found = formula(latex, display=True)
    assert all(len(box) for box in found.iter(f"{M}e", f"{M}num", f"{M}den"))


def test_a_formula_on_its_own_line_is_a_paragraph_of_maths():
    assert next(part(booklet((MathBlock("x"),))).iter(f"{M}oMathPara")).getparent().tag == f"{W}p"


def test_a_reading_stands_above_its_characters():
    ruby = next(part(booklet(papers.text(Ruby("容器", "ようき")))).iter(f"{W}ruby"))
    assert (shown(ruby.find(f"{W}rubyBase")), shown(ruby.find(f"{W}rt"))) == ("容器", "ようき")


def test_hostile_text_is_shown_and_never_run():
    text = papers.text(HOSTILE)
    option = replace(papers.plain_choice(1, 1).options[0], label=HOSTILE, text=text)
    question = papers.question(1, papers.Choice((option,), many=False))
    paper = replace(papers.paper(question), title=HOSTILE, course=HOSTILE, student=papers.Student("s1", HOSTILE))
    data = documents(paper)["student/s1/booklet.docx"]
    lines = paragraphs(data)
    assert lines.count(HARMLESS) == 3
    assert f"{HARMLESS}\t{HARMLESS}" in lines
    assert HARMLESS in shown(part(data, "word/header1.xml"))


def test_code_keeps_its_lines_spaces_and_tabs():
    rows_of_code = (
        (CodeToken("k", "if"), CodeToken("", "  x:")),
        (),
        (CodeToken("", "\ty"), CodeToken("c1", " # <z>")),
    )
    (block,) = styled(booklet((papers.paragraph("Read:"), CodeBlock("python", rows_of_code))), "Code")
    assert shown(block) == "if  x:\n\n\ty # <z>"
    assert [style.get(f"{W}val") for style in block.iter(f"{W}rStyle")] == ["CodeKeyword", "CodeComment"]


def test_every_list_counts_from_its_own_start():
    items = (papers.text("one"), (papers.paragraph("two"), List((papers.text("inner"),), start=1)))
    data = booklet((List(items, start=1), papers.paragraph("and"), List(items, start=5), List(items)))
    numbered = {}
    for paragraph in part(data).iter(f"{W}p"):
        number = paragraph.find(f"{W}pPr/{W}numPr/{W}numId")
        if number is not None and number.get(f"{W}val") != "0":
            level = paragraph.find(f"{W}pPr/{W}numPr/{W}ilvl").get(f"{W}val")
            numbered.setdefault((number.get(f"{W}val"), level), []).append(shown(paragraph))
    assert list(numbered.values()) == [["one", "two"], ["inner"], ["one", "two"], ["inner"], ["one", "two"], ["inner"]]
    numbering = part(data, "word/numbering.xml")
    starts = [
        numbering.find(f"{W}num[@{W}numId='{number}']/{W}lvlOverride/{W}startOverride").get(f"{W}val")
        for number, level in list(numbered)[:4]
        if level == "0"
    ]
    assert starts == ["1", "5"]


def test_a_table_repeats_its_header_and_aligns_its_columns():
    cells = (papers.cell("n1"), papers.cell(Strong(papers.cell("2"))))
    text = (Table(("left", "right"), (papers.cell("node"), papers.cell("CPU")), (cells, cells)),)
    (table,) = [found for found in part(booklet(text)).iter(f"{W}tbl") if "node" in shown(found)]
    assert rows(table) == [["node", "CPU"], ["n1", "2"], ["n1", "2"]]
    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in table.iter(f"{W}tr")] == [True, False, False]
    assert [side.get(f"{W}val") for side in table.iter(f"{W}jc")] == ["left", "right"] * 3


def test_a_wide_table_is_as_wide_as_the_room():
    long = papers.cell("長い説明" * 30)
    text = (
        Table(
            ("", "", ""),
            (papers.cell("n"), long, long),
            ((papers.cell("1"), long, papers.cell(papers.Image(papers.PHOTO.name, "a"))),),
        ),
    )
    (table,) = [found for found in part(booklet(text)).iter(f"{W}tbl") if "長い" in shown(found)]
    widths = [int(column.get(f"{W}w")) for column in table.iter(f"{W}gridCol")]
    assert sum(widths) <= 9638 - 567
    assert widths[0] < 500


def test_a_choice_of_code_stands_beside_its_label():
    options = papers.options("en", "a", {"a": (papers.code("", "if x:", "    y"), papers.paragraph("or so"))})
    paper = papers.paper(papers.question(1, papers.Choice(options, many=False)))
    assert paragraphs(documents(paper)["student/A/booklet.docx"], "Choice") == ["A\tif x:\n    y", "or so"]


def test_a_list_may_begin_with_code_and_a_quotation_hold_a_table():
    table = Table(("",), (papers.cell("head"),), ())
    lines = paragraphs(booklet((List(((papers.code("", "first"),),)), papers.Quote((table,)))))
    assert "first" in lines
    assert lines[lines.index("first") - 1] == ""
    assert "head" in lines


def test_links_lead_out_of_the_document_and_only_to_the_web():
    content = papers.cell("here")
    data = booklet(papers.text(Link("https://example.org/?a=1&b=2", content), Link("file:///etc/passwd", content)))
    (link,) = part(data).iter(f"{W}hyperlink")
    relationships = part(data, "word/_rels/document.xml.rels")
    targets = {found.get("Id"): (found.get("Target"), found.get("TargetMode")) for found in relationships}
    assert targets[link.get(f"{R}id")] == ("https://example.org/?a=1&b=2", "External")
    assert shown(link) == "here"
    assert b"passwd" not in etree.tostring(relationships)


def pictures(data: bytes) -> Iterator[tuple[str, tuple[int, int], bytes]]:
    """Alternative text, size in EMU and bytes of each picture."""
    document = docx.Document(BytesIO(data))
    for inline in document.element.iter(f"{WP}inline"):
        extent, blip = inline.find(f"{WP}extent"), next(inline.iter(f"{A}blip"))
        size = (int(extent.get("cx")), int(extent.get("cy")))
        yield inline.find(f"{WP}docPr").get("descr"), size, document.part.related_parts[blip.get(f"{R}embed")].blob


def test_pictures_have_their_words_and_the_width_that_the_author_gave():
    photo = papers.PHOTO.name
    widths = (None, Width(60, "mm"), Width(50, "%"), Width(900, "mm"))
    found = list(pictures(booklet(papers.text(*(Image(photo, "a <plan>", width) for width in widths)))))
    room = (9638 - 567) * 635
    assert [(alt, data) for alt, _, data in found] == [("a <plan>", papers.PHOTO.data)] * 4
    assert [size[0] for _, size, _ in found] == [240 * 9525, 60 * 36000, round(room / 2), room]
    assert all(height == round(width / 2) for _, (width, height), _ in found)


def test_a_drawing_comes_as_lines_and_as_pixels_for_older_words():
    data = booklet(papers.text(Image(papers.DRAWING.name, "a circle")))
    document = docx.Document(BytesIO(data))
    images = {
        found.target_part.content_type: found.target_part.blob
        for found in document.part.rels.values()
        if found.reltype == RELATIONSHIP_TYPE.IMAGE
    }
    assert images["image/svg+xml"] == papers.DRAWING.data
    assert images["image/png"].startswith(b"\x89PNG")
    assert len(list(document.element.iter("{http://schemas.microsoft.com/office/drawing/2016/SVG/main}svgBlip"))) == 1


def test_all_of_a_question_stays_on_one_page():
    text = (
        papers.paragraph("Which?"),
        papers.code("", "a", "b"),
        List((papers.text("x"),)),
        Table(("",), (papers.cell("h"),), ((papers.cell("d"),),)),
        papers.paragraph("So?"),
    )
    document = docx.Document(BytesIO(booklet(text)))
    held = [held_together(document, found) for found in document.element.body.iter(f"{W}p")]
    lines = [shown(found) for found in document.element.body.iter(f"{W}p")]
    first, last = lines.index("(1 point) [Select all that apply] Which?"), lines.index("a\toption 0\tb\toption 1")
    assert all(held[first : last + 1])
    assert not held[-1]


def held_together(document: docx.document.Document, found: etree._Element) -> bool:
    paragraph = docx.text.paragraph.Paragraph(found, document)
    if paragraph.paragraph_format.keep_with_next is not None:
        return paragraph.paragraph_format.keep_with_next
    style = paragraph.style
    while style is not None and style.paragraph_format.keep_with_next is None:
        style = style.base_style
    return style is not None and bool(style.paragraph_format.keep_with_next)


@pytest.mark.parametrize("printable", [papers.japanese(), papers.every_kind("en"), papers.worksheet("ja")])
def test_properties_stand_in_the_order_that_word_insists_on(printable):
    order = PROPERTIES_OF_A_PARAGRAPH.split()
    for data in documents(printable).values():
        for properties in part(data).iter(f"{W}pPr"):
            names = [etree.QName(child).localname for child in properties]
            assert names == sorted(names, key=order.index)


@pytest.mark.parametrize("printable", [papers.japanese(), papers.every_kind("en"), papers.worksheet("ja")])
def test_every_cell_ends_with_a_paragraph(printable):
    for data in documents(printable).values():
        assert {cell[-1].tag for cell in part(data).iter(f"{W}tc")} == {f"{W}p"}


def project(folder: Path, name: str, change: dict[str, str], *, where: str = "word/document.xml") -> Templates:
    """A working project with its own copy of a template, in which some words are changed."""
    (folder / "templates").mkdir()
    with (
        zipfile.ZipFile(shipped() / name) as source,
        zipfile.ZipFile(folder / "templates" / name, "w") as target,
    ):
        for item in source.namelist():
            data = source.read(item).decode()
            for old, new in change.items() if item == where else ():
                assert old in data
                data = data.replace(old, new)
            target.writestr(item, data)
    return Templates(folder / "templates")


def test_a_projects_own_template_wins(tmp_path):
    templates = project(tmp_path, "booklet.docx", {'{{ _("End of exam") }}': "Good luck with {{ paper.title }}!"})
    lines = paragraphs(documents(papers.english(), templates)["student/A/booklet.docx"])
    assert lines[-1] == "Good luck with Containers / Midterm!"


def test_an_edited_template_is_read_anew(tmp_path):
    templates = project(tmp_path, "booklet.docx", {'{{ _("End of exam") }}': "first"})
    before = documents(papers.english(), templates)["student/A/booklet.docx"]
    document = docx.Document(tmp_path / "templates" / "booklet.docx")
    (last,) = [found for found in document.paragraphs if found.text == "first"]
    last.runs[0].text = "second"
    document.save(tmp_path / "templates" / "booklet.docx")
    after = documents(papers.english(), templates)["student/A/booklet.docx"]
    assert (paragraphs(before)[-1], paragraphs(after)[-1]) == ("first", "second")


def test_a_text_takes_the_look_of_its_tag(tmp_path):
    """An instructor who makes the tag's paragraph a heading and its letters large has made the text so."""
    templates = project(tmp_path, "booklet.docx", {})
    document = docx.Document(tmp_path / "templates" / "booklet.docx")
    (tag,) = [found for found in document.paragraphs if "section.text" in found.text]
    tag.style = document.styles["Quote"]
    tag.runs[0].font.size = docx.shared.Pt(20)
    document.save(tmp_path / "templates" / "booklet.docx")
    paper = papers.paper(papers.question(1, papers.plain_choice(1, 1)))
    lead = (papers.paragraph("Read well."), papers.paragraph(Ruby("問", "とい")))
    paper = replace(paper, sections=(replace(paper.sections[0], text=lead),))
    first, second = styled(documents(paper, templates)["student/A/booklet.docx"], "Quote")
    assert [size.get(f"{W}val") for size in first.iter(f"{W}sz")] == ["40"]
    assert next(second.iter(f"{W}hpsBaseText")).get(f"{W}val") == "40"


@pytest.mark.parametrize("tag", ["{{p section.text }}", "{{r section.text }}"])
def test_docxtpls_own_ways_of_putting_a_text_in_work_too(tmp_path, tag):
    templates = project(tmp_path, "booklet.docx", {"{{ section.text }}": tag})
    paper = papers.paper(papers.question(1, papers.plain_choice(1, 1)))
    lead = (papers.paragraph("Read."), papers.code("", "x"))
    paper = replace(paper, sections=(replace(paper.sections[0], text=lead),))
    lines = paragraphs(documents(paper, templates)["student/A/booklet.docx"])
    assert lines[lines.index("Read.") + 1] == "x"


def test_tags_in_one_paragraph_keep_the_words_between_them(tmp_path):
    tag = "Before {{ section.text }} between {{ section.text }} after"
    templates = project(tmp_path, "booklet.docx", {"{{ section.text }}": tag})
    paper = papers.paper(papers.question(1, papers.plain_choice(1, 1)))
    lead = (papers.paragraph("Read."), papers.code("", "x"))
    paper = replace(paper, sections=(replace(paper.sections[0], text=lead),))
    lines = paragraphs(documents(paper, templates)["student/A/booklet.docx"])
    at = lines.index("Before Read. between Read. after")
    assert lines[at + 1 : at + 3] == ["x", "x"]


def test_a_page_of_two_columns_gives_pictures_half_the_room(tmp_path):
    templates = project(tmp_path, "booklet.docx", {'<w:cols w:space="425"/>': '<w:cols w:num="2" w:space="438"/>'})
    data = booklet(papers.text(Image(papers.PHOTO.name, "", Width(100, "%"))), templates=templates)
    ((_, (width, _), _),) = pictures(data)
    assert width == (4600 - 567) * 635


IN_COLUMNS = "{% for row in paper.questions[0].response.options | rows %}{{ row.columns }}{% endfor %}"


@pytest.mark.parametrize("tag", ["{{ paper.instructions }}", IN_COLUMNS])
def test_what_only_the_document_can_hold_is_refused_in_a_header(tmp_path, tag):
    change = {"{{ paper.title }}": tag}
    templates = project(tmp_path, "booklet.docx", change, where="word/header1.xml")
    with pytest.raises(QuizgenError, match="a header or footer can show plain words only"):
        documents(papers.every_kind(), templates)


def test_a_template_without_numbered_lists_is_told(tmp_path):
    templates = project(tmp_path, "booklet.docx", {'w:val="List Number"': 'w:val="Other"'}, where="word/styles.xml")
    with pytest.raises(QuizgenError, match="no style “List Number”"):
        booklet((List((papers.text("a"),), start=1),), templates=templates)


@pytest.mark.parametrize("data", [b"", b"Dear students", (shipped() / "booklet.docx").read_bytes()[:4000]])
def test_a_file_that_is_no_word_document_is_told(tmp_path, data):
    (tmp_path / "booklet.docx").write_bytes(data)
    with pytest.raises(QuizgenError, match="no Word document"):
        documents(papers.english(), Templates(tmp_path))


def test_a_template_that_unpacks_without_end_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "booklet.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", bytes(65 << 20))
    with pytest.raises(QuizgenError, match="larger than 64 MB"):
        documents(papers.english(), Templates(tmp_path))


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_word_of_a_template_is_in_the_japanese_catalog(name):
    with zipfile.ZipFile(shipped() / name) as archive:
        texts = [shown(etree.fromstring(archive.read(item))) for item in archive.namelist() if item.startswith("word/")]
    words = {word for text in texts for word in re.findall(r'_\("([^"]+)"', text)}
    assert words
    japanese = catalog("ja")
    assert [word for word in sorted(words) if japanese.gettext(word) == word] == []


def test_a_worksheet_of_every_language_is_written_for_each_audience():
    for language in ("ja", "en"):
        worksheet: Worksheet = papers.worksheet(language, papers.STUDENT)
        files = documents(worksheet)
        assert list(files) == ["student/s001/assignments.docx", "teacher/s001/assignments.docx"]
        for data in files.values():
            assert to_plain(worksheet.assignments[0].goal).split()[0] in "".join(paragraphs(data))


def test_an_authors_emphasis_shows_in_both_scripts():
    data = booklet(papers.text(papers.Emphasis((Text("not"),)), papers.Emphasis((Text("ない"),))))
    latin, japanese = (run for run in part(data).iter(f"{W}r") if shown(run) in {"not", "ない"})
    assert latin.find(f"{W}rPr/{W}i") is not None
    assert japanese.find(f"{W}rPr/{W}u") is not None


@pytest.mark.parametrize(
    ("latex", "term"), [(r"\sum_i (x_i-y)^2+1", "xi−y2"), (r"\sum_i|x-y|", "x−y"), (r"\sum_i a_i+b", "ai")]
)
def test_a_sum_works_on_a_term_with_all_of_its_brackets(latex: str, term: str):
    """Brackets are fences, which hold no text of their own; one alone would be an error to LibreOffice."""
    assert argument(formula(latex).find(f"{M}nary"), "e") == term
