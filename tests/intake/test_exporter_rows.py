"""Rows of the exporter's tables as JSON: each goes to the table that it came from."""

import json

from intake.seeds import SEEDS
from outcomes import outcome


def test_a_span_keeps_its_events_and_its_nanoseconds() -> None:
    """A number as a text is a number."""
    (span,) = outcome(SEEDS["exporter spans"], "otel_traces.json").rows["otel_traces"]

    assert ("2026-11-22T14:05:01.500000+00:00", 1000, ["e"], [[("a", "b")]]) == (
        span["Timestamp"].isoformat(), span["Duration"], span["Events.Name"], span["Events.Attributes"]
    )  # fmt: skip


def test_a_line_keeps_its_attributes() -> None:
    """And what is of the resource beside them."""
    (line,) = outcome(SEEDS["exporter lines"], "otel_logs.json").rows["otel_logs"]

    assert ("web", "a", 17, [("b", "c")]) == (
        line["ServiceName"], line["Body"], line["SeverityNumber"], line["ResourceAttributes"]
    )  # fmt: skip


def test_points_are_gauges_or_sums() -> None:
    """By whether they say that they only grow; a name of an older exporter counts too."""
    row = json.loads(SEEDS["exporter sums"])
    older = {name: value for name, value in row.items() if name != "AggregationTemporality"} | {"AggTemp": 1}
    found = outcome(f"{json.dumps(row)}\n{json.dumps(older)}\n".encode(), "otel_metrics_sum.json")

    assert [2, 1] == [one["AggregationTemporality"] for one in found.rows["otel_metrics_sum"]]
    assert ["otel_metrics_gauge"] == list(outcome(SEEDS["exporter gauges"], "otel_metrics_gauge.json").rows)
    assert found.balanced
