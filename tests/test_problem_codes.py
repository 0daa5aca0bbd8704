"""Every problem code is explained in docs/problems.md, and every one explained there exists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
MAKERS = {"Problem", "Finding", "Trap", "ComposeError", "_refused", "FileError", "Fault", "PydanticCustomError"}
MAKERS |= {"problem", "_problem", "_refuse"}
CODE = re.compile(r"[a-z]+(-[a-z]+)*")


def raised() -> Iterator[str]:
    """The codes that stand in calls which make problems, and in the table of pydantic's findings."""
    for folder in ("source", "model", "reader", "richtext"):
        for path in sorted((ROOT / "quizgen" / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in MAKERS:
                    yield from (argument.value for argument in node.args[:3] if is_code(argument))
    schema = (ROOT / "quizgen/reader/schema.py").read_text(encoding="utf-8")
    yield from re.findall(r'": \("([a-z-]+)",', schema)
    yield from re.findall(r'return "([a-z-]+)", ', schema)
    yield from ("bad-id", "bad-label")
    # A file that a field names is told by the field as well.
    yield from (f"{field}-{code}" for field in ("image", "roster") for code in FILE_CODES)


FILE_CODES = ("missing-file", "not-a-file", "outside", "too-large", "unreadable")


def is_code(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value) is not None


def documented() -> set[str]:
    text = (ROOT / "docs/problems.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE))


def test_every_code_is_explained_and_every_explained_one_exists():
    codes = set(raised()) - {"outside", "missing-file"}
    assert documented() == codes


def test_every_code_in_an_accepted_report_is_explained():
    reports = (path.read_text(encoding="utf-8") for path in (ROOT / "tests/golden/problems").glob("*.txt"))
    shown = {code for report in reports for code in re.findall(r"^\S+: .* \[([a-z-]+)\]$", report, re.MULTILINE)}
    assert shown <= documented()
