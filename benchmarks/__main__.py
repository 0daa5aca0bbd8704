"""`python -m benchmarks`: measure all groups or some; write benchmarks/results.json, docs/speed.md and its charts."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import report
from benchmarks.calibration import calibrated
from benchmarks.measures import GROUPS, Bounds, Measure
from benchmarks.peers import peers
from benchmarks.process import FailedError

_GROUPS = {**GROUPS, "peers": peers}
_MOST = 10_000
_LIMIT = 90


def main() -> None:
    options = _options()
    if options.redraw:
        report.redraw()
        return
    bounds = Bounds(options.most, options.limit)
    calibration = calibrated()
    print(f"the calibrating loop takes {calibration:.2f} s")
    measures: list[Measure] = []
    for group in options.only or _GROUPS:
        with TemporaryDirectory() as folder:
            for measure in _tried(group, _GROUPS[group](Path(folder), bounds)):
                print(report.told(measure), flush=True)
                measures.append(measure)
    results = report.merged(measures, calibration)
    print(*map(report.judged, results.targets), sep="\n")
    if options.write:
        report.write(results)


def _tried(group: str, measures: Iterator[Measure]) -> Iterator[Measure]:
    """The measures of a group as far as they come; one that fails shall not cost those of the other groups."""
    try:
        yield from measures
    except FailedError as error:
        yield Measure(group, "the rest", 0, None, f"failed: {error}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--most", type=int, default=_MOST, help=f"papers, of which more are only reckoned  [{_MOST}]")
    parser.add_argument(
        "--limit", type=float, default=_LIMIT, help=f"seconds beyond which a size is only reckoned  [{_LIMIT}]"
    )
    parser.add_argument("--only", nargs="*", choices=list(_GROUPS), help="these groups; the others stay as they were")
    parser.add_argument("--no-write", dest="write", action="store_false", help="leave the results and the docs alone")
    parser.add_argument("--redraw", action="store_true", help="write the docs again, of the results that are there")
    return parser.parse_args()


if __name__ == "__main__":
    main()
