"""Change points in counts: the stretch of time in which a rate departs from the rest, and where it begins.

A series is observed events and their exposure per bucket of time: failed requests of requests (a share),
or lines of seconds (a rate). Latency becomes a share as well: requests slower than a pooled quantile,
which makes the test a rank test that needs no shape of distribution (Mood, 1950).

The scan is the circular-binary-segmentation alternative, one interval against everything outside it
(Olshen, Venkatraman, Lucito and Wigler, Biostatistics 5, 2004), by likelihood ratio over all starts and a
geometric grid of lengths. Real series are noisier than coins and drift: the deviance is divided by the
dispersion of the outside, measured at the length of the claim itself (the index of dispersion over block
sizes, Cox and Lewis 1966), so a daily swing counts as noise when hours are claimed. The tail is Student's,
with the number of blocks that the dispersion rests on, and the chance is multiplied by everything tried.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from math import log, sqrt
from typing import Any

import numpy as np

from lastgood.algorithms.counts import log_tail_student
from lastgood.algorithms.special import xlogy

Floats = np.ndarray[Any, np.dtype[np.float64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]
Integers = np.ndarray[Any, np.dtype[np.int64]]

SEARCH_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400)
SHUFFLED_BLOCKS = 6  # blocks outside that an index of dispersion must at least rest on
BURST = 2  # buckets, over which events of one cause are surely reported together
OCTAVES = 4  # of length, the best of which are looked at closely
CHANCE = (
    2.5  # minus the log chance, over all intervals of one series, above which nothing is looked at closely
)
LIKELIHOOD_DROP = 1.92  # half the 95 % point of chi-square with one degree of freedom


@dataclass(frozen=True, slots=True)
class Deviation:
    """Buckets [start, stop) whose rate departs from that of all others."""

    start: int
    stop: int
    inside: float  # events per exposure
    outside: float
    events: float  # inside
    expected: float  # inside, at the outside rate
    dispersion: float  # 1: as noisy as independent events
    freedom: int
    statistic: float  # signed root of the deviance over the dispersion
    log_chance: float  # of anything as strong anywhere in this series, were it quiet


@dataclass(frozen=True, slots=True)
class Split:
    """Cell indices: the most likely first cell after a change, and the interval of it [low, high]."""

    at: int
    low: int
    high: int


def step_for(seconds: float, most: int = 360) -> int:
    """The shortest usual bucket, in seconds, that cuts a stretch into at most `most` buckets."""
    return next((step for step in SEARCH_STEPS if seconds / step <= most), SEARCH_STEPS[-1])


def deviation(
    observed: Floats, exposure: Floats, *, share: bool, rise: bool, lasting: bool = False
) -> Deviation | None:
    """The interval that departs most convincingly, None when none goes in that direction.

    `share` says that observed events are some of `exposure` trials, else they are a rate over it.
    Both arrays have one value per bucket; a bucket without exposure says nothing. `lasting`: of those only that
    reach to the end, which are few.
    """
    if lasting:
        return _lasting(observed, exposure, share=share, rise=rise)
    starts, stops = intervals(len(observed))
    deviance = _deviance(observed, exposure, (starts, stops), share=share, rise=rise)
    best: Deviation | None = None
    for pick in _best_by_length(deviance, starts, stops):
        start, stop, sharp = _polished(
            observed, exposure, (int(starts[pick]), int(stops[pick])), share=share, rise=rise
        )
        found = _judged((observed, exposure), (start, stop), sharp, share=share, tries=len(starts))
        if best is None or found.log_chance < best.log_chance:
            best = found
    return best


def _lasting(observed: Floats, exposure: Floats, *, share: bool, rise: bool) -> Deviation | None:
    """The most convincing one that reaches to the end and is there all the way."""
    buckets = len(observed)
    starts, stops = np.arange(1, buckets), np.full(buckets - 1, buckets)
    deviance = _deviance(observed, exposure, (starts, stops), share=share, rise=rise)
    deviance = np.where(all_the_way(observed, exposure, rise=rise), deviance, 0.0)
    if not len(starts) or deviance.max() <= 2 * (log(len(starts)) + CHANCE):
        return None
    start = int(starts[_last_best(deviance)])
    tries = max(1, int((exposure > 0).sum()) - 1)  # those between which nothing lies are one
    return _judged((observed, exposure), (start, buckets), float(deviance.max()), share=share, tries=tries)


def all_the_way(observed: Floats, exposure: Floats, *, rise: bool) -> Bools:
    """Of each start from 1 on: whether both halves from there to the end, and the last quarter, are nearer to its rate.

    Otherwise a trouble long over, or one that ended and another that began, would be one that goes on.
    """
    buckets = len(observed)
    starts = np.arange(1, buckets)
    stops = np.full(buckets - 1, buckets)
    events, trials = sums(observed, starts, stops), sums(exposure, starts, stops)
    with np.errstate(divide="ignore", invalid="ignore"):
        outside = (observed.sum() - events) / (exposure.sum() - trials)
        middle = np.nan_to_num((events / trials + outside) / 2)
    half, quarter = (stops - starts + 1) // 2, np.maximum(1, (stops - starts) // 4)
    there = np.ones(buckets - 1, bool)
    for low, high in ((starts, starts + half), (stops - half, stops), (stops - quarter, stops)):
        part, of = sums(observed, low, high), sums(exposure, low, high) * middle
        chance = 2 * np.sqrt(np.maximum(of, 0.0))  # few events are as many as they happen to be
        there &= part >= of - chance if rise else part <= of + chance
    return there


def promising(observed: Floats, exposure: Floats, *, share: bool, rise: bool) -> Bools:
    """Which of many series (rows of series x buckets) are worth `deviation`; it finds none in the others.

    The score statistic of every interval, which needs no logarithm: the deviance stays below it for a short rise,
    and below twice it for a fall, and for a rise over most of the time. Those to the end alone are few.
    """
    series, buckets = observed.shape
    events, trials = (
        np.concatenate((np.zeros((series, 1)), one.cumsum(axis=1)), axis=1) for one in (observed, exposure)
    )
    all_events, all_trials = events[:, -1:], trials[:, -1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = all_events / all_trials
    spread = rate * (1 - rate) if share else rate
    by_length = []
    for first, last in _slices(buckets):
        k = events[:, last] - events[:, first]
        n = trials[:, last] - trials[:, first]
        with np.errstate(divide="ignore", invalid="ignore"):
            off = (k - n * rate) if rise else (n * rate - k)
            score = np.where(off > 0, off * off / (spread * n * (1 - n / all_trials)), 0.0)
        by_length.append(np.nan_to_num(score, posinf=np.inf).max(axis=1, initial=0.0))
    best, lasting = np.max(by_length, axis=0), by_length[0]
    needed, few = (2 * (log(max(tried, 1)) + CHANCE) for tried in (len(intervals(buckets)[0]), buckets - 1))
    return np.asarray((best > needed / (1.25 if rise else 2.0)) | (lasting > few / 2.0))


def _slices(buckets: int) -> Iterator[tuple[slice, slice]]:
    """Where the running sums of all intervals start and stop, by length."""
    yield slice(1, buckets), slice(buckets, buckets + 1)
    for length in lengths():
        if length < buckets:
            yield slice(0, buckets - length), slice(length, buckets)


def _deviance(
    observed: Floats, exposure: Floats, intervals: tuple[Integers, Integers], *, share: bool, rise: bool
) -> Floats:
    """Of "the interval has its own rate" over "all have one", 0 where the rate goes the other way."""
    starts, stops = intervals
    events, trials = sums(observed, starts, stops), sums(exposure, starts, stops)
    all_events, all_trials = float(observed.sum()), float(exposure.sum())
    rest_events, rest_trials = all_events - events, all_trials - trials
    usable = (trials > 0) & (rest_trials > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        inside, outside = events / trials, rest_events / rest_trials
        usable &= (inside > outside) if rise else (inside < outside)
        deviance = 2 * (
            _likelihood(events, trials, share=share)
            + _likelihood(rest_events, rest_trials, share=share)
            - _likelihood(np.array(all_events), np.array(all_trials), share=share)
        )
    return np.asarray(np.where(usable, deviance, 0.0))


def _polished(
    observed: Floats, exposure: Floats, interval: tuple[int, int], *, share: bool, rise: bool
) -> tuple[int, int, float]:
    """The interval with its ends moved, one at a time, to where the deviance is highest, and that."""
    start, stop = interval
    best = 0.0
    for _ in range(3):
        starts = np.arange(stop)
        deviance = _deviance(observed, exposure, (starts, np.full(stop, stop)), share=share, rise=rise)
        start = _last_best(deviance)
        stops = np.arange(start + 1, len(observed) + 1)
        deviance = _deviance(observed, exposure, (np.full(len(stops), start), stops), share=share, rise=rise)
        stop = int(stops[np.argmax(deviance)])
        if deviance.max() <= best:
            break
        best = float(deviance.max())
    return start, stop, best


def _last_best(deviance: Floats) -> int:
    """The last of those that are as good as the best: buckets without exposure belong to what is before."""
    return int(np.flatnonzero(deviance >= deviance.max() * (1 - 1e-12))[-1])


def could_tell(series: Iterable[tuple[Floats, Floats]], chance: float) -> int:
    """How many of some shares could have a log chance below `chance` at all, were they as clear as can be.

    Only these are tries: with few events no outcome is unlikely enough (Tarone, Biometrics 46, 1990).
    """
    best = [_clearest(float(k.sum()), float(n.sum())) for k, n in series]
    best.sort()
    number = 1
    while number < len(best) and best[number] <= chance - log(number + 1):
        number += 1
    return number


def _clearest(events: float, trials: float) -> float:
    """The log likelihood of a share over that of all its events on one side."""
    rest = max(trials - events, 0.0)
    return float(xlogy(events, events / trials) + xlogy(rest, rest / trials)) if trials > 0 else 0.0


def split(
    observed: Floats, exposure: Floats, before: float, *, share: bool, rise: bool, noise: float = 1.0
) -> Split:
    """Where a rate leaves `before`, in cells of time in order; the rate after is fitted to the cells after.

    The interval holds every cell whose profile likelihood is within 1.92 times `noise` (the dispersion) of the best.
    """
    events = observed[::-1].cumsum()[::-1]
    trials = exposure[::-1].cumsum()[::-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        after = np.where(trials > 0, events / trials, before)
    gain = _gain(events, trials, np.asarray(after), before, share=share)
    gain[(after < before) if rise else (after > before)] = 0.0
    best = int(np.argmax(gain))
    near = np.flatnonzero(gain >= gain[best] - LIKELIHOOD_DROP * max(noise, 1.0))
    return Split(best, int(near[0]), int(near[-1]))


def slope(observed: Floats, exposure: Floats) -> float:
    """The Cochran-Armitage statistic of a trend in a share over buckets, positive when it grows."""
    trials = float(exposure.sum())
    if trials <= 0:
        return 0.0
    share = float(observed.sum()) / trials
    place = np.arange(len(observed)) - float((np.arange(len(observed)) * exposure).sum()) / trials
    spread = share * (1 - share) * float((exposure * place * place).sum())
    return float((place * observed).sum()) / sqrt(spread) if spread > 0 else 0.0


@cache
def lengths() -> tuple[int, ...]:
    """The lengths that are tried, in buckets: every short one, then a geometric grid."""
    return tuple(sorted({*range(1, 5), *(round(1.3**k) for k in range(5, 60))}))


@lru_cache(maxsize=32)
def intervals(buckets: int) -> tuple[Integers, Integers]:
    """Starts and stops of what is tried: to the end from anywhere, and a grid of lengths from anywhere."""
    starts, stops = [np.arange(1, buckets)], [np.full(buckets - 1, buckets)]
    for length in lengths():
        if length < buckets:
            first = np.arange(buckets - length)
            starts.append(first)
            stops.append(first + length)
    return np.concatenate(starts), np.concatenate(stops)


def sums(values: Floats, starts: Integers, stops: Integers) -> Floats:
    """The sum of the values of each interval."""
    running = np.concatenate(([0.0], values.cumsum()))
    return np.asarray(running[stops] - running[starts])


def _likelihood(events: Floats, trials: Floats, *, share: bool) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = events / trials
        likelihood = xlogy(events, rate)
        if share:
            likelihood = likelihood + xlogy(trials - events, 1 - rate)
    return np.asarray(np.nan_to_num(likelihood), np.float64)


def _best_by_length(deviance: Floats, starts: Integers, stops: Integers) -> list[int]:
    """Indices of the best interval of each octave of length, those few that could be no chance."""
    octave = np.log2(stops - starts).astype(int)
    best = []
    for which in np.unique(octave):
        members = np.flatnonzero(octave == which)
        best.append(int(members[np.argmax(deviance[members])]))
    best.sort(key=lambda pick: -deviance[pick])
    return [pick for pick in best[:OCTAVES] if deviance[pick] > 2 * (log(len(deviance)) + CHANCE)]


def _judged(
    series: tuple[Floats, Floats], interval: tuple[int, int], deviance: float, *, share: bool, tries: int
) -> Deviation:
    (observed, exposure), (start, stop) = series, interval
    inside = np.zeros(len(observed), bool)
    inside[start:stop] = True
    events, trials = float(observed[inside].sum()), float(exposure[inside].sum())
    rest = float(observed[~inside].sum()), float(exposure[~inside].sum())
    outside = rest[0] / rest[1]
    noise, freedom = dispersion(
        [(observed[:start], exposure[:start]), (observed[stop:], exposure[stop:])],
        longest=stop - start,
        share=share,
    )
    # Events that come in bursts do so inside too, which an outside with few of them does not show.
    within, _ = dispersion([(observed[inside], exposure[inside])], longest=BURST, share=share)
    noise = max(noise, within)
    statistic = sqrt(deviance / noise)
    return Deviation(
        start=start,
        stop=stop,
        inside=events / trials,
        outside=outside,
        events=events,
        expected=outside * trials,
        dispersion=noise,
        freedom=freedom,
        statistic=statistic if events / trials > outside else -statistic,
        log_chance=min(0.0, log_tail_student(statistic, freedom) + log(tries)),
    )


def dispersion(stretches: list[tuple[Floats, Floats]], *, longest: int, share: bool) -> tuple[float, int]:
    """How many times noisier than independent events, at the worst block size, and its freedom.

    Blocks do not reach over the end of a stretch; sizes double up to `longest` while SHUFFLED_BLOCKS remain.
    """
    events = sum(float(k.sum()) for k, _ in stretches)
    trials = sum(float(n.sum()) for _, n in stretches)
    rate = (events + 0.5) / (trials + 1)
    worst, freedom, size = 1.0, 1, 1
    while size <= max(longest, 1):
        k = np.concatenate([blocks_of(one, size) for one, _ in stretches])
        n = np.concatenate([blocks_of(one, size) for _, one in stretches])
        k, n = _evenly(k, n)
        if len(k) < (SHUFFLED_BLOCKS if size > 1 else 2):
            break
        spread = n * rate * (1 - min(rate, 0.999) if share else 1)
        found = float(((k - n * rate) ** 2 / spread).sum()) / (len(k) - 1)
        # A larger block size counts only when it is noisier beyond its own sampling error.
        if size == 1 or found > worst * (1 + 2 * sqrt(2 / (len(k) - 1))):
            worst, freedom = max(found, 1.0), len(k) - 1
        size *= 2
    return worst, freedom


def _evenly(events: Floats, trials: Floats) -> tuple[Floats, Floats]:
    """The same in order with about equal trials each: hardly any trials are no measure of the noise of many."""
    known = trials > 0
    events, trials = events[known], trials[known]
    if not len(trials):
        return events, trials
    group = ((trials.cumsum() - trials / 2) / trials.mean()).astype(int)
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    return np.add.reduceat(events, starts), np.add.reduceat(trials, starts)


def blocks_of(values: Floats, size: int) -> Floats:
    """Sums of consecutive values, the rest at the end left out."""
    whole = len(values) // size * size
    return np.asarray(values[:whole].reshape(-1, size).sum(axis=1))


def _gain(events: Floats, trials: Floats, after: Floats, before: float, *, share: bool) -> Floats:
    """The log likelihood of "changed here" over "never changed", per cell; 0 where the rate falls."""
    floor = 1e-9
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = xlogy(events, np.maximum(after, floor) / max(before, floor))
        if share:
            gain = gain + xlogy(trials - events, np.maximum(1 - after, floor) / max(1 - before, floor))
        else:
            gain = gain - trials * (after - before)
    return np.asarray(np.nan_to_num(gain))
