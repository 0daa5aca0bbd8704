"""Beyond one machine: tasks done by a cluster, through anything that speaks concurrent.futures."""

from __future__ import annotations

import concurrent.futures
import pickle
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path, PurePosixPath
from queue import Empty, SimpleQueue
from secrets import token_hex
from tempfile import mkdtemp
from typing import Any, Protocol

from quizgen.bounds import Limits
from quizgen.build import station
from quizgen.build.station import Terms
from quizgen.build.work import Work
from quizgen.build.workers import Made, Task
from quizgen.press.cache import Cache
from quizgen.problems import QuizgenError
from quizgen.templates import Templates, shipped

LOCAL = "local"
Anywhere = str | concurrent.futures.Executor  # a scheduler's address, or who does the work

_AHEAD = 2  # tasks in flight for each that can be at work, so that nobody waits for the next one
_ATTEMPTS = 3  # at a task whose worker or data was lost in a way that the engine does not mend by itself
_PATIENCE = 5.0  # seconds between looks at whether anybody is there
_LONELY = 60.0  # seconds without any worker after which nobody is expected any more


class Pool(Protocol):
    """Somebody's workers, near or far."""

    @property
    def slots(self) -> int:
        """How many tasks can be at work at a time, 0 where there is no worker; raises QuizgenError when all is lost."""
        ...

    def share(self, data: bytes) -> Any:
        """Bring data to all workers; what a task is to be given for it."""
        ...

    def submit(self, key: str, function: Callable[..., Any], *given: object) -> Future[Any]:
        """Have a function called by some worker; what is submitted twice by one key need be done only once."""
        ...

    def call_everywhere(self, function: Callable[..., Any], *given: object) -> Mapping[str, Any]:
        """What a function gives in each worker that can be asked, by the workers' names."""
        ...


@dataclass(frozen=True, slots=True)
class _Plain:
    """Any executor in the manner of concurrent.futures; the data goes along with each task."""

    executor: concurrent.futures.Executor

    @property
    def slots(self) -> int:
        """As many as the executor says, or a guess."""
        return int(getattr(self.executor, "_max_workers", 0)) or 8

    def share(self, data: bytes) -> bytes:
        """The data itself."""
        return data

    def submit(self, key: str, function: Callable[..., Any], *given: object) -> Future[Any]:
        """Have a function called."""
        del key
        return self.executor.submit(function, *given)

    def call_everywhere(self, function: Callable[..., Any], *given: object) -> Mapping[str, Any]:
        """What it gives here, where its workers are threads of this process; others cannot be asked by name."""
        if isinstance(self.executor, concurrent.futures.ThreadPoolExecutor):
            return {"this process": function(*given)}
        return {}


@contextmanager
def cluster(where: Anywhere, formats: Sequence[str]) -> Iterator[Cluster]:
    """The cluster at a scheduler's address, or any executor as one."""
    with _pool(where) as pool:
        _refuse(pool.call_everywhere(station.differences, station.surroundings()))
        found = Cluster(pool, tuple(formats))
        try:
            yield found
        finally:
            found.release()


def _pool(where: Anywhere) -> AbstractContextManager[Pool]:
    if isinstance(where, str):
        from quizgen.build.dask import connected

        return connected(where)
    return _given(where)


@contextmanager
def _given(executor: concurrent.futures.Executor) -> Iterator[Pool]:
    yield _Plain(executor)


@dataclass(slots=True)
class Cluster:
    """An executor over a pool of workers, with no more tasks in flight than it takes to keep them busy."""

    pool: Pool
    formats: tuple[str, ...]
    limits: Limits = field(default_factory=Limits.from_environment)
    build: str = field(default_factory=partial(token_hex, 16))
    _work: Work | None = None
    _data: bytes = b""
    _terms: Terms | None = None
    _shared: Any = None

    def each(self, work: Work, tasks: Sequence[Task], most: int = 1) -> Iterator[Any]:
        """What the tasks give, as they come to an end, by so many processes at most.

        Raises what a task raised, and QuizgenError when nobody is left to do the work.
        """
        self._take_up(work)
        flight = _Flight(self, deque((task, _ATTEMPTS) for task in tasks), most)
        try:
            while not flight.is_over:
                flight.fill()
                answer = flight.land()
                if isinstance(answer, Exception):
                    raise answer
                if isinstance(answer, Made):
                    yield answer.value
        finally:
            flight.cancel()

    def release(self) -> None:
        """Have the workers end what is still being done, and forget the work."""
        if self._terms is not None:
            with suppress(Exception):  # whoever has gone needs no telling, and the build's own end counts
                self.pool.call_everywhere(station.release, self.build)
        self._shared = None

    def launch(self, task: Task, attempt: int) -> Future[Any]:
        """Have a task done; the last attempts bring the work anew, since whoever had it may be gone."""
        assert self._terms is not None  # noqa: S101 - for mypy
        if attempt < _ATTEMPTS:
            self._shared = self.pool.share(self._data)
        piece = sha256(pickle.dumps(task)).hexdigest()[:16]
        key = f"quizgen-{self._terms.name[:16]}-{piece}-{_ATTEMPTS - attempt}"
        return self.pool.submit(key, station.do, self._shared, self._terms, task)

    def _take_up(self, work: Work) -> None:
        if work is self._work:
            return
        data = pickle.dumps(_Parcel(work))
        name = sha256(data).hexdigest()
        terms = Terms(name, self.build, self.limits, self.formats, station.surroundings(), work.stage)
        _refuse(self.pool.call_everywhere(station.complaint, terms))
        self._work, self._data, self._terms, self._shared = work, data, terms, self.pool.share(data)


def _refuse(complaints: Mapping[str, str]) -> None:
    found = [f"{worker}: {said}" for worker, said in sorted(complaints.items()) if said]
    if found:
        raise QuizgenError("\n".join(["workers of the cluster cannot take part", *found[:10]]))


@dataclass(slots=True)
class _Flight:
    """Tasks on their way, with the attempts that each has left."""

    cluster: Cluster
    todo: deque[tuple[Task, int]]
    most: int
    futures: dict[Future[Any], tuple[Task, int]] = field(default_factory=dict)
    landed: SimpleQueue[Future[Any]] = field(default_factory=SimpleQueue)
    room: int = 1
    seen: float = field(default_factory=time.monotonic)
    looked: float = float("-inf")

    @property
    def is_over(self) -> bool:
        """Whether all are done."""
        return not self.todo and not self.futures

    def fill(self) -> None:
        """Send tasks off while there is room."""
        if time.monotonic() - self.looked > _PATIENCE:
            self._look()
        while self.todo and len(self.futures) < self.room:
            task, attempts = self.todo.popleft()
            future = self.cluster.launch(task, attempts)
            self.futures[future] = task, attempts
            future.add_done_callback(self.landed.put)

    def _look(self) -> None:
        """See how many there are to do the work."""
        slots = self.cluster.pool.slots
        self.looked = time.monotonic()
        if slots:
            self.seen = self.looked
        elif self.looked - self.seen > _LONELY:
            raise QuizgenError("the cluster has no worker; start some with `dask worker` and the scheduler's address")
        self.room = max(1, min(slots * _AHEAD, self.most))

    def land(self) -> Made | Exception | None:
        """The next answer; None where it is not there yet, or is to be tried again."""
        try:
            future = self.landed.get(timeout=_PATIENCE)
        except Empty:
            self._look()
            return None
        task, attempts = self.futures.pop(future)
        try:
            answer: Made | Exception = future.result()
        except (Exception, CancelledError) as error:  # noqa: BLE001 - an engine's own errors are of any kind
            if attempts <= 1:
                return QuizgenError(
                    f"{task.name}: the cluster lost its worker {_ATTEMPTS} times and more ({_said(error)})"
                )
            self._look()
            self.todo.appendleft((task, attempts - 1))
            return None
        return answer

    def cancel(self) -> None:
        """Have nobody begin what is still in flight."""
        for future in self.futures:
            future.cancel()


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".split("\n", maxsplit=1)[0][:300]


@dataclass(frozen=True)
class _Parcel:
    """A work with the files of its project's templates, which are a folder again where it is unpacked.

    This machine's cache is left out: a folder of that name elsewhere is somebody else's.
    """

    work: Work

    def __reduce__(self) -> tuple[Callable[..., Work], tuple[Work, dict[str, bytes]]]:
        templates = self.work.templates
        ours = (path.relative_to(shipped()).as_posix() for path in shipped().rglob("*") if path.is_file())
        own = [name for name in ours if templates.project and (templates.project / name).is_file()]
        files = {name: templates.read(name) for name in sorted({*own, *templates.additions()})}
        return _unpacked, (replace(self.work, templates=Templates(), cache=Cache()), files)


def _unpacked(work: Work, files: dict[str, bytes]) -> Work:
    if not files:
        return work
    folder = Path(mkdtemp(prefix="templates-"))
    for name, data in files.items():
        path = folder / PurePosixPath(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return replace(work, templates=Templates(folder))
