"""What a process is at, and the bounds that it is held to: the time of a step, and memory. None until one is bound."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from quizgen.problems import QuizgenError

TIME_LIMIT = "QUIZGEN_TIME_LIMIT"
MEMORY_LIMIT = "QUIZGEN_MEMORY_LIMIT"
_USUAL_SECONDS = 120
_USUAL_MEGABYTES = 4096


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of work in words ("printing the booklet"), and what to look for where it takes too much."""

    doing: str
    cause: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How many seconds a step may take, and how many megabytes of addresses a process."""

    seconds: int = _USUAL_SECONDS
    megabytes: int = _USUAL_MEGABYTES

    @classmethod
    def from_environment(cls) -> Limits:
        """The usual limits, or what the user has set."""
        return cls(_number(TIME_LIMIT, _USUAL_SECONDS), _number(MEMORY_LIMIT, _USUAL_MEGABYTES))


def _number(name: str, usual: int) -> int:
    value = os.environ.get(name) or str(usual)
    if not (value.isascii() and value.isdigit() and 0 < int(value) < 10**7):
        unit = "seconds" if name == TIME_LIMIT else "megabytes"
        raise QuizgenError(f"{name} is {value}; set it to a whole number of {unit}, such as {usual}")
    return int(value)


class OutOfTimeError(BaseException):
    """A step takes too long. No Exception, so that a library that survives anything does not survive this."""


@dataclass(slots=True)
class _Held:
    """What this process is held to, who is told of its steps, and whether the time of this one is up."""

    limits: Limits | None = None
    tell: Callable[[Step], None] | None = None
    rung: bool = False


_held = _Held()


def bind(limits: Limits, tell: Callable[[Step], None]) -> None:
    """Hold this process to limits from now on; `tell` is called with each step that begins."""
    _held.limits, _held.tell = limits, tell
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, _ring)
    if sys.platform != "win32":
        import resource

        with suppress(ValueError, OSError):  # a system that has the limit, but lets nobody set it
            _, most = resource.getrlimit(resource.RLIMIT_AS)
            resource.setrlimit(resource.RLIMIT_AS, (limits.megabytes << 20, most))


def begin(step: Step) -> None:
    """Say that a step begins, and its time with it."""
    if _held.limits is not None and _held.tell is not None:
        _held.tell(step)
        _set_alarm(_held.limits.seconds)


def check() -> None:
    """Raise OutOfTimeError where a library has swallowed it since the step began."""
    if _held.rung:
        raise OutOfTimeError


def end() -> None:
    """Say that nothing is being done that takes time."""
    _set_alarm(0)


def _set_alarm(seconds: int) -> None:
    _held.rung = False
    if hasattr(signal, "setitimer"):
        # Once more each second: some libraries have an `except BaseException`.
        signal.setitimer(signal.ITIMER_REAL, seconds, min(seconds, 1))


def _ring(number: int, frame: object) -> None:
    del number, frame
    _held.rung = True
    raise OutOfTimeError
