"""Traces as Datadog's tracers send them to the agent: a list of the spans of one trace, one a line, in a list, or under `traces`.

A "line" is one span. Times and durations are nanoseconds. Ids are decimal numbers, as tracers write them into logs; those of a
trace with 128 bits (`_dd.p.tid`) are hexadecimal. A span without a kind is a server's where its parent is of another service or none.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import groupby
from typing import Any

from lastgood.decoding.change import at, inside, said
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.rows import Row, decoded
from lastgood.decoding.tables.elements import elements_of
from lastgood.decoding.words import span_kind
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal
from lastgood.telemetry.tables import SPANS, StoreTable

_LOOKED_AT = 4096  # bytes
_FIELDS = tuple(
    re.compile(rb'"%b"\s*:' % name)
    for name in (b"trace_id", b"span_id", b"service", b"resource", b"duration")
)
_START = re.compile(rb'"start"\s*:\s*1\d{18}\b')
# The types of spans of what is called, and of those whose resource is a statement (ddtrace, ext).
_CALLS = frozenset(
    ["http", "sql", "db", "redis", "cache", "memcached", "mongodb", "elasticsearch", "cassandra", "grpc"]
)
_STATEMENTS = frozenset(["sql", "cassandra"])
_RESOURCE = {"version": "service.version", "env": "deployment.environment.name", "_dd.hostname": "host.name"}
_RENAMED = {
    "http.status_code": "http.response.status_code", "http.method": "http.request.method", "http.url": "url.full",
    "error.type": "exception.type", "error.stack": "exception.stacktrace", "error.message": "exception.message",
    "error.msg": "exception.message",
}  # fmt: skip


def recognise(given: Input) -> Claim | None:
    """Its first span has the fields of Datadog, and a start in nanoseconds."""
    first = given.head[:_LOOKED_AT].lstrip()
    if first[:1] not in {b"[", b"{"} or not _START.search(first):
        return None
    if not all(field.search(first) for field in _FIELDS):
        return None
    because = "its first span has trace_id, span_id and resource, and a start in nanoseconds"
    return Claim("Datadog traces", 0.96, because)


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """Spans."""
    del claim
    return decoded(_spans(given), partial(_rows, otherwise=settings.service), "a span")


def _spans(given: Input) -> Iterator[Any]:
    """Every span, with what those of its trace beside it tell."""
    with given.open() as stream:
        for _, trace in groupby(_flat(elements_of(stream)), lambda span: str(_tags(span).get("trace_id"))):
            yield from _told(list(trace))


def _flat(elements: Iterable[Any], deepest: int = 2) -> Iterator[Any]:
    """The spans in lists, lists of lists, and documents with `traces`; what is in deeper lists is no span."""
    for element in elements:
        listed = element.get("traces", element) if isinstance(element, dict) else element
        if isinstance(listed, list) and deepest:
            yield from _flat(listed, deepest - 1)
        else:
            yield listed


def _told(trace: list[Any]) -> Iterator[Any]:
    """Each span with the upper half of its trace's id, and whether it enters its service."""
    upper = next((found for span in trace if (found := _tags(span, "meta").get("_dd.p.tid"))), "")
    services = {str(_tags(span).get("span_id")): _tags(span).get("service") for span in trace}
    for span in trace:
        if isinstance(span, dict):
            enters = services.get(str(span.get("parent_id"))) != span.get("service")
            yield {**span, "upper": upper, "enters": enters}
        else:
            yield span


def _tags(span: Any, *path: str) -> Mapping[str, Any]:
    """The object along a path in a span; an empty one where there is none."""
    found = inside(span, *path)
    return found if isinstance(found, dict) else {}


def _rows(span: Any, *, otherwise: str) -> Iterator[tuple[StoreTable, Row]]:
    tags = {**_tags(span, "meta"), **_tags(span, "metrics")}
    service, kind = str(span.get("service") or otherwise), _kind(span, tags)
    name, resource = str(span.get("name") or ""), str(span.get("resource") or "")
    attributes = {
        _RENAMED.get(key, key): value
        for key, value in tags.items()
        if key not in _RESOURCE and key[:1] != "_"
    }
    statement = resource if span.get("type") in _STATEMENTS else None
    yield SPANS, {
        "Timestamp": at(span["start"]),
        "TraceId": _trace_id(span["trace_id"], str(span["upper"])),
        "SpanId": _id(span["span_id"]),
        "ParentSpanId": _id(span.get("parent_id") or ""),
        "SpanName": (resource if kind == "Server" else name) or name or resource,
        "SpanKind": kind,
        "ServiceName": service,
        "ResourceAttributes": said({"service.name": service, **{_RESOURCE[key]: tags[key] for key in _RESOURCE if key in tags}}),
        "ScopeName": str(tags.get("component") or ""),
        "SpanAttributes": said({"operation.name": name, "resource.name": resource, "db.query.text": statement, **attributes}),
        "Duration": max(int(span["duration"]), 0),
        "StatusCode": "Error" if int(span.get("error") or 0) else "Unset",
        "StatusMessage": str(attributes.get("exception.message") or ""),
    }  # fmt: skip


def _kind(span: Mapping[str, Any], tags: Mapping[str, Any]) -> str:
    if tags.get("span.kind"):
        return span_kind(str(tags["span.kind"]))
    if span.get("type") in _CALLS:
        return "Client"
    return "Server" if span["enters"] or span.get("type") == "web" else "Internal"


def _id(value: Any) -> str:
    return "" if str(value) == "0" else str(value).lower()


def _trace_id(value: Any, upper: str) -> str:
    return f"{upper}{int(value):016x}".lower() if upper and isinstance(value, int) else _id(value)


SOURCE = Source("datadog_traces", frozenset({Signal.SPANS}), recognise, decode, surest=0.96)
