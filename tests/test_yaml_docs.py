"""docs/yaml.md names every field and type that an author may write, and its examples are good files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quizgen.model import json_schema
from quizgen.reader import read

PAGE = (Path(__file__).parent.parent / "docs" / "yaml.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def names(schema: Any) -> Iterator[str]:
    """Every field and every value of a fixed list in a JSON Schema."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        yield from (value for value in [*schema.get("enum", []), schema.get("const")] if isinstance(value, str))
        for part in schema.values():
            yield from names(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from names(part)


@pytest.mark.parametrize("name", sorted(set(names(json_schema())) - {"kind"}))
def test_every_field_and_value_is_on_the_page(name):
    assert re.search(rf"`{re.escape(name)}(`|:)|\b{re.escape(name)}: ", PAGE)


def test_the_examples_are_good_files(tmp_path):
    bank, types, both, exam, printing, assignments = EXAMPLES
    (tmp_path / "exams").mkdir()
    (tmp_path / "network.yaml").write_text(bank + types + both, encoding="utf-8")
    hard = bank.replace("id: network", "id: security").replace("difficulty: easy", "difficulty: hard")
    (tmp_path / "security.yaml").write_text(hard + types, encoding="utf-8")
    (tmp_path / "labs.yaml").write_text(assignments, encoding="utf-8")
    (tmp_path / "exams" / "midterm.yaml").write_text(exam + printing, encoding="utf-8")
    codes = {(problem.code, problem.message) for problem in read([tmp_path]).problems}
    # The page's exam is printed in two languages, which only some of its questions are in.
    assert {code for code, _ in codes} == {"missing-language"}, codes
