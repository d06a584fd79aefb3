"""Alerts that fire are found, those that are resolved or whose metric has recovered count no more."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from lastgood.readings.case import Case
from lastgood.readings.doubts.firing import alarmed, firing
from lastgood.telemetry.tables import ALERTS
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, World, put, step, store_gauge

NOW = START + timedelta(hours=1)


def alert(
    store: Store, minutes: float, state: str = "firing", *, name: str = "ErrorRate", url: str = ""
) -> datetime:
    """Store an alert of so many minutes after the start."""
    at = START + timedelta(minutes=minutes)
    columns: dict[str, list[Any]] = {
        "Id": [f"{name}@{at}"], "Timestamp": [at], "EndTimestamp": [at], "Name": [name], "Service": ["shop"],
        "State": [state], "Severity": ["page"], "Summary": ["too many errors"], "Url": [url],
    }  # fmt: skip
    put(store, ALERTS, columns, f"{name} {at} {state}")
    return at


def case_of(store: Store) -> Case:
    """The case over an hour of requests that are well, and what else the store holds."""
    World(rate=1.0).store_spans(store)
    return investigate(store, now=NOW, only="onset")[0]


def ratio(store: Store, until: float) -> None:
    """An error ratio that is high for a while after half past."""
    times = np.arange(0, 3600, 15.0)
    values = step(1800, 0.01, 0.6, until)(times) + 0.001 * np.sin(times)
    store_gauge(store, "shop", "http.error.ratio", "1", list(zip(times, values, strict=True)))


def test_an_alert_that_fires_is_a_reason(store: Store) -> None:
    """Its name, service, severity and start; no cannot be said."""
    since = alert(store, 33)

    case = case_of(store)
    found, finding = firing(case), alarmed(case)

    assert found is not None
    assert [("ErrorRate", "shop", "page", since, False)] == [
        (one.name, one.service, one.severity, one.since, one.recovered) for one in found.alerts
    ]
    assert finding is not None
    assert finding.outage is None
    assert "ErrorRate of shop has been firing since 2026-11-22 14:33:00 UTC" in finding.because


@pytest.mark.parametrize(
    ("name", "metric", "service", "recovered"),
    [
        ("HighCPU", "cpu_percent", "shop", True),
        ("HighCPU", "cpu_percent", "till", False),  # of another
        ("HighMemory", "cpu_percent", "shop", False),
        ("HighCPU", "requests", "shop", False),  # no resource
    ],
)
def test_an_alert_about_a_resource_recovers_with_it(
    store: Store, name: str, metric: str, service: str, *, recovered: bool
) -> None:
    """Where the metric is of the same service, though it is not named in full."""
    times = np.arange(0, 3600, 15.0)
    values = step(1800, 20.0, 90.0, 2700)(times) + np.sin(times)
    store_gauge(store, service, metric, "%", list(zip(times, values, strict=True)))
    alert(store, 33, name=name)

    found = firing(case_of(store))
    assert found is not None
    assert [recovered] == [one.recovered for one in found.alerts]


def test_what_fired_before_the_data_fires_still(store: Store) -> None:
    """It rang an hour before the first request."""
    since = alert(store, -60)

    found = firing(case_of(store))

    assert found is not None
    assert [since] == [one.since for one in found.alerts]


def test_a_resolved_alert_does_not_fire(store: Store) -> None:
    """Neither does one that is only pending; the one that rang again does, since then."""
    alert(store, 20)
    alert(store, 20, "resolved")
    alert(store, 25, "pending", name="Slow")
    assert firing(case_of(store)) is None


def test_an_alert_that_rang_again_fires_since_then(store: Store) -> None:
    """The first time is over."""
    alert(store, 20)
    alert(store, 20, "resolved")
    again = alert(store, 40)

    found = firing(case_of(store))

    assert found is not None
    assert [again] == [one.since for one in found.alerts]


def test_a_metric_that_is_back_to_normal_takes_the_reason_away(store: Store) -> None:
    """The alert is still reported, as recovered."""
    ratio(store, until=2700)
    alert(store, 33, url="http://prometheus/graph?g0.expr=http_error_ratio+%3E+0.5")

    case = case_of(store)
    found = firing(case)

    assert found is not None
    assert [True] == [one.recovered for one in found.alerts]
    assert alarmed(case) is None


def test_a_metric_that_is_still_high_does_not(store: Store) -> None:
    """Nor one that the alert does not name."""
    ratio(store, until=4000)
    alert(store, 33, url="http://prometheus/graph?g0.expr=http_error_ratio+%3E+0.5")
    alert(store, 34, name="Other")

    found = firing(case_of(store))

    assert found is not None
    assert [False, False] == [one.recovered for one in found.alerts]
