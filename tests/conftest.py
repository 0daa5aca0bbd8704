"""What all tests share: the `golden` fixture, which holds an output to its accepted copy in tests/golden/."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"
ACTUAL = Path(__file__).parent / "actual"
USED = pytest.StashKey[set[str]]()

Golden = Callable[[str, "str | bytes"], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="take today's outputs as the golden files")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[USED] = set()


@pytest.fixture(autouse=True, scope="session")
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep out of the user's cache folder; one test may find what another has laid out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUIZGEN_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def golden(pytestconfig: pytest.Config) -> Golden:
    """Hold an output to tests/golden/<name>; one that differs is kept in tests/actual/ to look at."""

    def compare(name: str, actual: str | bytes) -> None:
        __tracebackhide__ = True
        data = actual.encode() if isinstance(actual, str) else actual
        pytestconfig.stash[USED].add(name)
        accepted, differing = GOLDEN / name, ACTUAL / name
        if pytestconfig.getoption("--accept"):
            _write(accepted, data)
        expected = accepted.read_bytes() if accepted.is_file() else None
        if data == expected:
            differing.unlink(missing_ok=True)
            return
        _write(differing, data)
        if expected is not None and isinstance(actual, str):
            # Compared as text, so that pytest shows the lines that differ.
            assert actual == expected.decode(), f"{name} differs; tests/actual/ has it, `make golden` accepts it"
        what = "has no" if expected is None else "is not"
        pytest.fail(f"tests/actual/{name} {what} golden file; `make golden` accepts it", pytrace=False)

    return compare


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Learn what a worker process of pytest-xdist used."""
    config: pytest.Config = node.config  # type: ignore[attr-defined]
    config.stash[USED].update(getattr(node, "workeroutput", {}).get("golden", ()))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    config = session.config
    if hasattr(config, "workeroutput"):
        config.workeroutput["golden"] = sorted(config.stash[USED])
    elif exitstatus == pytest.ExitCode.OK and _is_whole(config):
        _refuse_unused(session)


def _is_whole(config: pytest.Config) -> bool:
    """Whether every test ran that may use a golden file; the slow ones use none."""
    some = config.option.keyword or config.option.lf or config.option.collectonly
    return config.args_source is config.ArgsSource.TESTPATHS and not some


def _refuse_unused(session: pytest.Session) -> None:
    files = {path.relative_to(GOLDEN).as_posix(): path for path in GOLDEN.rglob("*") if path.is_file()}
    for name in sorted(files.keys() - session.config.stash[USED]):
        if session.config.getoption("--accept"):
            files[name].unlink()
        else:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            reporter = session.config.pluginmanager.get_plugin("terminalreporter")
            reporter.write_line(f"\ntests/golden/{name} is used by no test; `make golden` removes it", red=True)
