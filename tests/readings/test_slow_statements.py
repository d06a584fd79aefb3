"""Statements that databases log with their durations."""

from datetime import timedelta

import numpy as np
import pytest

from cases import case_of
from lastgood.model.attributes import DURATION_NS, QUERY_TEXT
from lastgood.model.window import Comparison, Window
from lastgood.readings.slow_statements import (
    STATEMENTS_LEAST,
    STATEMENTS_MORE,
    more_logged,
    slowed,
    statement_of,
    statement_series,
)
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.store import Store
from worlds import START, nanoseconds, put

SQL = "SELECT id FROM orders WHERE customer_id = {}"
MYSQL = """# User@Host: shop[shop] @ app-1 [10.0.0.4]  Id:    17
# Query_time: 2.500000  Lock_time: 0.000100 Rows_sent: 1  Rows_examined: 90000
SET timestamp=1795358460;
SELECT * FROM orders"""
WINDOWS = Comparison(
    Window(START, START + timedelta(minutes=10)),
    Window(START + timedelta(minutes=10), START + timedelta(minutes=20)),
)


def store_statements(
    store: Store, seconds: list[float], service: str = "postgresql", *, mysql: bool = False
) -> None:
    """A slow statement of the table orders at each second."""
    n = len(seconds)
    bodies = [MYSQL if mysql else f"duration: 1250.500 ms  statement: {SQL.format(i)}" for i in range(n)]
    attributes = {DURATION_NS: "1250500000"} | ({QUERY_TEXT: SQL} if mysql else {})
    put(
        store, LOGS,
        {
            "Timestamp": nanoseconds(np.array(seconds, dtype=float)), "SeverityText": ["LOG"] * n, "SeverityNumber": [9] * n,
            "ServiceName": [service] * n, "Body": bodies, "LogAttributes": [list(attributes.items())] * n,
        },
        f"{service} {n}",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "service", "found"),
    [
        (f"duration: 3.1 ms  execute a38: {SQL}", "shop", SQL),
        (SQL, "mysql-slow", SQL),
        (MYSQL, "mysql", "SELECT * FROM orders"),
        (SQL, "shop", ""),
        ("checkpoint complete", "postgresql", ""),
    ],
)
def test_the_statement_of_a_line(text: str, service: str, found: str) -> None:
    """A program may log its statements for other reasons; a store's own log of them is of slow ones."""
    assert found == statement_of(service, text)


@pytest.mark.parametrize("mysql", [False, True])
def test_statements_are_counted_by_table(store: Store, mysql: bool) -> None:
    """With how long each took."""
    store_statements(store, [*range(0, 1200, 10)], mysql=mysql)

    (one,) = statement_series(case_of(store, WINDOWS))

    assert ("postgresql", "orders", 120) == (one.service, one.operation, one.observed.sum())
    assert one.histogram is not None
    assert 120 == one.histogram.sum()


def test_a_line_with_a_duration_is_not_always_a_statement(store: Store) -> None:
    """It counts for no table, not even as nothing."""
    lines = {
        "Timestamp": nanoseconds(np.arange(3) * 60.0), "ServiceName": ["postgresql"] * 3,
        "Body": ["duration: 3.1 ms  checkpoint", "duration: 0.000 ms  statement: SELECT 1 FROM orders", "duration: soon"],
    }  # fmt: skip
    put(store, LOGS, lines, "durations")

    assert [] == list(statement_series(case_of(store, WINDOWS)))
    assert slowed(case_of(store, WINDOWS)) is None


def test_a_store_whose_statements_became_slow_is_named(store: Store) -> None:
    """With their table and how many there were before."""
    store_statements(store, [100.0, *range(600, 1200, 5)])

    assert ("postgresql", "120 slow statements of table orders (1 before)") == slowed(case_of(store, WINDOWS))
    assert slowed(case_of(store, None)) is None


def test_a_program_that_logs_its_statements_is_not_a_store(store: Store) -> None:
    """It waits for one."""
    store_statements(store, [*range(600, 1200, 5)], service="shop")

    assert slowed(case_of(store, WINDOWS)) is None


def test_they_are_enough_and_many_times_those_before() -> None:
    """By the lengths of the windows."""
    least, times = int(STATEMENTS_LEAST), int(STATEMENTS_MORE)

    assert [True, False] == [more_logged(n, 0, 1.0) for n in (least, least - 1)]
    assert [True, False] == [more_logged(n, 10, 1.0) for n in (10 * times, 10 * times - 1)]
    assert not more_logged(10 * times, 10, 2.0)
