"""Damage reported by metrics: seconds and requests lost that no callee accounts for, gaps of edges, callees that starve."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median

from lastgood.algorithms.blame import Sign, Suspicion, own_damage, reachable
from lastgood.algorithms.metric_meaning import Meaning, Role, preference
from lastgood.algorithms.shift import Shift, shift
from lastgood.model.figures import amount, multiple, percent
from lastgood.model.judgement import Amount, Count
from lastgood.readings.measured import Edge, Measured
from lastgood.readings.suspicions import SPREADS, grown

# fmt: off
CALLS_GONE = Amount(0.05, "of the calls of before at most is left of what is called no more", "judgement: nearly none")
CALL_SAMPLES = Count(3, "samples show what a callee usually gets", "judgement: a median of fewer says nothing")
RARE_CALL = Amount(0.05, "of the requests of its caller: too few to starve of", "judgement: its caller can do without")
ENTRY_SHARE = Amount(0.2, "of the requests of the busiest service that no service calls", "judgement: health checks are fewer")
DAMAGE_WEIGHT = Amount(0.75, "of strength by metrics of requests", "judgement: averages, sampled seldom")
DAMAGE_LEAST = Amount(0.25, "of it at least, where another signal is affected more", "judgement: units of impact cannot be compared well")
DAMAGE_INNER = Amount(0.5, "of it, where those who ask from outside are not affected", "judgement: no user may notice")
WAITS_SEEN = Amount(0.5, "of what a service may wait for is seen, without a call graph", "judgement: it is not known what is missing")
DAMAGE_SHARE = Amount(0.1, "of the damage, to be worth naming though it is small per request", "judgement: a tenth is not a side matter")
GAP_WEIGHT = Amount(0.75, "of strength, where a caller waits longer than its callee works", "judgement: averages, sampled seldom")
GAP_GROWN = Amount(0.5, "of the past wait more", "judgement: less is not an incident")
RATE_FLOOR = Amount(0.2, "of the floor of its kind is the least that before counts as", "judgement: it is to be seen before it matters")
CALLER_WORKS = Amount(0.7, "of its own work left, for a caller to be held against", "judgement: with less it has nothing to ask for")
CALLS_FEWER = Amount(0.5, "of the calls left, to be called less", "judgement: beyond what work varies by")
STARVED_GONE = Amount(0.8, "of strength, where calls are gone", "judgement: the caller breaks off before them")
STARVED_FEWER = Amount(0.5, "of strength, where calls are fewer", "judgement: it may have less to ask for")
STARVED_SCALE = Amount(0.5, "of the calls lost give 0.63 of it", "judgement: half of them is not a rhythm")
CALLEES_REPORTED = Count(3, "callees that are reported", "judgement: so that a line stays readable")
# fmt: on
LOST = {Role.LATENCY: "s of latency", Role.SUCCESS: "failed requests", Role.FAILURES: "failures"}


@dataclass(frozen=True, slots=True)
class _Flow:
    """One signal of one service, over its instances: `rise` is worse per request, in the metric's unit."""

    metric: str
    meaning: Meaning
    good: float
    bad: float
    rise: float
    spread: float
    instance: str

    @property
    def more(self) -> float:
        """By how many times of before it is worse."""
        return max(0.0, self.rise) / max(self.good, self.meaning.floor * RATE_FLOOR)

    @property
    def grown(self) -> str:
        """The same for people."""
        slow = self.meaning.role is Role.LATENCY
        if slow:
            return f"{multiple(self.more + 1)} as long"
        return f"{amount(self.rise)} more" if self.good else ""

    @property
    def per_floor(self) -> float:
        """The rise in floors of its signal."""
        return self.rise / self.meaning.floor

    @property
    def worse(self) -> bool:
        """Whether it surely matters by itself."""
        return self.rise >= self.meaning.floor and self.rise / self.spread >= SPREADS


def damaged(series: list[Measured], callees: Mapping[str, set[str]]) -> list[Suspicion]:
    """Seconds or requests lost per service, less what its callees lost (exclusive change).

    Damage is requests times what each lost. A callee that did not exist before has no past to lose
    against, so what it costs stays with its caller. Damage that reaches no one who asks from outside
    counts half, and so does a signal as far as those who ask are affected less by it than by another.
    """
    flows = {role: _flows(series, role) for role in LOST}
    if not callees:
        return [one for mine in flows.values() for one in _by_growth(mine)]
    rate = _rates(series)
    entries = _entries(rate, callees)
    reported = {one.service for one in series}  # by themselves: not guessed from their callers
    drawn = callees.keys() | set[str]().union(*callees.values())  # whom they call is known
    further = reachable(callees)
    reached = entries.union(*(further.get(entry, frozenset()) for entry in entries))
    affected = {role: _affected(mine, entries) for role, mine in flows.items()}
    found, worst = [], max(affected.values())
    for role, mine in flows.items():
        weight = DAMAGE_WEIGHT if worst <= 0 else DAMAGE_WEIGHT * max(DAMAGE_LEAST, affected[role] / worst)
        own, between = _own(mine, rate, callees, _waited(series, rate) if role is Role.LATENCY else {})
        alone = mine.keys() <= entries  # who is affected is reported, but not whose fault it is
        user_visible = sum(value for service, value in own.items() if service in reached)
        for service, value in own.items():
            total = between + (user_visible if service in reached else sum(own.values()))
            if service in reached and value >= DAMAGE_SHARE * user_visible:
                certain = grown(affected[role], 1.0)
            else:
                certain = grown(mine[service].per_floor, 1.0) if mine[service].worse else 0.0
                certain *= DAMAGE_INNER if entries else 1.0
            strength = weight * (value / total) * certain
            if strength > 0:
                below = callees.get(service, set()) - {service}
                if alone or service not in drawn:
                    seen = 0.0
                else:
                    seen = len(below & reported) / len(below) if below else 1.0
                lost = value, f"{amount(value)} {LOST[role]} more than its callees lost"
                found.append(_suspicion(service, mine[service], strength, lost, seen, alone=alone))
    return found


def _by_growth(flows: Mapping[str, _Flow]) -> list[Suspicion]:
    """What is worse, where no one says who calls whom.

    Latency is compared by its growth: whoever waits for a callee takes as long as it and longer, so that the same delay
    is a smaller part of its time. Failures are compared by their number: each of a caller's takes one of a callee's.
    """
    worse = {
        service: flow.more if flow.meaning.role is Role.LATENCY else flow.rise
        for service, flow in flows.items()
        if flow.rise > 0
    }
    return [
        _suspicion(
            service,
            flows[service],
            DAMAGE_WEIGHT * value / sum(worse.values()) * grown(flows[service].per_floor, 1.0),
            (value, flows[service].grown),
            WAITS_SEEN,
            alone=False,
        )
        for service, value in worse.items()
        if flows[service].worse
    ]


def _affected(flows: Mapping[str, _Flow], entries: set[str]) -> float:
    """How much worse it is for those who ask from outside, in floors of the signal."""
    return max((flows[entry].per_floor for entry in entries if entry in flows), default=0.0)


def _suspicion(
    service: str, flow: _Flow, strength: float, worse: tuple[float, str], seen: float, *, alone: bool
) -> Suspicion:
    slow = flow.meaning.role is Role.LATENCY
    value, more = worse
    return Suspicion(
        service,
        flow.meaning.kind,
        strength * (1 + seen) / 2,
        ": ".join(filter(None, (f"{flow.metric} {amount(flow.good)} → {amount(flow.bad)}", more))),
        # Callees that do not measure theirs may be why.
        caught=flow.meaning.caught or (seen < 1 and (not slow or alone)),
        sign=Sign.SLOW if slow else Sign.FAILS,
        instance=flow.instance or None,
        damage=value,
    )


def _own(
    flows: Mapping[str, _Flow],
    rate: Mapping[str, float],
    callees: Mapping[str, set[str]],
    waited: Mapping[tuple[str, str], float],
) -> tuple[dict[str, float], float]:
    """What each service lost itself, and what was lost between services: on the way from a caller to a callee."""
    lost = {service: _all_lost(flow, rate.get(service, 1.0)) for service, flow in flows.items()}
    own, between = own_damage(lost, callees), 0.0
    for (caller, callee), seconds in waited.items():
        way = max(0.0, seconds - max(0.0, lost.get(callee, 0.0)))
        if caller in own and callee in callees.get(caller, ()):
            own[caller] -= way
            between += way
    return {service: value for service, value in own.items() if value > 0}, between


def _all_lost(flow: _Flow, requests: float) -> float:
    """Seconds or requests: what each lost, times their number, unless they are counted already."""
    return flow.rise * flow.meaning.scale * (1.0 if flow.meaning.role is Role.FAILURES else requests)


def _waited(series: list[Measured], rate: Mapping[str, float]) -> dict[tuple[str, str], float]:
    """The seconds more that each caller waits for each callee, by the caller's own measure."""
    edges = _edges(series, client=True)
    askers: dict[str, float] = defaultdict(float)
    for caller, callee in edges:
        askers[callee] += rate.get(caller, 1.0)
    return {
        (caller, callee): one.shift.rise * one.meaning.scale * rate.get(callee, 1.0)
        * (rate.get(caller, 1.0) / askers[callee] if askers[callee] else 1.0)
        for (caller, callee), (one, _) in edges.items()
    }  # fmt: skip


def _rates(series: list[Measured]) -> dict[str, float]:
    """The requests of each service while bad, over its instances."""
    by_metric: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for one in series:
        if one.meaning.role is Role.TRAFFIC and not one.client:
            by_metric[one.service][one.metric].append(max(one.mean, 0.0))
    return {service: sum(metrics[min(metrics)]) for service, metrics in by_metric.items()}


def _entries(rate: Mapping[str, float], callees: Mapping[str, set[str]]) -> set[str]:
    """Where users come in: called by no service, and busy; empty when no calls are known."""
    called = set[str]().union(*(below - {caller} for caller, below in callees.items()))
    roots = {caller: rate[caller] for caller in callees if caller not in called and rate.get(caller)}
    busiest = max(roots.values(), default=0.0)
    return {service for service, requests in roots.items() if requests >= ENTRY_SHARE * busiest}


def _flows(series: list[Measured], role: Role) -> dict[str, _Flow]:
    """One metric per service: of latency the one that adds up over calls, of others the one that is worst."""
    sign = -1.0 if role is Role.SUCCESS else 1.0
    by_metric: dict[str, dict[str, list[Measured]]] = defaultdict(lambda: defaultdict(list))
    for one in series:
        if one.meaning.role is role and not one.client:
            by_metric[one.service][one.metric].append(one)
    flows: dict[str, _Flow] = {}
    for service, metrics in by_metric.items():
        if role is Role.LATENCY:
            chosen = metrics[min(metrics, key=lambda name: (preference(name), name))]
        else:
            chosen = metrics[
                min(metrics, key=lambda name: (min(-sign * s.shift.rise for s in metrics[name]), name))
            ]
        flows[service] = _flow(chosen, sign)
    return flows


def _flow(instances: list[Measured], sign: float) -> _Flow:
    worst = max(instances, key=lambda one: (sign * one.shift.rise, one.instance))
    good, bad = fmean(one.shift.good for one in instances), fmean(one.mean for one in instances)
    return _Flow(
        worst.metric,
        worst.meaning,
        good,
        bad,
        sign * (bad - good),
        fmean(one.shift.spread for one in instances),
        worst.instance,
    )


def gaps(series: list[Measured]) -> list[Suspicion]:
    """Edges on which the caller waits longer than the callee works: the network or the queue of the callee.

    The two ends are held against each other sample by sample, so what slows both down is no gap.
    """
    client, server = _edges(series, client=True), _edges(series, client=False)
    found: list[tuple[Measured, Edge, Shift]] = []
    for ends in sorted(client.keys() & server.keys()):
        (waits, near), (works, far) = client[ends], server[ends]
        scale = works.meaning.scale / waits.meaning.scale
        good, bad = _apart(near.good, far.good, scale), _apart(near.bad, far.bad, scale)
        gap = shift(good, bad, waits.meaning.floor * RATE_FLOOR)
        if (
            gap is None
            or gap.rise < max(waits.meaning.floor, waits.shift.good * GAP_GROWN)
            or gap.spreads < SPREADS
        ):
            continue
        found.append((waits, near, gap))
    rate = _rates(series)
    lost: dict[str, float] = defaultdict(float)
    worst: dict[str, tuple[Measured, Edge, Shift]] = {}
    for waits, edge, gap in found:
        lost[edge.callee] += gap.rise * waits.meaning.scale * rate.get(edge.caller, 1.0)
        if edge.callee not in worst or gap.rise > worst[edge.callee][2].rise:
            worst[edge.callee] = waits, edge, gap
    total = sum(lost.values()) or 1.0
    return [
        Suspicion(
            callee,
            "network",
            GAP_WEIGHT * lost[callee] / total * grown(gap.rise, waits.meaning.floor),
            f"{edge.caller} waits {amount(gap.bad)} {waits.unit} longer than the callee works ({amount(gap.good)} before)",
            sign=Sign.SLOW,
            component="network",
            damage=lost[callee],
        )
        for callee, (waits, edge, gap) in worst.items()
    ]


def _apart(near: Mapping[int, float], far: Mapping[int, float], scale: float) -> list[float]:
    """The difference of two series at the times that both have, to within half a step of the first."""
    times = sorted(near)
    reach = min((b - a for a, b in pairwise(times)), default=1000) / 2
    apart = []
    for time in times:
        nearest = min(far, key=lambda other: abs(other - time), default=None)
        if nearest is not None and abs(nearest - time) <= reach:
            apart.append(near[time] - far[nearest] * scale)
    return apart


def _edges(series: list[Measured], *, client: bool) -> dict[tuple[str, str], tuple[Measured, Edge]]:
    """The latency of each edge as one of its ends sees it: the metric that adds up over calls."""
    chosen: dict[tuple[str, str], tuple[Measured, Edge]] = {}
    for one in sorted(series, key=lambda s: (preference(s.metric), s.metric, s.instance)):
        if one.edge is not None and one.client is client and one.meaning.role is Role.LATENCY:
            chosen.setdefault(one.edge.ends, (one, one.edge))
    return chosen


def starved(series: list[Measured], callees: Mapping[str, set[str]]) -> list[Suspicion]:
    """Callers that still get their requests while those they call no longer get theirs."""
    flows: dict[str, list[Shift]] = defaultdict(list)
    for one in series:
        if one.meaning.role is Role.TRAFFIC and not one.client and one.samples >= CALL_SAMPLES:
            flows[one.service].append(one.shift)
    kept = {
        service: median([s.bad / s.good for s in shifts if s.good > 0] or [1.0])
        for service, shifts in flows.items()
    }
    usual = {service: sum(s.good for s in shifts) / len(shifts) for service, shifts in flows.items()}
    found = []
    for caller, called in sorted(callees.items()):
        if kept.get(caller, 1.0) < CALLER_WORKS:
            continue
        least = RARE_CALL * usual.get(caller, 0.0)
        fewer = sorted(c for c in called if kept.get(c, 1.0) < CALLS_FEWER and usual[c] >= least)
        if fewer:
            lost = sum(1 - kept[c] for c in fewer)
            gone = any(kept[c] < CALLS_GONE for c in fewer)
            found.append(
                Suspicion(
                    caller,
                    "code",
                    (STARVED_GONE if gone else STARVED_FEWER) * grown(lost, STARVED_SCALE),
                    f"traffic in is {percent(kept.get(caller, 1.0))} of baseline, but calls out fell: "
                    + ", ".join(f"{c} {percent(kept[c])}" for c in fewer),
                    caught=not gone,  # slowness below thins calls out, it does not end them
                    sign=Sign.BREAKS,
                    component=f"before its call to {' and '.join(fewer[:CALLEES_REPORTED])}",
                    damage=lost,
                )
            )
    return found
