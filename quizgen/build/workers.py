"""Worker processes: where files are made, each held to its limits, so that no page can stop or starve a build."""

from __future__ import annotations

import gc
import os
import pickle
import shutil
import signal
import tempfile
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.connection import wait
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self

from quizgen.bounds import MEMORY_LIMIT, TIME_LIMIT, Limits, OutOfTimeError, Step, begin, bind, end
from quizgen.problems import QuizgenError
from quizgen.writers import writer

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from quizgen.templates import Templates

_GRACE = 10  # seconds more than a step has, for the worker to say itself where it was
_HOUR = 3600
_SWOLLEN = 350_000_000  # bytes
_COLLECTED = (10_000, 20, 50)  # Python's garbage, rather less often than usual
_START = Step("writing it", "texts or pictures of unusual size")


class Work(Protocol):
    """What tasks are done with; sent once to each process."""

    @property
    def templates(self) -> Templates:
        """The templates that a line is named of where a limit is broken."""
        ...


@dataclass(frozen=True, slots=True)
class Task:
    """Something for a worker to do; `name` is what it makes, `weight` how many times the usual time it may take."""

    name: str
    run: Callable[[Any], Any]
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Made:
    """What a task made."""

    value: Any


@dataclass(frozen=True, slots=True)
class _Exceeded:
    """That a task broke its limits, and the line of the template at which it did, if it was in one."""

    what: Literal["time", "memory", "life"]
    place: str = ""


class Process(Protocol):
    """What there is to know of a process."""

    @property
    def pid(self) -> int | None:
        """Its number."""
        ...

    @property
    def exitcode(self) -> int | None:
        """How it ended."""
        ...

    def kill(self) -> None:
        """End it at once."""
        ...

    def join(self) -> None:
        """Wait until it has ended."""
        ...


# Starts a process that serves, given what `serve` is given; the process, and the connection to it.
Start = Callable[[Limits, tuple[str, ...], str], "tuple[Process, Connection]"]


class Workers:
    """The workers of a build. The first one gets ready at once, while the build's files are still being read."""

    def __init__(self, formats: Sequence[str]) -> None:
        self._formats = tuple(formats)
        self._limits = Limits.from_environment()
        self._workers: list[Worker] = []
        self._work = b""

    def __enter__(self) -> Self:
        self._folder = TemporaryDirectory(prefix="quizgen-")
        self._start(1)
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        for worker in self._workers:
            worker.stop()
        self._folder.cleanup()

    def each(self, work: Work, tasks: Sequence[Task], most: int = 1) -> Iterator[Any]:
        """What the tasks make, as they come to an end, by so many processes.

        Raises what a task raised, and QuizgenError for one that broke its limits; of several the first one's.
        """
        return (value for _, value in self._done(work, tasks, most))

    def in_order(self, work: Work, tasks: Sequence[Task], most: int = 1) -> Iterator[Any]:
        """What `each` gives, in the order of the tasks."""
        early: dict[int, Any] = {}
        following = 0
        for place, value in self._done(work, tasks, most):
            early[place] = value
            while following in early:
                yield early.pop(following)
                following += 1

    def _done(self, work: Work, tasks: Sequence[Task], most: int) -> Iterator[tuple[int, Any]]:
        self._work = pickle.dumps(work)
        for worker in self._workers:
            worker.forget()
        self._start(min(most, len(tasks)))
        todo = deque(enumerate(tasks))
        failed: dict[int, Exception] = {}
        while todo or any(worker.task is not None for worker in self._workers):
            self._give(todo)
            for place, answer in self._take():
                if isinstance(answer, Exception):
                    failed[place] = answer
                    todo.clear()  # those before it are at work; whichever is the first to fail is to be told
                else:
                    yield place, answer.value
        if failed:
            raise failed[min(failed)]

    def _start(self, most: int) -> None:
        while len(self._workers) < most:
            self._workers.append(Worker(self._limits, self._formats, self._folder.name))

    def _give(self, todo: deque[tuple[int, Task]]) -> None:
        for worker in self._workers:
            if todo and worker.task is None:
                worker.give(self._work, *todo.popleft())

    def _take(self) -> Iterator[tuple[int, Made | Exception]]:
        """The answers that come next."""
        busy = [worker for worker in self._workers if worker.task is not None]
        ready = wait([worker.connection for worker in busy], min(worker.patience for worker in busy))
        for worker in busy:
            if worker.connection in ready or worker.patience <= 0:
                answer = worker.take()
                if answer is not None:
                    yield worker.place, answer
                    if worker.is_swollen:
                        worker.stop()
        self._replace_dead()

    def _replace_dead(self) -> None:
        alive = [worker for worker in self._workers if worker.is_alive]
        count, self._workers = len(self._workers), alive
        self._start(count)


class Worker:
    """A process, seen by the one that started it."""

    def __init__(self, limits: Limits, formats: tuple[str, ...], folder: str, start: Start | None = None) -> None:
        self._process, self.connection = (start or _spawned)(limits, formats, folder)
        self._limits = limits
        self._has_work = False
        self._step = _START
        self._deadline = float("inf")
        self.task: Task | None = None
        self.place = 0
        self.is_alive = True

    @property
    def patience(self) -> float:
        """How many seconds its step may still take."""
        return max(0.0, min(self._deadline - time.monotonic(), _HOUR))

    def forget(self) -> None:
        """Have it be given its work anew before its next task."""
        self._has_work = False

    def give(self, work: bytes, place: int, task: Task) -> None:
        """Set it to work on a task, which stands at that place among all."""
        self.place, self.task, self._step, self._deadline = place, task, _START, float("inf")
        with suppress(OSError):  # it has died, and will be found so
            if not self._has_work:
                self.connection.send_bytes(work)
                self._has_work = True
            self.connection.send(task)

    def take(self) -> Made | Exception | None:
        """Its answer, or None where its task goes on."""
        if self.task is None or not (self.connection.poll() or self.patience <= 0):
            return None
        said = self._said()
        if isinstance(said, Step):
            self._step = said
            self._deadline = time.monotonic() + self._limits.seconds * self.task.weight + _GRACE
            return None
        answer = self._in_words(said, self.task) if isinstance(said, _Exceeded) else said
        self.task, self._deadline = None, float("inf")
        return answer

    def _said(self) -> Step | Made | Exception | _Exceeded:
        try:
            if self.connection.poll():
                said: Step | Made | Exception | _Exceeded = self.connection.recv()
                return said
        except (EOFError, OSError):
            self.stop()
            return _Exceeded("life")
        self.stop()
        return _Exceeded("time")

    def kill(self) -> None:
        """End the process; whoever waits for its answer learns of it."""
        self._process.kill()

    @property
    def is_swollen(self) -> bool:
        """Whether it holds so much memory that a new one does better: what libraries take is not all given back."""
        with suppress(OSError, IndexError):  # where there is no such file, limits have to do
            pages = Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1]
            return int(pages) * os.sysconf("SC_PAGE_SIZE") > _SWOLLEN
        return False

    def stop(self) -> None:
        """End the process at once; what it leaves lies in a folder that is removed for it."""
        self.is_alive = False
        self._process.kill()
        self._process.join()
        self.connection.close()

    def _in_words(self, exceeded: _Exceeded, task: Task) -> QuizgenError:
        doing, cause = self._step.doing, self._step.cause
        if exceeded.place:
            doing = f"{doing} (at {exceeded.place})"
        match exceeded.what:
            case "time":
                seconds = self._limits.seconds * task.weight
                excess = f"takes longer than {seconds} seconds"
                way_out = f"on a slow machine, set {TIME_LIMIT} to more seconds than {self._limits.seconds}"
            case "memory":
                excess = f"takes more than {self._limits.megabytes:,} MB of memory"
                way_out = f"if the machine has more, set {MEMORY_LIMIT} to more megabytes"
            case _:
                excess = f"ended its process ({self._process.exitcode}), most likely for want of memory"
                way_out = f"{MEMORY_LIMIT} sets how many megabytes it may take"
        return QuizgenError(f"{task.name}: {doing} {excess}. Look for {cause}; {way_out}")


def _spawned(limits: Limits, formats: tuple[str, ...], folder: str) -> tuple[Process, Connection]:
    # Spawned, not forked: the progress display runs in a thread, and every system does the same.
    context = get_context("spawn")
    connection, others = context.Pipe()
    process = context.Process(target=serve, args=(others, limits, formats, folder), daemon=True)
    process.start()
    others.close()
    return process, connection


def serve(connection: Connection, limits: Limits, formats: tuple[str, ...], folder: str) -> None:
    """The life of a worker process: get ready, be given the work, answer each task."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ^C is for the process that started this one
    tempfile.tempdir = folder
    gc.disable()
    with suppress(Exception):  # what cannot be imported is told by the first task that needs it
        for name in formats:
            writer(name)
    # What is imported stays. Of the rest little stands in circles; looking for them often takes a tenth of the time.
    gc.freeze()
    gc.set_threshold(*_COLLECTED)
    gc.enable()
    with suppress(EOFError, OSError):  # nobody is there any more
        work: Work = connection.recv()
        while True:
            task = connection.recv()
            if not isinstance(task, Task):
                work = task
                gc.freeze()  # it stays, too
                continue
            bind(replace(limits, seconds=limits.seconds * task.weight), connection.send)
            connection.send(_answer(work, task))
    shutil.rmtree(folder, ignore_errors=True)  # which was the task of the process that is gone


def _answer(work: Work, task: Task) -> Made | Exception | _Exceeded:
    try:
        begin(_START)
        made = task.run(work)
        end()
    except OutOfTimeError as error:
        end()
        return _Exceeded("time", work.templates.place(error))
    except MemoryError as error:
        end()
        return _Exceeded("memory", work.templates.place(error))
    except Exception as error:  # noqa: BLE001 - the process that started this one answers for every error
        end()
        return _portable(error)
    return Made(made)


def _portable(error: Exception) -> Exception:
    """The error as it can cross to another process, with where it arose."""
    if not isinstance(error, QuizgenError):
        error.add_note("".join(traceback.format_exception(error)))
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    except Exception:  # noqa: BLE001 - a library's error may refuse in any way
        return RuntimeError("".join(traceback.format_exception(error)))
    return error
