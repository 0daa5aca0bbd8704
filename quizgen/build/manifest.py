"""The manifest: what a build was made of and what it made; enough to verify it or to print it again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath
from platform import python_version
from typing import Any

from quizgen import __version__
from quizgen.assemble import Arrangement, Slot
from quizgen.build.report import Written
from quizgen.problems import QuizgenError
from quizgen.writers import OutputFile

NAME = "manifest.json"
_FORMAT = 1
_LIBRARIES = (
    "babel", "docxtpl", "jinja2", "latex2mathml", "markdown-it-py", "pikepdf", "pillow", "pydyf", "pygments",
    "pypdfium2", "python-docx", "sudachidict-core", "sudachipy", "weasyprint", "ziamath", "zxing-cpp",
)  # fmt: skip


def versions() -> dict[str, str]:
    """The versions of what can change a byte of the output."""
    found = {"python": python_version(), "quizgen": __version__}
    for library in _LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "unknown"
    return found


def manifest(
    document: Mapping[str, Any],
    inputs: Mapping[str, str],
    plan: Iterable[tuple[Slot, Arrangement]],
    outputs: Sequence[Written],
    serials: Iterable[str],
) -> OutputFile:
    """The manifest as a file. `document`: what was built and what was asked for; `inputs`: SHA-256 by path.

    `serials` are those of the papers' answer sheets.
    """
    made = {written.path: written.sha256 for written in sorted(outputs, key=lambda file: file.path)}
    data = {
        "manifest": _FORMAT,
        **document,
        "versions": versions(),
        "inputs": dict(sorted(inputs.items())),
        "papers": [
            _paper(slot, arrangement) | _sheet(slot, serial, made)
            for (slot, arrangement), serial in zip(plan, serials, strict=True)
        ],
        "outputs": made,
    }
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    return OutputFile(PurePosixPath(NAME), text.encode())


def _paper(slot: Slot, arrangement: Arrangement) -> dict[str, Any]:
    sections = [[[placed.name, *placed.order] for placed in section] for section in arrangement]
    return {"name": slot.name, "variant": slot.variant, "attempt": slot.attempt, "sections": sections}


def _sheet(slot: Slot, serial: str, made: Mapping[str, str]) -> dict[str, Any]:
    """The paper's answer sheet, its own or the one for all, with what its codes say: the serial and the layout's hash.

    There is none where students answer in the booklet, or where nothing was printed.
    """
    for folder in (f"student/{slot.name}", "student"):
        if layout := made.get(f"{folder}/layout.json"):
            return {"sheet": {"serial": serial, "layout": f"{folder}/layout.json", "hash": layout[:8]}}
    return {}


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of an output folder; raises QuizgenError where there is none that quizgen wrote."""
    try:
        data = json.loads((folder / NAME).read_bytes())
    except FileNotFoundError as error:
        raise QuizgenError(f"{folder} holds no {NAME}; name the folder that a build made") from error
    except (OSError, ValueError) as error:
        raise QuizgenError(f"{folder / NAME} cannot be read: {error}") from error
    if not isinstance(data, dict) or data.get("manifest") != _FORMAT or not isinstance(data.get("outputs"), dict):
        raise QuizgenError(f"{folder / NAME} was not written by this version of quizgen")
    return data


def changed_outputs(folder: Path, data: Mapping[str, Any]) -> tuple[str, ...]:
    """The files of a build that no longer hold what was built; a file that is gone is not among them."""
    return tuple(
        name for name, digest in data["outputs"].items() if (path := folder / name).is_file() and hashed(path) != digest
    )


def hashed(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hex."""
    return sha256(path.read_bytes()).hexdigest()
