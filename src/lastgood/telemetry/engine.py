"""The engine: queries and inserts over ClickHouse, embedded (chDB) or remote, behind one small class.

Rules that are held here (docs/decisions/0002-telemetry-store.md says what was measured):

* engine calls run on worker threads, one handle each, so that Ctrl-C works on the main thread;
* every query carries a `log_comment`, by which it can be killed;
* closing kills what runs, joins the workers and closes the handles, in that order;
* one process owns an embedded store, and a forked child of it never touches the engine.
"""

import itertools
import os
import re
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from time import perf_counter
from typing import Any, Self, TypeVar

import pyarrow as pa

from lastgood.errors import CannotRunError, StoreBrokenError, UsageError
from lastgood.telemetry import embedded, remote
from lastgood.telemetry.address import EmbeddedAddress, RemoteAddress, parsed
from lastgood.telemetry.embedded import DATABASE, Ownership
from lastgood.telemetry.failures import translated
from lastgood.telemetry.unbroken import unbroken

T = TypeVar("T")

WORKERS = 4
KILL_AGAIN_SECONDS = 0.2
UNSAID = "Error initializing EmbeddedServer"  # what the engine says of damage, and of nothing else
_ARROW = {"output_format_arrow_string_as_string": "1", "output_format_arrow_compression_method": "none"}
_PLACE = re.compile(r"\{(\w+):[^}]+\}")  # as the driver finds them, wherever they stand

_serial = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Result:
    """What a query gave: an Arrow table and how long it took. Texts in it are valid UTF-8.

    `DateTime64` comes as a timestamp in UTC; a bare `DateTime` is whole seconds (uint32), because
    that is all the Arrow format says of it: select `toDateTime64(…, 9, 'UTC')`.
    """

    table: pa.Table
    seconds: float

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows as dictionaries; for small results."""
        return self.table.to_pylist()  # type: ignore[no-any-return]


class Engine:
    """A connection to one store. Safe to call from any thread."""

    def __init__(
        self, connect: Callable[[], Any], database: str, where: str, ownership: Ownership | None = None
    ) -> None:
        self._connect = connect
        self._ownership = ownership
        self._local = threading.local()
        self._clients: list[Any] = []
        self._running: set[str] = set()
        self._guard = threading.Lock()
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="lastgood-engine")
        self._process = os.getpid()
        self._closed = False
        self.database = database  # that holds the tables
        self.where = where  # as people may see it: without user and password

    @property
    def embedded(self) -> bool:
        """Whether the engine is in this process, so that our own tables may be made."""
        return self.where.startswith("chdb:")

    @property
    def folder(self) -> Path | None:
        """The folder of an embedded store, None of one in memory or elsewhere."""
        return self._ownership.path if self._ownership else None

    def query(
        self,
        sql: str,
        parameters: Mapping[str, Any] | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> Result:
        """The rows of one SELECT; `{name:Type}` placeholders are bound by the engine, never pasted.

        Raises:
            BudgetError: a time, row, byte or memory limit was reached.
            QueryFailedError: the engine refused the query.
            CannotRunError: the store is closed, cannot be reached, or this is a forked child.
        """
        started = perf_counter()

        def run(client: Any, comment: str) -> pa.Table:
            wanted = _allowed(client, {**(settings or {}), "log_comment": comment})
            bound = _named(sql, parameters)
            if not self.embedded:
                return _over_http(client, sql, bound, wanted)
            # As a clause: the driver's way, statements around every query, took 10 ms more each.
            clause = ", ".join(f"{name} = '{value}'" for name, value in {**_ARROW, **wanted}.items())
            whole = f"{sql}\nFORMAT Arrow SETTINGS {clause}"
            return _arrow(client.raw_query(whole, parameters=bound))

        return Result(valid_text(self._wait(self._submit(run))), perf_counter() - started)

    def query_apart(
        self, sql: str, limits: Mapping[str, str], parameters: Mapping[str, Any] | None = None
    ) -> Result:
        """The rows of one checked SELECT on a handle of its own, which has these limits and cannot write.

        The limits are set before `readonly`, which then holds for the life of the handle: set per
        call, it would stay on a handle that others use, and could be lifted again.
        """
        started = perf_counter()

        def run(_: Any, comment: str) -> pa.Table:
            client = self._connect()
            try:
                bound = _named(sql, parameters)
                if self.embedded:
                    # The database that the engine itself starts in has every file of the machine as a table.
                    client.command(f"USE `{self.database}`")
                    for name, value in {**limits, "log_comment": comment, "readonly": "1"}.items():
                        client.command(f"SET {name} = '{value}'")
                    return _arrow(client.raw_query(sql, parameters=bound, fmt="Arrow"))
                wanted = _allowed(client, {**limits, "log_comment": comment, "readonly": "1"})
                return _over_http(client, sql, bound, wanted)
            finally:
                client.close()

        return Result(valid_text(self._wait(self._submit(run))), perf_counter() - started)

    def command(
        self,
        sql: str,
        settings: Mapping[str, Any] | None = None,
        parameters: Mapping[str, Any] | None = None,
    ) -> None:
        """Run one statement that returns nothing. Raises as `query` does."""

        def run(client: Any, comment: str) -> None:
            wanted = _allowed(client, {**(settings or {}), "log_comment": comment})
            client.command(sql, parameters=_named(sql, parameters), settings=wanted)

        self._wait(self._submit(run))

    def insert(self, table: str, rows: pa.Table, *, token: str) -> "Future[None]":
        """Start to add rows to a table; done when the future is, and then on disk.

        A token that was used before makes the insert a no-op, so a sender may repeat one safely.
        """
        settings = {
            "insert_deduplication_token": token,
            # Old rows among new ones are many partitions; refusing them would lose them.
            "max_partitions_per_insert_block": 0,
        }

        def run(client: Any, comment: str) -> None:
            wanted = _allowed(client, {**settings, "log_comment": comment})
            client.insert_arrow(table, rows, database=self.database, settings=wanted)

        return self._submit(run)

    def insert_raw(
        self, table: str, content: bytes, kind: str, settings: Mapping[str, Any], *, token: str
    ) -> "Future[None]":
        """Start to add content that the engine itself parses; as `insert` otherwise."""
        given = {**settings, "insert_deduplication_token": token, "max_partitions_per_insert_block": 0}

        def run(client: Any, comment: str) -> None:
            wanted = _allowed(client, {**given, "log_comment": comment})
            client.raw_insert(f"{self.database}.{table}", insert_block=content, settings=wanted, fmt=kind)

        return self._submit(run)

    def beside(self) -> "Engine":
        """Another engine over the same store, with workers and queries of its own, so that they are cancelled apart.

        Close it before this one.
        """
        return Engine(self._connect, self.database, self.where)

    def announce(self, where: str) -> None:
        """Say in the lock file of an embedded store where its owner can be asked."""
        if self._ownership is not None:
            self._ownership.announce(where)

    def cancel(self) -> None:
        """Kill every query of this engine that runs; their callers get an error."""
        with self._guard:
            running = tuple(self._running)
        if running and os.getpid() == self._process:
            killer = threading.Thread(target=self._kill, args=(running,), name="lastgood-kill")
            killer.start()
            killer.join()

    def close(self) -> None:
        """Kill, join, close: leaving with a query in flight would crash the process."""
        if self._closed or os.getpid() != self._process:
            return
        with unbroken():
            self._closed = True
            ending = threading.Thread(target=self._pool.shutdown, kwargs={"cancel_futures": True})
            ending.start()
            while ending.is_alive():  # a query may begin after others were killed
                self.cancel()
                ending.join(KILL_AGAIN_SECONDS)
            for client in self._clients:
                client.close()
            if self._ownership is not None:
                self._ownership.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _kill(self, comments: tuple[str, ...]) -> None:
        # A query that ended meanwhile, or a user who may not kill: nothing that the caller can mend.
        with suppress(Exception):
            client = self._connect()
            try:
                for comment in comments:
                    client.command(f"KILL QUERY WHERE Settings['log_comment'] = '{comment}' SYNC")
            finally:
                client.close()

    def _submit(self, run: Callable[[Any, str], T]) -> "Future[T]":
        if os.getpid() != self._process:
            raise CannotRunError(
                "A forked process cannot use the store of its parent.",
                hint="Start helpers by spawn, not fork.",
            )
        comment = f"lastgood-{self._process}-{next(_serial)}"
        with self._guard:
            if self._closed:
                raise CannotRunError("The store is closed.")
            return self._pool.submit(self._on_worker, run, comment)

    def _on_worker(self, run: Callable[[Any, str], T], comment: str) -> T:
        with self._guard:  # here, where no signal can come between the start of a query and its name
            self._running.add(comment)
        try:
            return run(self._client(), comment)
        except Exception as problem:
            self._drop_client()
            raise translated(problem, self.where) from problem
        finally:
            with self._guard:
                self._running.discard(comment)

    def _client(self) -> Any:
        client = getattr(self._local, "client", None)
        if client is None:
            client = self._local.client = self._connect()
            with self._guard:
                self._clients.append(client)
        return client

    def _drop_client(self) -> None:
        # What a failed query had written already comes in front of the next answer on its handle
        # (measured), so a handle that saw a failure is not used again.
        client = getattr(self._local, "client", None)
        if client is not None:
            self._local.client = None
            with self._guard:
                self._clients.remove(client)
            client.close()

    def _wait(self, future: "Future[T]") -> T:
        try:
            return future.result()
        except (KeyboardInterrupt, SystemExit):  # Ctrl-C, or a handler of SIGTERM that leaves
            self.cancel()
            raise


def open_engine(address: str) -> Engine:
    """The engine for `chdb:///path`, `chdb://memory`, `clickhouse://host:8123/database` or `clickhouses://…`.

    Raises:
        UsageError: the address is of another kind.
        StoreLockedError: another process owns the embedded store.
        StoreBrokenError: the embedded store does not open.
        CannotRunError: the server cannot be reached, or refuses the user.
    """
    match parsed(address):
        case EmbeddedAddress() as place:
            return _open_embedded(place)
        case RemoteAddress() as place:
            engine = Engine(remote.connector(place), place.database, place.shown)
            return _proved(engine, "SELECT 1")


def _open_embedded(place: EmbeddedAddress) -> Engine:
    ownership = embedded.own(place.path) if place.path else None
    engine = Engine(embedded.connector(place), DATABASE, f"chdb://{place.path or 'memory'}", ownership)
    try:
        return _proved(engine, f"CREATE DATABASE IF NOT EXISTS {DATABASE} ENGINE = Atomic")
    except CannotRunError as problem:
        why = problem.message.rpartition("Failed to create connection: ")[2]
        if place.options and UNSAID not in why:
            raise UsageError(f"The engine refuses an option of the store's address: {why}") from problem
        raise StoreBrokenError(
            f"The store in {place.path or 'memory'} does not open: {why}",
            hint=f"If no other program has it open, run `lastgood store repair {quote(str(place.path))}`; "
            "it keeps every part that can be read.",
        ) from problem


def _proved(engine: Engine, statement: str) -> Engine:
    try:
        engine.command(statement)
    except BaseException:
        engine.close()
        raise
    return engine


def valid_text(table: pa.Table) -> pa.Table:
    """The table with every byte that is no UTF-8 replaced by U+FFFD; others may have filled the store."""
    for position, column in enumerate(table.columns):
        try:
            column.validate(full=True)
        except pa.ArrowInvalid:
            table = table.set_column(position, table.field(position).name, _mended(column))
    return table


def _mended(column: pa.ChunkedArray) -> pa.ChunkedArray:
    whole = column.combine_chunks()
    if pa.types.is_map(column.type):
        mended = pa.MapArray.from_arrays(whole.offsets, _decoded(whole.keys), _decoded(whole.items))
        return pa.chunked_array([mended])
    return pa.chunked_array([_decoded(whole)])


def _decoded(texts: pa.Array) -> pa.Array:
    if not pa.types.is_string(texts.type):
        return texts
    raw = texts.cast(pa.binary()).to_pylist()
    return pa.array([None if text is None else text.decode("utf-8", "replace") for text in raw], pa.string())


def _named(sql: str, parameters: Mapping[str, Any] | None) -> dict[str, Any]:
    """The parameters that a query has places for. Given others alone, the driver pastes by `%` (measured)."""
    places = {*_PLACE.findall(sql)}
    return {name: value for name, value in (parameters or {}).items() if name in places}


def _over_http(client: Any, sql: str, bound: Mapping[str, Any], settings: Mapping[str, Any]) -> pa.Table:
    """The rows, from a server that takes only so much in one field of a request."""
    whole, parts = remote.in_parts(sql, bound)
    return client.query_arrow(whole, parameters=parts, settings=dict(settings))


def _arrow(content: bytes) -> pa.Table:
    return pa.ipc.open_file(content).read_all()


def _allowed(client: Any, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that the store's user may change: a read-only profile of a cluster fixes them."""
    known = client.server_settings
    return {name: value for name, value in settings.items() if name not in known or not known[name].readonly}
