"""The tables to start from import as they are, and docs/importing.md tells of every column."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from quizgen.cli import main
from quizgen.importers import guess, importer
from quizgen.importers.imported import BankDraft
from quizgen.importers.layout import NAMES
from quizgen.problems import Position

ROOT = Path(__file__).parent.parent


def template(folder: Path, name: str) -> Path:
    path = folder / name
    result = CliRunner().invoke(main, ["import", "--template", str(path)])
    assert (result.exit_code, result.stderr) == (0, "")
    return path


def bank_of(path: Path) -> BankDraft:
    """The one bank of a file that imports without a word."""
    data = path.read_bytes()
    format_name = guess(str(path), data)
    assert format_name == path.suffix[1:]
    result = importer(format_name).read(str(path), data)
    assert (result.notes, result.skipped) == ((), ())
    (bank,) = result.banks
    return replace(bank, questions=tuple(replace(one, position=Position("")) for one in bank.questions))


def test_both_tables_hold_the_same_questions(tmp_path):
    bank = bank_of(template(tmp_path, "mine.csv"))
    assert bank == bank_of(template(tmp_path, "mine.XLSX").rename(tmp_path / "mine.xlsx"))
    assert [len(bank.questions), bank.questions[1].answer, bank.questions[2].shuffle] == [3, ("a", "b"), False]


def test_what_is_typed_into_the_workbook_stays_as_typed(tmp_path):
    book = load_workbook(template(tmp_path, "mine.xlsx"))
    sheet = book.worksheets[0]
    assert {cell.number_format for row in sheet.iter_rows() for cell in row} == {"@"}
    assert {sheet.column_dimensions[column].number_format for column in "ABCDEFGHIJKLMNO"} == {"@"}


def test_a_table_becomes_banks_that_check_says_nothing_about(tmp_path):
    path = template(tmp_path, "mine.xlsx")
    course = tmp_path / "banks" / "mine"
    for arguments in (["import", str(path), "-o", str(course)], ["check", str(course)]):
        result = CliRunner().invoke(main, arguments)
        assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("mine.txt", "end it in .csv or .xlsx"),
        ("mine", "end it in .csv or .xlsx"),
        ("no/mine.csv", "cannot be written"),
    ],
)
def test_a_table_that_cannot_be_written_is_refused(tmp_path, name, message):
    result = CliRunner().invoke(main, ["import", "--template", str(tmp_path / name)])
    assert result.exit_code == 1
    assert message in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_not_overwritten(tmp_path):
    path = template(tmp_path, "mine.csv")
    path.write_text("mine")
    result = CliRunner().invoke(main, ["import", "--template", str(path)])
    assert "is there already" in result.stderr
    assert path.read_text() == "mine"


def test_every_column_is_documented_with_its_names():
    page = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")
    for english, japanese, *_ in NAMES.values():
        assert f"| `{english}` | " in page
        assert f"`{japanese}`" in page
