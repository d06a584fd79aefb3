"""Quantiles of histograms with logarithmic bins, and their intervals without a bootstrap.

Bin b > 0 holds values from 2^((b-1)/k) up to 2^(b/k), k to the octave; bin 0 is not used. A quantile's interval is that
of its rank: the rank of the q-quantile of n values is binomial (David and Nagaraja, Order Statistics, 3rd
ed., 7.1), and the values at its low and high rank are the ends.
"""

from math import floor, log2, sqrt
from typing import Any

import numpy as np

from lastgood.algorithms.special import ndtri

Floats = np.ndarray[Any, np.dtype[np.float64]]

BINS_PER_OCTAVE = 4


def quantile_of(histogram: Floats, share: float, per_octave: int = BINS_PER_OCTAVE) -> float:
    """The value below which a share of a histogram lies, in the unit of its bins; nan when it is empty."""
    total = float(histogram.sum())
    if total <= 0:
        return float("nan")
    running = histogram.cumsum()
    at = min(int(np.searchsorted(running, share * total)), len(histogram) - 1)
    below = float(running[at - 1]) if at else 0.0
    part = (share * total - below) / float(histogram[at]) if histogram[at] else 0.0
    return lower_edge(at + part, per_octave)


def quantile_interval(
    histogram: Floats, share: float, level: float = 0.95, per_octave: int = BINS_PER_OCTAVE
) -> tuple[float, float]:
    """The interval of a quantile; (nan, nan) when the histogram is empty."""
    total = float(histogram.sum())
    if total <= 0:
        return float("nan"), float("nan")
    spread = float(ndtri(0.5 + level / 2)) * sqrt(share * (1 - share) / total)
    low, high = max(0.0, share - spread), min(1.0, share + spread + 1 / total)
    return quantile_of(histogram, low, per_octave), quantile_of(histogram, high, per_octave)


def bin_of(value: float, per_octave: int = BINS_PER_OCTAVE) -> tuple[float, float]:
    """The ends of the bin that holds a value above 0; (0, 0) of what is not above 0."""
    if not value > 0:
        return 0.0, 0.0
    place = floor(1 + log2(value) * per_octave)
    return lower_edge(place, per_octave), lower_edge(place + 1, per_octave)


def lower_edge(place: float, per_octave: int = BINS_PER_OCTAVE) -> float:
    """The value at which a bin begins; fractions of a bin are allowed."""
    return float(2 ** ((place - 1) / per_octave))
