"""The JSON Schema of what an author may write, for completion and checking in editors."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from quizgen.model.assignments import Assignments
from quizgen.model.bank import Bank
from quizgen.model.exam import Exam

KINDS: dict[str, type[Bank | Exam | Assignments]] = {"bank": Bank, "exam": Exam, "assignments": Assignments}


def json_schema(kind: str | None = None) -> dict[str, Any]:
    """The schema of one kind of file, or of any file by its `kind`."""
    if kind is not None:
        schema = KINDS[kind].model_json_schema(by_alias=True)
    else:
        anything: Any = Annotated[Bank | Exam | Assignments, Field(discriminator="kind")]
        schema = TypeAdapter(anything).json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"quizgen {kind or 'file'}", **schema}
