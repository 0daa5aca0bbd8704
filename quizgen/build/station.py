"""A station: where tasks are done in a worker process that belongs to somebody else, such as a cluster's.

Such a process runs tasks in threads, in which no limit of time or memory holds and not everything is safe. So each
task is done by a process of ours, which stays for the next one.
"""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from multiprocessing.connection import wait
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING

from quizgen.bounds import Limits
from quizgen.build.manifest import versions
from quizgen.build.stage import Stage
from quizgen.build.workers import Made, Process, Task, Worker, serve
from quizgen.problems import QuizgenError
from quizgen.templates import shipped

if TYPE_CHECKING:
    from multiprocessing.connection import Connection


@dataclass(frozen=True, slots=True)
class Terms:
    """What a piece of work is to be done on; `name` is a hash of the work, `versions` what its results depend on.

    `build` is the name of the build that it belongs to, unlike that of any other.
    """

    name: str
    build: str
    limits: Limits
    formats: tuple[str, ...]
    versions: Mapping[str, str]
    stage: Stage


@cache
def surroundings() -> Mapping[str, str]:
    """What of this machine can change a byte of the output: versions, quizgen's own files, and fonts."""
    return {**versions(), "quizgen's own files": _own_files(), "the installed fonts": _fonts()}


def _own_files() -> str:
    """A hash of the program and its templates: of two checkouts of one version only one may have been changed."""
    found = sha256()
    for folder in (Path(__file__).parents[1], shipped()):
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            # In a wheel the templates lie inside the package, in a checkout beside it.
            if path.is_file() and "__pycache__" not in path.parts and not name.startswith("data/templates/"):
                found.update(f"{name}\0".encode() + sha256(path.read_bytes()).digest())
    return found.hexdigest()


def _fonts() -> str:
    """A hash of the fonts by names, versions and the sizes of their files; "" where the system cannot list them."""
    command = ["fc-list", "--format", "%{file|basename}:%{fullname}:%{fontversion}:%{size}\n"]
    try:
        said = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout  # noqa: S603 - nothing of a user's
    except (OSError, subprocess.SubprocessError):
        return ""
    return sha256(b"\n".join(sorted(said.splitlines()))).hexdigest()


def differences(theirs: Mapping[str, str]) -> str:
    """How this machine differs from one that has these surroundings, in words; "" where it does not."""
    own = surroundings()
    differing = [
        f"{name} {own.get(name, 'unknown')} (here {value})" if len(value) < 40 else name
        for name, value in theirs.items()
        if own.get(name) != value
    ]
    if not differing:
        return ""
    return f"it has other versions, so that its papers would differ: {', '.join(differing)}; install the same there"


def complaint(terms: Terms) -> str:
    """Why this process cannot take part, in words that go behind its name; "" where it can."""
    return differences(terms.versions) or terms.stage.trouble()


@dataclass(slots=True)
class _Station:
    """The processes of ours in this one: those that wait, by the work that they have, and those that are busy."""

    folder: TemporaryDirectory[str] = field(default_factory=lambda: TemporaryDirectory(prefix="quizgen-"))
    idle: list[tuple[Terms, Worker]] = field(default_factory=list)
    busy: list[tuple[Terms, Worker]] = field(default_factory=list)
    fit: set[str] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock)

    def take(self, terms: Terms) -> Worker:
        """A process for this work: one that has it if there is any, or a new one."""
        with self.lock:
            same = [pair for pair in self.idle if (pair[0].limits, pair[0].formats) == (terms.limits, terms.formats)]
            same.sort(key=lambda pair: pair[0].name != terms.name)
            for pair in same:
                self.idle.remove(pair)
                if pair[0].name != terms.name:
                    pair[1].forget()
                break
            worker = same[0][1] if same else Worker(terms.limits, terms.formats, self.folder.name, _started)
            self.busy.append((terms, worker))
        return worker

    def put_back(self, terms: Terms, worker: Worker) -> None:
        """Keep a process for the next task, if it is alive."""
        with self.lock:
            self.busy.remove((terms, worker))
            if worker.is_alive:
                self.idle.append((terms, worker))

    def close(self, build: str = "") -> None:
        """End the processes that work for a build, or all."""
        with self.lock:
            for terms, worker in [pair for pair in self.idle if build in ("", pair[0].build)]:
                self.idle.remove((terms, worker))
                worker.stop()
            for terms, worker in self.busy:  # whoever waits for its answer will find it ended
                if build in ("", terms.build):
                    worker.kill()


@cache
def _station() -> _Station:
    station = _Station()
    atexit.register(station.folder.cleanup)
    atexit.register(station.close)
    return station


def do(work: bytes, terms: Terms, task: Task) -> Made | Exception:
    """Do a task of a pickled work; what it made, or what went wrong as a value: a cluster would try again and again."""
    station = _station()
    if terms.name not in station.fit:
        if said := complaint(terms):
            return QuizgenError(f"the worker {socket.gethostname()} cannot take part: {said}")
        station.fit.add(terms.name)
    worker = station.take(terms)
    try:
        worker.give(work, 0, task)
        while (answer := worker.take()) is None:
            wait([worker.connection], worker.patience)
        return answer
    finally:
        station.put_back(terms, worker)


def release(build: str) -> None:
    """End the processes that work for a build, also those that are at it."""
    _station().close(build)


class _Child:
    """A process of ours, which is no child in the sense of multiprocessing: daemons may have none of those."""

    def __init__(self, command: list[str], descriptor: int) -> None:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        self._process = subprocess.Popen(  # noqa: S603 - Python itself
            command, pass_fds=[descriptor], stdin=subprocess.DEVNULL, env=environment
        )

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def exitcode(self) -> int | None:
        """How it ended."""
        return self._process.returncode

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def join(self) -> None:
        """Wait until it has ended."""
        self._process.wait()


def _started(limits: Limits, formats: tuple[str, ...], folder: str) -> tuple[Process, Connection]:
    if sys.platform == "win32":
        raise QuizgenError("the workers of a cluster run on Linux or macOS")
    from multiprocessing.connection import Connection

    ours, others = socket.socketpair()
    with others:
        code = f"from {__name__} import live; live({others.fileno()})"
        child = _Child([sys.executable, "-c", code], others.fileno())
    connection: Connection = Connection(ours.detach())
    connection.send((limits, formats, folder))
    return child, connection


def live(descriptor: int) -> None:
    """The life of such a process, which is given the descriptor of a connection."""
    if sys.platform != "win32":
        from multiprocessing.connection import Connection

        connection: Connection = Connection(descriptor)
        serve(connection, *connection.recv())
