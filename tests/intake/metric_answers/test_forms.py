"""The answers of monitoring systems, each in a few words of its own."""

from typing import Any

import pytest

from lastgood.intake.metric_answers.forms import FORMS, aws_named, graphite_named, unit_of

AT = 1794304920
NS = AT * 1_000_000_000
ISO = "2026-11-10T10:02:00Z"
ANSWERS: dict[str, tuple[Any, tuple[str, float, str, str]]] = {
    "Grafana frames": (
        {"series": [{"fields": [{"name": "Time", "type": "time", "values": [AT * 1000]}, {"name": "Value", "type": "number", "config": {"unit": "percentunit"},
         "labels": {"__name__": "cpu_ratio", "service": "cart"}, "values": [0.5]}]}]},
        ("cpu_ratio", 0.5, "1", ""),
    ),
    "CloudWatch": (
        {"MetricDataResults": [{"Id": "m1", "Label": "ledger-db CPUUtilization", "Timestamps": [ISO], "Values": [97.0]}]},
        ("CPUUtilization", 97.0, "%", "ledger-db"),
    ),
    "Datadog series": (
        {"data": {"type": "timeseries_response", "attributes": {"series": [{"group_tags": ["service:cart"], "unit": [{"name": "second"}, None]}], "times": [AT * 1000], "values": [[2.4]]}}},
        ("latency", 2.4, "s", ""),
    ),
    "Azure Monitor": (
        {"value": [{"id": "/subscriptions/s/providers/Microsoft.Compute/virtualMachines/web-2/providers/Microsoft.Insights/metrics/x", "name": {"value": "Percentage CPU"},
         "unit": "Percent", "timeseries": [{"data": [{"timeStamp": ISO, "average": 92.0}, {"timeStamp": ISO}], "metadatavalues": []}]}]},
        ("Percentage CPU", 92.0, "%", "web-2"),
    ),
    "Google Cloud Monitoring": (
        {"timeSeries": [{"metric": {"type": "compute.googleapis.com/instance/cpu/utilization", "labels": {"instance_name": "web-2"}}, "metricKind": "GAUGE",
         "points": [{"interval": {"endTime": ISO}, "value": {"doubleValue": 0.93}}]}], "unit": "10^2.%"},
        ("compute.googleapis.com/instance/cpu/utilization", 0.93, "1", "web-2"),
    ),
    "New Relic": (
        {"data": {"actor": {"account": {"nrql": {"results": [{"beginTimeSeconds": AT, "endTimeSeconds": AT + 60, "facet": "cart", "average.duration": 2.4}]}}}}},
        ("average.duration", 2.4, "", "cart"),
    ),
    "Graphite": ({"target": "servers.web-2.cpu.total", "datapoints": [[93.0, AT], [None, AT + 60]]}, ("cpu.total", 93.0, "", "web-2")),
    "Zabbix history": ({"itemid": "7", "clock": str(AT), "ns": "0", "value": "92.1", "key_": "system.cpu.util"}, ("system.cpu.util", 92.1, "%", "")),
    "OpenTSDB": ({"metric": "cpu", "tags": {"host": "web-2"}, "dps": {str(AT): 12}}, ("cpu", 12.0, "", "")),
    "series of Prometheus": ({"metric": {"__name__": "up"}, "values": [1.0], "timestamps": [AT * 1000]}, ("up", 1.0, "", "")),
    "InfluxDB": ({"results": [{"series": [{"name": "cpu", "columns": ["time", "mean"], "values": [[ISO, 12.5]]}]}]}, ("cpu.mean", 12.5, "", "")),
    "Telegraf": ({"fields": {"load1": 2.5, "uptime_format": "1 day"}, "name": "system", "tags": {"host": "a"}, "timestamp": AT}, ("system.load1", 2.5, "", "")),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_each_answer(name: str) -> None:
    """One value, at the same time; values that are null are left out."""
    document, expected = ANSWERS[name]
    (form,) = (form for form in FORMS if form.name == name)
    (sample,) = form.samples(document, "latency")

    assert (expected, NS) == ((sample.name, sample.value, sample.unit, sample.otherwise), sample.time)


def test_a_statistic_is_no_part_of_a_name() -> None:
    """Which one it is keeps two series of one metric apart."""
    series = [
        {"Label": f"seats MemoryUtilization {how}", "Timestamps": [ISO], "Values": [9.0]}
        for how in ("Average", "Maximum")
    ]
    (form,) = (form for form in FORMS if form.name == "CloudWatch")
    samples = list(form.samples({"MetricDataResults": series}, "x"))

    assert [("seats", {"statistic": "Average"}), ("seats", {"statistic": "Maximum"})] == [
        (one.otherwise, dict(one.labels)) for one in samples
    ]


def test_every_form_is_tried() -> None:
    """But sadf's, which is tested beside its module."""
    assert {form.name for form in FORMS} == {*ANSWERS, "sadf"}


def test_names() -> None:
    """Of CloudWatch's labels and Graphite's paths; units as others spell them."""
    assert ("CPUUtilization", "ledger db", "%") == aws_named("ledger CPUUtilization db")
    assert ("latency", "", "") == aws_named("latency")
    assert ("MemoryUtilization", "seats Maximum", "%") == aws_named("seats MemoryUtilization Maximum")
    assert ("cpu.user", "web-2") == graphite_named("prod.servers.web-2.cpu.user")
    assert ("cart.requests", "") == graphite_named("cart.requests")
    assert ("%", "By", "furlongs") == (unit_of("Percent"), unit_of("bytes"), unit_of("furlongs"))


def test_a_series_that_was_asked_for_is_named_by_its_metric() -> None:
    """Whose it is, the most exact of its dimensions says, however that is spelt."""
    dimensions = [
        {"Name": "ClusterName", "Value": "main"},
        {"Name": "ServiceName", "Value": "CheckoutApiHandler"},
    ]
    metric = {"Namespace": "AWS/ECS", "MetricName": "CPUUtilization", "Dimensions": dimensions}
    series = {
        "Id": "m0", "Label": "CheckoutApiHandler CPUUtilization", "Timestamps": [1795359600.0], "Values": [97.0],
        "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Average"},
    }  # fmt: skip
    form = next(one for one in FORMS if one.name == "CloudWatch")
    (sample,) = form.samples({"MetricDataResults": [series]}, "x")

    assert ("CPUUtilization", "CheckoutApiHandler", "%", 97.0) == (
        sample.name,
        sample.otherwise,
        sample.unit,
        sample.value,
    )
    assert {
        "ClusterName": "main",
        "ServiceName": "CheckoutApiHandler",
        "statistic": "Average",
    } == sample.labels
    assert 1795359600 * 10**9 == sample.time


@pytest.mark.parametrize(
    "name", ["HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count", "5XXError", "RequestCount"]
)
@pytest.mark.parametrize("whose", ["", "api", "api-east"])
def test_whose_a_metric_is_stands_before_its_name(name: str, whose: str) -> None:
    """Names with underscores, and those that begin with a digit, are whole."""
    assert (name, whose, "") == aws_named(f"{whose} {name}".strip())
