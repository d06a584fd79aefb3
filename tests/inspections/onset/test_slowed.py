"""Slow statements before requests failed of waiting for them."""

from datetime import timedelta

import numpy as np
import pytest

from cases import finding_of
from lastgood.inspections.onset import onset
from lastgood.inspections.onset.weights import STATEMENTS_LEAD
from lastgood.model.answers import Onset
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.store import Store
from worlds import START, nanoseconds, put

MINUTES, FAILS = 75, 60
POOL = "Connection is not available, request timed out after 5000ms"


def lines(store: Store, service: str, level: str, seconds: np.ndarray, body: str) -> None:
    """A line of a service at each second."""
    n = len(seconds)
    columns = {
        "Timestamp": nanoseconds(seconds), "SeverityText": [level] * n, "SeverityNumber": [17 if level == "ERROR" else 9] * n,
        "ServiceName": [service] * n, "Body": [body.format(i) for i in range(n)],
    }  # fmt: skip
    put(store, LOGS, columns, f"{service} {level} {body}")


def begun(
    store: Store, slow_from: int, *, until: int = MINUTES, error: str = POOL, took: str = "1250.5"
) -> float:
    """The minute at which it started: statements slow from one minute on, errors from another."""
    lines(store, "orders", "INFO", np.arange(0, MINUTES * 60, 2.0), "served {}")
    lines(store, "orders", "ERROR", np.arange(FAILS * 60, MINUTES * 60, 2.0), error)
    statement = f"duration: {took} ms  statement: SELECT id FROM orders WHERE customer_id = {{}}"
    lines(store, "postgresql", "LOG", np.arange(slow_from * 60, until * 60, 3.0), statement)
    answer = finding_of(store, onset, None).answer
    assert isinstance(answer, Onset)
    return (answer.at - START) / timedelta(minutes=1)


def test_it_began_when_statements_became_slow(store: Store) -> None:
    """Minutes before the pool was empty, which the interval reaches to."""
    assert 52 == pytest.approx(begun(store, slow_from=52), abs=0.5)


@pytest.mark.parametrize(
    "given",
    [
        {"slow_from": 52, "error": "KeyError: 'tax_id'"},  # an error that reports no wait
        {"slow_from": 45, "until": 52},  # slow statements that were over
        {"slow_from": int(FAILS - STATEMENTS_LEAD / timedelta(minutes=1)) - 2},  # a story of their own
    ],
)
def test_other_slow_statements_do_not_move_the_onset(store: Store, given: dict[str, object]) -> None:
    """What does not wait for them, and what is too long ago, did not start with them."""
    assert FAILS == pytest.approx(begun(store, **given), abs=0.5)  # type: ignore[arg-type]


def test_statements_that_take_longer_need_not_be_more(store: Store) -> None:
    """Where every statement is logged."""
    quick = "duration: 3.1 ms  statement: SELECT id FROM orders WHERE customer_id = {}"
    lines(store, "postgresql", "LOG", np.arange(0, 52 * 60, 3.0), quick)

    assert 52 == pytest.approx(begun(store, slow_from=52), abs=0.5)
