"""Where a build goes: a folder, or a place in an object store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Protocol

from quizgen.build import keeping, staging
from quizgen.build.objects_stage import ObjectPlace
from quizgen.build.stage import Stage


class Destination(Protocol):
    """Where the files of a build are in the end."""

    @property
    def folder(self) -> Path:
        """The folder, an empty path where it is none."""
        ...

    @property
    def url(self) -> str:
        """Where it is that is no folder, without anything secret; else ""."""
        ...

    def staged(self, fingerprint: str, *, force: bool) -> AbstractContextManager[Stage]:
        """A stage for the build of that fingerprint; what gathers there is put in place when the block ends well.

        Raises QuizgenError for what a user has changed there, unless forced.
        """
        ...


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of this machine; `shared`: other machines see it, too, and write to it."""

    folder: Path
    shared: bool = False
    url: str = ""

    @contextmanager
    def staged(self, fingerprint: str, *, force: bool) -> Iterator[Stage]:
        """A stage beside the folder, which takes its place when the block ends well."""

        def keep(stage: Path) -> None:
            keeping.carry_over(keeping.check(self.folder, force=force), self.folder, stage)

        # Asked first so that nobody waits for a refusal, and again at the end: a user may have been at work meanwhile.
        with staging.locked(self.folder.parent):
            keeping.check(self.folder, force=force)
        with staging.staged(self.folder, keep, fingerprint) as stage:
            yield stage.shared(token_hex(16)) if self.shared else stage


def destination(folder: Path | str, name: str, *, shared: bool) -> Destination:
    """Where a build of that name goes, below a folder or a URL."""
    if isinstance(folder, str) and "://" in folder:
        return ObjectPlace.below(folder, name)
    return Folder((Path(folder) / name).absolute() if shared else Path(folder) / name, shared)
