"""What tests share: one embedded engine a process, emptied for each test that asks for a store."""

import gc
import os
import shutil
import signal
import zlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import pytest

from lastgood.telemetry.engine import Engine, open_engine
from lastgood.workbench.store import Store
from telemetry.rows import emptied

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
ROOM = 2 * 10**9
ROOMY = (
    os.access(MEMORY, os.W_OK)
    and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC  # some tests start what they have written
    and shutil.disk_usage(MEMORY).free > ROOM
)
if ROOMY:  # the folders of tests are in memory too; pytest removes that of a test that has passed
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
# The engine counts what the whole process has, and a run of tests has far more than a command of a user.
LIMIT = 8 * 10**9
# No test asks a public site, and to read all public authorities at each connection takes longer than most tests.
_AUTHORITY = Path(__file__).parent / "fixtures" / "authority.pem"
os.environ["SSL_CERT_FILE"] = str(_AUTHORITY)
gc.disable()  # until all tests are collected

# A busy machine is no failure. `make check` repeats a property less often than `make test` does.
hypothesis.settings.register_profile("full", deadline=None, max_examples=50)
hypothesis.settings.register_profile("check", deadline=None, max_examples=10)
hypothesis.settings.load_profile("full")


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """One engine for the whole run: a process can have one embedded path open.

    In memory where there is room: waiting for a disk, often in every test, would take longer than the tests.
    """
    with (
        TemporaryDirectory(
            dir=MEMORY if ROOMY else None, prefix="lastgood-test-", ignore_cleanup_errors=True
        ) as folder,
        open_engine(f"chdb://{folder}?max_server_memory_usage={LIMIT}") as opened,
    ):
        yield opened


@pytest.fixture
def store(engine: Engine) -> Store:
    """A store with every table, all of them empty."""
    return emptied(engine)


def pytest_configure() -> None:
    """A shell ignores interrupts for what it starts in the background, and what tests start would inherit that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make check` runs a sample of the tests that open a store, scenarios among them, and of long tables."""
    parser.addoption(
        "--sample",
        type=int,
        default=1,
        help="Of the tests that open a store, run one in so many; of tables, one in a tenth as many.",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The same tests each time; which ones are in the sample depends on their names."""
    every = config.getoption("--sample")
    sample = [one for one in items if zlib.crc32(one.nodeid.encode()) % _one_in(one, every) == 0]
    config.hook.pytest_deselected(items=set(items).difference(sample))
    items[:] = sample


def _one_in(item: pytest.Item, every: int) -> int:
    if "engine" in _fixtures(item):
        return every
    return max(1, every // 10) if item.get_closest_marker("table") else 1


def _fixtures(item: pytest.Item) -> list[str]:
    return item.fixturenames if isinstance(item, pytest.Function) else []


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: to look through it for garbage again and again takes long."""
    gc.enable()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Under CI=true a test that was skipped has failed: nothing is left out quietly."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
