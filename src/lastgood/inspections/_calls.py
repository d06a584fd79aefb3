"""Evidence of spans: time of one's own, gaps of edges, where errors begin, and calls no longer made.

The time of a span is its own less its children's. Where its only child ran in another service, what is
left is the gap between client and server: network and queue of the callee. So slowness is counted
once, at the one who spends it, and a caller is not guilty of its callee's.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from lastgood.algorithms.blame import Suspicion
from lastgood.algorithms.steps import END, START, Break, Step, breaks, wilson
from lastgood.inspections._registry import Case
from lastgood.inspections._suspicions import Suspicions, break_strength, grown, recovered
from lastgood.model.evidence import Table
from lastgood.telemetry.derived import TRACE_HASHES
from lastgood.telemetry.reader import Rows

BUCKETS = 4096
# A rise below a fiftieth of a second, or below half of the past, is nobody's incident.
FLOOR_MS = 20.0
FLOOR_NS = int(FLOOR_MS * 1e6)
FLOOR_SHARE = 0.5
# More spans than this are read as one trace in so many, chosen by the hash of its id: whole traces, the
# same ones in every query. Bringing spans and their children together costs 5 s of CPU a million, and shares of
# traces are as clear from a quarter of them.
MOST_SPANS = 250_000
COUNT = "SELECT count() AS spans FROM lg_spans WHERE phase != ''"
CHOSEN = f"phase != '' AND trace_hash < intDiv({TRACE_HASHES}, {{every:UInt64}})"
TIMES = f"""
SELECT service, callee, name, kind, peer, phase, count() AS calls, sum(duration_ns * entry) / 1e9 AS entry_s,
       quantile(0.5)(self_ns) / 1e6 AS own_ms, countIf(failed AND NOT children_failed) AS origins,
       anyIf(if(message != '', message, error_type), failed AND NOT children_failed) AS error,
       groupUniqArrayIf({BUCKETS})(toUInt16(trace_hash % {BUCKETS}), failed AND NOT children_failed) AS buckets,
       groupUniqArrayIf({BUCKETS})(toUInt16(trace_hash % {BUCKETS}), self_ns >= {FLOOR_NS}) AS slow_buckets
FROM (SELECT *, if(length(children) = 1 AND children[1].2 != service, children[1].2, '') AS callee FROM lg_hops)
WHERE {CHOSEN} GROUP BY service, callee, name, kind, peer, phase
ORDER BY calls DESC, service, name LIMIT 50000"""
# Steps are counted in traces, not in spans: what one trace repeats a hundred times was decided once.
STEPS = f"""
SELECT service, name, step.1 AS after, step.2 AS next,
       uniqExactIf(trace_id, phase = 'good') AS good, uniqExactIf(trace_id, phase = 'bad') AS bad,
       groupUniqArrayIf({BUCKETS})(toUInt16(trace_hash % {BUCKETS}), phase = 'bad') AS buckets,
       minIf(trace_id, phase = 'bad') AS example
FROM (SELECT service, name, phase, trace_id, trace_hash,
             arrayMap(c -> if(c.2 = service, c.3, concat(c.2, ' → ', c.3)), children) AS events,
             arrayJoin(arrayZip(arrayPushFront(events, ''), arrayPushBack(events, ''))) AS step
      FROM lg_hops WHERE {CHOSEN})
GROUP BY service, name, after, next ORDER BY good + bad DESC, service, name, after, next LIMIT 50000"""
# A span without children that ends with a sibling of nearly its length only wraps it: asynchronous
# frameworks make such pairs, and the time would be counted twice.
WRAPPERS = f"""
SELECT child.2 AS service, child.3 AS name
FROM (SELECT arrayJoin(arrayMap(a -> (a, arrayExists(b -> b.1 >= a.1 AND (b.2, b.3) != (a.2, a.3) AND b.4 <= a.4
             AND b.4 * 5 >= a.4 * 4, children)), arraySlice(children, 1, 50))) AS pair, pair.1 AS child, pair.2 AS wraps
      FROM lg_hops WHERE {CHOSEN} AND length(children) > 1)
GROUP BY service, name HAVING avg(wraps) >= 0.8 ORDER BY service, name"""

EDGES = f"""
SELECT DISTINCT service AS caller, child.2 AS callee FROM lg_hops ARRAY JOIN children AS child
WHERE child.2 != service AND {CHOSEN} ORDER BY caller, callee LIMIT 100000"""
# Without a past, an edge is compared with at least this many others of the same caller.
PEERS = 3


@dataclass(frozen=True, slots=True)
class Rise:
    """Time that one place spends more than before: `target` is charged, `seconds` over all calls."""

    target: str
    source: str  # the caller, empty for time of one's own
    name: str
    calls: int
    good_ms: float | None
    bad_ms: float
    seconds: float
    external: bool
    traces: frozenset[int] = frozenset()  # those that waited there, as hash buckets


def one_in(case: Case) -> int:
    """One trace in how many is read, so that a question stays within its budget: 1 for all of them."""
    spans = int(case.query(COUNT).dicts()[0]["spans"])
    return -(-spans // MOST_SPANS) or 1


def sampled(every: int) -> tuple[str, ...]:
    """The limit to be told when not all traces were read."""
    return (f"one trace in {every} was read: counts are of those",) if every > 1 else ()


def seen_callees(case: Case) -> dict[str, set[str]]:
    """Who called whom in any span of the window."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in case.query(EDGES, every=one_in(case)).dicts():
        found[row["caller"]].add(row["callee"])
    return dict(found)


@dataclass(frozen=True, slots=True)
class Times:
    """Where time went in both windows: rows of TIMES, and what rose."""

    rows: list[dict[str, Any]]
    rises: list[Rise]
    read: Rows
    every: int  # one trace in so many was read

    @property
    def callees(self) -> dict[str, set[str]]:
        """Who was seen to call whom."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self.rows:
            if row["callee"]:
                found[row["service"]].add(row["callee"])
        return dict(found)


def read_times(case: Case) -> Times:
    """The time of every operation and edge, bad against good; no rows where there are no spans."""
    every = one_in(case)
    read = case.query(TIMES, every=every)
    rows = read.dicts()
    bad = case.comparison.bad if case.comparison else None
    wraps = case.query(WRAPPERS, window=bad, every=every).dicts() if rows else []
    wrappers = {(row["service"], row["name"]) for row in wraps}
    own = [row for row in rows if (row["service"], row["name"]) not in wrappers]
    return Times(rows, _shared_ends(_rises(own), rows), read, every)


def call_suspicions(case: Case) -> Suspicions:
    """What spans say: slowness, errors and broken sequences of calls."""
    times = read_times(case)
    if not times.rows:
        return Suspicions(limits=("no spans in either window",))
    steps = case.query(STEPS, every=times.every)
    past = any(row["phase"] == "good" for row in times.rows)
    limits = sampled(times.every) if past else ("no spans in the good window", *sampled(times.every))
    return Suspicions(
        (*_slow(times.rises, times.rows), *_origins(times.rows), *_broken(steps)),
        (_times_table(times), *_steps_table(steps)),
        limits,
        times.callees,
    )


def _rises(rows: list[dict[str, Any]]) -> list[Rise]:
    past = {_place(row): row for row in rows if row["phase"] == "good"}
    bad = [row for row in rows if row["phase"] == "bad"]
    found = []
    for row in bad:
        before = past.get(_place(row))
        good_ms = before["own_ms"] if before else _of_peers(row, bad)
        if good_ms is None:
            continue
        rise = row["own_ms"] - good_ms
        if rise < max(FLOOR_MS, FLOOR_SHARE * good_ms):
            continue
        waits = row["kind"] == "Client" and not row["callee"] and row["peer"]
        found.append(
            Rise(
                row["callee"] or (row["peer"] if waits else row["service"]),
                row["service"] if row["callee"] or waits else "",
                row["name"],
                row["calls"],
                before["own_ms"] if before else None,
                row["own_ms"],
                row["calls"] * rise / 1000,
                bool(waits),
                frozenset(row["slow_buckets"]),
            )
        )
    return found


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
    return median(others) if len(others) >= PEERS else None


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
        if service in slow_into and len(targets) > 1 and len(targets) > len(called[service]) / 2
    }
    return [replace(rise, target=rise.source) if rise.source in shared else rise for rise in rises]


def _slow(rises: list[Rise], rows: list[dict[str, Any]]) -> list[Suspicion]:
    total = sum(rise.seconds for rise in rises)
    waited = sum(row["entry_s"] for row in rows if row["phase"] == "bad") or total
    by_target: dict[tuple[str, bool], list[Rise]] = defaultdict(list)
    for rise in rises:
        by_target[rise.target, bool(rise.source)].append(rise)
    found = []
    for (target, edge), mine in by_target.items():
        seconds = sum(rise.seconds for rise in mine)
        worst = max(mine, key=lambda rise: (rise.seconds, rise.name))
        strength = 0.9 * (seconds / total) * grown(seconds / waited, 0.05)
        past = "no past" if worst.good_ms is None else f"{worst.good_ms:.0f} ms"
        what = f"between {worst.source} and {target}" if edge else f"in {worst.name} itself"
        kind = "external" if worst.external else "network" if edge else "code"
        found.append(
            Suspicion(
                worst.source if worst.external else target,
                kind,
                strength,
                f"{worst.bad_ms:.0f} ms {what} ({past} before), {seconds:.1f} s over {sum(r.calls for r in mine)} calls",
                component={"network": "network", "external": target}.get(kind, worst.name),
                traces=frozenset[int]().union(*(rise.traces for rise in mine)),
                damage=seconds,
            )
        )
    return found


def _origins(rows: list[dict[str, Any]]) -> list[Suspicion]:
    """Spans that fail though nothing below them does, more often than before."""
    past = {_place(row): row for row in rows if row["phase"] == "good"}
    found = []
    for row in rows:
        if row["phase"] != "bad" or not row["origins"]:
            continue
        before = past.get(_place(row), {"origins": 0, "calls": 0})
        high = wilson(before["origins"], before["calls"])[1] if before["calls"] else 0.0
        lift = wilson(row["origins"], row["calls"])[0] - high
        if lift <= 0:
            continue
        outside = row["kind"] == "Client" and not row["callee"] and row["peer"]
        told = f": {row['error'][:120]}" if row["error"] else ""
        found.append(
            Suspicion(
                row["service"],
                "external" if outside else "code",
                0.85 * grown(lift, 0.03),
                f"{row['origins']} of {row['calls']} {row['name']} fail with nothing failing below them "
                f"({before['origins']} of {before['calls']} before){told}",
                component=row["peer"] if outside else row["name"],
                traces=frozenset(row["buckets"]),
                damage=float(row["origins"]),
            )
        )
    return found


def _broken(steps: Rows) -> list[Suspicion]:
    rows = steps.dicts()
    ways = {(r["service"], r["name"], r["after"], r["next"]): r for r in rows}
    found = []
    for item in _breaks(rows):
        service, name = item.unit
        gone = item.after == START and item.then == END and " → " in item.usual
        target = item.usual.split(" → ")[0] if gone else service
        usual = item.usual or "the end"
        row = ways[service, name, item.after, item.then]
        found.append(
            Suspicion(
                target,
                "code",
                break_strength(item),
                f"{name}: after {item.after or 'its start'} comes {item.then or 'nothing'} in {item.bad} of {item.bad_of} "
                f"({item.good} of {item.good_of} before), where {usual} used to follow",
                caught=not gone,
                component=f"between {item.after or name} and {usual}",
                traces=frozenset(row["buckets"]),
                example=row["example"],
                damage=float(item.bad),
            )
        )
    return found


def _breaks(rows: Iterable[Mapping[str, Any]]) -> list[Break]:
    found = breaks(Step((r["service"], r["name"]), r["after"], r["next"], r["good"], r["bad"]) for r in rows)
    # What a unit begins with is chosen by its input; only beginning with nothing at all is a break.
    return [
        item
        for item in found
        if (item.after != START or item.then == END) and not recovered(item.usual, item.then)
    ]


def _times_table(times: Times) -> Table:
    worst = sorted(times.rises, key=lambda rise: (-rise.seconds, rise.target, rise.name))[:10]
    return Table(
        "Time that is spent where it was not before",
        ("charged to", "called by", "operation", "calls", "good ms", "bad ms", "seconds more"),
        tuple((r.target, r.source, r.name, r.calls, r.good_ms, r.bad_ms, r.seconds) for r in worst),
        times.read.provenance,
    )


def _steps_table(steps: Rows) -> tuple[Table, ...]:
    found = _breaks(steps.dicts())[:10]
    if not found:
        return ()
    return (
        Table(
            "Sequences of calls that go on another way",
            ("service", "operation", "after", "now", "usually", "bad", "of", "good", "of good"),
            tuple((*b.unit, b.after, b.then, b.usual, b.bad, b.bad_of, b.good, b.good_of) for b in found),
            steps.provenance,
        ),
    )
