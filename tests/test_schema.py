"""The JSON Schema says what the models say: good files pass, bad ones do not, and the copy in docs/ is current."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from quizgen.model import KINDS, json_schema

ROOT = Path(__file__).parent.parent
GOOD = sorted([*(ROOT / "banks").rglob("*.yaml"), *(ROOT / "tests/banks/ok").rglob("*.yaml")])


@pytest.mark.parametrize("kind", [None, *KINDS])
def test_the_schema_is_one(kind):
    jsonschema.Draft202012Validator.check_schema(json_schema(kind))


class CoreLoader(yaml.BaseLoader):
    """Scalars as YAML 1.2's core schema and so an editor's language server reads them."""


CoreLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(true|false)$"), list("tf"))
CoreLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[-+]?[0-9]+(\.[0-9]+)?$"), list("-+0123456789")
)
CoreLoader.add_constructor("tag:yaml.org,2002:bool", lambda _, node: node.value == "true")
CoreLoader.add_constructor(
    "tag:yaml.org,2002:float", lambda _, node: float(node.value) if "." in node.value else int(node.value)
)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_files_pass_the_schema(path):
    data = yaml.load(path.read_bytes(), CoreLoader)
    for schema in (json_schema(), json_schema(data["kind"])):
        assert [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(data)] == []


def test_a_misspelt_field_does_not_pass():
    bank = {"kind": "bank", "id": "b", "titel": "t", "questions": []}
    validator = jsonschema.Draft202012Validator(json_schema("bank"))
    assert {error.validator for error in validator.iter_errors(bank)} == {
        "additionalProperties",
        "required",
        "minItems",
    }


def test_the_copy_for_editors_is_current(golden):
    text = json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"
    golden("schema.json", text)
