"""Processes measured from outside: time, processor time, and the memory of all of their processes at its highest."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event, Thread
from time import perf_counter

QUIZGEN = (sys.executable, "-m", "quizgen")
_QUICK = 5  # seconds of what is measured several times, the least counting
_TIMES = 3
_OFTEN, _SELDOM = 0.004, 0.05  # seconds between looks at memory, while a process is young and later
_MOST_SAID = 200


@dataclass(frozen=True, slots=True)
class Run:
    """What a process and its children took: seconds on the clock and of processors, and megabytes.

    `largest` is the memory of the largest process, `together` of all at one time; None where the system hides them.
    `warning` is a line that it said and was listened for.
    """

    seconds: float
    cpu: float
    largest: float | None
    together: float | None
    warning: str = ""


class FailedError(Exception):
    """A process that ended otherwise than well, and the last line that it said."""


def measured(
    *command: str,
    before: Callable[[], object] | None = None,
    environment: Mapping[str, str] | None = None,
    listen: str = "",
) -> Run:
    """The least time that a command takes and the most memory; a quick one runs several times, each after `before`.

    `listen` is a part of the line that becomes the run's warning.
    """
    runs: list[Run] = []
    while not runs or (runs[0].seconds < _QUICK and len(runs) < _TIMES):
        if before:
            before()
        runs.append(_run(command, {**os.environ, **(environment or {})}, listen))
    return Run(
        min(run.seconds for run in runs),
        min(run.cpu for run in runs),
        max((run.largest for run in runs if run.largest), default=None),
        max((run.together for run in runs if run.together), default=None),
        runs[-1].warning,
    )


def _run(command: tuple[str, ...], environment: Mapping[str, str], listen: str) -> Run:
    with TemporaryFile() as said:
        redirected = [(os.POSIX_SPAWN_DUP2, said.fileno(), output) for output in (1, 2)]
        start = perf_counter()
        process = os.posix_spawnp(command[0], command, environment, file_actions=redirected)
        with _Watch(process) as watch:
            _, status, usage = os.wait4(process, 0)
        seconds = perf_counter() - start
        said.seek(0)
        lines = [line.strip() for line in said.read().decode(errors="replace").splitlines() if line.strip()]
    if status:
        raise FailedError(lines[-1][:_MOST_SAID] if lines else "")
    warning = next((line for line in lines if listen and listen in line), "")
    return Run(seconds, usage.ru_utime + usage.ru_stime, watch.largest or None, watch.together or None, warning)


class _Watch:
    """Looks again and again at the memory of a process and its children, where the system shows it.

    What the system itself says of a process that has ended would also count what its parent held at its start.
    """

    def __init__(self, process: int) -> None:
        self.largest = self.together = 0.0
        self._over = Event()
        self._thread = Thread(target=self._look, args=(process,), daemon=True)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self, process: int) -> None:
        looks = 0
        while not self._over.wait(_OFTEN if looks < 50 else _SELDOM):
            looks += 1
            seen = [_megabytes(one) for one in _family(process)]
            self.together = max(self.together, sum(now for now, _ in seen))
            self.largest = max(self.largest, *(highest for _, highest in seen))


def _family(process: int) -> Iterator[int]:
    yield process
    children: list[str] = []
    with suppress(OSError):  # it has ended meanwhile
        for task in Path(f"/proc/{process}/task").iterdir():
            children += (task / "children").read_text(encoding="ascii").split()
    for child in children:
        yield from _family(int(child))


def _megabytes(process: int) -> tuple[float, float]:
    """What a process holds, and the most that it has held."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0, 0
    found = {name: value for name, _, value in (line.partition(":") for line in lines)}
    now, highest = (int(found.get(name, "0 kB").split()[0]) * 1024 / 1e6 for name in ("VmRSS", "VmHWM"))
    return now, highest
