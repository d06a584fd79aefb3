"""Drawn fault: an effect of the scenario language drawn into spans and log lines that are real. Rows in, rows out.

A service's part of a request fails, or takes longer; so does everything that waits for it, up to the entry. A service that
sends no spans is known by the client spans of those that call it. Its log gets an error line for each failure, with a trace
id and a level only if its other lines have them: a rehearsal shows what would be seen, and nothing more.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from lastgood.model.attributes import ERROR_TYPE, HTTP_STATUS, PEERS, ROUTES
from lastgood.model.rehearsal import Effect

LINE = "Rehearsed fault: request {} failed"
Row = dict[str, Any]
_SERVED = ("Server", "Consumer")


def draw(spans: Sequence[Row], effect: Effect) -> list[Row]:
    """The service's spans that were hit. All spans are changed in place, those that wait for these too."""
    traces = defaultdict[str, list[Row]](list)
    for row in spans:
        traces[row["TraceId"]].append(row)
    own = _own(spans, effect.service)
    hit = []
    for row in own:
        trace = traces[row["TraceId"]] if row["TraceId"] else [row]
        if not _carries(trace, effect.where):
            continue
        fails = _chance(row) < effect.errors
        if fails or effect.latency:
            hit.append(row)
            _spread(row, trace, effect, fails=fails)
    return hit


def lines_of(hit: Iterable[Row], sample: Sequence[Row], effect: Effect) -> list[Row]:
    """An error line for each failure, like the lines that the service writes; none where it writes none."""
    if not sample:
        return []
    traced = sum(bool(row["TraceId"]) for row in sample) * 2 >= len(sample)
    levels = sum(row["SeverityNumber"] > 0 for row in sample) * 2 >= len(sample)
    return [
        {
            **sample[0],
            "Timestamp": row["Timestamp"] + timedelta(microseconds=row["Duration"] // 1000),
            "TraceId": row["TraceId"] if traced else "",
            "SpanId": row["SpanId"] if traced else "",
            "SeverityText": "ERROR" if levels else "",
            "SeverityNumber": 17 if levels else 0,
            "Body": LINE.format(row["SpanId"]),
            "LogAttributes": [],
        }
        for row in hit
        if row["StatusCode"] == "Error" and row["StatusMessage"] == effect.error
    ]


def change_of(effect: Effect, at: datetime, feed: Sequence[Row]) -> Row | None:
    """The deploy that is at fault, if the feed has any deploy: else no one would see it."""
    sample = next((row for row in feed if row["Kind"] == "deploy"), None)
    if sample is None:
        return None
    return {
        **sample, "Id": f"rehearsed-{effect.service}", "Timestamp": at, "EndTimestamp": at, "Service": effect.service,
        "Title": "rehearsed", "Version": "rehearsed", "PreviousVersion": "", "Within": "", "Files": [], "Diff": "",
    }  # fmt: skip


def renamed(rows: Iterable[Row], effect: Effect, names: Sequence[str], at: datetime) -> None:
    """The new version where the service names one: in place, from the deploy on."""
    for row in rows:
        if row["ServiceName"] == effect.service and row["Timestamp"] >= at:
            row["ResourceAttributes"] = [
                (name, "rehearsed" if name in names else value) for name, value in row["ResourceAttributes"]
            ]


def _chance(row: Row) -> float:
    """From 0 to 1, by the request: the same telemetry gives the same rehearsal."""
    return crc32(f"{row['TraceId']} {row['SpanId']}".encode()) / 2**32


def _own(spans: Sequence[Row], service: str) -> list[Row]:
    own = [row for row in spans if row["ServiceName"] == service and row["SpanKind"] in _SERVED]
    if not own:  # it serves without saying so, or sends no spans
        own = [row for row in spans if row["ServiceName"] == service and not row["ParentSpanId"]]
    return own or [row for row in spans if row["SpanKind"] == "Client" and _calls(row, service)]


def _calls(row: Row, service: str) -> bool:
    return any(name in PEERS and value == service for name, value in row["SpanAttributes"])


def _carries(trace: Sequence[Row], where: Sequence[tuple[str, str]]) -> bool:
    """Whether a trace is of these; `operation` is that of its entry, as segments of an incident name it."""
    if not where:
        return True
    carried = {
        pair for row in trace for part in ("SpanAttributes", "ResourceAttributes") for pair in row[part]
    }
    entries = [row for row in trace if not row["ParentSpanId"]]
    carried |= {("operation", row["SpanName"]) for row in entries}
    carried |= {
        ("operation", value) for row in entries for name, value in row["SpanAttributes"] if name in ROUTES
    }
    return {*where} <= carried


def _spread(row: Row, trace: Sequence[Row], effect: Effect, *, fails: bool) -> None:
    """The span and all that wait for it: they fail with it, and take as much longer."""
    by_id: Mapping[str, Row] = {one["SpanId"]: one for one in trace}
    seen = set[str]()
    one: Row | None = row
    while one is not None and one["SpanId"] not in seen:
        seen.add(one["SpanId"])
        one["Duration"] += round(effect.latency * 1_000_000_000)
        if fails:
            own = one is row
            kept = [
                (name, value)
                for name, value in one["SpanAttributes"]
                if name not in {ERROR_TYPE, HTTP_STATUS}
            ]
            status = any(name == HTTP_STATUS for name, _ in one["SpanAttributes"])
            one["SpanAttributes"] = [
                *kept, *([(HTTP_STATUS, "500")] if status else []), (ERROR_TYPE, effect.error if own else "500"),
            ]  # fmt: skip
            one["StatusCode"], one["StatusMessage"] = "Error", effect.error if own else ""
        one = by_id.get(one["ParentSpanId"]) if one["ParentSpanId"] else None
