"""Runbooks over real servers with real trouble: locks, used up connections, slow statements, a role without rights."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from socket import create_connection
from threading import Thread
from time import monotonic, sleep
from typing import Any

import msgspec
import psycopg
import pymysql
import pytest

from lastgood.config import Config, Database
from lastgood.errors import NoDataError, UsageError
from lastgood.inspections.trouble.weights import LOCK_WAITED, STATEMENT_RUNS
from lastgood.model.trouble import CheckVerdict, Runbook, System, Trouble, TroubleCheck
from lastgood.workbench.trouble import Asking, Wanted, asked_of, trouble_named, troubles
from mariadb import connected, mariadb
from outside.test_endpoints import serving
from postgres import cluster, new_database
from records import START
from redis_started import redis, spoken
from rooms import config_in

YES, NO, CANNOT_TELL, ASK = CheckVerdict
WITHIN = 60  # seconds; a busy machine is no failure
DATABASES = (Trouble.CONNECTIONS, Trouble.DATABASE, Trouble.MEMORY)


def checks(
    config: Config,
    *databases: str,
    environment: Mapping[str, str] | None = None,
    kinds: tuple[Trouble, ...] = DATABASES,
) -> dict[str, TroubleCheck]:
    """The checks of running databases by name; there is no telemetry."""
    asked = asked_of(config, Wanted(kinds, databases), environment or {})
    answers = [one.answer for one in troubles(None, asked, Asking(START))]
    found = (check for answer in answers if isinstance(answer, Runbook) for check in answer.checks)
    return {check.name: check for check in found}


def until(config: Config, given: str, name: str, verdict: CheckVerdict) -> TroubleCheck:
    """The check once it says so."""
    end = monotonic() + WITHIN
    while (check := checks(config, given)[name]).verdict is not verdict:
        assert monotonic() < end, check
        sleep(0.3)
    return check


@contextmanager
def running(work: Any) -> Iterator[None]:
    """Something that waits in another thread, until its connection is gone."""

    def quietly() -> None:
        with suppress(psycopg.Error, pymysql.Error):
            work()

    thread = Thread(target=quietly)
    thread.start()
    try:
        yield
    finally:
        thread.join(WITHIN)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """The socket of a PostgreSQL."""
    with cluster() as place:
        yield place


@pytest.fixture
def url(folder: Path) -> str:
    """A database with a table of one row."""
    made = new_database(folder)
    with psycopg.connect(made, autocommit=True) as connection:
        connection.execute("CREATE TABLE orders AS SELECT 1 AS id, 0 AS amount")
    return made


@pytest.mark.slow
def test_a_lock_of_postgresql_is_found_with_who_holds_it(url: str, tmp_path: Path) -> None:
    """The waiting session, the blocking one, idle in its transaction, and both statements."""
    config = config_in(tmp_path)
    assert NO is checks(config, url)["pg-blocked"].verdict
    with psycopg.connect(url) as holder, psycopg.connect(url, autocommit=True) as waiter:
        holder.execute("UPDATE orders SET amount = 1")
        pids = holder.info.backend_pid, waiter.info.backend_pid
        with running(lambda: waiter.execute("UPDATE orders SET amount = 2")):
            blocked = until(config, url, "pg-blocked", YES)
            holder.rollback()

    assert (
        f"session {pids[0]} blocks it, idle in transaction: UPDATE orders SET amount = 1" in blocked.because
    )
    assert f"session {pids[1]}: UPDATE orders SET amount = 2" in blocked.because
    assert LOCK_WAITED <= 1.0


@pytest.mark.slow
def test_used_up_connections_of_postgresql_are_found(folder: Path, tmp_path: Path) -> None:
    """Their number and the limit; when not one is left, the refusal itself says so."""
    config, url = config_in(tmp_path), new_database(folder)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("DROP ROLE IF EXISTS guest")
        owner.execute("CREATE ROLE guest LOGIN IN ROLE pg_monitor")
    guest = url.replace("lastgood@", "guest@")
    held: list[psycopg.Connection[Any]] = []
    try:
        assert NO is checks(config, guest)["pg-connections"].verdict
        while len(held) < 90:
            held.append(psycopg.connect(guest))
        nearly = checks(config, guest)["pg-connections"]
        with suppress(psycopg.OperationalError):
            while True:
                held.append(psycopg.connect(guest))
        refused = checks(config, guest)["pg-connections"]
    finally:
        for one in held:
            one.close()

    assert (YES, True) == (nearly.verdict, "90 of 97 connections are in use" in nearly.because)
    assert (YES, True) == (refused.verdict, "remaining connection slots" in refused.because)


@pytest.mark.slow
def test_a_slow_statement_of_postgresql_is_found(url: str, tmp_path: Path) -> None:
    """With its session and text; its own question is not counted."""
    config = config_in(tmp_path)
    assert NO is checks(config, url)["pg-statements"].verdict
    with (
        psycopg.connect(url, autocommit=True) as slow,
        psycopg.connect(url, autocommit=True) as owner,
        running(lambda: slow.execute("SELECT pg_sleep(600)")),
    ):
        pid = slow.info.backend_pid
        found = until(config, url, "pg-statements", YES)
        owner.execute("SELECT pg_terminate_backend(%s)", (pid,))

    assert f"session {pid}: SELECT pg_sleep(600)" in found.because
    assert f"runs for {STATEMENT_RUNS:.0f}" in found.because


@pytest.mark.slow
def test_a_role_that_may_not_see_others_cannot_tell(url: str, tmp_path: Path) -> None:
    """It is never a no; the right that is missing is named. Connections are counted all the same."""
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("DROP ROLE IF EXISTS blind")
        owner.execute("CREATE ROLE blind LOGIN")
        found = checks(config_in(tmp_path), url.replace("lastgood@", "blind@"))

    assert {CANNOT_TELL} == {found[name].verdict for name in ("pg-statements", "pg-idle")}
    assert "pg_monitor" in found["pg-statements"].because
    assert NO is found["pg-connections"].verdict
    assert CANNOT_TELL is found["pg-replication"].verdict  # none is connected


@pytest.mark.slow
def test_trouble_of_mariadb_is_found(tmp_path: Path) -> None:
    """A lock of a row, a slow statement, connections: no while healthy, yes with who and what."""
    config = config_in(tmp_path)
    with mariadb() as socket:
        with connected(socket, "shop") as owner, owner.cursor() as cursor:
            for order in (
                "CREATE TABLE orders (id int PRIMARY KEY, amount int)", "INSERT INTO orders VALUES (1, 0)",
                "CREATE USER oncall@localhost", "GRANT PROCESS ON *.* TO oncall@localhost",
                "CREATE USER blind@localhost", "GRANT SELECT ON shop.* TO oncall@localhost",
                "GRANT SELECT ON shop.* TO blind@localhost",
            ):  # fmt: skip
                cursor.execute(order)
        given = f"mysql://oncall@localhost/shop?unix_socket={socket}"
        healthy = checks(config, given)
        blind = checks(config, given.replace("oncall@", "blind@"))
        holder, waiter = connected(socket, "shop"), connected(socket, "shop")
        holder.begin()
        holder.cursor().execute("UPDATE orders SET amount = 1 WHERE id = 1")
        with running(lambda: waiter.cursor().execute("UPDATE orders SET amount = 2 WHERE id = 1")):
            blocked = until(config, given, "my-blocked", YES)
            holder.rollback()
        with running(lambda: waiter.cursor().execute("SELECT SLEEP(600)")):
            slow = until(config, given, "my-statements", YES)
            holder.cursor().execute(f"KILL QUERY {waiter.thread_id()}")
        with connected(socket) as owner, owner.cursor() as cursor:
            cursor.execute("SET GLOBAL max_connections = 10")
        held = [connected(socket) for _ in range(7)]
        used = checks(config, given)["my-connections"]
        for one in (*held, holder, waiter):
            one.close()

    assert {NO} == {
        healthy[name].verdict for name in ("my-connections", "my-blocked", "my-statements", "my-idle")
    }
    assert {CANNOT_TELL} == {blind[name].verdict for name in ("my-blocked", "my-statements")}
    assert "UPDATE orders SET amount = 2" in blocked.because
    assert f"session {holder.thread_id()} blocks it" in blocked.because
    assert "SELECT SLEEP(600)" in slow.because
    assert (YES, True) == (used.verdict, "10 of 10 connections" in used.because)


@pytest.mark.slow
def test_trouble_of_redis_is_found(tmp_path: Path) -> None:
    """Memory, connections, a slow command; without a limit of memory it cannot tell."""
    config = config_in(tmp_path)
    with redis("--maxclients", "20", "--enable-debug-command", "local") as port:
        given = f"redis://127.0.0.1:{port}"
        healthy = checks(config, given)
        spoken(port, "CONFIG SET maxmemory 100mb")
        roomy = checks(config, given)["redis-memory"]
        spoken(port, "CONFIG SET maxmemory 300kb", "DEBUG SLEEP 0.2")
        held = [create_connection(("127.0.0.1", port)) for _ in range(19)]
        ill = checks(config, given)
        held += [create_connection(("127.0.0.1", port)) for _ in range(3)]
        full = checks(config, given)["redis-clients"]
        for one in held:
            one.close()

    assert (NO, NO) == (healthy["redis-clients"].verdict, healthy["redis-slow"].verdict)
    assert (CANNOT_TELL, NO) == (healthy["redis-memory"].verdict, roomy.verdict)
    assert "no limit is set" in healthy["redis-memory"].because
    assert {YES} == {ill[name].verdict for name in ("redis-memory", "redis-clients", "redis-slow")}
    assert "20 of 20 connections are in use" in ill["redis-clients"].because
    assert "DEBUG took 2" in ill["redis-slow"].because
    assert (YES, True) == (full.verdict, "max number of clients" in full.because)


def test_trouble_of_endpoints_is_found(tmp_path: Path) -> None:
    """A queue that is not read, goroutines, a collector at work, a full heap and a long pause; the rest cannot tell."""
    config = config_in(tmp_path)
    with serving() as (place, _):
        kinds = tuple(Trouble)
        given = (f"rabbitmq+http://{place}", f"go+http://{place}", f"actuator+http://{place}/actuator")
        found = checks(config, *given, kinds=kinds)

    said = {name: (check.verdict, check.because) for name, check in found.items() if check.verdict is not ASK}
    ill = ("rabbitmq-backlog", "rabbitmq-unread", "go-goroutines", "go-gc", "jvm-heap", "jvm-pause")
    assert {*ill, "jvm-pool"} == set(said)
    assert {YES} == {said[name][0] for name in ill}
    assert CANNOT_TELL is said["jvm-pool"][0]
    assert "orders has 4000 messages ready, 7 unacknowledged and 0 consumers" in said["rabbitmq-backlog"][1]


def test_a_database_of_the_settings_is_asked_by_its_name(tmp_path: Path) -> None:
    """Its password only from the variable that is named; commands to paste name it."""
    made = (
        Database(name="shop", address="postgresql://kim@127.0.0.1:1/shop", password="$" + "SHOP_PW"),
        Database(name="cache", address="env:CACHE"),
    )
    config = config_in(tmp_path)
    config = replace(config, settings=msgspec.structs.replace(config.settings, database=made))
    with pytest.raises(UsageError, match="SHOP_PW"):
        checks(config, "shop")
    found = checks(config, "shop", environment={"SHOP_PW": "hunter2"})
    asked = asked_of(config, Wanted(), {"CACHE": "redis://h"})

    assert CANNOT_TELL is found["pg-blocked"].verdict
    assert "hunter2" not in str(found)
    assert {System.POSTGRESQL: "shop", System.REDIS: "cache"} == asked.databases
    with pytest.raises(UsageError, match="no \\[\\[database\\]\\] 'shopp'"):
        checks(config, "shopp")


def test_without_telemetry_and_databases_there_is_nothing_to_check(tmp_path: Path) -> None:
    """The error of a store without data."""
    with pytest.raises(NoDataError):
        troubles(None, asked_of(config_in(tmp_path), Wanted(), {}), Asking(START))


def test_a_runbook_has_the_name_of_its_class_of_failure_too() -> None:
    """As the card names it; an unknown one lists those that there are."""
    assert Trouble.MEMORY is trouble_named("resource_memory")
    assert Trouble.DNS is trouble_named("dns")
    with pytest.raises(UsageError, match="no runbook 'x'") as refused:
        trouble_named("x")
    assert "memory" in refused.value.hint
