"""Relations: what questions read. Named SELECTs, inlined as CTEs, that hide the schema's variants.

A relation hides which generation of the exporter made the tables, old attribute names, old enum
spellings and units. Nothing is created on the store: a cluster that we only read needs no DDL.

| relation     | one row is                | columns |
|--------------|---------------------------|---------|
| lg_spans     | a span                    | ts, trace_id, span_id, parent_id, service, name, kind, duration_ns, failed, http_status, error_type, message, peer, instance, version, user, attributes, resource, trace_hash, phase, judged (its success is known: by a status or a status code), received (by the server; 1970: not known) |
| lg_hops      | a span and its children   | trace_id, trace_hash, span_id, entry, ts, service, name, kind, duration_ns, failed, http_status, error_type, message, peer, instance, version, phase, children: [(ts, service, name, duration_ns, failed)], self_ns, children_failed |
| lg_sample    | the same, of one trace in `{every:UInt64}` of the good and the bad window | the same |
| lg_requests  | a request at its entry    | ts, trace_id, service, operation (a route, or a path with `{id}` for its values), method, failed, http_status, duration_ns (0: unknown), instance, version, user, attributes, resource, trace_hash, phase |
| lg_served    | a request at every place that wrote it down | as lg_requests |
| lg_fronts    | a place in front of another, or users named otherwise | kind ('requests', 'users', or 'unread' where it was not looked at), outer, inner, counted (where they are) |
| lg_lines     | a log event               | ts, trace_id, span_id, service, level, severity, body, shape, scope, code_line, instance, version, user, attributes, resource, trace_hash, phase, received |
| lg_exceptions | an exception recorded on a span, as an event or an attribute | ts, trace_id, span_id, service, type, message, stacktrace, phase |
| lg_flags     | an evaluation of a feature flag, on a span, as its event or as a log record | ts, trace_id, service, key, phase |
| lg_points    | a metric value            | ts, service, metric, unit, kind, value, count, monotonic, cumulative, instance, attributes, resource, phase, received |
| lg_calls_known | a call edge a person declared | caller, callee |
| lg_changes   | a change                  | the columns of the table, and ts, until, phase |
| lg_alerts    | an alert                  | the columns of the table, and ts, until, phase |
| lg_shapes    | a shape whose pattern is stored | service, shape, pattern, key, miner, first_seen, low, high (samples) |
| lg_pattern_aliases | a pattern that went into another | service, old, new |

`trace_hash` is that of its trace's id, 0 to 65535: a part of that range is a sample of whole traces (of access lines, which may have none,
of its time too). `phase` is 'good', 'bad' or '' (neither window). `kind` of a span is Server, Client, Producer, Consumer, Internal or
Unspecified. `severity` is OpenTelemetry's number (1..24, 0 unknown), `level` one of trace, debug, info, warn, error, fatal or ''. `body` is
what a line says: its text, and behind it the exception in its fields where the text lacks it; lines of one `shape` say the same but for
numbers. A point's `kind` is gauge, sum, or histogram or summary (whose `value` is the mean, and `count` how many were counted). A request
is a root span, or a server span where requests enter from outside; without spans it is an access-log line, one with an HTTP status. Where
places stand in front of each other, it is counted at one of them (lastgood.telemetry.entries), and access lines count too where a proxy has
more of them than there are spans. A table that is not there gives a relation without rows.
"""

from collections.abc import Mapping
from functools import partial

from lastgood.model.attributes import (
    DURATION_NS,
    EXCEPTION_MESSAGE,
    EXCEPTION_TYPE,
    FLAG_KEY,
    GRPC_STATUS,
    INSTANCES,
    STACKTRACE,
    UPSTREAM_NS,
)
from lastgood.model.signal import Signal
from lastgood.telemetry.derived import DERIVED, NOT_RECEIVED, RECEIVED, ROOTS, TRACE_HASHES, first_of
from lastgood.telemetry.entries import Entries, notes
from lastgood.telemetry.layout import Layout
from lastgood.telemetry.tables import SHAPE_SQL

_LEVELS = {
    "trace": 1, "verbose": 1, "finest": 1, "debug": 5, "fine": 5, "info": 9, "information": 9, "notice": 10,
    "warn": 13, "warning": 13, "error": 17, "err": 17, "severe": 17, "critical": 21, "crit": 21, "alert": 21,
    "fatal": 21, "emergency": 24, "emerg": 24, "panic": 24,
}  # fmt: skip

# The level of a severity: to group lines by their number, and the groups by level, costs a third less.
LEVEL = (
    "multiIf(severity = 0, '', severity < 5, 'trace', severity < 9, 'debug', severity < 13, 'info', "
    "severity < 17, 'warn', severity < 21, 'error', 'fatal')"
)

SAMPLE = "lg_sample"
ENTERED = frozenset({"lg_requests", "lg_served", "lg_fronts"})
BARE = "lg_requests_bare"  # requests without what places behind them add

# Below 500, but no answer: too many requests, and nginx's client that left before it came.
REFUSED = (429, 499)
# Statuses of requests that are refused as wrong.
WRONG = (400, 409, 413, 415, 422)
# Statuses that may be right: not signed in, not allowed, not found, gone, too many.
DENIED = (401, 403, 404, 410, 429, 451)
# A page that another address answers: whoever is no longer signed in is sent to sign in.
REDIRECTED = (302, 307)
# Conditions on `lg_requests`. A form that is accepted may answer with another address as well, a page that is read does not.
IS_DENIED = f"(http_status IN {DENIED} OR (http_status IN {REDIRECTED} AND method = 'GET'))"
IS_SERVED = f"(http_status BETWEEN 100 AND 399 AND NOT {IS_DENIED})"


# What a relation has when its table is not there: its columns, and their types.
_MAP = "Map(LowCardinality(String), String)"
_COMMON = {
    "ts": "DateTime64(9, 'UTC')", "service": "String", "instance": "String", "attributes": _MAP, "resource": _MAP, "phase": "String",
}  # fmt: skip
_EVENT = {
    "id": "String", "service": "String", "state": "String", "url": "String", "ts": "DateTime64(9, 'UTC')", "until": "DateTime64(9, 'UTC')", "phase": "String",
}  # fmt: skip
_HOP = {
    "trace_id": "String", "trace_hash": "UInt16", "span_id": "String", "entry": "UInt8", "ts": "DateTime64(9, 'UTC')", "service": "String",
    "name": "String", "kind": "String", "duration_ns": "UInt64", "failed": "UInt8", "http_status": "UInt16", "error_type": "String",
    "message": "String", "peer": "String", "instance": "String", "version": "String", "phase": "String",
    "children": "Array(Tuple(DateTime64(9, 'UTC'), String, String, UInt64, UInt8))", "self_ns": "UInt64", "children_failed": "UInt8",
}  # fmt: skip
_TRACED = {"trace_id": "String", "version": "String", "user": "String"}
_REQUEST = {
    **_COMMON, **_TRACED, "operation": "String", "method": "String", "failed": "UInt8", "http_status": "UInt16", "duration_ns": "UInt64", "trace_hash": "UInt16",
}  # fmt: skip
_EMPTY: dict[str, Mapping[str, str]] = {
    "lg_spans": {
        **_COMMON, **_TRACED, "span_id": "String", "parent_id": "String", "name": "String", "kind": "String", "duration_ns": "UInt64",
        "http_status": "UInt16", "failed": "UInt8", "error_type": "String", "message": "String", "peer": "String", "trace_hash": "UInt16", "judged": "UInt8", "received": "DateTime64(3, 'UTC')",
    },
    "lg_hops": _HOP,
    SAMPLE: _HOP,
    "lg_requests": _REQUEST,
    "lg_served": _REQUEST,
    "lg_fronts": {"kind": "String", "outer": "String", "inner": "String", "counted": "String"},
    "lg_lines": {
        **_COMMON, **_TRACED, "span_id": "String", "severity": "UInt8", "level": "String", "body": "String", "shape": "UInt64", "scope": "String", "code_line": "String", "trace_hash": "UInt16", "received": "DateTime64(3, 'UTC')",
    },
    "lg_exceptions": {
        "ts": "DateTime64(9, 'UTC')", "trace_id": "String", "span_id": "String", "service": "String", "type": "String", "message": "String", "stacktrace": "String", "phase": "String",
    },
    "lg_flags": {"ts": "DateTime64(9, 'UTC')", "trace_id": "String", "service": "String", "key": "String", "phase": "String"},
    "lg_points": {
        **_COMMON, "metric": "String", "unit": "String", "kind": "String", "value": "Float64", "count": "UInt64", "monotonic": "UInt8", "cumulative": "UInt8", "received": "DateTime64(3, 'UTC')",
    },
    "lg_calls_known": {"caller": "String", "callee": "String"},
    "lg_changes": {
        **_EVENT, "kind": "String", "title": "String", "actor": "String", "version": "String", "previous": "String", "within": "String",
        "files": "Array(String)", "additions": "UInt32", "deletions": "UInt32", "diff": "String", "source": "String", "attributes": _MAP,
    },
    "lg_alerts": {**_EVENT, "name": "String", "severity": "String", "summary": "String", "labels": _MAP},
    "lg_shapes": {
        "service": "String", "shape": "UInt64", "pattern": "String", "key": "Array(String)", "miner": "UInt16", "first_seen": "DateTime64(9, 'UTC')", "low": "String", "high": "String",
    },
    "lg_pattern_aliases": {"service": "String", "old": "String", "new": "String"},
}  # fmt: skip
NAMES = tuple(_EMPTY)

# A cause may be elsewhere, so what was done and what rang is never narrowed to the part looked at.
SCOPED = frozenset(
    {"lg_spans", "lg_requests", "lg_served", "lg_lines", "lg_exceptions", "lg_flags", "lg_points"}
)


def columns(name: str) -> frozenset[str]:
    """The columns of a relation."""
    return frozenset(_EMPTY[name])


def types(name: str) -> Mapping[str, str]:
    """The types of the columns of a relation, by their names."""
    return _EMPTY[name]


def entered(layout: Layout, signals: frozenset[Signal], entries: Entries) -> dict[str, str]:
    """The SQL of the relations of requests, each counted where the entries say."""
    of_spans = not layout.examples and (Signal.SPANS in signals or not layout.has("otel_logs"))
    served = _requests_of_spans(layout) if of_spans else _requests_of_lines(layout)
    whole = bare = served
    if entries.beside_spans if of_spans else entries.fronts or entries.named_elsewhere:
        lines, spans = (_requests_of_lines(layout), served) if of_spans else (served, None)
        whole, bare = (entries.requests(lines, spans, whole=more) for more in (True, False))
    fronts = notes(_EMPTY["lg_fronts"]) if entries else _nothing("lg_fronts")
    return {"lg_requests": whole, BARE: bare, "lg_served": served, "lg_fronts": fronts}


def fragments(layout: Layout) -> dict[str, str]:
    """The SQL of every other relation, for this layout.

    Every fragment reads `{from_ns}` and `{to_ns}`, so a scan without a window cannot be written.
    """
    hops = _hops(layout)
    return {
        "lg_spans": _spans(layout),
        "lg_hops": hops,
        SAMPLE: _sample(hops),
        "lg_lines": _lines(layout),
        "lg_exceptions": _exceptions(layout),
        "lg_flags": _flags(layout),
        "lg_points": _points(layout),
        "lg_calls_known": _calls(layout),
        "lg_changes": _events(layout, "lg_changes"),
        "lg_alerts": _events(layout, "lg_alerts"),
        "lg_shapes": _shapes(layout),
        "lg_pattern_aliases": _aliases(layout),
    }


def _nothing(name: str) -> str:
    columns = ", ".join(
        f"defaultValueOfTypeName($${kind}$$) AS {column}" for column, kind in _EMPTY[name].items()
    )
    return f"SELECT {columns} WHERE 0"


def _instant(parameter: str) -> str:
    return f"fromUnixTimestamp64Nano({{{parameter}:Int64}}, 'UTC')"


def _between(time: str, low: str, high: str) -> str:
    # The column as it is: to convert it costs more than to compare it.
    return f"{time} >= {_instant(low)} AND {time} < {_instant(high)}"


def _within(time: str, seconds: str = "") -> str:
    # Older tables are sorted and cut into parts by a column of whole seconds: without it all is read.
    low, high = (f"toDateTime({_instant(name)}, 'UTC')" for name in ("from_ns", "to_ns"))
    coarse = f" AND {seconds} >= {low} AND {seconds} <= {high}" if seconds else ""
    return _between(time, "from_ns", "to_ns") + coarse


def _phase(time: str) -> str:
    good, bad = _between(time, "good_from", "good_to"), _between(time, "bad_from", "bad_to")
    return f"multiIf({good}, 'good', {bad}, 'bad', '')"


def _derived(layout: Layout, table: str, name: str) -> str:
    """SQL for a derived column: itself where the table keeps it."""
    return layout.column(table, name, DERIVED[table][name][1])


def _spans(layout: Layout, more: str = "") -> str:
    if not layout.has("otel_traces"):
        return _nothing("lg_spans")
    of = partial(_derived, layout, "otel_traces")
    kind = "replaceOne(replaceOne(SpanKind, 'SPAN_KIND_', ''), '_', '')"
    message = layout.column("otel_traces", "StatusMessage", "''")
    return f"""
    SELECT toTimeZone(Timestamp, 'UTC') AS ts, TraceId AS trace_id, SpanId AS span_id,
           if(ParentSpanId IN {ROOTS}, '', ParentSpanId) AS parent_id,
           toString(ServiceName) AS service, toString(SpanName) AS name,
           initcap(lower({kind})) AS kind, toUInt64(Duration) AS duration_ns,
           {of("HttpStatus")} AS http_status,
           StatusCode IN ('Error', 'STATUS_CODE_ERROR', 'ERROR') OR http_status >= 500
               OR (kind = 'Client' AND http_status >= 400) AS failed,
           {of("ErrorType")} AS error_type, {message} AS message, {of("Peer")} AS peer, {of("Instance")} AS instance,
           {of("Version")} AS version, {of("User")} AS user, {of("TraceHash")} AS trace_hash,
           {more} SpanAttributes AS attributes, ResourceAttributes AS resource, {_phase("Timestamp")} AS phase,
           failed OR http_status > 0 OR error_type != '' OR StatusCode IN ('Ok', 'STATUS_CODE_OK', 'OK')
               OR SpanAttributes['{GRPC_STATUS}'] != '' AS judged, {layout.column("otel_traces", RECEIVED, NOT_RECEIVED)} AS received
    FROM {layout.table("otel_traces", "{{database}}")} WHERE {_within("Timestamp")}"""


def _hops(layout: Layout) -> str:
    # Each span is handed to itself and to its parent, and one GROUP BY brings the two together: no
    # self-join, so it stays within a shard where spans are sharded by trace.
    own = ("ts", "service", "name", "kind", "duration_ns", "failed", "http_status", "error_type", "message", "peer",
           "instance", "version", "phase")  # fmt: skip
    kept = ", ".join(f"anyIf(x_{column}, mine) AS {column}" for column in own)
    given = ", ".join(f"{column} AS x_{column}" for column in own)
    child = "(x_ts, x_service, x_name, x_duration_ns, x_failed)"
    return f"""
    SELECT *, toUInt64(greatest(0, toInt64(duration_ns) - toInt64(arraySum(c -> c.4, children)))) AS self_ns,
           arrayExists(c -> c.5, children) AS children_failed
    FROM (SELECT trace_id, trace_hash, key AS span_id, anyIf(x_entry, mine) AS entry, {kept},
                 arraySort(arrayDistinct(groupArrayIf(1000)({child}, NOT mine))) AS children
          FROM (SELECT trace_id, trace_hash, parent_id = '' AS x_entry, {given}, pair.1 AS key, pair.2 AS mine
                FROM ({_spans(layout)}) ARRAY JOIN [(span_id, true), (parent_id, false)] AS pair)
          WHERE key != '' GROUP BY trace_id, trace_hash, key HAVING max(mine))"""


def _sample(hops: str) -> str:
    return f"""
    SELECT * FROM ({hops}) WHERE phase != '' AND trace_hash < intDiv({TRACE_HASHES}, {{every:UInt64}})"""


def _requests_of_spans(layout: Layout) -> str:
    if not layout.has("otel_traces"):
        return _nothing("lg_requests")
    entry = "root"
    if layout.entry_services:
        entry += " OR (kind IN ('Server', 'Consumer') AND service IN {entry_services:Array(String)})"
    of = partial(_derived, layout, "otel_traces")
    more = f"{of('Root')} AS root, {of('Route')} AS route, {of('Method')} AS method,"
    return f"""
    SELECT ts, trace_id, service, if(route != '', route, name) AS operation, method,
           failed, http_status, duration_ns, instance, version, user, attributes, resource, trace_hash, phase
    FROM ({_spans(layout, more)}) WHERE {entry}"""


def _log_time(layout: Layout) -> str:
    return _within("Timestamp", layout.column("otel_logs", "TimestampTime", ""))


def _requests_of_lines(layout: Layout) -> str:
    of = partial(_derived, layout, "otel_logs")
    return f"""
    SELECT toTimeZone(Timestamp, 'UTC') AS ts, TraceId AS trace_id, {layout.service("ServiceName")} AS service,
           {of("Operation")} AS operation, http_status >= 500 OR http_status IN {REFUSED} AS failed,
           {of("HttpStatus")} AS http_status, {of("Method")} AS method,
           toUInt64OrZero(if(LogAttributes['{DURATION_NS}'] != '', LogAttributes['{DURATION_NS}'], LogAttributes['{UPSTREAM_NS}'])) AS duration_ns,
           {layout.instance(of("Instance"), "ServiceName")} AS instance, {of("Version")} AS version, {of("User")} AS user,
           toUInt16(cityHash64(Timestamp, TraceId)) AS trace_hash,
           LogAttributes AS attributes, ResourceAttributes AS resource, {_phase("Timestamp")} AS phase
    FROM {layout.table("otel_logs", "{{database}}")} WHERE {_log_time(layout)} AND http_status > 0"""


def _lines(layout: Layout) -> str:
    if not layout.has("otel_logs"):
        return _nothing("lg_lines")
    of = partial(_derived, layout, "otel_logs")
    said = f"concat(Body, {of('Exception')})"
    shape = layout.column("otel_logs", "Shape", SHAPE_SQL.format(text=said))
    return f"""
    SELECT toTimeZone(Timestamp, 'UTC') AS ts, TraceId AS trace_id, SpanId AS span_id, {layout.service("ServiceName")} AS service,
           toUInt8(if(SeverityNumber > 0, SeverityNumber, transform(lower(SeverityText), {list(_LEVELS)}, {list(_LEVELS.values())}, 0))) AS severity,
           {LEVEL} AS level,
           {said} AS body, {shape} AS shape, {layout.column("otel_logs", "ScopeName", "''")} AS scope,
           {layout.instance(of("Instance"), "ServiceName")} AS instance, {of("Version")} AS version, {of("User")} AS user, {of("TraceHash")} AS trace_hash,
           {of("CodeLine")} AS code_line, LogAttributes AS attributes, ResourceAttributes AS resource, {_phase("Timestamp")} AS phase, {layout.column("otel_logs", RECEIVED, NOT_RECEIVED)} AS received
    FROM {layout.table("otel_logs", "{{database}}")} WHERE {_log_time(layout)}"""


def _exceptions(layout: Layout) -> str:
    if not layout.has("otel_traces"):
        return _nothing("lg_exceptions")
    events = layout.column("otel_traces", "Events.Attributes", "[]")
    return f"""
    SELECT toTimeZone(Timestamp, 'UTC') AS ts, TraceId AS trace_id, SpanId AS span_id, toString(ServiceName) AS service,
           recorded['{EXCEPTION_TYPE}'] AS type, recorded['{EXCEPTION_MESSAGE}'] AS message,
           recorded['{STACKTRACE}'] AS stacktrace, {_phase("Timestamp")} AS phase
    FROM {layout.table("otel_traces", "{{database}}")}
    ARRAY JOIN arrayFilter(a -> a['{EXCEPTION_TYPE}'] != '' OR a['{STACKTRACE}'] != '',
                           arrayPushBack({events}, SpanAttributes)) AS recorded
    WHERE {_within("Timestamp")}"""


def _flags(layout: Layout) -> str:
    events = layout.column("otel_traces", "Events.Attributes", "[]")
    places = {
        "otel_traces": (f"arrayPushBack({events}, SpanAttributes)", _within("Timestamp")),
        "otel_logs": ("[LogAttributes]", _log_time(layout)),
    }
    head = "toTimeZone(Timestamp, 'UTC') AS ts, TraceId AS trace_id, toString(ServiceName) AS service"
    return " UNION ALL ".join(f"""
    SELECT {head}, noted['{FLAG_KEY}'] AS key, {_phase("Timestamp")} AS phase FROM {layout.table(table, "{{database}}")}
    ARRAY JOIN arrayFilter(a -> a['{FLAG_KEY}'] != '', {noted}) AS noted WHERE {during}"""
    for table, (noted, during) in places.items() if layout.has(table)) or _nothing("lg_flags")  # fmt: skip


_MEAN = "if(Count > 0, Sum / Count, nan)"
METRICS = (
    ("otel_metrics_gauge", "gauge", "Value"),
    ("otel_metrics_sum", "sum", "Value"),
    ("otel_metrics_histogram", "histogram", _MEAN),
    ("otel_metrics_exponential_histogram", "histogram", _MEAN),
    ("otel_metrics_exp_histogram", "histogram", _MEAN),
    ("otel_metrics_summary", "summary", _MEAN),
)


def _points(layout: Layout) -> str:
    instance = first_of(["ResourceAttributes", "Attributes"], INSTANCES)
    parts = [
        f"""
    SELECT toDateTime64(TimeUnix, 9, 'UTC') AS ts, {layout.service("ServiceName")} AS service, toString(MetricName) AS metric,
           MetricUnit AS unit, '{kind}' AS kind, {value} AS value, {"Count" if value == _MEAN else "toUInt64(0)"} AS count,
           toUInt8({layout.column(table, "IsMonotonic", "0")}) AS monotonic,
           toUInt8({layout.column(table, "AggregationTemporality", "0")} = 2) AS cumulative, {instance} AS instance,
           Attributes AS attributes, ResourceAttributes AS resource, {_phase("TimeUnix")} AS phase, {layout.column(table, RECEIVED, NOT_RECEIVED)} AS received
    FROM {layout.table(table, "{{database}}")} WHERE {_within("TimeUnix")}"""
        for table, kind, value in METRICS
        if layout.has(table)
    ]
    return "\n    UNION ALL".join(parts) or _nothing("lg_points")


def _calls(layout: Layout) -> str:
    if not layout.has("lg_calls"):
        return _nothing("lg_calls_known")
    return "SELECT DISTINCT toString(Caller) AS caller, toString(Callee) AS callee FROM {{database}}.lg_calls"


# The columns of a table of events by their names in the relation; the others are the same but for their capital.
_STORED = {"previous": "PreviousVersion"}
_TIMES = frozenset({"ts", "until", "phase"})


def _events(layout: Layout, table: str) -> str:
    if not layout.has(table):
        return _nothing(table)
    own = ", ".join(
        f"{_STORED.get(name, name.capitalize())} AS {name}"
        for name in _EMPTY[table]
        if name not in {*_TIMES, "service"}
    )
    return f"""
    SELECT {own}, {layout.service("Service")} AS service, toTimeZone(Timestamp, 'UTC') AS ts, if(EndTimestamp > Timestamp, EndTimestamp, Timestamp) AS until,
           {_phase("Timestamp")} AS phase
    FROM {{{{database}}}}.{table} WHERE {_within("Timestamp")}"""


def _shapes(layout: Layout) -> str:
    if not layout.has("lg_shapes"):
        return _nothing("lg_shapes")
    return f"""
    SELECT {layout.service("Service")} AS service, Shape AS shape, Pattern AS pattern, Key AS key, Miner AS miner,
           FirstSeen AS first_seen, Low AS low, High AS high
    FROM {{{{database}}}}.lg_shapes FINAL"""


def _aliases(layout: Layout) -> str:
    if not layout.has("lg_pattern_aliases"):
        return _nothing("lg_pattern_aliases")
    return f"SELECT {layout.service('Service')} AS service, Old AS old, New AS new FROM {{{{database}}}}.lg_pattern_aliases FINAL"
