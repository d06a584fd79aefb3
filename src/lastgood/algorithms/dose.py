"""Dose and response: does the effect grow with how much of the cause there is?

Spearman's rank correlation, with Fisher's interval and the variance of Bonett and Wright, "Sample size
requirements for estimating Pearson, Kendall and Spearman correlations", Psychometrika 65 (2000).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, sqrt, tanh

import numpy as np

from lastgood.algorithms.special import ndtri

DOSE_LEVEL = 0.99
DOSE_PAIRS = 8  # pairs


@dataclass(frozen=True, slots=True)
class Correlation:
    """How much one grows with the other, -1..1, with its interval."""

    value: float
    low: float
    high: float
    pairs: int


def rank_correlation(doses: Sequence[float], effects: Sequence[float]) -> Correlation | None:
    """The correlation of ranks; None with fewer than DOSE_PAIRS pairs, or where one of the two never varies."""
    n = len(doses)
    if n < DOSE_PAIRS or len(set(doses)) < 2 or len(set(effects)) < 2:
        return None
    one, other = _ranks(doses), _ranks(effects)
    value = float(np.corrcoef(one, other)[0, 1])
    middle = atanh(max(-0.999999, min(0.999999, value)))
    half = float(ndtri(0.5 + DOSE_LEVEL / 2)) * sqrt((1 + value * value / 2) / (n - 3))
    return Correlation(value, tanh(middle - half), tanh(middle + half), n)


def _ranks(values: Sequence[float]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Ranks, equal values sharing the mean of theirs."""
    _, place, ties = np.unique(np.array(values, dtype=np.float64), return_inverse=True, return_counts=True)
    return (np.cumsum(ties) - (ties - 1) / 2)[place]
