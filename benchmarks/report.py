"""What was measured, as data, tables and charts; of the machine they tell its cores and its Python."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from platform import python_version
from typing import Any

from benchmarks.chart import Line, Point, chart
from benchmarks.measures import RECKONED, Measure
from benchmarks.process import Run
from benchmarks.targets import Target, targets

ROOT = Path(__file__).parent.parent
DATA = ROOT / "benchmarks" / "results.json"
DOCS = ROOT / "docs"
PAGE = DOCS / "speed.md"
_BEGIN, _END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class _Section:
    """A group's part of the page: its heading, what sizes count, what one of them is, and whether it has a chart."""

    title: str
    sizes: str = ""
    one: str = ""
    has_chart: bool = False


_SECTIONS = {
    "papers": _Section("Papers for each student", "papers", "a paper", has_chart=True),
    "formats": _Section("Each format alone", "variants", "a variant", has_chart=True),
    "build": _Section("One variant of the sample exam"),
    "check": _Section("Checking banks", "questions", "a question", has_chart=True),
    "assembling": _Section("Assembling alone", "papers", "a paper"),
    "start": _Section("Start"),
    "peers": _Section("Other programs", "papers", "a paper"),
}


@dataclass(frozen=True, slots=True)
class Results:
    """All that is known: of which machine, and what was measured there."""

    cores: int
    python: str
    calibration: float
    measures: tuple[Measure, ...]

    @property
    def targets(self) -> tuple[Target, ...]:
        """The targets, as the measures have them."""
        return tuple(targets(self.measures, self.calibration))


def merged(measures: Sequence[Measure], calibration: float) -> Results:
    """The measures, and of groups that were not measured now those of before, if they are of such a machine."""
    cores, python = os.cpu_count() or 1, python_version()
    again = {measure.group for measure in measures}
    old = read() if DATA.exists() else None
    kept = old.measures if old and (old.cores, old.python) == (cores, python) else ()
    found = [*(measure for measure in kept if measure.group not in again), *map(_rounded, measures)]
    found.sort(key=lambda measure: list(_SECTIONS).index(measure.group))
    return Results(cores, python, round(calibration, _DIGITS), tuple(found))


def read() -> Results:
    """The results that were written last."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    machine = data["machine"]
    measures = tuple(
        Measure(**{**entry, "run": Run(**entry["run"]) if entry["run"] else None}) for entry in data["measures"]
    )
    return Results(machine["cores"], machine["python"], machine["calibration"], measures)


def write(results: Results) -> None:
    """Write the data, and the page and the charts that are drawn from it."""
    DATA.write_text(json.dumps(_data(results), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    redraw()


def redraw() -> None:
    """Write the page's measured part and the charts of the data that is there."""
    results = read()
    for name, picture in charts(results):
        (DOCS / name).write_text(picture, encoding="utf-8")
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(_BEGIN)
    tail = rest.partition(_END)[2]
    PAGE.write_text(f"{head}{_BEGIN}{page(results)}{_END}{tail}", encoding="utf-8")


def told(measure: Measure) -> str:
    """A measurement as a line for who waits for the next one."""
    what = f"{measure.group:10} {measure.name:28} {f'{measure.size:,}' if measure.size else '':>8}"
    run = measure.run
    if run is None:
        return f"{what}  {measure.note}"
    memory = f"{run.largest:6.0f} {run.together:6.0f} MB" if run.largest and run.together else ""
    return f"{what}  {run.seconds:8.2f} s  {run.cpu:8.2f} s of CPU  {memory or measure.note}  {run.warning}".rstrip()


def judged(target: Target) -> str:
    """A target as a line."""
    return f"{target.verdict:12} {target.name}: {_value(target)} (target {_limit(target)}) {target.note}".rstrip()


def charts(results: Results) -> Iterator[tuple[str, str]]:
    """The charts by their files' names."""
    for group, section in _SECTIONS.items():
        lines = _lines([one for one in results.measures if one.group == group])
        if section.has_chart and lines:
            yield _file(group), chart(lines, section.sizes, "seconds")


def page(results: Results) -> str:
    """The measured part of the page."""
    drawn = dict(charts(results))
    return "".join(_page(results, drawn))


def _page(results: Results, drawn: Mapping[str, str]) -> Iterator[str]:
    most = max((one.size for one in results.measures if one.group == "papers" and one.is_measured), default=0)
    yield f"\n{results.cores} cores, Python {results.python}; the calibrating loop takes {results.calibration:.2f} s. "
    yield f"Up to {most:,} papers were built.\n"
    yield "\n### Targets\n\n| | target | measured | | |\n|---|--:|--:|---|---|\n"
    for one in results.targets:
        yield f"| {one.name} | {_limit(one)} | {_value(one)} | {one.verdict} | {one.note} |\n"
    for group, section in _SECTIONS.items():
        measures = [measure for measure in results.measures if measure.group == group]
        if not measures:
            continue
        yield f"\n### {section.title}\n\n"
        if _file(group) in drawn:
            yield f"![Seconds by {section.sizes}, both on logarithmic scales]({_file(group)})\n\n"
        yield from _table(section, measures)
    yield "\n"


def _table(section: _Section, measures: Sequence[Measure]) -> Iterator[str]:
    sizes = f" {section.sizes} |" if section.sizes else ""
    each = f" CPU ms {section.one} |" if section.sizes else ""
    rule = "--:|" if section.sizes else ""
    yield f"| |{sizes} seconds | CPU seconds |{each} largest MB | all MB |\n|---|{rule}--:|--:|{rule}--:|--:|\n"
    before: Measure | None = None
    for measure in measures:
        if before and before.name != measure.name:
            before = None
        cells = [f"{measure.name} (not pressed)" if measure.run and measure.run.warning else measure.name]
        if section.sizes:
            cells.append(f"{measure.size:,}" if measure.size else "")
        yield f"| {' | '.join([*cells, *_cells(section, measure, before)])} |\n"
        before = measure


def _cells(section: _Section, measure: Measure, before: Measure | None) -> list[str]:
    run = measure.run
    if run is None:
        return [measure.note, *[""] * (4 if section.sizes else 3)]
    sign = "" if measure.is_measured else "≈ "
    each = [_more(measure, before)] if section.sizes else []
    return [
        f"{sign}{run.seconds:,.2f}",
        f"{sign}{run.cpu:,.2f}",
        *each,
        _megabytes(run.largest),
        _megabytes(run.together),
    ]


def _more(measure: Measure, before: Measure | None) -> str:
    """The CPU of one more than the size before."""
    if not (measure.is_measured and measure.run and before and before.run):
        return ""
    return f"{(measure.run.cpu - before.run.cpu) / (measure.size - before.size) * 1000:.2f}"


def _megabytes(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"


def _value(target: Target) -> str:
    if target.value is None:
        return "–"
    digits = 0 if target.value >= 100 else 1 if target.value >= 10 else 2
    return f"{target.value:,.{digits}f} {target.unit}"


def _limit(target: Target) -> str:
    return f"{'≥' if target.at_least else '≤'} {target.limit:g} {target.unit}"


def _lines(measures: Sequence[Measure]) -> list[Line]:
    lines: dict[str, list[Point]] = {}
    for measure in measures:
        if measure.run:
            point = Point(measure.size, measure.run.seconds, is_reckoned=measure.note == RECKONED)
            lines.setdefault(measure.name, []).append(point)
    return [Line(name, tuple(points)) for name, points in lines.items() if len(points) > 1]


def _file(group: str) -> str:
    return f"speed-{group}.svg"


def _rounded(measure: Measure) -> Measure:
    run = measure.run
    if run is None:
        return measure
    largest, together = (None if one is None else round(one, 1) for one in (run.largest, run.together))
    rounded = Run(round(run.seconds, _DIGITS), round(run.cpu, _DIGITS), largest, together, run.warning)
    return replace(measure, run=rounded)


def _data(results: Results) -> dict[str, Any]:
    return {
        "machine": {"cores": results.cores, "python": results.python, "calibration": results.calibration},
        "targets": [{**asdict(one), "verdict": one.verdict} for one in results.targets],
        "measures": [asdict(one) for one in results.measures],
    }
