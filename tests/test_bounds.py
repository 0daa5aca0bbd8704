"""What takes too much time or memory is stopped, named, and leaves nothing behind."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import sys
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from projects import make_project
from quizgen.bounds import Step, begin
from quizgen.build import Options, build, workers
from quizgen.build.workers import Task, Workers
from quizgen.problems import QuizgenError
from quizgen.templates import Templates

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")


@dataclass(frozen=True)
class Work:
    """As much of a build's work as a worker asks for."""

    templates: Templates = field(default_factory=Templates)


def work_of(task: partial) -> object:
    with Workers(()) as some:
        (made,) = some.each(Work(), [Task("paper A", task)])
    return made


def loop(work: Work, deaf: bool = False) -> None:
    begin(Step("printing the booklet", "flex boxes"))
    if deaf:  # as a library in C is, until it returns
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    while True:
        time.sleep(0.1)


def survive(work: Work) -> str:
    begin(Step("printing the booklet", "flex boxes"))
    for _ in range(2):
        try:
            time.sleep(60)
        except BaseException:  # noqa: BLE001 - as WeasyPrint has it in some places
            continue
    return "survived"


def starve(work: Work) -> None:
    begin(Step("printing the booklet", "flex boxes"))
    bytearray(10 << 30)


def die(work: Work) -> None:
    begin(Step("printing the booklet", "flex boxes"))
    os._exit(5)


def fail(work: Work) -> None:
    raise QuizgenError("the author's mistake")


def crash(work: Work) -> None:
    raise ZeroDivisionError(lambda: None)


def own_number(work: Work) -> int:
    return os.getpid()


def double(work: Work, number: int) -> int:
    time.sleep(0.3 / (number + 1))
    return 2 * number


EXCESSES = [
    (loop, "paper A: printing the booklet takes longer than 1 seconds. Look for flex boxes; on a slow machine"),
    (partial(loop, deaf=True), "paper A: printing the booklet takes longer than 1 seconds. Look for flex boxes"),
    (survive, "paper A: printing the booklet takes longer than 1 seconds"),
    (starve, "paper A: printing the booklet takes more than 4,096 MB of memory. Look for flex boxes; if the machine"),
    (die, "paper A: printing the booklet ended its process (5), most likely for want of memory"),
]


@posix
@pytest.mark.parametrize(("task", "message"), EXCESSES)
def test_a_step_that_takes_too_much_is_named(monkeypatch, task, message):
    monkeypatch.setenv("QUIZGEN_TIME_LIMIT", "1")
    monkeypatch.setattr(workers, "_GRACE", 0.5)
    with pytest.raises(QuizgenError) as caught:
        work_of(task)
    assert str(caught.value).startswith(message)
    assert multiprocessing.active_children() == []


@pytest.mark.skipif(not Path("/proc/self/statm").is_file(), reason="tells memory by /proc")
def test_a_process_that_holds_much_memory_is_replaced_by_a_new_one(monkeypatch):
    monkeypatch.setattr(workers, "_SWOLLEN", 1)
    with Workers(()) as some:
        processes = list(some.in_order(Work(), [Task(str(number), own_number) for number in range(3)]))
    assert len(set(processes)) == 3


def test_what_several_processes_make_comes_in_order_where_that_is_asked_and_the_first_error_always():
    with Workers(()) as some:
        tasks = [Task(str(number), partial(double, number=number)) for number in range(4)]
        assert list(some.in_order(Work(), tasks, most=2)) == [0, 2, 4, 6]
        assert sorted(some.each(Work(), tasks, most=2)) == [0, 2, 4, 6]
        made = some.each(Work(), [tasks[0], Task("b", fail), Task("c", crash)], most=2)
        assert next(made) == 0
        with pytest.raises(QuizgenError, match=r"^the author's mistake$"):
            next(made)


def test_a_fault_of_ours_in_a_process_keeps_its_traceback_and_its_kind():
    with pytest.raises(RuntimeError, match="in crash\n"):  # a lambda cannot cross
        work_of(crash)


def test_a_limit_that_is_no_number_is_refused(monkeypatch):
    monkeypatch.setenv("QUIZGEN_MEMORY_LIMIT", "4G")
    with pytest.raises(QuizgenError, match="QUIZGEN_MEMORY_LIMIT is 4G; set it to a whole number of megabytes"):
        Workers(())


# Pages that never end, from a school's own templates


def built(folder: Path, name: str, template: str) -> str:
    """What a build says of a template."""
    exam = make_project(folder)
    (folder / "templates").mkdir()
    (folder / "templates" / name).write_text(template, encoding="utf-8")
    with pytest.raises(QuizgenError) as caught:
        build(exam, options=Options(formats=("moodle" if name == "moodle.xml" else "pdf",)))
    # What is made of all papers fails beside papers that are finished, and these are kept.
    kept = [".e.unfinished"] if name == "moodle.xml" else []
    assert [path.name for path in (folder / "output").iterdir()] == kept
    assert multiprocessing.active_children() == []
    return str(caught.value)


LOOP = "{% for a in range(99999) %}{% for b in range(99999) %}\n{% if a > b + 10 %}x{% endif %}{% endfor %}{% endfor %}"
COLUMNS = '<title>Hi</title>{% for _ in range(9) %}<div style="columns: 2">x{% endfor %}'
SWELL = "{% set text = namespace(s='word ') %}\n{% for _ in range(60) %}{% set text.s = text.s ~ text.s %}{% endfor %}"

ENDLESS = [
    ("booklet.html", LOOP, r"paper A: filling in the template booklet\.html \(at booklet\.html:[12]\) takes longer"),
    ("moodle.xml", LOOP, r"all papers: filling in the template moodle\.xml \(at moodle\.xml:[12]\) takes longer"),
    ("booklet.html", COLUMNS, "paper A: printing “Hi” takes longer than 2 seconds. Look for a table of thousands"),
    ("booklet.html", SWELL, r"paper A: filling in the template booklet\.html \(at booklet\.html:2\) takes more than"),
]


@posix
@pytest.mark.parametrize(("name", "template", "message"), ENDLESS)
def test_a_page_that_never_ends_is_stopped_and_named(tmp_path, monkeypatch, name, template, message):
    monkeypatch.setenv("QUIZGEN_TIME_LIMIT", "2")
    monkeypatch.setenv("QUIZGEN_MEMORY_LIMIT", "1000")
    said = built(tmp_path, name, template)
    assert re.match(message, said), said
