"""Dask distributed as a pool of workers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from quizgen.problems import QuizgenError

if TYPE_CHECKING:
    from concurrent.futures import Executor

_SCHEMES = {"dask": "tcp", "tls": "tls"}
_WAY_OUT = (
    "start it with `dask scheduler`, and workers with `dask worker` and its address; "
    "--executor names it as dask://HOST:PORT, or as tls://HOST:PORT where it has certificates"
)


@contextmanager
def connected(address: str) -> Iterator[_Dask]:
    """The workers of the scheduler at `dask://HOST:PORT` or `tls://HOST:PORT`; Dask's own settings have certificates.

    Raises QuizgenError where nobody answers, or Dask is not installed.
    """
    scheme, found, place = address.partition("://")
    if not found or scheme not in _SCHEMES or not place:
        raise QuizgenError(f"there is no executor {address}; write local, dask://HOST:PORT or tls://HOST:PORT")
    try:
        from distributed import Client
    except ImportError as error:
        raise QuizgenError("a cluster needs Dask: pip install 'quizgen[cluster]'") from error
    # What it has to say of lost connections is told in our words.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        connect: Any = Client
        client = connect(f"{_SCHEMES[scheme]}://{place}", timeout="20s", set_as_default=False)
    except (OSError, ValueError) as error:
        reason = str(error).split("\n", maxsplit=1)[0]
        raise QuizgenError(f"no scheduler answers at {address} ({reason}); {_WAY_OUT}") from error
    try:
        yield _Dask(client, address)
    finally:
        client.close(timeout=5)


@dataclass(frozen=True)
class _Dask:
    """The workers behind a client."""

    client: Any  # which says nothing of its types
    address: str

    @cached_property
    def _executor(self) -> Executor:
        executor: Executor = self.client.get_executor(pure=False)
        return executor

    @property
    def slots(self) -> int:
        """The threads of all workers."""
        try:
            return sum(self.client.nthreads().values())
        except Exception as error:
            raise self._lost(error) from error

    def share(self, data: bytes) -> Any:
        """The data, once in each worker's memory; those that come later fetch it from one that has it."""
        try:
            return self.client.scatter(data, broadcast=True, hash=False)
        except Exception as error:
            raise self._lost(error) from error

    def submit(self, key: str, function: Callable[..., Any], *given: object) -> Future[Any]:
        """Have a function called."""
        try:
            # Dask itself gives the tasks of a lost worker to another one.
            return self._executor.submit(function, *given, key=key)
        except Exception as error:
            raise self._lost(error) from error

    def call_everywhere(self, function: Callable[..., Any], *given: object) -> Mapping[str, Any]:
        """What a function gives in each worker, whatever it is busy with."""
        try:
            found: Mapping[str, Any] = self.client.run(function, *given)
        except ImportError as error:
            raise QuizgenError(f"quizgen is not installed where the workers of {self.address} run: {error}") from error
        except Exception as error:
            raise self._lost(error) from error
        return found

    def _lost(self, error: Exception) -> QuizgenError:
        reason = f"{type(error).__name__}: {error}".split("\n", maxsplit=1)[0]
        return QuizgenError(f"the connection to {self.address} was lost ({reason}); {_WAY_OUT}")
