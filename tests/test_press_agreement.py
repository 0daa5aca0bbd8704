"""Both ways to a printed paper, from the YAML to the files: composed for a class, and laid out for one student."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops

import structure
from quizgen.build import Options, Report, build

COURSE = Path(__file__).parent.parent / "banks" / "container"
ROSTER = "id,name,組,番号\nk01,髙橋 花子,1組,1\nk02,山﨑 一,1組,12\nk03,𠮷田 Anna Maria,2組,3\nk04,李,2組,40\n"
DOCUMENTS = ("booklet", "answer-sheet")
HEAD = "kind: exam\nid: e\nroster: roster.csv\nseed: 11\n"


@dataclass(frozen=True)
class Case:
    """An exam, and which of its documents are composed: the others say why not."""

    name: str
    yaml: str
    composed: tuple[str, ...] = DOCUMENTS


CASES = (
    Case(
        "sections and stimuli, A4",
        """\
title: 期末試験
course: コンテナ技術
language: ja
instructions: |
  1. 合図があるまで開いてはいけません。
  2. 解答は解答用紙に記入してください。
print: {person: [class, seat, number, name]}
sections:
  - {title: 第1問, text: 以下に答えよ。, draw: {from: docker, count: 8}, points: 3}
  - {title: 第2問, draw: {from: [kubernetes, scheduling], count: 7}, points: 4}
""",
    ),
    Case(
        "English, Letter, boxes to write in",
        """\
title: Using Docker
language: en
choice_labels: capitals
print: {size: Letter, answers: boxes}
sections:
  - {draw: {from: docker-en, count: 9}, points: 2}
""",
    ),
    Case(
        "B5 on B4, pages for working, a back cover",
        """\
title: 小テスト
language: ja
print: {size: B4, working: 2, back_cover: true}
sections:
  - {draw: {from: network, count: 9}, points: 2}
""",
    ),
    Case(
        "every kind of question, numbered answers",
        """\
title: いろいろな設問
language: ja
print: {answer_numbers: true}
sections:
  - {title: 第1問, draw: {from: [deployment, storage], count: 8}, points: 1}
  - {title: 第2問, questions: [mixed/pair, mixed/sort, mixed/size, mixed/gaps, mixed/why], points: 2}
""",
    ),
    Case(
        "one sheet for all, questions for each",
        """\
title: 一斉テスト
language: ja
print: {answer_sheets: variant}
sections:
  - {draw: {from: [cloud, cloud-storage], count: 12}, points: 1}
""",
    ),
    Case(
        "sections on right-hand pages",
        """\
title: 期末試験
language: ja
print: {sections: right, working: 1, back_cover: true}
sections:
  - {title: 第1問, draw: {from: docker, count: 6}, points: 3}
  - {title: 第2問, draw: {from: scheduling, count: 3}, points: 4}
  - {draw: {from: network, count: 2}, points: 4}
""",
    ),
    Case(
        "no cover, sections on pages of their own",
        """\
title: 小テスト
language: ja
instructions: 解答は解答用紙に記入してください。
print: {cover: false, sections: page, size: B5}
sections:
  - {title: 第1問, text: 以下に答えよ。, draw: {from: network, count: 4}, points: 3}
  - {title: 第2問, draw: {from: storage, count: 4}, points: 4}
""",
    ),
    Case(
        "in both languages",
        """\
title: {ja: 小テスト, en: Quiz}
language: ja
print: {editions: bilingual}
sections:
  - title: {ja: 第1問, en: Part 1}
    questions: [docker/desktop-licence, docker/stop-container, docker/inspect-output, docker/python-base-image,
      docker/drop-build-tools, docker/rebuild-after-edit, docker/keep-out-of-image, docker/expose-and-env]
    points: 1
""",
    ),
)
MIXED = """\
kind: bank
id: mixed
title: いろいろ
language: ja
questions:
  - {id: pair, type: matching, text: 組み合わせよ。, pairs: {Pod: 最小の実行単位, Node: 資源を与える}, distractors: 束}
  - {id: sort, type: ordering, text: 古い順に並べよ。, items: [build, push, run]}
  - {id: size, type: numerical, text: 何バイトか。, answer: 512, digits: 3, unit: B}
  - {id: gaps, type: cloze, text: '[[a]]が決める。', blanks: {a: {choices: {x: kubelet, y: scheduler}, answer: y}}}
  - {id: why, type: essay, text: 利点を述べよ。, lines: 3}
"""


@dataclass(frozen=True)
class Ways:
    """What one build made for all students, and what one build for each student made."""

    composed: Path
    alone: Path
    report: Report

    @property
    def files(self) -> list[str]:
        """The students' printed files."""
        return sorted(path.relative_to(self.alone).as_posix() for path in self.alone.rglob("*.pdf"))

    def pairs(self) -> list[tuple[str, bytes, bytes]]:
        """Each file in both ways."""
        return [(name, (self.composed / name).read_bytes(), (self.alone / name).read_bytes()) for name in self.files]

    def own(self) -> list[tuple[str, bytes, bytes]]:
        """Each file in both ways that is no other one's pages on larger sheets."""
        return [pair for pair in self.pairs() if "folded" not in pair[0]]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.name)
def ways(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ways:
    folder = tmp_path_factory.mktemp("project")
    course = folder / "banks" / "container"
    shutil.copytree(COURSE, course)
    (course / "mixed.yaml").write_text(MIXED, encoding="utf-8")
    (course / "exams" / "roster.csv").write_text(ROSTER, encoding="utf-8")
    exam = course / "exams" / "e.yaml"
    exam.write_text(HEAD + request.param.yaml, encoding="utf-8")
    asked = Options(formats=("pdf",), documents=DOCUMENTS, jobs=os.cpu_count())
    report = build(exam, folder / "class", asked)
    alone = folder / "alone"
    for student in ("k01", "k04"):
        one = build(exam, folder / student, Options(formats=("pdf",), documents=DOCUMENTS, papers=(student,)))
        shutil.copytree(one.folder / "student", alone / "student", dirs_exist_ok=True)
    said = [note for note in report.notes if "laid out by itself" in note]
    assert {name for name in DOCUMENTS if not any(name in note for note in said)} == set(request.param.composed), said
    return Ways(report.folder, alone, report)


pytestmark = pytest.mark.slow


def test_the_same_files_are_made(ways):
    assert ways.files
    assert {Path(name).parts[1] for name in ways.files} == {"k01", "k04"}
    assert all((ways.composed / name).is_file() for name in ways.files)


def test_every_page_looks_the_same(ways):
    far = {
        f"{name}, page {number}": differing
        for name, one, other in ways.pairs()
        for number, differing in enumerate(map(_differing, _pictures(one), _pictures(other)), start=1)
        if differing > 120
    }
    assert far == {}


def test_there_are_as_many_pages_and_they_say_the_same(ways):
    for name, one, other in ways.pairs():
        assert _texts(one) == _texts(other), name


def test_bookmarks_links_and_what_a_file_says_of_itself_are_the_same(ways):
    for name, one, other in ways.own():
        assert _bookmarks(one) == _bookmarks(other), name
        assert _of_itself(one) == _of_itself(other), name


def test_tags_are_the_same_in_the_same_order(ways):
    for name, one, other in ways.own():
        assert structure.faults(one) == [], name
        assert list(_tags(one)) == list(_tags(other)), name
        assert structure.languages(one) == structure.languages(other), name


def test_fonts_are_the_same(ways):
    for name, one, other in ways.own():
        assert _fonts(one) == _fonts(other), name


def test_a_file_is_at_most_a_quarter_larger(ways):
    """Its fonts have the letters of all papers' questions, which weighs most where there are few of them."""
    for name, one, other in ways.own():
        assert len(one) < 1.25 * len(other), name


def _pictures(data: bytes) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(data)
    return [document[number].render(scale=1.25).to_pil().convert("L") for number in range(len(document))]


def _differing(one: Image.Image, other: Image.Image) -> int:
    """How many points are dark on one page and pale on the other."""
    assert one.size == other.size
    far = ImageChops.difference(one, other).point(lambda value: 255 if value > 80 else 0)
    return sum(far.histogram()[255:])


def _texts(data: bytes) -> list[Counter[str]]:
    """The letters of each page; in which order they are to be read is what tags say, the rest a reader's guess."""
    document = pypdfium2.PdfDocument(data)
    texts = [document[number].get_textpage().get_text_range() for number in range(len(document))]
    return [Counter("".join(text.split())) for text in texts]


def _tags(data: bytes) -> Iterator[str]:
    """The tags from outside to inside, those that hold nothing and say nothing left out.

    A section that goes on is another one for WeasyPrint on each page.
    """
    with pikepdf.open(BytesIO(data)) as pdf:
        (document,) = pdf.Root.StructTreeRoot.K
        inside = ""
        for path in _paths(document, "")[0]:
            section = "/Document/Sect"
            if path == section == inside:
                continue
            inside = section if path.startswith(section) else ""
            yield path


def _paths(element: pikepdf.Object, above: str) -> tuple[list[str], bool]:
    """The elements below one, and whether any content is among them."""
    tag = str(element.S)
    says = tag not in ("/Span", "/NonStruct") or "/ActualText" in element or "/Alt" in element
    path = f"{above}{tag}" if says else above
    found, holds = list[str](), False
    for kid in _listed(element.get("/K", [])):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            below, inside = _paths(kid, path)
            found += below
            holds = holds or inside
        else:
            holds = True
    return ([path, *found] if says and holds else found), holds


def _listed(kids: pikepdf.Object) -> list[pikepdf.Object]:
    return list(kids) if isinstance(kids, pikepdf.Array | list) else [kids]


def _bookmarks(data: bytes) -> list[tuple[int, str, int]]:
    document = pypdfium2.PdfDocument(data)
    return [(mark.level, mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc()]


def _of_itself(data: bytes) -> list[object]:
    with pikepdf.open(BytesIO(data)) as pdf:
        root = {name: pdf.Root[name].unparse() for name in ("/Lang", "/MarkInfo", "/ViewerPreferences")}
        links = [len(page.obj.get("/Annots", [])) for page in pdf.pages]
        boxes = [[round(float(side), 2) for side in page.mediabox] for page in pdf.pages]
        info = {name: str(value) for name, value in pdf.docinfo.items()}
        return [root, links, boxes, info, bytes(pdf.Root.Metadata.read_bytes())]


def _fonts(data: bytes) -> set[str]:
    with pikepdf.open(BytesIO(data)) as pdf:
        return {str(font.BaseFont) for page in pdf.pages for font in page.obj.Resources.Font.values()}
