"""Slow statements: a store that logs more of them, by what it logs."""

from datetime import UTC, datetime, timedelta
from math import exp
from typing import Any

import pytest

from lastgood.inspections.culprit.slow_statements import slow_statements, timed_places
from lastgood.inspections.culprit.weights import SLOW_STATEMENTS, STATEMENT_LETTERS, STATEMENTS_SCALE
from lastgood.model.window import Comparison, Window
from lastgood.readings.slow_statements import STATEMENTS_LEAST, STATEMENTS_MORE
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, put

SLOW = "duration: 3105.4 ms  execute a38: SELECT * FROM orders WHERE customer_id = $1"


NEAR = datetime(2026, 11, 30, 2, 47, tzinfo=UTC)
FIRST = int(datetime(2026, 11, 30, 2, 5, 27, tzinfo=UTC).timestamp()) * 10**9


def known(
    text: str, good: int, bad: int, service: str = "postgresql-14"
) -> dict[tuple[str, str], dict[str, Any]]:
    """One statement of the log."""
    return {
        (service, "1"): {"text": text, "good": good, "bad": bad, "buckets": [], "first": FIRST, "places": [7]}
    }


def test_a_store_that_logs_slow_statements_is_suspected() -> None:
    """It is named with the statement, and with when that began: requests may fail of it much later."""
    (found,) = slow_statements(known(SLOW, 0, 400), 1.0, NEAR)

    assert ("postgresql-14", "database") == (found.service, found.kind)
    assert "SELECT * FROM orders" in found.because
    assert "the first at 02:05:27 UTC" in found.because


@pytest.mark.parametrize(
    ("text", "service", "timed", "many"),
    [
        (SLOW, "postgresql-14", 0, 1),
        ("duration: 812.1 ms  statement: COMMIT", "postgresql-14", 0, 1),
        ("SELECT * FROM orders", "mysql-slow", 7, 1),  # a slow log, whose lines are statements with durations
        ("SELECT gift FROM orders", "postgresql-14", 0, 0),  # quoted by an error
        ("SELECT * FROM orders", "shop", 7, 0),
        ("checkpoint complete", "postgresql-14", 7, 0),
    ],
)
def test_only_what_stores_report_as_slow_counts(text: str, service: str, timed: int, many: int) -> None:
    """A program may log its statements for other reasons, and a database those that failed."""
    assert many == len(list(slow_statements(known(text, 0, 400, service), 1.0, NEAR, {timed})))


def test_lines_of_statements_with_a_duration_are_timed(store: Store) -> None:
    """By their place; none is asked for where no line is a statement alone."""
    row = {"lg.duration_ns": "2500000000"}
    columns: dict[str, Any] = {
        "Timestamp": [START + timedelta(seconds=n) for n in (10, 2000)], "ServiceName": ["mysql"] * 2,
        "Body": ["SELECT * FROM orders", "SELECT * FROM carts"], "LogAttributes": [row, {}],
    }  # fmt: skip
    put(store, LOGS, columns, "slow")
    halves = Comparison(
        Window(START, START + timedelta(minutes=30)), Window(START + timedelta(minutes=30), START + timedelta(hours=1)), given=True
    )  # fmt: skip
    case, _ = investigate(store, now=START + timedelta(hours=1), only="confirm", comparison=halves)

    assert 1 == len(timed_places(case, known("SELECT 1 FROM orders", 0, 1, "mysql"), "cityHash64(body)"))
    assert frozenset() == timed_places(case, known(SLOW, 0, 1), "cityHash64(body)")


def test_they_are_enough_and_many_times_those_before() -> None:
    """By the lengths of the windows."""
    least, times = int(STATEMENTS_LEAST), int(STATEMENTS_MORE)

    assert list(slow_statements(known(SLOW, 0, least), 1.0, NEAR))
    assert not list(slow_statements(known(SLOW, 0, least - 1), 1.0, NEAR))
    assert list(slow_statements(known(SLOW, 10, 10 * times), 1.0, NEAR))
    assert not list(slow_statements(known(SLOW, 10, 10 * times - 1), 1.0, NEAR))
    assert not list(slow_statements(known(SLOW, 10, 10 * times), 2.0, NEAR))


def test_more_of_them_are_stronger_up_to_the_row() -> None:
    """0.63 of it at the scale."""
    bad = int(STATEMENTS_SCALE)
    (few,) = slow_statements(known(SLOW, 0, bad), 1.0, NEAR)
    (many,) = slow_statements(known(SLOW, 0, 100 * bad), 1.0, NEAR)

    assert pytest.approx(SLOW_STATEMENTS * (1 - exp(-1))) == few.strength
    assert pytest.approx(SLOW_STATEMENTS) == many.strength


def test_a_long_statement_is_cut() -> None:
    """At so many characters."""
    sql = "SELECT " + "x" * 2 * STATEMENT_LETTERS
    (found,) = slow_statements(known(f"duration: 3105.4 ms  statement: {sql}", 0, 400), 1.0, NEAR)

    assert sql[: STATEMENT_LETTERS - 1] in found.because
    assert sql[:STATEMENT_LETTERS] not in found.because
