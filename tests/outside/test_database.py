"""Attacks on real servers: none writes, none runs beyond its limits. And what an honest question gets."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import psycopg
import pytest

from attacks import MARIADB, POSTGRESQL, SQLITE
from lastgood.errors import BudgetError, LastgoodError, QueryFailedError, UsageError
from lastgood.outside.database import ask
from lastgood.outside.database.address import Address, address_of
from lastgood.outside.database.limits import Limits
from mariadb import connected, mariadb
from postgres import cluster, new_database

LIMITS = Limits(seconds=1.0, lock_seconds=0.3, rows=50)
LONGEST = 4.0  # seconds for one attack: its limit, and a busy machine
TABLES = (
    "CREATE TABLE orders (id int PRIMARY KEY, amount int, note text)",
    "CREATE TABLE accounts (id int PRIMARY KEY, email varchar(80), password varchar(80), card varchar(80))",
    "INSERT INTO accounts VALUES (1, 'kim@example.org', 'hunter2', '4111 1111 1111 1111'), (2, 'lee@example.org', 'x', NULL)",
)
ORDERS = [(n, n % 7, f"note {n}") for n in range(300)]


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    """The URL of a database with orders and accounts."""
    with cluster() as folder:
        url = new_database(folder)
        with psycopg.connect(url, autocommit=True) as connection:
            for order in (*TABLES, "CREATE SEQUENCE orders_seq"):
                connection.execute(order.encode())
            connection.cursor().executemany("INSERT INTO orders VALUES (%s, %s, %s)", ORDERS)
        yield url


@pytest.fixture(scope="module")
def maria() -> Iterator[Path]:
    """The socket of a server with orders and accounts."""
    with mariadb() as socket:
        with connected(socket, "shop") as connection, connection.cursor() as cursor:
            owner = ("CREATE USER oncall@localhost", "GRANT ALL ON *.* TO oncall@localhost")  # the worst case
            for order in (*TABLES, "CREATE SEQUENCE orders_seq", *owner):
                cursor.execute(order)
            cursor.executemany("INSERT INTO orders VALUES (%s, %s, %s)", ORDERS)
        yield socket


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A SQLite file with orders and accounts."""
    path = tmp_path / "shop.db"
    connection = sqlite3.connect(path)
    for order in TABLES:
        connection.execute(order)
    connection.executemany("INSERT INTO orders VALUES (?, ?, ?)", ORDERS)
    connection.commit()
    connection.close()
    return path


def pg(url: str) -> Address:
    """The address of a PostgreSQL database."""
    return address_of("env:SHOP", {"SHOP": url})


def my(socket: Path) -> Address:
    """The address of a MariaDB database."""
    return address_of(f"mysql://oncall@/shop?unix_socket={socket}", {})


def answered(address: Address, attack: str) -> bool:
    """Whether an attack got rows; it must end within its limits."""
    started = perf_counter()
    try:
        rows = ask(address, attack, LIMITS).rows
    except LastgoodError:
        rows = ()
    assert perf_counter() - started < LONGEST, attack
    assert len(rows) <= LIMITS.rows
    return bool(rows)


# Attacks that only look like one: as they are sent, they read nothing but text or numbers.
HARMLESS = {
    r"SELECT E'\'; DELETE FROM orders; --'",
    r"SELECT 'x\'; DELETE FROM orders; -- '",
    "SELECT 1 -- x",
    "SELECT 1 # /*! */",
}


def test_there_are_enough_attacks() -> None:
    """More than a hundred on each server, all different."""
    assert all(len(set(attacks)) > 100 for attacks in (POSTGRESQL, MARIADB))
    assert len({*POSTGRESQL, *MARIADB, *SQLITE}) > 250


@pytest.mark.slow
def test_no_attack_on_postgresql_writes_or_lasts(postgresql: str) -> None:
    """After all of them tables, rows, sequence, locks and settings are as they were."""
    got = {attack for attack in POSTGRESQL if answered(pg(postgresql), attack)}

    with psycopg.connect(postgresql) as connection:
        rows = connection.execute("SELECT * FROM orders ORDER BY id").fetchall()
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        called = connection.execute("SELECT is_called FROM orders_seq").fetchone()
        locks = connection.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").fetchone()
    assert set() == got - HARMLESS
    assert ORDERS == rows
    assert ((2,), (False,), (0,)) == (tables, called, locks)


@pytest.mark.slow
def test_no_attack_on_mariadb_writes_or_lasts(maria: Path) -> None:
    """After all of them tables and rows are as they were, and no user lock is held."""
    got = {attack for attack in MARIADB if answered(my(maria), attack)}

    with connected(maria, "shop") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM orders ORDER BY id")
        rows = list(cursor.fetchall())
        cursor.execute("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'shop'")
        tables = cursor.fetchone()
        cursor.execute("SELECT IS_FREE_LOCK('x')")
        free = cursor.fetchone()
    assert set() == got - HARMLESS
    assert ORDERS == rows
    assert ((3,), (1,)) == (tables, free)  # the sequence counts as a table


@pytest.mark.slow
def test_no_attack_on_sqlite_writes_or_lasts(file: Path) -> None:
    """The bytes of the file are as they were, and nothing stands beside it."""
    before = file.read_bytes()
    got = {attack for attack in SQLITE if answered(address_of(f"sqlite:///{file}", {}), attack)}

    assert set() == got
    assert before == file.read_bytes()
    assert [file] == list(file.parent.iterdir())


HONEST = (
    "SELECT amount, count(*) AS n FROM orders WHERE note LIKE 'note%' GROUP BY amount HAVING count(*) > 1 "
    "ORDER BY n DESC, amount LIMIT 2"
)


@pytest.mark.slow
def test_an_honest_question_is_answered_by_each(postgresql: str, maria: Path, file: Path) -> None:
    """The same rows in the same order, numbers as numbers, with the plan's estimate of a server."""
    answers = [
        ask(address, HONEST, LIMITS)
        for address in (pg(postgresql), my(maria), address_of(f"sqlite:///{file}", {}))
    ]

    assert [((0, 43), (1, 43))] * 3 == [answer.rows for answer in answers]
    assert [("amount", "n")] * 3 == [answer.columns for answer in answers]
    assert ["primary", "primary", "file"] == [answer.role for answer in answers]
    assert [True, True, False] == [bool(answer.estimate) for answer in answers]


@pytest.mark.slow
def test_secrets_do_not_come_through(postgresql: str, maria: Path, file: Path) -> None:
    """Neither by another name, nor in a subquery, a UNION or a calculation; mail addresses and card numbers go by form."""
    for address in (pg(postgresql), my(maria), address_of(f"sqlite:///{file}", {})):
        for hidden in (
            "SELECT * FROM accounts",
            "SELECT password AS p FROM accounts",
            "SELECT p FROM (SELECT password AS p FROM accounts) AS t",
            "WITH t AS (SELECT lower(password) AS p FROM accounts) SELECT upper(t.p) AS q FROM t",
            "SELECT note AS x FROM orders WHERE id = 1 UNION SELECT password FROM accounts",
            "SELECT (SELECT password FROM accounts WHERE id = 1) AS x",
            "SELECT max(password) AS x, email, card FROM accounts GROUP BY email, card",
        ):
            answer = ask(address, hidden, LIMITS)
            text = repr(answer.rows)
            assert answer.rows, hidden
            assert answer.redacted, hidden
            assert not any(word in text.lower() for word in ("hunter2", "kim@", "4111"))


@pytest.mark.slow
def test_rows_are_cut_off_and_said_to_be(postgresql: str, maria: Path) -> None:
    """One row more than the limit is asked for, so that it is known."""
    for address in (pg(postgresql), my(maria)):
        assert "only the first 50 rows" == ask(address, "SELECT * FROM orders", LIMITS).cut_off
        assert "" == ask(address, "SELECT * FROM orders LIMIT 50", LIMITS).cut_off
        short = Limits(rows=50, cell_characters=3)
        cut = ask(address, "SELECT note FROM orders LIMIT 1", short)
        assert ((("not…",),), True) == (cut.rows, bool(cut.cut_off))


@pytest.mark.slow
def test_a_costly_plan_is_refused_before_it_runs(postgresql: str, maria: Path) -> None:
    """The hint says how to narrow it."""
    for address in (pg(postgresql), my(maria)):
        with pytest.raises(BudgetError, match="its plan expects") as refused:
            ask(address, "SELECT count(*) FROM orders a, orders b, orders c", Limits(cost=1000))
        assert "--max-cost" in refused.value.hint


@pytest.mark.slow
def test_a_slow_query_is_stopped_where_its_plan_looked_cheap(postgresql: str, maria: Path) -> None:
    """By the server's own time-out."""
    for address in (pg(postgresql), my(maria)):
        with pytest.raises(BudgetError, match=r"stopped after 500.ms"):
            ask(
                address,
                "SELECT count(*) FROM orders a, orders b, orders c, orders d",
                Limits(seconds=0.5, cost=1e18),
            )


@pytest.mark.slow
def test_a_locked_table_is_not_waited_for(postgresql: str) -> None:
    """The lock's time-out is far below the query's."""
    with psycopg.connect(postgresql) as connection:
        connection.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(BudgetError, match=r"waited 300.ms for a lock"):
            ask(pg(postgresql), "SELECT * FROM orders", Limits(lock_seconds=0.3))
        connection.rollback()


@pytest.mark.slow
def test_an_error_of_the_server_does_not_show_a_secret(postgresql: str) -> None:
    """PostgreSQL quotes the value that it could not convert."""
    with pytest.raises(QueryFailedError) as failed:
        ask(pg(postgresql), "SELECT CAST(password AS int) FROM accounts", LIMITS)

    assert "hunter2" not in failed.value.message


def test_nothing_is_sent_of_a_refused_statement() -> None:
    """The address leads nowhere, and it is not noticed."""
    with pytest.raises(UsageError, match="DELETE is not SELECT"):
        ask(address_of("postgresql://kim@127.0.0.1:1/shop", {}), "DELETE FROM orders", LIMITS)
