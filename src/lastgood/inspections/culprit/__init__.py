"""Which component is at fault, and which resource or code region in it?

What it asks
    Which component's own evidence explains the failure, rather than symptoms of its callers or callees.
Why on-call asks it
    The loudest service is usually a victim. The culprit decides whom to page and what to restart.
Reads
    lg_sample, lg_lines, lg_spans, lg_points, lg_calls_known, in the baseline and the bad window. Without spans:
    lg_requests of access logs, and the names in lg_changes.
How
    Each kind of evidence has its own threshold in physical units, and becomes a strength between 0 and 1.
    - Resources: above their baseline by the floor of their unit and by their usual spread.
    - Time: spent in a service itself, or between client and server (charged to the callee), by its share of all
      lost time.
    - Calls: an operation that is called more often per request, if that costs time. The caller is charged. If the
      traffic to a cache is unchanged but there are more database calls, the cache no longer absorbs them.
    - Errors: spans that fail although no downstream call fails, and new kinds of error lines.
    - Sequences of calls or log statements that break off (Wilson intervals of both windows apart). A call that is
      no longer made is held against the callee, unless the caller says that it lacks descriptors, ports or memory.
    - Silence: services without callers that stop reporting for longer than any earlier pause.
    - Rejected calls: if one caller is rejected and others are served, the caller is charged.
    - Caches in front: if they answer a smaller share than before, they are charged, not what lies behind them.
    - Platform events of pods: out-of-memory kills above baseline. Restarts after a failed probe may come from a
      callee.
    - A machine that drops or repeats packets while its peers do not.
    - Clocks that jumped, by lines of the system or by the time that a machine tells; surer if times are refused.
    - DNS: a name that does not resolve is charged before its callers. Several names of one zone point to the zone,
      others to the resolver (`dns`). For a new name with one caller, the caller is as likely.

    Without spans, metrics are compared along the call graph: latency and failures minus those of the callees,
    callees without calls, edges whose caller waits longer than the callee works, and client failure counters.
    Access logs of proxies are read by upstream: failures, time, queue. The proxy itself is charged for its rate
    limit, its own time, and if most of several upstreams fail alike. This shows the first hop only, so it counts
    less. A processor that is busier with more traffic counts only at its limit. Peers without telemetry belong to
    their caller.

    Strengths of different kinds combine as independent reasons. A symptom that may come from a callee counts only
    as far as the callee's evidence in the same traces does not explain it. An error text that names another service
    is a call. Ties are ordered by damage, then name. An instance is named if it has nearly all of the loss, but not
    of the work. If such instances of several services share a host, the host is named.
Stays silent when
    There is no comparison, or no component deviates from its baseline: no strength exceeds the least, which is
    lower for windows that a person gave. Resources do not count if requests are confirmed to be normal, by enough
    of them whose outcome is known. If most services fall silent at once, telemetry was lost. Without upstream names
    in access logs, the answer states what to log. Confidence is halved while the onset may be another trouble's.
Known traps
    A sidecar proxy is charged as its workload: the two are deployed together.
    If the windows start too late, the baseline contains the fault and hides it. So the last 90 s of a baseline right
    before the bad window are left out if a person gave it or faint evidence set the onset, and enough is left. If traces start with the incident,
    sequences are compared with the first of them. The time of parallel children is subtracted in full, so the own
    time of a parent is a lower bound. A service without telemetry is known by its name at its callers only.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from lastgood.algorithms.blame import Sign, Suspect, Suspicion, beliefs, combined, overlap, suspects
from lastgood.algorithms.culprit_kinds import CALLED_KINDS
from lastgood.algorithms.identity import workload_beside
from lastgood.inspections._registry import Stage, inspection
from lastgood.inspections.culprit.client_failures import client_suspicions
from lastgood.inspections.culprit.clocks import clock_suspicions
from lastgood.inspections.culprit.instances import Placed, placed
from lastgood.inspections.culprit.killed import killed_suspicions
from lastgood.inspections.culprit.logged_calls import logged_suspicions
from lastgood.inspections.culprit.lossy import lossy_suspicions
from lastgood.inspections.culprit.lost_caches import cache_suspicions
from lastgood.inspections.culprit.own_want import of_callers, wanting
from lastgood.inspections.culprit.silence import Spoken, silence_suspicions, spoken
from lastgood.inspections.culprit.statements import statement_suspicions
from lastgood.inspections.culprit.unresolved import unresolved
from lastgood.inspections.culprit.weights import (
    AS_STRONG,
    CALM_EXCLUDES,
    CULPRITS_NAMED,
    FAINT_NAMED,
    HOST_VICTIMS,
    ILL_BY_SPANS,
    NAMED_GIVEN,
    NAMED_LEAST,
    NAMED_NEXT,
    OTHER_MEANT,
    PASSED_ON_LEAST,
    REASONS_REPORTED,
    SAME_TRACES,
    USED_TELLS,
)
from lastgood.model.answers import Confirmation, Culprit, Culprits, Onset
from lastgood.model.finding import Finding, Verdict
from lastgood.model.naming import part_named, service_named
from lastgood.model.signal import Signal
from lastgood.readings.calls import NO_PAST, call_suspicions
from lastgood.readings.case import Case
from lastgood.readings.doubts.blind import unjudged
from lastgood.readings.edges import kinds_of_peers
from lastgood.readings.proxied import proxied_suspicions
from lastgood.readings.reference import surely_good
from lastgood.readings.resources import known_callees, metric_suspicions
from lastgood.readings.suspicions import Suspicions

UNTELLING = {"code", "errors", "latency"}  # kinds that say nothing further


@inspection(
    "Which component is at fault?",
    stage=Stage.EXPLAIN,
    needs={Signal.SPANS, Signal.LOGS, Signal.METRICS},
    uses=(Onset, Confirmation),
    gives=Culprits,
)
def culprit(case: Case) -> Iterator[Finding]:
    """The suspects in strict order, each with its own evidence."""
    if case.comparison is None:
        yield Finding(Verdict.UNKNOWN, "there is no good window to compare the bad one with")
        return
    kinds, callees = _gathered(surely_good(case))
    every = (one for kind in kinds for one in kind.found)
    found = unresolved(
        kinds[0],
        [replace(one, service=workload_beside(one.service)) for one in of_callers(every, wanting(case))],
        callees,
    )
    ranked = _ranked(_harming(found) if _calm(case) else found, callees)
    evidence = tuple(item for kind in kinds for item in kind.evidence)
    limits = tuple(limit for kind in kinds for limit in kind.limits)
    if not ranked or ranked[0].strength <= (NAMED_GIVEN if case.comparison.given else NAMED_LEAST):
        why = next((kind.undecided for kind in kinds if kind.undecided), _faint(ranked, drawn=bool(callees)))
        yield Finding(Verdict.UNKNOWN, why, evidence=evidence, limits=limits)
        return
    where = placed(case, {suspect.service for suspect in ranked})
    onset = case.earlier(Onset)
    meant = OTHER_MEANT if onset is not None and onset.stale else 1.0
    sure = [meant * belief for belief in beliefs([suspect.strength for suspect in ranked])]
    each = [_culprit(one, much, where) for one, much in zip(ranked, sure, strict=True)]
    named = Culprits(tuple(_with_host(_with_systems(case, each), where)))
    first = named.ranked[0]
    yield Finding(
        Verdict.YES,
        f"{part_named(first.service, first.instance, first.component)}: {first.because}",
        confidence=first.confidence,
        answer=named,
        evidence=(*evidence, *where.evidence),
        limits=limits,
    )


def _harming(found: Sequence[Suspicion]) -> list[Suspicion]:
    """What counts where requests are as before: no one waits for a resource, and a line more is no harm."""
    quiet = {Sign.USED, Sign.LONGER}
    return [s for s in found if s.sign not in quiet and (not s.caught or s.damage >= PASSED_ON_LEAST)]


def _ranked(found: Sequence[Suspicion], callees: Mapping[str, Iterable[str]]) -> list[Suspect]:
    """The suspects that may be named, the strongest first."""
    return suspects(found, callees, least=NAMED_NEXT)[:CULPRITS_NAMED]


def _faint(ranked: list[Suspect], *, drawn: bool) -> str:
    """Why no component is named, and what would decide it."""
    if not ranked:
        return "no component deviates from its baseline"
    reported = "; ".join(
        f"{service_named(one.service)}: {one.leading.because}" for one in ranked[:FAINT_NAMED]
    )
    wanted = "" if drawn else "; there is no call graph: add traces or a call table"
    return f"no suspect is clear enough ({reported}){wanted}"


def _calm(case: Case) -> bool:
    """Whether it was confirmed that requests are as before: enough of them, whose outcome is known, and no person says otherwise."""
    confirmed = case.earlier(Confirmation)
    given = case.comparison is not None and case.comparison.given
    if given or confirmed is None or not case.unharmed or confirmed.high > CALM_EXCLUDES:
        return False
    return bool(confirmed.impact.requests) and unjudged(case) is None


def _gathered(case: Case) -> tuple[list[Suspicions], dict[str, set[str]]]:
    callees = known_callees(case)
    reported = spoken(case)
    calls = (
        call_suspicions(case, reported.services)
        if case.has(Signal.SPANS)
        else Suspicions(limits=("no spans",))
    )
    lines = statement_suspicions(case, reported.services)
    spans = bool(calls.callees) and NO_PAST not in calls.limits
    counted = case.has(Signal.METRICS) and not spans
    clients = client_suspicions(case, reported.services) if counted else Suspicions()
    logged = Suspicions() if spans else logged_suspicions(case, reported.services)
    for kind in (calls, lines, clients, logged):
        for caller, called in kind.callees.items():
            callees.setdefault(workload_beside(caller), set()).update(called)
    metrics = metric_suspicions(case, callees, reported.load(), spans=spans)
    silence = silence_suspicions(case, reported, {name for called in callees.values() for name in called})
    return [
        calls,
        lines,
        _waiting(metrics, calls, reported),
        silence,
        proxied_suspicions(case),
        clients,
        logged,
        killed_suspicions(case, reported.services),
        clock_suspicions(case),
        cache_suspicions(case),
        lossy_suspicions(case),
    ], callees


def _waiting(metrics: Suspicions, calls: Suspicions, reported: Spoken) -> Suspicions:
    """The same, but who neither spends time nor fails by itself is busy with others' trouble, as its spans tell."""
    ill = {s.service for s in calls.found if not s.caught and s.strength >= ILL_BY_SPANS}
    seen = reported.load().keys() - ill
    found = (
        replace(s, caught=True) if s.sign is Sign.USED and s.service in seen else s for s in metrics.found
    )
    return replace(metrics, found=tuple(found))


def _culprit(suspect: Suspect, sure: float, where: Placed) -> Culprit:
    leading = _leading(suspect)
    reported = {s.kind: s.because for s in reversed((leading, *suspect.suspicions))}
    reasons = [reported.pop(s.kind) for s in (leading, *suspect.suspicions) if s.kind in reported][
        :REASONS_REPORTED
    ]
    explained = f"; partly explained by {suspect.explained_by}" if suspect.explained_by else ""
    instance = where.instances.get(suspect.service)
    alone = f"; only instance {instance}" if instance else ""
    return Culprit(
        service=suspect.service,
        instance=instance or leading.instance,
        component=leading.component,
        kind="code" if leading.kind in UNTELLING else leading.kind,
        confidence=round(sure, 3),
        because="; ".join(reasons) + alone + explained,
    )


def _with_systems(case: Case, named: list[Culprit]) -> list[Culprit]:
    """The culprits; peers outside that are of a known kind by what spans say of them, whatever they are called."""
    outside = {one.component for one in named if one.kind == "external" and one.component}
    kinds = kinds_of_peers(case, outside)
    return [
        replace(one, kind=kinds.get(one.component or "", one.kind)) if one.kind == "external" else one
        for one in named
    ]


def _with_host(named: list[Culprit], where: Placed) -> list[Culprit]:
    """The culprits; services that are ill on one host only, and on the same one, are its victims."""
    victims = [one for one in named if one.service in where.on_host]
    if where.host is None or len(victims) < HOST_VICTIMS:
        return named
    reported = ", ".join(f"{one.service} on {one.instance}" for one in victims)
    host = replace(
        victims[0],
        component=where.host,
        kind="infrastructure",
        confidence=round(combined(one.confidence for one in victims), 3),
        because=f"{reported} fail only on host {where.host}; {victims[0].because}",
    )
    return sorted([host, *(one for one in named if one is not victims[0])], key=lambda one: -one.confidence)


def _leading(suspect: Suspect) -> Suspicion:
    """The strongest reason, but of two that tell the same the one that tells more.

    Who is slow for want of a resource is determined by the resource; calls that break off are not for want of one that
    is left; slowness of the very traces in which something breaks off is determined by where; and an error that says
    what is wrong tells more than that something is slow or fails.
    """
    first = suspect.leading
    strong = [s for s in suspect.suspicions if s.strength >= first.strength * AS_STRONG]
    breaks = [s for s in strong if s.sign in {Sign.BREAKS, Sign.LONGER}]
    if first.sign is Sign.USED:
        return breaks[0] if breaks else first
    telling = [s for s in strong if s.sign is Sign.FAILS and s.kind not in {*UNTELLING, first.kind}]
    if first.sign is Sign.SLOW and first.kind not in CALLED_KINDS:
        used = [
            s for s in suspect.suspicions if s.sign is Sign.USED and not s.caught and s.strength >= USED_TELLS
        ]
        same = [s for s in breaks if first.traces and s.traces and overlap(first, s) >= SAME_TRACES]
        return next(iter((*telling, *used, *same)), first)
    return next(iter(telling), first) if first.kind in UNTELLING else first
