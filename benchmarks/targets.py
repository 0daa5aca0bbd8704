"""What was aimed at, as ratios and limits, and whether what was measured meets it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.measures import (
    ALL_FORMATS,
    MANY_FILES,
    ONE_JOB,
    PLAIN,
    TWO_JOBS,
    USUAL_FORMATS,
    Measure,
)
from benchmarks.peers import R_EXAMS

# What R/exams' fastest Japanese run took for a paper on a machine where the calibrating loop took so long.
_R_EXAMS_SECONDS, _R_EXAMS_CALIBRATION = 1.8, 0.40
_MEGABYTES = 400
_TABLE = 40  # papers of which a table is printed
_LINEAR = 1.2  # by how much more the last papers may cost than those before


@dataclass(frozen=True, slots=True)
class Target:
    """A number that should be at least or at most so large; None where it was not measured. `note` says of what."""

    name: str
    value: float | None
    limit: float
    unit: str = ""
    at_least: bool = False
    note: str = ""

    @property
    def verdict(self) -> str:
        """Whether it is met, in words."""
        if self.value is None:
            return "not measured"
        return "met" if (self.value >= self.limit if self.at_least else self.value <= self.limit) else "not met"


class _Found:
    """The measures by group, name and size."""

    def __init__(self, measures: Sequence[Measure]) -> None:
        self._measures = measures

    def one(self, group: str, name: str, size: int) -> Measure | None:
        return next((one for one in self.line(group, name) if one.size == size), None)

    def line(self, group: str, name: str) -> list[Measure]:
        return [one for one in self._measures if (one.group, one.name) == (group, name) and one.run]

    def measured(self, group: str, name: str) -> list[Measure]:
        return [one for one in self.line(group, name) if one.is_measured]

    def group(self, group: str) -> list[Measure]:
        return [one for one in self._measures if one.group == group and one.is_measured]


def targets(measures: Sequence[Measure], calibration: float) -> Iterator[Target]:
    """All targets, as far as they can be told from the measures."""
    found = _Found(measures)
    yield from _thousand(found, calibration)
    yield from _each_paper(found)
    yield from _memory(found)
    yield from _small(found)
    yield from _checks(found)
    yield _jobs(found)


def _thousand(found: _Found, calibration: float) -> Iterator[Target]:
    plain = found.one("papers", PLAIN, 1)
    for name in (TWO_JOBS, ONE_JOB, f"{TWO_JOBS}, warm"):
        many = found.one("papers", name, 1000)
        value = _ratio(many, plain)
        yield Target(f"1,000 papers as multiple of one plain paper ({name})", value, 8, "×", note=_note(many))
    many = found.one("papers", TWO_JOBS, 1000)
    seconds, source = _r_exams(found, calibration)
    value = 1000 / many.run.seconds * seconds if many and many.run else None
    yield Target(
        "papers a second as multiple of R/exams",
        value,
        300,
        "×",
        at_least=True,
        note="; ".join(filter(None, (source, _note(many)))),
    )


def _r_exams(found: _Found, calibration: float) -> tuple[float, str]:
    """The seconds that R/exams takes for one more paper, and where they are from unless they were measured."""
    seconds = dearer(found.measured("peers", R_EXAMS), "seconds")
    if seconds:
        return seconds[-1], ""
    here = _R_EXAMS_SECONDS * calibration / _R_EXAMS_CALIBRATION
    return here, f"not measured here; by {_R_EXAMS_SECONDS} s a paper on a like machine, {here:.1f} s on this one"


def _each_paper(found: _Found) -> Iterator[Target]:
    # Of the jobs of which more sizes were measured. Up to 40 papers there is a printed table over all of them, too,
    # which would make the step behind them look cheap.
    series = [[one for one in found.measured("papers", jobs) if one.size > _TABLE] for jobs in (TWO_JOBS, ONE_JOB)]
    measured = max(series, key=len)
    cpu = dearer(measured, "cpu")
    sizes = [f"{one.size:,}" for one in measured]
    note = " to ".join(sizes[-2:]) if cpu else ""
    yield Target("CPU of one more paper", cpu[-1] * 1000 if cpu else None, 3, "ms", note=note)
    note = f"{note}, against {' to '.join(sizes[-3:-1])}" if len(cpu) > 1 else ""
    yield Target("the same, as multiple of what it was before", growth(cpu), _LINEAR, "×", note=note)


def _memory(found: _Found) -> Iterator[Target]:
    runs = [one.run for one in found.group("papers") if one.run]
    largest = max((run.largest for run in runs if run.largest), default=None)
    together = max((run.together for run in runs if run.together), default=None)
    yield Target("memory of the largest process, papers of any number", largest, _MEGABYTES, "MB")
    yield Target("memory of all processes together", together, _MEGABYTES, "MB")


def _small(found: _Found) -> Iterator[Target]:
    for name in (USUAL_FORMATS, ALL_FORMATS):
        built = found.one("build", name, 1)
        cpu = built.run.cpu if built and built.run else None
        yield Target(f"CPU of a cold build of one variant in {name}", cpu, 3, "s")


def _checks(found: _Found) -> Iterator[Target]:
    thousand = found.one("check", MANY_FILES, 1000)
    seconds = thousand.run.seconds if thousand and thousand.run else None
    yield Target("check of 1,000 questions", seconds, 1.5, "s", note=_note(thousand))
    measured = found.measured("check", MANY_FILES)
    most = measured[-1] if measured else None
    largest = most.run.together if most and most.run else None
    note = f"{most.size:,} questions" if most else ""
    yield Target("memory of a check", largest, _MEGABYTES, "MB", note=note)
    value = growth(dearer(measured, "cpu"))
    yield Target("CPU of one more question as multiple of what it was before", value, _LINEAR, "×", note=note)


def _jobs(found: _Found) -> Target:
    two = {one.size: one for one in found.measured("papers", TWO_JOBS)}
    both = [(one, two[one.size]) for one in found.measured("papers", ONE_JOB) if one.size in two]
    if not both:
        return Target("speed of two jobs as multiple of one's", None, 1.8, "×", at_least=True)
    one_job, two_jobs = both[-1]
    value, note = _ratio(one_job, two_jobs), f"{one_job.size:,} papers"
    return Target("speed of two jobs as multiple of one's", value, 1.8, "×", at_least=True, note=note)


def dearer(measures: Sequence[Measure], what: str) -> list[float]:
    """What one more costs, from each size to the next."""
    runs = [(one.size, float(getattr(one.run, what))) for one in measures]
    return [(after - before) / (more - less) for (less, before), (more, after) in pairwise(runs)]


def growth(costs: Sequence[float]) -> float | None:
    """The last cost as a multiple of the one before; None where there is none, or it is lost in what varies."""
    return costs[-1] / costs[-2] if len(costs) > 1 and costs[-2] > 0 else None


def _ratio(one: Measure | None, other: Measure | None) -> float | None:
    """The first's seconds as a multiple of the other's."""
    return one.run.seconds / other.run.seconds if one and one.run and other and other.run else None


def _note(measure: Measure | None) -> str:
    return measure.note if measure else ""
