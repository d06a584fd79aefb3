"""The record's database: SQLite in a file, or PostgreSQL by URL, with its tables brought up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from lastgood.errors import RecordFailedError, UsageError

VERSION = "0001"  # of the tables; the last of the migrations
_VERSION_TABLE = "lastgood_version"
_PATIENCE = 60  # seconds to wait for other writers
_FORMS = "Write sqlite:///path/record.db or postgresql://host/database."


def open_database(url: str) -> Engine:
    """An engine for a record's URL, its tables made or migrated.

    Raises:
        UsageError: the URL is not one of a record.
        RecordFailedError: the database cannot be reached or written.
    """
    address = _address(url)
    with failures(shown(address)):
        engine = _sqlite(address) if address.get_backend_name() == "sqlite" else _postgresql(address)
        _migrate(engine)
    return engine


def shown(address: URL) -> str:
    """A record's URL for people: no password, nor options that may hold one."""
    return address.set(query={}).render_as_string()


@contextmanager
def failures(where: str) -> Iterator[None]:
    """What a driver reports, as an error of ours that says where.

    Raises:
        RecordFailedError: the database refused or could not be reached; nothing was half written.
    """
    try:
        yield
    except (DBAPIError, OSError) as problem:
        reason = problem.orig if isinstance(problem, DBAPIError) else problem
        raise RecordFailedError(
            f"The record at {where} cannot be used: {str(reason).strip()}.",
            hint="Nothing was half written. Free space, start the database, or name another with LASTGOOD_RECORD.",
        ) from problem


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that may write: durable when the block ends, undone when it fails."""
    with engine.connect().execution_options(lastgood_writes=True) as connection, connection.begin():
        yield connection


def locked(connection: Connection, incident: int) -> None:
    """Hold everybody else off an incident until the transaction ends; 0 is the numbering of incidents.

    SQLite has one writer at a time by itself.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtext('lastgood_entries'), :n)"), {"n": incident}
        )


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError as problem:
        raise UsageError("The address of the record cannot be read.", hint=_FORMS) from problem
    if address.drivername in {"postgresql", "postgres"}:
        return address.set(drivername="postgresql+psycopg")
    if address.drivername != "sqlite" or not address.database or address.database == ":memory:":
        raise UsageError(f"{address.drivername!r} is not the address of a kept record.", hint=_FORMS)
    return address


def _sqlite(address: URL) -> Engine:
    Path(address.database or "").absolute().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = create_engine(address, connect_args={"timeout": _PATIENCE})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # transactions are begun by us, below
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that turns from reading to writing can fail half-way; one that begins by writing waits.
        writes = connection.get_execution_options().get("lastgood_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(address: URL) -> Engine:
    engine = create_engine(address, connect_args={"connect_timeout": 10}, pool_pre_ping=True)

    @event.listens_for(engine, "connect")
    def _durable(connection: Any, _: object) -> None:
        # A server may be set to acknowledge before it has written; the record never is.
        connection.execute(
            "SELECT set_config('synchronous_commit', 'on', false) "
            "WHERE current_setting('synchronous_commit') = 'off'"
        )
        connection.commit()

    return engine


def _migrate(engine: Engine) -> None:
    with engine.connect() as connection:
        if _version(connection) == VERSION:
            return
    with writing(engine) as connection:
        locked(connection, 0)
        _upgrade(connection)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {_VERSION_TABLE}")).scalar()


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - seldom needed, and slow to import
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util.exc import CommandError  # noqa: PLC0415

    config = Config(attributes={"connection": connection, "version_table": _VERSION_TABLE})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    try:
        command.upgrade(config, VERSION)
    except CommandError as problem:
        raise RecordFailedError(
            "A newer version of Lastgood has changed the tables of this record.", hint="Update Lastgood."
        ) from problem
