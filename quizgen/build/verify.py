"""Verifying: a build made again from its manifest's inputs, byte for byte against what lies there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from quizgen.build.catalog import KIND, build_catalog
from quizgen.build.manifest import NAME, hashed, read_manifest, versions
from quizgen.build.pipeline import Options, build
from quizgen.build.project import project_of
from quizgen.build.run import Progress
from quizgen.problems import QuizgenError


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying found: how many files agree, and every difference in words."""

    agree: int
    differences: tuple[str, ...]


def verify(folder: Path, *, jobs: int | None = None, progress: Progress | None = None) -> Verdict:
    """Rebuild what a manifest describes and compare it with the folder's files.

    Raises QuizgenError where there is no manifest or its project cannot be found; ProblemsError where the
    inputs have problems by now.
    """
    data = read_manifest(folder)
    document = _document(folder, str(data.get("document", "")))
    with TemporaryDirectory() as again:
        made = _made_again(data, document, Path(again), jobs, progress)
        new = read_manifest(made)
        differences = (*_changed_inputs(data, new), *_differing(folder, data["outputs"], new["outputs"]))
        same_manifest = hashed(folder / NAME) == hashed(made / NAME)
    if differences:
        differences += tuple(_changed_versions(data.get("versions", {})))
    elif not same_manifest:
        differences = (f"{NAME} differs", *_changed_versions(data.get("versions", {})))
    again_too = new["outputs"].items()
    agree = sum((name, digest) in again_too and _is(folder / name, digest) for name, digest in data["outputs"].items())
    return Verdict(agree + same_manifest, differences)


def _made_again(
    data: Mapping[str, Any], document: Path, folder: Path, jobs: int | None, progress: Progress | None
) -> Path:
    if data.get("kind") == KIND:
        return build_catalog(document, folder, progress=progress).folder
    options = Options(
        formats=tuple(data["formats"]),
        papers=tuple(data["only"]),
        seed=int(data["seed"]),
        jobs=jobs,
        editions=tuple(data.get("editions", ())),
        documents=tuple(data.get("documents", ())),
    )
    return build(document, folder, options, progress).folder


def _is(path: Path, digest: str) -> bool:
    return path.is_file() and hashed(path) == digest


def _document(folder: Path, name: str) -> Path:
    """The file or folder that a manifest names, in the project around the folder or around where the user stands."""
    if name and not Path(name).is_absolute() and ".." not in Path(name).parts:
        for root in [*folder.resolve().parents, Path.cwd(), *Path.cwd().parents]:
            path = root / name
            if path.exists() and project_of(path).root == root:
                return path
    raise QuizgenError(f"{name} is not in the project around {folder}; run verify from inside the project")


def _changed_inputs(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    before, after = old["inputs"], new["inputs"]
    for name in sorted({*before, *after}):
        if name not in after:
            yield f"input {name} is no longer read"
        elif name not in before:
            yield f"input {name} is new"
        elif before[name] != after[name]:
            yield f"input {name} has changed since"


def _differing(folder: Path, outputs: Mapping[str, str], again: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*outputs, *again}):
        path = folder / name
        if name not in again:
            yield f"{name} is not made any more"
        elif not _is(path, again[name]):
            yield f"{name} differs" if path.is_file() else f"{name} is missing"


def _changed_versions(old: Mapping[str, str]) -> Iterator[str]:
    new = versions()
    for name in sorted(new):
        if old.get(name) != new[name]:
            yield f"built with {name} {old.get(name, 'unknown')}, verified with {new[name]}"
