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
_TIMEOUT = "10s"
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
        import distributed  # noqa: F401
    except ImportError as error:
        raise QuizgenError("a cluster needs Dask: pip install 'quizgen[cluster]'") from error
    with _in_silence():
        client = _client(address, f"{_SCHEMES[scheme]}://{place}")
        try:
            yield _Dask(client, address)
        finally:
            client.close(timeout=5)


def _client(address: str, place: str) -> Any:
    from dask import config
    from distributed import Client
    from distributed.security import Security

    connect: Any = Client
    security: Any = Security
    tls = place.startswith("tls:")
    if not tls and config.get("distributed.comm.require-encryption"):
        raise QuizgenError(f"Dask's settings here ask for encryption; name the scheduler as tls:{address[5:]}")
    if tls and not security().tls_client_cert:
        raise QuizgenError(f"{address} needs certificates, which Dask's settings name: docs/scale.md has an example")
    try:
        return connect(place, timeout=_TIMEOUT, set_as_default=False)
    except (OSError, ValueError) as error:
        reason = str(error).split("\n", maxsplit=1)[0]
        raise QuizgenError(f"no scheduler answers at {address} ({reason}); {_WAY_OUT}") from error


@contextmanager
def _in_silence() -> Iterator[None]:
    """Without what Dask has to say of lost connections, which is told in our words."""
    loggers = [logging.getLogger(name) for name in logging.root.manager.loggerDict if name.startswith("distributed")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


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
        except Exception as error:
            if "ModuleNotFoundError" in repr(error) or "AttributeError" in repr(error):
                raise QuizgenError(
                    f"the workers of {self.address} have no quizgen, or another one ({error}); install the same there"
                ) from error
            raise self._lost(error) from error
        return found

    def _lost(self, error: Exception) -> QuizgenError:
        reason = f"{type(error).__name__}: {error}".split("\n", maxsplit=1)[0]
        return QuizgenError(f"the connection to {self.address} was lost ({reason}); {_WAY_OUT}")
