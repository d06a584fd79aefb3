"""Slow statements before requests failed of waiting for them."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from cases import case_of, finding_of
from inspections.onset.drawn import FOUND, GRID, candidate, drawn_series
from inspections.onset.drawn import MINUTES as MINUTES_DRAWN
from lastgood.inspections.onset import onset, slowed
from lastgood.inspections.onset.deviations import Candidate
from lastgood.inspections.onset.weights import LINES_TIMES, STATEMENTS_LEAD
from lastgood.model.answers import Onset
from lastgood.model.window import Comparison, Window
from lastgood.readings.grid import Grid
from lastgood.readings.series import Symptom, SymptomSeries, Trust
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.store import Store
from worlds import START, nanoseconds, put

MINUTES, FAILS = 75, 60
HALF = Window(START + timedelta(seconds=30), START + timedelta(seconds=60))
GRID_OF_SECONDS = Grid(Window(START, HALF.end), 1)
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


def test_errors_that_come_as_often_as_before_report_no_wait(store: Store) -> None:
    """As many before it began as after."""
    lines(store, "orders", "INFO", np.arange(0, 60, 2.0), "served {}")
    lines(store, "orders", "ERROR", np.array([*range(5, 25), *range(35, 55)], float), POOL)
    case = case_of(store, Comparison(Window(START, START + timedelta(seconds=30)), HALF))

    first = candidate(series=drawn_series(grid=GRID_OF_SECONDS), start=30)
    assert not slowed._waits(case, first, GRID_OF_SECONDS)

    lines(store, "orders", "ERROR", np.array([55.5]), POOL.replace("5000", "6000"))
    assert slowed._waits(case, first, GRID_OF_SECONDS)


SLOW = SymptomSeries(
    Trust.LINES, Symptom.STATEMENTS, "postgresql", "", np.where(np.arange(MINUTES_DRAWN) >= 50, 20.0, 2.0),
    np.full(MINUTES_DRAWN, 60.0), share=False, rise=True, grid=GRID, provenance=drawn_series().provenance,
)  # fmt: skip


def more_before(first: Candidate, one: SymptomSeries = SLOW) -> list[Candidate]:
    """Slow statements that came more often before a symptom."""
    return list(slowed._more_before(one, first, 0.0))


def test_more_statements_before_a_symptom_may_have_led_to_it() -> None:
    """They go on until it begins, and after it."""
    (found,) = more_before(candidate())

    assert GRID.begin(50) == START + timedelta(seconds=60 * found.deviation.start)


def test_a_rise_is_looked_for_in_enough_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    """In exactly so many, and not in one fewer."""
    monkeypatch.setattr(slowed, "CREPT_BUCKETS", FOUND.start)
    assert more_before(candidate())
    monkeypatch.setattr(slowed, "CREPT_BUCKETS", FOUND.start + 1)
    assert not more_before(candidate())


def test_a_rise_just_too_likely_by_chance_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """With exactly the chance that is allowed it is one."""
    (found,) = more_before(candidate())
    monkeypatch.setattr(slowed, "ALARM_CHANCE", found.log_chance)
    assert more_before(candidate())
    monkeypatch.setattr(slowed, "ALARM_CHANCE", found.log_chance - 0.001)
    assert not more_before(candidate())


def test_statements_that_do_not_go_on_did_not_lead_to_it() -> None:
    """After it began as many times the usual ones are needed, and more."""
    usual = 2.0
    for after, many in ((usual * LINES_TIMES, 0), (usual * LINES_TIMES + 0.5, 1)):
        observed = np.where(np.arange(MINUTES_DRAWN) >= FOUND.start, after, SLOW.observed)
        assert many == len(more_before(candidate(), replace(SLOW, observed=observed)))
