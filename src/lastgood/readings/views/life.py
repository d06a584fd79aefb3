"""One request's life: its spans as a tree with its log lines, or its log lines across services in order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lastgood.model.attributes import CORRELATION_ID, DURATION_NS, REQUEST_ID
from lastgood.model.evidence import Provenance
from lastgood.model.judgement import Count
from lastgood.model.window import Window
from lastgood.telemetry.reader import Reader, Rows

LIFE_MOST = Count(5000, "spans, and lines, of one request", "judgement: no one reads more")

_SPANS = """
SELECT ts, span_id, parent_id, service, name, kind, duration_ns, failed, http_status, error_type, message, instance
FROM lg_spans WHERE trace_id = {id:String} ORDER BY ts, span_id LIMIT {most:UInt64}"""
# An id may be the trace's, or one that an application made and passed on.
_LINES = f"""
SELECT ts, span_id, trace_id, service, level, body, instance, duration
FROM (
    SELECT *, toUInt64OrZero(attributes['{DURATION_NS}']) AS duration FROM lg_lines
    WHERE trace_id = {{id:String}} OR attributes['{REQUEST_ID}'] = {{raw:String}}
       OR attributes['{CORRELATION_ID}'] = {{raw:String}} OR span_id = {{id:String}}
)
ORDER BY ts, service, body LIMIT {{most:UInt64}}"""
# Where no attribute has it, the id may stand in the text; a short one would stand there by chance.
_MENTIONS = """
SELECT ts, span_id, trace_id, service, level, body, instance, toUInt64(0) AS duration
FROM lg_lines WHERE position(body, {raw:String}) > 0 ORDER BY ts, service, body LIMIT {most:UInt64}"""
SHORTEST_MENTION = Count(
    6, "letters of the shortest id that a line is searched for", "judgement: shorter ones occur in any line"
)


@dataclass(frozen=True, slots=True)
class LifeSpan:
    """A span at its depth in the tree."""

    time: datetime
    depth: int
    service: str
    name: str
    kind: str
    duration_ns: int
    failed: bool
    what: str  # the status, type and message of its failure
    instance: str
    orphan: bool  # its parent is not there

    @property
    def end(self) -> datetime:
        """When it ended."""
        return self.time + timedelta(microseconds=self.duration_ns / 1000)


@dataclass(frozen=True, slots=True)
class LifeLine:
    """A log line, at the depth of the span it was written in."""

    time: datetime
    depth: int
    service: str
    level: str
    body: str
    instance: str

    @property
    def end(self) -> datetime:
        """Its time: a line has no length."""
        return self.time


@dataclass(frozen=True, slots=True)
class Life:
    """One request's life in order of time."""

    request_id: str
    found_by: str  # "spans", "ids in logs" or "mentions in logs"
    steps: tuple[LifeSpan | LifeLine, ...]
    start: datetime
    end: datetime
    services: tuple[str, ...]
    cut_off: bool
    provenance: tuple[Provenance, ...]

    @property
    def first_failure(self) -> LifeSpan | LifeLine | None:
        """The deepest failing span, or the first line that is an error."""
        spans = [step for step in self.steps if isinstance(step, LifeSpan) and step.failed]
        if spans:
            return max(spans, key=lambda span: span.depth)
        errors = (s for s in self.steps if isinstance(s, LifeLine) and s.level in {"error", "fatal"})
        return next(errors, None)


def life(reader: Reader, request_id: str, window: Window) -> Life | None:
    """The life of the request with a trace id, or with an id that its services logged; None where nothing has it."""
    spans, lines, found_by = _found(reader, request_id, window)
    steps = tuple(_steps(spans.dicts(), lines.dicts()))
    if not steps:
        return None
    return Life(
        request_id=request_id,
        found_by=found_by,
        steps=steps,
        start=min(step.time for step in steps),
        end=max(step.end for step in steps),
        services=tuple(dict.fromkeys(step.service for step in steps)),
        cut_off=len(spans) >= LIFE_MOST or len(lines) >= LIFE_MOST,
        provenance=(spans.provenance, lines.provenance),
    )


def _found(reader: Reader, given: str, window: Window) -> tuple[Rows, Rows, str]:
    """Spans and lines of an id, and how they were found."""
    trace_id = given.lower().replace("-", "")
    spans = reader.query(_SPANS, {"id": trace_id, "most": LIFE_MOST}, window)
    lines = reader.query(_LINES, {"id": trace_id, "raw": given, "most": LIFE_MOST}, window)
    if not spans and not lines and len(given) >= SHORTEST_MENTION:
        return spans, reader.query(_MENTIONS, {"raw": given, "most": LIFE_MOST}, window), "mentions in logs"
    return spans, lines, "spans" if spans else "ids in logs"


def _steps(span_rows: list[dict[str, Any]], line_rows: list[dict[str, Any]]) -> Iterator[LifeSpan | LifeLine]:
    """Spans as a tree, each with its lines; lines of no span where their time puts them."""
    known = {row["span_id"] for row in span_rows}
    loose = [row for row in line_rows if row["span_id"] not in known]
    rows = span_rows + [row for row in line_rows if row["span_id"] in known]
    for step in _walk(rows, known):
        while loose and isinstance(step, LifeSpan) and loose[0]["ts"] < step.time:
            yield _line(loose.pop(0), 0)
        yield step
    for row in loose:
        yield _line(row, 0)


def _walk(rows: list[dict[str, Any]], known: set[str]) -> Iterator[LifeSpan | LifeLine]:
    """Parents before children, children in order of time; a span whose parent is missing is a root."""
    children: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: row["ts"]):
        parent = row["parent_id"] if "parent_id" in row else row["span_id"]
        children.setdefault(parent if parent in known and parent != _own(row) else "", []).append(row)
    waiting = [(row, 0) for row in reversed(children.pop("", []))]
    while waiting:
        row, depth = waiting.pop()
        if "parent_id" not in row:
            yield _line(row, depth)
            continue
        yield _span(row, depth, orphan=bool(row["parent_id"]) and depth == 0)
        waiting += [(child, depth + 1) for child in reversed(children.pop(row["span_id"], []))]


def _own(row: Mapping[str, Any]) -> str:
    return str(row["span_id"]) if "parent_id" in row else ""


def _span(row: Mapping[str, Any], depth: int, *, orphan: bool) -> LifeSpan:
    reasons = (str(row["http_status"] or ""), row["error_type"], row["message"]) if row["failed"] else ()
    return LifeSpan(
        row["ts"], depth, row["service"], row["name"], row["kind"], row["duration_ns"], bool(row["failed"]),
        " ".join(dict.fromkeys(reason for reason in reasons if reason)), row["instance"], orphan,
    )  # fmt: skip


def _line(row: Mapping[str, Any], depth: int) -> LifeLine:
    return LifeLine(row["ts"], depth, row["service"], row["level"], row["body"], row["instance"])
