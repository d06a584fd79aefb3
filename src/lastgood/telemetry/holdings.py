"""Holdings: which signals a store has, from when to when, from whom, with which gaps, and sampled how.

How late rows came is not known: the exporter's tables do not keep when a row was observed.
"""

from dataclasses import replace

from lastgood.algorithms.identity import joined
from lastgood.errors import BudgetError
from lastgood.model.attributes import SAMPLE_RATE
from lastgood.model.clock import from_nanoseconds
from lastgood.model.signal import TELEMETRY, TOLD, Holding, Holdings, Signal
from lastgood.model.window import Window
from lastgood.telemetry.engine import Engine
from lastgood.telemetry.gaps import gaps, steady_from
from lastgood.telemetry.layout import Layout
from lastgood.telemetry.relations import METRICS

SOURCES = {
    Signal.LOGS: (("otel_logs", "Timestamp", "ServiceName"),),
    Signal.SPANS: (("otel_traces", "Timestamp", "ServiceName"),),
    Signal.METRICS: tuple((table, "TimeUnix", "ServiceName") for table, _, _ in METRICS),
    Signal.CHANGES: (("lg_changes", "Timestamp", "Service"),),
    Signal.ALERTS: (("lg_alerts", "Timestamp", "Service"),),
}

SIGNAL_OF = {table: signal for signal, tables in SOURCES.items() for table, _, _ in tables}

_NANOSECONDS = "toUnixTimestamp64Nano(toDateTime64({}, 9, 'UTC'))"

# Gaps are looked for at this many steps over all that is there; finer ones are not seen.
STEPS = 1000
MOST_SERVICES = 500  # that are listed of a table
FINEST = 1_000_000_000
SAMPLED_SPANS = 200_000
# Gaps and sampling are reported when they are cheap to tell.
_QUICK = {"max_execution_time": 3}

# The share that a sampler kept, as it says: the rejection threshold or the power of two in the trace state
# (opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling), or the number of spans that one stands for.
_THRESHOLD = "extract(TraceState, '(?:^|,)ot=(?:[^,]*;)?th:([0-9a-f]{1,14})')"
_POWER = "extract(TraceState, '(?:^|,)ot=(?:[^,]*;)?p:([0-9]{1,2})')"
_RATE = f"toFloat64OrZero(SpanAttributes['{SAMPLE_RATE}'])"
_KEPT = f"""multiIf(
    {_THRESHOLD} != '', 1 - reinterpretAsUInt64(reverse(unhex(rightPad({_THRESHOLD}, 14, '0')))) / pow(2, 56),
    {_POWER} != '' AND toUInt8OrZero({_POWER}) < 63, pow(2, -toInt8OrZero({_POWER})),
    {_RATE} >= 1, 1 / {_RATE},
    nan)"""


def survey(engine: Engine, layout: Layout) -> Holdings:
    """What the store holds of each signal."""
    return Holdings(tuple(_holding(engine, signal, layout) for signal in Signal))


def named(holdings: Holdings, layout: Layout) -> tuple[Holdings, Layout]:
    """The same, with services under the names that they are known by, where they have several.

    Where not all names are listed, one that is not may be meant as well, and nothing is joined.
    """
    if any(len(held.services) >= MOST_SERVICES for held in holdings.items):
        return holdings, layout
    used: dict[str, frozenset[Signal]] = {}
    for held in holdings.items:
        for name in held.services:
            used[name] = used.get(name, frozenset()) | {held.signal}
    same = joined(used)
    if not same:
        return holdings, layout
    items = tuple(
        replace(held, services=tuple(sorted({same.get(name, name) for name in held.services})))
        for held in holdings.items
    )
    return Holdings(items), replace(layout, same=same)


def _holding(engine: Engine, signal: Signal, layout: Layout) -> Holding:
    rows, services, starts, ends = 0, set[str](), list[int](), list[int]()
    for table, time, service in SOURCES[signal]:
        if not layout.has(table):
            continue
        # Apart, and of the bare column: the engine then has them from the parts' own records.
        found = engine.query(
            f"SELECT n, {_NANOSECONDS.format('low')} AS low, {_NANOSECONDS.format('high')} AS high "
            f"FROM (SELECT count() AS n, min({time}) AS low, max({time}) AS high FROM {engine.database}.{table})"
        ).rows[0]
        named = engine.query(
            f"SELECT groupUniqArray({MOST_SERVICES})({service}) AS services FROM {engine.database}.{table}"
        )
        if found["n"]:
            rows += found["n"]
            services.update(s for s in named.rows[0]["services"] if s)
            starts.append(found["low"])
            ends.append(found["high"])
    if not starts:
        return Holding(signal, rows, None, ())
    (begin, end), found_gaps = (min(starts), max(ends)), tuple[Window, ...]()
    if signal in TELEMETRY:
        (begin, end), found_gaps = _gaps(engine, signal, layout, (begin, end), services)
    window = Window(from_nanoseconds(begin), from_nanoseconds(end + 1000))
    return Holding(
        signal,
        rows,
        window,
        tuple(sorted(services)),
        gaps=found_gaps,
        sampled=_sampled(engine, layout) if signal is Signal.SPANS else None,
    )


def _gaps(
    engine: Engine, signal: Signal, layout: Layout, whole: tuple[int, int], services: set[str]
) -> tuple[tuple[int, int], tuple[Window, ...]]:
    """From when a signal is steady until when it goes (ns), and stretches without a row, far longer than between its others.

    What people wrote in a chat is neither: they write when they like. Each stretch begins at most a second after the last row before it, and ends with the first one after it.
    """
    width = max(FINEST, (whole[1] - whole[0]) // STEPS)
    first, last = dict[int, int](), dict[int, int]()
    for table, time, _ in SOURCES[signal]:
        if not layout.has(table):
            continue
        nanoseconds, written = _NANOSECONDS.format(time), _written(layout, table, services)
        try:
            found = engine.query(
                f"SELECT intDiv({nanoseconds}, {{width:Int64}}) AS step, min({nanoseconds}) AS low, "
                f"max({nanoseconds}) AS high FROM {engine.database}.{table} WHERE {written} GROUP BY step",
                {"width": width},
                _QUICK,
            )
        except BudgetError:
            return whole, ()
        for row in found.rows:
            step = row["step"]
            first[step] = min(row["low"], first.get(step, row["low"]))
            last[step] = max(row["high"], last.get(step, row["high"]))
    steady = steady_from(sorted(first), 1)
    return whole if steady is None else (first[steady], max(last.values())), tuple(
        Window(from_nanoseconds(min(start * width, last[start - 1] + FINEST)), from_nanoseconds(first[end]))
        for start, end in gaps(sorted(first), 1)
    )


def _written(layout: Layout, table: str, services: set[str]) -> str:
    """The condition that a program wrote a row, and no person in a chat; none where no service is one, as it costs a column."""
    chats = [one for one in TOLD if one[0] in services or len(services) >= MOST_SERVICES]
    if table != "otel_logs" or not chats:
        return "1"
    told = ", ".join(f"('{service}', '{scope}')" for service, scope in chats)
    scope = layout.column(table, "ScopeName", "''")
    return f"(ServiceName, {scope}) NOT IN ({told})"


def _sampled(engine: Engine, layout: Layout) -> float | None:
    """The share of spans that was kept, where they say so: of those sent, one for each that is here and its like."""
    state = layout.column("otel_traces", "TraceState", "''")
    try:
        found = engine.query(
            f"""
            SELECT count() AS n, countIf(isFinite(kept) AND kept > 0) AS told,
                   sumIf(1 / kept, isFinite(kept) AND kept > 0) AS sent
            FROM (
                SELECT {_KEPT} AS kept FROM (
                    SELECT {state} AS TraceState, SpanAttributes FROM {layout.table("otel_traces", engine.database)} LIMIT {{most:UInt64}}
                )
            )""",
            {"most": SAMPLED_SPANS},
            _QUICK,
        ).rows[0]
    except BudgetError:
        return None
    unreported = found["n"] - found["told"]
    return found["n"] / (found["sent"] + unreported) if found["told"] else None
