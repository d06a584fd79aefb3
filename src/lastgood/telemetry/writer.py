"""The writer: columnar batches into tables, in bounded inserts that may be repeated safely."""

import hashlib
from collections import deque
from concurrent.futures import Future

import pyarrow as pa

from lastgood.errors import CannotRunError, LastgoodError
from lastgood.telemetry.engine import Engine
from lastgood.telemetry.tables import TABLES, StoreTable, by_day

# Large enough that the cost of syncing to disk disappears, small enough that memory stays flat.
ROWS_PER_INSERT = 50_000
IN_FLIGHT = 2  # more were not faster: the engine writes on all cores


def create_tables(engine: Engine, *, empty: bool = False, daily: bool = False) -> None:
    """Make every table that is not there yet, and add what an earlier release's tables lack; an `empty` store has none.

    `daily` ones are divided by days, so that old telemetry can go day by day; others by months.
    """
    for table in TABLES:
        ddl = by_day(table.ddl) if daily else table.ddl
        for statement in filter(None, (ddl, "" if empty else table.added)):
            engine.command(statement.replace("{database}", engine.database))


class Writer:
    """Adds batches to tables; `flush` returns when all of them are on disk.

    `origin` names what is loaded (a digest of a file, say): the same origin written again, in the
    same order, adds nothing.
    """

    def __init__(self, engine: Engine, origin: str) -> None:
        self._engine = engine
        self._origin = origin
        self._serial = 0
        self._waiting: deque[tuple[Future[None], str, int]] = deque()

    def add(self, table: StoreTable, rows: pa.Table) -> None:
        """Start to write rows; waits while too many inserts are in flight.

        Raises:
            CannotRunError: an insert before this one failed; it says what was not stored.
        """
        for start in range(0, rows.num_rows, ROWS_PER_INSERT):
            while len(self._waiting) >= IN_FLIGHT:
                self._await_one()
            part = rows.slice(start, ROWS_PER_INSERT)
            inserted = self._engine.insert(table.name, part, token=self._token(table.name))
            self._waiting.append((inserted, table.name, part.num_rows))

    def flush(self) -> None:
        """Wait until everything added is on disk. Raises as `add` does."""
        while self._waiting:
            self._await_one()

    def _await_one(self) -> None:
        inserted, table, rows = self._waiting.popleft()
        try:
            inserted.result()
        except LastgoodError as problem:
            raise not_stored(rows, table, problem) from problem

    def _token(self, table: str) -> str:
        self._serial += 1
        text = f"{self._origin}/{self._serial}/{table}"
        return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def not_stored(rows: int, table: str, problem: LastgoodError) -> CannotRunError:
    """What to raise when an insert failed."""
    return CannotRunError(
        f"{rows} rows for {table} were not stored: {problem.message}",
        hint=problem.hint or "Load the same input again: what was stored is not stored twice.",
    )
