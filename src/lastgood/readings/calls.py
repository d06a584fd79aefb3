"""Evidence of spans: self time, gaps of edges, where errors begin, and calls no longer made.

The time of a span is its own less its children's. Where its only child ran in another service, what is
left is the gap between client and server: network and queue of the callee. So slowness is counted
once, at the one who spends it, and a caller is not guilty of its callee's.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from lastgood.algorithms.blame import Sign, Suspicion
from lastgood.algorithms.counts import CLEAR, wilson
from lastgood.algorithms.culprit_kinds import is_cache, kind_of_peer, kind_of_trouble
from lastgood.algorithms.tail_shift import PER_OCTAVE, Tail, slow_tail
from lastgood.model.evidence import Table
from lastgood.model.figures import count, duration, multiple, percent
from lastgood.model.judgement import Amount, Count
from lastgood.readings.case import Case
from lastgood.readings.edges import Edge, Multiplied, edges, multiplied, read_edges, refused
from lastgood.readings.reference import early_parts
from lastgood.readings.sequences import broken, read_steps, steps_table
from lastgood.readings.suspicions import Suspicions, grown
from lastgood.readings.traces import TRACE_BUCKETS, one_in, sampled
from lastgood.telemetry.reader import Rows

# fmt: off
OWN_FLOOR_MS = Amount(20.0, "ms of own time more of each call", "judgement: less is not an incident")
OWN_FLOOR_SHARE = Amount(0.5, "of the past duration more", "judgement: less is not an incident")
THIN_PAST = Amount(0.02, "of the calls of the bad window in the good one are not a baseline", "judgement: the tail of a start or of an end")
CALL_SLICES = Count(200, "slices of the window, by which a tail is seen to last", "judgement: bounds the work")
CALL_SLICE = Count(5, "s of such a slice at least", "judgement: enough calls come in it")
SERVED_CALLS = Count(20, "calls of a peer, to say that it serves", "judgement: of fewer a tenth is not seen")
SERVED_FAILING = Amount(0.1, "of those calls fail at most", "judgement: a service in trouble fails more")
EDGES_BESIDE = Count(3, "other edges of a caller, to hold one without a past against", "judgement: a median of fewer says nothing")
CALLEE_MOST = Amount(0.5, "of what a service calls or is called: most of it", "judgement: half is the least that is most")
TIME_LOST = Amount(0.9, "of strength, where all time lost is lost there", "judgement: time is passed on in waits that no span shows")
TIME_SCALE = Amount(0.05, "of the time that requests take gives 0.63 of it", "judgement: users notice a twentieth of all")
CALLS_FAIL = Amount(0.85, "of strength, where calls fail with nothing failing below them", "judgement: a callee may fail unseen")
CALLS_FAIL_SCALE = Amount(0.03, "of calls more that fail give 0.63 of it", "judgement: three in a hundred affect users")
REFUSED_OTHER = Amount(0.5, "of strength is left to the side that a refusal does not point at", "judgement: refusals are mostly right")
# fmt: on
NO_PAST = "hardly any spans in the good window: calls were held against the first ones of the bad window too"
# Durations are counted by quarters of an octave, in slices of what is asked about.
LENGTH_BINS = 256
OWN_FLOOR_NS = int(OWN_FLOOR_MS * 1e6)
TIMES = f"""
SELECT service, callee, name, kind, peer, phase, count() AS calls, sum(duration_ns * entry) / 1e9 AS entry_s,
       sum(entry) AS entries, countIf(failed AND NOT children_failed AND
           (http_status BETWEEN 400 AND 499 OR error_type IN ('3', '5', '7', '9', '11', '16'))) AS refused,
       quantileExactInclusive(0.5)(self_ns) / 1e6 AS own_ms, countIf(failed AND NOT children_failed) AS origins,
       argMinIf(if(message != '', message, error_type), (ts, trace_id), failed AND NOT children_failed) AS error,
       arraySort(groupUniqArrayIf({TRACE_BUCKETS})(toUInt16(trace_hash % {TRACE_BUCKETS}), failed AND NOT children_failed)) AS buckets,
       arraySort(groupUniqArrayIf({TRACE_BUCKETS})(toUInt16(trace_hash % {TRACE_BUCKETS}), self_ns >= {OWN_FLOOR_NS})) AS slow_buckets,
       sumMap(map(toUInt64(intDiv(toUnixTimestamp(ts), {{slice:UInt32}}) * {LENGTH_BINS} + floor(log2(greatest(self_ns, 1)) * {PER_OCTAVE})), toUInt64(1))) AS lengths
FROM (SELECT *, if(length(children) = 1 AND children[1].2 != service, children[1].2, '') AS callee FROM lg_sample)
GROUP BY service, callee, name, kind, peer, phase
ORDER BY calls DESC, service, name LIMIT 50000"""
# A span without children that ends with a sibling of nearly its length only wraps it: asynchronous
# frameworks make such pairs, and the time would be counted twice.
WRAPPERS = """
SELECT child.2 AS service, child.3 AS name
FROM (SELECT arrayJoin(arrayMap(a -> (a, arrayExists(b -> b.1 >= a.1 AND (b.2, b.3) != (a.2, a.3) AND b.4 <= a.4
             AND b.4 * 5 >= a.4 * 4, children)), arraySlice(children, 1, 50))) AS pair, pair.1 AS child, pair.2 AS wraps
      FROM lg_sample WHERE phase = 'bad' AND length(children) > 1)
GROUP BY service, name HAVING avg(wraps) >= 0.8 ORDER BY service, name"""

# Without a past, an edge is compared with at least this many others of the same caller.

FEWEST_ORIGINS = Count(3, "failing spans of an origin", "judgement: one or two happen at any time")


@dataclass(frozen=True, slots=True)
class Rise:
    """Time that one place spends more than before: `target` is charged, `seconds` over all calls."""

    target: str
    source: str  # the caller, empty for self time
    name: str
    calls: int
    good_ms: float | None
    bad_ms: float
    seconds: float
    external: bool
    traces: frozenset[int] = frozenset()  # those that waited there, as hash buckets
    share: float = 1.0  # of the calls that it is about: `bad_ms` is what the slow ones take


@dataclass(frozen=True, slots=True)
class Times:
    """Where time went in both windows: rows of TIMES, and what rose."""

    rows: list[dict[str, Any]]
    rises: list[Rise]
    read: Rows
    every: int  # one trace in so many was read


def read_times(case: Case) -> Times:
    """The time of every operation and edge, bad against good; no rows where there are no spans."""
    every = one_in(case)
    read = case.query(TIMES, every=every, slice=max(CALL_SLICE, int(case.window.seconds / CALL_SLICES)))
    rows = read.dicts()
    wraps = case.query(WRAPPERS, every=every).dicts() if rows else []
    wrappers = {(row["service"], row["name"]) for row in wraps}
    own = [row for row in rows if (row["service"], row["name"]) not in wrappers]
    return Times(rows, _shared_ends(_rises(own), rows), read, every)


def call_suspicions(case: Case, speaking: Collection[str] = ()) -> Suspicions:
    """What spans say: slowness, errors and broken sequences of calls; `speaking`: who tells anything at all."""
    times = read_times(case)
    if not times.rows:
        return Suspicions(limits=("no spans in either window",))
    past = _calls_of(times.rows, "good") > THIN_PAST * _calls_of(times.rows, "bad")
    limits = sampled(times.every) if past else (NO_PAST, *sampled(times.every))
    eras = (case,) if past else (case, *early_parts(case))
    steps = [read_steps(era, times.every) for era in eras]
    known = edges(read_edges(case))
    more = multiplied(known, _asked(times.rows, known)) if past else []
    return Suspicions(
        (
            *_slow(times, more, speaking),
            *_origins(times.rows, known, speaking),
            *(found for read in steps for found in broken(read)),
        ),
        (_times_table(times), *(table for read in steps for table in steps_table(read))),
        limits,
        _callees(known, speaking),
        _served(times.rows),
        frozenset(row["peer"] for row in times.rows if row["phase"] == "good" and row["peer"]),
    )


def _served(rows: list[dict[str, Any]]) -> dict[str, set[str]]:
    """By peer, the callers whose calls of it hardly fail."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        asks = row["phase"] == "bad" and row["kind"] == "Client" and row["calls"] >= SERVED_CALLS
        if asks and row["origins"] < SERVED_FAILING * row["calls"]:
            found[row["peer"]].add(row["service"])
    return found


def _callees(known: list[Edge], speaking: Collection[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for edge in known:
        if not edge.outside or edge.callee in speaking:
            found[edge.caller].add(edge.callee)
    return dict(found)


def _asked(rows: list[dict[str, Any]], known: list[Edge]) -> dict[str, tuple[int, int]]:
    """How often each service was asked for something in the good window, and in the bad one."""
    good, bad = Counter[str](), Counter[str]()
    for row in rows:
        (good if row["phase"] == "good" else bad)[row["service"]] += int(row["entries"])
    for edge in known:
        good[edge.callee] += edge.good
        bad[edge.callee] += edge.bad
    return {service: (good[service], bad[service]) for service in good.keys() & bad.keys()}


def _calls_of(rows: list[dict[str, Any]], phase: str) -> int:
    return sum(int(row["calls"]) for row in rows if row["phase"] == phase)


def _rises(rows: list[dict[str, Any]]) -> list[Rise]:
    past = {_place(row): row for row in rows if row["phase"] == "good"}
    bad = [row for row in rows if row["phase"] == "bad"]
    found = []
    for row in bad:
        before = past.get(_place(row))
        good_ms = before["own_ms"] if before else _of_peers(row, bad)
        if good_ms is None:
            continue
        rise, share, bad_ms = row["own_ms"] - good_ms, 1.0, row["own_ms"]
        if rise < max(OWN_FLOOR_MS, OWN_FLOOR_SHARE * good_ms):
            tail = _tail(before, row) if before else None
            if tail is None:
                continue
            rise, share, bad_ms = tail.each / 1e6, tail.share, tail.slow / 1e6
        waits = row["kind"] == "Client" and not row["callee"] and row["peer"]
        found.append(
            Rise(
                row["callee"] or (row["peer"] if waits else row["service"]),
                row["service"] if row["callee"] or waits else "",
                row["name"],
                row["calls"],
                before["own_ms"] if before else None,
                bad_ms,
                row["calls"] * rise / 1000,
                bool(waits),
                frozenset(row["slow_buckets"]),
                share,
            )
        )
    return found


def _tail(before: Mapping[str, Any], row: Mapping[str, Any]) -> Tail | None:
    """The part of the calls of one place that is slower than hardly any was."""
    good: Counter[int] = Counter()
    for key, many in before["lengths"].items():
        good[key % LENGTH_BINS] += many
    bad: dict[int, dict[int, int]] = defaultdict(dict)
    for key, many in row["lengths"].items():
        bad[key // LENGTH_BINS][key % LENGTH_BINS] = many
    return slow_tail(good, list(bad.values()), OWN_FLOOR_NS, OWN_FLOOR_SHARE)


def _place(row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return row["service"], row["callee"], row["name"], row["peer"]


def _of_peers(row: Mapping[str, Any], bad: list[dict[str, Any]]) -> float | None:
    """The usual gap of the caller's other edges: what an edge without a past is held against."""
    if not row["callee"]:
        return None
    others = [
        r["own_ms"]
        for r in bad
        if r["service"] == row["service"] and r["callee"] and r["callee"] != row["callee"]
    ]
    return median(others) if len(others) >= EDGES_BESIDE else None


def _shared_ends(rises: list[Rise], rows: list[dict[str, Any]]) -> list[Rise]:
    """Edges in and out of one service that are all slower are that service's own network."""
    called: dict[str, set[str]] = defaultdict(set)
    slow: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["callee"] and row["phase"] == "bad":
            called[row["service"]].add(row["callee"])
    for rise in rises:
        if rise.source:
            slow[rise.source].add(rise.target)
    slow_into = {rise.target for rise in rises if rise.source}
    shared = {
        service
        for service, targets in slow.items()
        if service in slow_into and len(targets) > 1 and len(targets) > len(called[service]) * CALLEE_MOST
    }
    return [replace(rise, target=rise.source) if rise.source in shared else rise for rise in rises]


def spent(rise: Rise) -> str:
    """The time that is spent, of which part of the calls when not of most."""
    part = f" in {percent(rise.share)} of calls" if rise.share < 1 else ""
    return f"{duration(rise.bad_ms / 1e3)}{part}"


def _slow(times: Times, more: list[Multiplied], speaking: Collection[str]) -> Iterator[Suspicion]:
    """Who spends the time: those who take longer, and those who ask many times as often as before."""
    asked_more = {(m.edge.caller, m.edge.callee, m.edge.name): m for m in more}
    loaded, rises = list[Rise](), list[Rise]()
    for rise in times.rises:
        # Who is asked many times as often is slow for it.
        (loaded if (rise.source, rise.target, rise.name) in asked_more else rises).append(rise)
    lost = sum(rise.seconds for rise in times.rises) + sum(m.extra_s for m in more)
    waited = sum(row["entry_s"] for row in times.rows if row["phase"] == "bad") or lost
    for m in more:
        key = m.edge.caller, m.edge.callee, m.edge.name
        seconds = m.extra_s + sum(r.seconds for r in loaded if (r.source, r.target, r.name) == key)
        yield _asks_more(
            m, TIME_LOST * (seconds / lost) * grown(seconds / waited, TIME_SCALE), seconds, times
        )
    by_target: dict[tuple[str, bool], list[Rise]] = defaultdict(list)
    for rise in rises:
        by_target[rise.target, bool(rise.source)].append(rise)
    for (target, edge), mine in by_target.items():
        seconds = sum(rise.seconds for rise in mine)
        strength = TIME_LOST * (seconds / lost) * grown(seconds / waited, TIME_SCALE)
        yield _takes_longer(target, mine, strength, edge=edge, speaks=target in speaking)


def _takes_longer(target: str, mine: list[Rise], strength: float, *, edge: bool, speaks: bool) -> Suspicion:
    seconds = sum(rise.seconds for rise in mine)
    worst = max(mine, key=lambda rise: (rise.seconds, rise.name))
    past = "no past" if worst.good_ms is None else f"{duration(worst.good_ms / 1e3)}"
    what = f"between {worst.source} and {target}" if edge else f"in {worst.name} itself"
    outside = worst.external and not speaks
    kind = _kind_of(target, outside=outside) if worst.external else "network" if edge else "code"
    return Suspicion(
        worst.source if outside else target,
        kind,
        strength,
        f"{spent(worst)} {what} ({past} before), {duration(seconds)} over {sum(r.calls for r in mine)} calls",
        sign=Sign.SLOW,
        component=target if outside else "network" if kind == "network" else worst.name,
        traces=frozenset[int]().union(*(rise.traces for rise in mine)),
        damage=seconds,
    )


def _kind_of(peer: str, *, outside: bool) -> str:
    """What a peer is by its name; one that speaks by itself and is no store, queue or cache is code like others."""
    named = kind_of_peer(peer)
    return "code" if named == "external" and not outside else named


def _asks_more(more: Multiplied, strength: float, seconds: float, times: Times) -> Suspicion:
    edge = more.edge
    cache = _cache_before(edge, times.rows)
    why = f", with unchanged traffic to {cache}" if cache else ""
    return Suspicion(
        edge.caller,
        "cache" if cache else "code",
        strength,
        f"{multiple(more.growth)} as many calls to {edge.callee} {edge.name} per request as before{why}, "
        f"{duration(seconds)} in all",
        sign=Sign.SLOW,
        component=cache or f"its calls to {_called(edge.callee, edge.name)}",
        damage=seconds,
    )


def _cache_before(edge: Edge, rows: list[dict[str, Any]]) -> str | None:
    """The cache that a caller asks too, and whose misses are what it asks elsewhere for."""
    asked = Counter[str]()
    for row in rows:
        if row["phase"] == "bad" and row["service"] == edge.caller and is_cache(row["peer"] or row["callee"]):
            asked[row["peer"] or row["callee"]] += int(row["calls"])
    if is_cache(edge.callee) or not asked:
        return None
    name, calls = asked.most_common(1)[0]
    return name if calls >= edge.bad * CALLEE_MOST else None


def _origins(rows: list[dict[str, Any]], known: list[Edge], speaking: Collection[str]) -> Iterator[Suspicion]:
    """Spans that fail though nothing below them does, more often than before."""
    past = {_place(row): row for row in rows if row["phase"] == "good"}
    for row in rows:
        if row["phase"] != "bad" or row["origins"] < FEWEST_ORIGINS:
            continue
        before = past.get(_place(row), {"origins": 0, "calls": 0})
        high = wilson(before["origins"], before["calls"], CLEAR)[1] if before["calls"] else 0.0
        lift = wilson(row["origins"], row["calls"], CLEAR)[0] - high
        if lift > 0:
            yield from _begins(row, before["origins"], before["calls"], lift, known, speaking)


def _begins(
    row: dict[str, Any], good: int, good_of: int, lift: float, known: list[Edge], speaking: Collection[str]
) -> Iterator[Suspicion]:
    reported = f": {row['error'][:120]}" if row["error"] else ""
    peer = row["peer"] if row["kind"] == "Client" and not row["callee"] else ""
    outside = bool(peer) and peer not in speaking
    kind = _kind_of(peer, outside=outside) if peer else "code"
    found = Suspicion(
        peer if peer and not outside else row["service"],
        kind_of_trouble(row["error"], kind),
        CALLS_FAIL * grown(lift, CALLS_FAIL_SCALE),
        f"{count(row['origins'])} of {count(row['calls'])} calls to {row['name']} fail, and no downstream call does "
        f"({count(good)} of {count(good_of)} before){reported}",
        caught=bool(row["callee"]),  # given up by the caller, or refused: the callee may be why
        component=peer if outside else row["name"],
        traces=frozenset(row["buckets"]),
        damage=float(row["origins"]),
    )
    caller = refused(known, row["service"], row["name"])
    if caller is None:
        yield found
        return
    # One caller is refused and others are served: what it sends is at least as suspect as who refuses.
    fault = row["refused"] > row["origins"] * CALLEE_MOST
    yield replace(found, strength=found.strength * (REFUSED_OTHER if fault else 1.0))
    yield replace(
        found,
        service=caller,
        kind="code",
        strength=found.strength * (1.0 if fault else REFUSED_OTHER),
        because=f"it is the only caller of {row['service']} {row['name']} whose calls fail{reported}",
        component=f"its calls to {_called(row['service'], row['name'])}",
    )


def _times_table(times: Times) -> Table:
    worst = sorted(times.rises, key=lambda rise: (-rise.seconds, rise.target, rise.name))[:10]
    return Table(
        "Time that is spent where it was not before",
        ("charged to", "called by", "operation", "calls", "good ms", "bad ms", "seconds more"),
        tuple((r.target, r.source, r.name, r.calls, r.good_ms, r.bad_ms, r.seconds) for r in worst),
        times.read.provenance,
    )


def _called(callee: str, name: str) -> str:
    """`payments Charge`; a name that has the callee in it, as that of a statement, stands alone."""
    return name if callee in name.split() else f"{callee} {name}"
