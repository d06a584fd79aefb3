"""Counts as counts: intervals of shares and rates, and tails of their distributions.

Sources: Wilson, "Probable inference", JASA 22 (1927); Newcombe, "Interval estimation for the difference
between independent proportions", Statistics in Medicine 17 (1998), method 10; Garwood, "Fiducial limits
for the Poisson distribution", Biometrika 28 (1936).
"""

from math import inf, log, log1p, sqrt

from lastgood.algorithms.special import bdtrc, betaln, chdtri, gammainc, ndtri, stdtr

# Levels of two intervals that must not meet, one of each window, for a share to have changed: with 80 % each end is
# passed by chance once in ten times, with 99 % once in two hundred.
CLEAR = 0.80
VERY_CLEAR = 0.99
LOWEST_LOG = -700.0  # smaller chances than e^-700 are all the same to us
TINY = 1e-290


def wilson(events: float, trials: float, level: float) -> tuple[float, float]:
    """The two-sided score interval (Wilson 1927) of a share, 0..1, at a level, 0..1; (0, 1) without trials."""
    if trials <= 0:
        return 0.0, 1.0
    z = float(ndtri(0.5 + level / 2))
    share = events / trials
    middle = share + z * z / (2 * trials)
    spread = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    low = (middle - spread) / scale if events > 0 else 0.0  # exactly, which rounding would miss
    high = (middle + spread) / scale if events < trials else 1.0
    return low, high


def share_difference(
    bad: tuple[float, float], good: tuple[float, float], level: float = 0.95
) -> tuple[float, float]:
    """The interval of (share while bad) - (share while good), each given as (events, trials)."""
    (a, n), (b, m) = bad, good
    p, q = (a / n if n > 0 else 0.0), (b / m if m > 0 else 0.0)
    p_low, p_high = wilson(a, n, level)
    q_low, q_high = wilson(b, m, level)
    low = p - q - sqrt((p - p_low) ** 2 + (q_high - q) ** 2)
    high = p - q + sqrt((p_high - p) ** 2 + (q - q_low) ** 2)
    return low, high


def poisson_interval(events: float, level: float = 0.95) -> tuple[float, float]:
    """The interval of the expected count behind an observed one."""
    tail = (1 - level) / 2
    low = float(chdtri(2 * events, 1 - tail)) / 2 if events > 0 else 0.0
    return low, float(chdtri(2 * events + 2, tail)) / 2


def rate_ratio(
    bad: tuple[float, float], good: tuple[float, float], level: float = 0.95
) -> tuple[float, float]:
    """The interval of (rate while bad) / (rate while good), each given as (events, exposure).

    Conditional on the sum the split is binomial; its Wilson interval is turned into a ratio.
    """
    (a, t), (b, u) = bad, good
    if a + b <= 0 or t <= 0 or u <= 0:
        return 0.0, inf
    low, high = wilson(a, a + b, level)
    scale = u / t
    return scale * low / (1 - low), scale * high / (1 - high) if high < 1 else inf


def log_tail_poisson(events: float, expected: float) -> float:
    """The logarithm of the chance of at least `events` where `expected` are expected."""
    if events <= 0:
        return 0.0
    return _log(float(gammainc(events, max(expected, 1e-12))))


def at_most_poisson(events: float, expected: float) -> float:
    """The chance of at most `events` where `expected` are expected."""
    return 1.0 - float(gammainc(events + 1, max(expected, TINY)))


def log_tail_binomial(events: int, trials: int, share: float) -> float:
    """The logarithm of the chance of at least `events` of `trials` at a share."""
    if events <= 0:
        return 0.0
    return _log(float(bdtrc(events - 1, trials, share)))


def log_tail_student(statistic: float, freedom: float) -> float:
    """The logarithm of the one-sided chance of a t statistic at least this large."""
    chance = float(stdtr(freedom, -statistic))
    if chance > TINY or statistic <= 0:
        return log(chance)
    # Leading term of the incomplete beta function: exact enough where the chance underflows.
    half = freedom / 2
    ratio = -log1p(statistic * statistic / freedom)
    return half * ratio - log(2 * half) - float(betaln(half, 0.5))


def _log(chance: float) -> float:
    return max(LOWEST_LOG, log(chance)) if chance > 0 else LOWEST_LOG
