"""Tables of numbers with a time column are metrics without a mapping."""

import pytest

from lastgood.decoding.input import Input
from lastgood.intake import metrics_csv
from outcomes import outcome


def test_units_services_and_clocks_of_a_wide_table() -> None:
    """Cpu(%) is Cpu in %; an empty cell is no value; the epoch beside the time is no metric."""
    found = outcome(
        b"Time,Epoch,service,pod,Cpu(%),Memory [MiB]\n"
        b"2026-11-22T14:00:00Z,1795356000,cart,cart-1,93.5,\n2026-11-22T14:01:00Z,1795356060,cart,cart-1,94,12\n"
    )

    assert ("csv metrics, wide", (3, 2, 1, 0)) == (found.claim.format, found.tally)
    rows = [(r["MetricName"], r["MetricUnit"], r["Value"]) for r in found.rows["otel_metrics_gauge"]]
    assert [("Cpu", "%", 93.5), ("Cpu", "%", 94.0), ("Memory", "MiB", 12.0)] == rows
    first = found.rows["otel_metrics_gauge"][0]
    assert ("cart", {"k8s.pod.name": "cart-1"}) == (first["ServiceName"], dict(first["ResourceAttributes"]))


def test_a_pod_says_whose_a_table_is() -> None:
    """Where no column names a service."""
    found = outcome(b"Time,PodName,CpuUsage(m)\n2026-11-22T14:00:00Z,cart-5f6585d649-fnmft,9\n")

    (row,) = found.rows["otel_metrics_gauge"]
    assert ("cart", {"k8s.pod.name": "cart-5f6585d649-fnmft"}) == (
        row["ServiceName"], dict(row["ResourceAttributes"])
    )  # fmt: skip


def test_a_long_table() -> None:
    """One metric a row; other words are attributes."""
    found = outcome(
        b"timestamp;metric;value;zone;disk\n1700000000;busy;0.5;eu;sda\n1700000060;idle;2;eu;sda\n"
    )

    assert "csv metrics, long" == found.claim.format
    names = [(r["MetricName"], r["Value"]) for r in found.rows["otel_metrics_gauge"]]
    assert [("busy", 0.5), ("idle", 2.0)] == names
    assert {"disk": "sda"} == dict(found.rows["otel_metrics_gauge"][0]["Attributes"])


def test_columns_called_by_service_and_metric() -> None:
    """Whose a value is stands in its column's name, where nothing else says it."""
    header = "time,cart_cpu,cart_mem,db_cpu,db_mem,web_cpu,web_mem,web_latency [ms]"
    found = outcome(f"{header}\n1700000000,1,2,3,4,5,6,7\n1700000060,1,2,3,4,5,6,7\n".encode())

    reported = {
        (r["ServiceName"], r["MetricName"], r["MetricUnit"]) for r in found.rows["otel_metrics_gauge"]
    }
    shared = {(service, metric, "") for service in ("cart", "db", "web") for metric in ("cpu", "mem")}
    assert shared | {("web", "latency", "ms")} == reported


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"time,value\n",
        b"2026-11-22 14:00:00,3\n2026-11-22 14:01:00,4\n",
        b"a,b\n1,2\n",
        b"time,level,message\n2026-11-22 14:00:00,INFO,hello\n",
        b"time,thread,level,logger,code,message\n2026-11-22 14:00:00,t1,INFO,app,7,hello\n",
        b"\x00\x01,\x02\n",
    ],
)
def test_what_is_no_table_of_metrics(content: bytes) -> None:
    """No header, no times, no numbers, or mostly words: another person's."""
    assert None is metrics_csv.recognise(Input(None, "x", content))


def test_numbers_may_be_written_with_their_unit() -> None:
    """As Grafana exports what a panel shows."""
    found = outcome(
        b'"Time","cart","pay"\n2026-11-22 14:40:00,12.3%,1 %\n2026-11-22 14:41:00,98.2%,\n', "panel.csv"
    )
    points = [row for rows in found.rows.values() for row in rows]

    assert [] == found.rejects
    assert [12.3, 98.2, 1.0] == [row["Value"] for row in points]
    assert {"%", " %"} == {row["MetricUnit"] for row in points}


def test_figures_that_could_be_seconds_are_times_only_beside_the_written_time() -> None:
    """A heap of 812,344,123 bytes is none of 1995."""
    found = outcome(
        b'"Time","Used"\n"2026-11-10 10:02:00.123","812344123"\n"2026-11-10 10:03:00.123","912344123"\n',
        "cart heap.csv",
    )
    assert [("Used", 812344123.0, "cart"), ("Used", 912344123.0, "cart")] == [
        (row["MetricName"], row["Value"], row["ServiceName"]) for row in found.rows["otel_metrics_gauge"]
    ]


def test_snapshots_of_statements() -> None:
    """Identities are no measures; what grows is a sum; offsets may have no minutes."""
    found = outcome(
        b'captured_at,queryid,query,calls,mean_exec_time\n2026-11-10 10:02:00+00,81,"SELECT 1",120,10.5\n',
        "ledger-db.csv",
    )
    (calls,), (mean,) = found.rows["otel_metrics_sum"], found.rows["otel_metrics_gauge"]
    assert ("db.query.calls_total", "81") == (calls["MetricName"], dict(calls["Attributes"])["queryid"])
    assert ("db.query.duration.mean", "ms", 10.5, "ledger-db") == (
        mean["MetricName"],
        mean["MetricUnit"],
        mean["Value"],
        mean["ServiceName"],
    )


def test_a_column_that_only_says_value_is_named_by_the_file() -> None:
    """And a host is whose it is, where nothing else is."""
    found = outcome(b"host,timestamp,value\nweb-2,2026-11-10T10:02:00Z,12.5\n", "system.csv")
    (row,) = found.rows["otel_metrics_gauge"]
    assert ("system", "web-2") == (row["MetricName"], row["ServiceName"])


def test_values_of_a_long_table_may_have_units() -> None:
    """As Zabbix writes them."""
    found = outcome(b"Host;Name;Clock;Value\nweb-2;CPU utilization;2026-11-10 10:02:00;92.5 %\n")
    (row,) = found.rows["otel_metrics_gauge"]
    assert ("CPU utilization", "%", 92.5, "web-2") == (
        row["MetricName"],
        row["MetricUnit"],
        row["Value"],
        row["ServiceName"],
    )


def test_a_use_told_in_hundredths_is_in_percent() -> None:
    """And a name of a metric and a service is of both."""
    found = outcome(
        b"Time,CPUUtilization - ledger-db\n2026-11-10T10:02:00Z,12.5\n2026-11-10T10:03:00Z,92.5\n"
    )
    assert {("ledger-db", "CPUUtilization", "%")} == {
        (row["ServiceName"], row["MetricName"], row["MetricUnit"]) for row in found.rows["otel_metrics_gauge"]
    }


def test_lines_with_commas_are_no_table() -> None:
    """Milliseconds behind a comma and figures in the text: what stands first is a line, and names no columns."""
    lines = [f"2026-11-22 14:00:0{n},25{n} INFO  [worker-{n}] Orders - order {n}1 kept, {n} lines, 74.86 EUR, store 142" for n in range(1, 6)]  # fmt: skip

    found = outcome("\n".join(lines).encode())

    assert "otel_logs" in found.rows
    assert 5 == len(found.rows["otel_logs"])
    assert {"INFO"} == {row["SeverityText"] for row in found.rows["otel_logs"]}
