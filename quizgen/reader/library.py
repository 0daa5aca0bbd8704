"""What lies together: the banks, exams and assignments of courses, read and held against each other."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from quizgen.model import KINDS, Assignments, Bank, Course, Exam
from quizgen.model.pool import bank_ids
from quizgen.model.question import Difficulty
from quizgen.paper import Student
from quizgen.picture import Picture, PictureError
from quizgen.picture import read as read_picture
from quizgen.problems import Position, Problem, ProblemsError, QuizgenError
from quizgen.reader.files import FileError, Files, yaml_files
from quizgen.reader.finding import Finding
from quizgen.reader.languages import bank_language_findings, exam_language_findings, in_both, in_each_language, readings
from quizgen.reader.roster import read_roster
from quizgen.reader.schema import kind_problem, moved, validate
from quizgen.reader.sense import (
    assignments_findings,
    assignments_texts,
    bank_findings,
    bank_texts,
    doubled_ids,
    exam_findings,
)
from quizgen.richtext import images, parse
from quizgen.source import Folded, Location, Source, read_source

# The line by which a bank is known before it is read.
_BANK = re.compile(rb"^kind:[ \t]*[\"']?bank\b", re.MULTILINE)
_BANK_ID = re.compile(rb"^id:[ \t]*[\"']?([\w-]+)", re.MULTILINE)
_MOST_PICTURE_BYTES = 10 * 1024 * 1024
_MOST_ROSTER_BYTES = 64 * 1024 * 1024

M = TypeVar("M", Exam, Assignments)


@dataclass(frozen=True)
class Document(Generic[M]):
    """A file of one kind that passed the first two gates."""

    path: Path
    source: Source
    model: M


@dataclass(frozen=True)
class _KnownBank:
    """A bank that passed the first two gates; where nobody needs more, of its questions just their outlines."""

    path: Path
    model: Bank


@dataclass(frozen=True, slots=True)
class _Outline:
    """Of a question what an exam is held against."""

    id: str
    difficulty: Difficulty
    tags: tuple[str, ...]


@dataclass
class _Reader:
    """What one run has read so far; filled file by file, so that nothing is read twice."""

    outlines: bool = False
    files: Files = field(default_factory=Files)
    problems: list[Problem] = field(default_factory=list)
    banks: list[_KnownBank] = field(default_factory=list)
    waiting: dict[Path, Source] = field(default_factory=dict)
    seen: set[Path] = field(default_factory=set)
    exams: list[Document[Exam]] = field(default_factory=list)
    assignments: list[Document[Assignments]] = field(default_factory=list)
    pictures: dict[Path, dict[str, Picture]] = field(default_factory=dict)
    students: dict[Path, tuple[Student, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """What a check found: the problems in order, and how much was read."""

    problems: tuple[Problem, ...]
    files: int
    questions: int


@dataclass(frozen=True)
class Job:
    """What a build needs: an exam or assignments, the course behind it, its students, and what was read (SHA-256)."""

    path: Path
    document: Exam | Assignments
    course: Course
    students: tuple[Student, ...]
    inputs: Mapping[Path, str]


@dataclass(frozen=True)
class Banks:
    """The banks of a file or of a course's folder, in the order of their files, and what was read (SHA-256)."""

    course: Course
    inputs: Mapping[Path, str]


def course_folder(path: Path) -> Path:
    """The folder of the course that a file belongs to: `exams/` lies inside it."""
    return path.parent.parent if path.parent.name == "exams" else path.parent


def read(paths: Iterable[Path]) -> Reading:
    """Check files and folders; an exam is held against the banks of its course, which are read with it.

    Banks are read last, when it is known what exams ask of them, and let go of one by one: there may be many.
    """
    reader = _Reader(outlines=True)
    todo = list(yaml_files(list(paths)))
    _read_others(reader, todo)
    folders = {course_folder(document.path) for document in reader.exams}
    beside = [path for folder in sorted(folders) for path in _course_files(folder) if path not in set(todo)]
    _read_others(reader, beside)
    for path in [*todo, *beside]:
        if path in reader.waiting:
            _take_bank(reader, path, reader.waiting.pop(path))
        elif path not in reader.seen:
            _read_file(reader, path)
    _make_sense(reader)
    questions = sum(len(bank.model.questions) for bank in reader.banks)
    return Reading(tuple(sorted(set(reader.problems))), len(reader.files.hashes), questions)


def _read_others(reader: _Reader, paths: Iterable[Path]) -> None:
    """Read the files that are no banks, as far as one sees from their first lines; other banks have to wait."""
    for path in paths:
        if not _BANK.search(reader.files.beginning(path)):
            reader.seen.add(path)
            _read_file(reader, path, banks=False)


def read_job(path: Path) -> Job:
    """An exam or assignments file with all that a build of it needs.

    Raises ProblemsError when anything of it has a problem.
    """
    reader = _Reader()
    _read_file(reader, path)
    jobs: list[Document[Exam] | Document[Assignments]] = [*reader.exams, *reader.assignments]
    document = jobs[0] if jobs else None
    if document is None:
        raise _not_buildable(reader, path)
    if isinstance(document.model, Exam):
        _read_banks_of(reader, document.model, [other for other in _course_files(course_folder(path)) if other != path])
    _make_sense(reader)
    if reader.problems:
        raise ProblemsError(reader.problems)
    folder = course_folder(path)
    banks = {bank.model.id: bank.model for bank in reader.banks}
    course = Course(banks, reader.pictures.get(folder, {}))
    return Job(path, document.model, course, reader.students.get(path, ()), reader.files.hashes)


def _read_banks_of(reader: _Reader, exam: Exam, paths: Iterable[Path]) -> None:
    """Read the banks that an exam draws from; all of them where one is missing, as a message may name another."""
    wanted, others = bank_ids(exam), []
    for path in paths:
        found = _BANK_ID.search(beginning) if _BANK.search(beginning := reader.files.beginning(path)) else None
        if found and found[1].decode(errors="replace") not in wanted:
            others.append(path)
        else:
            _read_file(reader, path, wanted=("bank",))
    if not wanted <= {bank.model.id for bank in reader.banks}:
        for path in others:
            _read_file(reader, path, wanted=("bank",))


def _not_buildable(reader: _Reader, path: Path) -> QuizgenError:
    if reader.problems:
        return ProblemsError(reader.problems)
    message = "this is a bank; what is built is an exam or assignments, which draw from banks"
    return ProblemsError([Problem(Position(str(path), 1, 1), "not-an-exam", message)])


def read_banks(path: Path) -> Banks:
    """A bank's file, or all banks of a course's folder.

    Raises ProblemsError when anything of them has a problem, or there is none.
    """
    reader = _Reader()
    whole = path.is_dir()
    for file in _course_files(path) if whole else [path]:
        _read_file(reader, file, wanted=("bank",) if whole else tuple(KINDS))
    if not reader.banks and not reader.problems:
        message = "there is no bank here; name a bank's file, or the folder of a course with banks in it"
        raise ProblemsError([Problem(Position(str(path)), "not-a-bank", message)])
    _make_sense(reader)
    if reader.problems:
        raise ProblemsError(reader.problems)
    pictures = reader.pictures.get(path if whole else course_folder(path), {})
    return Banks(Course({bank.model.id: bank.model for bank in reader.banks}, pictures), reader.files.hashes)


def _course_files(folder: Path) -> list[Path]:
    return sorted(path for pattern in ("*.yaml", "*.yml") for path in folder.glob(pattern))


def _read_file(reader: _Reader, path: Path, wanted: Collection[str] = tuple(KINDS), *, banks: bool = True) -> None:
    """The first two gates, for banks the third, too; a file of another kind than the wanted ones is passed over."""
    try:
        source = read_source(str(path), reader.files.read(path), fold=True)
    except FileError as error:
        reader.problems.append(Problem(Position(str(path)), error.code, str(error)))
        return
    kind = source.data.get("kind") if isinstance(source.data, dict) else None
    if isinstance(kind, str) and kind in KINDS and kind not in wanted:
        return
    reader.problems.extend(source.problems)
    if source.places is None:
        return
    match kind:
        case "bank" if banks:
            _take_bank(reader, path, source)
        case "bank":
            reader.waiting[path] = source
        case "exam":
            reader.exams += _documents(reader, path, source, Exam)
        case "assignments":
            reader.assignments += _documents(reader, path, source, Assignments)
        case _:
            reader.problems.append(kind_problem(source))


def _documents(reader: _Reader, path: Path, source: Source, model: type[M]) -> Iterator[Document[M]]:
    found, problems = validate(source, model, _unfolded(source.data))
    reader.problems.extend(problems)
    if found is not None:
        yield Document(path, source, found)


def _unfolded(data: object) -> object:
    if not isinstance(data, dict):
        return data
    return {key: list(value) if isinstance(value, Folded) else value for key, value in data.items()}


def _parts(data: object) -> Iterator[tuple[int, object]]:
    """A bank's data in parts of its questions, each with the number of questions before it."""
    questions = data.get("questions") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(questions, Folded):
        yield 0, _unfolded(data)
        return
    first = 0
    for part in questions.parts():
        yield first, _unfolded({**data, "questions": part})
        first += len(part)


def _take_bank(reader: _Reader, path: Path, source: Source) -> None:
    """The second and the third gate of a bank, one part of its questions after the other."""
    banks: list[Bank | None] = []
    ids: dict[str, int] = {}
    for first, data in _parts(source.data):
        bank, problems = validate(source, Bank, data, first)
        reader.problems.extend(problems)
        if bank:
            _add(reader, source, doubled_ids([question.id for question in bank.questions], "questions", ids, first))
            _check_bank(reader, path, source, bank, first)
        banks.append(_outlined(bank) if bank and reader.outlines else bank)
    whole = [bank for bank in banks if bank]
    if len(whole) < len(banks):
        return
    questions = [question for bank in whole for question in bank.questions]
    model = whole[0].model_copy(update={"questions": questions}) if len(whole) > 1 else whole[0]
    taken = [bank.path for bank in reader.banks if bank.model.id == model.id and _are_beside(bank.path, path)]
    if taken:
        message = f"the id `{model.id}` is taken already, by the bank in {taken[0].name}"
        reader.problems.append(source.problem(("id",), "duplicate-id", message))
    reader.banks.append(_KnownBank(path, model))


def _are_beside(one: Path, other: Path) -> bool:
    return course_folder(one) == course_folder(other)


def _outlined(bank: Bank) -> Bank:
    """The bank without what its questions say."""
    questions = [_Outline(question.id, question.difficulty, tuple(question.tags)) for question in bank.questions]
    return bank.model_copy(update={"questions": questions, "stimuli": []})


def _check_bank(reader: _Reader, path: Path, source: Source, bank: Bank, first: int) -> None:
    """The third gate of a bank, or of a part of one."""
    _add(reader, source, in_each_language(bank, bank_findings), first)
    for language, said in readings(bank):
        texts = ((moved((*place, *language), first), text) for place, text in bank_texts(said))
        _read_pictures(reader, path, source, texts)
    _add(reader, source, bank_language_findings(bank, _asked_in_both(reader, path, bank)), first)


def _asked_in_both(reader: _Reader, path: Path, bank: Bank) -> dict[str, str]:
    """The bank's questions that have to be in two languages, each with an exam that needs it so."""
    asked: dict[str, str] = {}
    for exam in reversed(reader.exams):
        if _are_beside(exam.path, path):
            asked.update(dict.fromkeys(in_both(exam.model, {bank.id: bank}), exam.model.id))
    return asked


def _make_sense(reader: _Reader) -> None:
    """The third gate of what is no bank: each file by itself, then ids and exams against the rest of their course."""
    for assignments in reader.assignments:
        _add(reader, assignments.source, assignments_findings(assignments.model))
        _read_pictures(reader, assignments.path, assignments.source, assignments_texts(assignments.model))
    jobs: list[Document[Exam] | Document[Assignments]] = [*reader.exams, *reader.assignments]
    _doubled_ids(reader, jobs)
    for exam in reader.exams:
        folder = course_folder(exam.path)
        broken = any(_of_course(problem, folder) for problem in reader.problems)
        banks = {b.model.id: b.model for b in reader.banks if course_folder(b.path) == folder}
        # A bank that could not be read is missing here; its own problems are told, ours would be noise.
        noise = {"unknown-bank", "unknown-question", "pool-too-small", "pools-too-small"} if broken else set()
        findings = in_each_language(exam.model, partial(exam_findings, banks=banks))
        _add(reader, exam.source, (finding for finding in findings if finding.code not in noise))
        _add(reader, exam.source, exam_language_findings(exam.model))
    for document in jobs:
        _read_roster(reader, document)


def _of_course(problem: Problem, folder: Path) -> bool:
    return Path(problem.position.path).parent == folder


def _add(reader: _Reader, source: Source, findings: Iterable[Finding], first: int = 0) -> None:
    reader.problems.extend(
        source.problem(moved(found.location, first), found.code, found.message, key=found.key, line=found.line)
        for found in findings
    )


def _doubled_ids(reader: _Reader, documents: Iterable[Document[Exam] | Document[Assignments]]) -> None:
    first: dict[tuple[Path, str], Path] = {}
    for document in documents:
        name = (course_folder(document.path), document.model.id)
        if name in first:
            message = f"the id `{name[1]}` is taken already, by the exam or set of assignments in {first[name].name}"
            reader.problems.append(document.source.problem(("id",), "duplicate-id", message))
        first.setdefault(name, document.path)


def _read_pictures(reader: _Reader, path: Path, source: Source, texts: Iterator[tuple[Location, str]]) -> None:
    folder = course_folder(path)
    known = reader.pictures.setdefault(folder, {})
    for location, text in texts:
        if "![" not in text:
            continue
        for line, image in images(parse(text)):
            if image.source in known:
                continue
            try:
                data = reader.files.read_inside(folder, image.source, most=_MOST_PICTURE_BYTES)
                known[image.source] = read_picture(data, image.source)
            except FileError as error:
                reader.problems.append(source.problem(location, f"image-{error.code}", str(error), line=line))
            except PictureError as error:
                reader.problems.append(source.problem(location, "image", str(error), line=line))


def _read_roster(reader: _Reader, document: Document[Exam] | Document[Assignments]) -> None:
    name = document.model.roster
    if not name:
        return
    folder = document.path.parent
    try:
        data = reader.files.read_inside(folder, name, most=_MOST_ROSTER_BYTES)
    except FileError as error:
        reader.problems.append(document.source.problem(("roster",), f"roster-{error.code}", str(error)))
        return
    students, problems = read_roster(str(folder / name), data)
    reader.problems.extend(problems)
    reader.students[document.path] = students
