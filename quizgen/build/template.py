"""The tables to start from: what `quizgen import --template` writes."""

from __future__ import annotations

from pathlib import Path

from quizgen.problems import QuizgenError

_SOURCE = Path(__file__).parent.parent / "data" / "import"


def write_template(path: Path) -> None:
    """Write a table with our headings and three questions, CSV or a workbook by the path's ending.

    Raises QuizgenError when the ending is another one, or the file is there already.
    """
    source = _SOURCE / f"questions{path.suffix.lower()}"
    if not path.suffix or not source.is_file():
        endings = " or ".join(sorted(one.suffix for one in _SOURCE.iterdir()))
        raise QuizgenError(f"{path} is no name of a table; end it in {endings}")
    try:
        with path.open("xb") as stream:
            stream.write(source.read_bytes())
    except FileExistsError as error:
        raise QuizgenError(f"{path} is there already; name a new file") from error
    except OSError as error:
        raise QuizgenError(f"{path} cannot be written: {error.strerror or error}") from error
