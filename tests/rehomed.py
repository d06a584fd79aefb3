"""A recording in OTLP as a team's systems would hold it: series of Prometheus, streams of Loki, traces of Tempo.

What each keeps and what it loses follows the documentation: OpenTelemetry's compatibility with Prometheus
(https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/), Loki's OTLP ingestion
(https://grafana.com/docs/loki/latest/send-data/otel/), and Tempo's query API.
"""

import base64
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prometheus import prometheus
from systems import Entry, Trace, loki, running, tempo

UNITS = {"s": "seconds", "ms": "milliseconds", "By": "bytes"}
# Resource attributes that Loki makes labels of a stream; all others are structured metadata of a line.
INDEXED = frozenset(
    {"service.name", "service.namespace", "deployment.environment.name", "k8s.namespace.name"}
)
ID_FIELDS = frozenset({"traceId", "spanId", "parentSpanId"})
KINDS = ("UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER")
CODES = ("UNSET", "OK", "ERROR")
ERROR = CODES.index("ERROR")


@contextmanager
def homes(record: Path) -> Iterator[dict[str, str]]:
    """A real Prometheus, and a Loki and a Tempo by their documented APIs, that hold a recording; their addresses by kind."""
    with (
        prometheus(series(record)) as metrics,
        running(loki(entries(record))) as logs,
        running(tempo(traces(record))) as spans,
    ):
        yield {"prometheus": metrics, "loki": logs, "tempo": spans}


def settings(addresses: Mapping[str, str]) -> str:
    """A lastgood.toml with all of them as one source, `prod`."""
    return "".join(
        f'[[source]]\nname = "prod"\nkind = "{kind}"\nurl = "{url}"\n\n' for kind, url in addresses.items()
    )


def elsewhere(record: Path) -> list[Path]:
    """What none of the three holds: changes, alerts, a status page."""
    return sorted(path for path in record.iterdir() if path.suffix in {".ndjson", ".json"})


def end_of(record: Path) -> datetime:
    """The first whole second after the last log line."""
    return datetime.fromtimestamp(max(one.at for one in entries(record)) // 10**9 + 1, UTC)


def requests(path: Path) -> Iterator[dict[str, Any]]:
    """The requests of a file, a line each."""
    for line in path.read_text().splitlines():
        yield json.loads(line)


def series(record: Path) -> str:
    """The metrics in OpenMetrics, with `job` and `instance` of the resource."""
    families: dict[tuple[str, str], dict[str, dict[float, str]]] = {}
    for request in requests(record / "metrics.jsonl"):
        for resource in request["resourceMetrics"]:
            whose = attributes(resource["resource"])
            own = {"job": whose["service.name"], "instance": whose.get("service.instance.id", "")}
            about = {
                _plain(key): text
                for key, text in whose.items()
                if key not in {"service.name", "service.instance.id"}
            }
            for scope in resource["scopeMetrics"]:
                for metric in scope["metrics"]:
                    for family, kind, name, labels, at, value in _samples(metric):
                        rows = families.setdefault((family, kind), {})
                        rows.setdefault(_shown(name, own | labels), {})[at] = value
                        info = families.setdefault(("target", "info"), {})
                        info.setdefault(_shown("target_info", own | about), {})[at] = "1"
    lines = []
    for (family, kind), rows in families.items():
        lines.append(f"# TYPE {family} {kind}")
        for name, values in rows.items():
            lines += [f"{name} {values[at]} {at:.3f}" for at in sorted(values)]
    return "\n".join([*lines, "# EOF", ""])


def _samples(metric: Mapping[str, Any]) -> Iterator[tuple[str, str, str, dict[str, str], float, str]]:
    """Family, type, name, labels, time in seconds and value of each."""
    family = "_".join(filter(None, (_plain(metric["name"]), UNITS.get(metric.get("unit", ""), ""))))
    for point in metric.get("gauge", metric.get("sum", {})).get("dataPoints", ()):
        counter = metric.get("sum", {}).get("isMonotonic", False)
        value = str(point.get("asDouble", point.get("asInt")))
        name = f"{family}_total" if counter else family
        yield family, "counter" if counter else "gauge", name, _labels(point), _seconds(point), value
    for point in metric.get("histogram", {}).get("dataPoints", ()):
        labels, at, total = _labels(point), _seconds(point), 0
        for bound, count in zip([*point["explicitBounds"], "+Inf"], point["bucketCounts"], strict=True):
            total += int(count)
            yield family, "histogram", f"{family}_bucket", labels | {"le": str(bound)}, at, str(total)
        yield family, "histogram", f"{family}_count", labels, at, str(point["count"])
        yield family, "histogram", f"{family}_sum", labels, at, str(point["sum"])


def entries(record: Path) -> list[Entry]:
    """The log records as entries of Loki."""
    found = []
    for request in requests(record / "logs.jsonl"):
        for resource in request["resourceLogs"]:
            whose = attributes(resource["resource"])
            labels = {_plain(key): text for key, text in whose.items() if key in INDEXED}
            shared = {_plain(key): text for key, text in whose.items() if key not in INDEXED}
            for scope in resource["scopeLogs"]:
                found += [
                    Entry(int(one["timeUnixNano"]), labels, text(one["body"]), shared | _metadata(scope, one))
                    for one in scope["logRecords"]
                ]
    return found


def _metadata(scope: Mapping[str, Any], one: Mapping[str, Any]) -> dict[str, str]:
    severity = one.get("severityText", "")
    own = {
        "scope_name": scope.get("scope", {}).get("name", ""), "observed_timestamp": one.get("observedTimeUnixNano", ""),
        "severity_number": str(one.get("severityNumber", "")), "severity_text": severity,
        "detected_level": severity.lower(), "trace_id": one.get("traceId", ""), "span_id": one.get("spanId", ""),
    }  # fmt: skip
    return {
        **{_plain(key): value for key, value in attributes(one).items()},
        **{k: v for k, v in own.items() if v},
    }


def traces(record: Path) -> list[Trace]:
    """The spans as traces of Tempo, whose JSON has ids in base64 and enumerations by name."""
    batches: dict[str, list[Any]] = defaultdict(list)
    for request in requests(record / "traces.jsonl"):
        for resource in request["resourceSpans"]:
            for scope in resource["scopeSpans"]:
                parts: dict[str, list[Any]] = defaultdict(list)
                for span in scope["spans"]:
                    parts[span["traceId"]].append(span)
                for name, spans in parts.items():
                    batches[name].append(
                        {"resource": resource["resource"], "scopeSpans": [{**scope, "spans": spans}]}
                    )
    return [_trace(name, parts) for name, parts in batches.items()]


def _trace(name: str, batches: list[Any]) -> Trace:
    spans = [span for batch in batches for scope in batch["scopeSpans"] for span in scope["spans"]]
    states = frozenset(span.get("status", {}).get("code", 0) == ERROR for span in spans)
    services = frozenset(attributes(batch["resource"])["service.name"] for batch in batches)
    start = min(int(span["startTimeUnixNano"]) for span in spans)
    end = max(int(span["endTimeUnixNano"]) for span in spans)
    return Trace(name, start, end, states, services, [_in_tempo(batch) for batch in batches])


def _in_tempo(batch: Mapping[str, Any]) -> dict[str, Any]:
    scopes = [
        {**scope, "spans": [_span_in_tempo(span) for span in scope["spans"]]} for scope in batch["scopeSpans"]
    ]
    return {**batch, "scopeSpans": scopes}


def _span_in_tempo(span: Mapping[str, Any]) -> dict[str, Any]:
    ids = {key: base64.b64encode(bytes.fromhex(span[key])).decode() for key in ID_FIELDS & {*span}}
    status = dict(span.get("status", {}))
    if "code" in status:
        status["code"] = f"STATUS_CODE_{CODES[status['code']]}"
    return {**span, **ids, "kind": f"SPAN_KIND_{KINDS[span.get('kind', 0)]}", "status": status}


def attributes(of: Mapping[str, Any]) -> dict[str, str]:
    """Attributes as texts."""
    return {one["key"]: text(one["value"]) for one in of.get("attributes", ())}


def text(value: Mapping[str, Any]) -> str:
    """An AnyValue as text."""
    inner = next(iter(value.values()), "")
    if isinstance(inner, bool):
        return str(inner).lower()
    return json.dumps(inner) if isinstance(inner, dict | list) else str(inner)


def _labels(point: Mapping[str, Any]) -> dict[str, str]:
    return {_plain(key): value for key, value in attributes(point).items()}


def _seconds(point: Mapping[str, Any]) -> float:
    return int(point["timeUnixNano"]) // 10**6 / 1000


def _plain(name: str) -> str:
    return re.sub(r"\W+", "_", name)


def _shown(name: str, labels: Mapping[str, str]) -> str:
    inside = ",".join(
        f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in sorted(labels.items())
    )
    return f"{name}{{{inside}}}"
