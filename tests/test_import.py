"""`quizgen import`: what comes in passes `check` and can be built, and nothing that is there is overwritten."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quizgen.build import importing
from quizgen.build.importing import import_file
from quizgen.build.stage import FolderStage
from quizgen.cli import main
from quizgen.importers import FORMATS, guess, importer, textbook
from quizgen.importers.imported import (
    AssignmentDraft,
    AssignmentsDraft,
    BankDraft,
    ChoiceDraft,
    Imported,
    ImportedFile,
    Note,
    QuestionDraft,
    StimulusDraft,
)
from quizgen.problems import Position, ProblemsError, QuizgenError
from quizgen.reader import read
from quizgen.writers import OutputFile
from test_import_textbook import BOOK, NOTES

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="5" height="5"/></svg>'
SOUND = (
    BOOK.replace("=-n", "-n").replace("（寒冷前線\n3. 温暖前線など）", "").replace("（梅雨", "").replace("2|\n", "2\n")
)
SOUND = SOUND.replace("4. 山", "3. 山").replace("Q2: 次の地点", "Q3: 次の地点")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = Path("book.txt")
    path.write_text(BOOK, encoding="utf-8")
    return path


def importing_gives(monkeypatch: pytest.MonkeyPatch, imported: Imported) -> None:
    class Stub:
        def sniff(self, name: str, data: bytes) -> int:
            return 1

        def read(self, name: str, data: bytes) -> Imported:
            return imported

    monkeypatch.setattr(importing, "importer", lambda name: Stub())


def question(text: str = "どれか。", line: int = 1, **changes: object) -> QuestionDraft:
    fields: dict[str, object] = {
        "position": Position("book.txt", line, 1),
        "type": "single",
        "text": text,
        "choices": (ChoiceDraft("a", "甲"), ChoiceDraft("b", "乙")),
        "answer": ("a",),
    }
    return QuestionDraft(**{**fields, **changes})  # type: ignore[arg-type]


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_import_then_check_then_build_is_one_line_each(book):
    assert run("import", "book.txt", "-o", "banks/weather").exit_code == 0
    assert (run("check").exit_code, run("check").output) == (0, "")
    built = run("build", "banks/weather/exams/book.yaml", "-f", "csv")
    assert built.exit_code == 0, built.output
    assert Path("output/book/teacher/A/answer-key.csv").is_file()


def test_the_command_tells_every_defect_and_what_it_wrote(book):
    result = run("import", book, "-o", "banks/weather")
    assert result.stderr.splitlines() == NOTES
    assert (
        result.stdout
        == """\
8 read, 8 imported: 6 questions in 2 banks and 2 assignments
4 defects repaired, 1 to look at, 0 left out
  banks/weather/chapter-01.yaml
  banks/weather/chapter-02.yaml
  banks/weather/assignments.yaml
  banks/weather/exams/book.yaml

now try:
  quizgen check banks/weather
  quizgen build banks/weather/exams/book.yaml
"""
    )


def test_the_lines_that_it_says_to_try_work(book):
    lines = run("import", book, "-o", "banks/weather").stdout.splitlines()
    for line in lines[-2:]:
        result = run(*line.split()[1:], *(["-f", "csv"] if "build" in line else []))
        assert result.exit_code == 0, result.output


def test_quiet_says_nothing_but_what_is_wrong(book):
    result = run("import", book, "-o", "banks/weather", "-q")
    assert (result.exit_code, result.stdout, result.stderr.splitlines()) == (0, "", NOTES)


def test_strict_refuses_a_book_with_defects_and_writes_nothing(book):
    result = run("import", book, "-o", "banks/weather", "--strict")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [*NOTES, "5 problems"]
    assert files(Path()) == ["book.txt"]


def test_strict_takes_a_sound_book(book):
    book.write_text(SOUND, encoding="utf-8")
    result = run("import", book, "-o", "banks/weather", "--strict")
    assert (result.exit_code, result.stderr) == (0, "")


def test_importing_twice_overwrites_nothing(book):
    run("import", book, "-o", "banks/weather")
    before = {name: Path("banks/weather", name).read_bytes() for name in files(Path("banks/weather"))}
    Path("banks/weather/mine.txt").write_text("mine")
    result = run("import", book, "-o", "banks/weather")
    assert result.exit_code == 1
    assert "these are there already:\n  banks/weather/chapter-01.yaml\n" in result.output
    assert {name: Path("banks/weather", name).read_bytes() for name in before} == before
    assert files(Path("banks/weather")) == sorted([*before, "mine.txt"])


def test_a_book_is_added_to_a_course_that_is_there(book):
    Path("banks/weather").mkdir(parents=True)
    Path("banks/weather/own.yaml").write_text("kind: bank\nid: own\n")
    assert run("import", book, "-o", "banks/weather").exit_code == 0
    assert "chapter-01.yaml" in files(Path("banks/weather"))
    assert Path("banks/weather/own.yaml").read_text() == "kind: bank\nid: own\n"


def test_an_id_that_the_course_has_is_not_taken_twice(book):
    Path("banks/weather").mkdir(parents=True)
    Path("banks/weather/own.yaml").write_text("kind: bank\nid: chapter-02\n")
    result = run("import", book, "-o", "banks/weather")
    assert result.exit_code == 1
    assert "banks/weather/own.yaml (the id chapter-02)" in result.output
    assert files(Path("banks")) == ["weather/own.yaml"]


def test_a_folder_that_is_a_file_is_refused(book):
    result = run("import", book, "-o", "book.txt")
    assert (result.exit_code, "is a file" in result.output) == (1, True)


def test_what_cannot_be_written_is_taken_back(book, monkeypatch):
    folder = Path("banks/weather")
    folder.mkdir(parents=True)
    real = Path.open

    def failing(self: Path, *arguments: object, **more: object) -> object:
        if self.name == "assignments.yaml" and "xb" in arguments:
            raise OSError(28, "No space left on device")
        return real(self, *arguments, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", failing)
    with pytest.raises(QuizgenError, match="No space left on device; nothing was imported"):
        import_file(book, folder)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "it cannot be told what this file is; name its format with --from [unknown-format]"),
        (b"\x00\x01\x02", "[unknown-format]"),
        ("ただの文章。".encode(), "[unknown-format]"),
    ],
)
def test_a_file_of_no_format_is_refused(book, content, message):
    book.write_bytes(content)
    result = run("import", book, "-o", "banks/weather")
    assert result.exit_code == 1
    assert message in result.stderr
    assert not Path("banks").exists()


def test_a_file_without_a_question_is_refused_with_the_reason_for_each(book):
    book.write_text("確認テスト1\n\nQ1: どれか。\n\n1. 甲\n2. 乙\n", encoding="utf-8")
    result = run("import", book, "-o", "banks/weather", "--from", "textbook")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "book.txt: there is no question here that can be imported [nothing-imported]",
        "book.txt:3:1: Q1 is left out: the answer list has no key for it [no-key]",
        "2 problems",
    ]


@pytest.mark.parametrize("arguments", ["", "nowhere.txt -o x", "book.txt", "book.txt -o x --from odt"])
def test_a_wrong_command_line_exits_2(book, arguments):
    assert run("import", *arguments.split()).exit_code == 2


def test_a_directory_is_no_file_to_import(book):
    result = run("import", ".", "-o", "banks/weather")
    assert (result.exit_code, "[not-a-file]" in result.stderr) == (1, True)


def test_a_file_that_is_too_large_is_refused_unread(book):
    with book.open("r+b") as stream:
        stream.truncate(65 * 1024 * 1024)
    result = run("import", book, "-o", "banks/weather")
    assert (result.exit_code, "[too-large]" in result.stderr) == (1, True)


# What the checks say of an import


def test_a_question_that_breaks_a_rule_of_banks_is_left_out_with_the_rule(book, monkeypatch):
    alike = question("同じ選択肢", 7, choices=(ChoiceDraft("a", "甲"), ChoiceDraft("b", "甲")))
    absent = question("絵 ![図](images/none.png)", 9)
    wrong = question("答えがない", 11, answer=("z",))
    importing_gives(monkeypatch, Imported((BankDraft("網", (question(), alike, absent, wrong), "net"),)))
    result = run("import", book, "-o", "banks/net", "--from", "gift")
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "book.txt:7:1: `q02` is left out: the choices `a` and `b` read alike [choices-alike]",
        "book.txt:9:1: `q03` is left out: there is no file images/none.png in the folder banks/net "
        "[image-missing-file]",
        "book.txt:11:1: `q04` is left out: answer names `z`, but the choices are a, b [unknown-answer]",
    ]
    assert result.stdout.startswith("4 read, 1 imported: 1 question in 1 bank\n")
    assert read([Path("banks/net")]).problems == ()


def test_a_question_goes_with_the_stimulus_that_it_stands_under(book, monkeypatch):
    stimuli = (StimulusDraft("bad", "![](images/none.png)"), StimulusDraft("good", "資料"))
    asked = (question(line=3, stimulus="bad"), question("二つ目", 5, stimulus="good"))
    importing_gives(monkeypatch, Imported((BankDraft("網", asked, "net", stimuli=stimuli),)))
    report = import_file(book, Path("banks/net"), "gift")
    assert [(one.position.line, one.what) for one in report.imported.skipped] == [(3, "`q01`")]
    assert [stimulus.id for stimulus in report.imported.banks[0].stimuli] == ["good"]


def test_an_assignment_that_breaks_a_rule_is_left_out(book, monkeypatch):
    work = AssignmentsDraft(
        "課題",
        (
            AssignmentDraft(Position("book.txt", 3, 1), "一つ目", "{{ port }} を使う"),
            AssignmentDraft(Position("book.txt", 5, 1), "二つ目", "書く"),
        ),
    )
    importing_gives(monkeypatch, Imported(assignments=(work,)))
    result = run("import", book, "-o", "banks/net", "--from", "gift")
    assert "`a01` is left out: no parameter is called `port`" in result.stderr
    assert result.stdout.startswith("2 read, 1 imported: 1 assignment\n")
    assert "quizgen build" not in result.stdout


def test_pictures_come_along_and_those_that_nothing_shows_do_not(book, monkeypatch):
    pictures = (ImportedFile("images/a.svg", SVG), ImportedFile("images/unused.svg", SVG))
    importing_gives(
        monkeypatch, Imported((BankDraft("網", (question("![図](images/a.svg) は"),), "net"),), files=pictures)
    )
    assert run("import", book, "-o", "banks/net", "--from", "gift").exit_code == 0
    assert files(Path("banks/net")) == ["exams/book.yaml", "images/a.svg", "net.yaml"]


@pytest.mark.parametrize("name", ["../x.svg", "/tmp/x.svg", "images/../../x.svg", "x.yaml"])
def test_a_picture_stays_in_the_folder(book, monkeypatch, name):
    files_ = (ImportedFile(name, SVG),)
    importing_gives(monkeypatch, Imported((BankDraft("網", (question(f"![図]({name}) は"),), "net"),), files=files_))
    assert run("import", book, "-o", "banks/net", "--from", "gift").exit_code == 1
    assert files(Path()) == ["book.txt"]


def test_a_picture_is_left_out_with_its_question_and_a_sound_bank_stays(book, monkeypatch):
    torn = BankDraft("絵", (question("![図](images/a.png)", 3), question("二つ目", 5)), "torn")
    sound = BankDraft("網", (question(),), "net")
    importing_gives(monkeypatch, Imported((sound, torn), files=(ImportedFile("images/a.png", b"no picture"),)))
    report = import_file(book, Path("banks/net"), "gift")
    assert [one.code for one in report.imported.skipped] == ["image"]
    assert files(Path("banks/net")) == ["exams/book.yaml", "net.yaml", "torn.yaml"]


def test_a_folder_that_another_program_makes_meanwhile_is_left_alone(book, monkeypatch):
    real = FolderStage.write

    def write(stage: FolderStage, file: OutputFile) -> object:
        Path("banks/weather").mkdir(exist_ok=True)
        return real(stage, file)

    monkeypatch.setattr(FolderStage, "write", write)
    with pytest.raises(QuizgenError, match="was made by another program at this moment"):
        import_file(book, Path("banks/weather"))
    assert files(Path("banks")) == []


def test_a_fault_of_no_question_refuses_the_whole(book, monkeypatch):
    importing_gives(monkeypatch, Imported((BankDraft("網", (question(),), "net", language="fr"),)))  # type: ignore[arg-type]
    with pytest.raises(ProblemsError, match=r"`fr` is none of ja, en"):
        import_file(book, Path("banks/net"), "gift")


def test_an_exam_and_a_set_of_assignments_do_not_share_their_id(book, monkeypatch):
    work = AssignmentsDraft("課題", (AssignmentDraft(Position("book.txt", 3, 1), "一つ目", "書く"),), id="book")
    importing_gives(monkeypatch, Imported((BankDraft("網", (question(),), "net"),), (work,)))
    assert import_file(book, Path("banks/net"), "gift").exam == "exams/book-exam.yaml"
    assert read([Path("banks/net")]).problems == ()


def test_too_many_questions_are_refused_before_anything_is_checked(book, monkeypatch):
    monkeypatch.setattr(importing, "_MOST_QUESTIONS", 1)
    importing_gives(monkeypatch, Imported((BankDraft("網", (question(), question()), "net"),)))
    with pytest.raises(ProblemsError, match="the file has 2 questions, the most is 1; split it"):
        import_file(book, Path("banks/net"), "gift")


def test_a_repaired_defect_counts_as_repaired(book, monkeypatch):
    notes = (Note(Position("book.txt", 2, 1), "x", "mended", repaired=True), Note(Position("book.txt", 3, 1), "y", "?"))
    importing_gives(monkeypatch, Imported((BankDraft("網", (question(),), "net"),), notes=notes))
    result = run("import", book, "-o", "banks/net", "--from", "gift")
    assert "1 defect repaired, 1 to look at, 0 left out\n" in result.stdout


# The table of formats


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_a_module_and_takes_no_other_file_for_its_own(name):
    module = importer(name)
    assert module.sniff("x.bin", b"") == 0
    assert module.sniff("x.bin", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20) == 0


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "data", [b"", b"\0", b"PK\x03\x04broken", b"<quiz><question", "無関係\n".encode(), bytes(range(256)) * 100]
)
def test_a_broken_file_of_every_format_is_refused_or_empty(book, name, data):
    book.write_bytes(data)
    result = run("import", book, "-o", "banks/net", "--from", name)
    assert result.exit_code == 1, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert re.search(r"^book\.txt.* \[[a-z-]+\]$", result.stderr, re.MULTILINE)
    assert files(Path()) == ["book.txt"]


def test_the_help_lists_the_formats_of_the_table():
    assert all(re.search(rf"^ +{name} ", run("import", "--help").output, re.MULTILINE) for name in FORMATS)


DOCS = (Path(__file__).parent.parent / "docs/importing.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FORMATS)
def test_docs_describe_every_format(name):
    assert f"`--from {name}`" in DOCS


def shown() -> list[tuple[str, str]]:
    """The files that the page shows, each with the format under whose heading it stands."""
    parts = re.split(r"^## .*?`--from (\w+)`", DOCS, flags=re.MULTILINE)
    code = re.compile(r"^```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)
    return [
        (name, text) for name, section in zip(parts[1::2], parts[2::2], strict=True) for text in code.findall(section)
    ]


@pytest.mark.parametrize(("name", "text"), shown(), ids=[name for name, _ in shown()])
def test_files_that_the_docs_show_are_imported_without_a_word(book, name, text):
    book.write_text(text, encoding="utf-8")
    result = run("import", book, "-o", "banks/weather", "--strict")
    assert (result.exit_code, result.stderr) == (0, "")
    assert import_file(book, Path("banks/other")).format == name


def test_docs_explain_every_code_of_the_textbook():
    folder = Path(textbook.__file__).parent
    told = re.compile(r'(?:repaired|doubtful|skip|tell)\([^"]*"([a-z-]+)"')
    codes = {code for path in folder.glob("*.py") for code in told.findall(path.read_text(encoding="utf-8"))}
    codes |= {"no-choices", "no-key", "unreadable-key"}
    assert codes == set(re.findall(r"^\| `([a-z-]+)` \| .* \| .* \|$", DOCS.split("## Moodle")[0], re.MULTILINE))


def test_nothing_is_no_format():
    assert guess("x.txt", b"") is None
