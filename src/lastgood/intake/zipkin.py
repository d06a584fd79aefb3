"""Zipkin v2 JSON: a list of spans, or lists or spans one a line.

A "line" is one span. Times and durations are microseconds. A server that shares its caller's span id
(`shared`) keeps it, so both spans carry the same id.
"""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.instants import of_microseconds
from lastgood.decoding.rows import Row, decoded
from lastgood.decoding.tables.elements import elements_of
from lastgood.decoding.tables.records import as_text
from lastgood.decoding.words import span_kind
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal
from lastgood.telemetry.tables import SPANS, StoreTable

_FIELDS = (b'"traceId"', b'"id"')
_OWN = re.compile(rb'"(?:localEndpoint|timestamp|parentId)"\s*:')


def recognise(given: Input) -> Claim | None:
    """A list or lines of objects with traceId, id, and an endpoint, a timestamp or a parentId."""
    start = given.head.lstrip()
    if start[:1] not in {b"[", b"{"} or b'"spans"' in start[:64]:
        return None
    first = start[:4096]
    if all(field in first for field in _FIELDS) and _OWN.search(first) and b'"localEndpoint"' in given.head:
        return Claim("zipkin", 0.96, "its first span has traceId, id and localEndpoint")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """Spans."""
    del claim
    return decoded(_spans(given), partial(_rows, otherwise=settings.service), "a span")


def _spans(given: Input) -> Iterator[Any]:
    with given.open() as stream:
        for element in elements_of(stream):
            yield from element if isinstance(element, list) else [element]


def _rows(span: Mapping[str, Any], *, otherwise: str) -> Iterator[tuple[StoreTable, Row]]:
    local = span.get("localEndpoint") or {}
    tags = {str(key): as_text(value) for key, value in (span.get("tags") or {}).items()}
    notes = span.get("annotations") or []
    service = str(local.get("serviceName") or otherwise)
    error = tags.get("error")
    yield SPANS, {
        "Timestamp": of_microseconds(span["timestamp"]),
        "TraceId": str(span["traceId"]).lower(),
        "SpanId": str(span["id"]).lower(),
        "ParentSpanId": str(span.get("parentId") or "").lower(),
        "TraceState": "",
        "SpanName": str(span.get("name") or ""),
        "SpanKind": span_kind(str(span.get("kind") or "INTERNAL")),
        "ServiceName": service,
        "ResourceAttributes": {"service.name": service, **_address(local, "host.ip")},
        "ScopeName": tags.pop("otel.scope.name", "") or tags.pop("otel.library.name", ""),
        "ScopeVersion": "",
        "SpanAttributes": _peer(span) | tags,
        "Duration": max(int(span.get("duration") or 0), 0) * 1000,
        "StatusCode": "Unset" if error is None or error == "false" else "Error",
        "StatusMessage": error if error and error not in {"true", "false"} else "",
        "Events.Timestamp": [of_microseconds(note["timestamp"]) for note in notes],
        "Events.Name": [str(note.get("value") or "") for note in notes],
        "Events.Attributes": [{} for _ in notes],
        "Links.TraceId": [], "Links.SpanId": [], "Links.TraceState": [], "Links.Attributes": [],
    }  # fmt: skip


def _peer(span: Mapping[str, Any]) -> dict[str, str]:
    remote = span.get("remoteEndpoint") or {}
    named = {"service.peer.name": str(remote["serviceName"])} if remote.get("serviceName") else {}
    caller = str(span.get("kind") or "") in {"SERVER", "CONSUMER"}
    return named | _address(remote, "client.address" if caller else "server.address")


def _address(endpoint: Mapping[str, Any], name: str) -> dict[str, str]:
    address = endpoint.get("ipv4") or endpoint.get("ipv6")
    return {name: str(address)} if address else {}


SOURCE = Source("zipkin", frozenset({Signal.SPANS}), recognise, decode)
