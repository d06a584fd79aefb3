"""Metrics with attributes are searched like requests: by status label, beside requests, as a rate, and as sums."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest

from cases import FAILING
from inspections.confirm.test_counted import ROWS
from inspections.scenes import case
from lastgood.inspections.blast_radius import Searched, _finding
from lastgood.inspections.blast_radius.summed import measures
from lastgood.inspections.blast_radius.weights import (
    EVERYONE_FAILURES,
    FORECAST_OFF,
    SUMMED_ALONE,
    SUMMED_LEAST,
)
from lastgood.model.answers import BlastRadius
from lastgood.model.evidence import Provenance
from lastgood.model.finding import Finding, Verdict
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.reader import Rows
from lastgood.telemetry.tables import GAUGES, HISTOGRAMS, SUMS, StoreTable
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, Times, nanoseconds, put

MIDDLE, END = START + timedelta(minutes=30), START + timedelta(minutes=60)
GIVEN = Comparison(Window(START, MIDDLE), Window(MIDDLE, END), given=True)
MINUTES = np.arange(60) * 60.0
PLACES = [
    {"cloud.region": region, "app.plan": plan}
    for region in ("eu", "us", "ap")
    for plan in ("free", "pro", "team")
]
Rate = Callable[[Mapping[str, str], bool], float]


def points(rate: Rate, places: list[dict[str, str]] = PLACES) -> Iterator[tuple[dict[str, str], Times]]:
    """A value a minute for each set of attributes, with the noise of counts."""
    chance = np.random.default_rng(3)
    for place in places:
        yield place, chance.poisson([rate(place, minute >= 1800) for minute in MINUTES]).astype(float)


def store_sums(store: Store, metric: str, rate: Rate, places: list[dict[str, str]] = PLACES) -> None:
    """A counter that only grows, and starts anew once."""
    for place, values in points(rate, places):
        grown = np.cumsum(values)
        grown[45:] -= grown[44]
        columns = {
            "Value": grown.tolist(), "IsMonotonic": [True] * 60, "AggregationTemporality": [2] * 60,
        }  # fmt: skip
        _put(store, SUMS, metric, place, columns)


def store_gauge(store: Store, metric: str, unit: str, rate: Rate) -> None:
    """A value of its own each minute."""
    for place in PLACES:
        values = [rate(place, minute >= 1800) for minute in MINUTES]
        _put(store, GAUGES, metric, place, {"Value": values, "MetricUnit": [unit] * 60})


def _put(
    store: Store,
    table: StoreTable,
    metric: str,
    place: Mapping[str, str],
    columns: Mapping[str, Sequence[object]],
) -> None:
    common = {
        "ServiceName": ["shop"] * 60, "MetricName": [metric] * 60, "TimeUnix": nanoseconds(MINUTES),
        "Attributes": [list(place.items())] * 60,
    }  # fmt: skip
    put(store, table, {**common, **columns}, f"{metric} {sorted(place.items())}")


def asked(store: Store) -> Finding:
    """What the question answers."""
    _, findings = investigate(store, now=END, only="blast_radius", comparison=GIVEN)
    return findings[-1]


def named(store: Store) -> list[Mapping[str, str]]:
    """The segments it names."""
    answer = asked(store).answer
    assert isinstance(answer, BlastRadius)
    return [one.where for one in answer.segments]


def test_orders_that_stay_away_are_named_by_attribute(store: Store) -> None:
    """A sum without any request: one plan of one region falls to a third of its forecast."""
    hit = {"cloud.region": "us", "app.plan": "pro"}
    store_sums(store, "shop.orders", lambda place, late: 20.0 if late and place == hit else 60.0)

    finding = asked(store)

    assert [hit] == named(store)
    assert "deviation of shop shop.orders" in finding.because
    assert Verdict.YES is finding.verdict


def test_too_much_is_named_too(store: Store) -> None:
    """Refunds of one region triple."""
    store_sums(
        store, "shop.refunds", lambda place, late: 45.0 if late and place["cloud.region"] == "ap" else 15.0
    )

    assert [{"cloud.region": "ap"}] == named(store)


def test_sums_that_follow_their_forecast_name_nobody(store: Store) -> None:
    """The noise of counts, and traffic that grew for everyone."""
    store_sums(store, "shop.orders", lambda _, late: 75.0 if late else 60.0)

    finding = asked(store)

    assert Verdict.UNKNOWN is finding.verdict


def test_a_status_label_makes_failures_of_requests(store: Store) -> None:
    """Twice the requests of one region are no failure; more server errors of another are."""
    places = [{**place, "http.response.status_code": code} for place in PLACES for code in ("200", "503")]

    def rate(place: Mapping[str, str], late: bool) -> float:
        failing = place["http.response.status_code"] == "503"
        grown = 2.0 if late and place["cloud.region"] == "eu" else 1.0
        return grown * (
            20.0 if failing and late and place["cloud.region"] == "us" else 0.3 if failing else 60.0
        )

    store_sums(store, "http.server.requests", rate, places)

    finding = asked(store)

    assert [{"cloud.region": "us"}] == named(store)
    assert "failures of shop http.server.requests" in finding.because


def test_a_histogram_counts_requests(store: Store) -> None:
    """As OpenTelemetry's own metric of a server does."""
    for place in PLACES:
        for code in ("200", "500"):
            late = (MINUTES >= 1800) & (place["app.plan"] == "team")
            counts = np.where(late, 30, 1) if code == "500" else np.full(60, 60)
            columns = {
                "Count": counts.tolist(), "Sum": (counts * 0.1).tolist(), "AggregationTemporality": [1] * 60,
            }  # fmt: skip
            carried = {**place, "http.response.status_code": code}
            _put(store, HISTOGRAMS, "http.server.request.duration", carried, columns)

    assert [{"app.plan": "team"}] == named(store)


def test_failures_beside_requests(store: Store) -> None:
    """Two counters of one service: shares are compared, so the busiest is not blamed."""
    hit = {"cloud.region": "ap", "app.plan": "free"}

    def volume(place: Mapping[str, str], _: bool) -> float:
        return 600.0 if place["cloud.region"] == "eu" else 60.0

    store_sums(store, "shop.requests", volume)
    store_sums(
        store,
        "shop.errors",
        lambda place, late: volume(place, late) * (0.3 if late and place == hit else 0.01),
    )

    assert [hit] == named(store)


def test_a_rate_of_success_with_its_volume(store: Store) -> None:
    """Derived measures do not add up: each is turned into failures by its own volume."""
    store_sums(store, "shop.requests", lambda *_: 100.0)
    store_gauge(
        store,
        "shop.success.ratio",
        "1",
        lambda place, late: 0.7 if late and place["app.plan"] == "pro" else 0.995,
    )

    assert [{"app.plan": "pro"}] == named(store)


def searched(metrics: int, now: float, before: float) -> int:
    """How many amounts are searched, where half of each of so many is off its forecast."""
    rows = [
        {
            "service": "shop", "metric": f"shop.orders{n}", "unit": "", "kind": "sum", "attributes": {"plan": plan},
            "now": amount / 2, "before": before / 2, "level": 0.0, "usual": 0.0,
        }
        for n in range(metrics)
        for plan, amount in (("free", now), ("pro", before))
    ]  # fmt: skip
    held = Rows(pa.Table.from_pylist(rows), Provenance("", {}, None, len(rows), 0.0))
    return len([*measures(replace(case(), ask=lambda *_: held), 1.0)])


@pytest.mark.parametrize(
    ("metrics", "now", "before", "expected"),
    [
        (1, 1000 * (1 - 2.02 * FORECAST_OFF), 1000, 1), (1, 1000 * (1 - 1.98 * FORECAST_OFF), 1000, 0),
        (SUMMED_ALONE + 1, 500, 1000, SUMMED_ALONE),
        (1, 0.0, SUMMED_LEAST / 1.5, 1), (1, 0.0, SUMMED_LEAST / 1.5 - 1, 0),
    ],
)  # fmt: skip
def test_amounts_are_searched_that_are_off_their_forecast(
    metrics: int, now: float, before: float, expected: int
) -> None:
    """By FORECAST_OFF of it; SUMMED_ALONE of them; of SUMMED_LEAST in both windows together."""
    assert expected == searched(metrics, now, before)


def test_failures_beyond_the_usual_are_not_said_to_be_usual() -> None:
    """Where the impact is confirmed, the same failures are only spread like the traffic."""
    searched = Searched((), (), float(EVERYONE_FAILURES), 1000.0, ROWS)
    said = [_finding((), searched, None, impact).because for impact in (FAILING.impact, None)]

    assert [False, True] == ["not more than usual" in one for one in said]
    assert all("spread like the traffic" in one for one in said)
