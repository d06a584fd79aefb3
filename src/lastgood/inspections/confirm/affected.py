"""Whether it is real by metrics alone: users affected by latency and success at the entry, or a resource that is used up."""

from collections.abc import Mapping, Sequence
from math import log

import numpy as np

from lastgood.algorithms.change_point import Floats
from lastgood.algorithms.metric_meaning import Role, words
from lastgood.inspections.confirm.weights import (
    METRICS_INNER,
    METRICS_SHOWN,
    METRICS_USER_VISIBLE,
    NOTICED,
    NOTICED_TIMES,
    PILES_UP,
)
from lastgood.model.answers import Confirmation, Impact, ImpactKind
from lastgood.model.evidence import Table
from lastgood.model.figures import amount, count, counted, difference, percent
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.model.window import Comparison
from lastgood.readings.case import Case
from lastgood.readings.compared import Compared
from lastgood.readings.counters import USERS_UNKNOWN, counted_by_metrics, each_counted
from lastgood.readings.levels import Change, changes, inner_services, sides
from lastgood.telemetry.reader import Rows

# Queues of threads and of connections are a process's own.
WORKERS = frozenset(
    {"thread", "threads", "executor", "pool", "connection", "connections", "disk", "replication"}
)
# Words of metrics by which a person asks from outside whether a service answers.
PROBES = frozenset({"probe", "blackbox", "synthetic", "synthetics", "uptime", "healthcheck", "heartbeat"})
UNCOUNTED = "requests could not be counted: impact is estimated from metrics"
UNSEEN = "no metric shows user impact so far"


def by_metrics(
    case: Case, comparison: Comparison, served: str = "", *, requests: bool = False
) -> Finding | None:
    """That metrics confirm it, with the effect and its interval; None when they do not.

    Where `requests` are counted, a resource that has room left tells nothing of users. `served` says how requests are, where they are counted and as before. Probes alone then confirm nothing: what
    fails may be the prober, or its way there.
    """
    if not case.has(Signal.METRICS):
        return None
    parts, rows = counted_by_metrics(case)
    shares = {part.places[0][0]: part for part in each_counted(case)[0]}
    every = changes(case, comparison)
    moved = [one for one in every if _worse(one) and not _only_traffic(one, shares)]
    inner = inner_services(case)
    user_visible = [
        o for o in moved if o.level.meant.role is not Role.RESOURCE and o.level.series.service not in inner
    ]
    shown = user_visible or [o for o in moved if o.level.meant.role is Role.RESOURCE]
    if not shown or (requests and not user_visible and not any(one.used_up for one in shown)):
        return None
    failing = [
        part
        for part in parts
        if part.fails_more() and part.places[0] in {_counted(one) for one in user_visible}
    ]
    if failing:
        return _by_counters(failing, user_visible, rows)
    shown.sort(key=lambda one: (one.level.meant.role is not Role.SUCCESS, -abs(one.spreads), one.name))
    first = shown[0]
    others = f"; also {counted(len(shown) - 1, 'other metric')}" if len(shown) > 1 else ""
    moved_by = (
        f"{first.name} is {amount(first.now)}, {amount(first.usual)} before "
        f"(a change of {difference(first.low)} to {difference(first.high)}){others}"
    )
    if served and (instead := _otherwise(shown)):
        because = f"{moved_by}; but {served}: {instead}"
        return Finding(Verdict.UNKNOWN, because, evidence=(_table(shown),), limits=(UNCOUNTED,))
    well = "" if user_visible else _unfelt(shown, every, tuple(shares.values()), inner)
    return Finding(
        Verdict.NO if well else Verdict.YES,
        f"{moved_by}; but {well}" if well else moved_by,
        confidence=METRICS_USER_VISIBLE if user_visible else METRICS_INNER,
        answer=_answer(first, user_visible),
        evidence=(_table(shown),),
        limits=(UNCOUNTED,) if user_visible else (UNCOUNTED, UNSEEN),
    )


def _unfelt(
    shown: Sequence[Change], every: Sequence[Change], parts: Sequence[Compared], inner: frozenset[str]
) -> str:
    """What users feel of it, where both failures and latency are measured and resources have left; else empty."""
    if any(one.used_up for one in shown) or any(part.fails_more() for part in parts):
        return ""
    at_entry = [one.level for one in every if one.level.series.service not in inner]
    slow = [level.metric for level in at_entry if level.meant.role is Role.LATENCY]
    failing = [level.metric for level in at_entry if level.meant.role in {Role.FAILURES, Role.SUCCESS}]
    if part := max(parts, key=lambda one: one.bad.requests, default=None):
        share = f"{percent(part.bad.share)} of {count(round(part.bad.requests))} requests fail ({percent(part.good.share)} before)"
    else:
        share = f"{failing[0]} is as before" if failing else ""
    return f"{share}, and {slow[0]} is as before" if share and slow else ""


def _otherwise(shown: Sequence[Change]) -> str:
    """What metrics may show instead, where requests are as before; empty where nothing else would do."""
    if all(PROBES & set(words(one.level.metric)) for one in shown):
        return "the prober or its way there may be at fault, a probe from elsewhere would show it"
    if all(one.level.meant.role is Role.LATENCY for one in shown):
        return "the metric may be recorded differently now, its code would show it"
    return ""


def _counted(change: Change) -> tuple[str, str]:
    return change.level.series.service, change.level.metric


def _only_traffic(change: Change, shares: Mapping[str, Compared]) -> bool:
    """Whether more requests fail because there are more: the share of failures among those counted is no larger."""
    part = shares.get(change.level.series.service)
    failures = change.level.meant.role is Role.FAILURES
    return failures and part is not None and part.places[0] == _counted(change) and not part.fails_more()


def _by_counters(failing: list[Compared], user_visible: list[Change], rows: Rows) -> Finding:
    """How many of the counted requests fail: of the service with most failures more than before."""
    failing = sorted(
        failing, key=lambda part: part.bad.failed - part.good.share * part.bad.requests, reverse=True
    )
    worst = failing[0]
    (named, metric), *_ = worst.places
    service = named or "an unnamed service"
    others = f"; {counted(len(failing) - 1, 'other service')} too" if len(failing) > 1 else ""
    low, high = worst.errors()
    impact = Impact(
        round(worst.bad.requests),
        round(worst.bad.failed),
        worst.bad.share,
        worst.good.share,
        None,
        _kind(user_visible),
        service,
    )
    table = Table(
        "Requests that metrics count by how they ended",
        ("service", "metric", "requests", "failed", "requests before", "failed before"),
        tuple(
            (*part.places[0], round(part.bad.requests), round(part.bad.failed), round(part.good.requests),
             round(part.good.failed))
            for part in failing[:METRICS_SHOWN]
        ),
        rows.provenance,
    )  # fmt: skip
    return Finding(
        Verdict.YES,
        f"{percent(worst.bad.share)} of {count(round(worst.bad.requests))} requests to {service} fail, "
        f"{percent(worst.good.share)} of {count(round(worst.good.requests))} before, by {metric}{others}",
        confidence=METRICS_USER_VISIBLE,
        answer=Confirmation(impact, low, high),
        evidence=(table,),
        limits=(USERS_UNKNOWN,),
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


def by_backlog(case: Case, comparison: Comparison) -> Finding | None:
    """That messages wait and go on piling up, where requests are well: who consumes them falls behind or stands still."""
    if not case.has(Signal.METRICS):
        return None
    queues = [one for one in changes(case, comparison) if _of_messages(one.level.metric) and one.up]
    piling = [one for one in queues if _still_rises(sides(one.level, comparison)[1], one.level.meant.floor)]
    if not piling:
        return None
    first = max(piling, key=lambda one: (one.spreads, one.name))
    return Finding(
        Verdict.YES,
        f"{first.name} is {amount(first.now)}, {amount(first.usual)} before, and still rises; requests are not blocked by it",
        confidence=METRICS_INNER,
        answer=Confirmation(Impact(None, None, None, None, None, ImpactKind.LATENCY), first.low, first.high),
        evidence=(_table(piling),),
        limits=("requests are normal: impact is estimated from the messages that wait",),
    )


def _of_messages(metric: str) -> bool:
    said = set(words(metric))
    return bool(said & {"lag", "queue", "backlog", "pending"}) and not said & WORKERS


def _still_rises(values: Floats, floor: float) -> bool:
    """Whether the second half of some values lies above the first."""
    half = len(values) // 2
    return half > 0 and float(np.median(values[half:])) >= PILES_UP * float(np.median(values[:half])) + floor


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


def _answer(first: Change, user_visible: list[Change]) -> Confirmation:
    """The interval is of the failure share, or of the log of the latency ratio, or of the resource in its unit."""
    meant = first.level.meant
    if meant.role is Role.SUCCESS:
        share, past = (1 - min(value * meant.scale, 1.0) for value in (first.now, first.usual))
        impact = Impact(None, None, share, past, None, _kind(user_visible))
        return Confirmation(impact, -first.high * meant.scale, -first.low * meant.scale)
    low, high = first.low, first.high
    if meant.role in {Role.LATENCY, Role.FAILURES} and first.usual > 0:
        low, high = (log(max(first.usual + change, 1e-9) / first.usual) for change in (low, high))
    return Confirmation(Impact(None, None, None, None, None, _kind(user_visible)), low, high)


def _kind(user_visible: list[Change]) -> ImpactKind | None:
    if not user_visible:
        return None
    slow = any(one.level.meant.kind == "latency" for one in user_visible)
    failing = any(one.level.meant.kind == "errors" for one in user_visible)
    return ImpactKind.BOTH if slow and failing else ImpactKind.ERRORS if failing else ImpactKind.LATENCY


def _table(shown: list[Change]) -> Table:
    return Table(
        "Metrics outside their baseline",
        ("metric", "good", "bad", "low", "high"),
        tuple((one.name, one.usual, one.now, one.low, one.high) for one in shown[:METRICS_SHOWN]),
        shown[0].level.series.provenance,
    )
