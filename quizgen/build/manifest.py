"""The manifest: what a build was made of and what it made; enough to verify it or to print it again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import file_digest
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath
from platform import python_version
from typing import Any, BinaryIO

from quizgen import __version__
from quizgen.assemble import Slot
from quizgen.build.report import Written
from quizgen.problems import QuizgenError
from quizgen.writers import OutputFile

NAME = "manifest.json"
_FORMAT = 1
_OUTPUTS = ' "outputs": {'  # a line of its own
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


def entry(slot: Slot, sections: Any, serial: str, layouts: Mapping[str, str]) -> dict[str, Any]:
    """What is written of a paper; `sections` are its questions, `layouts` the hashes of sheets' layouts by path."""
    paper = {"name": slot.name, "variant": slot.variant, "attempt": slot.attempt, "sections": sections}
    return paper | _sheet(slot, serial, layouts)


def manifest(
    document: Mapping[str, Any],
    inputs: Mapping[str, str],
    papers: Iterable[Mapping[str, Any]],
    outputs: Iterable[Written],
) -> OutputFile:
    """The manifest as a file. `document`: what was built and what was asked for; `inputs`: SHA-256 by path.

    Papers and outputs are gone through once, one at a time: all of them may be more than memory holds.
    """
    return OutputFile(PurePosixPath(NAME), _Manifest(document, inputs, papers, outputs))


@dataclass(frozen=True, slots=True)
class _Manifest:
    """The file in chunks, each paper and each output on a line of its own."""

    document: Mapping[str, Any]
    inputs: Mapping[str, str]
    papers: Iterable[Mapping[str, Any]]
    outputs: Iterable[Written]

    def __iter__(self) -> Iterator[bytes]:
        return (line.encode() for line in self._lines())

    def _lines(self) -> Iterator[str]:
        head = {
            "manifest": _FORMAT,
            **self.document,
            "versions": versions(),
            "inputs": dict(sorted(self.inputs.items())),
        }
        yield json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
        yield ',\n "papers": ['
        yield from _listed(map(_json, self.papers))
        yield f"],\n{_OUTPUTS}\n"
        yield from _listed(f"{_json(file.path)}: {_json(file.sha256)}" for file in self.outputs)
        yield "}\n}\n"


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)


def _listed(items: Iterable[str]) -> Iterator[str]:
    """Items on lines of their own."""
    before = "\n  "
    for item in items:
        yield f"{before}{item}"
        before = ",\n  "
    yield "\n "


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
    return manifest_in(read_file(folder, NAME), f"{folder / NAME}")


def read_file(folder: Path, name: str) -> bytes:
    """The content of a build's file; raises QuizgenError where there is none."""
    with _opened(folder, name) as stream:
        return stream.read()


def read_outputs(folder: Path) -> dict[str, str]:
    """The hashes of a build's files by their paths, the rest of its manifest left unread; raises QuizgenError, too."""
    with _opened(folder) as stream:
        if any(line.rstrip() == _OUTPUTS.encode() for line in stream):
            with suppress(ValueError):
                found: dict[str, str] = json.loads(b"{" + stream.read().rstrip().removesuffix(b"}"))
                return found
    return dict(read_manifest(folder)["outputs"])


@contextmanager
def _opened(folder: Path, name: str = NAME) -> Iterator[BinaryIO]:
    try:
        with (folder / name).open("rb") as stream:
            yield stream
    except FileNotFoundError as error:
        raise QuizgenError(f"{folder} holds no {name}; name the folder that a build made") from error
    except OSError as error:
        raise QuizgenError(f"{folder / name} cannot be read: {error}") from error


def manifest_in(content: bytes, name: str) -> dict[str, Any]:
    """The manifest that is the content of a file of that name; raises QuizgenError where it is none of ours."""
    try:
        data = json.loads(content)
    except ValueError as error:
        raise QuizgenError(f"{name} cannot be read: {error}") from error
    if not isinstance(data, dict) or data.get("manifest") != _FORMAT or not isinstance(data.get("outputs"), dict):
        raise QuizgenError(f"{name} was not written by this version of quizgen")
    return data


def changed_outputs(folder: Path, outputs: Mapping[str, str]) -> tuple[str, ...]:
    """The files of a build that no longer hold what was built; a file that is gone is not among them."""
    written = _touched(folder / NAME)
    return tuple(name for name, digest in outputs.items() if _is_changed(folder / name, digest, written))


def _is_changed(path: Path, digest: str, written: int) -> bool:
    """Whether a file holds something else; one that nobody touched since the manifest was written does not."""
    return path.is_file() and _touched(path) >= written and hashed(path) != digest


def _touched(path: Path) -> int:
    status = path.stat()
    return max(status.st_mtime_ns, status.st_ctime_ns)


def hashed(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
