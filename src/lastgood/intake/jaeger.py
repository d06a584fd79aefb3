"""Jaeger JSON: what its API and UI give (`{"data": [trace, …]}`), and spans one a line as it stores them.

A "line" is one span. Times and durations are microseconds.
"""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from lastgood.decoding.input import Claim, Decoded, Input, Reject, Settings
from lastgood.decoding.instants import of_microseconds
from lastgood.decoding.rows import Row, decoded
from lastgood.decoding.tables.elements import elements_of
from lastgood.decoding.tables.records import as_text
from lastgood.decoding.words import span_kind, status_code, truth
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal
from lastgood.telemetry.tables import SPANS, StoreTable

_START = re.compile(rb'\s*\{[^{}]*"data"\s*:\s*\[\s*(?:\{[^{}\[\]]*"traceID"|\])')
_LINE = re.compile(rb'\s*\{(?=[^\n]*"traceID")(?=[^\n]*"operationName")(?=[^\n]*"process"\s*:\s*\{)')
# What became columns need not be kept as attributes as well.
_COLUMNS = frozenset(["span.kind", "otel.status_code", "otel.status_description"])

Found = tuple[Any, Any, str]  # a span, the processes of its trace, the trace's id


def recognise(given: Input) -> Claim | None:
    """A document whose data are traces, or lines that are spans with their process."""
    if _START.match(given.head):
        return Claim("jaeger", 0.98, "data holds traces with traceID")
    if _LINE.match(given.head):
        return Claim("jaeger spans", 0.97, "its first line is a span with a process")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """Spans."""
    path = "data" if claim.format == "jaeger" else ""
    return decoded(_spans(given, path), partial(_rows, otherwise=settings.service), "a span")


def _spans(given: Input, path: str) -> Iterator[Found | Reject]:
    with given.open() as stream:
        for element in elements_of(stream, path):
            if isinstance(element, Reject):
                yield element
            elif isinstance(element, dict) and isinstance(element.get("spans"), list):
                trace = str(element.get("traceID") or "")
                yield from ((span, element.get("processes"), trace) for span in element["spans"])
            else:
                yield element, {}, ""


def _rows(found: Found, *, otherwise: str) -> Iterator[tuple[StoreTable, Row]]:
    span, processes, trace = found
    process = span.get("process") or (processes or {}).get(span.get("processID")) or {}
    tags = _tags(span.get("tags"))
    resource = _tags(process.get("tags"))
    service = str(process.get("serviceName") or otherwise)
    logs = span.get("logs") or []
    events = [_tags(log.get("fields")) for log in logs]
    follows = [one for one in _references(span) if one.get("refType") != "CHILD_OF"]
    yield SPANS, {
        "Timestamp": of_microseconds(span["startTime"]),
        "TraceId": str(span.get("traceID") or trace).lower(),
        "SpanId": str(span["spanID"]).lower(),
        "ParentSpanId": _parent(span),
        "TraceState": tags.pop("w3c.tracestate", ""),
        "SpanName": str(span.get("operationName") or ""),
        "SpanKind": span_kind(tags.get("span.kind", "")),
        "ServiceName": service,
        "ResourceAttributes": {"service.name": service, **resource},
        "ScopeName": tags.pop("otel.scope.name", "") or tags.pop("otel.library.name", ""),
        "ScopeVersion": tags.pop("otel.scope.version", "") or tags.pop("otel.library.version", ""),
        "SpanAttributes": {key: value for key, value in tags.items() if key not in _COLUMNS},
        "Duration": int(span.get("duration") or 0) * 1000,
        "StatusCode": _status(tags),
        "StatusMessage": tags.get("otel.status_description", ""),
        "Events.Timestamp": [of_microseconds(log["timestamp"]) for log in logs],
        "Events.Name": [event.pop("event", "") or event.pop("message", "") for event in events],
        "Events.Attributes": events,
        "Links.TraceId": [str(one.get("traceID") or "").lower() for one in follows],
        "Links.SpanId": [str(one.get("spanID") or "").lower() for one in follows],
        "Links.TraceState": [""] * len(follows),
        "Links.Attributes": [{"opentracing.ref_type": str(one.get("refType") or "")} for one in follows],
    }  # fmt: skip


def _tags(tags: Any) -> dict[str, str]:
    if isinstance(tags, dict):  # as some stores flatten them
        return {str(key): as_text(value) for key, value in tags.items()}
    return {str(tag["key"]): as_text(tag.get("value")) for tag in tags or ()}


def _references(span: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(span.get("references") or [])


def _parent(span: Mapping[str, Any]) -> str:
    own = [one for one in _references(span) if one.get("refType", "CHILD_OF") == "CHILD_OF"]
    parent = own[0].get("spanID") if own else span.get("parentSpanID")
    text = str(parent or "").lower()
    return text if text.strip("0") else ""


def _status(tags: Mapping[str, str]) -> str:
    if truth(tags.get("error", "")):
        return "Error"
    return status_code(tags.get("otel.status_code", ""))


SOURCE = Source("jaeger", frozenset({Signal.SPANS}), recognise, decode)
