"""Whether a canary passes: several always-valid comparisons, whose chances of a false alarm are shared out.

A false alarm of any of them, at any look, has a chance of at most `FALSE_FAIL`: each has its part (Bonferroni, with weights). A pass needs
evidence of its own: that failures and slow requests of all, failures of each larger segment, and metrics that were named, are not more by a margin;
a canary that is worse by the margin passes with a chance of at most `FALSE_PASS`. Without data there is no evidence, hence no pass.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np

from lastgood.algorithms.always_valid import (
    Counts,
    Floats,
    mostly,
    not_worse,
    only_here,
    requests_needed,
    worse,
)
from lastgood.model.canary import Check, Measure, Outcome

FALSE_FAIL = 0.01
FALSE_PASS = 0.05
SLOW_MARGIN = 0.05  # of requests above the baseline's p95
SEGMENT_MARGINS = 5.0  # times the margin, for a segment
LARGE = 0.05  # of the canary's requests: a segment that has to pass by itself
# How the chance of a false alarm is shared out: all requests, then the part that segments divide.
_PARTS = {
    (Measure.FAILURES, True): 0.35, (Measure.FAILURES, False): 0.2, (Measure.SLOW, True): 0.15,
    (Measure.SLOW, False): 0.1, (Measure.LOGS, False): 0.1, (Measure.RESOURCES, False): 0.1,
}  # fmt: skip

Compared = Mapping[tuple[Measure, str], Counts]  # by measure and segment; "" is all requests


@dataclass(frozen=True, slots=True)
class Seen:
    """A log pattern: in how many blocks of each side it was."""

    pattern: str
    canary: int
    baseline: int


@dataclass(frozen=True, slots=True)
class Gauge:
    """A metric of both sides: in which steps the canary was above, and when each step ended (seconds from the start).

    Under the null a step is above with a chance of at most a half, whatever came before: no step need be independent.
    """

    name: str
    unit: str
    above: tuple[bool, ...]
    ends: tuple[float, ...]
    canary: float  # means over the steps
    baseline: float
    asked: bool = False  # it was named, so a pass needs its evidence


@dataclass(frozen=True, slots=True)
class Decided:
    """The outcome, with its working."""

    outcome: Outcome
    checks: tuple[Check, ...]
    needed_seconds: float | None = None
    needed_requests: int | None = None


def decide(
    compared: Compared, patterns: Sequence[Seen], step: float, margin: float, gauges: Sequence[Gauge] = ()
) -> Decided:
    """The outcome of all comparisons together; `step` is the length of a block in seconds."""
    whole = compared.get((Measure.FAILURES, ""))
    gate = _Gate(step, margin, float(whole.canary_all.sum()) if whole else 0.0, [*compared])
    checks = [_check(measure, where, counts, gate) for (measure, where), counts in compared.items()]
    checks += _log_checks(patterns, whole)
    checks += _gauge_checks(gauges)
    # What is shown to be worse does not pass, though it may be worse by less than the margin.
    checks = [replace(one, passed=False) if one.failed_after is not None else one for one in checks]
    if any(check.failed_after is not None for check in checks):
        return Decided(Outcome.FAIL, tuple(checks))
    must = [check for check in checks if check.passed is not None]
    if must and all(check.passed for check in must):
        return Decided(Outcome.PASS, tuple(checks))
    return Decided(Outcome.INCONCLUSIVE, tuple(checks), *_needed(whole, step, margin))


@dataclass(frozen=True, slots=True)
class _Gate:
    """What all checks share."""

    step: float
    margin: float
    size: float  # requests of the canary
    compared: Sequence[tuple[Measure, str]]

    def level(self, measure: Measure, where: str) -> float:
        """The chance of a false alarm of one check."""
        segments = sum(one is measure and bool(segment) for one, segment in self.compared)
        return FALSE_FAIL * _PARTS[measure, not where] / (segments if where else 1)

    def passed(self, measure: Measure, where: str, counts: Counts) -> bool | None:
        """Whether it is shown not to be worse; None where that is not asked of it."""
        if where and (measure is not Measure.FAILURES or counts.canary_all.sum() < LARGE * self.size):
            return None
        allowed = SLOW_MARGIN if measure is Measure.SLOW else self.margin * (SEGMENT_MARGINS if where else 1)
        return _largest(not_worse(counts, min(allowed, 0.5))) >= log(1 / FALSE_PASS)


def _check(measure: Measure, where: str, counts: Counts, gate: _Gate) -> Check:
    evidence, threshold = worse(counts), log(1 / gate.level(measure, where))
    crossed = np.flatnonzero(evidence >= threshold)
    canary, baseline = counts.shares
    return Check(
        measure, where, int(counts.canary_bad.sum()), int(counts.canary_all.sum()), int(counts.baseline_bad.sum()),
        int(counts.baseline_all.sum()), canary, baseline, _largest(evidence), threshold,
        float(crossed[0] + 1) * gate.step if len(crossed) else None, gate.passed(measure, where, counts),
    )  # fmt: skip


def _log_checks(patterns: Sequence[Seen], whole: Counts | None) -> list[Check]:
    if whole is None or not patterns:
        return []
    canary, baseline = float(whole.canary_all.sum()), float(whole.baseline_all.sum())
    share = canary / (canary + baseline) if canary + baseline else 0.0
    threshold = log(len(patterns) / (FALSE_FAIL * _PARTS[Measure.LOGS, False]))
    return [
        Check(
            Measure.LOGS, one.pattern, one.canary, int(canary), one.baseline, int(baseline), 0.0, 0.0, evidence, threshold,
            0.0 if evidence >= threshold else None,
        )
        for one in patterns
        if not one.baseline
        for evidence in [only_here(one.canary, one.baseline, share)]
    ]  # fmt: skip


def _gauge_checks(gauges: Sequence[Gauge]) -> list[Check]:
    """A sign test of each metric, of which half the steps may be above; all that are compared share a chance of a false alarm."""
    if not gauges:
        return []
    threshold = log(len(gauges) / (FALSE_FAIL * _PARTS[Measure.RESOURCES, False]))
    found = []
    for one in gauges:
        above = np.array(one.above, bool)
        worse_by, better_by = mostly(above), mostly(~above)
        crossed = np.flatnonzero(worse_by >= threshold)
        failed_after = one.ends[crossed[0]] if len(crossed) else None
        passed = _largest(better_by) >= log(1 / FALSE_PASS) if one.asked else None
        counts = int(above.sum()), len(above), 0, len(above)
        evidence = _largest(worse_by), threshold
        found.append(
            Check(
                Measure.RESOURCES,
                one.name,
                *counts,
                one.canary,
                one.baseline,
                *evidence,
                failed_after,
                passed,
                one.unit,
            )
        )
    return found


def _needed(whole: Counts | None, step: float, margin: float) -> tuple[float | None, int | None]:
    """How long until failures can pass at this rate, and at how many canary requests: of operations that both serve."""
    if whole is None:
        return None, None
    by_canary, by_baseline = whole.canary_all.sum(axis=0), whole.baseline_all.sum(axis=0)
    both = (by_canary > 0) & (by_baseline > 0)
    if by_canary.any() and by_baseline.any():
        if not both.any():
            return None, None
        by_canary, by_baseline = by_canary[both], by_baseline[both]
    canary, baseline = float(by_canary.sum()), float(by_baseline.sum())
    bad, of = (
        float(whole.baseline_bad.sum() + whole.before_bad.sum()),
        baseline + float(whole.before_all.sum()),
    )
    share = (bad + 0.5) / (of + 20)
    ratio = baseline / canary if canary and baseline else 1.0
    requests = requests_needed(share, margin, FALSE_PASS, ratio)
    seconds = len(whole.canary_all) * step
    rate = canary / seconds if seconds else 0.0
    return (max(step, (requests - canary) / rate) if rate and baseline else None), int(requests) + 1


def _largest(evidence: Floats) -> float:
    return float(evidence.max()) if len(evidence) else 0.0
