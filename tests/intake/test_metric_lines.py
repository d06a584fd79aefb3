"""Metrics a line each."""

import pytest

from lastgood.decoding.input import Input
from lastgood.intake import metric_lines
from outcomes import outcome

FORMS = {
    "InfluxDB line protocol": (b'cpu,host=web-2,cpu=cpu-total usage_user=12.5,cores=8i,state="a b" 1794304920000000000\n', {("web-2", "cpu.usage_user", 12.5, "%"), ("web-2", "cpu.cores", 8.0, "")}),
    "samples with times": (b'node_load1{instance="web-2:9100"} 1.5 1794304920000\n', {("web-2", "node_load1", 1.5, "")}),
    "Graphite raw": (b"servers.web-2.cpu.user,1794304920,1794305040,60|12.5,None\n", {("web-2", "cpu.user", 12.5, "")}),
    "Graphite CSV": (b"servers.web-2.cpu.user,2026-11-10 10:02:00,12.5\nservers.web-2.cpu.user,2026-11-10 10:03:00,\n", {("web-2", "cpu.user", 12.5, "")}),
    "promtool query": (b'up{job="cart", instance="a:1"} =>\n1 @[1794304920]\nNaN @[1794304980.5]\n', {("cart", "up", 1.0, "")}),
    "statsd": (b"2026-11-10T10:02:00Z cart.latency:120|ms|#service:cart\n2026-11-10T10:02:00Z cart.requests:2|c|@0.5|#service:cart\n",
               {("cart", "cart.latency", 120.0, "ms"), ("cart", "cart.requests", 4.0, "")}),
    "Zabbix history as text": (b"web-2: CPU utilization\n2026-11-10 10:02:00 1794304920 92.5\n", {("web-2", "CPU utilization", 92.5, "%")}),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_each_form(name: str) -> None:
    """Its values at their times, whose they are and in what unit; what is stale is left out."""
    content, expected = FORMS[name]
    found = outcome(content, "export")
    rows = [row for rows in found.rows.values() for row in rows]

    assert (name, []) == (found.claim.format, found.rejects)
    assert expected == {
        (row["ServiceName"], row["MetricName"], row["Value"], row["MetricUnit"]) for row in rows
    }
    assert {1794304920} == {int(row["TimeUnix"].timestamp()) for row in rows}
    assert found.balanced


def test_a_plain_path_of_graphite_may_have_tags() -> None:
    """And the name of the file says whose it is, where nothing else does."""
    found = outcome(b"cpu.user;host=web-2;dc=eu 12.5 1794304920\n# a comment\n\n", "ledger-cpu.txt")
    (row,) = found.rows["otel_metrics_gauge"]
    assert ("web-2", {"dc": "eu"}) == (row["ServiceName"], dict(row["Attributes"]))
    assert (3, 1, 1, 1) == found.tally
    (named,) = outcome(b"cpu.user 12.5 1794304920\n", "ledger-cpu.txt").rows["otel_metrics_gauge"]
    assert "ledger" == named["ServiceName"]


def test_a_line_in_another_form_is_a_reject() -> None:
    """Among many that are."""
    found = outcome(b"a.b 1 1794304920\n" * 20 + b"what is this\n")
    assert ["not a sample: it is not in the form of samples with times"] == [
        reject.reason for reject in found.rejects
    ]
    assert found.balanced


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"# only comments\n",
        b"the job took 12 1794304920\nit went\n",
        b"2026-11-10 10:02:00 INFO a 1\n",
        b"\0\1\2",
    ],
)
def test_what_is_none_of_them(content: bytes) -> None:
    """Prose, logs, bytes."""
    assert None is metric_lines.recognise(Input(None, "x", content))
