"""Segments of AWS X-Ray: what `aws xray batch-get-traces` prints, and segment documents one a line or by themselves.

A segment is a span of its service; each subsegment a span below it, of the same service. Times are seconds since 1970.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from lastgood.decoding.change import Row, at, decoded, glimpses, inside, said
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.words import span_kind
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal
from lastgood.telemetry.tables import SPANS

_TRACE = re.compile(r"1-([0-9a-f]{8})-([0-9a-f]{24})", re.IGNORECASE)
DEEPEST = 50  # subsegments within subsegments


def recognise(given: Input) -> Claim | None:
    """JSON whose first objects are traces with segments, or segments."""
    for row in glimpses(given, 3):
        if _is_segment(row) or ("Segments" in row and "Id" in row):
            return Claim("X-Ray segments", 0.97, "its first object is a trace or segment of X-Ray")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A span for each segment and subsegment."""
    del claim, settings
    return decoded(given, ("Traces", "Segments", "segments"), _rows)


def _is_segment(row: Mapping[str, Any]) -> bool:
    return {"id", "name", "start_time"} <= row.keys() and bool({"trace_id", "subsegments"} & row.keys())


def _rows(row: Mapping[str, Any]) -> Iterator[Row]:
    if "Segments" in row:
        for segment in row["Segments"]:
            yield from _rows(segment)
    elif "Document" in row:
        yield from _rows(orjson.loads(row["Document"]))
    elif _is_segment(row):
        trace = _TRACE.fullmatch(str(row["trace_id"]))
        if trace is None:
            raise ValueError("its trace_id is none of X-Ray's")
        yield from _spans(
            row, "".join(trace.groups()).lower(), str(row["name"]), str(row.get("parent_id") or ""), 0
        )
    else:
        raise ValueError("it is not a segment")


def _spans(row: Mapping[str, Any], trace: str, service: str, parent: str, depth: int) -> Iterator[Row]:
    """The span of a segment or subsegment, and those below it."""
    start = at(row["start_time"])
    end = at(row["end_time"]) if row.get("end_time") else start
    asked, answer = (inside(row, "http", name) or {} for name in ("request", "response"))
    remote = row.get("namespace") in {"remote", "aws"}
    exceptions = inside(row, "cause", "exceptions") or []
    failed = bool(
        row.get("fault") or (row.get("error") and depth)
    )  # an error of a caller is no failure of a server
    yield SPANS, {
        "Timestamp": start, "TraceId": trace, "SpanId": str(row["id"]), "ParentSpanId": parent,
        "SpanName": _named(row, asked, depth), "SpanKind": span_kind("client" if remote else "internal" if depth else "server"),
        "ServiceName": service, "Duration": max(end - start, 0), "StatusCode": "Error" if failed else "Unset",
        "StatusMessage": str(exceptions[0].get("message") or "") if exceptions and isinstance(exceptions[0], Mapping) else "",
        "ResourceAttributes": said({
            "service.name": service, "cloud.platform": row.get("origin"), "service.version": inside(row, "service", "version"),
        }),
        "SpanAttributes": said({
            "http.request.method": asked.get("method"), "url.full": asked.get("url"), "user_agent.original": asked.get("user_agent"),
            "http.response.status_code": answer.get("status"), "user.id": row.get("user"), "db.query.text": inside(row, "sql", "sanitized_query"),
            "server.address": row.get("name") if remote else None, "aws.operation": inside(row, "aws", "operation"),
            "exception.type": exceptions[0].get("type") if exceptions and isinstance(exceptions[0], Mapping) else None,
            "xray.throttled": row.get("throttle"), **(row.get("annotations") or {}),
        }),
    }  # fmt: skip
    if depth < DEEPEST:
        for inner in row.get("subsegments") or ():
            yield from _spans(inner, trace, service, str(row["id"]), depth + 1)


def _named(row: Mapping[str, Any], asked: Mapping[str, Any], depth: int) -> str:
    path = re.sub(r"^https?://[^/]+|\?.*$", "", str(asked.get("url") or ""))
    return f"{asked.get('method', '')} {path}".strip() if path and not depth else str(row["name"])


SOURCE = Source("xray", frozenset({Signal.SPANS}), recognise, decode)
