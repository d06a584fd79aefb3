"""OTLP's messages as rows: spans, log records and metric points out of plain JSON values.

The shapes are those of opentelemetry-proto in its JSON form; exemplars and profiles are left out.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lastgood.algorithms.json_text import json_text
from lastgood.decoding.instants import LAST
from lastgood.decoding.text.severity import number_of
from lastgood.decoding.words import span_kind, status_code
from lastgood.telemetry.tables import (
    EXPONENTIAL_HISTOGRAMS,
    GAUGES,
    HISTOGRAMS,
    LOGS,
    SPANS,
    SUMMARIES,
    SUMS,
    StoreTable,
)

Row = dict[str, Any]
NO_RECORDED_VALUE = 1
_TEMPORALITIES = {"AGGREGATION_TEMPORALITY_DELTA": 1, "AGGREGATION_TEMPORALITY_CUMULATIVE": 2}
_HEX = re.compile(r"[0-9a-fA-F]*")
_ESCAPED = frozenset("<>&\u2028\u2029")


class Blank(Exception):  # noqa: N818 - not an error: a point that says there is none
    """A point that records the absence of a value."""


def objects(value: Any, key: str) -> list[Mapping[str, Any]]:
    """The objects of a list under a key; nothing when the key is absent."""
    found = value.get(key) if isinstance(value, dict) else None
    if found is None and isinstance(value, dict):
        return []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise TypeError(f"{key} is not a list of objects")
    return found


def object_of(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The object under a key, empty when absent."""
    found = value.get(key) or {}
    if not isinstance(found, dict):
        raise TypeError(f"{key} is not an object")
    return found


def attributes(holder: Mapping[str, Any]) -> dict[str, str]:
    """Key and value pairs as texts."""
    return {str(pair.get("key", "")): text_of(pair.get("value")) for pair in objects(holder, "attributes")}


def text_of(value: Any) -> str:
    """An AnyValue as the Collector's exporter writes it: lists and maps as JSON, bytes in base64, nothing for no value."""
    if isinstance(value, dict) and isinstance(text := value.get("stringValue"), str):
        return text
    plain = _plain_value(value)
    if isinstance(plain, str):
        return plain
    if plain is None:
        return ""
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, float) and plain.is_integer() and abs(plain) < 1e15:
        return str(int(plain))
    return _json(plain) if isinstance(plain, list | dict) else str(plain)


def _json(value: Any) -> str:
    """JSON as Go writes it: names in order, whole numbers without a fraction, and nothing that HTML would read."""
    text = json_text(_ordered(value)).decode()
    for character in _ESCAPED & {*text}:
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _ordered(value[name]) for name in sorted(value)}
    if isinstance(value, list):
        return [_ordered(one) for one in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def _plain_value(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    for key, inner in value.items():
        match key:
            case "intValue":
                return int(inner)
            case "arrayValue":
                return [_plain_value(one) for one in objects(inner, "values")]
            case "kvlistValue":
                return {str(p.get("key", "")): _plain_value(p.get("value")) for p in objects(inner, "values")}
            case _:
                return inner
    return None


def time_of(value: Mapping[str, Any], *keys: str) -> int:
    """The first time that is set, in nanoseconds."""
    for key in keys:
        time = int(value.get(key) or 0)
        if time:
            if not 0 < time < LAST:
                raise ValueError(f"{key} {time} is not a time after 1970")
            return time
    raise ValueError(f"no {' or '.join(keys)}")


def identity(value: Any, length: int) -> str:
    """An id in lower-case hex: as it is, or out of base64; empty when unset."""
    if not value:
        return ""
    text = str(value)
    if len(text) != length * 2 or not _HEX.fullmatch(text):
        try:
            decoded = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            decoded = b""
        if len(decoded) == length:
            text = decoded.hex()
    return "" if not text.strip("0") else text.lower()


def _scope(scope: Mapping[str, Any]) -> tuple[str, str]:
    return str(scope.get("name") or ""), str(scope.get("version") or "")


def span_row(
    span: Mapping[str, Any], resource: dict[str, str], scope: Mapping[str, Any], service: str
) -> Row:
    """A span."""
    start = time_of(span, "startTimeUnixNano")
    trace, own = identity(span.get("traceId"), 16), identity(span.get("spanId"), 8)
    if not trace or not own:
        raise ValueError("no traceId or spanId")
    status = object_of(span, "status")
    name, version = _scope(scope)
    events, links = objects(span, "events"), objects(span, "links")
    return {
        "Timestamp": start,
        "TraceId": trace,
        "SpanId": own,
        "ParentSpanId": identity(span.get("parentSpanId"), 8),
        "TraceState": str(span.get("traceState") or ""),
        "SpanName": str(span.get("name") or ""),
        "SpanKind": span_kind(str(span.get("kind") or "")),
        "ServiceName": service,
        "ResourceAttributes": resource,
        "ScopeName": name,
        "ScopeVersion": version,
        "SpanAttributes": attributes(span),
        "Duration": _duration(start, time_of(span, "endTimeUnixNano")),
        "StatusCode": status_code(str(status.get("code") or "")),
        "StatusMessage": str(status.get("message") or ""),
        "Events.Timestamp": [time_of(event, "timeUnixNano") for event in events],
        "Events.Name": [str(event.get("name") or "") for event in events],
        "Events.Attributes": [attributes(event) for event in events],
        "Links.TraceId": [identity(link.get("traceId"), 16) for link in links],
        "Links.SpanId": [identity(link.get("spanId"), 8) for link in links],
        "Links.TraceState": [str(link.get("traceState") or "") for link in links],
        "Links.Attributes": [attributes(link) for link in links],
    }


def _duration(start: int, end: int) -> int:
    if end < start:
        raise ValueError("it ends before it starts")
    return end - start


def log_row(log: Mapping[str, Any], resource: dict[str, str], scope: Mapping[str, Any], service: str) -> Row:
    """A log record."""
    text = str(log.get("severityText") or "")
    number = log.get("severityNumber") or 0
    if isinstance(number, str):
        number = number_of(number.removeprefix("SEVERITY_NUMBER_").rstrip("234"))
    return {
        "Timestamp": time_of(log, "timeUnixNano", "observedTimeUnixNano"),
        "TraceId": identity(log.get("traceId"), 16),
        "SpanId": identity(log.get("spanId"), 8),
        "TraceFlags": int(log.get("flags") or 0) & 255,
        "SeverityText": text,
        "SeverityNumber": int(number) if 0 < int(number) <= 24 else number_of(text),
        "ServiceName": service,
        "Body": text_of(log.get("body")),
        "ResourceAttributes": resource,
        "ScopeName": _scope(scope)[0],
        "LogAttributes": attributes(log),
        "EventName": str(log.get("eventName") or ""),
    }


_POINTS: dict[str, StoreTable] = {
    "gauge": GAUGES,
    "sum": SUMS,
    "histogram": HISTOGRAMS,
    "exponentialHistogram": EXPONENTIAL_HISTOGRAMS,
    "summary": SUMMARIES,
}


def metric_points(metric: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """The points of a metric: their kind, what holds them, and the point."""
    for kind in _POINTS:
        if kind in metric:
            holder = object_of(metric, kind)
            for point in objects(holder, "dataPoints"):
                yield kind, holder, point
            return
    raise ValueError(f"a metric without points of a known kind: {', '.join(metric)}")


def point_row(
    found: tuple[str, Mapping[str, Any], Mapping[str, Any]],
    metric: Mapping[str, Any],
    resource: dict[str, str],
    scope: Mapping[str, Any],
    service: str,
) -> tuple[StoreTable, Row]:
    """A point and the table that it goes to.

    Raises:
        Blank: the point says that there is no value.
    """
    kind, holder, point = found
    flags = int(point.get("flags") or 0)
    if flags & NO_RECORDED_VALUE:
        raise Blank
    time = time_of(point, "timeUnixNano")
    common = {
        "ResourceAttributes": resource,
        "ScopeName": _scope(scope)[0],
        "ServiceName": service,
        "MetricName": str(metric.get("name") or ""),
        "MetricDescription": str(metric.get("description") or ""),
        "MetricUnit": str(metric.get("unit") or ""),
        "Attributes": attributes(point),
        "StartTimeUnix": int(point.get("startTimeUnixNano") or 0) or time,
        "TimeUnix": time,
        "Flags": flags,
    }
    return _POINTS[kind], common | _VALUES[kind](holder, point)


def _value(point: Mapping[str, Any]) -> float:
    for key in ("asDouble", "asInt"):
        if key in point:
            return float(point[key])
    raise ValueError("a point without a value")


def _gauge(_holder: Mapping[str, Any], point: Mapping[str, Any]) -> Row:
    return {"Value": _value(point)}


def _sum(holder: Mapping[str, Any], point: Mapping[str, Any]) -> Row:
    return {
        "Value": _value(point),
        "AggregationTemporality": _temporality(holder),
        "IsMonotonic": bool(holder.get("isMonotonic")),
    }


def _temporality(holder: Mapping[str, Any]) -> int:
    value = holder.get("aggregationTemporality") or 0
    return _TEMPORALITIES.get(value, 0) if isinstance(value, str) else int(value) & 3


def _count(value: Any) -> int:
    count = int(value or 0)
    if not 0 <= count < 1 << 64:
        raise ValueError(f"{count} is not a count")
    return count


def _counted(point: Mapping[str, Any]) -> Row:
    return {"Count": _count(point.get("count")), "Sum": float(point.get("sum") or 0)}


def _spread(holder: Mapping[str, Any], point: Mapping[str, Any]) -> Row:
    return _counted(point) | {
        "Min": float(point.get("min") or 0),
        "Max": float(point.get("max") or 0),
        "AggregationTemporality": _temporality(holder),
    }


def _numbers(value: Any) -> list[Any]:
    if value is not None and not isinstance(value, list):
        raise TypeError(f"{value!r} is not a list")
    return value or []


def _histogram(holder: Mapping[str, Any], point: Mapping[str, Any]) -> Row:
    return _spread(holder, point) | {
        "BucketCounts": [_count(one) for one in _numbers(point.get("bucketCounts"))],
        "ExplicitBounds": [float(one) for one in _numbers(point.get("explicitBounds"))],
    }


def _exponential(holder: Mapping[str, Any], point: Mapping[str, Any]) -> Row:
    row = _spread(holder, point)
    row |= {"Scale": int(point.get("scale") or 0), "ZeroCount": _count(point.get("zeroCount"))}
    for side in ("positive", "negative"):
        buckets = object_of(point, side)
        row[f"{side.title()}Offset"] = int(buckets.get("offset") or 0)
        row[f"{side.title()}BucketCounts"] = [_count(one) for one in _numbers(buckets.get("bucketCounts"))]
    return row


def _summary(_holder: Mapping[str, Any], point: Mapping[str, Any]) -> Row:
    quantiles = objects(point, "quantileValues")
    return _counted(point) | {
        "ValueAtQuantiles.Quantile": [float(one.get("quantile") or 0) for one in quantiles],
        "ValueAtQuantiles.Value": [float(one.get("value") or 0) for one in quantiles],
    }


_VALUES = {
    "gauge": _gauge,
    "sum": _sum,
    "histogram": _histogram,
    "exponentialHistogram": _exponential,
    "summary": _summary,
}
TABLES = {"spans": SPANS, "logs": LOGS}
