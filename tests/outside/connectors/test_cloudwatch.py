"""Metrics of CloudWatch: which are asked for, by what statistic, and what is left out."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from clouds import cloudwatch as system_of
from clouds import metric
from lastgood.model.window import Window
from lastgood.outside.connectors import cloudwatch as connector
from lastgood.outside.connectors._registry import Asking, Document, Limit
from lastgood.outside.connectors.wire import Wire
from systems import System, running

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "an-example")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")


def fetched(system: System, *parts: str) -> list[Document | Limit]:
    """What comes."""
    with running(system) as url, Wire(url) as wire:
        return list(connector.fetch(wire, Asking(WINDOW, parts=parts)))


def test_what_tells_most_is_asked_for_by_its_statistic() -> None:
    """Not by zone, and nothing without a dimension; the metric stands beside its values."""
    held = [
        metric("AWS/ApplicationELB", "RequestCount", LoadBalancer="app/shop"),
        metric("AWS/ApplicationELB", "RequestCount", LoadBalancer="app/shop", AvailabilityZone="a"),
        metric("AWS/ApplicationELB", "RequestCount"),
        metric("AWS/ApplicationELB", "ConsumedLCUs", LoadBalancer="app/shop"),
        metric("AWS/RDS", "FreeableMemory", DBInstanceIdentifier="ledger-db"),
    ]
    (found,) = fetched(system_of(held))

    assert isinstance(found, Document)
    stats = [one["MetricStat"] for one in orjson.loads(found.content)["MetricDataResults"]]
    assert [("RequestCount", "Sum", 60), ("FreeableMemory", "Minimum", 60)] == [
        (one["Metric"]["MetricName"], one["Stat"], one["Period"]) for one in stats
    ]


def test_all_metrics_of_a_namespace_that_is_named() -> None:
    """Counts are summed; others are means."""
    held = [metric("Shop", "OrderCount"), metric("Shop", "Queue")]
    (found,) = fetched(system_of(held), "Shop")

    assert isinstance(found, Document)
    stats = [one["MetricStat"]["Stat"] for one in orjson.loads(found.content)["MetricDataResults"]]
    assert ["Sum", "Average"] == stats


def test_what_does_not_fit_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the list, and of the series."""
    monkeypatch.setattr(connector, "SERIES", 25)
    held = [metric("Shop", f"M{number}") for number in range(50)]
    found = fetched(system_of(held, at_once=10), "Shop")

    assert [
        "some metrics of Shop were left out: 3 pages of their list are read",
        "5 of 30 series were left out: name namespaces in parts",
    ] == [one.sentence for one in found if isinstance(one, Limit)]


def test_series_that_come_in_part_are_said() -> None:
    """As CloudWatch marks them; an error of one answer costs only its series."""
    system = system_of([metric("Shop", "Queue")])
    whole = system.routes["/"]
    system.routes = {
        "/": lambda given: (
            {
                "MetricDataResults": [
                    {
                        "Id": "m0",
                        "Label": "Queue",
                        "Timestamps": [],
                        "Values": [],
                        "StatusCode": "PartialData",
                    }
                ]
            }
            if "GetMetricData" in given["target"]
            else whole(given)
        )
    }
    assert ["1 series came in part or not at all"] == [
        one.sentence for one in fetched(system, "Shop") if isinstance(one, Limit)
    ]


def test_what_it_holds() -> None:
    """Nothing in a namespace that was named is worth a look at the settings."""
    with running(system_of([metric("Shop", "Queue")])) as url, Wire(url) as wire:
        shop = connector.holds(wire, Asking(WINDOW, parts=("Shop",)))
        none = connector.holds(wire, Asking(WINDOW, parts=("Cart",)))

    assert (("1 metric of Shop", False), True) == ((shop.sentence, shop.empty), none.empty)
