"""PostgreSQL: one SELECT in a read-only transaction, after its plan was looked at.

Every output column is asked for as text of bounded length, so one huge value cannot fill our memory.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg import errors
from psycopg.rows import tuple_row

from lastgood.algorithms.clear_passwords import WAY_OUT, refusing, was_refused
from lastgood.errors import CannotRunError, QueryFailedError, UsageError
from lastgood.outside.database.address import Address
from lastgood.outside.database.fetched import Fetched, bounded, lines, too_costly, too_slow
from lastgood.outside.database.limits import COST, Limits
from lastgood.outside.database.statement import Statement

# Values whose text is a JSON value too, by the object identifier of their type: bool, int8, int2, int4, float4, float8.
_FROM_TEXT: Final[Mapping[int, Callable[[str], Any]]] = {
    16: lambda text: text == "true", 20: int, 21: int, 23: int, 700: float, 701: float,
}  # fmt: skip


def ask(address: Address, statement: Statement, limits: Limits) -> Fetched:
    """The rows of a statement.

    Raises:
        CannotRunError: the server cannot be reached, or does not let us in.
        BudgetError: it would cost too much, or was stopped.
        QueryFailedError: the server refused it.
    """
    sql = statement.sql(limits.rows + 1)
    with _connection(address, limits) as connection, _explained(statement, limits):
        _begin(connection, limits)
        replica = connection.execute("SELECT pg_is_in_recovery()").fetchone()
        described = connection.execute(f"SELECT * FROM ({sql}) AS q LIMIT 0").description or []
        wrapped = _as_text(sql, len(described), limits.cell_characters + 1)
        estimate = _estimate(connection, wrapped)
        if estimate > (most := limits.cost or COST):
            raise too_costly(estimate, most, "units of cost")
        read = [_FROM_TEXT.get(column.type_code, str) for column in described]
        cursor = connection.cursor(row_factory=tuple_row)
        values = (
            [None if cell is None else how(cell) for cell, how in zip(row, read, strict=True)]
            for row in cursor.stream(wrapped.encode())
        )
        rows, cut = bounded(values, limits)
    role = "replica" if replica and replica[0] else "primary"
    return Fetched(tuple(column.name for column in described), rows, cut, role, estimate, sql)


def _as_text(sql: str, columns: int, most: int) -> str:
    if not columns:
        raise UsageError("The statement was not run: it has no columns.")
    names = [f"c{place}" for place in range(columns)]
    values = ", ".join(f"pg_catalog.left({name}::text, {most})" for name in names)
    return f"SELECT {values} FROM ({sql}) AS q({', '.join(names)})"


@contextmanager
def _connection(address: Address, limits: Limits) -> Iterator[psycopg.Connection[Any]]:
    """A connection that notices a dead network, and is closed at the end whatever is left to read."""
    wait = max(2, round(limits.seconds))
    given = {name: value for name, value in _parameters(address).items() if value not in {"", None}}
    parameters: dict[str, Any] = given | refusing(given, os.environ)
    try:
        connection = psycopg.connect(
            "", autocommit=True, application_name="lastgood", connect_timeout=wait, keepalives_idle=wait,
            keepalives_interval=2, keepalives_count=3, tcp_user_timeout=(wait + 5) * 1000,
            **parameters,
        )  # fmt: skip
    except psycopg.Error as problem:
        if was_refused(str(problem)):
            raise CannotRunError(
                f"{address} asks for the password in clear text, without TLS. It was not sent.", hint=WAY_OUT
            ) from problem
        raise CannotRunError(
            f"{address} cannot be reached: {next(lines(problem), 'no answer')}",
            hint="Check host, user and password (PGPASSWORD, ~/.pgpass or --password-file).",
        ) from problem
    try:
        yield connection
    finally:
        connection.close()


def _parameters(address: Address) -> dict[str, Any]:
    return {
        "host": address.host, "port": address.port, "user": address.user, "dbname": address.database,
        "password": address.password, **address.settings,
    }  # fmt: skip


def _begin(connection: psycopg.Connection[Any], limits: Limits) -> None:
    wait = round(limits.seconds * 1000)
    for order in (
        "BEGIN TRANSACTION READ ONLY",
        f"SET LOCAL statement_timeout = {wait}",
        f"SET LOCAL lock_timeout = {round(limits.lock_seconds * 1000)}",
        f"SET LOCAL idle_in_transaction_session_timeout = {wait + 5000}",
        "SET LOCAL max_parallel_workers_per_gather = 0",  # the shop needs its cores
        "SET LOCAL standard_conforming_strings = on",  # as the parser reads them
        "SET LOCAL datestyle = 'ISO'",
        "SET LOCAL client_min_messages = 'error'",
    ):
        connection.execute(order.encode())


def _estimate(connection: psycopg.Connection[Any], sql: str) -> float:
    row = connection.execute(f"EXPLAIN (FORMAT JSON) {sql}".encode()).fetchone()
    return float(row[0][0]["Plan"]["Total Cost"]) if row else 0.0


@contextmanager
def _explained(statement: Statement, limits: Limits) -> Iterator[None]:
    """Turn what the server says into our errors. A value could be in its message: with secrets, only its kind is shown."""
    try:
        yield
    except errors.LockNotAvailable as problem:
        raise too_slow(limits, waiting=True) from problem
    except errors.QueryCanceled as problem:
        raise too_slow(limits) from problem
    except psycopg.Error as problem:
        said = type(problem).__name__ if statement.secret else next(lines(problem), type(problem).__name__)
        raise QueryFailedError(f"PostgreSQL refused the statement: {said}") from problem
