"""The kinds of values that fields take, read from YAML 1.2 scalars as an author means them."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, SchemaValidator, core_schema

from quizgen.language import LANGUAGES
from quizgen.model.translated import Translated
from quizgen.source import Plain

_INTEGER = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")
_FRACTION = re.compile(r"[0-9]+(\.[0-9]+)?|[0-9]+/[1-9][0-9]*")
_LONGEST_NUMBER = 20
_YES_NO = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


class Model(BaseModel):
    """What every part of a file has in common: strict types, no unknown keys, never changed."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", populate_by_name=False)


def _text(value: object) -> object:
    if not isinstance(value, str):
        return value
    if isinstance(value, Plain) and value.comment:
        raise PydanticCustomError(
            "comment-in-text",
            "YAML takes ` {comment}` for a comment and cuts the text off before it; "
            "put the whole text in quotes, or the comment on a line of its own",
            {"comment": value.comment[:30]},
        )
    if not value.strip():
        raise PydanticCustomError("empty-text", "a text is missing here")
    return str(value)


def _integer(value: object) -> object:
    if isinstance(value, str) and len(value) <= _LONGEST_NUMBER:
        _refuse_wide_digits(value)
        return int(value) if _INTEGER.fullmatch(value) else value
    return value


def _number(value: object) -> object:
    if isinstance(value, str) and len(value) <= _LONGEST_NUMBER:
        _refuse_wide_digits(value)
        return Decimal(value) if _NUMBER.fullmatch(value) else value
    return value


def _fraction(value: object) -> object:
    if isinstance(value, str) and len(value) <= _LONGEST_NUMBER and _FRACTION.fullmatch(value):
        return Fraction(value)
    return value if isinstance(value, Fraction) else _refuse("fraction", "write a share such as 0.25 or 1/3")


def _moment(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise PydanticCustomError(
            "moment",
            "`{value}` is no point in time; write day, time and zone, such as 2027-01-29T17:00+09:00",
            {"value": value[:40]},
        )
    return moment


def _refuse(code: str, message: str) -> object:
    raise PydanticCustomError(code, message)


def _refuse_wide_digits(value: str) -> None:
    if value.isdecimal() and not value.isascii():
        half = str(int(value))
        raise PydanticCustomError(
            "wide-digits",
            "`{value}` is in full-width digits; write {half}",
            {"value": str(value), "half": half},
        )


def _flag(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value in ("true", "false"):
        return value == "true"
    if value.lower() in _YES_NO:
        meant = _YES_NO[value.lower()]
        raise PydanticCustomError(
            "flag",
            "`{value}` is a text in YAML 1.2; write {meant}, without quotes",
            {"value": str(value), "meant": meant},
        )
    return value


def _one_or_many(value: object) -> object:
    return [value] if isinstance(value, str | dict) else value


def _plain_string(value: object) -> object:
    return str(value) if isinstance(value, Plain) else value


def _language(value: str) -> str:
    if value not in LANGUAGES:
        raise PydanticCustomError(
            "unknown-language",
            "`{written}` is no language; a text in several is written {languages}, "
            "and a text that begins with `{` needs quotes",
            {"written": value[:40], "languages": "{ja: …, en: …}"},
        )
    return value


_ANY_SCALAR: dict[str, Any] = {"type": ["string", "number", "boolean"]}
_BY_LANGUAGE: dict[str, Any] = {
    "type": "object",
    "properties": dict.fromkeys(LANGUAGES, _ANY_SCALAR),
    "additionalProperties": False,
    "minProperties": 1,
}


class InLanguages:
    """Makes a text field take a mapping from languages to texts as well, in validation and in the JSON Schema."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A validator that makes a mapping a `Translated`; what is wrong with one of its texts has that one's place."""
        text = handler(source)
        language = core_schema.no_info_after_validator_function(_language, core_schema.str_schema())
        keys = SchemaValidator(core_schema.dict_schema(language))
        texts = SchemaValidator(core_schema.dict_schema(values_schema=text))

        def validate(value: object, plain: ValidatorFunctionWrapHandler) -> object:
            if not isinstance(value, dict):
                return plain(value)
            # First the keys alone: what stands behind a text's own brace is no text in a language.
            keys.validate_python(value)
            return Translated(texts.validate_python(value)) if value else plain("")

        return core_schema.no_info_wrap_validator_function(validate, text)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """A scalar, or scalars by language."""
        return {"anyOf": [handler(schema), _BY_LANGUAGE]}


# One line of text, or an author's Markdown: what was written, `1.20`, `NO` and `09:30` too.
Text = Annotated[str, BeforeValidator(_text), WithJsonSchema(_ANY_SCALAR)]
# What is printed for students or teachers to read; `Translated` where the author wrote it in several languages.
Translatable = Annotated[Text, InLanguages()]
Integer = Annotated[int, BeforeValidator(_integer)]
Points = Annotated[
    Decimal,
    BeforeValidator(_number),
    Field(gt=0, le=10_000, decimal_places=2),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": 10_000}),
]
Number = Annotated[Decimal, BeforeValidator(_number), WithJsonSchema({"type": "number"})]
Tolerance = Annotated[Decimal, BeforeValidator(_number), Field(ge=0), WithJsonSchema({"type": "number", "minimum": 0})]
LevelPoints = Annotated[
    Decimal,
    BeforeValidator(_number),
    Field(ge=0, le=10_000, decimal_places=2),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 10_000}),
]
Share = Annotated[
    Fraction,
    BeforeValidator(_fraction),
    Field(ge=0, le=1),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string"}]}),
]
Moment = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]
Flag = Annotated[bool, BeforeValidator(_flag)]
Word = Annotated[str, BeforeValidator(_plain_string)]
# Ids become file names, Moodle idnumbers and keys of draws: ASCII, no slash, no space.
Id = Annotated[
    str,
    BeforeValidator(_plain_string),
    Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=60),
]
Label = Annotated[
    str,
    BeforeValidator(_plain_string),
    Field(pattern=r"^[^\s,|/]+$", max_length=20),
    WithJsonSchema({"type": ["string", "number", "boolean"]}),
]


class OneOrMany:
    """Makes a list field take a single item as well, in validation and in the JSON Schema."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A validator that wraps a single item in a list."""
        return core_schema.no_info_before_validator_function(_one_or_many, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The list, or one of its items."""
        many = handler(schema)
        return {"anyOf": [many, many["items"]]}


class ShortForm:
    """Makes a mapping take a text that stands for one of its fields: `a: text` for `a: {text: text}`.

    Where that field may be in several languages, so may the text: `a: {ja: …, en: …}`; where it is a list (`many`), so
    may the short form be: `a: [one, two]`.
    """

    def __init__(self, field: str, *, in_languages: bool = False, many: bool = False) -> None:
        self.field, self.languages = field, LANGUAGES if in_languages else ()
        self.short: tuple[type, ...] = (str, list) if many else (str,)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A validator that puts a text into its field."""

        def long_form(value: object) -> object:
            by_language = isinstance(value, dict) and any(key in self.languages for key in value)
            return {self.field: value} if isinstance(value, self.short) or by_language else value

        return core_schema.no_info_before_validator_function(long_form, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The mapping, or a scalar, or scalars by language, or a list of scalars."""
        by_language = [_BY_LANGUAGE] if self.languages else []
        listed = [{"type": "array", "items": _ANY_SCALAR}] if list in self.short else []
        return {"anyOf": [handler(schema), _ANY_SCALAR, *by_language, *listed]}
