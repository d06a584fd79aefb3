"""Metrics as text, in both dialects, with bad lines between."""

from hypothesis import given
from hypothesis import strategies as st

from lastgood.decoding.input import Claim
from lastgood.intake import openmetrics
from outcomes import NOW, outcome

OLD = b"""# HELP http_requests_total Requests so far.
# TYPE http_requests_total counter
http_requests_total{service="cart",code="503"} 3 1700000000500
http_requests_total{service="cart",code="200"} many
# TYPE queue_depth gauge

queue_depth 7
# TYPE took_seconds histogram
took_seconds_bucket{le="+Inf"} 4
took_seconds_sum 8
"""
NEW = b"""# TYPE took_seconds summary
# UNIT took_seconds seconds
took_seconds{quantile="0.5"} 0.25 1700000000.5
took_seconds_count 4 1700000000.5 # {trace_id="abc"} 0.67
took_seconds_created 1600000000
# EOF
"""


def test_prometheus_text() -> None:
    """Milliseconds, now where no time is given, counters and parts of histograms as cumulative sums."""
    found = outcome(OLD)

    assert ("prometheus text", (10, 4, 4, 1), 4) == (found.claim.format, found.tally, found.rejects[0].line)
    assert found.balanced
    hits, bucket, total = found.rows["otel_metrics_sum"]
    assert (1_700_000_000_500_000_000, "Requests so far.", "cart", True) == (
        hits["TimeUnix"].value, hits["MetricDescription"], hits["ServiceName"], hits["IsMonotonic"],
    )  # fmt: skip
    assert ["took_seconds_bucket", "took_seconds_sum"] == [bucket["MetricName"], total["MetricName"]]
    (depth,) = found.rows["otel_metrics_gauge"]
    assert (7.0, NOW) == (depth["Value"], depth["TimeUnix"])


def test_openmetrics() -> None:
    """Seconds, units, exemplars cut off, creation times left out."""
    found = outcome(NEW)

    assert ("openmetrics", (6, 2, 3, 1)) == (found.claim.format, found.tally)
    (quantile,) = found.rows["otel_metrics_gauge"]
    assert ("seconds", 1_700_000_000_500_000_000) == (quantile["MetricUnit"], quantile["TimeUnix"].value)
    assert [4.0] == [row["Value"] for row in found.rows["otel_metrics_sum"]]


@given(st.binary() | st.text('a_{}="# 1.eTYPEcounter\n').map(str.encode))
def test_nothing_crashes(content: bytes) -> None:
    """Any bytes after a good line are accounted for."""
    claim = Claim("prometheus text", 1, "")
    assert outcome(b"a 1\n" + content, by=(openmetrics.SOURCE, claim)).balanced


def test_a_kept_page_is_of_the_time_that_a_comment_tells() -> None:
    """Whoever kept it wrote when; without that it is of now."""
    page = b"# taken 2026-11-22T13:05:00Z by hand\n# TYPE up gauge\nup 1\n"
    (read,) = outcome(page, "page.prom").rows["otel_metrics_gauge"]
    assert "2026-11-22T13:05:00+00:00" == read["TimeUnix"].isoformat()
