"""Finished PDFs on their way to the printer: two-up on sheets to fold, and a class's papers bound in one file."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from itertools import chain
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Dictionary, Name

import papers
from projects import make_project
from quizgen.build import Options, binding, build, verify
from quizgen.build.binding import bindings
from quizgen.build.stage import FolderStage
from quizgen.model import Exam
from quizgen.paper import Student
from quizgen.paper.printing import Printing
from quizgen.press.reading import ForeignError, Reading
from quizgen.press.writing import File, begun
from quizgen.templates import Templates
from quizgen.writers import pdf
from quizgen.writers.pdf.bound import Part, Sides, bind
from quizgen.writers.pdf.imposed import folded, spreads

ROSTER = """\
id,name,組
s1,甲野 一,A
s2,乙野 二,B/1
s3,丙野 三,A
"""


def document(*words: str, picture: bytes = b"same") -> bytes:
    """A PDF with a word on each page, in one font, beside one picture."""
    with pikepdf.new() as made:
        made.docinfo[Name.Title] = "題 (A)"
        made.Root.Lang = "ja"
        font = made.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        form = made.make_stream(
            b"% " + picture + b"\n0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9]
        )
        for word in words:
            page = made.add_blank_page(page_size=(300, 400))
            page.obj.Resources = Dictionary(Font=Dictionary(F=font), XObject=Dictionary(X=form))
            page.obj.Contents = made.make_stream(f"/X Do BT /F 20 Tf 50 200 Td ({word}) Tj ET".encode())
        target = BytesIO()
        made.save(target, deterministic_id=True)
        return target.getvalue()


def words(data: bytes) -> list[list[str]]:
    """The words of each page from left to right."""
    opened = pypdfium2.PdfDocument(data)
    try:
        return [page.get_textpage().get_text_range().split() for page in opened]
    finally:
        opened.close()


def bound_file(folder: Path, *parts: bytes, sides: Sides = "DuplexFlipLongEdge") -> bytes:
    listed = []
    for number, data in enumerate(parts, start=1):
        path = folder / f"{number}.pdf"
        path.write_bytes(data)
        listed.append(Part(f"s{number} 学生{number}", path))
    stream = BytesIO()
    bind(listed, stream, title="期末試験", language="ja", sides=sides)
    return stream.getvalue()


def drawn(data: bytes, page: int) -> bytes:
    opened = pypdfium2.PdfDocument(data)
    try:
        return opened[page].render(scale=1).to_pil().tobytes()
    finally:
        opened.close()


@given(st.integers(1, 80), st.booleans())
def test_sheets_stacked_and_folded_read_in_order(pages: int, back_cover: bool):
    sides = list(spreads(pages, back_cover=back_cover))
    fronts, backs = sides[::2], sides[1::2]
    outward = [side for front, back in zip(fronts, backs, strict=True) for side in (front[1], back[0])]
    homeward = [side for front, back in zip(fronts, backs, strict=True) for side in (front[0], back[1])]
    read = outward + homeward[::-1]
    assert [page for page in read if page is not None] == list(range(pages))
    assert len(read) % 4 == 0
    assert len(read) - pages < 4
    assert read[-1] == pages - 1 if back_cover or pages % 4 == 0 else read[-1] is None


def test_the_first_page_lies_outside_on_the_right_of_a_sheet_twice_as_wide():
    made = folded(document("p1", "p2", "p3", "p4", "p5"))
    assert words(made) == [["p1"], ["p2"], ["p3"], ["p4", "p5"]]
    with pikepdf.open(BytesIO(made)) as opened:
        assert [[float(side) for side in page.mediabox] for page in opened.pages] == [[0, 0, 600, 400]] * 4
        assert opened.Root.ViewerPreferences.Duplex == Name.DuplexFlipShortEdge
    page = pypdfium2.PdfDocument(made)[0].get_textpage()
    assert page.get_charbox(0)[0] > 300


def test_a_folded_booklet_shares_its_fonts_and_keeps_its_title_and_its_bytes():
    source = document("p1", "p2", "p3")
    made = folded(source)
    assert made == folded(source)
    with pikepdf.open(BytesIO(made)) as opened:
        fonts = {
            form.Resources.Font.F.objgen for page in opened.pages for form in page.resources.XObject.as_dict().values()
        }
        assert len(fonts) == 1
        assert str(opened.docinfo.Title) == "題 (A)"
        assert str(opened.Root.Lang) == "ja"


def test_a_folded_exam_has_both_booklets():
    paper = replace(papers.japanese(), printing=Printing(size="B5", folded=True, back_cover=True))
    made = {file.path.name: file.data for file in pdf.write([paper], Templates())}
    sheets = pypdfium2.PdfDocument(made["booklet-folded.pdf"])
    single = pypdfium2.PdfDocument(made["booklet.pdf"])
    assert len(sheets) == -(-len(single) // 4) * 2
    width, height = single[0].get_size()
    assert sheets[0].get_size() == pytest.approx((2 * width, height), abs=0.01)
    all_words = (sorted(chain(*words(made[name]))) for name in ("booklet.pdf", "booklet-folded.pdf"))
    assert next(all_words) == next(all_words)


def test_every_part_begins_on_a_front(tmp_path: Path):
    made = bound_file(tmp_path, document("a1", "a2", "a3"), document("b1", "b2"), document("c1"))
    assert words(made) == [["a1"], ["a2"], ["a3"], [], ["b1"], ["b2"], ["c1"]]


def test_single_sided_parts_need_no_blank_pages(tmp_path: Path):
    made = bound_file(tmp_path, document("a1"), document("b1"), sides="Simplex")
    assert words(made) == [["a1"], ["b1"]]


def test_a_bookmark_leads_to_each_part(tmp_path: Path):
    made = bound_file(tmp_path, document("a1"), document("b1", "b2"), document("c1"))
    opened = pypdfium2.PdfDocument(made)
    found = [(mark.get_title(), mark.get_dest().get_index()) for mark in opened.get_toc()]
    assert found == [("s1 学生1", 0), ("s2 学生2", 2), ("s3 学生3", 4)]


def test_pages_look_as_they_did(tmp_path: Path):
    source = {str(file.path): file.data for file in pdf.write([papers.japanese()], Templates())}
    booklet, sheet = source["student/A/booklet.pdf"], source["student/A/answer-sheet.pdf"]
    made = bound_file(tmp_path, booklet, sheet, sides="Simplex")
    pages = len(pypdfium2.PdfDocument(booklet))
    assert [drawn(made, page) for page in range(pages)] == [drawn(booklet, page) for page in range(pages)]
    assert drawn(made, pages) == drawn(sheet, 0)
    assert words(made)[:pages] == words(booklet)


def test_what_parts_have_in_common_is_written_once(tmp_path: Path):
    parts = [document(f"w{number}", picture=b"mark" * 1000) for number in range(5)]
    made = bound_file(tmp_path, *parts)
    assert made.count(b"/BaseFont") == 1
    assert made.count(b"/Subtype /Form") == 1


def test_equal_parts_give_equal_files_that_nothing_needs_to_repair(tmp_path: Path):
    parts = [document("a1", "a2"), document("b1")]
    made = bound_file(tmp_path, *parts)
    assert made == bound_file(tmp_path, *parts)
    with pikepdf.open(BytesIO(made)) as opened:
        assert not opened.check_pdf_syntax()
        assert str(opened.docinfo.Title) == "期末試験"


def test_an_object_that_holds_itself_is_copied_once(tmp_path: Path):
    with pikepdf.open(BytesIO(document("a1"))) as source:
        form = source.pages[0].obj.Resources.XObject.X
        form.Resources = Dictionary(XObject=Dictionary(X=form))
        data = BytesIO()
        source.save(data)
    made = bound_file(tmp_path, data.getvalue())
    with pikepdf.open(BytesIO(made)) as opened:
        inner = opened.pages[0].obj.Resources.XObject.X
        assert inner.Resources.XObject.X.objgen == inner.objgen


def exam_with(tmp_path: Path, students: Sequence[Student], *files: str) -> list[str]:
    """The names of what is bound of students who all have these documents."""
    for student in students:
        folder = tmp_path / "student" / student.id
        folder.mkdir(parents=True)
        for name in files:
            (folder / name).write_bytes(document("x"))
    exam = Exam(kind="exam", id="e", title="試験", sections=[{"questions": "b/one"}])
    stage = FolderStage(tmp_path)
    return [binding.written(stage).path for binding in bindings(stage, exam, students)]


def student(number: int, group: str) -> Student:
    return Student(f"s{number}", "", (("Class", group),))


def test_each_class_has_files_of_its_own(tmp_path: Path):
    students = [student(1, "1-A"), student(2, "1-B"), student(3, "")]
    assert exam_with(tmp_path, students, "booklet.pdf", "answer-sheet.pdf") == [
        "print/1-A-booklets.pdf",
        "print/1-A-answer-sheets.pdf",
        "print/1-B-booklets.pdf",
        "print/1-B-answer-sheets.pdf",
        "print/booklets.pdf",
        "print/answer-sheets.pdf",
    ]


@pytest.mark.parametrize(
    ("groups", "names"),
    [
        (["3年 A組"], ["3年-A組"]),
        (["../../etc", "a/b"], ["etc", "a-b"]),
        (["?", "!"], ["class", "class-2"]),
        (["a", "A", "Ａ"], ["a", "A-2", "A-3"]),
    ],
)
def test_a_classs_name_is_made_safe_for_a_file(tmp_path: Path, groups: list[str], names: list[str]):
    students = [student(number, group) for number, group in enumerate(groups)]
    assert exam_with(tmp_path, students, "booklet.pdf") == [f"print/{name}-booklets.pdf" for name in names]


def test_a_large_class_has_several_files_of_nearly_the_same_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(binding, "_MOST", 2)
    names = exam_with(tmp_path, [student(number, "A") for number in range(1, 6)], "booklet.pdf")
    assert names == ["print/A-booklets-1.pdf", "print/A-booklets-2.pdf", "print/A-booklets-3.pdf"]
    marks = [[mark.get_title() for mark in pypdfium2.PdfDocument(tmp_path / name).get_toc()] for name in names]
    assert marks == [["s1"], ["s2", "s3"], ["s4", "s5"]]


def test_folded_booklets_are_bound_where_there_are_any(tmp_path: Path):
    (name,) = exam_with(tmp_path, [student(1, "")], "booklet.pdf", "booklet-folded.pdf")
    with pikepdf.open(tmp_path / name) as opened:
        assert opened.Root.ViewerPreferences.Duplex == Name.DuplexFlipShortEdge


def test_without_a_roster_nothing_is_bound(tmp_path: Path):
    assert exam_with(tmp_path, []) == []


def test_a_build_with_a_roster_leaves_files_to_print_that_can_be_verified(tmp_path: Path):
    exam = make_project(tmp_path)
    exam.write_text(exam.read_text(encoding="utf-8").replace("variants: 2", "roster: r.csv"), encoding="utf-8")
    exam.with_name("r.csv").write_text(ROSTER, encoding="utf-8")
    report = build(exam, options=Options(formats=("pdf",), jobs=1))
    outputs = json.loads((report.folder / "manifest.json").read_text())["outputs"]
    printed = {name: digest for name, digest in outputs.items() if name.startswith("print/")}
    assert set(printed) >= {"print/A-booklets.pdf", "print/B-1-booklets.pdf"}
    assert {file.path for file in report.files} >= printed.keys()
    for name, digest in printed.items():
        assert sha256((report.folder / name).read_bytes()).hexdigest() == digest
    opened = pypdfium2.PdfDocument(report.folder / "print/A-booklets.pdf")
    assert [mark.get_title() for mark in opened.get_toc()] == ["s1 甲野 一", "s3 丙野 三"]
    assert verify(report.folder, jobs=1).differences == ()


def of_the_press(word: bytes, *, loop: bool = False) -> bytes:
    """A file as the press writes it: a word on its page, in a font that comes first in all such files."""
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Note(like 9 0 R \\) 9 0 R)>>"
    file = File(begun({1: font, 2: b"<</Length 15>>\nstream\nabc\nendobj\nabcd\nendstream"}, [1, 2], 3))
    file.stream(11, b"BT /F 20 Tf 50 200 Td (%b) Tj ET" % word)
    own = b"/Own 12 0 R" if loop else b""
    file.pack(
        4,
        [
            (10, b"<</Type/Page/Parent 13 0 R/MediaBox[0 0 300 400]/Resources 12 0 R/Contents 11 0 R>>"),
            (12, b"<</Font<</F 1 0 R>>/More 2 0 R%b>>" % own),
            (13, b"<</Type/Pages/Count 1/Kids[10 0 R ]>>"),
            (14, b"<</Type/Catalog/Pages 13 0 R>>"),
            (15, b"<</Title(x)>>"),
        ],
    )
    return file.end(5, 14, 15)


def test_files_of_the_press_are_read_as_others_are(tmp_path: Path):
    made = bound_file(tmp_path, of_the_press(b"a1"), document("b1"), of_the_press(b"c1", loop=True), sides="Simplex")
    assert words(made) == [["a1"], ["b1"], ["c1"]]
    assert made.count(b"/Note(like 9 0 R \\) 9 0 R)") == 1
    assert made.count(b"endobj\nabcd") == 1
    with pikepdf.open(BytesIO(made)) as opened:
        assert not opened.check_pdf_syntax()
        resources = opened.pages[2].obj.Resources
        assert resources.Own.objgen == resources.objgen


def test_a_file_of_the_press_that_was_cut_off_is_not_taken_for_whole(tmp_path: Path):
    whole = of_the_press(b"a1")
    with pytest.raises(ForeignError):
        Reading(whole[:-40])
    with pytest.raises(ForeignError):
        Reading(whole.replace(b"/Predictor 12", b"/Predictor 15"))
    assert len(Reading(whole).pages()) == 1


def test_parts_may_be_open_already(tmp_path: Path):
    opened = [BytesIO(of_the_press(b"a1")), BytesIO(document("b1"))]
    stream = BytesIO()
    bind([Part("x", one) for one in opened], stream, title="t", language="en", sides="Simplex")
    assert words(stream.getvalue()) == [["a1"], ["b1"]]
    assert all(one.closed for one in opened)


def test_no_node_of_the_page_tree_has_many_kids(tmp_path: Path):
    made = bound_file(tmp_path, *[of_the_press(b"p%d" % number) for number in range(70)], sides="DuplexFlipLongEdge")
    with pikepdf.open(BytesIO(made)) as opened:
        assert len(opened.pages) == 139
        assert len(opened.Root.Pages.Kids) == 3
        assert [int(node.Count) for node in opened.Root.Pages.Kids] == [64, 64, 11]
    assert words(made)[::2] == [[f"p{number}"] for number in range(70)]


class Gap(BytesIO):
    """A file whose second writing begins far behind the first, as if gigabytes lay between."""

    far = 20_000_000_000

    def tell(self) -> int:
        place = super().tell()
        return place + self.far if place else 0


def test_objects_may_stand_behind_many_gigabytes():
    stream = Gap()
    bind([Part("x", BytesIO(of_the_press(b"a1")))], stream, title="t", language="en", sides="Simplex")
    data = stream.getvalue()
    assert int(data.split(b"startxref\n")[1].split()[0]) > stream.far
    head, _, packed = data[data.rindex(b" 0 obj\n") :].partition(b"stream\n")
    (width,) = re.findall(rb"/W\[1 (\d) 0\]", head)
    rows = zlib.decompress(packed.split(b"\nendstream")[0])
    size = 1 + int(width)
    offsets = [int.from_bytes(rows[at + 1 : at + size]) for at in range(size, len(rows), size)]
    assert all(offset > stream.far for offset in offsets)
    for number, offset in enumerate(offsets, start=1):
        place = offset - stream.far
        assert data[place:].startswith(b"%d 0 obj\n" % number)
