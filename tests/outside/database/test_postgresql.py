"""PostgreSQL behind the parser: what the transaction itself refuses. Attacks: outside/test_database."""

import socket

import psycopg
import pytest
import sqlglot
from sqlglot import exp

from lastgood.errors import CannotRunError, QueryFailedError, RecordFailedError
from lastgood.incidents.database import open_database
from lastgood.outside.database.address import address_of
from lastgood.outside.database.limits import Limits
from lastgood.outside.database.postgresql import ask
from lastgood.outside.database.statement import Statement, admitted
from postgres import cluster, new_database


@pytest.mark.slow
def test_the_server_refuses_what_a_parser_might_miss() -> None:
    """A function that writes, called by a SELECT that was not checked; and the view of one, which no parser can see through."""
    with cluster() as folder:
        url = new_database(folder)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE t (a int)")
            connection.execute(
                "CREATE FUNCTION w() RETURNS int LANGUAGE sql AS 'INSERT INTO t VALUES (1) RETURNING a'"
            )
            connection.execute("CREATE VIEW v AS SELECT w() AS a")
        address = address_of("env:SHOP", {"SHOP": url})
        tree = sqlglot.parse_one("SELECT w()", dialect="postgres")
        assert isinstance(tree, exp.Query)
        for statement in (Statement(tree, "postgres", frozenset()), admitted("SELECT a FROM v", "postgres")):
            with pytest.raises(QueryFailedError, match="read-only transaction"):
                ask(address, statement, Limits())


def free_port() -> int:
    """A port of the loopback address that no process uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.mark.slow
def test_a_password_is_not_sent_in_clear_text() -> None:
    """A server that asks for it over a network without TLS does not get it; on this machine, and where one says so, it does."""
    port, name = free_port(), socket.gethostname()
    with cluster("host all kim all password", port) as folder:
        with psycopg.connect(host=str(folder), port=port, user="lastgood", dbname="postgres") as connection:
            connection.execute("CREATE ROLE kim LOGIN PASSWORD 'hunter2'")
        statement = admitted("SELECT 1 AS one", "postgres")

        def rows(host: str, more: str = "") -> list[list[object]]:
            url = f"postgresql://kim:hunter2@{host}:{port}/postgres{more}"
            return [list(row) for row in ask(address_of("env:SHOP", {"SHOP": url}), statement, Limits()).rows]

        with pytest.raises(CannotRunError, match="in clear text, without TLS") as refused:
            rows(name)
        with pytest.raises(RecordFailedError, match="in clear text, without TLS"):
            open_database(f"postgresql://kim:hunter2@{name}:{port}/postgres")

        assert "sslmode=verify-full" in refused.value.hint
        assert [[1]] == rows("127.0.0.1") == rows(name, "?require_auth=password")


def test_a_server_that_is_not_there_is_said_without_its_password() -> None:
    """With what to check."""
    address = address_of("env:SHOP", {"SHOP": "postgresql://kim:hunter2@127.0.0.1:1/shop"})
    with pytest.raises(CannotRunError, match="cannot be reached") as failed:
        ask(address, admitted("SELECT 1", "postgres"), Limits(seconds=1))

    assert "hunter2" not in failed.value.message + failed.value.hint
