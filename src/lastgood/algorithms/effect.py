"""Effects: what an action did to the share of those who are hurt, while bad against after and good against after.

Being back is a claim that has to be shown: not "no difference was found", which few requests always give, but
an interval that excludes more than a tenth of the harm being left (an equivalence test: Schuirmann, "A comparison of
the two one-sided tests procedure", J. Pharmacokinetics and Biopharmaceutics 15 (1987)).
Intervals are Newcombe's for shares and conditional ones for rates (lastgood.algorithms.counts).
"""

from dataclasses import dataclass, replace

from lastgood.algorithms.counts import rate_ratio, share_difference
from lastgood.model.action import Effect, Tally

LEVEL = 0.99
UNMOVED = 0.95  # of the interval that must exclude that it helped
LEFT = 0.1  # of the harm, that may be left when it is back
MATTERS = 0.5  # of the harm: "no effect" must exclude that so much went
SMALLEST = 0.001  # of requests, a share that never matters
FELL = 0.6  # of the expected traffic; less is a loss
RETURNED = 0.8  # of the expected traffic, where its loss was the harm
NOTICED = 1.1  # times as much traffic as before
MOST = 10_000_000  # requests


@dataclass(frozen=True, slots=True)
class Judged:
    """An effect, with the interval of what is left of the harm, and about how many requests would tell more."""

    effect: Effect
    low: float
    high: float
    needed: int | None = None


def share_effect(good: Tally, before: Tally, after: Tally, level: float = LEVEL) -> Judged:
    """What happened to a share of requests that are hurt. The interval is of (share after) - (share while good).

    Where even very many requests would not tell it from the time before, since that was too short, harm of which more
    than half is there all the same is no effect; less is no data.
    """
    judged = _judged(good, before, after, level)
    if judged.effect.settled and not (judged.effect is Effect.IMPROVING and judged.low <= 0):
        return judged
    needed = _needed(good, before, after, level)
    if judged.effect is Effect.TOO_EARLY and needed is None:
        stays = judged.low >= MATTERS * (before.share - good.share)
        return replace(judged, effect=Effect.NO_EFFECT if stays else Effect.NO_DATA)
    return replace(judged, needed=needed)


def traffic_effect(good: Tally, before: Tally, after: Tally, level: float = LEVEL) -> Judged:
    """What happened to traffic whose loss was the harm. The interval is of (rate after) / (rate while good)."""
    low, high = rate_of(after, good, level)
    less, more = rate_of(after, before, level)
    if low > FELL and after.rate >= RETURNED * good.rate:
        return Judged(Effect.RECOVERED, low, high)
    if less > NOTICED:
        return Judged(Effect.IMPROVING, low, high)
    if more < 1 / NOTICED:
        return Judged(Effect.WORSE, low, high)
    was = before.rate / good.rate if good.rate else 0.0
    excluded = high < was + MATTERS * (1 - was)
    return Judged(Effect.NO_EFFECT if excluded else Effect.TOO_EARLY, low, high)


def rate_of(one: Tally, other: Tally, level: float = LEVEL) -> tuple[float, float]:
    """The interval of the rate of one over that of another."""
    return rate_ratio((one.of, one.seconds), (other.of, other.seconds), level)


def served_effect(before: Tally, after: Tally, level: float = LEVEL) -> Judged:
    """What happened to the rate of requests that are served well: for when their share alone would deceive.

    The interval is of (served after) / (served before).
    """
    served = [(tally.of - tally.events, tally.seconds) for tally in (after, before)]
    low, high = rate_ratio(served[0], served[1], level)
    effect = Effect.IMPROVING if low > NOTICED else Effect.WORSE if high < 1 / NOTICED else Effect.NO_EFFECT
    return Judged(effect, low, high)


def _judged(good: Tally, before: Tally, after: Tally, level: float) -> Judged:
    harm = max(before.share - good.share, 0.0)
    low, high = _difference(after, good, level)
    less, more = _difference(after, before, level)
    above = low > 0 and after.share >= 2 * good.share and after.share - good.share >= SMALLEST
    change = after.share - before.share
    if high <= max(LEFT * harm, SMALLEST) and not above:
        effect = Effect.RECOVERED
    elif less > 0 and change >= max(LEFT * harm, SMALLEST):
        effect = Effect.WORSE
    elif more < 0 and -change >= LEFT * harm:
        effect = Effect.IMPROVING
    elif _difference(after, before, UNMOVED)[0] >= -MATTERS * harm:
        effect = Effect.NO_EFFECT
    else:
        effect = Effect.TOO_EARLY
    return Judged(effect, low, high)


def _difference(one: Tally, other: Tally, level: float) -> tuple[float, float]:
    return share_difference((one.events, one.of), (other.events, other.of), level)


def _needed(good: Tally, before: Tally, after: Tally, level: float) -> int | None:
    """About how many requests tell, if they go on as they do; None where even very many would not."""
    share = after.share if after.of else good.share
    now = _judged(good, before, after, level).effect
    n = max(after.of, 10)
    while n < MOST:
        n = int(n * 1.2) + 1
        found = _judged(good, before, Tally(round(share * n), n, after.seconds), level).effect
        if found.settled and found is not now:
            return n
    return None
