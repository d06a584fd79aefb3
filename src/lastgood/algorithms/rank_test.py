"""The rank test of Mann and Whitney: do counts in two stretches of time have the same level?

It asks nothing of the distribution, which counts of log lines need: they come in bursts, and a Poisson
test of them alarms hundreds of times (docs/decisions/0004-patterns.md).

Source: Mann and Whitney, Annals of Mathematical Statistics 18 (1947), with the correction for ties
(Lehmann, Nonparametrics, 1975, §1.4).
"""

from math import erfc, sqrt
from typing import Any

import numpy as np

Counts = np.ndarray[Any, Any]


def rank_test(one: Counts, other: Counts) -> float:
    """The two-sided chance of ranks at least this far apart, were both drawn alike; 1 when all are equal.

    Normal approximation with tie and continuity corrections, fit for eight values or more on each side.
    """
    n, m = len(one), len(other)
    if not n or not m:
        return 1.0
    _, place, ties = np.unique(np.concatenate((one, other)), return_inverse=True, return_counts=True)
    ranks = np.cumsum(ties) - (ties - 1) / 2
    statistic = float(ranks[place[:n]].sum()) - n * (n + 1) / 2
    total = n + m
    tied = float((ties.astype(float) ** 3 - ties).sum()) / (total * (total - 1))
    variance = n * m / 12 * (total + 1 - tied)
    if variance <= 0:
        return 1.0
    distance = max(0.0, abs(statistic - n * m / 2) - 0.5)
    return erfc(distance / sqrt(2 * variance))
