"""Two shares compared while the counts come in: evidence that may be looked at after every block, as often as one likes.

Evidence is an e-process: under the null hypothesis its expected value is never above 1, whenever one stops, so it exceeds
1/level with a chance of at most `level` (Ville's inequality). Of a block with `na` requests of one side and `nb` of the other it is the
likelihood ratio of an alternative against its projection onto the null: Turner, Ly and Grünwald, "Generic E-variables for
exact sequential k-sample tests that allow for optional stopping", J. Stat. Plan. Inference 230 (2024); for nulls with a margin, and strata whose evidence is multiplied,
Turner and Grünwald, "Exact anytime-valid confidence intervals for contingency tables and beyond", Stat. Prob. Letters 198 (2023).
Alternatives are estimated from earlier blocks only, and several are averaged (the method of mixtures: Robbins, Ann. Math. Stat. 41, 1970;
as the mSPRT of Johari, Koomen, Pekelis and Walsh, "Always valid inference", Operations Research 70, 2022).

Exact for counts of any size: zero events, few requests and uneven sides need no approximation. A block without requests of one side says
nothing. The one assumption: within a block and stratum, requests fail independently.
"""

from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np

from lastgood.algorithms.special import logsumexp, xlogy

Floats = np.ndarray[Any, np.dtype[np.float64]]

LIFTS = (
    0.003,
    0.01,
    0.02,
    0.05,
    0.1,
    0.3,
    0.9,
)  # more failures, as a difference of shares, that are looked for
_POOLED = 20.0  # requests of all strata that a stratum's share is drawn to
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(64)
_FLOOR = 1e-5  # a share is never taken for impossible


@dataclass(frozen=True, slots=True)
class Counts:
    """Events and requests of baseline and canary, of shape (blocks, strata); and the baseline's before, of shape (strata,)."""

    baseline_bad: Floats
    baseline_all: Floats
    canary_bad: Floats
    canary_all: Floats
    before_bad: Floats
    before_all: Floats

    @property
    def shares(self) -> tuple[float, float]:
        """Of the canary, and of the baseline with the canary's mix of strata; 0 where there is nothing."""
        weights, canary = self.canary_all.sum(axis=0), self.canary_all.sum()
        base_all = self.baseline_all.sum(axis=0)
        both = (base_all > 0) & (weights > 0)
        if not both.any():
            return (float(self.canary_bad.sum() / canary) if canary else 0.0), 0.0
        shares = self.baseline_bad.sum(axis=0)[both] / base_all[both]
        return float(self.canary_bad.sum() / canary), float(np.average(shares, weights=weights[both]))


def worse(counts: Counts, lifts: tuple[float, ...] = LIFTS) -> Floats:
    """After each block, the log of the evidence against "the canary fails no more than the baseline"."""
    usual = _usual(counts)
    grown = [np.cumsum(_ratio(counts, usual, np.minimum(usual + lift, 1 - _FLOOR), 0.0)) for lift in lifts]
    mixed: Floats = logsumexp(np.array(grown), axis=0) - log(len(lifts))
    return mixed


def not_worse(counts: Counts, margin: float) -> Floats:
    """After each block, the log of the evidence against "the canary fails by `margin` more, or still more"."""
    usual = np.minimum(_usual(counts), 1 - margin - 2 * _FLOOR)
    gained: Floats = np.cumsum(_ratio(counts, usual, usual, margin))
    return gained


def requests_needed(share: float, margin: float, level: float, baseline_per_canary: float = 1.0) -> float:
    """About how many canary requests it takes to show that it is not worse by a margin, if it is equal."""
    usual = np.array([min(max(share, _FLOOR), 1 - margin - 2 * _FLOOR)])
    sides = np.array([max(baseline_per_canary, 1e-6)]), np.array([1.0])
    null = _projected(usual, usual, *sides, margin)
    gain = sides[0] * _divergence(usual, null) + _divergence(usual, null + margin)
    return float(log(1 / level) / gain[0])


def only_here(canary: int, baseline: int, share: float) -> float:
    """Log of the evidence that something belongs to the canary, by how often it was seen on both sides.

    Under the null each time is the canary's with chance `share`, its part of the requests. The alternative is any larger chance
    (a uniform mixture between `share` and 1, by quadrature).
    """
    if not canary or not 0 < share < 1:
        return 0.0
    return float(_larger(np.array([float(canary)]), np.array([float(baseline)]), share)[0])


def mostly(hits: "np.ndarray[Any, np.dtype[np.bool_]]") -> Floats:
    """After each step, the log of the evidence against "each is a hit with a chance of at most a half, whatever came before"."""
    seen = np.cumsum(hits, dtype=np.float64)
    return _larger(seen, np.arange(1.0, len(hits) + 1) - seen, 0.5)


def _larger(hits: Floats, others: Floats, share: float) -> Floats:
    """Of the likelihood ratio of a uniform mixture of chances above `share` against `share` itself."""
    chances = share + (1 - share) * (_POINTS + 1) / 2
    logs = xlogy(hits, chances[:, None]) + xlogy(others, 1 - chances[:, None])
    mixed: Floats = logsumexp(logs, axis=0, b=_WEIGHTS[:, None] / 2)
    found: Floats = mixed - xlogy(hits, share) - xlogy(others, 1 - share)
    return found


def _usual(counts: Counts) -> Floats:
    """The baseline's share by stratum, before each block: from earlier blocks only."""

    def earlier(values: Floats, before: Floats) -> Floats:
        start = np.concatenate([before[None, :], before[None, :] + np.cumsum(values, axis=0)[:-1]])
        return np.asarray(start, float)

    bad, all_ = (
        earlier(counts.baseline_bad, counts.before_bad),
        earlier(counts.baseline_all, counts.before_all),
    )
    pooled = (bad.sum(axis=1, keepdims=True) + 0.5) / (all_.sum(axis=1, keepdims=True) + 20)
    shares = (bad + _POOLED * pooled) / (all_ + _POOLED)
    return np.asarray(np.clip(shares, _FLOOR, 1 - _FLOOR), float)


def _ratio(counts: Counts, baseline: Floats, canary: Floats, margin: float) -> Floats:
    """The log likelihood ratio of each block against the nearest of the null, strata added up."""
    na, nb = counts.baseline_all, counts.canary_all
    null = _projected(baseline, canary, na, nb, margin)
    a = _likelihood(counts.baseline_bad, na, baseline) - _likelihood(counts.baseline_bad, na, null)
    b = _likelihood(counts.canary_bad, nb, canary) - _likelihood(counts.canary_bad, nb, null + margin)
    summed: Floats = np.where((na > 0) & (nb > 0), a + b, 0.0).sum(axis=1)
    return summed


def _likelihood(bad: Floats, of: Floats, share: Floats) -> Floats:
    found: Floats = xlogy(bad, share) + xlogy(of - bad, 1 - share)
    return found


def _divergence(share: Floats, other: Floats) -> Floats:
    """Kullback and Leibler's, of two chances."""
    found: Floats = xlogy(share, share / other) + xlogy(1 - share, (1 - share) / (1 - other))
    return found


def _projected(baseline: Floats, canary: Floats, na: Floats, nb: Floats, margin: float) -> Floats:
    """The baseline's share at the point of the null's edge (canary = baseline + margin) that is nearest to the alternative."""
    if not margin:
        mean: Floats = (na * baseline + nb * canary) / np.maximum(na + nb, 1e-9)
        return np.where(na + nb > 0, mean, baseline)
    low, high = (
        np.full(np.broadcast(baseline, na).shape, 1e-9),
        np.full(np.broadcast(baseline, na).shape, 1 - margin - 1e-9),
    )
    for _ in range(50):  # the slope of the divergence rises with the share: halve
        middle = (low + high) / 2
        slope = na * (middle - baseline) / (middle * (1 - middle)) + nb * (middle + margin - canary) / (
            (middle + margin) * (1 - middle - margin)
        )
        low, high = np.where(slope < 0, middle, low), np.where(slope < 0, high, middle)
    found: Floats = (low + high) / 2
    return found
