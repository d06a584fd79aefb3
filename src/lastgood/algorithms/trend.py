"""Whether values rise or fall over time: the test of Mann and Kendall, and the slope of Theil and Sen.

Neither asks anything of the distribution, and one outlier moves neither: durations of incidents are few and skewed.
Mann, Econometrica 13 (1945), with the correction for ties (Kendall, Rank Correlation Methods, 1975); Sen, Journal of the
American Statistical Association 63 (1968).
"""

from dataclasses import dataclass
from math import erfc, sqrt
from typing import Any

import numpy as np

SEN_NORMAL = 1.959964  # of a two-sided 95 %
TREND_VALUES = 10  # below, the normal approximation is none, and no trend is reported


@dataclass(frozen=True, slots=True)
class Trend:
    """The median slope, in values a unit of time, and the chance of one at least this clear were there none.

    `low` and `high` are the 95 % interval of the slope, after Sen; None where it has none.
    """

    slope: float
    chance: float
    low: float | None = None
    high: float | None = None


def trend(times: "np.typing.ArrayLike", values: "np.typing.ArrayLike") -> Trend | None:
    """The trend of values at times, in any order; None where there are fewer than ten."""
    t, v = np.asarray(times, float), np.asarray(values, float)
    if len(t) < TREND_VALUES:
        return None
    order = np.argsort(t, kind="stable")
    t, v = t[order], v[order]
    low, high = np.triu_indices(len(t), 1)
    apart = t[high] > t[low]
    rises = (v[high] - v[low])[apart]
    if not len(rises):
        return None
    slopes = np.sort(rises / (t[high] - t[low])[apart])
    slope = float(np.median(slopes))
    n = len(t)
    _, ties = np.unique(v, return_counts=True)
    tied = float((ties * (ties - 1) * (2 * ties + 5)).sum())
    variance = (n * (n - 1) * (2 * n + 5) - tied) / 18
    if variance <= 0:
        return Trend(slope, 1.0)
    distance = max(0.0, abs(float(np.sign(rises).sum())) - 1)
    return Trend(slope, erfc(distance / sqrt(2 * variance)), *_interval(slopes, variance))


def _interval(slopes: "np.ndarray[Any, np.dtype[np.float64]]", variance: float) -> tuple[float, float]:
    """The 95 % interval of the median slope, by ranks (Sen 1968, section 4)."""
    reach = SEN_NORMAL * sqrt(variance)
    first = max(0, round((len(slopes) - reach) / 2) - 1)
    last = min(len(slopes) - 1, round((len(slopes) + reach) / 2))
    return float(slopes[first]), float(slopes[last])
