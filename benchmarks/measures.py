"""What is measured: papers, formats, banks and the start, each as sizes with what a process took for them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import material
from benchmarks.process import QUIZGEN, Run, measured
from quizgen.writers import FORMATS

_PLAIN = (1, 3)  # papers, too few for a build to prepare what they share
PAPERS = (10, 100, 1000, 10_000, 100_000)
VARIANTS = (1, 10, 100, 1000)
BANKS = (100, 1000, 10_000, 100_000)
ASSEMBLED = (1000, 10_000, 100_000)
PLAIN = "plain, 1 job"
ONE_JOB = "shuffled, 1 job"
TWO_JOBS = "shuffled, 2 jobs"
MANY_FILES = "1,000 a file"
USUAL_FORMATS = "usual formats"
ALL_FORMATS = "all formats"
RECKONED = "reckoned"
_MOST_DRAWN = 1000
_STUDENTS = ("-f", "pdf", "-d", "booklet", "-d", "answer-sheet")
_CACHE = "QUIZGEN_CACHE"
_NOT_PRESSED = "is laid out by itself"  # what a build says that found no shorter way
_ASSEMBLE = """\
import sys
from pathlib import Path
from quizgen.assemble import plan
from quizgen.reader import read_job
job = read_job(Path(sys.argv[1]))
for paper in plan(job.document, job.course, job.students):
    pass
"""


@dataclass(frozen=True, slots=True)
class Measure:
    """What one size of a thing took; `note` says why there is no run, or that it was reckoned and not measured."""

    group: str
    name: str
    size: int
    run: Run | None
    note: str = ""

    @property
    def is_measured(self) -> bool:
        """Whether it was measured indeed."""
        return self.run is not None and not self.note


@dataclass(frozen=True, slots=True)
class Bounds:
    """The largest number of papers that is measured, and the seconds that one measurement may take."""

    papers: int
    seconds: float


def start(folder: Path, bounds: Bounds) -> Iterator[Measure]:
    """What a user waits for before anything happens."""
    del folder, bounds
    yield Measure("start", "python", 0, measured(sys.executable, "-c", "pass"))
    yield Measure("start", "quizgen --help", 0, measured(*QUIZGEN, "--help"))
    yield Measure("start", "quizgen build --help", 0, measured(*QUIZGEN, "build", "--help"))
    for name in ("reader", "assemble", "build", "writers.docx", "writers.pdf"):
        yield Measure("start", f"import quizgen.{name}", 0, measured(sys.executable, "-c", f"import quizgen.{name}"))


def one_variant(folder: Path, bounds: Bounds) -> Iterator[Measure]:
    """One variant of the sample exam, nothing being there from a former build."""
    del bounds
    sample = material.course(folder / "sample") / "exams" / "sample.yaml"
    every = [option for name in FORMATS for option in ("-f", name)]
    for name, options in ((USUAL_FORMATS, []), (ALL_FORMATS, every)):
        yield Measure("build", name, 1, _built(sample, "--variant", "A", *options))


def checks(folder: Path, bounds: Bounds) -> Iterator[Measure]:
    """`quizgen check` on banks from a hundred questions to a hundred thousand."""

    def check(size: int, *, one_file: bool) -> Run:
        name = f"{'one' if one_file else 'many'}-{size}"
        return measured(*QUIZGEN, "check", str(material.banks(folder / name, size, one_file=one_file)))

    yield from each_size("check", MANY_FILES, BANKS, lambda size: check(size, one_file=False), BANKS[-1], bounds)
    # A file has at most 64 MB.
    most = BANKS[-2]
    yield from each_size("check", "one file", BANKS[:-1], lambda size: check(size, one_file=True), most, bounds)


def assembling(folder: Path, bounds: Bounds) -> Iterator[Measure]:
    """Selecting, balancing and shuffling alone, nothing being written."""
    course = material.course(folder / "assembling")

    def assemble(size: int) -> Run:
        return measured(sys.executable, "-c", _ASSEMBLE, str(material.drawn(course, size)))

    yield from each_size("assembling", "drawn, 1 job", ASSEMBLED, assemble, ASSEMBLED[-1], bounds)


def papers(folder: Path, bounds: Bounds) -> Iterator[Measure]:
    """Booklets with answer sheets for every student, from the YAML to the files."""
    course = material.course(folder / "papers")
    few = [size for size in PAPERS if size <= _MOST_DRAWN]

    def each(name: str, sizes: Sequence[int], jobs: int, most: int, *, drawn: bool, warm: bool) -> Iterator[Measure]:
        def build(size: int) -> Run:
            exam = (material.drawn if drawn else material.shuffled)(course, size)
            return _built(exam, *_STUDENTS, "-j", str(jobs), warm=warm)

        return each_size("papers", name, sizes, build, most, bounds)

    yield from each(PLAIN, [*_PLAIN, *few], 1, _PLAIN[-1], drawn=False, warm=False)
    yield from each(ONE_JOB, PAPERS, 1, bounds.papers, drawn=False, warm=False)
    yield from each(TWO_JOBS, PAPERS, 2, bounds.papers, drawn=False, warm=False)
    yield from each(f"{TWO_JOBS}, warm", few, 2, bounds.papers, drawn=False, warm=True)
    yield from each("drawn, 2 jobs", few, 2, bounds.papers, drawn=True, warm=False)
    yield from each("drawn, 2 jobs, warm", few, 2, bounds.papers, drawn=True, warm=True)


def formats(folder: Path, bounds: Bounds) -> Iterator[Measure]:
    """Each format alone, of one variant and of many."""
    course = material.course(folder / "formats")
    for name in FORMATS:

        def build(size: int, name: str = name) -> Run:
            return _built(material.variants(course, size), "-f", name)

        yield from each_size("formats", name, VARIANTS, build, bounds.papers, bounds)


GROUPS: dict[str, Callable[[Path, Bounds], Iterator[Measure]]] = {
    "start": start,
    "build": one_variant,
    "check": checks,
    "assembling": assembling,
    "papers": papers,
    "formats": formats,
}


def _built(exam: Path, *options: str, warm: bool = False) -> Run:
    """A build into a new folder; a warm one finds what a cold one of the same exam has kept for the next."""
    folder = exam.parents[3]
    output, cache = folder / "built", folder / "caches" / exam.stem

    def clear() -> None:
        # A build that finds a former one compares the two, which is another thing to measure.
        shutil.rmtree(output, ignore_errors=True)
        if not warm:
            shutil.rmtree(cache, ignore_errors=True)

    command = (*QUIZGEN, "build", str(exam), "-o", str(output), *options)
    run = measured(*command, before=clear, environment={_CACHE: str(cache)}, listen=_NOT_PRESSED)
    shutil.rmtree(output)
    return run


def each_size(
    group: str, name: str, sizes: Sequence[int], run: Callable[[int], Run], most: int, bounds: Bounds
) -> Iterator[Measure]:
    """The sizes up to the most that is measured, as long as none takes too long; what follows is reckoned."""
    done: list[tuple[int, Run]] = []
    for size in sorted(sizes):
        expected = reckoned(done, size)
        if size <= most and (expected is None or expected.seconds <= bounds.seconds):
            done.append((size, run(size)))
            yield Measure(group, name, size, done[-1][1])
        elif expected:
            yield Measure(group, name, size, expected, RECKONED)


def reckoned(done: Sequence[tuple[int, Run]], size: int) -> Run | None:
    """What a size takes if it goes on as from the last but one to the last; of memory that cannot be said."""
    if len(done) < 2:
        return None
    (less, before), (more, after) = done[-2:]
    steps = (size - more) / (more - less)
    return Run(
        after.seconds + steps * max(after.seconds - before.seconds, 0.0),
        after.cpu + steps * max(after.cpu - before.cpu, 0.0),
        None,
        None,
    )
