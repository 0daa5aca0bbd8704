"""What is measured on: the repository's own course with a roster of any length, and banks of any length."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

_COURSE = Path(__file__).parent.parent / "banks" / "container"
_PER_CHAPTER = 3  # of ten: 30 questions
_MARKED = {"single", "multiple"}
_PER_CLASS = 40
_PER_FILE = 1000
_WORDS = ("コンテナ", "イメージ", "ネットワーク", "ボリューム", "ノード", "クラスター", "サービス", "レプリカ")
_SURNAMES = ("佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤")
_NAMES = ("葵", "陽菜", "蓮", "結衣", "大翔", "美咲", "颯太", "さくら", "健太", "真央", "悠斗")
_INSTRUCTIONS = """\
1. 合図があるまで、問題冊子を開いてはいけません。
2. 解答用紙の組、番号、受験番号、氏名が自分のものであることを確かめてください。
3. 解答は解答用紙にマークしてください。正解が1つの問題と複数の問題があり、問題ごとに示されています。
4. 教科書、ノート、PC、スマートフォンなどを見ることはできません。
"""
_PRINT = {"answers": "marks", "person": ["class", "seat", "number", "name"]}


def course(folder: Path) -> Path:
    """A project's course with 170 Japanese questions in ten banks, one for each chapter."""
    target = folder / "banks" / "container"
    shutil.copytree(_COURSE, target)
    return target


def shuffled(course: Path, students: int) -> Path:
    """An exam that asks every student of a roster the same questions of all chapters, each in an order of their own."""
    return _exam(course, f"shuffled-{students}", _listed(course), roster=_roster(course, students))


def drawn(course: Path, students: int) -> Path:
    """An exam whose questions are drawn from all chapters for every student of a roster."""
    return _exam(course, f"drawn-{students}", _draws(course), roster=_roster(course, students))


def variants(course: Path, count: int) -> Path:
    """The exam of the same questions in so many variants."""
    return _exam(course, f"variants-{count}", _listed(course), variants=count)


def chosen(course: Path) -> Iterator[dict[str, Any]]:
    """The questions that `shuffled` asks, as their authors wrote them."""
    for bank in _banks(course):
        yield from _share(bank)


def _exam(course: Path, name: str, sections: list[dict[str, Any]], **fields: object) -> Path:
    exam = {"kind": "exam", "id": name, "title": "期末試験", "course": "コンテナ技術", "duration": 90, "seed": 2026}
    exam |= {"instructions": _INSTRUCTIONS, "print": _PRINT, "sections": sections, **fields}
    path = course / "exams" / f"{name}.yaml"
    path.write_text(json.dumps(exam, ensure_ascii=False), encoding="utf-8")
    return path


def _listed(course: Path) -> list[dict[str, Any]]:
    return [
        _section(number, questions=[f"{bank['id']}/{question['id']}" for bank in two for question in _share(bank)])
        for number, two in enumerate(_by_two(_banks(course)), start=1)
    ]


def _draws(course: Path) -> list[dict[str, Any]]:
    return [
        _section(number, draw=[{"from": bank["id"], "count": _PER_CHAPTER} for bank in two])
        for number, two in enumerate(_by_two(_banks(course)), start=1)
    ]


def _by_two(banks: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], ...]]:
    yield from zip(banks[::2], banks[1::2], strict=True)


def _section(number: int, **fields: object) -> dict[str, Any]:
    return {"title": f"第{number}問", "points": 3, **fields}


def _banks(course: Path) -> list[dict[str, Any]]:
    files = (yaml.load(path.read_bytes(), yaml.CBaseLoader) for path in sorted(course.glob("*.yaml")))
    return [file for file in files if file["kind"] == "bank" and file.get("language", "ja") == "ja"]


def _share(bank: dict[str, Any]) -> list[dict[str, Any]]:
    """A chapter's share: the first of the shorter half of what is answered by marks and stands alone."""
    marked = [question for question in bank["questions"] if question["type"] in _MARKED and "stimulus" not in question]
    short = sorted(len(str(question)) for question in marked)[len(marked) // 2]
    return [question for question in marked if len(str(question)) <= short][:_PER_CHAPTER]


def _roster(course: Path, students: int) -> str:
    path = course / "exams" / f"roster-{students}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["id", "name", "class", "seat"])
        rows.writerows(map(_student, range(students)))
    return path.name


def _student(number: int) -> tuple[str, str, str, int]:
    name = f"{_SURNAMES[number % len(_SURNAMES)]} {_NAMES[number % len(_NAMES)]}"
    return f"26{number:06}", name, f"{number // _PER_CLASS + 1}組", number % _PER_CLASS + 1


def banks(folder: Path, questions: int, *, one_file: bool = False) -> Path:
    """A folder of banks with so many questions, a thousand to a file, or all of them in one."""
    folder.mkdir()
    step = questions if one_file else _PER_FILE
    for first in range(0, questions, step):
        numbers = range(first, min(first + step, questions))
        with (folder / f"bank-{first:06}.yaml").open("w", encoding="utf-8") as file:
            file.write(f"kind: bank\nid: b{first}\ntitle: バンク\nquestions:\n")
            file.writelines(map(_question, numbers))
    return folder


def _question(number: int) -> str:
    one, other = _WORDS[number % 8], _WORDS[number // 8 % 8]
    choices = "".join(f"      {label}: '{one}{number}は{other}を`get {label}`する。'\n" for label in "abcd")
    return (
        f"  - id: q{number}\n    type: single\n    text: |\n"
        f"      {one}と{other}について、番号{number}の記述のうち**正しいもの**はどれか。\n"
        f"      `docker run -p {number}:80` を実行した場合を考える。\n"
        f"    choices:\n{choices}    answer: a\n    explanation: {one}は{other}を使うため、a が正しい。\n"
    )
