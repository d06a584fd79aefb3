"""Slow statements: a store that logs more of them, by what it logs."""

from datetime import UTC, datetime
from typing import Any

import pytest

from lastgood.inspections.culprit.slow_statements import slow_statements
from lastgood.readings.slow_statements import STATEMENTS_LEAST, STATEMENTS_MORE

SLOW = "duration: 3105.4 ms  execute a38: SELECT * FROM orders WHERE customer_id = $1"


NEAR = datetime(2026, 11, 30, 2, 47, tzinfo=UTC)
FIRST = int(datetime(2026, 11, 30, 2, 5, 27, tzinfo=UTC).timestamp()) * 10**9


def known(
    text: str, good: int, bad: int, service: str = "postgresql-14"
) -> dict[tuple[str, str], dict[str, Any]]:
    """One statement of the log."""
    return {(service, "1"): {"text": text, "good": good, "bad": bad, "buckets": [], "first": FIRST}}


def test_a_store_that_logs_slow_statements_is_suspected() -> None:
    """It is named with the statement, and with when that began: requests may fail of it much later."""
    (found,) = slow_statements(known(SLOW, 0, 400), 1.0, NEAR)

    assert ("postgresql-14", "database") == (found.service, found.kind)
    assert "SELECT * FROM orders" in found.because
    assert "the first at 02:05:27 UTC" in found.because


@pytest.mark.parametrize(
    ("text", "service", "many"),
    [
        (SLOW, "postgresql-14", 1),
        ("duration: 812.1 ms  statement: COMMIT", "postgresql-14", 1),
        ("SELECT * FROM orders", "mysql-slow", 1),  # a slow log, whose lines are statements
        ("SELECT * FROM orders", "shop", 0),
        ("checkpoint complete", "postgresql-14", 0),
    ],
)
def test_only_what_stores_report_as_slow_counts(text: str, service: str, many: int) -> None:
    """A program may log its statements for other reasons."""
    assert many == len(list(slow_statements(known(text, 0, 400, service), 1.0, NEAR)))


def test_they_are_enough_and_many_times_those_before() -> None:
    """By the lengths of the windows."""
    least, times = int(STATEMENTS_LEAST), int(STATEMENTS_MORE)

    assert list(slow_statements(known(SLOW, 0, least), 1.0, NEAR))
    assert not list(slow_statements(known(SLOW, 0, least - 1), 1.0, NEAR))
    assert list(slow_statements(known(SLOW, 10, 10 * times), 1.0, NEAR))
    assert not list(slow_statements(known(SLOW, 10, 10 * times - 1), 1.0, NEAR))
    assert not list(slow_statements(known(SLOW, 10, 10 * times), 2.0, NEAR))
