"""Imported drafts as files that pass every check: what does not is found by the checks themselves, and left out."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TypeVar

from quizgen.importers.imported import AssignmentDraft, AssignmentsDraft, BankDraft, Imported, QuestionDraft, Skipped
from quizgen.importers.naming import slug
from quizgen.importers.yaml_text import assignments_yaml, bank_yaml, exam_yaml, question_lines, stimulus_lines
from quizgen.problems import Position, Problem, ProblemsError, QuizgenError
from quizgen.reader import read

D = TypeVar("D", QuestionDraft, AssignmentDraft)


@dataclass(frozen=True, slots=True)
class Settled:
    """What is to be written: the drafts that are left, the files by their paths, and which of them is the exam."""

    imported: Imported
    contents: dict[str, bytes]
    exam: str


def settle(path: Path, target: Path, imported: Imported) -> Settled:
    """The files of an import, each checked as `quizgen check` would; what has a problem is left out and told.

    They are checked in a folder of their own; `target` is the one that messages name.

    Raises ProblemsError for a problem that no single question has.
    """
    with TemporaryDirectory() as folder:
        while True:
            settled = _settled(path, imported)
            problems = _problems(Path(folder), target, settled.contents)
            if not problems:
                return settled
            imported = _without(imported, problems, path)


def _settled(path: Path, imported: Imported) -> Settled:
    contents = {f"{bank.id}.yaml": bank_yaml(bank).encode() for bank in imported.banks}
    contents |= {f"{work.id}.yaml": assignments_yaml(work).encode() for work in imported.assignments}
    written = b"\n".join(contents.values())
    for file in imported.files:
        if file.path.encode() in written:
            contents[_safe(file.path)] = file.data
    if not imported.banks:
        return Settled(imported, contents, "")
    name = slug(path.stem) or "exam"
    if name in {work.id for work in imported.assignments}:
        name += "-exam"
    title = imported.banks[0].title if len(imported.banks) == 1 else path.stem
    exam = f"exams/{name}.yaml"
    contents[exam] = exam_yaml(name, title, imported.banks).encode()
    return Settled(imported, contents, exam)


def _safe(name: str) -> str:
    """A path that stays below the folder; an importer that gives another has a fault of its own."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or path.suffix in (".yaml", ".yml"):
        raise QuizgenError(f"the picture `{name}` cannot be put into the folder")
    return name


def _problems(folder: Path, target: Path, contents: dict[str, bytes]) -> tuple[Problem, ...]:
    """What the checks say of the files, their paths being those in `contents`."""
    for name, data in contents.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(data)
    for path in folder.rglob("*"):
        if path.is_file() and path.relative_to(folder).as_posix() not in contents:
            path.unlink()
    return tuple(
        Problem(
            replace(problem.position, path=Path(problem.position.path).relative_to(folder).as_posix()),
            problem.code,
            problem.message.replace(str(folder), str(target)),
        )
        for problem in read([folder]).problems
    )


def _without(imported: Imported, problems: Sequence[Problem], path: Path) -> Imported:
    """The same without the questions and assignments that have problems."""
    by_file: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_file[problem.position.path].append(problem)
    skipped: list[Skipped] = []
    banks = [_bank_without(bank, by_file.pop(f"{bank.id}.yaml", []), skipped) for bank in imported.banks]
    work = [_work_without(one, by_file.pop(f"{one.id}.yaml", []), skipped) for one in imported.assignments]
    # A fault in a head, or in the exam alone, is none of a question's.
    if not skipped:
        raise ProblemsError([Problem(Position(str(path)), one.code, one.message) for one in problems])
    return replace(
        imported,
        banks=tuple(bank for bank in banks if bank.questions),
        assignments=tuple(one for one in work if one.assignments),
        skipped=tuple(sorted({*imported.skipped, *skipped})),
    )


def _bank_without(bank: BankDraft, problems: Sequence[Problem], skipped: list[Skipped]) -> BankDraft:
    if not problems:
        return bank
    text = bank_yaml(bank)
    faulty = _faulty(problems, stimulus_lines(text), before=text.count("\n", 0, text.index("\nquestions:")) + 1)
    stimuli = {bank.stimuli[number].id: problem for number, problem in faulty.items()}
    by_question = _faulty(problems, question_lines(text))
    for number, question in enumerate(bank.questions):
        if question.stimulus in stimuli:
            by_question.setdefault(number, stimuli[question.stimulus])
    return replace(
        bank,
        questions=_kept(bank.questions, by_question, skipped),
        stimuli=tuple(stimulus for stimulus in bank.stimuli if stimulus.id not in stimuli),
    )


def _work_without(work: AssignmentsDraft, problems: Sequence[Problem], skipped: list[Skipped]) -> AssignmentsDraft:
    faulty = _faulty(problems, question_lines(assignments_yaml(work))) if problems else {}
    return replace(work, assignments=_kept(work.assignments, faulty, skipped))


def _faulty(problems: Sequence[Problem], starts: Sequence[int], before: int | None = None) -> dict[int, Problem]:
    """The first problem of each item of a list, by the lines at which the items start."""
    found: dict[int, Problem] = {}
    for problem in problems:
        line = problem.position.line
        number = bisect_right(starts, line) - 1
        if number >= 0 and (before is None or line < before):
            found.setdefault(number, problem)
    return found


def _kept(drafts: Sequence[D], faulty: dict[int, Problem], skipped: list[Skipped]) -> tuple[D, ...]:
    for number, problem in sorted(faulty.items()):
        draft = drafts[number]
        skipped.append(Skipped(draft.position, problem.code, f"`{draft.id}`", problem.message))
    return tuple(draft for number, draft in enumerate(drafts) if number not in faulty)
