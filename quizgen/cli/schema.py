"""`quizgen schema`: the JSON Schema of the YAML, for editors."""

from __future__ import annotations

import json

import click

KINDS = ("bank", "exam", "assignments")


@click.command("schema")
@click.argument("kind", type=click.Choice(KINDS), required=False)
def schema_command(kind: str | None) -> None:
    """Print the JSON Schema of KIND, or of any quizgen file, for completion in editors.

    \b
    Example:
        quizgen schema > quizgen.schema.json
    """
    from quizgen.model import json_schema

    click.echo(json.dumps(json_schema(kind), ensure_ascii=False, indent=2))
