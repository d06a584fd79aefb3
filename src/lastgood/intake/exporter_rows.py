"""Rows of the tables that the OpenTelemetry Collector's ClickHouse exporter fills, as `FORMAT JSONEachRow` prints them.

Log lines, spans, gauges and sums, by the names of their columns; times that say no zone are UTC. What a table has beyond these is
left out.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Any

from lastgood.decoding.change import decoded, glimpses
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.instants import iso
from lastgood.decoding.words import span_kind, status_code
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal
from lastgood.telemetry.tables import GAUGES, LOGS, SPANS, SUMS, StoreTable

_LINE = frozenset({"Timestamp", "Body", "SeverityText", "ServiceName", "ResourceAttributes", "LogAttributes"})
_SPAN = frozenset(
    {"Timestamp", "TraceId", "SpanName", "ServiceName", "ResourceAttributes", "SpanAttributes", "Duration"}
)
_POINT = frozenset({"TimeUnix", "MetricName", "ServiceName", "ResourceAttributes", "Attributes", "Value"})
_NAMES = {"log lines": _LINE, "spans": _SPAN, "points": _POINT}


def recognise(given: Input) -> Claim | None:
    """JSON whose first object has the columns of one of these tables."""
    for row in glimpses(given, 1):
        for name, columns in _NAMES.items():
            if row.keys() >= columns:
                return Claim(f"{name} of the exporter", 0.98, f"its first row has the columns of {name}")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """The rows as they are."""
    del claim, settings
    return decoded(given, (), _rows)


def _rows(row: Mapping[str, Any]) -> Iterator[tuple[StoreTable, dict[str, Any]]]:
    if row.keys() >= _SPAN:
        yield SPANS, _span(row)
    elif row.keys() >= _LINE:
        yield LOGS, _line(row)
    else:
        sums = "IsMonotonic" in row
        yield (SUMS if sums else GAUGES), _point(row) | (_sum(row) if sums else {})


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    texts = ("TraceId", "SpanId", "SeverityText", "ServiceName", "Body", "ScopeName", "EventName")
    return {
        "Timestamp": _moment(row["Timestamp"]),
        **{name: str(row.get(name) or "") for name in texts},
        "SeverityNumber": int(row.get("SeverityNumber") or 0),
        "ResourceAttributes": row["ResourceAttributes"],
        "LogAttributes": row["LogAttributes"],
    }


def _span(row: Mapping[str, Any]) -> dict[str, Any]:
    texts = (
        "TraceId", "SpanId", "ParentSpanId", "TraceState", "SpanName", "ServiceName", "ScopeName", "ScopeVersion", "StatusMessage",
    )  # fmt: skip
    return {
        "Timestamp": _moment(row["Timestamp"]),
        **{name: str(row.get(name) or "") for name in texts},
        "SpanKind": span_kind(str(row.get("SpanKind") or "")),
        "StatusCode": status_code(str(row.get("StatusCode") or "")),
        "Duration": max(int(row["Duration"]), 0),
        "ResourceAttributes": row["ResourceAttributes"],
        "SpanAttributes": row["SpanAttributes"],
        "Events.Timestamp": [_moment(one) for one in row.get("Events.Timestamp") or ()],
        "Events.Name": row.get("Events.Name") or [],
        "Events.Attributes": row.get("Events.Attributes") or [],
    }


def _point(row: Mapping[str, Any]) -> dict[str, Any]:
    texts = ("ScopeName", "ServiceName", "MetricName", "MetricDescription", "MetricUnit")
    at = _moment(row["TimeUnix"])
    return {
        "ResourceAttributes": row["ResourceAttributes"],
        **{name: str(row.get(name) or "") for name in texts},
        "Attributes": row["Attributes"],
        "StartTimeUnix": _moment(row["StartTimeUnix"]) if row.get("StartTimeUnix") else at,
        "TimeUnix": at,
        "Value": float(row["Value"]),
    }


def _sum(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "AggregationTemporality": int(row.get("AggregationTemporality") or row.get("AggTemp") or 0),
        "IsMonotonic": bool(row["IsMonotonic"]),
    }


def _moment(written: Any) -> int:
    found = iso(UTC)(str(written))
    if found is None:
        raise ValueError(f"{str(written)[:40]!r} is not a time")
    return found


SOURCE = Source("exporter_rows", frozenset({Signal.LOGS, Signal.SPANS, Signal.METRICS}), recognise, decode)
