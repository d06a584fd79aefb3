"""The record's database: SQLite in a file, or PostgreSQL by URL, with its tables brought up to date.

Through the drivers themselves: every command opens the record, and a library between would be most of its start.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from lastgood.algorithms.clear_passwords import WAY_OUT, refusing, unverified, was_refused
from lastgood.errors import RecordFailedError, UsageError

VERSION = "0005"  # of the tables; the last of the migrations
APPEND_ONLY = ("lastgood_entries", "lastgood_contents")
_VERSION_TABLE = "lastgood_version"
_PATIENCE = 60  # seconds to wait for other writers
_REACH = 10  # seconds to wait for a server
_FORMS = "Write sqlite:///path/record.db or postgresql://host/database."


@dataclass(frozen=True, slots=True)
class _Dialect:
    """What differs between the two databases; both drivers follow the Python Database API (PEP 249)."""

    name: str  # as the migrations know it
    where: str  # for people: no password, nor options that may hold one
    connect: Callable[[], Any]
    error: type[Exception]
    mark: str  # for a value, in a statement
    begin_writing: str
    hold: str  # keeps everybody else off an incident until the transaction ends
    alone: str  # the same for all alerts
    now: str  # seconds since 1970, by the clock of the database
    has_table: str
    triggers: str  # the names of all


class Transaction:
    """What can be asked and written between the beginning and the end of one; `%s` stands for a value."""

    def __init__(self, dialect: _Dialect, connection: Any) -> None:
        self._dialect = dialect
        self._connection = connection

    def run(self, sql: str, *values: object) -> Any:
        """Do it; what is given back is the driver's cursor."""
        return self._connection.execute(sql.replace("%s", self._dialect.mark), values)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        found: list[tuple[Any, ...]] = self.run(sql, *values).fetchall()
        return found

    def row(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        """The first row of a query."""
        found: tuple[Any, ...] | None = self.run(sql, *values).fetchone()
        return found

    def value(self, sql: str, *values: object) -> Any:
        """The only value of the first row; None where there is no row."""
        row = self.row(sql, *values)
        return row[0] if row else None

    def unguarded(self) -> tuple[str, ...]:
        """The tables whose triggers, which refuse to change or delete, are not all there."""
        there = {name.lower() for (name,) in self.rows(self._dialect.triggers)}
        ways = ("no_update", "no_delete") if self._dialect.name == "sqlite" else ("append_only",)
        return tuple(table for table in APPEND_ONLY if not {f"{table}_{way}" for way in ways} <= there)

    def lock(self, incident: int) -> None:
        """Hold everybody else off an incident until the transaction ends; 0 is the numbering of incidents."""
        self.run(self._dialect.hold, incident)

    @property
    def now(self) -> str:
        """An expression: the seconds since 1970, by the one clock that all servers share."""
        return self._dialect.now

    def version(self) -> str | None:
        """That of the tables; None where there are none yet."""
        if not self.value(self._dialect.has_table, _VERSION_TABLE):
            return None
        found: str = self.value(f"SELECT version_num FROM {_VERSION_TABLE}")
        return found


class Database:
    """Where a record is kept. Any number of threads may read and write: each transaction has its own connection."""

    def __init__(self, dialect: _Dialect) -> None:
        self._dialect = dialect
        self._idle: list[Any] = []
        self._alone = Lock()
        self.where = dialect.where

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A transaction that only reads.

        Raises:
            RecordFailedError: the database refused or could not be reached.
        """
        with self._transaction("BEGIN") as transaction:
            yield transaction

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """A transaction that may write: durable when the block ends, undone when it fails.

        Raises:
            RecordFailedError: the database refused or could not be reached; nothing was half written.
        """
        with self._transaction(self._dialect.begin_writing) as transaction:
            yield transaction

    @contextmanager
    def alone(self) -> Iterator[None]:
        """A block that runs in one place at a time, over all servers that share the database; it has transactions of its own.

        Raises:
            RecordFailedError: the database could not be reached.
        """
        with self._alone, self._transaction("BEGIN") as transaction:
            transaction.run(self._dialect.alone)
            yield

    def close(self) -> None:
        """Let go of the database."""
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Transaction]:
        with _failures(self._dialect):
            connection = self._idle.pop() if self._idle else self._dialect.connect()
            try:
                connection.execute(begin)
                yield Transaction(self._dialect, connection)
                connection.commit()
            except BaseException:
                connection.close()  # which undoes what was not committed
                raise
            self._idle.append(connection)


def open_database(url: str) -> Database:
    """The database at a record's URL, its tables made or migrated.

    Raises:
        UsageError: the URL is not one of a record.
        RecordFailedError: the database cannot be reached or written.
    """
    dialect = _dialect(url)
    database = Database(dialect)
    with database.reading() as transaction:
        current = transaction.version()
    if current != VERSION:
        with _failures(dialect):
            _upgrade(dialect)
    return database


def _dialect(url: str) -> _Dialect:
    scheme, _, rest = url.partition("://")
    if scheme in {"postgresql", "postgres"}:
        return _postgresql(url)
    path = rest.removeprefix("/")
    if scheme != "sqlite" or path in {rest, "", ":memory:"}:
        raise UsageError(f"{url.partition(':')[0]!r} is not the address of a kept record.", hint=_FORMS)
    return _sqlite(path)


def _sqlite(path: str) -> _Dialect:
    def connect() -> sqlite3.Connection:
        Path(path).absolute().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Transactions are begun by us, and a connection is never in two of them.
        connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            for pragma in ("journal_mode=WAL", "synchronous=FULL"):
                connection.execute(f"PRAGMA {pragma}").close()
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    return _Dialect(
        name="sqlite",
        where=f"sqlite:///{path}",
        connect=connect,
        error=sqlite3.Error,
        mark="?",
        # One that turns from reading to writing can fail half-way; one that begins by writing waits.
        begin_writing="BEGIN IMMEDIATE",
        hold="SELECT ?",  # there is one writer at a time by itself
        alone="SELECT 1",  # there is one server
        now="CAST((julianday('now') - 2440587.5) * 86400 AS INTEGER)",
        has_table="SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = %s",
        triggers="SELECT name FROM sqlite_master WHERE type = 'trigger'",
    )


def is_unverified(url: str) -> bool:
    """Whether the record is on a server that is reached by TLS without a check who it is."""
    if not url.startswith(("postgresql://", "postgres://")):
        return False
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415 - a file does without

    return unverified(conninfo_to_dict(url), os.environ)


def _postgresql(url: str) -> _Dialect:
    import psycopg  # noqa: PLC0415 - a file does without
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

    def connect() -> Any:
        guard: dict[str, Any] = refusing(conninfo_to_dict(url), os.environ)
        connection = psycopg.connect(url, connect_timeout=_REACH, autocommit=True, **guard)
        # A server may be set to acknowledge before it has written; the record never is.
        connection.execute(
            "SELECT set_config('synchronous_commit', 'on', false) "
            "WHERE current_setting('synchronous_commit') = 'off'"
        )
        return connection

    address = urlsplit(url)
    user = f"{address.username}@" if address.username else ""
    return _Dialect(
        name="postgresql+psycopg",
        where=f"postgresql://{user}{address.netloc.rpartition('@')[2]}{address.path}",
        connect=connect,
        error=psycopg.Error,
        mark="%s",
        begin_writing="BEGIN",
        hold="SELECT pg_advisory_xact_lock(hashtext('lastgood_entries'), %s)",
        alone="SELECT pg_advisory_xact_lock(hashtext('lastgood_alerts'), 0)",
        now="extract(epoch FROM clock_timestamp())::bigint",
        has_table="SELECT count(to_regclass(%s))",
        triggers="SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'",
    )


@contextmanager
def _failures(dialect: _Dialect) -> Iterator[None]:
    """What a driver reports, as an error of ours that says where."""
    try:
        yield
    except (dialect.error, OSError) as problem:
        if was_refused(str(problem)):
            raise RecordFailedError(
                f"The record at {dialect.where} asks for the password in clear text, without TLS. It was not sent.",
                hint=WAY_OUT,
            ) from problem
        raise RecordFailedError(
            f"The record at {dialect.where} cannot be used: {str(problem).strip()}.",
            hint="Nothing was half written. Free space, start the database, or name another with LASTGOOD_RECORD.",
        ) from problem


def _upgrade(dialect: _Dialect) -> None:
    """Run the migrations that are missing, in one transaction, on a connection of their own."""
    from alembic import command  # noqa: PLC0415 - seldom needed, and slow to import
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util.exc import CommandError  # noqa: PLC0415
    from sqlalchemy import StaticPool, create_engine  # noqa: PLC0415
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    raw = dialect.connect()
    engine = create_engine(f"{dialect.name}://", creator=lambda: raw, poolclass=StaticPool)
    try:
        with engine.connect() as connection:  # which asks the server what it is, and forgets the transaction
            raw.execute(dialect.begin_writing)
            Transaction(dialect, raw).lock(0)
            connection.begin()  # or each migration is committed by itself, and others may come in between
            config = Config(attributes={"connection": connection, "version_table": _VERSION_TABLE})
            config.set_main_option(
                "script_location", str(Path(__file__).parent / "migrations").replace("%", "%%")
            )
            config.set_main_option("path_separator", "os")
            command.upgrade(config, VERSION)
            raw.commit()
    except CommandError as problem:
        raise RecordFailedError(
            "A newer version of Lastgood has changed the tables of this record.", hint="Update Lastgood."
        ) from problem
    except DBAPIError as problem:
        raise (problem.orig or problem) from problem  # as the driver said it
    finally:
        raw.close()
