"""Evidence of metrics: resources that rose past their own floor, and damage that no callee accounts for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from statistics import fmean

from lastgood.algorithms.blame import Sign, Suspicion
from lastgood.algorithms.metric_meaning import Role
from lastgood.algorithms.shift import shift
from lastgood.model.evidence import Table
from lastgood.model.figures import amount, count, duration
from lastgood.model.judgement import Amount
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.damage import damaged, gaps, starved
from lastgood.readings.measured import (
    SHIFT_FLOOR,
    USED_FULL,
    Measured,
    measured,
    ran_out,
    read_metrics,
    used_share,
)
from lastgood.readings.resource_use import Use, uses
from lastgood.readings.suspicions import SPREADS, Suspicions, grown

# fmt: off
USED_IDLE = Amount(0.5, "of its limit: below it, more use hinders no one", "judgement: queues are short up to there")
USED_IDLE_WEIGHT = Amount(0.5, "of the weight of a resource that is used less than that", "judgement: a limit may not be the one that binds")
WORK_LOADED = Amount(1.5, "times the work: a processor's use is reported as traffic", "judgement: half as much again shows in every processor")
WORK_SLACK = Amount(1.3, "times what the work accounts for, that a processor's use may be", "judgement: cost per request varies")
SHARED_HOST = Amount(0.6, "of the weight of a machine's resource, for each of several services on it", "judgement: which of them uses it up is not known")
UNTIED_HOST = Amount(0.5, "of it, for a machine of which it is not known what runs there", "judgement: it may have no part in what fails")
FULL_SPREADS = Amount(0.5, "of the usual spreads are asked of a resource that is full", "judgement: it cannot rise further")
# fmt: on
# So many times as many requests explain that a processor is as much busier, give or take.
UNDRAWN = "there is no call graph: services are compared by how much worse each is"
CALLS = "SELECT caller, callee FROM lg_calls_known ORDER BY caller, callee"


def known_callees(case: Case) -> dict[str, set[str]]:
    """Who calls whom, as far as a person declared it."""
    callees: dict[str, set[str]] = defaultdict(set)
    for row in case.query(CALLS).dicts():
        callees[row["caller"]].add(row["callee"])
    return dict(callees)


def metric_suspicions(
    case: Case, callees: dict[str, set[str]], load: Mapping[str, float], *, spans: bool
) -> Suspicions:
    """What metrics say; latency, traffic and success are read only where spans do not say it better.

    `load`: how many times as many requests each service has as before, where spans tell.
    """
    if not case.has(Signal.METRICS):
        return Suspicions(limits=("no metrics",))
    points = read_metrics(case)
    read = uses(case)
    apart = set[str]().union(*(use.metrics for use in read))
    plain = measured(row for row in points.dicts() if row["metric"] not in apart)
    together = list(_of_uses(case, read))
    series = plain + [one for one, _ in together]
    if not series:
        return Suspicions(limits=("no metric with values in both windows that could be understood",))
    each = [(one, 1.0) for one in plain] + together
    judged = (_resource(one, load.get(one.service, 1.0), weight) for one, weight in each)
    found = _used([one for one in judged if one], series)
    if not spans:
        found += damaged(series, callees) + starved(series, callees) + gaps(series)
    shown = sorted(
        (s for s in series if s.meaning.role is Role.RESOURCE and s.shift.rise >= s.meaning.floor),
        key=lambda s: (-s.shift.spreads, s.service, s.metric),
    )[:10]
    table = Table(
        "Resources against their own past",
        ("service", "instance", "metric", "good", "bad", "spread"),
        tuple((s.service, s.instance, s.metric, s.shift.good, s.shift.bad, s.shift.spread) for s in shown),
        points.provenance,
    )
    guessed = () if spans or callees else (UNDRAWN,)
    return Suspicions(tuple(found), (table,), guessed)


def _of_uses(case: Case, read: Iterable[Use]) -> Iterator[tuple[Measured, float]]:
    """Resources that several metrics tell together, of each service that needs them, with how much each counts.

    Of several services on one host it is not known which one uses it up.
    """
    if case.comparison is None:
        return
    for use in read:
        good, bad = (use.inside(one).tolist() for one in (case.comparison.good, case.comparison.bad))
        meant = use.family.meaning
        moved = shift(good, bad, meant.floor * SHIFT_FLOOR)
        if moved is None:
            continue
        name = f"{use.name} on {use.instance}" if use.instance else use.name
        if (left := use.full_in(case.comparison.bad)) is not None:
            name += f" (full in {duration(left)})"
        for service in use.services:
            weight = (SHARED_HOST if len(use.services) > 1 else 1.0) * (1.0 if use.tied else UNTIED_HOST)
            yield Measured(service, use.instance, name, "", meant, moved, fmean(bad), len(good)), weight


def _used(found: list[Suspicion], series: list[Measured]) -> list[Suspicion]:
    """The same, naming an instance only where most of its peers, measured alike, are as they were."""
    measured_of: dict[tuple[str, str], set[str]] = defaultdict(set)
    risen_of: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in series:
        if one.meaning.role is Role.RESOURCE:
            measured_of[one.service, one.meaning.kind].add(one.instance)
    for suspicion in found:
        risen_of[suspicion.service, suspicion.component or ""].add(suspicion.instance or "")
    kept = []
    for suspicion in found:
        of = suspicion.service, suspicion.component or ""
        alone = len(measured_of[of]) == 1 or 2 * len(risen_of[of]) <= len(measured_of[of])
        kept.append(suspicion if alone else replace(suspicion, instance=None))
    return kept


def _resource(one: Measured, load: float = 1.0, share: float = 1.0) -> Suspicion | None:
    meant, moved = one.meaning, one.shift
    if meant.role is not Role.RESOURCE:
        return None
    used = used_share(meant, moved.bad)
    # What is at its limit cannot grow any further; below half of it, no one waits for it.
    full = used is not None and used >= USED_FULL
    gone = ran_out(meant, moved.good, moved.bad)
    if moved.rise < meant.floor and not gone:
        return None
    if moved.spreads < (SPREADS * FULL_SPREADS if full else SPREADS) or (
        moved.ratio < meant.ratio and not full
    ):
        return None
    weight = meant.weight * (USED_IDLE_WEIGHT if used is not None and used < USED_IDLE else 1.0)
    loaded = meant.kind == "cpu" and load >= WORK_LOADED and moved.ratio <= WORK_SLACK * load
    if loaded and not full:
        return None  # as busy for each request as before
    return Suspicion(
        one.service,
        "traffic" if loaded else meant.kind,
        share * weight * (1.0 if gone else grown(moved.rise, meant.floor)),
        f"{one.metric} {amount(moved.good)} → {amount(moved.bad)}, {count(moved.spreads)} times its usual spread",
        caught=meant.caught,
        sign=Sign.USED,
        component=meant.kind,
        instance=one.instance or None,
        damage=moved.rise / meant.floor,
    )
