"""ClickHouse filled by the OpenTelemetry Collector's exporter, ClickStack or SigNoz: log lines, spans, gauges and sums of the window.

Over ClickHouse's HTTP interface, by GET, which its server lets only read. Lines and spans go back in time page by page; of a series
the last value of each half minute is asked for, and every one of a delta. What a table lacks is left out.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import orjson

from lastgood.errors import NotFetchedError
from lastgood.model.figures import count, counted
from lastgood.model.signal import Signal
from lastgood.outside.connectors._pages import Page, paged
from lastgood.outside.connectors._registry import Asking, Connector, Document, Fetched, Held, Limit
from lastgood.outside.connectors._signoz import DATABASES, signoz_tables
from lastgood.outside.connectors.limits import LINES_AT_ONCE, SAMPLES_AT_ONCE
from lastgood.outside.connectors.wire import Wire

_LOGS = "Timestamp TraceId SpanId SeverityText SeverityNumber ServiceName Body ResourceAttributes ScopeName LogAttributes EventName"
_SPANS = (
    "Timestamp TraceId SpanId ParentSpanId TraceState SpanName SpanKind ServiceName ResourceAttributes ScopeName ScopeVersion "
    "SpanAttributes Duration StatusCode StatusMessage Events.Timestamp Events.Name Events.Attributes"
)
_POINTS = (
    "ServiceName MetricName MetricDescription MetricUnit ResourceAttributes ScopeName Attributes StartTimeUnix TimeUnix Value "
    "AggregationTemporality AggTemp IsMonotonic"
)
_TABLES: Mapping[str, tuple[str, ...]] = {
    "otel_logs": tuple(_LOGS.split()),
    "otel_traces": tuple(_SPANS.split()),
    "otel_metrics_gauge": tuple(_POINTS.split()),
    "otel_metrics_sum": tuple(_POINTS.split()),
}
_TIMES = ("Timestamp", "TimeUnix", "StartTimeUnix")
_EVERY = 30  # s between two values of a series
_DELTA = 1  # AggregationTemporality


def detect(wire: Wire) -> bool:
    """Whether it answers a ping as ClickHouse does."""
    try:
        return wire.get("ping") == b"Ok.\n"
    except NotFetchedError:
        return False


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """A file of rows for each page or table; `target` is a database, `select` is a condition on columns that all tables have."""
    tables = _tables(wire, asking)
    if not tables:
        raise NotFetchedError(
            f"{wire.url} has no tables of the exporter (otel_logs and others) in database {asking.target or 'default'}, nor SigNoz' own."
        )
    for name, what in (("otel_logs", "log lines"), ("otel_traces", "spans")):
        if name in tables:
            yield from _paged(wire, asking, tables[name], what)
    for name in ("otel_metrics_gauge", "otel_metrics_sum"):
        if name in tables:
            yield from _values(wire, asking, tables[name])


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of the exporter, or a SELECT that gives the same, and its columns that are asked for."""

    name: str
    place: str
    columns: list[str]


def _tables(wire: Wire, asking: Asking) -> dict[str, _Table]:
    """The exporter's tables in the database; without any, those of SigNoz on the server."""
    listed = ", ".join(f"'{name}'" for name in _TABLES)
    others = ", ".join(f"'{name}'" for name in DATABASES)
    rows = _rows(
        wire,
        asking,
        "SELECT if(database = currentDatabase(), '', database) AS place, table, name FROM system.columns "
        f"WHERE (database = currentDatabase() AND table IN ({listed})) OR database IN ({others})",
    )
    there = [(one["place"], one["table"], one["name"]) for one in map(orjson.loads, rows)]
    own = {(table, name) for place, table, name in there if not place}
    found = {
        table: _Table(table, table, columns)
        for table, names in _TABLES.items()
        if (columns := [name for name in names if (table, name) in own])
    }
    if found:
        return found
    selects = signoz_tables({(place, table) for place, table, _ in there}, asking.window)
    return {
        table: _Table(
            table, f"({select})", [name for name in _TABLES[table] if re.search(rf"\b{name}\b", select)]
        )
        for table, select in selects.items()
    }


def _rows(wire: Wire, asking: Asking, sql: str) -> list[bytes]:
    """The rows of a query as lines of JSON; names of services are bound, never written into it."""
    bound = {f"param_s{number}": name for number, name in enumerate(asking.services)}
    body = wire.get("", query=f"{sql} FORMAT JSONEachRow", database=asking.target or "default", **bound)
    return [line for line in body.splitlines() if line]


def _where(asking: Asking, column: str, end: str) -> str:
    """The conditions: from the start of the window to the end of a page, both in it."""
    start = f"{asking.window.start:%Y-%m-%d %H:%M:%S}"
    services = ", ".join(f"{{s{number}:String}}" for number in range(len(asking.services)))
    return " AND ".join(
        filter(
            None,
            (
                f"{column} >= toDateTime64('{start}', 9, 'UTC')", f"{column} <= toDateTime64('{end}', 9, 'UTC')",
                f"ServiceName IN ({services})" if services else "", f"({asking.select})" if asking.select else "",
            ),
        )
    )  # fmt: skip


def _quoted(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _in_utc(names: list[str], inner: str) -> str:
    """The same rows with their times in UTC, whatever the zone of the server is."""
    times = [f"toTimeZone(`{name}`, 'UTC') AS `{name}`" for name in names if name in _TIMES]
    if "Events.Timestamp" in names:
        times.append("arrayMap(x -> toTimeZone(x, 'UTC'), `Events.Timestamp`) AS `Events.Timestamp`")
    return f"SELECT * REPLACE ({', '.join(times)}) FROM ({inner})"


def _paged(wire: Wire, asking: Asking, table: _Table, what: str) -> Iterator[Document | Limit]:
    seen: set[bytes] = set()

    def ask(end: str) -> Page:
        inner = f"SELECT {_quoted(table.columns)} FROM {table.place} WHERE {_where(asking, 'Timestamp', end)} ORDER BY Timestamp DESC LIMIT {LINES_AT_ONCE}"
        rows = sorted(_rows(wire, asking, _in_utc(table.columns, inner)), key=_time, reverse=True)
        fresh = [row for row in rows if row not in seen]
        if len(rows) < LINES_AT_ONCE or not fresh:
            return fresh, None
        oldest = _time(rows[-1])
        seen.clear()
        seen.update(row for row in rows if _time(row) == oldest)
        return fresh, oldest

    first = f"{asking.window.end:%Y-%m-%d %H:%M:%S}"
    yield from paged(table.name, ask, what, _time, first=first, written=_lines)


def _time(row: bytes) -> str:
    return str(orjson.loads(row)["Timestamp"])


def _lines(rows: list[bytes]) -> bytes:
    return b"\n".join([*rows, b""])


def _values(wire: Wire, asking: Asking, table: _Table) -> Iterator[Document | Limit]:
    temporality = next((name for name in ("AggregationTemporality", "AggTemp") if name in table.columns), "0")
    moment = f"if({temporality} = {_DELTA}, toUnixTimestamp64Nano(toDateTime64(TimeUnix, 9)), intDiv(toUnixTimestamp(TimeUnix), {_EVERY}))"
    inner = (
        f"SELECT {_quoted(table.columns)} FROM {table.place} WHERE {_where(asking, 'TimeUnix', f'{asking.window.end:%Y-%m-%d %H:%M:%S}')} "
        f"ORDER BY TimeUnix DESC LIMIT 1 BY ServiceName, MetricName, Attributes, ResourceAttributes, {moment} LIMIT {SAMPLES_AT_ONCE}"
    )
    try:
        rows = _rows(wire, asking, _in_utc(table.columns, inner))
    except NotFetchedError as problem:
        yield Limit(f"metrics of {table.name} did not come: {problem.message}")
        return
    if rows:
        yield Document(f"{table.name}.json", _lines(rows))
    if len(rows) >= SAMPLES_AT_ONCE:
        yield Limit(
            f"older values of {table.name} were left out: the newest {count(SAMPLES_AT_ONCE)} are read"
        )


def holds(wire: Wire, asking: Asking) -> Held:
    """How many of the exporter's tables there are."""
    found = _tables(wire, asking)
    whose = "SigNoz" if any(one.place != one.name for one in found.values()) else "the exporter"
    return Held(f"{counted(len(found), 'table')} of {whose}", empty=not found)


CONNECTOR = Connector(
    "clickhouse",
    "log lines, spans and metrics",
    fetch,
    detect,
    holds,
    frozenset({Signal.LOGS, Signal.SPANS, Signal.METRICS}),
)
