"""Fronts: a look at a sample of requests for places that stand in front of others.

The sample is stretches of time, whole ones, spread over where the rows are: however large the store, it costs the same.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from lastgood.algorithms.fronting import LEAST, Front, Place, Requests, fronts, other_names
from lastgood.errors import BudgetError
from lastgood.telemetry.derived import DERIVED, ROUTE, UPSTREAM, first_of
from lastgood.telemetry.engine import Engine
from lastgood.telemetry.entries import SHORT, SPANS, TRACE, Entries
from lastgood.telemetry.layout import Layout

SAMPLED = 150_000  # lines, or spans, that are looked at
STRETCHES = 20
MOST = 30_000  # requests of them that are compared
RECENT = 6 * 3600  # seconds before the end: of larger stores all is looked at there
LARGE = 50_000_000
PLACES = 40
FULL = 1.1  # times as many lines as spans, from which lines are what is counted
UNSEEN = 5  # failed lines without a span, from which they are too
_QUICK = {"max_execution_time": 3}
_IDS = r"(?i)(^|[^a-z])(x-)?(request|req|trace|correlation|transaction|invocation|call|flow|amzn|ray|rid|cid)[a-z._-]*|traceparent|uuid|guid"
_NOT_IDS = r"(?i)user|session|client|customer|account|cookie|addr|host|port|agent|refer|path|url|route|method|status|size|bytes|time|duration|length|protocol|query|version|scheme|header.*(type|language|encoding)"
# What every logger says, and no segment is made of.
_USUAL = (
    r"(?i)^(lg\.|log|level|severity|thread|duration|http|url|net|server|client|user_agent|exception|error|code|process|trace|span|message|event)"
    rf"|{_IDS}"
)
_SHAPED = (
    r"replaceRegexpAll(replaceRegexpOne(cutQueryString(if(startsWith({0}, 'http'), path({0}), {0})), '(.)/$', '\\1'), "
    r"'/[^/]*[0-9{{:<][^/]*', '/*')"
)


def entries_of(engine: Engine, layout: Layout) -> Entries:
    """Where requests are counted that stand at several places; nothing where that is too dear to be looked at."""
    try:
        stretches = _stretches(engine, "otel_logs") if layout.has("otel_logs") else []
        places, taken = _lines(engine, layout, stretches) if stretches else ([], [])
        if places and layout.has("otel_traces"):
            places += _spans(engine, layout, taken)
        return _entries(places) if len(places) > 1 else Entries()
    except BudgetError:
        return Entries()


def _entries(places: list[Place]) -> Entries:
    found = fronts(places)
    by_name = {place.name: place for place in places}
    if any(place.spans for place in places):
        found = tuple(_beside_spans(found, by_name))
        places = [p for p in places if p.spans or any(p.name in {one.outer, one.inner} for one in found)]
    behind = {one.inner for one in found if not one.counted_inside}
    named = {
        one.outer: by_name[one.inner]
        for one in found
        if one.one_each and by_name[one.inner].named * one.covered > 1.1 * by_name[one.outer].named
    }
    outside = {one.outer: one.inner for one in found if one.counted_inside}
    sources = [replace(named.get(p.name, p), name=p.name) for p in places if p.name not in behind | outside.keys()]
    elsewhere = other_names(sources)
    for outer, inner in outside.items():
        if other_names((by_name[outer], by_name[inner])):
            elsewhere[outer] = elsewhere.get(inner, inner)
    plain = {name.removesuffix(SPANS): at.removesuffix(SPANS) for name, at in elsewhere.items()}
    return Entries(found, frozenset(named), plain)


def _beside_spans(found: tuple[Front, ...], places: dict[str, Place]) -> Iterator[Front]:
    """The links that matter where there are spans: of lines that have more than the spans behind them, and in front of such."""
    chosen = {
        one.outer for one in found if places[one.inner].spans and _more(places[one.outer], places[one.inner], one)
    }
    while more := {one.outer for one in found if one.inner in chosen} - chosen:
        chosen |= more
    yield from (one for one in found if one.outer in chosen and (places[one.inner].spans or one.inner in chosen))


def _more(lines: Place, spans: Place, one: Front) -> bool:
    """Whether access lines have requests, or failures, that no span has."""
    if lines.spans:
        return False
    mine, theirs = lines.requests, spans.requests
    if one.outer_id is None:
        calls = set(theirs.calls)
        return sum(call in calls for call in mine.calls) >= FULL * len(spans)
    known = spans.by_id[str(one.inner_id)]
    ids = mine.ids[one.outer_id]
    unseen = [status for value, status in zip(ids, mine.statuses, strict=True) if value not in known]
    of_theirs = len(lines) - len(unseen)
    return len(unseen) >= (FULL - 1) * max(of_theirs, 1) or sum(status >= 500 for status in unseen) >= UNSEEN


def _stretches(engine: Engine, table: str) -> "Stretches":
    """Stretches of time, in nanoseconds, that hold about so many rows of a table."""
    name = f"{engine.database}.{table}"
    whole = engine.query(
        f"SELECT count() AS n, toUnixTimestamp64Nano(toDateTime64(min(Timestamp), 9, 'UTC')) AS low, "
        f"toUnixTimestamp64Nano(toDateTime64(max(Timestamp), 9, 'UTC')) AS high FROM {name}"
    ).rows[0]
    total, low, high = (int(whole[key]) for key in ("n", "low", "high"))
    if total <= SAMPLED:
        return [(low, high + 1)] if total >= LEAST else []
    if total > LARGE:
        low = max(low, high - RECENT * 10**9)
    levels = ", ".join(str(at / STRETCHES) for at in range(STRETCHES + 1))
    found = engine.query(
        f"SELECT count() AS n, quantiles({levels})(toUnixTimestamp64Nano(toDateTime64(Timestamp, 9, 'UTC'))) AS cuts "
        f"FROM {name} WHERE Timestamp >= fromUnixTimestamp64Nano({{low:Int64}}, 'UTC')",
        {"low": low},
        _QUICK,
    ).rows[0]
    part = min(1.0, SAMPLED / max(found["n"], 1))
    cuts = [int(cut) for cut in found["cuts"]]
    return [
        (start, start + max(int((end - start) * part), 1)) for start, end in zip(cuts, cuts[1:], strict=False)
    ]


def _within(stretches: "Stretches") -> str:
    between = "Timestamp >= fromUnixTimestamp64Nano(toInt64({}), 'UTC') AND Timestamp < fromUnixTimestamp64Nano(toInt64({}), 'UTC')"
    return "(" + " OR ".join(f"({between.format(*one)})" for one in stretches) + ")"


Stretches = list[tuple[int, int]]


def _lines(engine: Engine, layout: Layout, stretches: Stretches) -> tuple[list[Place], Stretches]:
    """The places of access lines, and the stretches that they were looked at in."""
    status, user = (layout.column("otel_logs", name, DERIVED["otel_logs"][name][1]) for name in ("HttpStatus", "User"))
    which = f"{engine.database}.otel_logs WHERE {_within(stretches)} AND {status} > 0"
    services = engine.query(
        f"SELECT toString(ServiceName) AS service, count() AS n, "
        f"arrayFilter(k -> NOT match(k, {{usual:String}}), groupUniqArrayArray(mapKeys(LogAttributes))) AS more "
        f"FROM {which} GROUP BY service HAVING n >= {LEAST} ORDER BY n DESC, service LIMIT {PLACES}",
        {"usual": _USUAL},
        _QUICK,
    ).rows
    alone = len(services) < 2 and not layout.has("otel_traces")
    if not services or alone:
        return [], []
    every = 1 + sum(row["n"] for row in services) // MOST
    taken = stretches[:: min(every, len(stretches))]
    first = first_of(["LogAttributes"], ROUTE)
    upstream = first_of(["LogAttributes"], UPSTREAM)
    told = "if(LogAttributes['lg.duration_ns'] != '', LogAttributes['lg.duration_ns'], LogAttributes['lg.upstream_ns'])"
    sql = f"""
    SELECT toString(ServiceName) AS service, toUnixTimestamp64Nano(toDateTime64(Timestamp, 9, 'UTC')) / 1e9 AS at,
           toFloat64OrZero({told}) / 1e9 AS took, concat(upper(LogAttributes['http.request.method']), ' ', {_SHAPED.format(first)}) AS call,
           {status} AS status, {user} AS user, LogAttributes['client.address'] AS client, {upstream} AS upstream,
           LogAttributes['lg.upstream_ns'] != '' OR LogAttributes['lg.upstream_status'] != '' AS asks,
           {SHORT.format("TraceId")} AS trace,
           arrayMap(pair -> (toString(pair.1), {SHORT.format("pair.2")}), arrayFilter(
               pair -> length(pair.2) >= 6 AND match(pair.1, {{ids:String}}) AND NOT match(pair.1, {{not_ids:String}}),
               arrayZip(mapKeys(LogAttributes), mapValues(LogAttributes)))) AS ids
    FROM {engine.database}.otel_logs WHERE {_within(taken)} AND {status} > 0 AND ServiceName IN {{services:Array(String)}}
    ORDER BY Timestamp, service LIMIT {2 * MOST}"""
    bound = {"ids": _IDS, "not_ids": _NOT_IDS, "services": [row["service"] for row in services]}
    more = {row["service"]: frozenset(row["more"]) for row in services}
    found = _places(engine.query(sql, bound, _QUICK).rows, spans=False)
    return [replace(place, carried=more[place.name]) for place in found], taken


def _spans(engine: Engine, layout: Layout, stretches: Stretches) -> list[Place]:
    """The places of spans at which requests come in."""
    of = {name: layout.column("otel_traces", name, sql) for name, (_, sql) in DERIVED["otel_traces"].items()}
    route = first_of(["SpanAttributes"], ROUTE)
    method = first_of(["SpanAttributes"], ("http.request.method", "http.method"))
    path = f"if({route} != '', {route}, extract(SpanName, '/.*'))"
    entry = f"{of['Root']}"
    if layout.entry_services:
        entry += " OR (SpanKind IN ('Server', 'SPAN_KIND_SERVER', 'Consumer', 'SPAN_KIND_CONSUMER') AND ServiceName IN {entries:Array(String)})"
    sql = f"""
    SELECT toString(ServiceName) AS service, toUnixTimestamp64Nano(toDateTime64(Timestamp, 9, 'UTC')) / 1e9 AS at,
           Duration / 1e9 AS took, concat(upper(if({method} != '', {method}, extract(SpanName, '^([A-Z]+) /'))), ' ', {_SHAPED.format(path)}) AS call,
           {of["HttpStatus"]} AS status, {of["User"]} AS user, '' AS client, '' AS upstream, 0 AS asks,
           {SHORT.format("TraceId")} AS trace, CAST([], 'Array(Tuple(String, String))') AS ids
    FROM {engine.database}.otel_traces WHERE {_within(stretches)} AND ({entry})
    ORDER BY Timestamp, service LIMIT {2 * MOST}"""
    return _places(engine.query(sql, {"entries": list(layout.entry_services)}, _QUICK).rows, spans=True)


def _places(rows: list[dict[str, Any]], *, spans: bool) -> list[Place]:
    by: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by.setdefault(row["service"], []).append(row)
    return [_place(name, mine, spans=spans) for name, mine in sorted(by.items()) if len(mine) >= LEAST]


def _place(name: str, rows: list[dict[str, Any]], *, spans: bool) -> Place:
    ids: dict[str, list[str]] = {TRACE: [row["trace"] for row in rows]}
    for at, row in enumerate(rows):
        for key, value in (pair.values() if isinstance(pair, dict) else pair for pair in row["ids"]):
            ids.setdefault(key, [""] * len(rows))[at] = value
    requests = Requests(
        np.array([row["at"] for row in rows]),
        np.array([row["took"] for row in rows]),
        [row["call"] for row in rows],
        [row["status"] for row in rows],
        ids,
        [row["client"] for row in rows],
        [row["user"] for row in rows],
    )
    upstreams = Counter(row["upstream"] for row in rows if row["upstream"])
    return Place(
        name + (SPANS if spans else ""),
        requests,
        spans=spans,
        proxy=any(row["asks"] for row in rows),
        upstreams=frozenset(upstreams),
    )
