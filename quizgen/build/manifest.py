"""The manifest: what a build was made of and what it made; enough to verify it or to print it again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath
from platform import python_version
from typing import Any

from quizgen import __version__
from quizgen.assemble import Slot
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


@dataclass(frozen=True, slots=True)
class Entries:
    """The papers as the manifest has them: `orders` are the sections of each, `serials` those of the answer sheets."""

    slots: Sequence[Slot] = ()
    orders: Iterable[Any] = ()
    serials: Sequence[str] = ()

    def written(self, made: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """What is written of each paper; `made` has the hashes of the layouts."""
        for slot, sections, serial in zip(self.slots, self.orders, self.serials, strict=True):
            paper = {"name": slot.name, "variant": slot.variant, "attempt": slot.attempt, "sections": sections}
            yield paper | _sheet(slot, serial, made)


def manifest(
    document: Mapping[str, Any], inputs: Mapping[str, str], papers: Entries, outputs: Sequence[Written]
) -> OutputFile:
    """The manifest as a file. `document`: what was built and what was asked for; `inputs`: SHA-256 by path."""
    return OutputFile(PurePosixPath(NAME), _Manifest(document, inputs, papers, outputs))


@dataclass(frozen=True, slots=True)
class _Manifest:
    """The file in chunks: that of many papers is larger than all that a build has in memory."""

    document: Mapping[str, Any]
    inputs: Mapping[str, str]
    papers: Entries
    outputs: Sequence[Written]

    def __iter__(self) -> Iterator[bytes]:
        return (line.encode() for line in self._lines())

    def _lines(self) -> Iterator[str]:
        layouts = {file.path: file.sha256 for file in self.outputs if file.path.endswith("layout.json")}
        head = {
            "manifest": _FORMAT,
            **self.document,
            "versions": versions(),
            "inputs": dict(sorted(self.inputs.items())),
        }
        yield _json(head, 0).removesuffix("\n}")
        yield ',\n "papers": '
        yield from _listed("[]", (_json(paper, 2) for paper in self.papers.written(layouts)))
        yield ',\n "outputs": '
        outputs = sorted(self.outputs, key=lambda file: file.path)
        yield from _listed("{}", (f"{_json(file.path, 2)}: {_json(file.sha256, 2)}" for file in outputs))
        yield "\n}\n"


def _json(data: Any, depth: int) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1).replace("\n", "\n" + " " * depth)


def _listed(brackets: str, items: Iterable[str]) -> Iterator[str]:
    """Items on lines of their own, as `json.dumps` would set them one level deep."""
    before = f"{brackets[0]}\n  "
    for item in items:
        yield f"{before}{item}"
        before = ",\n  "
    yield "\n " + brackets[1] if before.startswith(",") else brackets


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
