"""A small working project in a temporary folder, for tests of the whole pipeline."""

from __future__ import annotations

from pathlib import Path

BANK = """\
kind: bank
id: b
title: 小さな問題バンク
questions:
  - id: one
    type: single
    text: '{漢字|かんじ}の問い $x^2$'
    choices: {a: はい, b: いいえ, c: {text: 不明, pin: last}}
    answer: a
    explanation: 解説ワン
  - id: two
    type: multiple
    text: |
      コードを読め。

      ```yaml
      kind: Pod
      ```
    choices: {a: 甲, b: 乙, c: 丙, d: 丁}
    answer: [a, c]
    explanation: 解説ツー
    points: 2
  - id: three
    type: single
    text: 三つ目
    choices: {a: 東, b: 西, c: 南}
    answer: b
"""
EXAM = """\
kind: exam
id: e
title: 小テスト
seed: 7
variants: 2
scoring: {multiple: net-correct}
sections:
  - draw: {from: b, count: 3}
"""
LABS = """\
kind: assignments
id: labs
title: 演習課題
assignments:
  - id: web
    title: Webサーバー
    goal: ポート{{ port }}で待ち受ける。
    parameters: {port: {range: [8000, 8999]}}
    checks: [{run: 'curl localhost:{{ port }}', expect: 200 OK}]
    rubric: [{criterion: 動作, levels: {不可: 0, 良: 10}}]
    solution: 秘密の解答例
"""


def make_project(root: Path, exam: str = EXAM) -> Path:
    """A project with a bank, an exam and assignments; the path of the exam."""
    course = root / "banks" / "c"
    (course / "exams").mkdir(parents=True)
    (course / "b.yaml").write_text(BANK, encoding="utf-8")
    (course / "labs.yaml").write_text(LABS, encoding="utf-8")
    path = course / "exams" / "e.yaml"
    path.write_text(exam, encoding="utf-8")
    return path
