"""What a user put into an output folder outlives the next build of it."""

from __future__ import annotations

import shutil
from pathlib import Path

from quizgen.build.manifest import NAME, changed_outputs, read_outputs
from quizgen.problems import QuizgenError


def check(target: Path, *, force: bool) -> tuple[str, ...]:
    """The user's own files in a former output, which are to be kept.

    Raises QuizgenError when the folder is no build's, or when built files were changed since (unless forced).
    """
    if not target.exists():
        return ()
    if not target.is_dir():
        raise QuizgenError(f"{target} is a file; the build makes a folder there, so move it away")
    if not any(target.iterdir()):
        return ()
    if not (target / NAME).is_file():
        raise QuizgenError(f"{target} was not made by quizgen; choose another folder with -o, or move it away")
    outputs = read_outputs(target)
    changed = changed_outputs(target, outputs)
    if changed and not force:
        listed = "\n".join(f"  {target / name}" for name in changed[:20])
        raise QuizgenError(
            f"changed since they were built:\n{listed}\nmove them out of {target} to keep them, or build with --force"
        )
    built = {NAME, *outputs}
    names = (path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())
    return tuple(sorted(name for name in names if name not in built))


def carry_over(names: tuple[str, ...], target: Path, stage: Path) -> None:
    """Copy the user's own files from the former output to the new one."""
    for name in names:
        copy = stage / name
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(target / name, copy, follow_symlinks=False)
