"""What `quizgen build` costs: a 30-question exam for 1, 10 and 100 variants, in every format; run by `make bench`."""

from __future__ import annotations

import os
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import yaml

from quizgen.assemble import lower, plan
from quizgen.model import Exam
from quizgen.reader import read_job
from quizgen.templates import Templates
from quizgen.writers import USUAL, writer

BANKS = Path(__file__).parent.parent / "banks"
VARIANTS = (1, 10, 100)
QUESTIONS = 30


def main() -> None:
    with TemporaryDirectory() as folder:
        course = Path(folder) / "banks" / "container"
        shutil.copytree(BANKS / "container", course)
        print(f"{QUESTIONS} questions, {len(USUAL)} formats, {os.cpu_count()} cores")
        print(f"{'variants':>8} {'seconds':>8} {'variants/s':>10} {'largest process':>16}")
        for variants in VARIANTS:
            seconds, megabytes = _built(_exam(course, variants))
            print(f"{variants:8} {seconds:8.1f} {variants / seconds:10.2f} {megabytes:13.0f} MB")
        _print_shares(_exam(course, VARIANTS[1]))


def _exam(course: Path, variants: int) -> Path:
    files = (yaml.load(path.read_bytes(), yaml.CBaseLoader) for path in sorted(course.glob("*.yaml")))
    banks = [file["id"] for file in files if file["kind"] == "bank"]
    exam = {
        "kind": "exam",
        "id": f"bench-{variants}",
        "title": "Benchmark",
        "variants": variants,
        "sections": [{"draw": {"from": banks, "count": QUESTIONS}, "points": 1}],
    }
    path = course / "exams" / f"bench-{variants}.yaml"
    path.write_text(yaml.safe_dump(exam), encoding="utf-8")
    return path


def _built(exam: Path) -> tuple[float, float]:
    """The seconds and the megabytes of a build in a process of its own, as a user's is."""
    start = perf_counter()
    command = [sys.executable, "-m", "quizgen", "build", str(exam), "--quiet"]
    _, status, usage = os.wait4(os.posix_spawn(sys.executable, command, os.environ), 0)
    seconds = perf_counter() - start
    if status:
        sys.exit(f"{' '.join(command)} failed")
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return seconds, usage.ru_maxrss / unit


def _print_shares(exam: Path) -> None:
    """Where the time goes, in one process: reading, assembling, and each format."""
    spent: dict[str, float] = defaultdict(float)
    with _timed(spent, "read"):
        job = read_job(exam)
    assert isinstance(job.document, Exam)
    with _timed(spent, "assemble"):
        slots = plan(job.document, job.course, job.students)
        papers = [lower(job.document, job.course, slot, arrangement) for slot, arrangement in slots]
    for name in USUAL:
        with _timed(spent, name):
            module = writer(name)
            groups = [[paper] for paper in papers] if module.PER_PAPER else [papers]
            for group in groups:
                list(module.write(group, Templates()))
    print(f"\nshares of {len(papers)} variants in one process, with each format's import")
    for part, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        print(f"{part:>8} {seconds:8.2f} s {seconds / sum(spent.values()):6.1%}")


@contextmanager
def _timed(spent: dict[str, float], part: str) -> Iterator[None]:
    start = perf_counter()
    yield
    spent[part] += perf_counter() - start


if __name__ == "__main__":
    main()
