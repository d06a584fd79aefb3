"""Which component is at fault, and which resource or code region in it?

What it asks
    Whose own evidence, rather than its callers' or callees' symptoms, explains the failure.
Why on-call asks it
    The loudest service is usually a victim. Knowing who is ill decides whom to wake and what to restart.
Reads
    lg_hops, lg_lines, lg_spans, lg_points, lg_calls_known, in the good and the bad window.
How
    Each kind of evidence has its own threshold and floor in physical units, and is turned into a strength
    between 0 and 1: a resource above its own past (cpu 15 points, memory 10 points or 64 MiB, four robust
    spreads); time spent in a service itself or between client and server, which is the callee's (20 ms and
    half of the past), by its share of all time lost; spans that fail though nothing below them does;
    sequences of calls or of log statements that break off (Wilson intervals of the good and the bad share
    must not meet); errors never told before. Without spans: latency and failures less those of the callees
    (exclusive change), as far as those who ask from outside are hurt; callees that are called no more; and
    edges whose caller waits longer than the callee works. Strengths of different kinds against one service
    combine as independent reasons; symptoms that may be caught from a callee count only as far as the
    callee's own evidence, in the same traces, leaves room. Equal strengths are ordered by damage, then name.
Stays silent when
    There is no comparison, or nothing stands out of its own past: no strength above 0.25, or 0.05 where a
    person gave the windows, and so says that it is bad. Those after the first are named from 0.02 on.
Known traps
    Windows that somebody gave too late put the fault into the good one, and hide it: the last 90 s of a good
    window are left out where the bad one follows at once and enough is left. The time of children
    that run in parallel is subtracted in full, so a parent's own time is a lower bound. A host that is busy
    slows all its services: metrics of hosts are not read here.
"""

from collections.abc import Iterator

from lastgood.algorithms.blame import Suspect, Suspicion, overlap, suspects
from lastgood.inspections._calls import NO_PAST, call_suspicions
from lastgood.inspections._reference import surely_good
from lastgood.inspections._registry import Case, Stage, inspection
from lastgood.inspections._resources import known_callees, metric_suspicions
from lastgood.inspections._silence import silence_suspicions, spoken
from lastgood.inspections._statements import statement_suspicions
from lastgood.inspections._suspicions import Suspicions
from lastgood.model.answers import Culprit, Culprits, Onset
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Signal

QUESTION = "Which component is at fault?"
LEAST = 0.25  # of the first, to be named at all
GIVEN = 0.05  # where a person says that it is bad
NEXT = 0.02  # of those named after the first
MOST = 10
RESOURCES = {"cpu", "memory", "disk"}
SAME = 0.8  # of the traces that show one, show the other


@inspection(
    QUESTION,
    stage=Stage.EXPLAIN,
    needs={Signal.SPANS, Signal.LOGS, Signal.METRICS},
    uses=(Onset,),
    gives=Culprits,
)
def culprit(case: Case) -> Iterator[Finding]:
    """The suspects in strict order, each with its own evidence."""
    if case.comparison is None:
        yield Finding(QUESTION, Verdict.UNKNOWN, "there is no good window to compare the bad one with")
        return
    kinds, callees = _gathered(surely_good(case))
    ranked = suspects((s for kind in kinds for s in kind.found), callees, least=NEXT)[:MOST]
    if ranked and ranked[0].strength <= (GIVEN if case.comparison.given else LEAST):
        ranked = []
    evidence = tuple(item for kind in kinds for item in kind.evidence)
    limits = tuple(limit for kind in kinds for limit in kind.limits)
    if not ranked:
        yield Finding(
            QUESTION, Verdict.UNKNOWN, "nothing stands out of its own past", evidence=evidence, limits=limits
        )
        return
    named = Culprits(tuple(_culprit(suspect, ranked) for suspect in ranked))
    first = named.ranked[0]
    yield Finding(
        QUESTION,
        Verdict.YES,
        f"{first.service}: {first.because}",
        confidence=first.confidence,
        answer=named,
        evidence=evidence,
        limits=limits,
    )


def _gathered(case: Case) -> tuple[list[Suspicions], dict[str, set[str]]]:
    callees = known_callees(case)
    told = spoken(case)
    calls = (
        call_suspicions(case, told.services) if case.has(Signal.SPANS) else Suspicions(limits=("no spans",))
    )
    for caller, called in calls.callees.items():
        callees.setdefault(caller, set()).update(called)
    metrics = metric_suspicions(case, callees, spans=bool(calls.callees) and NO_PAST not in calls.limits)
    silence = silence_suspicions(told, {name for called in callees.values() for name in called})
    return [calls, statement_suspicions(case), metrics, silence], callees


def _culprit(suspect: Suspect, ranked: list[Suspect]) -> Culprit:
    leading = _leading(suspect)
    others = max((s.strength for s in ranked if s is not suspect), default=0.0)
    told = {s.kind: s.because for s in reversed((leading, *suspect.suspicions))}
    reasons = [told.pop(s.kind) for s in (leading, *suspect.suspicions) if s.kind in told][:3]
    explained = f"; partly explained by {suspect.explained_by}" if suspect.explained_by else ""
    return Culprit(
        service=suspect.service,
        instance=leading.instance,
        component=leading.component,
        kind="code" if leading.kind in {"errors", "latency"} else leading.kind,
        confidence=round(suspect.strength * (1 - others / 2), 3),
        because="; ".join(reasons) + explained,
    )


def _leading(suspect: Suspect) -> Suspicion:
    """The strongest reason, but of two that tell the same the one that tells more.

    Who is slow to answer for want of a resource is told by the resource; calls that break off are not for want
    of one that is left; and slowness of the very traces in which something breaks off is told by where.
    """
    first = suspect.leading
    regions = [s for s in suspect.suspicions if s.region and s.strength >= first.strength / 2]
    if first.kind in RESOURCES or first.region:
        return regions[0] if regions else first
    if first.kind not in {"network", "latency", "code"}:
        return first
    wanting = [s for s in suspect.suspicions if s.kind in RESOURCES and s.strength >= 0.5]
    same = [s for s in regions if first.traces and s.traces and overlap(first, s) >= SAME]
    return next(iter(wanting if first.kind != "code" else same), first)
