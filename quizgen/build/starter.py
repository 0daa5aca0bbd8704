"""The starter project: what `quizgen init` puts into a new folder."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath

from quizgen.build.staging import staged
from quizgen.model import json_schema
from quizgen.problems import QuizgenError
from quizgen.writers import OutputFile

SCHEMA = ".quizgen/schema.json"


def make_project(folder: Path) -> tuple[str, ...]:
    """Write the starter project into a new or empty folder, whole or not at all; the names of its files.

    Raises QuizgenError when something is in the folder already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise QuizgenError(f"{folder} is not empty; name a new folder")
    source = Path(__file__).parent.parent / "data" / "starter"
    names = sorted(path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file())
    with staged(folder) as stage:
        for name in names:
            stage.write(OutputFile(PurePosixPath(name), (source / name).read_bytes()))
        schema = json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"
        stage.write(OutputFile(PurePosixPath(SCHEMA), schema.encode()))
    return (*names, SCHEMA)
