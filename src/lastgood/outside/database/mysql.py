"""MySQL and MariaDB: one SELECT in a read-only transaction, after its plan was looked at."""

import struct
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil, prod
from typing import Any

import pymysql
from pymysql.cursors import Cursor, SSCursor

from lastgood.algorithms.secrets import without_secrets
from lastgood.errors import CannotRunError, QueryFailedError, UsageError
from lastgood.outside.database.address import Address
from lastgood.outside.database.fetched import Fetched, bounded, lines, too_costly, too_slow
from lastgood.outside.database.limits import EXAMINED, Limits
from lastgood.outside.database.statement import Statement

_STOPPED = {1969, 3024, 1317, 2013}  # time-out of MariaDB, of MySQL, interrupted, no answer in time
_LOCKED = {1205}
# What the driver raises where a server does not speak its protocol.
_NONSENSE = (ValueError, LookupError, AssertionError, TypeError, struct.error)


def ask(address: Address, statement: Statement, limits: Limits) -> Fetched:
    """The rows of a statement.

    Raises:
        UsageError: the database holds the server's own accounts.
        CannotRunError: the server cannot be reached, or does not let us in.
        BudgetError: it would cost too much, or was stopped.
        QueryFailedError: the server refused it.
    """
    if address.database.lower() == "mysql":
        raise UsageError(
            "The database mysql holds the server's accounts.", hint="Name the database of the service."
        )
    sql = statement.sql(limits.rows + 1)
    with _connection(address, limits) as connection, _explained(statement, limits):
        role = _begin(connection, limits)
        estimate = _estimate(connection, sql)
        if estimate > (most := limits.cost or EXAMINED):
            raise too_costly(estimate, most, "rows to be read")
        cursor = connection.cursor(SSCursor)  # row by row, not all at once
        cursor.execute(sql)
        columns = tuple(str(column[0]) for column in cursor.description or ())
        rows, cut = bounded(iter(cursor.fetchone, None), limits)
    return Fetched(columns, rows, cut, role, estimate, sql)


@contextmanager
def _connection(address: Address, limits: Limits) -> "Iterator[pymysql.Connection[Cursor]]":
    """A connection without statements in packs and without files of ours; closed hard at the end."""
    wait = ceil(limits.seconds) + 2
    try:
        connection = pymysql.connect(
            host=address.host or "localhost", port=address.port or 3306, user=address.user or None,
            password=address.password or "", database=address.database, charset="utf8mb4",
            unix_socket=address.settings.get("unix_socket"), ssl_ca=address.settings.get("ssl_ca"),
            ssl_verify_cert=True if "ssl_ca" in address.settings else None,
            ssl_verify_identity=True if "ssl_ca" in address.settings else None,
            connect_timeout=wait, read_timeout=wait, write_timeout=wait, local_infile=False, autocommit=True,
            program_name="lastgood",
        )  # fmt: skip
    except (pymysql.Error, OSError, RuntimeError, *_NONSENSE) as problem:
        raise CannotRunError(
            f"{address} cannot be reached: {_said(problem)}",
            hint="Check host, user and password (MYSQL_PWD or --password-file).",
        ) from problem
    try:
        yield connection
    finally:
        _drop(connection)


def _drop(connection: Any) -> None:
    """Close without reading what is left of an answer, which may be without end; the driver's own close would."""
    if connection._result is not None:  # noqa: SLF001
        connection._result.unbuffered_active = False  # noqa: SLF001
    connection._force_close()  # noqa: SLF001


def _begin(connection: "pymysql.Connection[Cursor]", limits: Limits) -> str:
    """Start the transaction with its limits; the role of the server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT VERSION(), @@GLOBAL.read_only")
        version, read_only = cursor.fetchone() or ("", 0)
        stop = (
            f"max_statement_time = {limits.seconds}"
            if "mariadb" in str(version).lower()
            else f"max_execution_time = {round(limits.seconds * 1000)}"
        )
        for order in (
            f"SET SESSION {stop}",
            f"SET SESSION lock_wait_timeout = {ceil(limits.lock_seconds)}",
            f"SET SESSION innodb_lock_wait_timeout = {ceil(limits.lock_seconds)}",
            "SET SESSION sql_mode = 'NO_ENGINE_SUBSTITUTION'",  # quotes and backslashes as the parser reads them
            "START TRANSACTION READ ONLY",
        ):
            cursor.execute(order)
    return "replica" if read_only else "primary"


def _estimate(connection: "pymysql.Connection[Cursor]", sql: str) -> float:
    """Rows that the plan expects to read: joined tables multiply, separate parts add up."""
    with connection.cursor(pymysql.cursors.DictCursor) as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        parts: dict[Any, list[float]] = defaultdict(list)
        for row in cursor.fetchall():
            parts[row["id"]].append(float(row["rows"] or 1))
    return sum(prod(rows) for rows in parts.values())


@contextmanager
def _explained(statement: Statement, limits: Limits) -> Iterator[None]:
    """Turn what the server says into our errors. A value could be in its message: with secrets, only its number is shown."""
    try:
        yield
    except pymysql.Error as problem:
        number = problem.args[0] if problem.args else 0
        if number in _STOPPED | _LOCKED:
            raise too_slow(limits, waiting=number in _LOCKED) from problem
        said = f"error {number}" if statement.secret else _said(problem)
        raise QueryFailedError(f"The server refused the statement: {said}") from problem
    except _NONSENSE as problem:
        raise CannotRunError("The server's answer cannot be read: it does not use the protocol.") from problem


def _said(problem: BaseException) -> str:
    if isinstance(problem, _NONSENSE):
        return "it does not use the protocol"
    text = problem.args[1] if len(problem.args) > 1 else next(lines(problem), type(problem).__name__)
    return without_secrets(str(text))
