"""Tables of figures as consoles export them."""

from datetime import UTC, datetime

import pytest

from lastgood.decoding.input import Input
from lastgood.decoding.moments import ORDER_UNKNOWN
from lastgood.intake import metric_tables
from outcomes import Outcome, outcome


def points(found: Outcome) -> list[tuple[str, str, str, float]]:
    """Service, metric, unit and value of every point."""
    return [
        (row["ServiceName"], row["MetricName"], row["MetricUnit"], row["Value"])
        for row in found.rows["otel_metrics_gauge"]
    ]


def test_windows_performance_monitor() -> None:
    """The zone is in the heading, the host in the counters' paths; blanks are no values."""
    found = outcome(
        b'"(PDH-CSV 4.0) (W. Europe Standard Time)(-60)","\\\\WEB07\\Processor(_Total)\\% Processor Time","\\\\WEB07\\System\\Processor Queue Length"\r\n'
        b'"11/10/2026 11:02:00.000","92.5"," "\r\n'
    )

    assert [("WEB07", "system.cpu.utilization", "1", 0.925)] == points(found)
    assert datetime(2026, 11, 10, 10, 2, tzinfo=UTC) == found.rows["otel_metrics_gauge"][0]["TimeUnix"]
    assert ("table of a console", (2, 1, 1, 0)) == (found.claim.format, found.tally)


def test_grafana() -> None:
    """The separator in a line of its own, units of several sizes, labels in names."""
    marked = outcome(
        b'sep=;\r\n"Time";"cart";"pay"\r\n"2026-11-10 10:02:00";12.5%;1%\r\n',
        "CPU usage-data-2026-11-10 10_02_00.csv",
    )
    sized = outcome(b'"Time","p99 cart"\n2026-11-10 10:02:00,950 ms\n2026-11-10 10:03:00,2.5 s\n')
    labelled = outcome(b'"Time","cpu_usage{host=""web-2"", mode=""user""}"\n1794304920000,12.5\n')

    assert [("cart", "CPU usage", "%", 12.5), ("pay", "CPU usage", "%", 1.0)] == points(marked)
    assert [0.95, 2.5] == [value for *_, value in points(sized)]
    assert [("web-2", "cpu_usage", "", 12.5)] == points(labelled)


def test_sadf() -> None:
    """The same names as of sar's text."""
    found = outcome(
        b"# hostname;interval;timestamp;CPU;%user;%iowait;%idle\nweb-2;600;2026-11-10 10:02:00 UTC;-1;91.5;0.5;8.0\n"
    )
    assert ("web-2", "system.cpu.utilization", "1", 0.915) in points(found)
    assert not any("interval" in metric for _, metric, *_ in points(found))


def test_what_is_no_figure_or_no_time_is_a_reject() -> None:
    """With its line."""
    rows = b"11/22/2026 10:02 AM,12.5\n" * 70
    found = outcome(b"Time,web-2 Percentage CPU (Avg)\n" + rows + b"11/22/2026 10:03 AM,high\nnoon,1\n")
    assert [72, 73] == [reject.line for reject in found.rejects]
    assert found.balanced


def test_a_date_that_may_be_of_two_days_is_refused_with_a_reason() -> None:
    """The tenth of November or the eleventh of October: neither is today."""
    found = outcome(b"Time,web-2 Percentage CPU (Avg)\n11/10/2026 10:02 AM,12.5\n")
    assert [ORDER_UNKNOWN] == [reject.reason for reject in found.rejects]


@pytest.mark.parametrize("content", [b"", b"{}", b"time,cpu\n2026-11-10 10:02:00,12\n", b"\0\1"])
def test_what_is_none(content: bytes) -> None:
    """Plain tables are others'."""
    assert None is metric_tables.recognise(Input(None, "x", content))
