"""What a canary comes to where metrics alone count its requests, scraped every 15 s."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from inspections.canary.test_counted import case
from inspections.test_canary import asked, requests
from lastgood.inspections.canary.counters import (
    BUCKET_FEWEST,
    latency_buckets,
    request_counters,
    scraped_every,
    slow_by_buckets,
)
from lastgood.model.canary import CanaryAsked, Measure, Outcome, Selector
from lastgood.telemetry.tables import SUMS
from lastgood.workbench.store import Store
from worlds import nanoseconds, put

SCRAPE = 15
REQUESTS, BUCKETS = "http_requests_total", "http_request_duration_seconds_bucket"


def series(
    store: Store, name: str, labels: Mapping[str, str], version: str, times: Any, values: Any
) -> None:  # fmt: skip
    """The values of one counter."""
    size = len(times)
    resource = {"service.instance.id": f"{version}-0", **({"service.version": version} if version else {})}
    columns: dict[str, Any] = {
        "TimeUnix": nanoseconds(np.asarray(times)), "ServiceName": ["shop"] * size, "MetricName": [name] * size,
        "Value": list(values), "Attributes": [dict(labels)] * size, "ResourceAttributes": [resource] * size,
        "AggregationTemporality": [2] * size, "IsMonotonic": [True] * size,
    }  # fmt: skip
    put(store, SUMS, columns, f"{name}{labels}{version}")


def counted(
    store: Store, version: str, *, since: float = 0, bad: float = 0.01, rate: float = 20, slow: float = 0.02,
    timed: bool = True, name: str = REQUESTS, restart: float | None = None,
) -> None:  # fmt: skip
    """Twenty minutes of requests of one version, as its process counts them."""
    times = np.arange(since, 1200, SCRAPE)
    chance = np.random.default_rng([*version.encode()])
    each = chance.poisson(rate * SCRAPE, len(times))
    failed = chance.binomial(each, bad)
    late = chance.binomial(each, slow)

    def total(values: Any) -> Any:
        summed = np.cumsum(values)
        return (
            summed
            if restart is None
            else np.where(times < restart, summed, summed - summed[times < restart][-1])
        )

    series(store, name, {"method": "GET", "code": "200"}, version, times, total(each - failed))
    shows = np.flatnonzero(failed)[:1]  # a counter of failures is there from the first one on
    if len(shows):
        series(
            store,
            name,
            {"method": "GET", "code": "500"},
            version,
            times[shows[0] :],
            total(failed)[shows[0] :],
        )
    for le, values in (("0.1", each - late), ("1", each), ("+Inf", each)) if timed else ():
        series(store, BUCKETS, {"method": "GET", "le": le}, version, times, total(values))


@pytest.mark.parametrize(
    ("bad", "slow", "timed", "outcome", "why"),
    [
        (0.01, 0.02, True, Outcome.PASS, "canary requests fail"),
        (0.05, 0.02, True, Outcome.FAIL, "canary requests fail"),
        (0.01, 0.3, True, Outcome.FAIL, "canary requests are slow"),
        (0.01, 0.02, False, Outcome.INCONCLUSIVE, "slowness was not checked: no histogram is of both sides"),
        (0.05, 0.02, False, Outcome.FAIL, "canary requests fail"),
    ],
)
def test_counters_and_histograms_decide_as_requests_do(
    store: Store, bad: float, slow: float, timed: bool, outcome: Outcome, why: str
) -> None:
    """And no histogram is no pass."""
    counted(store, "1.0", timed=timed)
    counted(store, "1.1", since=600, bad=bad, slow=slow, timed=timed)
    verdict, finding = asked(store)

    assert outcome is verdict.outcome, finding.because
    assert why in finding.because
    assert ("version=1.0", "version=1.1") == (verdict.baseline, verdict.canary)


def test_what_a_counter_grew_by_is_counted_over_restarts(store: Store) -> None:
    """And the first failure of a canary, whose series began with it."""
    counted(store, "1.0", bad=0)
    counted(store, "1.2", since=600, bad=0.002, restart=900)
    verdict, _ = asked(store)
    whole = next(one for one in verdict.checks if one.measure is Measure.FAILURES and not one.where)

    chance = np.random.default_rng([*b"1.2"])
    each = chance.poisson(20 * SCRAPE, 40)
    failed = chance.binomial(each, 0.002)
    assert not failed[0]
    assert (failed.sum(), each[1:].sum()) == (whole.canary_bad, whole.canary_all)  # from the second scrape on
    assert 0 == whole.baseline_bad


def test_counters_without_a_version_or_an_end_are_no_sides(store: Store) -> None:
    """Nothing passes, whatever they say."""
    counted(store, "")
    series(store, "requests_total", {}, "1.0", range(0, 1200, SCRAPE), range(80))
    series(store, "requests_total", {}, "1.1", range(0, 1200, SCRAPE), range(80))
    verdict, finding = asked(store)

    assert Outcome.INCONCLUSIVE is verdict.outcome
    assert "no two versions" in finding.because
    named, _ = asked(store, CanaryAsked(Selector("track", "stable"), Selector("track", "canary")))
    assert Outcome.INCONCLUSIVE is named.outcome


def test_requests_that_are_recorded_come_before_counters(store: Store) -> None:
    """They tell more: durations, segments and lines."""
    requests(store, "1.0")
    requests(store, "1.1", since=600, seed=2)
    counted(store, "1.0")
    counted(store, "1.1", since=600, bad=0.3)
    verdict, _ = asked(store)

    assert Outcome.PASS is verdict.outcome
    assert "plan=free" in {one.where for one in verdict.checks}


def test_one_counter_of_a_service_is_read(store: Store) -> None:
    """Not what it counts as a client; of two, one whose series name versions, and the count of a histogram is as good."""
    counted(store, "1.0", name="http_client_requests_total", timed=False)
    counted(store, "1.1", name="http_client_requests_total", timed=False)
    counted(store, "1.0", name="http_server_request_duration_seconds_count")
    counted(store, "1.1", name="http_server_request_duration_seconds_count", since=600)
    counted(store, "", rate=100, name="edge_requests_total", timed=False)
    looked = case(store)
    metrics = request_counters(looked)

    assert ("shop http_server_request_duration_seconds_count",) == metrics
    assert (f"shop {BUCKETS}",) == latency_buckets(looked, ["shop"])
    assert SCRAPE == scraped_every(looked, metrics)


@pytest.mark.parametrize(("held", "limit"), [(BUCKET_FEWEST, True), (BUCKET_FEWEST - 1, False)])
def test_what_is_slow_is_said_by_enough_of_the_baseline(held: int, limit: bool) -> None:
    """Before the canary, else in the first part of its time, which then is not compared."""
    past = [(0, "baseline", le, n) for le, n in ((0.1, held * 0.96), (1.0, held), (float("inf"), held))]
    later = [
        (block, side, le, n)
        for block in (4, 8) for side in ("baseline", "canary") for le, n in ((0.1, 50), (1.0, 190), (float("inf"), 200))
    ]  # fmt: skip
    names = ("block", "side", "le", "n")
    rows = [{**dict(zip(names, one, strict=True)), "operation": "shop GET"} for one in (*past, *later)]
    found, learned = slow_by_buckets(rows, 4, 6)

    canary = next(one for one in found if one["side"] == "canary")
    assert ((150, -1) if limit else (10, 5)) == (canary["slow"], learned)
