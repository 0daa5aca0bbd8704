"""The second gate: data against the models, pydantic's findings said in the author's words."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from quizgen.model import KINDS

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from quizgen.problems import Problem
    from quizgen.source import Location, Source

M = TypeVar("M", bound=BaseModel)

# What pydantic calls a finding: our code for it, and its words.
_SIMPLE = {
    "string_type": ("not-text", "a text belongs here, not {written}"),
    "dict_type": ("not-keys", "keys with values belong here, not {written}"),
    "model_type": ("not-keys", "keys with values belong here, not {written}"),
    "model_attributes_type": ("not-keys", "keys with values belong here, not {written}"),
    "list_type": ("not-a-list", "a list belongs here, not {written}"),
    "int_type": ("not-a-number", "a whole number belongs here, not {written}"),
    "int_parsing": ("not-a-number", "a whole number belongs here, not {written}"),
    "decimal_type": ("not-a-number", "a number belongs here, not {written}"),
    "is_instance_of": ("not-a-number", "a number belongs here, not {written}"),
    "bool_type": ("not-a-flag", "true or false belongs here, not {written}"),
    "greater_than": ("out-of-range", "{written} is too small; it has to be more than {gt}"),
    "greater_than_equal": ("out-of-range", "{written} is too small; the least is {ge}"),
    "less_than_equal": ("out-of-range", "{written} is too large; the most is {le}"),
    "decimal_max_places": ("too-fine", "{written} has more than {decimal_places} decimals"),
    "string_too_long": ("too-long", "this text is too long; the most is {max_length} characters"),
}


def validate(source: Source, model: type[M], data: object, first: int = 0) -> tuple[M | None, tuple[Problem, ...]]:
    """The model of a file's data, or what hinders it; `first` questions of a long bank stand before this part of it."""
    try:
        return model.model_validate(data), ()
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems = [_problem(source, model, detail, first) for detail in details]
        return None, tuple(problem for problem in problems if problem.position.line not in source.mended)


def kind_problem(source: Source) -> Problem:
    """Why a file is of no kind that we know."""
    known = ", ".join(KINDS)
    if not isinstance(source.data, dict):
        return source.problem((), "no-kind", f"a file begins with `kind:` and one of: {known}")
    written = source.data.get("kind")
    if not isinstance(written, str):
        return source.problem((), "no-kind", f"`kind` is missing; write `kind:` and one of: {known}")
    return source.problem(
        ("kind",),
        "unknown-kind",
        f"there is no kind `{written}`{_hint(written, KINDS)}; the kinds are {known}",
    )


def moved(location: Location, first: int) -> Location:
    """A location in a part of a bank as it is in the whole, where so many questions stand before it."""
    match location:
        case ("questions", int(number), *rest):
            return ("questions", number + first, *rest)
        case _:
            return location


def _problem(source: Source, model: type[BaseModel], detail: ErrorDetails, first: int) -> Problem:
    location = moved(tuple(part for part in detail["loc"] if part != "[key]"), first)
    kind = detail["type"]
    at_key = kind == "extra_forbidden" or "[key]" in detail["loc"]
    code, message = _said(model, detail)
    if kind == "union_tag_invalid":
        location += (str(detail["ctx"]["discriminator"]).strip("'"),)
    return source.problem(location, code, message, key=at_key)


def _said(model: type[BaseModel], detail: ErrorDetails) -> tuple[str, str]:
    """Our code and words for a finding."""
    kind, context = detail["type"], detail.get("ctx", {})
    written = _written(detail["input"])
    if kind in _SIMPLE:
        code, words = _SIMPLE[kind]
        return code, words.format(written=written, **context)
    match kind:
        case "missing":
            return "missing-field", f"`{detail['loc'][-1]}` is missing"
        case "extra_forbidden":
            return "unknown-field", _unknown_field(model, detail)
        case "literal_error":
            return "not-one-of", _not_one_of(written, context["expected"])
        case "union_tag_invalid":
            return "unknown-type", _not_one_of(f"`{context['tag']}`", context["expected_tags"])
        case "union_tag_not_found":
            return "missing-type", _no_tag(detail["input"], str(context["discriminator"]))
        case "too_short":
            return "too-few", _too_few(context)
        case "too_long":
            return _too_long(detail["input"], context)
        case "string_pattern_mismatch":
            return _pattern(written, context["pattern"])
        case _:
            return kind.replace("_", "-"), detail["msg"]


def _written(value: object) -> str:
    match value:
        case "":
            return "nothing"
        case str():
            return f"`{value[:40]}{'…' if len(value) > 40 else ''}`"
        case dict():
            return "keys with values"
        case list():
            return "a list"
        case _:
            return f"`{value}`"


def _too_few(context: dict[str, Any]) -> str:
    least, found = context["min_length"], context["actual_length"]
    there = "is 1" if found == 1 else f"are {found or 'none'}"
    return f"at least {least} belong{'s' if least == 1 else ''} here, there {there}"


def _too_long(value: object, context: dict[str, Any]) -> tuple[str, str]:
    if isinstance(value, str):
        return "too-long", f"this text is too long; the most is {context['max_length']} characters"
    return "too-many", f"{context['actual_length']} are too many; the most is {context['max_length']}"


def _pattern(written: str, pattern: str) -> tuple[str, str]:
    is_id = "A-Za-z0-9" in pattern
    code, what = ("bad-id", "an id") if is_id else ("bad-label", "a label")
    if written == "nothing":
        return code, f"{what} is missing here"
    rule = "letters a-z, digits, `-`, `_` and `.`, and begin with a letter or digit"
    if is_id:
        return code, f"{written} cannot be an id; use {rule}"
    return code, f"{written} cannot be a label; a label has no space, comma, `|` or `/`"


def _not_one_of(written: str, expected: str) -> str:
    options = [option.strip().strip("'") for option in expected.replace(" or ", ", ").split(",")]
    return f"{written} is none of {', '.join(options)}{_hint(written.strip('`'), options)}"


def _no_tag(value: object, discriminator: str) -> str:
    if not isinstance(value, dict):
        return f"keys with values belong here, not {_written(value)}"
    return f"{discriminator.replace(chr(39), '`')} is missing; write `type: single`, `type: multiple` or another"


def _hint(written: str, options: Iterator[str] | list[str] | dict[str, Any]) -> str:
    close = get_close_matches(written, list(options), n=1, cutoff=0.6)
    return f"; did you mean `{close[0]}`?" if close else ""


def _unknown_field(model: type[BaseModel], detail: ErrorDetails) -> str:
    name = str(detail["loc"][-1])
    fields = _fields_at(model, detail["loc"][:-1])
    hint = _hint(name, fields) or (f"; the fields are {', '.join(fields)}" if fields else "")
    return f"`{name}` is not a field here{hint}"


def _fields_at(model: type[BaseModel], location: tuple[str | int, ...]) -> list[str]:
    """The names that an author may write at a location, found by walking the models' schema."""
    schema = model.model_json_schema(by_alias=True)
    node: dict[str, Any] = schema
    for part in location:
        node = _resolve(schema, node)
        node = _step(node, part)
    return list(_resolve(schema, node).get("properties", {}))


def _resolve(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """What a reference stands for; of several shapes the long form, which has names or items."""
    while "$ref" in node or "anyOf" in node:
        node = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]] if "$ref" in node else node["anyOf"][0]
    return node


def _step(node: dict[str, Any], part: str | int) -> dict[str, Any]:
    """One part of a location down a JSON Schema; a union's tag leads to that member of it."""
    if isinstance(part, int):
        return dict(node.get("items", {}))
    mapping = node.get("discriminator", {}).get("mapping", {})
    if part in mapping:
        return {"$ref": mapping[part]}
    if part in node.get("properties", {}):
        return dict(node["properties"][part])
    return dict(node.get("additionalProperties") or {})
