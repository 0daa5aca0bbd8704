"""Rosters: a CSV file with one student a line, read into students or problems."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from quizgen.paper import Student
from quizgen.problems import Position, Problem
from quizgen.source import decode

_ID = re.compile(r"[^\W_][\w.-]{0,59}")
_ID_HEADINGS = ("id", "student_id", "学籍番号", "受験番号", "番号")
_NAME_HEADINGS = ("name", "氏名", "名前")


def read_roster(path: str, data: bytes) -> tuple[tuple[Student, ...], tuple[Problem, ...]]:
    """The students of a roster, in its order. Columns: `id` (needed), `name`, and any others."""
    text, problems = decode(path, data)
    if problems:
        return (), problems
    rows = csv.reader(text.splitlines())
    try:
        heading = [cell.strip() for cell in next(rows, [])]
        id_column = _column(heading, _ID_HEADINGS)
        if id_column is None:
            message = "the first line of a roster names its columns, and one of them is `id`"
            return (), (Problem(Position(path, 1, 1), "roster-columns", message, text.split("\n", 1)[0][:80]),)
        found = list(_students(path, rows, heading, id_column))
    except csv.Error as error:
        return (), (Problem(Position(path, rows.line_num, 1), "roster", f"this line is no CSV: {error}"),)
    students = tuple(item for item in found if isinstance(item, Student))
    faults = tuple(item for item in found if isinstance(item, Problem))
    if not found:
        faults = (Problem(Position(path, 1, 1), "roster-empty", "the roster has no students"),)
    return students, faults


def _column(heading: list[str], names: tuple[str, ...]) -> int | None:
    lowered = [cell.lower() for cell in heading]
    return next((lowered.index(name) for name in names if name in lowered), None)


def _students(path: str, rows: Iterator[list[str]], heading: list[str], id_column: int) -> Iterator[Student | Problem]:
    name_column = _column(heading, _NAME_HEADINGS)
    others = [
        (column, title) for column, title in enumerate(heading) if column not in (id_column, name_column) and title
    ]
    seen: dict[str, int] = {}
    # Classes and the like are said again and again, and are in memory once.
    said: dict[tuple[str, str], tuple[str, str]] = {}
    for number, row in enumerate(rows, start=2):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        cells += [""] * (len(heading) - len(cells))
        student_id = cells[id_column]
        fault = _fault(student_id, seen)
        if fault:
            yield Problem(Position(path, number, 1), "roster-id", fault, ",".join(row)[:80])
            continue
        seen[student_id.lower()] = number
        pairs = [(title, cells[column]) for column, title in others]
        extra = tuple([said.setdefault(pair, pair) for pair in pairs])
        yield Student(student_id, cells[name_column] if name_column is not None else "", extra)


def _fault(student_id: str, seen: dict[str, int]) -> str:
    if not _ID.fullmatch(student_id):
        return f"`{student_id}` cannot be a student's id; use letters, digits, `-`, `_` and `.`"
    # Papers become folders, and a folder's name has no case on Windows and macOS.
    if student_id.lower() in seen:
        return f"the id `{student_id}` stands here again; it is on line {seen[student_id.lower()]} already"
    return ""
