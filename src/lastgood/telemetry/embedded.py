"""The embedded engine: chDB over a folder that one process owns, with limits of its own."""

import fcntl
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from lastgood.errors import CannotRunError, StoreLockedError
from lastgood.telemetry.address import EmbeddedAddress

DATABASE = "lastgood"

# The engine's own caps: without them it takes 90 % of the machine's memory (measured), and maps
# files that may shrink while they are read.
OPTIONS = {
    "max_server_memory_usage": "1800000000",
    "mark_cache_size": "64000000",
    "background_pool_size": "2",
    "storage_file_read_method": "pread",
    # Under a limit of memory like this one the engine runs every query on one thread (measured).
    "max_threads_min_free_memory_per_thread": "0",
    # Machine code for parts of a query: a seventh of a sitrep over little data went into making it, and over 27 MB of
    # lines it saved nothing (measured).
    "compile_expressions": "0",
    "compile_aggregate_expressions": "0",
    "compile_sort_description": "0",
    # A sitrep reads the same columns a dozen times: what was unpacked once is kept, of any table. By default only
    # what fits into a million rows is.
    "use_uncompressed_cache": "1",
    "uncompressed_cache_size": "700000000",
    "uncompressed_cache_size_ratio": "0.8",
    "merge_tree_max_rows_to_use_cache": "1000000000",
    "merge_tree_max_bytes_to_use_cache": "100000000000",
}

_LISTENS = ", which listens on "  # in the lock file, between a server and its address


class Ownership:
    """The folder of an embedded store held for this process, until `release`."""

    _guard = threading.Lock()
    _held: Path | None = None  # the engine takes one path a process

    def __init__(self, path: Path) -> None:
        self.path = path
        with Ownership._guard:
            if Ownership._held not in {None, path.resolve()}:
                raise CannotRunError(
                    f"This process has the store in {Ownership._held} open, so it cannot open {path}.",
                    hint="A process has one embedded store; close the first, or start another process.",
                )
            self._file = _locked(path)
            Ownership._held = path.resolve()

    def announce(self, where: str) -> None:
        """Say in the lock file where the owner can be asked: who wants the store reads it."""
        _signed(self._file, f"{_self()}{_LISTENS}{where}")

    def release(self) -> None:
        """Let others have it."""
        with Ownership._guard:
            self._file.close()
            Ownership._held = None


def own(path: Path) -> Ownership:
    """The folder, made if it is not there, owned by this process.

    Raises:
        StoreLockedError: another process owns it; the message names it.
        CannotRunError: the folder cannot be made or written.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        return Ownership(path)
    except OSError as problem:
        raise CannotRunError(
            f"The store in {path} cannot be used: {problem.strerror or problem}."
        ) from problem


def connector(address: EmbeddedAddress) -> Callable[[], Any]:
    """A function that opens one more handle to the engine."""
    options = {**OPTIONS, **address.options}
    path = str(address.path / "engine") if address.path else ":memory:"

    def connect() -> Any:
        import clickhouse_connect  # noqa: PLC0415 - importing it starts the engine: 1 s and 300 MB

        return clickhouse_connect.get_client(interface="chdb", path=path, chdb_options=options)

    return connect


def _locked(path: Path) -> IO[str]:
    file = (path / "owner").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as problem:
        file.seek(0)
        owner = file.read().strip() or "unknown"
        file.close()
        address = owner.partition(_LISTENS)[2]
        pages = f"Open its pages: {address}" if address else "Wait for it to end."
        raise StoreLockedError(
            f"The store in {path} is in use by process {owner}.",
            hint=f"{pages}\nOr ask a server: set LASTGOOD_URL and LASTGOOD_API_TOKEN.",
            address=address,
        ) from problem
    _signed(file, _self())
    return file


def _self() -> str:
    return f"{os.getpid()} ({Path(sys.argv[0] or sys.executable).name} {' '.join(sys.argv[1:2])})"


def _signed(file: IO[str], text: str) -> None:
    file.truncate(0)
    file.write(f"{text}\n")
    file.flush()
