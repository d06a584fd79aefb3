"""SQLite behind the parser: what the file itself refuses. Attacks: outside/test_database."""

import sqlite3
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from lastgood.errors import BudgetError, QueryFailedError, UsageError
from lastgood.outside.database.address import address_of
from lastgood.outside.database.limits import Limits
from lastgood.outside.database.sqlite import ask
from lastgood.outside.database.statement import Statement, admitted


def file_in(folder: Path) -> Path:
    """A file with one table."""
    path = folder / "x.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS a")
    connection.close()
    return path


@pytest.mark.parametrize("sql", ["SELECT load_extension('x')", "SELECT * FROM pragma_database_list"])
def test_the_authorizer_refuses_what_a_parser_might_miss(tmp_path: Path, sql: str) -> None:
    """The statement is made without a check here."""
    tree = sqlglot.parse_one(sql, dialect="sqlite")
    assert isinstance(tree, exp.Query)

    with pytest.raises(QueryFailedError):
        ask(
            address_of(f"sqlite:///{file_in(tmp_path)}", {}), Statement(tree, "sqlite", frozenset()), Limits()
        )


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """SQLite itself would make one."""
    with pytest.raises(UsageError, match="There is no file"):
        ask(address_of(f"sqlite:///{tmp_path}/y.db", {}), admitted("SELECT 1", "sqlite"), Limits())

    assert [] == list(tmp_path.iterdir())


def test_a_locked_file_is_not_waited_for(tmp_path: Path) -> None:
    """Its lock's time-out is short."""
    path = file_in(tmp_path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(BudgetError, match="for a lock"):
        ask(
            address_of(f"sqlite:///{path}", {}),
            admitted("SELECT a FROM t", "sqlite"),
            Limits(lock_seconds=0.1),
        )
    other.close()
