"""Whether it is real by metrics alone: users hurt by latency and success at the entry, or a resource that is used up."""

from math import log

from lastgood.algorithms.metric_meaning import Role
from lastgood.inspections.confirm.weights import (
    METRICS_FELT,
    METRICS_INNER,
    METRICS_SHOWN,
    NOTICED,
    NOTICED_TIMES,
)
from lastgood.model.answers import Confirmation, Impact, ImpactKind
from lastgood.model.evidence import Table
from lastgood.model.figures import amount, count, difference
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.model.window import Comparison
from lastgood.readings.case import Case
from lastgood.readings.levels import Change, changes, inner_services

UNCOUNTED = "requests could not be counted: impact is estimated from metrics"
UNFELT = "no metric shows user impact so far"


def by_metrics(case: Case, comparison: Comparison) -> Finding | None:
    """That metrics confirm it, with the effect and its interval; None when they do not."""
    if not case.has(Signal.METRICS):
        return None
    moved = [one for one in changes(case, comparison) if _worse(one)]
    inner = inner_services(case)
    felt = [
        o for o in moved if o.level.meant.role is not Role.RESOURCE and o.level.series.service not in inner
    ]
    shown = felt or [o for o in moved if o.level.meant.role is Role.RESOURCE]
    if not shown:
        return None
    shown.sort(key=lambda one: (one.level.meant.role is not Role.SUCCESS, -abs(one.spreads), one.name))
    first = shown[0]
    others = f"; so do {len(shown) - 1} other metrics" if len(shown) > 1 else ""
    return Finding(
        Verdict.YES,
        f"{first.name} is {amount(first.now)}, {amount(first.usual)} before "
        f"(a change of {difference(first.low)} to {difference(first.high)}){others}",
        confidence=METRICS_FELT if felt else METRICS_INNER,
        answer=_answer(first, felt),
        evidence=(_table(shown),),
        limits=(UNCOUNTED,) if felt else (UNCOUNTED, UNFELT),
    )


def behind(case: Case, comparison: Comparison) -> dict[str, str]:
    """Services before which a queue grew, with what says so."""
    if not case.has(Signal.METRICS):
        return {}
    queues = (one for one in changes(case, comparison) if one.level.meant.kind == "queue" and one.up)
    return {
        one.level.series.service: f"its {one.level.metric} is {count(one.now)}, {count(one.usual)} before"
        for one in queues
    }


def _worse(one: Change) -> bool:
    role, meant = one.level.meant.role, one.level.meant
    if role is Role.SUCCESS:
        return one.down
    if (
        role is Role.LATENCY
        and (one.now - one.usual) * meant.scale < NOTICED
        and one.now < NOTICED_TIMES * one.usual
    ):
        return False
    return role in {Role.LATENCY, Role.FAILURES, Role.RESOURCE} and one.up


def _answer(first: Change, felt: list[Change]) -> Confirmation:
    """The interval is of the failure share, or of the log of the latency ratio, or of the resource in its unit."""
    meant = first.level.meant
    if meant.role is Role.SUCCESS:
        share, past = (1 - min(value * meant.scale, 1.0) for value in (first.now, first.usual))
        impact = Impact(None, None, share, past, None, _kind(felt))
        return Confirmation(impact, -first.high * meant.scale, -first.low * meant.scale)
    low, high = first.low, first.high
    if meant.role in {Role.LATENCY, Role.FAILURES} and first.usual > 0:
        low, high = (log(max(first.usual + change, 1e-9) / first.usual) for change in (low, high))
    return Confirmation(Impact(None, None, None, None, None, _kind(felt)), low, high)


def _kind(felt: list[Change]) -> ImpactKind | None:
    if not felt:
        return None
    slow = any(one.level.meant.kind == "latency" for one in felt)
    failing = any(one.level.meant.kind == "errors" for one in felt)
    return ImpactKind.BOTH if slow and failing else ImpactKind.ERRORS if failing else ImpactKind.LATENCY


def _table(shown: list[Change]) -> Table:
    return Table(
        "Metrics outside their baseline",
        ("metric", "good", "bad", "low", "high"),
        tuple((one.name, one.usual, one.now, one.low, one.high) for one in shown[:METRICS_SHOWN]),
        shown[0].level.series.provenance,
    )
