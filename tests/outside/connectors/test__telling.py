"""Names of metrics: which are asked for first."""

from lastgood.outside.connectors._telling import rank


def test_requests_and_failures_come_before_saturation_and_what_monitors_itself() -> None:
    """A bucket is many series, and comes late."""
    names = ["go_goroutines", "node_cpu_seconds", "http_request_duration_seconds_bucket", "x", "queue_length",
             "job_errors", "http_requests_total", "up"]  # fmt: skip

    assert ["up", "http_requests_total", "job_errors"] == sorted(names, key=rank)[:3]
    assert ["x", "http_request_duration_seconds_bucket", "go_goroutines"] == sorted(names, key=rank)[-3:]
