"""Estimates: a number with the interval that chance leaves it, from what was counted stretch by stretch.

Events come in bursts, so intervals of counts are widened by their dispersion over equal stretches of time
(quasi-likelihood: Wedderburn, Biometrika 61, 1974); what is left narrower than that would be a verdict on
noise. Differences and ratios join the intervals of their parts (method of variance estimates recovery:
Zou and Donner, Statistics in Medicine 27, 2008).
"""

from dataclasses import dataclass
from math import exp, inf, log, nan, sqrt

import numpy as np

from lastgood.algorithms.counts import poisson_interval, wilson
from lastgood.algorithms.quantiles import Floats, quantile_interval, quantile_of
from lastgood.algorithms.special import stdtrit

ESTIMATE_LEVEL = 0.99  # many predictions are checked in one incident
SHARE_REQUESTS = 20  # requests, below which no share is reported
BEYOND = 5  # requests that must lie beyond a quantile
STRETCHES = 5  # of time with a value, below which a metric has no level
TINY_NUMBER = 1e-70  # beyond it, and its inverse, logarithms cannot be undone


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number, the ends of its interval, how much it rests on, and what would be enough to say anything."""

    value: float
    low: float
    high: float
    rests_on: int
    enough: int = 0

    @property
    def too_few(self) -> bool:
        """Whether nothing can be said."""
        return self.rests_on < self.enough


def share_estimate(hits: Floats, of: Floats) -> Estimate:
    """A share, from the hits and the whole of each stretch of time."""
    n = float(of.sum())
    if n <= 0:
        return Estimate(nan, 0.0, 1.0, 0, SHARE_REQUESTS)
    share, some = float(hits.sum()) / n, of > 0
    dispersion = 1.0
    if 0 < share < 1 and some.sum() > 1:
        expected = of[some] * share
        squares = (hits[some] - expected) ** 2 / (expected * (1 - share))
        dispersion = max(1.0, float(squares.sum()) / (int(some.sum()) - 1))
    low, high = wilson(share * n / dispersion, n / dispersion, ESTIMATE_LEVEL)
    return Estimate(share, low, high, int(n), SHARE_REQUESTS)


def rate_estimate(events: Floats, seconds: float) -> Estimate:
    """Events a second, from the events of each of equal stretches of time that are `seconds` together."""
    total = float(events.sum())
    mean = float(events.mean()) if len(events) else 0.0
    dispersion = max(1.0, float(events.var(ddof=1)) / mean) if mean > 0 and len(events) > 1 else 1.0
    low, high = poisson_interval(total / dispersion, ESTIMATE_LEVEL)
    return Estimate(total / seconds, low * dispersion / seconds, high * dispersion / seconds, int(total))


def quantile_estimate(histogram: Floats, share: float, per_octave: int) -> Estimate:
    """A quantile, in the unit of the histogram's bins."""
    low, high = quantile_interval(histogram, share, ESTIMATE_LEVEL, per_octave)
    value = quantile_of(histogram, share, per_octave)
    return Estimate(value, low, high, int(histogram.sum()), round(BEYOND / min(share, 1 - share)))


def level_estimate(values: Floats) -> Estimate:
    """A level, from the mean of each stretch of time, nan where there was none."""
    reported = values[np.isfinite(values)]
    if len(reported) < 2:
        return Estimate(float(reported.mean()) if len(reported) else nan, -inf, inf, len(reported), STRETCHES)
    mean, reach = float(reported.mean()), float(stdtrit(len(reported) - 1, 0.5 + ESTIMATE_LEVEL / 2))
    half = reach * float(reported.std(ddof=1)) / sqrt(len(reported))
    return Estimate(mean, mean - half, mean + half, len(reported), STRETCHES)


def difference(one: Estimate, other: Estimate) -> tuple[float, float]:
    """The interval of one less the other."""
    apart = one.value - other.value
    return (
        apart - sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2),
        apart + sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2),
    )


def quotient(one: Estimate, other: Estimate) -> Estimate:
    """One over the other; what they rest on is the lesser of both."""
    lesser = min((one, other), key=lambda e: (not e.too_few, e.rests_on))
    low, high = _ratio(one, other)
    value = one.value / other.value if other.value else (inf if one.value else nan)
    return Estimate(value, low, high, lesser.rests_on, lesser.enough)


def _ratio(one: Estimate, other: Estimate) -> tuple[float, float]:
    ends = (one.low, one.value, one.high, other.low, other.value, other.high)
    if all(TINY_NUMBER < end < 1 / TINY_NUMBER for end in ends):
        a_low, a, a_high, b_low, b, b_high = map(log, ends)
        return (
            exp(a - b - sqrt((a - a_low) ** 2 + (b_high - b) ** 2)),
            exp(a - b + sqrt((a_high - a) ** 2 + (b - b_low) ** 2)),
        )
    if min(one.low, other.low) < 0:  # a ratio of what may be negative says nothing
        return -inf, inf
    # Without a logarithm the ends themselves bound it, more widely than need be.
    return one.low / other.high if other.high else inf, one.high / other.low if other.low else inf
