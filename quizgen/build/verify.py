"""Verifying: a build made again from its manifest's inputs, byte for byte against what lies there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from quizgen.build.catalog import KIND, build_catalog
from quizgen.build.manifest import NAME, hashed, manifest_in, read_file, read_manifest, versions
from quizgen.build.objects import Objects, opened
from quizgen.build.pipeline import Options, build
from quizgen.build.project import project_of
from quizgen.build.run import Progress
from quizgen.problems import QuizgenError


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying found: how many files agree, and every difference in words."""

    agree: int
    differences: tuple[str, ...]


def verify(place: Path | str, *, jobs: int | None = None, progress: Progress | None = None) -> Verdict:
    """Rebuild what a manifest describes and compare it with the files in its folder, or below its URL.

    Raises QuizgenError where there is no manifest or its project cannot be found; ProblemsError where the
    inputs have problems by now.
    """
    kept: _Kept = _Stored(opened(place)) if isinstance(place, str) and "://" in place else _Folder(Path(place))
    content = kept.read(NAME)
    data = manifest_in(content, f"{kept.name}/{NAME}")
    document = _document(kept, str(data.get("document", "")))
    with TemporaryDirectory() as again:
        made = _made_again(data, document, Path(again), jobs, progress)
        new = read_manifest(made)
        same_manifest = content == (made / NAME).read_bytes()
    differing = set(kept.differing(new["outputs"]))
    differences = (*_changed_inputs(data, new), *_differing(kept, differing, data["outputs"], new["outputs"]))
    if differences:
        differences += tuple(_changed_versions(data.get("versions", {})))
    elif not same_manifest:
        differences = (f"{NAME} differs", *_changed_versions(data.get("versions", {})))
    again_too = new["outputs"].items() & data["outputs"].items()
    agree = sum(name not in differing for name, _ in again_too)
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


class _Kept(Protocol):
    """What a build has left somewhere."""

    @property
    def name(self) -> str:
        """Where that is."""
        ...

    @property
    def around(self) -> Sequence[Path]:
        """The folders in which its project may be."""
        ...

    def read(self, name: str) -> bytes:
        """A file's content."""
        ...

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        ...

    def differing(self, hashes: Mapping[str, str]) -> Iterable[str]:
        """The names of the files that have other contents, or are missing."""
        ...


@dataclass(frozen=True, slots=True)
class _Folder:
    """What lies in a folder."""

    folder: Path

    @property
    def name(self) -> str:
        """The folder's name."""
        return str(self.folder)

    @property
    def around(self) -> Sequence[Path]:
        """The folders around it."""
        return self.folder.resolve().parents

    def read(self, name: str) -> bytes:
        """A file's content."""
        return read_file(self.folder, name)

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return (self.folder / name).is_file()

    def differing(self, hashes: Mapping[str, str]) -> Iterable[str]:
        """The names of the files that have other contents, or are missing."""
        return (name for name, digest in hashes.items() if not self.has(name) or hashed(self.folder / name) != digest)


@dataclass(frozen=True, slots=True)
class _Stored:
    """What lies in an object store."""

    objects: Objects
    around: Sequence[Path] = ()

    @property
    def name(self) -> str:
        """Its URL."""
        return self.objects.name

    def read(self, name: str) -> bytes:
        """A file's content."""
        content = self.objects.find(name)
        if content is None:
            raise QuizgenError(f"{self.name} holds no {name}; name the place that a build made")
        return content

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return self.objects.has(name)

    def differing(self, hashes: Mapping[str, str]) -> Iterable[str]:
        """The names of the files that have other contents, or are missing."""
        return self.objects.differing(hashes, self.objects.sizes())


def _document(kept: _Kept, name: str) -> Path:
    """The file or folder that a manifest names, in the project around the folder or around where the user stands."""
    if name and not Path(name).is_absolute() and ".." not in Path(name).parts:
        for root in [*kept.around, Path.cwd(), *Path.cwd().parents]:
            path = root / name
            if path.exists() and project_of(path).root == root:
                return path
    raise QuizgenError(f"{name} is not in the project around {kept.name}; run verify from inside the project")


def _changed_inputs(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    before, after = old["inputs"], new["inputs"]
    for name in sorted({*before, *after}):
        if name not in after:
            yield f"input {name} is no longer read"
        elif name not in before:
            yield f"input {name} is new"
        elif before[name] != after[name]:
            yield f"input {name} has changed since"


def _differing(kept: _Kept, differing: Set[str], outputs: Mapping[str, str], again: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*outputs, *again}):
        if name not in again:
            yield f"{name} is not made any more"
        elif name in differing:
            yield f"{name} differs" if kept.has(name) else f"{name} is missing"


def _changed_versions(old: Mapping[str, str]) -> Iterator[str]:
    new = versions()
    for name in sorted(new):
        if old.get(name) != new[name]:
            yield f"built with {name} {old.get(name, 'unknown')}, verified with {new[name]}"
