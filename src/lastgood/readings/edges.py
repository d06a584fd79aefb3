"""Evidence of edges: a caller that alone is refused, and calls that are made many times as often.

An edge is one operation of a callee as one caller asks for it; a callee that tells nothing is known by the
name that its caller's client span gives it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lastgood.algorithms.counts import CLEAR, wilson
from lastgood.algorithms.culprit_kinds import kind_of_peer
from lastgood.model.attributes import DB_SYSTEM, DB_SYSTEM_OLD, MESSAGING_SYSTEM
from lastgood.model.judgement import Amount, Count
from lastgood.readings.case import Case
from lastgood.readings.traces import one_in
from lastgood.telemetry.reader import Rows

EDGES = """
SELECT service AS caller, edge.1 AS callee, edge.2 AS name, edge.5 AS outside,
       countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad, countIf(phase = 'good' AND edge.3) AS good_failed,
       countIf(phase = 'bad' AND edge.3) AS bad_failed, sumIf(edge.4, phase = 'bad') / 1e9 AS bad_s
FROM (SELECT service, phase, arrayJoin(if(empty(children) AND kind = 'Client' AND peer != '',
                 [(peer, name, failed, duration_ns, true)],
                 arrayMap(c -> (c.2, c.3, toUInt8(c.5 OR (failed AND length(children) = 1)), c.4, false),
                          arrayFilter(c -> c.2 != service, children)))) AS edge
      FROM lg_sample)
GROUP BY caller, callee, name, outside ORDER BY caller, callee, name, outside LIMIT 100000"""

# What callers' spans say that a peer is, whatever it is called.
SYSTEMS = f"""
SELECT peer, max(if(attributes['{DB_SYSTEM}'] != '', attributes['{DB_SYSTEM}'], attributes['{DB_SYSTEM_OLD}'])) AS store,
       max(attributes['{MESSAGING_SYSTEM}']) AS messages
FROM lg_spans WHERE phase = 'bad' AND kind IN ('Client', 'Producer') AND peer IN {{peers:Array(String)}}
GROUP BY peer ORDER BY peer LIMIT 100"""

# fmt: off
EDGE_CALLS = Count(20, "calls of a caller, to know how it fares", "judgement: of fewer a share is not known")
EDGE_FARES = Count(5, "times as many fail of one caller as of the others", "judgement: surely apart")
EDGE_TIMES = Amount(2.0, "times the calls for each request as before", "judgement: half as many again is another mix of requests")
EDGE_SECONDS = Amount(0.02, "s more for each request, by calls that were not made before", "judgement: less is not an incident")
EDGE_CALLERS = Count(2, "callers, to hold one against the others", "judgement: with one there is no other")
# fmt: on


@dataclass(frozen=True, slots=True)
class Edge:
    """The calls of one operation by one caller, in both windows."""

    caller: str
    callee: str
    name: str
    outside: bool  # the callee tells nothing in these traces
    good: int
    bad: int
    good_failed: int
    bad_failed: int
    bad_s: float

    @property
    def fails(self) -> bool:
        """Whether it surely fails more often than before."""
        before = wilson(self.good_failed, self.good, CLEAR)[1] if self.good else 0.0
        return wilson(self.bad_failed, self.bad, CLEAR)[0] > before


@dataclass(frozen=True, slots=True)
class Multiplied:
    """An edge that is asked many times as often for each request of its caller."""

    edge: Edge
    growth: float
    extra_s: float  # spent in calls that were not made before


def read_edges(case: Case) -> Rows:
    """The edges of both windows."""
    return case.query(EDGES, every=one_in(case))


def kinds_of_peers(case: Case, peers: Iterable[str]) -> dict[str, str]:
    """What each of some peers is, by what its callers' spans say of it and by its name."""
    named = sorted(peers)
    read = case.query(SYSTEMS, peers=named).dicts() if named else []
    return {row["peer"]: kind_of_peer(row["peer"], row["store"], row["messages"]) for row in read}


def edges(read: Rows) -> list[Edge]:
    """The same as values."""
    return [Edge(**{**row, "outside": bool(row["outside"])}) for row in read.dicts()]


def seen_callees(case: Case) -> dict[str, set[str]]:
    """Who called whom in any span of the window."""
    found: dict[str, set[str]] = defaultdict(set)
    for edge in edges(read_edges(case)):
        if not edge.outside:
            found[edge.caller].add(edge.callee)
    return dict(found)


def refused(known: Iterable[Edge], callee: str, name: str) -> str | None:
    """The one caller of an operation whose calls fail while others' of the same operation do not; None else."""
    callers = [e for e in known if (e.callee, e.name) == (callee, name) and e.bad >= EDGE_CALLS]
    failing = [e for e in callers if e.fails]
    if len(failing) != 1 or len(callers) < EDGE_CALLERS:
        return None
    least = wilson(failing[0].bad_failed, failing[0].bad, CLEAR)[0]
    others = [e for e in callers if e is not failing[0]]
    fine = all(wilson(e.bad_failed, e.bad, CLEAR)[1] * EDGE_FARES < least for e in others)
    return failing[0].caller if fine else None


def multiplied(known: Iterable[Edge], asked: Mapping[str, tuple[int, int]]) -> list[Multiplied]:
    """Edges asked so many times more for each request that it costs time; `asked`: requests of each service, good and bad.

    Calls that fail more than before are repeated because they do, so they are not among them.
    """
    found = []
    for edge in known:
        good, bad = asked.get(edge.caller, (0, 0))
        if min(good, bad, edge.bad) < EDGE_CALLS or edge.fails:
            continue
        usual = edge.good / good * bad
        extra = (edge.bad - usual) * edge.bad_s / edge.bad
        if edge.bad >= EDGE_TIMES * max(usual, 1.0) and extra >= EDGE_SECONDS * bad:
            found.append(Multiplied(edge, edge.bad / max(usual, 1.0), extra))
    return found
