"""Fronts: a look at a sample of requests for places that stand in front of others.

The sample is stretches of time, whole ones, spread over where the rows are: however large the store, it costs the same.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from lastgood.algorithms.fronting import PROXY_NAMES, Front, fronts
from lastgood.algorithms.same_requests import FRONT_LEAST, Place, Requests
from lastgood.algorithms.user_names import other_names, prefixes
from lastgood.errors import BudgetError
from lastgood.model.attributes import (
    CLIENT_ADDRESS,
    DURATION_NS,
    HTTP_METHOD,
    HTTP_METHODS,
    ROUTES,
    UPSTREAM_NS,
    UPSTREAM_STATUS,
    UPSTREAMS,
)
from lastgood.telemetry.derived import DERIVED, first_of
from lastgood.telemetry.engine import Engine
from lastgood.telemetry.entries import SHORT, SPANS, TRACE, Entries
from lastgood.telemetry.layout import Layout

SAMPLED = 60_000  # lines, or spans, that are looked at
STRETCHES = 20
MOST = 12_000  # requests of them that are compared
RECENT = 6 * 3600  # seconds before the end: of larger stores all is looked at there
LARGE = 50_000_000
PLACES = 40
KEYS = 12
FULL = 1.1  # times as many lines as spans, from which lines are what is counted
UNSEEN = 5  # failed lines without a span, from which they are too
ONLY_FAILURES = 0.95  # of lines with a status: they are a service's errors, not its requests
FAR_MORE = 5  # times as many lines as spans
ALIKE = 0.5  # of an attribute's lines at the outer place: their value is known at the inner one too
_QUICK = {"max_execution_time": 20}  # it takes a part of a second where the machine is free
_IDS = r"(?i)(^|[^a-z])(x-)?(request|req|trace|correlation|transaction|invocation|call|flow|amzn|ray|rid|cid)[a-z._-]*|traceparent|uuid|guid"
_NOT_IDS = r"(?i)user|session|client|customer|account|cookie|addr|host|port|agent|refer|path|url|route|method|status|size|bytes|time|duration|length|protocol|query|version|scheme|header.*(type|language|encoding)"
# What every logger says, and no segment is made of.
_USUAL = (
    r"(?i)^(lg\.|log|level|severity|thread|duration|http|url|net|server|client|user_agent|exception|error|code|process|trace|span|message|event)"
    rf"|{_IDS}"
)
# What a request carried, in the words of loggers that keep the whole of it below `req`.
_CARRIED = r"(?i)^(req|request)\.(headers?|body|query|params)\."
_SHAPED = (
    r"replaceRegexpAll(replaceRegexpOne(cutQueryString(if(startsWith({0}, 'http'), path({0}), {0})), '(.)/$', '\\1'), "
    r"'/[^/]*[0-9{{:<][^/]*', '/*')"
)


def entries_of(engine: Engine, layout: Layout, *, spans: bool) -> Entries:
    """Where requests are counted that stand at several places, as far as that can be read in time.

    `spans` says whether there are any.
    """
    try:
        stretches = _stretches(engine, "otel_logs") if layout.has("otel_logs") else []
        places, taken = _lines(engine, layout, stretches, least=1 if spans else 2) if stretches else ([], [])
        if places and spans:
            places += _spans(engine, layout, taken)
        found = _entries(places) if len(places) > 1 else Entries()
        return replace(found, fronts=tuple(_with_alike(engine, layout, found.fronts, taken)))
    except BudgetError:
        return Entries(unread=True)


_ALIKE = """
SELECT name FROM (
    SELECT pair.1 AS name, pair.2 AS value, countIf(service = {outer:String}) AS outside, countIf(service = {inner:String}) AS inside
    FROM (SELECT %s AS service, arrayJoin(arrayZip(mapKeys(LogAttributes), mapValues(LogAttributes))) AS pair
          FROM %s.otel_logs WHERE %s AND service IN ({outer:String}, {inner:String}))
    GROUP BY name, value)
GROUP BY name HAVING sum(inside) > 0 AND sumIf(outside, inside > 0) >= {share:Float64} * sum(outside) ORDER BY name"""


def _with_alike(
    engine: Engine, layout: Layout, found: Iterable[Front], taken: "Stretches"
) -> Iterator[Front]:
    """The links, those that are counted inside with the attributes that say the same at both places."""
    sql = _ALIKE % (layout.service("ServiceName"), engine.database, _within(taken)) if taken else ""
    for one in found:
        if one.counted_inside:
            bound = {"outer": one.outer, "inner": one.inner, "share": ALIKE}
            alike = tuple(str(row["name"]) for row in engine.query(sql, bound, _QUICK).rows)
            yield replace(one, alike=alike)
        else:
            yield one


def _entries(places: list[Place]) -> Entries:
    found = fronts(places)
    by_name = {place.name: place for place in places}
    also: frozenset[str] = frozenset()
    if any(place.spans for place in places):
        found = tuple(_beside_spans(found, by_name))
        also = frozenset(_apart(places, found))
        places = [p for p in places if p.spans or any(p.name in {one.outer, one.inner} for one in found)]
    behind = {one.inner for one in found if not one.counted_inside}
    named = {
        one.outer: by_name[one.inner]
        for one in found
        if one.one_each and by_name[one.inner].named * one.covered > 1.1 * by_name[one.outer].named
    }
    outside = {one.outer: one.inner for one in found if one.counted_inside}
    sources = [
        replace(named.get(p.name, p), name=p.name) for p in places if p.name not in behind | outside.keys()
    ]
    sources.sort(key=lambda one: (-one.named * len(one), one.name))
    elsewhere = other_names([(one.name, one.users) for one in sources])
    renamed = {}
    for outer, inner in outside.items():
        theirs, ours = by_name[outer].users, by_name[inner].users
        if other_names([(inner, ours), (outer, theirs)]):
            elsewhere[outer] = elsewhere.get(inner, inner)
            if inner not in elsewhere and (same := prefixes(theirs, ours)):
                renamed[outer] = same
    plain = {name.removesuffix(SPANS): at.removesuffix(SPANS) for name, at in elsewhere.items()}
    return Entries(found, also, named_inside=frozenset(named), named_elsewhere=plain, prefixes=renamed)


def _apart(places: Sequence[Place], found: Sequence[Front]) -> Iterator[str]:
    """Proxies that log far more requests than there are spans, and none of the same: the spans are but examples."""
    linked = {name for one in found for name in (one.outer, one.inner)}
    spans = sum(len(place) for place in places if place.spans)
    for place in places:
        proxy = place.proxy or PROXY_NAMES.search(place.name)
        if proxy and not place.spans and place.name not in linked and len(place) >= FAR_MORE * spans:
            yield place.name


def _beside_spans(found: tuple[Front, ...], places: dict[str, Place]) -> Iterator[Front]:
    """The links that matter where there are spans: of lines that have more than the spans behind them, and in front of such."""
    chosen = {
        one.outer
        for one in found
        if places[one.inner].spans and _more(places[one.outer], places[one.inner], one)
    }
    while more := {one.outer for one in found if one.inner in chosen} - chosen:
        chosen |= more
    yield from (
        one for one in found if one.outer in chosen and (places[one.inner].spans or one.inner in chosen)
    )


def _more(lines: Place, spans: Place, one: Front) -> bool:
    """Whether access lines have requests, or failures, that no span has."""
    if lines.spans:
        return False
    mine, theirs = lines.requests, spans.requests
    if _failing(mine.statuses) >= ONLY_FAILURES and _failing(theirs.statuses) < ONLY_FAILURES:
        return False
    if one.outer_id is None:
        calls = set(theirs.calls)
        return sum(call in calls for call in mine.calls) >= FULL * len(spans)
    known = spans.by_id[str(one.inner_id)]
    ids = mine.ids[one.outer_id]
    unseen = [status for value, status in zip(ids, mine.statuses, strict=True) if value not in known]
    of_theirs = len(lines) - len(unseen)
    return len(unseen) >= (FULL - 1) * max(of_theirs, 1) or sum(status >= 500 for status in unseen) >= UNSEEN


def _failing(statuses: Sequence[int]) -> float:
    """The share of statuses that are failures."""
    return sum(status >= 400 for status in statuses) / max(len(statuses), 1)


def _stretches(engine: Engine, table: str) -> "Stretches":
    """Stretches of time, in nanoseconds, that hold about so many rows of a table."""
    name = f"{engine.database}.{table}"
    whole = engine.query(
        f"SELECT count() AS n, toUnixTimestamp64Nano(toDateTime64(min(Timestamp), 9, 'UTC')) AS low, "
        f"toUnixTimestamp64Nano(toDateTime64(max(Timestamp), 9, 'UTC')) AS high FROM {name}"
    ).rows[0]
    total, low, high = (int(whole[key]) for key in ("n", "low", "high"))
    if total <= MOST:
        return [(low, high + 1)] if total >= FRONT_LEAST else []
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
    return _shrunk(list(zip(cuts[:-1], [*cuts[1:-1], high + 1], strict=True)), part)


def _shrunk(stretches: "Stretches", part: float) -> "Stretches":
    return [(start, start + max(int((end - start) * min(part, 1.0)), 1)) for start, end in stretches]


def _within(stretches: "Stretches") -> str:
    between = "Timestamp >= fromUnixTimestamp64Nano(toInt64({}), 'UTC') AND Timestamp < fromUnixTimestamp64Nano(toInt64({}), 'UTC')"
    return "(" + " OR ".join(f"({between.format(*one)})" for one in stretches) + ")"


Stretches = list[tuple[int, int]]


def _lines(
    engine: Engine, layout: Layout, stretches: Stretches, *, least: int
) -> tuple[list[Place], Stretches]:
    """The places of access lines, where there are enough, and the stretches that they were looked at in."""
    status, user = (
        layout.column("otel_logs", name, DERIVED["otel_logs"][name][1]) for name in ("HttpStatus", "User")
    )
    which = f"{layout.table('otel_logs', engine.database)} WHERE {_within(stretches)} AND {status} > 0"
    services = engine.query(
        "SELECT service, n, arrayFilter(k -> match(k, {carried:String}) OR NOT match(k, {usual:String}), keys) AS more, "
        "arrayFilter(k -> match(k, {ids:String}) AND NOT match(k, {not_ids:String}), keys) AS ids FROM ("
        f"SELECT {layout.service('ServiceName')} AS service, count() AS n, arraySort(groupUniqArrayArray(mapKeys(LogAttributes))) AS keys "
        f"FROM {which} GROUP BY service HAVING n >= {FRONT_LEAST}) ORDER BY n DESC, service LIMIT {PLACES}",
        {"carried": _CARRIED, "usual": _USUAL, "ids": _IDS, "not_ids": _NOT_IDS},
        _QUICK,
    ).rows
    if len(services) < least:
        return [], []
    taken = _shrunk(stretches, MOST / sum(row["n"] for row in services))
    every = Counter(key for row in services for key in row["ids"])
    keys = sorted(every, key=lambda key: (-every[key], key))[:KEYS]
    first = first_of(["LogAttributes"], ROUTES)
    reported = f"if(LogAttributes['{DURATION_NS}'] != '', LogAttributes['{DURATION_NS}'], LogAttributes['{UPSTREAM_NS}'])"
    ids = "".join(
        f", {SHORT.format(f'LogAttributes[{{key_{at}:String}}]')} AS id_{at}" for at in range(len(keys))
    )
    sql = f"""
    SELECT {layout.service("ServiceName")} AS service, toUnixTimestamp64Nano(toDateTime64(Timestamp, 9, 'UTC')) / 1e9 AS at,
           toFloat64OrZero({reported}) / 1e9 AS took, concat(upper(LogAttributes['{HTTP_METHOD}']), ' ', {_SHAPED.format(first)}) AS call,
           {status} AS status, {user} AS user, LogAttributes['{CLIENT_ADDRESS}'] AS client, {first_of(["LogAttributes"], UPSTREAMS)} AS upstream,
           LogAttributes['{UPSTREAM_NS}'] != '' OR LogAttributes['{UPSTREAM_STATUS}'] != '' AS asks,
           {SHORT.format("TraceId")} AS trace{ids}
    FROM {layout.table("otel_logs", engine.database)} WHERE {_within(taken)} AND {status} > 0 AND service IN {{services:Array(String)}}
    ORDER BY service, Timestamp LIMIT {4 * MOST}"""
    bound = {
        "services": [row["service"] for row in services],
        **{f"key_{at}": key for at, key in enumerate(keys)},
    }
    found = _places(engine.query(sql, bound, _QUICK).table, keys, spans=False)
    more = {row["service"]: frozenset(row["more"]) for row in services}
    return [replace(place, carried=more[place.name]) for place in found], taken


def _spans(engine: Engine, layout: Layout, stretches: Stretches) -> list[Place]:
    """The places of spans at which requests come in."""
    of = {name: layout.column("otel_traces", name, sql) for name, (_, sql) in DERIVED["otel_traces"].items()}
    route = first_of(["SpanAttributes"], ROUTES)
    method = first_of(["SpanAttributes"], HTTP_METHODS)
    path = f"if({route} != '', {route}, extract(SpanName, '/.*'))"
    entry = f"{of['Root']}"
    if layout.entry_services:
        entry += " OR (SpanKind IN ('Server', 'SPAN_KIND_SERVER', 'Consumer', 'SPAN_KIND_CONSUMER') AND ServiceName IN {entries:Array(String)})"
    sql = f"""
    SELECT toString(ServiceName) AS service, toUnixTimestamp64Nano(toDateTime64(Timestamp, 9, 'UTC')) / 1e9 AS at,
           Duration / 1e9 AS took, concat(upper(if({method} != '', {method}, extract(SpanName, '^([A-Z]+) /'))), ' ', {_SHAPED.format(path)}) AS call,
           {of["HttpStatus"]} AS status, {of["User"]} AS user, '' AS client, '' AS upstream, 0 AS asks,
           {SHORT.format("TraceId")} AS trace
    FROM {layout.table("otel_traces", engine.database)} WHERE {_within(stretches)} AND ({entry})
    ORDER BY service, Timestamp LIMIT {4 * MOST}"""
    return _places(engine.query(sql, {"entries": list(layout.entry_services)}, _QUICK).table, [], spans=True)


def _places(rows: pa.Table, keys: list[str], *, spans: bool) -> list[Place]:
    """Rows in the order of their services as places, each with the ids that it has."""
    services = rows["service"].to_pylist()
    cuts = [at for at in range(len(services)) if at == 0 or services[at] != services[at - 1]]
    found = []
    for start, end in zip(cuts, [*cuts[1:], len(services)], strict=False):
        if end - start >= FRONT_LEAST:
            found.append(_place(services[start], rows.slice(start, end - start), keys, spans=spans))
    return found


def _place(name: str, rows: pa.Table, keys: list[str], *, spans: bool) -> Place:
    ids = {TRACE: rows["trace"], **{key: rows[f"id_{at}"] for at, key in enumerate(keys)}}
    requests = Requests(
        rows["at"].to_numpy(),
        rows["took"].to_numpy(),
        rows["call"].to_pylist(),
        rows["status"].to_pylist(),
        {key: column.to_pylist() for key, column in ids.items()},
        rows["client"].to_pylist(),
        rows["user"].to_pylist(),
    )
    return Place(
        name + (SPANS if spans else ""),
        requests,
        spans=spans,
        proxy=bool(pc.max(rows["asks"]).as_py()),
        upstreams=frozenset(filter(None, rows["upstream"].unique().to_pylist())),
    )
