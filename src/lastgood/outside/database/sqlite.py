"""SQLite: one SELECT on a file opened read-only, with an authorizer that lets nothing but reading through."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic
from urllib.parse import quote

from lastgood.errors import CannotRunError, QueryFailedError, UsageError
from lastgood.outside.database.address import Address
from lastgood.outside.database.fetched import Fetched, bounded, lines, too_slow
from lastgood.outside.database.limits import Limits
from lastgood.outside.database.statement import Statement

_READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}
_DANGEROUS = {"load_extension", "fts3_tokenizer", "writefile", "readfile", "edit"}
_STEPS = 1000  # of the virtual machine between two looks at the clock


def ask(address: Address, statement: Statement, limits: Limits) -> Fetched:
    """The rows of a statement.

    Raises:
        UsageError: there is no such file.
        BudgetError: it was stopped.
        QueryFailedError: SQLite refused it.
    """
    path = Path(address.database).absolute()
    if not path.is_file():
        raise UsageError(
            f"There is no file {path}.", hint="Write sqlite:///orders.db, or sqlite:////var/lib/orders.db."
        )
    sql = statement.sql(limits.rows + 1)
    with closing(_opened(path, limits)) as connection, _explained(statement, limits):
        end = monotonic() + limits.seconds
        connection.set_progress_handler(lambda: int(monotonic() > end), _STEPS)
        connection.set_authorizer(_authorized)
        cursor = connection.execute(sql)
        columns = tuple(column[0] for column in cursor.description or ())
        rows, cut = bounded(cursor, limits)
    return Fetched(columns, rows, cut, "file", None, sql)


def _opened(path: Path, limits: Limits) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(
            f"file:{quote(str(path))}?mode=ro", uri=True, timeout=limits.lock_seconds
        )
    except sqlite3.Error as problem:
        raise CannotRunError(f"{path} cannot be opened: {problem}.") from problem
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, limits.answer_bytes)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _authorized(
    action: int, _one: str | None, two: str | None, _database: str | None, _view: str | None
) -> int:
    harmless = action in _READING or (action == sqlite3.SQLITE_FUNCTION and two not in _DANGEROUS)
    return sqlite3.SQLITE_OK if harmless else sqlite3.SQLITE_DENY


@contextmanager
def _explained(statement: Statement, limits: Limits) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as problem:
        name = getattr(problem, "sqlite_errorname", "")
        if name.startswith("SQLITE_INTERRUPT"):
            raise too_slow(limits) from problem
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise too_slow(limits, waiting=True) from problem
        said = name if statement.secret else next(lines(problem), name)
        raise QueryFailedError(f"SQLite refused the statement: {said}") from problem
