"""Failures, or much slower requests, within a wide interval of slowness tell when it began."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from cases import case_of
from inspections.onset.drawn import FOUND, GRID, candidate, drawn_series
from lastgood.inspections.onset.deviations import Candidate, refined
from lastgood.inspections.onset.sharpened import sharpened
from lastgood.inspections.onset.weights import ALARM_CHANCE, SHARPER_EVENTS, SHARPER_TIMES
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.readings.series import Symptom, SymptomSeries
from lastgood.workbench.store import Store
from tiers import Request, Tier
from worlds import START

BREAK = 3622.0  # second of the first failure, in the minute in which the series depart
BEGIN = GRID.begin(FOUND.start)
WIDE = (BEGIN - timedelta(minutes=2), BEGIN - timedelta(minutes=20), BEGIN + timedelta(minutes=20))
SLOWNESS = candidate(series=drawn_series(Symptom.LATENCY, operation=""))
FAILING = drawn_series(operation="")


@pytest.fixture
def case(store: Store) -> Case:
    """Two hours of requests, of which each fails from a second of the second hour on."""
    times = [5.0 * n for n in range(720)] + [BREAK + n for n in range(3000)]
    requests = [
        Request(n, at, 0.0, "/", 500 if at >= BREAK else 200, n, "free") for n, at in enumerate(times)
    ]
    Tier("shop").put(store, requests)
    return case_of(store, Comparison(Window(START, BEGIN), Window(BEGIN, GRID.window.end)))


def failing(series: SymptomSeries = FAILING, more: float = 1000.0, **given: Any) -> Candidate:
    """Failures from then on, so many more than expected."""
    return candidate(series=series, events=more + 7.0, expected=7.0, **given)


def at(case: Case, *others: Candidate, first: Candidate = SLOWNESS, symptom: Candidate = SLOWNESS) -> float:
    """The second of the onset, beside others that depart."""
    best, _, _ = sharpened(case, first, symptom, others, WIDE)
    return (best - START).total_seconds()


ROUGH = (WIDE[0] - START).total_seconds()


def test_the_first_failure_tells_when_it_became_slow(case: Case) -> None:
    """With its interval, which lies within the wide one; without failures that stays."""
    assert refined(case, failing()) == sharpened(case, SLOWNESS, SLOWNESS, [failing()], WIDE)
    assert pytest.approx(BREAK, abs=1) == at(case, failing())
    assert pytest.approx(ROUGH) == at(case)


def test_so_many_failures_are_no_usual_ones(case: Case) -> None:
    """SHARPER_EVENTS more than expected; of one fewer the first may be a usual one."""
    assert pytest.approx(BREAK, abs=1) == at(case, failing(more=SHARPER_EVENTS))
    assert pytest.approx(ROUGH) == at(case, failing(more=SHARPER_EVENTS - 1))


def test_failures_that_may_be_chance_tell_nothing(case: Case) -> None:
    """ALARM_CHANCE at most."""
    assert pytest.approx(BREAK, abs=1) == at(case, failing(log_chance=ALARM_CHANCE))
    assert pytest.approx(ROUGH) == at(case, failing(log_chance=ALARM_CHANCE + 0.01))


OTHER = replace(FAILING, service="mail")


@pytest.mark.parametrize(
    "other",
    [
        failing(OTHER),
        failing(replace(FAILING, symptom=Symptom.TRAFFIC)),
        failing(replace(FAILING, symptom=Symptom.REFUSED)),
        failing(start=90),
    ],
    ids=["service", "traffic", "refused", "later"],
)
def test_others_tell_nothing(case: Case, other: Candidate) -> None:
    """Of another service, of another kind, and what began at another time."""
    assert pytest.approx(ROUGH) == at(case, other)


def test_only_slowness_is_made_sharper(case: Case) -> None:
    """Failures have their own time; those of the service of the symptom count too."""
    elsewhere = candidate(series=drawn_series(Symptom.LATENCY, service="web"))

    assert pytest.approx(ROUGH) == at(case, failing(), first=failing())
    assert pytest.approx(ROUGH) == at(case, failing(), first=elsewhere, symptom=elsewhere)
    assert pytest.approx(BREAK, abs=1) == at(case, failing(), first=elsewhere, symptom=SLOWNESS)


def test_the_interval_of_failures_is_much_narrower(case: Case) -> None:
    """SHARPER_TIMES, and begins within the wide one."""
    best, low, high = refined(case, failing())

    def sharper(begin: datetime, width: timedelta) -> bool:
        when = (begin, begin, begin + width)
        return sharpened(case, SLOWNESS, SLOWNESS, [failing()], when) != when

    enough, second = SHARPER_TIMES * (high - low), timedelta(seconds=1)
    assert sharper(low, enough)
    assert not sharper(low, enough - timedelta(microseconds=10))
    assert not sharper(low + second, timedelta(minutes=30))
    assert not sharper(low - timedelta(minutes=30), timedelta(minutes=30) - second)
    assert best >= low


@pytest.mark.parametrize("order", [list, reversed])
def test_the_earliest_of_several_tells(
    case: Case, order: Callable[[list[Candidate]], list[Candidate]]
) -> None:
    """In whatever order they were found."""
    slower = failing(replace(FAILING, symptom=Symptom.LATENCY, slower_than=1.0))
    first, second = refined(case, slower), refined(case, failing())

    found = sharpened(case, SLOWNESS, SLOWNESS, order([slower, failing()]), WIDE)

    assert min(first, second) == found
