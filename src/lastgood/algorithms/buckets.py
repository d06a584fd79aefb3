"""Buckets of time: counts added up until neighbours tell nothing about each other.

A rank test takes its values for independent; counts of neighbouring minutes are not, when lines come in
bursts. Longer buckets are more so, and fewer.
"""

from typing import Any

import numpy as np

Counts = np.ndarray[Any, Any]


def lag_one(counts: Counts) -> float:
    """The autocorrelation of neighbours, -1..1; 0 when there is nothing to correlate."""
    centred = counts - counts.mean() if len(counts) else counts
    spread = float((centred**2).sum())
    return float((centred[1:] * centred[:-1]).sum()) / spread if spread > 0 else 0.0


def coarsened(counts: Counts, factor: int) -> Counts:
    """Sums of so many buckets each; a remainder at the end is left out."""
    whole = len(counts) - len(counts) % factor
    return np.asarray(counts[:whole].reshape(-1, factor).sum(axis=1))


def independent(
    reference: Counts, window: Counts, *, limit: float = 0.3, fewest: int = 8
) -> tuple[Counts, Counts, int] | None:
    """Both counts in the shortest buckets whose neighbours in the reference are independent.

    The third value says how many of the given buckets make one of those. None when the window then has
    fewer than `fewest` buckets: too few to tell.
    """
    factor = 1
    while len(window) // factor >= fewest:
        coarse = coarsened(reference, factor)
        if lag_one(coarse) < limit:
            return coarse, coarsened(window, factor), factor
        factor *= 2
    return None
