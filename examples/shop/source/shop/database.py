"""SQLite through a pool of connections that can run out; every statement is a span."""

import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from queue import Empty, Queue
from typing import Any

from opentelemetry import metrics

from shop.telemetry import Telemetry

AWAY = 0.002  # seconds to a database: SQLite is in the process, others are across a network


class PoolExhaustedError(Exception):
    """No connection was free in time."""


class Pool:
    """Connections that are lent, and given back."""

    def __init__(self, path: str, size: int, patience: float) -> None:
        self._free: Queue[sqlite3.Connection] = Queue()
        self._size, self._patience = size, patience
        for _ in range(size):
            one = sqlite3.connect(path, check_same_thread=False, timeout=2)
            one.execute("PRAGMA journal_mode = WAL")  # readers do not hold up the one who writes
            one.execute("PRAGMA synchronous = NORMAL")
            one.execute("PRAGMA automatic_index = OFF")  # as in most databases
            self._free.put(one)
        meter = metrics.get_meter("pool")
        meter.create_observable_gauge("db.client.connection.count", [self._used])
        meter.create_observable_gauge("db.client.connection.max", [lambda _: [metrics.Observation(size)]])

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """One of them; waits for as long as is bearable."""
        try:
            lent = self._free.get(timeout=self._patience)
        except Empty:
            raise PoolExhaustedError(
                f"no free connection after {self._patience} s, {self._size} in use"
            ) from None
        try:
            yield lent
        finally:
            self._free.put(lent)

    def _used(self, _: Any) -> Iterable[metrics.Observation]:
        yield metrics.Observation(self._size - self._free.qsize(), {"db.client.connection.state": "used"})


def queried(
    telemetry: Telemetry, database: str, connection: sqlite3.Connection, sql: str, *values: Any
) -> list[Any]:
    """The rows of a statement, as a span of the database."""
    known = {"db.system.name": "sqlite", "db.query.text": sql, "peer.service": database}
    with telemetry.calling(sql.split(" ", 1)[0], **known):
        time.sleep(AWAY)
        return connection.execute(sql, values).fetchall()
