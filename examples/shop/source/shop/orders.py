"""The queue of orders, in SQLite: taken in order, kept until done, with the trace of the request that put them there."""

import json
import sqlite3
import time
from typing import Any

from opentelemetry import propagate


class Orders:
    """One end of the queue."""

    def __init__(self, path: str) -> None:
        self._queue = sqlite3.connect(path, check_same_thread=False, timeout=5, isolation_level=None)
        self._queue.execute("PRAGMA journal_mode = WAL")
        self._queue.execute("PRAGMA synchronous = NORMAL")
        columns = "id INTEGER PRIMARY KEY, at REAL, body TEXT, carrier TEXT"
        self._queue.execute(f"CREATE TABLE IF NOT EXISTS orders ({columns})")

    def put(self, order: dict[str, Any]) -> None:
        """Add an order, within the trace at hand."""
        carrier: dict[str, str] = {}
        propagate.inject(carrier)
        row = (time.time(), json.dumps(order), json.dumps(carrier))  # noqa: TID251
        self._queue.execute("INSERT INTO orders (at, body, carrier) VALUES (?, ?, ?)", row)

    def first(self) -> tuple[int, dict[str, Any], dict[str, str]] | None:
        """The oldest: its number, the order, and its trace; it stays in the queue."""
        row = self._queue.execute("SELECT id, body, carrier FROM orders ORDER BY id LIMIT 1").fetchone()
        return (row[0], json.loads(row[1]), json.loads(row[2])) if row else None

    def done(self, number: int) -> None:
        """Take it out."""
        self._queue.execute("DELETE FROM orders WHERE id = ?", (number,))

    def waiting(self) -> tuple[int, float]:
        """How many there are, and for how many seconds the oldest has waited."""
        count, oldest = self._queue.execute("SELECT count(*), min(at) FROM orders").fetchone()
        return count, time.time() - oldest if oldest else 0.0  # noqa: TID251
