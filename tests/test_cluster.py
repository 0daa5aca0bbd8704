"""Beyond one machine: a real scheduler and its workers give what one machine gives, whoever is lost on the way."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any, ClassVar

import pytest

from projects import EXAM, make_project
from quizgen.build import Options, build, cluster, dask, objects, objects_stage, pipeline, station, verify
from quizgen.build.cluster import Cluster
from quizgen.build.stage import FolderStage
from quizgen.build.workers import Made, Task
from quizgen.press.cache import Cache
from quizgen.problems import QuizgenError
from quizgen.templates import Templates
from test_build import Here, files

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="workers of a cluster run on Linux or macOS"),
    # Its own, at its import and while it ends.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:distributed"),
    pytest.mark.filterwarnings("ignore::ResourceWarning:distributed"),
]

FORMATS = ("csv", "json")
MANY = EXAM.replace("variants: 2", "variants: 40")
FEW = EXAM.replace("variants: 2", "variants: 5")
ROSTER = "id,name,class\ns1,阿部,甲\ns2,井上,甲\ns3,上田,乙\ns4,江口,乙\n"


@dataclass
class Machines:
    """A scheduler and its workers, each a process in a folder of its own."""

    folder: Path
    address: str = ""
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *arguments: str) -> None:
        own = self.folder / name
        own.mkdir(parents=True)
        environment = {**os.environ, "TMPDIR": str(own), "QUIZGEN_CACHE": "off"}
        command = [sys.executable, "-m", "dask", *arguments, "--no-dashboard"]
        with (own / "log").open("wb") as log:
            self.processes[name] = subprocess.Popen(command, cwd=own, env=environment, stdout=log, stderr=log)

    def start_scheduler(self) -> None:
        found = self.folder / "scheduler.json"
        self.start("scheduler", "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(found))
        until(found.exists)
        self.address = json.loads(found.read_text())["address"].replace("tcp://", "dask://")

    def start_worker(self, name: str, *arguments: str) -> None:
        self.start(name, "worker", self.address.replace("dask://", "tcp://"), "--nthreads", "1", *arguments)
        until(lambda: b"Registered to" in (self.folder / name / "log").read_bytes())

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        process.kill()
        process.wait()


def until(condition: Any) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.05)


@contextmanager
def machines(folder: Path) -> Iterator[Machines]:
    found = Machines(folder)
    try:
        found.start_scheduler()
        yield found
    finally:
        # The workers first: they take leave of the scheduler.
        for process in reversed(found.processes.values()):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """One with a nanny, which makes daemons of workers, and one without."""
    with machines(tmp_path_factory.mktemp("machines")) as found:
        found.start_worker("one")
        found.start_worker("two", "--no-nanny")
        yield found


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What one machine gives for an exam."""

    @cache
    def built(text: str) -> dict[str, str]:
        folder = tmp_path_factory.mktemp("local")
        return files(build(make_project(folder, text), options=Options(formats=FORMATS)).folder)

    return built


def test_a_cluster_gives_what_one_machine_gives(two_workers, tmp_path):
    """With the project's own templates, which the workers' machines have not."""
    exam = make_project(tmp_path, FEW)
    own = (Path(__file__).parent.parent / "templates" / "moodle.xml").read_text(encoding="utf-8")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "moodle.xml").write_text(own + "<!-- own -->", encoding="utf-8")
    options = Options(formats=("moodle",))
    expected = files(build(exam, tmp_path / "local", options).folder)
    report = build(exam, options=replace(options, executor=two_workers.address))
    assert files(report.folder) == expected
    assert b"<!-- own -->" in (report.folder / "moodle/e.xml").read_bytes()
    assert [path.name for path in report.folder.parent.iterdir()] == ["e"]


@pytest.mark.slow
def test_printed_papers_and_print_files_are_the_same_from_a_cluster(two_workers, tmp_path):
    exam = make_project(tmp_path, EXAM.replace("variants: 2", "roster: students.csv"))
    (exam.parent / "students.csv").write_text(ROSTER, encoding="utf-8")
    options = Options(formats=("pdf", "json"))
    expected = files(build(exam, tmp_path / "local", options).folder)
    report = build(exam, options=replace(options, executor=two_workers.address))
    assert files(report.folder) == expected
    assert any(name.startswith("print/") for name in expected)


def test_a_worker_that_is_killed_in_the_middle_loses_nothing(two_workers, tmp_path, local):
    exam = make_project(tmp_path, MANY)
    two_workers.start_worker("three", "--no-nanny")
    counts: list[int] = []

    def progress(what: str, done: int, total: int) -> None:
        counts.append(done)
        if what == "papers" and done == 8:
            two_workers.kill("three")

    report = build(exam, options=Options(formats=FORMATS, executor=two_workers.address), progress=progress)
    assert "three" not in two_workers.processes
    assert report.paper_count == 40
    assert max(counts) == 40
    assert files(report.folder) == local(MANY)


@pytest.mark.slow
def test_a_build_whose_client_is_killed_goes_on_behind_what_is_finished(two_workers, tmp_path, local):
    exam = make_project(tmp_path, MANY)
    formats = [part for name in FORMATS for part in ("-f", name)]
    command = [sys.executable, "-m", "quizgen", "build", str(exam), *formats, "--executor", two_workers.address]
    receipts = tmp_path / "output" / ".e.unfinished" / ".receipts"
    with subprocess.Popen(command, cwd=tmp_path) as client:
        until(lambda: len(list(receipts.glob("papers-*"))) >= 5)
        client.kill()
    # What was begun by then may still be finished.
    first = {path.name: path.stat().st_ino for path in sorted(receipts.glob("papers-*"))[:5]}
    inodes: dict[str, int] = {}

    def progress(what: str, done: int, total: int) -> None:
        if done == total == 40:
            inodes.update({name: (receipts / name).stat().st_ino for name in first})

    report = build(exam, options=Options(formats=FORMATS, executor=two_workers.address), progress=progress)
    assert len(first) == 5
    assert inodes == first
    assert files(report.folder) == local(MANY)


def test_a_mistake_in_a_template_ends_the_build_with_the_words_of_one_machine(two_workers, tmp_path):
    exam = make_project(tmp_path, FEW)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "moodle.xml").write_text("{{ nobody.knows }}", encoding="utf-8")
    said = []
    for executor in ("local", two_workers.address):
        with pytest.raises(QuizgenError) as caught:
            build(exam, options=Options(formats=("moodle",), executor=executor))
        said.append(str(caught.value).split("\n")[0])
    assert said[0] == said[1]
    assert "moodle.xml" in said[0]


@pytest.mark.slow
def test_a_step_on_a_cluster_is_held_to_its_time(two_workers, tmp_path, monkeypatch):
    monkeypatch.setenv("QUIZGEN_TIME_LIMIT", "1")
    exam = make_project(tmp_path, FEW)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "moodle.xml").write_text("{% for a in range(10**5) %}" * 3 + "{% endfor %}" * 3)
    with pytest.raises(QuizgenError, match=r"moodle\.xml.*takes longer than 1 seconds"):
        build(exam, options=Options(formats=("moodle",), executor=two_workers.address))


def test_workers_with_other_versions_are_refused_by_name(two_workers, tmp_path, monkeypatch):
    exam = make_project(tmp_path, FEW)
    monkeypatch.setattr(station, "surroundings", lambda: {**real, "weasyprint": "1.2", "the installed fonts": "0" * 64})
    with pytest.raises(QuizgenError) as caught:
        build(exam, options=Options(formats=FORMATS, executor=two_workers.address))
    assert str(caught.value).count("tcp://127.0.0.1:") == 2
    assert f"weasyprint {real['weasyprint']} (here 1.2), the installed fonts; install the same" in str(caught.value)
    assert not (tmp_path / "output" / "e").exists()


real = station.surroundings()


def test_a_machine_that_does_not_see_the_folder_says_so(tmp_path):
    stage = FolderStage(tmp_path).shared("abc")
    assert stage.trouble() == ""
    assert "choose a folder that all share with -o" in replace(stage, mark="other").trouble()
    assert str(tmp_path / "elsewhere") in replace(stage, folder=tmp_path / "elsewhere").trouble()


def test_a_worker_of_a_build_that_has_ended_writes_nothing_more(tmp_path):
    old = FolderStage(tmp_path).shared("old")
    FolderStage(tmp_path).shared("new")
    with pytest.raises(QuizgenError, match="does not see"):
        old.write(pipeline.manifest({}, {}, (), ()))
    assert not (tmp_path / "manifest.json").exists()


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("dask://127.0.0.1:1", "no scheduler answers at dask://127.0.0.1:1 .*start it with `dask scheduler`"),
        ("ray://127.0.0.1:1", "there is no executor ray://127.0.0.1:1; write local, dask://HOST:PORT or tls://"),
        ("dask://", "there is no executor dask://"),
        ("tls://127.0.0.1:1", "tls://127.0.0.1:1 needs certificates, which Dask's settings name"),
    ],
)
def test_a_cluster_that_is_not_there_is_told(tmp_path, monkeypatch, address, message):
    monkeypatch.setattr(dask, "_TIMEOUT", "1s")
    exam = make_project(tmp_path, FEW)
    with pytest.raises(QuizgenError, match=message):
        build(exam, options=Options(formats=("json",), executor=address))


def test_without_dask_the_message_names_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    exam = make_project(tmp_path, FEW)
    with pytest.raises(QuizgenError, match=r"pip install 'quizgen\[cluster\]'"):
        build(exam, options=Options(formats=("json",), executor="dask://127.0.0.1:1"))


@pytest.mark.parametrize("kind", ["threads", pytest.param("processes", marks=pytest.mark.slow)])
def test_any_executor_of_concurrent_futures_will_do(tmp_path, local, kind):
    exam = make_project(tmp_path, FEW)
    with ExitStack() as stack:
        some = ThreadPoolExecutor(2) if kind == "threads" else ProcessPoolExecutor(2, mp_context=get_context("spawn"))
        stack.enter_context(some)
        report = build(exam, options=Options(formats=FORMATS, executor=some))
    assert files(report.folder) == local(FEW)


# The engine's own faults, by a pool that has them.


@dataclass
class Faulty:
    """A pool that loses the first tasks that it is given."""

    losses: int = 0
    slots: int = 2
    shared: list[bytes] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def share(self, data: bytes) -> bytes:
        self.shared.append(data)
        return data

    def submit(self, key: str, function: Any, *given: object) -> Future[Any]:
        self.keys.append(key)
        future: Future[Any] = Future()
        if len(self.keys) <= self.losses:
            future.set_exception(ConnectionError("the worker has gone"))
        else:
            future.set_result(Made(given[2].name))
        return future

    def call_everywhere(self, function: Any, *given: object) -> dict[str, Any]:
        return {}


@dataclass(frozen=True)
class Work:
    """As much of a build's work as a cluster asks for."""

    stage: FolderStage = field(default_factory=lambda: FolderStage(Path()))
    templates: Templates = field(default_factory=Templates)
    cache: Cache = field(default_factory=Cache)


def results(pool: Any, count: int = 5) -> list[Any]:
    return list(Cluster(pool, ()).each(Work(), [Task(f"paper {number}", int) for number in range(count)], 99))


def test_what_a_pool_has_lost_is_brought_to_it_and_done_again():
    pool = Faulty(losses=2)
    assert sorted(results(pool)) == [f"paper {number}" for number in range(5)]
    assert len(pool.keys) == len(set(pool.keys)) == 7
    assert len(set(pool.shared)) == 1


def test_a_task_that_is_lost_again_and_again_ends_the_build():
    with pytest.raises(QuizgenError, match=r"paper 0: the cluster lost its worker 3 times .*the worker has gone"):
        results(Faulty(losses=100), count=1)


def test_a_cluster_without_workers_is_not_waited_for_forever(monkeypatch):
    monkeypatch.setattr(cluster, "_LONELY", 0.1)
    monkeypatch.setattr(cluster, "_PATIENCE", 0.05)
    pool = Faulty(slots=0)
    pool.submit = lambda *given: Future()
    with pytest.raises(QuizgenError, match="the cluster has no worker; start some with `dask worker`"):
        results(pool)


def test_no_more_tasks_are_in_flight_than_keep_the_workers_busy():
    @dataclass
    class Slow(Faulty):
        flying: int = 0
        most: int = 0

        def submit(self, key: str, function: Any, *given: object) -> Future[Any]:
            self.flying += 1
            self.most = max(self.most, self.flying)
            return threads.submit(self.land, given[2])

        def land(self, task: Task) -> Made:
            time.sleep(0.02)
            self.flying -= 1
            return Made(task.name)

    pool = Slow()
    with ThreadPoolExecutor(1) as threads:
        assert len(results(pool, 12)) == 12
    assert pool.most == 4


# Object stores.


def stored(url: str) -> dict[str, bytes]:
    from fsspec.core import url_to_fs

    system, root = url_to_fs(url)
    return {path.removeprefix(f"{root}/"): system.cat_file(path) for path in system.find(root)}


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A store in this process, where the work is then to be done, too."""
    from fsspec.implementations.memory import MemoryFileSystem

    monkeypatch.setattr(pipeline, "Workers", Here)
    yield f"memory://{tmp_path.name}"
    MemoryFileSystem.store.clear()


LIGHT = Options(formats=FORMATS)


def test_an_object_store_gets_what_a_folder_gets(memory, tmp_path):
    exam = make_project(tmp_path, FEW)
    folder = build(exam, tmp_path / "local", LIGHT).folder
    report = build(exam, memory, LIGHT)
    assert report.url == f"{memory}/e"
    assert stored(f"{memory}/e") == {name: (folder / name).read_bytes() for name in files(folder)}


def test_what_a_store_holds_is_verified(memory, tmp_path, monkeypatch):
    exam = make_project(tmp_path, FEW)
    build(exam, memory, LIGHT)
    monkeypatch.chdir(tmp_path)
    assert verify(f"{memory}/e").differences == ()
    system = filesystem(memory)
    system.pipe_file(f"{memory}/e/teacher/A/paper.json", b"{}")
    system.rm(f"{memory}/e/teacher/variants.csv")
    verdict = verify(f"{memory}/e")
    assert verdict.differences == ("teacher/A/paper.json differs", "teacher/variants.csv is missing")
    assert verdict.agree == len(stored(f"{memory}/e")) - 1


def test_what_others_put_into_a_store_is_seen_by_who_has_listed_it_before(memory, tmp_path):
    """Packages for stores remember what they have listed."""
    from fsspec.implementations.memory import MemoryFileSystem

    class Remembering(MemoryFileSystem):
        protocol = "remembering"
        listed: ClassVar[set[str]] = set()

        def find(self, path: str, *arguments: Any, **options: Any) -> Any:
            found = super().find(path, *arguments, **options)
            self.listed.update(found)
            return found

        def cat_file(self, path: str, *arguments: Any, **options: Any) -> Any:
            if self.listed and path not in self.listed:
                raise FileNotFoundError(path)
            return super().cat_file(path, *arguments, **options)

        def invalidate_cache(self, path: str | None = None) -> None:
            self.listed.clear()

    found = replace(objects.opened(memory), system=Remembering())
    found.put({"a": b"1"})
    assert found.names() == ["a"]
    objects.opened(memory).put({"b": b"2"})
    assert found.find("b") == b"2"


def test_large_objects_are_put_and_read_back_by_themselves(memory, tmp_path, monkeypatch):
    monkeypatch.setattr(objects, "LARGE", 100)
    monkeypatch.setattr(objects_stage, "LARGE", 100)
    exam = make_project(tmp_path, FEW)
    expected = build(exam, tmp_path / "local", LIGHT).folder
    build(exam, memory, LIGHT)
    monkeypatch.chdir(tmp_path)
    assert verify(f"{memory}/e").differences == ()
    assert stored(f"{memory}/e").keys() == files(expected).keys()


def test_a_cluster_writes_to_an_object_store(two_workers, tmp_path, local):
    exam = make_project(tmp_path, FEW)
    url = (tmp_path / "store").as_uri()
    build(exam, url, Options(formats=FORMATS, executor=two_workers.address))
    assert files(tmp_path / "store" / "e") == local(FEW)


def test_in_a_store_a_users_files_stay_and_what_is_no_longer_made_goes(memory, tmp_path):
    exam = make_project(tmp_path, FEW)
    build(exam, memory, LIGHT)
    system = filesystem(memory)
    system.pipe_file(f"{memory}/e/notes.txt", b"mine")
    build(exam, memory, replace(LIGHT, formats=("json",)))
    assert sorted(stored(f"{memory}/e")) == sorted(
        ["manifest.json", "notes.txt", *(f"teacher/{name}/paper.json" for name in "ABCDE")]
    )


def filesystem(url: str) -> Any:
    from fsspec.core import url_to_fs

    return url_to_fs(url)[0]


def test_what_was_changed_in_a_store_is_refused_unless_forced(memory, tmp_path):
    exam = make_project(tmp_path, FEW)
    build(exam, memory, LIGHT)
    before = stored(f"{memory}/e")
    filesystem(memory).pipe_file(f"{memory}/e/teacher/variants.csv", b"mine")
    with pytest.raises(QuizgenError, match=r"changed since they were built:\n  memory://.*/e/teacher/variants\.csv\n"):
        build(exam, memory, LIGHT)
    build(exam, memory, replace(LIGHT, force=True))
    assert stored(f"{memory}/e") == before


def test_a_place_in_a_store_that_is_not_ours_is_refused(memory, tmp_path):
    filesystem(memory).pipe_file(f"{memory}/e/thesis.txt", b"mine")
    with pytest.raises(QuizgenError, match="was not made by quizgen; choose another place with -o"):
        build(make_project(tmp_path, FEW), memory, LIGHT)
    assert stored(f"{memory}/e") == {"thesis.txt": b"mine"}


def test_a_build_that_fails_before_its_first_paper_leaves_the_place_as_it_was(memory, tmp_path):
    exam = make_project(tmp_path, FEW)
    build(exam, memory, LIGHT)
    before = stored(f"{memory}/e")
    with pytest.raises(QuizgenError, match="never"):
        build(exam, memory, LIGHT, failing)
    assert stored(f"{memory}/e") == before


def failing(what: str, done: int, total: int) -> None:
    raise QuizgenError("never")


class Interrupted(Here):
    """Workers that are stopped after so many papers."""

    after = 2

    def each(self, work, tasks, most=1):
        for number, task in enumerate(tasks):
            if task.name.startswith("paper ") and number == self.after:
                raise KeyboardInterrupt
            yield task.run(work)


def test_a_stopped_build_in_a_store_is_not_taken_for_whole_and_goes_on(memory, tmp_path, monkeypatch):
    exam = make_project(tmp_path, FEW)
    build(exam, memory, LIGHT)
    expected = stored(f"{memory}/e")
    exam.write_text(FEW.replace("seed: 7", "seed: 8"), encoding="utf-8")
    monkeypatch.setattr(pipeline, "Workers", Interrupted)
    with pytest.raises(KeyboardInterrupt, match=f"2 of 5 papers are finished, in {memory}/e; the same command goes on"):
        build(exam, memory, LIGHT)
    assert "manifest.json" not in stored(f"{memory}/e")
    # Another build than the stopped one takes the place over.
    monkeypatch.setattr(pipeline, "Workers", Here)
    exam.write_text(FEW, encoding="utf-8")
    build(exam, memory, LIGHT)
    assert stored(f"{memory}/e") == expected


def test_a_finished_piece_in_a_store_is_made_again_only_if_it_was_touched(memory, tmp_path, monkeypatch):
    exam = make_project(tmp_path, FEW)
    monkeypatch.setattr(pipeline, "Workers", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        build(exam, memory, LIGHT)
    system = filesystem(memory)
    system.pipe_file(f"{memory}/e/teacher/B/paper.json", b"half")
    before = {name: system.created(f"{memory}/e/teacher/{name}/paper.json") for name in "AB"}
    monkeypatch.setattr(pipeline, "Workers", Here)
    build(exam, memory, LIGHT)
    after = {name: system.created(f"{memory}/e/teacher/{name}/paper.json") for name in "AB"}
    assert (after["A"] == before["A"], after["B"] == before["B"]) == (True, False)
    assert stored(f"{memory}/e")["teacher/B/paper.json"] != b"half"


def test_no_message_and_no_file_has_a_stores_secrets(tmp_path):
    exam = make_project(tmp_path, FEW)
    with pytest.raises(QuizgenError) as caught:
        build(exam, "nosuch://admin:pa55word@host/bucket?token=abcdef", LIGHT)
    assert str(caught.value).startswith("nosuch://host/bucket/e ")
    assert not any(secret in str(caught.value) for secret in ("admin", "pa55word", "abcdef"))


def test_without_fsspec_the_message_names_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(QuizgenError, match=r"memory://nowhere/e needs fsspec: pip install 'quizgen\[cluster\]'"):
        build(make_project(tmp_path, FEW), "memory://nowhere", LIGHT)


def test_a_stage_in_a_store_travels_without_what_it_has_gathered(memory, tmp_path):
    from quizgen.build.objects_stage import ObjectStage

    stage = ObjectStage(memory, "token")
    stage._gathered["a"] = b"b"
    again = pickle.loads(pickle.dumps(stage))
    assert (again.token, again.waiting, again._gathered) == ("token", stage.waiting, {})


@pytest.mark.slow
def test_an_interrupt_calls_off_what_is_in_flight(two_workers, tmp_path):
    exam = make_project(tmp_path, MANY)
    command = [sys.executable, "-m", "quizgen", "build", str(exam), "-f", "json", "--executor", two_workers.address]
    receipts = tmp_path / "output" / ".e.unfinished" / ".receipts"
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as client:
        until(lambda: len(list(receipts.glob("papers-*"))) >= 3)
        client.send_signal(signal.SIGINT)
        _, said = client.communicate(timeout=60)
    assert client.returncode == 130
    assert "the same command goes on behind them" in said
    assert "Traceback" not in said
