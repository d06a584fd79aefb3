"""Where does the request path break: the last good hop and the first bad one?

What it asks
    Up to which service requests are fine, and in which the trouble begins.
Why on-call asks it
    It halves the system: nothing before the last good hop needs looking at.
Reads
    lg_sample; where there are no spans, lg_lines that share a trace or request id, or lg_requests of access logs.
How
    A span that fails though none of its children does is where an error begins. Over all traces of both
    windows the beginning whose share of traces has risen most (99 % Wilson intervals apart, or 80 % when nothing is
    slower) is the first bad hop; its caller in the same trace is the last good one. A client span without a child in another
    service begins at its peer, which is outside of what is instrumented. When nothing fails more often:
    the place that spends most time which it did not spend before, a gap between client and server being
    the server's. When nothing is slower: the sequence of calls that breaks off deepest in the call graph.
    Without spans: the service with the first error of a request, or which that error says answered it badly; of errors
    at one time, the one that the others' lines name so; else, by access logs, the proxy and the upstream
    whose requests fail more (99 % Wilson intervals apart), or the proxy alone if it sent them to no upstream.
Stays silent when
    There is no comparison, no place deviates, or nothing ties lines of several services together and no proxy names its upstreams.
Known traps
    Sampling that keeps failures only makes everything look broken; the good window shows it. Clocks that
    disagree reorder log lines, never spans: parents and children need no clock.
"""

from collections.abc import Iterator
from typing import Any

from lastgood.algorithms.blame import Sign, suspects
from lastgood.algorithms.counts import CLEAR, VERY_CLEAR, wilson
from lastgood.inspections._registry import Stage, inspection
from lastgood.inspections.path.excerpt import excerpt
from lastgood.inspections.path.lines import by_lines
from lastgood.inspections.path.route import routed
from lastgood.inspections.path.weights import (
    AGREE_LEAST,
    CALLERS_SEVERAL,
    ERRORS_AGREE,
    ERRORS_BASE,
    ERRORS_MOST_SURE,
    HOPS_SHOWN,
    PROXY_SURE,
    STEPS_LEAST,
    TIME_MIDDLE,
    TIME_SHARE,
    TIME_SURE,
    TIMES_SHOWN,
)
from lastgood.model.answers import Onset
from lastgood.model.evidence import Table
from lastgood.model.failure import Broken, FailurePath
from lastgood.model.figures import count, duration
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.readings.calls import Times, call_suspicions, read_times, spent
from lastgood.readings.case import Case
from lastgood.readings.ended import ANSWERED_IN_PROXY
from lastgood.readings.proxied import FIRST_HOP, read_proxied
from lastgood.readings.reference import surely_good
from lastgood.readings.traces import one_in, sampled

ORIGINS = """
SELECT era AS phase, count() AS traces, origin.1 AS service, origin.2 AS peer,
       arrayFirst(c -> c.2 = origin.1, calls).1 AS caller, min(trace_id) AS example
FROM (SELECT trace_id, min(phase) AS era,
             groupUniqArrayIf((service, if(kind = 'Client' AND empty(children), peer, '')),
                              failed AND NOT children_failed) AS begins,
             arraySort(groupUniqArrayArray(arrayMap(c -> (service, c.2), arrayFilter(c -> c.2 != service, children)))) AS calls,
             arrayJoin(if(empty(begins), [('', '')], begins)) AS origin
      FROM lg_sample GROUP BY trace_id)
GROUP BY era, service, peer, caller ORDER BY traces DESC, service, peer, caller LIMIT 1000"""
SLOW = """
SELECT uniqExactIf(trace_id, self_ns >= {least_ns:UInt64}) AS agree,
       minIf(trace_id, self_ns >= {least_ns:UInt64}) AS example
FROM lg_sample WHERE phase = 'bad' AND service = {service:String} AND name = {name:String}"""


@inspection(
    "Where does the request path break?",
    stage=Stage.EXPLAIN,
    needs={Signal.SPANS, Signal.LOGS},
    uses=(Onset,),
    gives=FailurePath,
)
def path(case: Case) -> Iterator[Finding]:
    """The last good and the first bad hop, with how many traces agree."""
    if case.comparison is None:
        yield Finding(Verdict.UNKNOWN, "there is no good window to compare the bad one with")
        return
    if not case.has(Signal.SPANS):
        told = by_lines(case)
        clear = told if told and told.answer else None
        yield clear or _by_proxy(case) or told or _untied()
        return
    case = surely_good(case)
    yield (
        _agreed(_by_errors(case, VERY_CLEAR))
        or _agreed(_by_time(case))
        or _agreed(_by_errors(case, CLEAR))
        or _agreed(_by_steps(case))
        or _nowhere(case)
    )


def _agreed(found: Finding | None) -> Finding | None:
    """A finding on whose hop at least half of the failing traces agree: else the path is not known."""
    reported = found.answer if found else None
    return (
        found
        if isinstance(reported, FailurePath) and reported.agree >= AGREE_LEAST * reported.traces > 0
        else None
    )


def _by_errors(case: Case, level: float) -> Finding | None:
    every = one_in(case)
    read = case.query(ORIGINS, every=every)
    rows = read.dicts()
    all_of = {phase: _total(rows, phase) for phase in ("good", "bad")}
    lifts: list[tuple[float, str, str, int]] = []
    for service, peer in sorted({(r["service"], r["peer"]) for r in rows if r["service"]}):
        good, bad = (_traces(rows, phase, service, peer) for phase in ("good", "bad"))
        high = wilson(good, all_of["good"], level)[1] if all_of["good"] else 0.0
        lifts.append((wilson(bad, all_of["bad"], level)[0] - high, service, peer, bad))
    risen = [item for item in lifts if item[0] > 0]
    if not risen:
        return None
    lift, service, peer, bad = max(risen, key=lambda item: (item[0], item[1], item[2]))
    failing = sum(r["traces"] for r in rows if r["phase"] == "bad" and r["service"])
    found = _hop(service, peer, _caller(rows, service), failing, bad)
    reported = Table(
        "Where errors start",
        ("window", "called by", "service", "peer", "traces"),
        tuple((r["phase"], r["caller"], r["service"], r["peer"], r["traces"]) for r in rows if r["service"])[
            :HOPS_SHOWN
        ],
        read.provenance,
    )
    because = (
        f"in {count(bad)} of {count(failing)} failing traces the error starts in {found.first_bad} "
        f"({count(_traces(rows, 'good', service, peer))} of {count(all_of['good'])} traces before)"
    )
    shown = excerpt(case, _example(rows, service, peer))
    return Finding(
        Verdict.YES,
        because,
        min(ERRORS_MOST_SURE, ERRORS_BASE + lift + ERRORS_AGREE * bad / failing),
        routed(found, shown),
        (reported, *shown),
        sampled(every),
    )


def _total(rows: list[dict[str, Any]], phase: str) -> int:
    return sum(int(r["traces"]) for r in rows if r["phase"] == phase)


def _traces(rows: list[dict[str, Any]], phase: str, service: str, peer: str) -> int:
    return sum(
        int(r["traces"]) for r in rows if (r["phase"], r["service"], r["peer"]) == (phase, service, peer)
    )


def _example(rows: list[dict[str, Any]], service: str, peer: str) -> str:
    """The id of a failing trace."""
    failing = (r["example"] for r in rows if (r["phase"], r["service"], r["peer"]) == ("bad", service, peer))
    return min(failing, default="")


def _caller(rows: list[dict[str, Any]], service: str) -> str | None:
    return next(
        (r["caller"] for r in rows if r["phase"] == "bad" and r["service"] == service and r["caller"]), None
    )


def _hop(service: str, peer: str, caller: str | None, traces: int, agree: int) -> FailurePath:
    if peer:
        return FailurePath(service, peer, traces, agree, external=True)
    return FailurePath(caller, service, traces, agree, external=False)


def _by_time(case: Case) -> Finding | None:
    times = read_times(case)
    if not times.rises:
        return None
    worst = max(times.rises, key=lambda rise: (rise.seconds, rise.target, rise.name))
    slower = sum(rise.seconds for rise in times.rises)
    waited = sum(row["entry_s"] for row in times.rows if row["phase"] == "bad") or slower
    there = sum(rise.seconds for rise in times.rises if rise.target == worst.target)
    if worst.seconds < TIME_SHARE * waited or there < AGREE_LEAST * slower:
        return None
    least = (worst.good_ms or 0.0) + (worst.bad_ms - (worst.good_ms or 0.0)) * TIME_MIDDLE
    counted = case.query(
        SLOW,
        every=times.every,
        service=worst.source or worst.target,
        name=worst.name,
        least_ns=int(least * 1e6),
    ).dicts()[0]
    found = FailurePath(
        worst.source or _usual_caller(times, worst.target),
        worst.target,
        counted["agree"],  # those that are slow there: the others of this operation are well
        counted["agree"],
        worst.external,
        Broken.SLOW,
    )
    where = (
        f"between {worst.source} and {worst.target}" if worst.source else f"in {worst.name} of {worst.target}"
    )
    before = "no past" if worst.good_ms is None else f"{duration(worst.good_ms / 1e3)} before"
    because = (
        f"nothing fails more often; {spent(worst)} pass {where} ({before}), {duration(worst.seconds)} in all"
    )
    shown = excerpt(case, counted["example"])
    return Finding(
        Verdict.YES,
        because,
        TIME_SURE * worst.seconds / slower,
        routed(found, shown),
        (_time_table(times), *shown),
        sampled(times.every),
    )


def _time_table(times: Times) -> Table:
    return Table(
        "Time that is spent where it was not before",
        ("charged to", "called by", "operation", "calls", "good ms", "bad ms", "seconds more"),
        tuple(
            (r.target, r.source, r.name, r.calls, r.good_ms, r.bad_ms, r.seconds)
            for r in sorted(times.rises, key=lambda r: (-r.seconds, r.target, r.name))[:TIMES_SHOWN]
        ),
        times.read.provenance,
    )


def _usual_caller(times: Times, service: str) -> str | None:
    calls = [(row["calls"], row["service"]) for row in times.rows if row["callee"] == service]
    return max(calls)[1] if calls else None


def _by_steps(case: Case) -> Finding | None:
    said = call_suspicions(case)
    other = [one for one in said.found if one.sign in {Sign.BREAKS, Sign.LONGER}]
    ranked = suspects(other, said.callees, least=STEPS_LEAST)
    if not ranked:
        return None
    first = ranked[0]
    callers = sorted(caller for caller, called in said.callees.items() if first.service in called)
    shown = frozenset[int]().union(*(s.traces for s in first.suspicions))
    example = excerpt(case, first.leading.example)
    found = FailurePath(
        callers[0] if len(callers) == 1 else None,
        first.service,
        len(shown),
        len(shown),
        external=False,
        how=Broken.DIVERTED,
    )
    limits = () if len(callers) < CALLERS_SEVERAL else (f"{first.service} is called by {', '.join(callers)}",)
    return Finding(
        Verdict.YES,
        f"nothing fails or is slower, but {first.service} takes another path: {first.leading.because}",
        round(first.strength, 3),
        routed(found, example),
        (*said.evidence, *example),
        limits,
    )


def _nowhere(case: Case) -> Finding:
    times = read_times(case)
    why = "no span fails more often, is slower or takes another path than before"
    if not times.rows:
        why = "there are no spans in either window"
    return Finding(Verdict.UNKNOWN, why)


def _untied() -> Finding:
    why = "there are no spans, and no request ids with errors that tie log lines of several services together"
    return Finding(Verdict.UNKNOWN, why)


def _by_proxy(case: Case) -> Finding | None:
    """The proxy, and the upstream whose requests fail more than they did, by the proxy's access logs."""
    reported = read_proxied(case)
    failing = [one for one in reported.failing if one.upstream] if reported else []
    if reported is None or not failing:
        return None
    every, worst = sum(one.bad[0] for one in failing), failing[0]
    # Handed on to no one, or to all alike in vain: it breaks before the upstreams.
    none = worst.mostly in {*ANSWERED_IN_PROXY, "queued"} or (worst.mostly == "unserved" and worst.well)
    own = none or reported.shared == worst.proxy
    table = Table(
        "Requests of proxies that fail",
        ("proxy", "upstream", "failed before", "of", "failed", "of now"),
        tuple((one.proxy, one.upstream, *one.good, *one.bad) for one in failing[:HOPS_SHOWN]),
        reported.read.provenance,
    )
    because = f"{count(worst.bad[0])} of {count(worst.bad[1])} requests from {worst.proxy} to {worst.upstream} fail, {count(worst.good[0])} of {count(worst.good[1])} before"
    found = FailurePath(
        None if own else worst.proxy,
        worst.proxy if own else worst.upstream,
        every,
        worst.bad[0],
        external=False,
        by_requests=True,
    )
    return Finding(Verdict.YES, because, PROXY_SURE * worst.bad[0] / every, found, (table,), (FIRST_HOP,))
