"""`quizgen catalog`: a bank in print, with all that its file says, in a folder as safe as a build's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pypdfium2
import pytest
from click.testing import CliRunner, Result

import projects
from quizgen.assemble.catalog import catalog
from quizgen.build import build_catalog, verify
from quizgen.cli import main
from quizgen.problems import ProblemsError, QuizgenError
from quizgen.reader import read_banks
from quizgen.templates import Templates
from quizgen.writers.pdf import catalog_html

BANK = """\
kind: bank
id: all
title: 全形式
stimuli:
  - {id: hosts, text: 次の表を見よ。}
questions:
  - id: one
    type: single
    stimulus: hosts
    text: どれか。
    choices: {yes: はい, no: {text: いいえ, feedback: 惜しい。}, c: {text: 不明, pin: last}}
    answer: no
    explanation: '[](#choice:yes)は誤り、[](#choice:no)が正しい。'
    difficulty: easy
    tags: [net, basics]
    points: 3
  - {id: two, type: true-false, stimulus: hosts, text: 正しいか。, answer: false, explanation: 表の通り。}
  - {id: three, type: short-answer, text: 命令は何か。, answer: [kubectl, kubectlコマンド], tags: net, explanation: 略}
  - {id: four, type: numerical, text: 何CPUか。, answer: 0.2, tolerance: 0.05, unit: CPU, digits: 3, explanation: 略}
  - {id: five, type: matching, text: 組み合わせよ。, pairs: {Pod: 単位, Node: 資源}, distractors: 束, explanation: 略}
  - {id: six, type: ordering, text: 並べよ。, items: [build, push, pull], explanation: 略}
  - {id: seven, type: essay, text: 述べよ。, difficulty: hard}
  - id: eight
    type: cloze
    text: 配置先は[[scheduler]]が決め、状態は[[store]]に保存される。
    blanks: {scheduler: kube-scheduler, store: {choices: {x: etcd, y: kubelet}, answer: x}}
    explanation: 略
"""
BOTH = """\
kind: bank
id: two
title: {ja: 二言語, en: Two languages}
questions:
  - id: one
    type: true-false
    text: {ja: 水は燃える。, en: Water burns.}
    answer: false
"""


def make_bank(folder: Path) -> Path:
    path = folder / "banks" / "c" / "all.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(BANK, encoding="utf-8")
    return path


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    return make_bank(tmp_path)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a bank and its catalogue."""
    root = tmp_path_factory.mktemp("project")
    build_catalog(make_bank(root))
    return root


@pytest.fixture(scope="module")
def printed(project: Path) -> str:
    """What the catalogue of the bank says."""
    return said(project / "output" / "all-catalog" / "all.pdf")


@pytest.fixture
def copied(project: Path, tmp_path: Path) -> Path:
    """The bank of a project of the test's own, which has its catalogue already."""
    copytree(project, tmp_path / "copied")
    return tmp_path / "copied" / "banks" / "c" / "all.yaml"


def said(path: Path) -> str:
    """What a PDF says, without white space."""
    document = pypdfium2.PdfDocument(path)
    try:
        return re.sub(r"\s+", "", "".join(page.get_textpage().get_text_range() for page in document))
    finally:
        document.close()


def entries(text: str) -> Iterator[str]:
    """What is said of each question, from its id to its box for signing off."""
    start = 0
    for name in ("one", "two", "three", "four", "five", "six", "seven", "eight"):
        start = text.index(name, start)
        end = text.index("指摘事項", start)
        yield text[start:end]
        start = end


def test_each_question_has_all_that_its_file_says_and_a_box_for_signing_off(printed: str) -> None:
    one, two, three, four, five, six, seven, eight = entries(printed)
    for piece in ("single", "easy", "hosts", "net、basics", "3点", "yesはい", "惜しい。", "正解no"):
        assert piece in one
    assert "yesは誤り、noが正しい。" in one
    assert "true-false" in two
    assert "正解false" in two
    assert "kubectl/kubectlコマンド" in three
    assert "0.2±0.05CPU" in four
    assert "(1)–ア" in five
    assert "ア→イ→ウ" in six
    assert "（解説なし）" in seven
    assert "(1)kube-scheduler(2)x" in eight
    assert all("確認者" in entry for entry in (one, two, three, four, five, six, seven, eight))


def test_a_stimulus_stands_once_before_its_questions(printed: str) -> None:
    assert printed.count("次の表を見よ。") == 1
    assert printed.index("次の表を見よ。") < printed.index("どれか。")


def test_the_head_counts_by_type_difficulty_and_tag(bank: Path, printed: str) -> None:
    banks = read_banks(bank)
    made = catalog(banks.course.banks["all"], banks.course, "ja")
    assert made.kinds["single"] == {"easy": 1, "normal": 0, "hard": 0}
    assert made.kinds["essay"] == {"easy": 0, "normal": 0, "hard": 1}
    assert {tag: [q.number for q in found] for tag, found in made.tags.items()} == {"basics": [1], "net": [1, 3]}
    assert [question.id for question in made.unexplained] == ["all/seven"]
    assert "basics11net213（タグなし）6245678" in printed.partition("次の表を見よ。")[0]


def test_a_number_in_the_head_leads_to_its_question(bank: Path) -> None:
    banks = read_banks(bank)
    html = catalog_html(catalog(banks.course.banks["all"], banks.course, "ja"), Templates())
    targets = re.findall(r'href="#([\w-]+)"', html)
    assert set(targets) == {f"question-{number}" for number in range(1, 9)}
    assert all(f'id="{target}"' in html for target in targets)


def test_a_courses_folder_gives_a_catalogue_of_each_bank_in_each_of_its_languages(bank: Path) -> None:
    (bank.parent / "two.yaml").write_text(BOTH, encoding="utf-8")
    (bank.parent / "labs.yaml").write_text(projects.LABS, encoding="utf-8")
    report = build_catalog(bank.parent)
    assert report.folder.parent == bank.parents[2] / "output"
    assert report.folder.name == "c-catalog"
    assert [(one.file, one.questions, one.unexplained) for one in report.banks] == [
        *(("all.pdf", 8, 1), ("two.pdf", 1, 1), ("en/two.pdf", 1, 1)),
    ]
    assert "水は燃える。" in said(report.folder / "two.pdf")
    english = said(report.folder / "en" / "two.pdf")
    assert "Waterburns." in english
    assert "Checkedby" in english


def test_a_catalogue_can_be_verified(copied: Path) -> None:
    assert verify(copied.parents[2] / "output" / "all-catalog").differences == ()


def test_a_catalogue_with_notes_in_it_is_not_overwritten_unless_asked(copied: Path) -> None:
    signed = copied.parents[2] / "output" / "all-catalog" / "all.pdf"
    notes = signed.read_bytes() + b"% signed"
    signed.write_bytes(notes)
    with pytest.raises(QuizgenError, match="changed since they were built"):
        build_catalog(copied)
    assert signed.read_bytes() == notes
    build_catalog(copied, force=True)
    assert signed.read_bytes() != notes


def test_a_bank_with_a_problem_leaves_the_former_catalogue(copied: Path) -> None:
    file = copied.parents[2] / "output" / "all-catalog" / "all.pdf"
    before = file.read_bytes()
    copied.write_text(BANK.replace("answer: no", "answer: z"), encoding="utf-8")
    with pytest.raises(ProblemsError, match="unknown-answer"):
        build_catalog(copied)
    assert file.read_bytes() == before


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["catalog", *arguments])


def test_the_command_tells_what_it_printed_and_where(bank: Path, tmp_path: Path) -> None:
    result = run(str(bank), "-o", str(tmp_path / "elsewhere"))
    assert result.exit_code == 0
    assert re.search(r"all\.pdf\s+8\s+1\s+6\s+1\s+1\b", result.output)
    assert str(tmp_path / "elsewhere" / "all-catalog") in result.output


def test_what_is_no_bank_is_refused_with_the_way_out(tmp_path: Path) -> None:
    exam = projects.make_project(tmp_path)
    for path in (exam, exam.parent, tmp_path / "banks"):
        result = run(str(path))
        assert result.exit_code == 1
        assert "there is no bank here; name a bank's file, or the folder of a course" in result.output
    missing = run(str(tmp_path / "nothing.yaml"))
    assert (missing.exit_code, "Traceback" in missing.output) == (1, False)
