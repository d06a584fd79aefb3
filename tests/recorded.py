"""The world of a scenario as a recording in OTLP: what the Collector's file exporter writes, a request a line."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from scenario_language.world import Row, World

KINDS = {"Internal": 1, "Server": 2, "Client": 3, "Producer": 4, "Consumer": 5}
STATUS = {"Unset": 0, "Ok": 1, "Error": 2}
START = datetime(1970, 1, 1, tzinfo=UTC)


def record(world: World, folder: Path, *, entry: str) -> None:
    """Logs, with the access log of a service at the entry; spans; metrics; changes."""
    folder.mkdir(parents=True)
    entries = (row for row in world["otel_traces"] if not row["ParentSpanId"])
    lines = [*map(_line, world["otel_logs"]), *(_access(row, entry) for row in entries)]
    _write(folder / "logs.jsonl", "resourceLogs", "scopeLogs", "logRecords", lines)
    _write(folder / "traces.jsonl", "resourceSpans", "scopeSpans", "spans", map(_span, world["otel_traces"]))
    _write(
        folder / "metrics.jsonl",
        "resourceMetrics",
        "scopeMetrics",
        "metrics",
        map(_gauge, world["otel_metrics_gauge"]),
    )
    (folder / "changes.ndjson").write_text(
        "".join(f"{json.dumps(_change(row))}\n" for row in world["lg_changes"])
    )


Item = tuple[Mapping[str, str], dict[str, Any]]  # the resource, and what is of it


def _write(path: Path, resources: str, scopes: str, items: str, found: Iterable[Item]) -> None:
    with path.open("w") as out:
        for resource, item in found:
            one = {"resource": {"attributes": _attributes(resource)}, scopes: [{"scope": {}, items: [item]}]}
            out.write(json.dumps({resources: [one]}) + "\n")


def _line(row: Row) -> Item:
    return _resource(row), {
        "timeUnixNano": _nanoseconds(row["Timestamp"]), "severityText": row["SeverityText"],
        "severityNumber": row["SeverityNumber"], "body": {"stringValue": row["Body"]},
        "attributes": _attributes(dict(row["LogAttributes"])), "traceId": row["TraceId"], "spanId": row["SpanId"],
    }  # fmt: skip


def _access(row: Row, service: str) -> Item:
    """A request as its access log has it, written when the answer has gone out."""
    told, (method, _, path) = dict(row["SpanAttributes"]), row["SpanName"].partition(" ")
    status = told.get("http.response.status_code") or ("500" if row["StatusCode"] == "Error" else "200")
    about = {
        **told, "http.request.method": method, "url.path": path, "http.response.status_code": status,
        "duration_ms": str(row["Duration"] / 1e6),
    }  # fmt: skip
    return {"service.name": service}, {
        "timeUnixNano": str(int(_nanoseconds(row["Timestamp"])) + row["Duration"]), "severityText": "INFO", "severityNumber": 9,
        "body": {"stringValue": f"{row['SpanName']}: {status}"}, "attributes": _attributes(about), "traceId": row["TraceId"],
    }  # fmt: skip


def _span(row: Row) -> Item:
    start = int(_nanoseconds(row["Timestamp"]))
    return _resource(row), {
        "traceId": row["TraceId"], "spanId": row["SpanId"], "name": row["SpanName"], "kind": KINDS[row["SpanKind"]],
        "startTimeUnixNano": str(start), "endTimeUnixNano": str(start + row["Duration"]),
        "attributes": _attributes(dict(row["SpanAttributes"])), "status": {"code": STATUS[row["StatusCode"]], "message": row["StatusMessage"]},
        **({"parentSpanId": row["ParentSpanId"]} if row["ParentSpanId"] else {}),
    }  # fmt: skip


def _gauge(row: Row) -> Item:
    point = {
        "timeUnixNano": _nanoseconds(row["TimeUnix"]),
        "asDouble": row["Value"],
        "attributes": _attributes(dict(row.get("Attributes", ()))),
    }
    return _resource(row), {"name": row["MetricName"], "gauge": {"dataPoints": [point]}}


def _change(row: Row) -> dict[str, str]:
    told = {
        "time": row["Timestamp"].isoformat(), "kind": row["Kind"], "service": row["Service"], "id": row["Id"],
        "title": row["Title"], "version": row["Version"], "previous_version": row["PreviousVersion"],
    }  # fmt: skip
    return {name: value for name, value in told.items() if value}


def _resource(row: Row) -> dict[str, str]:
    return {"service.name": row["ServiceName"], **dict(row["ResourceAttributes"])}


def _attributes(pairs: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"key": key, "value": {"stringValue": value}} for key, value in pairs.items()]


def _nanoseconds(time: datetime) -> str:
    return str((time - START) // timedelta(microseconds=1) * 1000)
