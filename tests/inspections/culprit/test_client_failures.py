"""Callers' counters of calls that fail: whose fault it is, where nothing is traced."""

from collections.abc import Mapping
from datetime import timedelta

import numpy as np
import pytest

from lastgood.algorithms.counts import VERY_CLEAR, wilson
from lastgood.inspections.culprit.client_failures import failing
from lastgood.inspections.culprit.weights import CLIENT_CALLS, CLIENTS_FAIL, CLIENTS_SCALE
from lastgood.model.answers import Confirmation, Culprit, Culprits, ImpactKind
from lastgood.model.finding import Verdict
from lastgood.model.window import Comparison, Window
from lastgood.readings.suspicions import grown
from lastgood.telemetry.tables import SUMS
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, nanoseconds, put

MIDDLE, END = START + timedelta(minutes=30), START + timedelta(minutes=60)
GIVEN = Comparison(Window(START, MIDDLE), Window(MIDDLE, END), given=True)
MINUTES = np.arange(60) * 60.0


def counter(store: Store, caller: str, metric: str, attributes: Mapping[str, str], *rates: float) -> None:
    """A counter that gains the first rate a minute while good, the last while bad."""
    total = np.cumsum(np.where(MINUTES < 1800, rates[0], rates[-1]))
    columns = {
        "ServiceName": [caller] * 60, "MetricName": [metric] * 60, "TimeUnix": nanoseconds(MINUTES),
        "Attributes": [list(attributes.items())] * 60, "Value": total.tolist(), "IsMonotonic": [True] * 60,
        "AggregationTemporality": [2] * 60,
    }  # fmt: skip
    put(store, SUMS, columns, f"{caller} {metric} {sorted(attributes.items())}")


def calls(store: Store, caller: str, callee: str, failing: float = 0.0) -> None:
    """Sixty calls a minute, of which so many fail since the middle: OpenTelemetry's names, in two counters."""
    counter(store, caller, "http.client.requests", {"server.address": callee}, 60.0)
    counter(
        store,
        caller,
        "http.client.errors",
        {"server.address": callee, "error.type": "503"},
        0.05,
        failing or 0.05,
    )


def ranked(store: Store) -> list[Culprit]:
    """Who is named, in order."""
    _, findings = investigate(store, now=END, only="culprit", comparison=GIVEN)
    return list(findings[-1].answer.ranked) if isinstance(findings[-1].answer, Culprits) else []


def test_the_callee_that_fails_for_all_who_call_it_is_named(store: Store) -> None:
    """It tells nothing itself; who calls those that call it passes on what they lost."""
    calls(store, "web", "cart", 20.0)
    calls(store, "cart", "rating", 24.0)
    calls(store, "search", "rating", 22.0)
    calls(store, "search", "stock")

    first = ranked(store)[0]

    assert "rating" == first.service
    assert "do those of 1 others" in first.because


def test_one_caller_of_several_that_fails_is_at_fault_itself(store: Store) -> None:
    """The others are served by the same callee."""
    calls(store, "cart", "rating", 30.0)
    calls(store, "search", "rating")

    first = ranked(store)[0]

    assert ("cart", "its calls to rating") == (first.service, first.component)


def test_statuses_of_one_counter_tell_as_well(store: Store) -> None:
    """As Prometheus spells them, with the port and the cluster in the callee's name."""
    name = "http_client_request_duration_seconds_count"
    for code, rates in (("200", (60.0, 30.0)), ("503", (0.1, 30.0))):
        place = {"server_address": "rating.prod.svc.cluster.local:8080", "http_response_status_code": code}
        counter(store, "cart", name, place, *rates)

    assert "rating" == ranked(store)[0].service


def test_nobody_is_named_while_calls_go_through(store: Store) -> None:
    """Five in ten thousand failed before as well."""
    calls(store, "cart", "rating")

    assert [] == ranked(store)


def test_requests_counted_apart_because_they_failed_confirm_it(store: Store) -> None:
    """A counter by status, as Prometheus has them: its 500s are failures, its 200s traffic."""
    for code, rates in (("200", (60.0, 30.0)), ("500", (0.1, 30.0))):
        counter(store, "web", "http_server_requests_seconds_count", {"status": code}, *rates)

    _, findings = investigate(store, now=END, only="confirm", comparison=GIVEN)

    assert Verdict.YES is findings[-1].verdict
    assert isinstance(findings[-1].answer, Confirmation)
    assert ImpactKind.ERRORS is findings[-1].answer.impact.kind


def test_failing_calls_weigh_by_how_many_more_they_are() -> None:
    """From enough calls on."""

    def reported(calls: int) -> list[float]:
        n = float(calls)
        return [one.strength for one in failing({("web", "cart"): ((0.0, n), (n, n))}, {"web": {"cart"}})]

    enough = int(CLIENT_CALLS)
    lift = wilson(enough, enough, VERY_CLEAR)[0] - wilson(0, enough, VERY_CLEAR)[1]
    little = wilson(60, 1000, VERY_CLEAR)[0] - wilson(0, 1000, VERY_CLEAR)[1]
    few = [one.strength for one in failing({("web", "cart"): ((0.0, 1000.0), (60.0, 1000.0))}, {})]

    assert [pytest.approx(CLIENTS_FAIL * grown(lift, CLIENTS_SCALE))] == reported(enough)
    assert [] == reported(enough - 1)
    assert [pytest.approx(CLIENTS_FAIL * grown(little, CLIENTS_SCALE))] == few
