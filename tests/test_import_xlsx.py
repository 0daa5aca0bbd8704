"""Workbooks: cells as Excel shows them, several sheets, merged cells, and files that are broken or hostile."""

from __future__ import annotations

import re
import zipfile
from datetime import date, time
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from quizgen.importers import archive, workbook, xlsx
from quizgen.importers.imported import Imported, QuestionDraft
from quizgen.importers.shown import shown
from quizgen.problems import ProblemsError

NAME = "quiz.xlsx"
SHEET = "xl/worksheets/sheet1.xml"
LINKS = "xl/_rels/workbook.xml.rels"
NAMES = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
HEADINGS = ["問題文", "選択肢1", "選択肢2", "選択肢3", "正解", "配点", "問題バンク"]
ROW = ["停止する命令はどれか。", "docker rm", "docker stop", "docker ps", 2, 2, None]


def saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def book(*rows: list[object], title: str = "Sheet1") -> tuple[Workbook, Worksheet]:
    made = Workbook()
    sheet = made.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    for row in rows:
        sheet.append(row)
    return made, sheet


def of(*rows: list[object], title: str = "Sheet1") -> Imported:
    return xlsx.read(NAME, saved(book(*rows, title=title)[0]))


def only(cell: object, number_format: str = "General") -> tuple[QuestionDraft, list[tuple[str, str]]]:
    """The question whose first choice is this cell, and the notes on it."""
    made, sheet = book(HEADINGS, ROW)
    sheet["B2"] = cell
    sheet["B2"].number_format = number_format
    result = xlsx.read(NAME, saved(made))
    return result.banks[0].questions[0], [(note.code, note.message) for note in result.notes]


def replaced(data: bytes, part: str, content: bytes, **flags: int) -> bytes:
    """A workbook with another content in one of its parts."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != part:
                new.writestr(info.filename, old.read(info))
        new.writestr(part, content, **flags)
    return out.getvalue()


def test_a_workbook_is_a_bank_named_after_its_file_or_its_sheet():
    (bank,) = of(HEADINGS, ROW).banks
    (question,) = bank.questions
    assert (bank.title, question.text, question.answer, question.points) == ("quiz", ROW[0], ("b",), Decimal(2))
    assert [choice.text for choice in question.choices] == ROW[1:4]
    assert str(question.position) == "quiz.xlsx:2:1"
    assert of(HEADINGS, ROW, title="第1回").banks[0].title == "第1回"


def test_each_sheet_with_headings_is_a_bank_and_the_others_are_told():
    made, _ = book(HEADINGS, ROW, title="網")
    made.create_sheet("層").append(HEADINGS)
    made["層"].append(ROW)
    made.create_sheet("名簿").append(["学籍番号", "氏名"])
    made.create_sheet("説明").append(["この表の使い方"])
    made.create_sheet("空")
    result = xlsx.read(NAME, saved(made))
    assert [bank.title for bank in result.banks] == ["網", "層"]
    assert str(result.banks[1].questions[0].position) == "quiz.xlsx[層]:2:1"
    assert list(map(str, result.notes)) == [
        "quiz.xlsx[名簿]: the sheet 名簿 has no headings of questions; it is left out [sheet-left-out]"
    ]


@pytest.mark.parametrize(
    ("cell", "number_format", "text"),
    [
        (8080, "General", "8080"),
        (1.2, "0.00", "1.20"),
        (1234.5, "#,##0.00", "1,234.50"),
        (0.25, "0%", "25%"),
        (2.5, "0", "3"),
        ("1.20", "@", "1.20"),
        (True, "General", "TRUE"),
        ("a_x005F_x000D_b", "General", "a_x000D_b"),
        ("一行目\n  二行目", "General", "一行目\\\n\u00a0\u00a0二行目"),
    ],
)
def test_a_cell_reads_as_excel_shows_it(cell, number_format, text):
    question, notes = only(cell, number_format)
    assert question.choices[0].text == text
    assert notes == []


@pytest.mark.parametrize(
    ("cell", "number_format", "text", "code"),
    [
        (1.2, "General", "1.2", "number-cell"),
        (0.1 + 0.2, "General", "0.3", "number-cell"),
        (5, "0.0E+00", "5", "number-cell"),
        (date(2026, 1, 4), "yyyy/m/d", "2026-01-04", "date-cell"),
        (46026.395833333336, "m/d/yy h:mm", "2026-01-04 09:30", "date-cell"),
        (time(9, 30), "h:mm", "09:30", "date-cell"),
        (46026, '[$-411]ggge"年"m"月"d"日"', "2026-01-04", "date-cell"),
    ],
)
def test_a_cell_whose_text_is_not_certain_is_told(cell, number_format, text, code):
    question, notes = only(cell, number_format)
    assert question.choices[0].text == text
    assert [note for note, _ in notes] == [code]
    assert notes[0][1].startswith("cell B2 ")


def test_an_error_counts_as_empty_and_is_told():
    made, sheet = book(HEADINGS, ROW)
    sheet["D2"].value = "#N/A"
    sheet["D2"].data_type = "e"
    result = xlsx.read(NAME, saved(made))
    assert len(result.banks[0].questions[0].choices) == 2
    assert [note.message for note in result.notes] == ["cell D2 shows the error #N/A; it counts as empty"]


def test_formulas_in_columns_of_questions_are_refused_each_with_its_cell():
    made, sheet = book([*HEADINGS, "メモ"], ROW, ROW)
    sheet["A2"] = '=CONCATENATE("a", "b")'
    sheet["E3"] = "=1+1"
    sheet["H3"] = "=NOW()"
    with pytest.raises(ProblemsError) as caught:
        xlsx.read(NAME, saved(made))
    assert [str(problem) for problem in caught.value.problems] == [
        "quiz.xlsx:2:1: cell A2 is a formula, which is not calculated here; in Excel copy it and paste its value "
        "[formula-cell]",
        "quiz.xlsx:3:5: cell E3 is a formula, which is not calculated here; in Excel copy it and paste its value "
        "[formula-cell]",
    ]


def test_a_formula_beside_the_questions_does_no_harm():
    made, sheet = book([*HEADINGS, "メモ"], ROW)
    sheet["H2"] = "=NOW()"
    assert xlsx.read(NAME, saved(made)).questions == 1


def test_what_merged_cells_say_counts_for_all_their_rows():
    made, sheet = book(HEADINGS, ROW, ROW, ROW, [None])
    sheet["G2"] = "網"
    sheet["G4"] = "層"
    sheet.merge_cells("G2:G3")
    sheet.merge_cells("G4:G99")
    result = xlsx.read(NAME, saved(made))
    assert [(bank.title, len(bank.questions)) for bank in result.banks] == [("網", 2), ("層", 1)]
    assert (result.skipped, [(note.code, note.repaired) for note in result.notes]) == ((), [("merged-cells", True)])


def test_headings_in_two_merged_rows_are_understood():
    made, sheet = book(["問題文", "選択肢", None, None, "正解"], [None, 1, 2, 3, None], ROW)
    for cells in ("A1:A2", "B1:D1", "E1:E2"):
        sheet.merge_cells(cells)
    assert xlsx.read(NAME, saved(made)).banks[0].questions[0].answer == ("b",)


def with_shared_strings(data: bytes, *items: str) -> bytes:
    """The workbook with its texts in a list of their own, as Excel keeps them, and these as the first of it."""
    strings = list(items)

    def shared(match: re.Match[str]) -> str:
        strings.append(f"<si>{match[2]}</si>")
        return f'<c r="{match[1]}" t="s"><v>{len(strings) - 1}</v></c>'

    with zipfile.ZipFile(BytesIO(data)) as parts:
        sheet = re.sub('<c r="([A-Z0-9]+)" t="inlineStr"><is>(.*?)</is></c>', shared, parts.read(SHEET).decode())
        links = parts.read(LINKS).decode()
    link = '<Relationship Id="x" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    data = replaced(data, "xl/sharedStrings.xml", f"<sst {NAMES}>{''.join(strings)}</sst>".encode())
    data = replaced(data, LINKS, links.replace("</Relationships>", link).encode())
    return replaced(
        data, SHEET, sheet.replace('<row r="2"><c r="A2" t="s"><v>8', '<row r="2"><c r="A2" t="s"><v>0').encode()
    )


def test_texts_are_found_in_the_list_that_excel_keeps_without_the_readings_of_japanese_words():
    reading = '<rPh sb="0" eb="2"><t>テイシ</t></rPh>'
    rich = f'<si><r><t>停止</t></r><r><rPr><b/></rPr><t xml:space="preserve"> する</t></r>{reading}</si>'
    data = with_shared_strings(saved(book(HEADINGS, ROW)[0]), rich)
    (question,) = xlsx.read(NAME, data).banks[0].questions
    assert question.text == "停止 する"
    assert [choice.text for choice in question.choices] == ROW[1:4]


def test_pictures_on_a_sheet_are_told():
    data = replaced(saved(book(HEADINGS, ROW)[0]), "xl/media/image1.png", b"x")
    assert [note.code for note in xlsx.read(NAME, data).notes] == ["pictures-left-out"]


@given(
    st.floats(allow_nan=True) | st.text("0123456789.eE+-naif", max_size=9).map(str),
    st.sampled_from(["General", "0.00", "yyyy", "0%"]),
)
def test_any_number_is_shown_or_is_none(value, code):
    result = shown(str(value), code, from_1904=False)
    assert result is None or 0 < len(result.text) < 1000


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><worksheet>&c;</worksheet>'
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet><c t="str"><v>&e;</v></c></worksheet>'


def sheet_of(rows: str) -> bytes:
    return f"<worksheet {NAMES}><sheetData>{rows}</sheetData></worksheet>".encode()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (BOMB.encode(), "declares entities, as no program that saves such files does; it is not read [hostile]"),
        (OUTSIDE.encode(), "declares entities, as no program that saves such files does; it is not read [hostile]"),
        (b"<worksheet><row>", "is no well-formed XML: no element found: line 1, column 16; open it in Excel"),
        (b"<?xml version='1.0' encoding='no-such'?><x/>", "is no well-formed XML: unknown encoding"),
        (b"<a>" * 300 + b"</a>" * 300, "has more than 2,000,000 elements, or 200 levels; save what is to be imported"),
        (b"x" * 100_000_001, "has 100,000,001 bytes, the most is 100,000,000; save what is to be imported"),
        (
            sheet_of("<row><c><v>1</v></c></row>" * 50_001),
            "more than 50,000 rows or 500,000 cells; save the questions in a workbook",
        ),
        (
            sheet_of('<row r="1"><c r="XFD1" t="str"><v>x</v></c></row>'),
            "something in cell XFD1, the most is 256 columns; save the questions in a workbook of their own",
        ),
        (sheet_of('<row r="1"><c t="s"><v>999</v></c></row>'), "there is nothing in the table [no-questions]"),
        (sheet_of(""), "there is nothing in the table [no-questions]"),
    ],
    ids=["bomb", "outside", "truncated", "encoding", "deep", "long", "rows", "columns", "string", "empty"],
)
def test_a_broken_or_hostile_sheet_is_refused(content, message):
    data = replaced(saved(book(HEADINGS, ROW)[0]), SHEET, content)
    with pytest.raises(ProblemsError) as caught:
        xlsx.read(NAME, data)
    assert message in str(caught.value)


def test_more_elements_than_any_workbook_has_are_refused(monkeypatch):
    monkeypatch.setattr(archive, "MOST_ELEMENTS", 10)
    with pytest.raises(ProblemsError, match="has more than 10 elements"):
        list(archive.Archive(NAME, saved(book(HEADINGS, ROW)[0]), "Excel").stream(SHEET, archive.MOST_ELEMENTS))


def test_merged_cells_without_end_are_refused(monkeypatch):
    monkeypatch.setattr(workbook, "_MOST_CELLS", 30)
    data = saved(book(HEADINGS, ROW, ROW, ROW)[0])
    merged = '<mergeCell ref="A1:A4"/>' * 20
    with zipfile.ZipFile(BytesIO(data)) as parts:
        content = parts.read(SHEET).decode().replace("</sheetData>", f"</sheetData><mergeCells>{merged}</mergeCells>")
    with pytest.raises(ProblemsError, match="the sheet has too many merged cells"):
        xlsx.read(NAME, replaced(data, SHEET, content.encode()))


def bomb_of(size: int, count: int, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive that unpacks to so many parts of so many bytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for number in range(count):
            made.writestr(f"xl/workbook.xml{number or ''}", b"\0" * size)
    return out.getvalue()


def lying_about_its_size() -> bytes:
    """An archive whose list says that a part of a megabyte has ten bytes."""
    data = bytearray(bomb_of(1_000_000, 1))
    for start, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.index(start) + offset
        data[at : at + 4] = (10).to_bytes(4, "little")
    return bytes(data)


def with_a_password() -> bytes:
    data = bytearray(saved(book(HEADINGS, ROW)[0]))
    at = data.index(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 1)
    return bytes(data)


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "File is not a zip file; open it in Excel and save it again [damaged]"),
        (
            b"PK\x03\x04" + b"xl/workbook.xml" * 9,
            "File is not a zip file; open it in Excel and save it again [damaged]",
        ),
        (saved(book(HEADINGS, ROW)[0])[:-200], "open it in Excel and save it again [damaged]"),
        (bomb_of(50_000_000, 9), "it unpacks to 450,000,000 bytes, the most is 400,000,000"),
        (bomb_of(1, 10_001), "it has more than 10,000 parts"),
        (bomb_of(1000, 1, zipfile.ZIP_LZMA), "is packed in a way that Office does not use"),
        (lying_about_its_size(), "its part xl/workbook.xml cannot be unpacked"),
        (with_a_password(), "it is protected by a password; save it without one in Excel [password]"),
        (OLD + "Workbook".encode("utf-16-le"), "the format from before 2007; save it as .xlsx in Excel [old-format]"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "protected by a password; save it without one in Excel"),
        (b"x" * 100_000_001, "it has 100,000,001 bytes, the most is 100,000,000"),
    ],
    ids=["empty", "no-zip", "cut", "bomb", "parts", "lzma", "lie", "password", "xls", "encrypted", "huge"],
)
def test_a_broken_or_hostile_archive_is_refused(data, message):
    with pytest.raises(ProblemsError) as caught:
        xlsx.read(NAME, data)
    (problem,) = caught.value.problems
    assert message in str(problem)


def test_a_binary_workbook_is_named():
    data = replaced(saved(book(HEADINGS, ROW)[0]), "xl/workbook.bin", b"")
    with pytest.raises(ProblemsError, match=r"it is a binary workbook \(.xlsb\); save it as .xlsx in Excel"):
        xlsx.read(NAME, data)


def test_a_missing_part_is_named():
    data = saved(book(HEADINGS, ROW)[0]).replace(b"xl/worksheets/sheet1.xml", b"xl/worksheets/sheet9.xml")
    with pytest.raises(ProblemsError, match=r"its part xl/worksheets/sheet1.xml is missing"):
        xlsx.read(NAME, data)


@pytest.mark.parametrize("target", ["../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "%2e%2e/%2e%2e/x"])
def test_a_path_that_leads_out_of_the_archive_ends_in_it(target):
    data = saved(book(HEADINGS, ROW)[0])
    with zipfile.ZipFile(BytesIO(data)) as parts:
        content = parts.read(LINKS).replace(b"/xl/worksheets/sheet1.xml", target.encode())
    with pytest.raises(ProblemsError, match="is missing"):
        xlsx.read(NAME, replaced(data, LINKS, content))


WHOLE = saved(book(HEADINGS, ROW)[0])


@given(st.data())
def test_any_damage_is_read_or_refused(data):
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        result = xlsx.read(NAME, bytes(content))
    except ProblemsError:
        return
    assert result.questions + len(result.skipped) <= 1


@pytest.mark.parametrize(
    ("name", "data", "certainty"),
    [
        ("x", saved(book(HEADINGS, ROW)[0]), 100),
        ("x.xls", OLD, 90),
        ("x.bin", OLD + "Workbook".encode("utf-16-le"), 80),
        ("x.xlsx", b"", 30),
        ("x.csv", b"text,a,b,answer", 0),
    ],
)
def test_a_workbook_is_known_by_its_parts(name, data, certainty):
    assert xlsx.sniff(name, data) == certainty
