"""Effects: what an action did to the share of those who are affected, while bad against after and good against after.

Being back is a claim that has to be shown: not "no difference was found", which few requests always give, but
an interval that excludes more than a tenth of the harm being left (an equivalence test: Schuirmann, "A comparison of
the two one-sided tests procedure", J. Pharmacokinetics and Biopharmaceutics 15 (1987)).
Intervals are Newcombe's for shares and conditional ones for rates (lastgood.algorithms.counts). Shares waver from minute to
minute by more than chance; the intervals of counts that ignore it are too narrow, so counts are thinned to what as many
independent requests would tell (the effective sample size of a beta-binomial: Kish, "Survey Sampling", 1965, 8.2).
"""

from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

import numpy as np

from lastgood.algorithms.counts import rate_ratio, share_difference
from lastgood.model.action import Effect, Tally

Floats = np.ndarray[Any, np.dtype[np.float64]]

EFFECT_LEVEL = 0.99
UNMOVED = 0.95  # of the interval that must exclude that it helped
EFFECT_LEFT = 0.1  # of the harm, that may be left when it is back
MATTERS = 0.5  # of the harm: "no effect" must exclude that so much went
EFFECT_SMALLEST = 0.001  # of requests, a share that never matters
FELL = 0.6  # of the expected traffic; less is a loss
RETURNED = 0.8  # of the expected traffic, where its loss was the harm
STRETCH = 60.0  # seconds: shares waver from one to the next
FEWEST_STRETCHES, FEWEST_EVENTS = 5, 10  # to say by how much
TRAFFIC_MOVED = 1.1  # times as much traffic as before
EFFECT_MOST = 10_000_000  # requests


@dataclass(frozen=True, slots=True)
class Judged:
    """An effect, with the interval of what is left of the harm, and about how many requests would tell more."""

    effect: Effect
    low: float
    high: float
    needed: int | None = None


def wavering(*windows: tuple[Floats, Floats]) -> float:
    """By what part of itself a share wavers from stretch to stretch, beyond chance; 0 where there is too little to say.

    Each window is its events and how many there were, stretch by stretch, with a share of its own. The moment estimator
    of the variance between groups (DerSimonian and Laird, 1986), relative to the share, raised for few stretches.
    """
    excess = weight = 0.0
    stretches = 0
    for events, of in windows:
        hit, all_of = events[of > 0], of[of > 0]
        if len(all_of) < 2 or hit.sum() < FEWEST_EVENTS:
            continue
        total = float(all_of.sum())
        share = float(hit.sum()) / total
        spread = float((all_of * (hit / all_of - share) ** 2).sum())
        excess += spread - (len(all_of) - 1) * share * (1 - share)
        weight += share**2 * (total - float((all_of**2).sum()) / total)
        stretches += len(all_of)
    if stretches < FEWEST_STRETCHES or weight <= 0:
        return 0.0
    return sqrt(max(excess, 0.0) / weight * (1 + FEWEST_STRETCHES / stretches))


def share_effect(
    good: Tally, before: Tally, after: Tally, level: float = EFFECT_LEVEL, *, waver: float = 0.0
) -> Judged:
    """What happened to a share of requests that are affected. The interval is of (share after) - (share while good).

    `waver` is by what part of itself it wavers from minute to minute. Where even very many requests would not tell it from
    the time before, since that was too short, harm of which more than half is there all the same is no effect; less is no data.
    """
    good, before = _thinned(good, waver), _thinned(before, waver)
    whole, after = after, _thinned(after, waver)
    judged = _judged(good, before, after, level)
    if judged.effect.settled and not (judged.effect is Effect.IMPROVING and judged.low <= 0):
        return judged
    needed = _needed(good, before, whole, level, waver)
    if judged.effect is Effect.TOO_EARLY and needed is None:
        stays = judged.low >= MATTERS * (before.share - good.share)
        return replace(judged, effect=Effect.NO_EFFECT if stays else Effect.NO_DATA)
    return replace(judged, needed=needed)


def traffic_effect(good: Tally, before: Tally, after: Tally, level: float = EFFECT_LEVEL) -> Judged:
    """What happened to traffic whose loss was the harm. The interval is of (rate after) / (rate while good)."""
    low, high = rate_of(after, good, level)
    less, more = rate_of(after, before, level)
    if low > FELL and after.rate >= RETURNED * good.rate:
        return Judged(Effect.RECOVERED, low, high)
    if less > TRAFFIC_MOVED:
        return Judged(Effect.IMPROVING, low, high)
    if more < 1 / TRAFFIC_MOVED:
        return Judged(Effect.WORSE, low, high)
    was = before.rate / good.rate if good.rate else 0.0
    excluded = high < was + MATTERS * (1 - was)
    return Judged(Effect.NO_EFFECT if excluded else Effect.TOO_EARLY, low, high)


def rate_of(one: Tally, other: Tally, level: float = EFFECT_LEVEL) -> tuple[float, float]:
    """The interval of the rate of one over that of another."""
    return rate_ratio((one.of, one.seconds), (other.of, other.seconds), level)


def served_effect(before: Tally, after: Tally, level: float = EFFECT_LEVEL) -> Judged:
    """What happened to the rate of requests that are served well: for when their share alone would deceive.

    The interval is of (served after) / (served before).
    """
    served = [(tally.of - tally.events, tally.seconds) for tally in (after, before)]
    low, high = rate_ratio(served[0], served[1], level)
    effect = (
        Effect.IMPROVING
        if low > TRAFFIC_MOVED
        else Effect.WORSE
        if high < 1 / TRAFFIC_MOVED
        else Effect.NO_EFFECT
    )
    return Judged(effect, low, high)


def _thinned(one: Tally, waver: float) -> Tally:
    """As many independent events as tell no more than these."""
    a_stretch = one.of / max(one.seconds / STRETCH, 1.0)
    times = 1 + max(a_stretch - 1, 0.0) * waver**2 * one.share / max(1 - one.share, 0.01)
    return replace(one, events=one.events / times, of=one.of / times)


def _judged(good: Tally, before: Tally, after: Tally, level: float) -> Judged:
    harm = max(before.share - good.share, 0.0)
    low, high = _difference(after, good, level)
    less, more = _difference(after, before, level)
    above = low > 0 and after.share >= 2 * good.share and after.share - good.share >= EFFECT_SMALLEST
    change = after.share - before.share
    if high <= max(EFFECT_LEFT * harm, EFFECT_SMALLEST) and not above:
        effect = Effect.RECOVERED
    elif less > 0 and change >= max(EFFECT_LEFT * harm, EFFECT_SMALLEST):
        effect = Effect.WORSE
    elif more < 0 and -change >= EFFECT_LEFT * harm:
        effect = Effect.IMPROVING
    elif _difference(after, before, UNMOVED)[0] >= -MATTERS * harm:
        effect = Effect.NO_EFFECT
    else:
        effect = Effect.TOO_EARLY
    return Judged(effect, low, high)


def _difference(one: Tally, other: Tally, level: float) -> tuple[float, float]:
    return share_difference((one.events, one.of), (other.events, other.of), level)


def _needed(good: Tally, before: Tally, after: Tally, level: float, waver: float) -> int | None:
    """About how many requests tell, if they go on as they do; None where even very many would not."""
    share = after.share if after.of else good.share
    rate = after.rate or good.rate
    now = _judged(good, before, _thinned(after, waver), level).effect
    n = max(int(after.of), 10)
    while n < EFFECT_MOST:
        n = int(n * 1.2) + 1
        more = Tally(round(share * n), n, n / rate if rate else after.seconds)
        found = _judged(good, before, _thinned(more, waver), level).effect
        if found.settled and found is not now:
            return n
    return None
