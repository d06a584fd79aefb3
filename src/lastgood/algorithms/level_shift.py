"""Level shifts: the stretch of time in which a measured value leaves its usual level.

Values are turned into robust deviations (median and scaled median absolute deviation with a floor,
clipped so that one spike is not a level), and the interval with the largest mean deviation is found over
all starts and a grid of lengths. Its statistic is divided by the noise of the rest at the length of the
claim, so a series that wanders or spikes by habit proves little; the tail is Student's, times everything
tried. As in lastgood.algorithms.change_point, which does the same for counts.
"""

from dataclasses import replace
from math import log, sqrt

import numpy as np

from lastgood.algorithms.change_point import (
    Deviation,
    Floats,
    Integers,
    all_the_way,
    blocks_of,
    intervals,
    sums,
)
from lastgood.algorithms.counts import log_tail_student

NORMAL_SPREAD = 1.4826  # standard deviations per median absolute deviation
CLIP = 8.0
OTHER_WAY = 3.0
LEVEL_VALUES = 12  # values, of which a level can be known
LEVEL_BLOCKS = 6
CONVINCING = -9.0  # log chance in one series; there are many
SHORTEST_LEVEL = 3  # values that make a level


def level_shift(values: Floats, *, floor: float, rise: bool, lasting: bool = False) -> Deviation | None:
    """The interval whose level departs most, None when none goes in that direction.

    `values` has one value a bucket, nan where there is none; `floor` (> 0) is the least spread to believe,
    in the unit of the values. The indices are of buckets; inside and outside are medians; there are no events.
    `lasting`: of those only that reach to the end, which are few.
    """
    known = np.flatnonzero(np.isfinite(values))
    if len(known) < LEVEL_VALUES:
        return None
    x = values[known]
    # How far it goes the other way at times says little about how far it goes this way by chance.
    deviations = np.maximum(_deviations(x, floor) * (1 if rise else -1), -OTHER_WAY)
    starts, stops = _to_the_end(len(x)) if lasting else intervals(len(x))
    long_enough = stops - starts >= SHORTEST_LEVEL
    starts, stops = starts[long_enough], stops[long_enough]
    inside, n = sums(deviations, starts, stops), (stops - starts).astype(np.float64)
    rest = len(x) - n
    lift = inside / n - (deviations.sum() - inside) / np.maximum(rest, 1)
    deviance = np.where((lift > 0) & (rest > 0), lift * lift * n * rest / len(x), 0.0)
    if lasting:
        there = all_the_way(deviations, np.ones(len(x)), rise=True)
        deviance[~there[starts - 1]] = 0.0
    judged: list[tuple[float, float, Deviation]] = []
    octave = np.log2(stops - starts).astype(int)
    for which in np.unique(octave):
        members = np.flatnonzero(octave == which)
        top = int(members[np.argmax(deviance[members])])
        if deviance[top] <= 0:
            continue
        interval = int(starts[top]), int(stops[top])
        found = _judged(x, deviations, interval, float(deviance[top]), tries=len(starts))
        judged.append((max(found.log_chance, CONVINCING), -float(deviance[top]) / found.dispersion, found))
    if not judged:
        return None
    # Of those that convince the one with the largest mean: the median alone does not see the ends.
    best = min(judged, key=lambda one: one[:2])[2]
    return _in_buckets(_trimmed(x, best), known, len(values))


def _trimmed(values: Floats, found: Deviation) -> Deviation:
    """Without what is still usual at its ends, which hardly moves a median."""
    part = values[found.start : found.stop]
    out = np.flatnonzero(np.abs(part - found.inside) < np.abs(part - found.outside))
    if not len(out):
        return found
    return replace(found, start=found.start + int(out[0]), stop=found.start + int(out[-1]) + 1)


def _deviations(values: Floats, floor: float) -> Floats:
    middle = float(np.median(values))
    spread = max(NORMAL_SPREAD * float(np.median(np.abs(values - middle))), floor)
    return np.asarray(np.clip((values - middle) / spread, -CLIP, CLIP))


def _to_the_end(values: int) -> tuple[Integers, Integers]:
    return np.arange(1, values), np.full(values - 1, values)


def _judged(
    values: Floats, deviations: Floats, interval: tuple[int, int], deviance: float, *, tries: int
) -> Deviation:
    start, stop = interval
    outside = np.ones(len(values), bool)
    outside[start:stop] = False
    # By the median too, or one spike among usual values would be a level.
    middle = max(0.0, float(np.median(deviations[start:stop]) - deviations[outside].mean()))
    deviance = min(deviance, middle * middle * (stop - start) * outside.sum() / len(values))
    noise, freedom = _noise([deviations[:start], deviations[stop:]], stop - start)
    statistic = sqrt(deviance / noise)
    return Deviation(
        start=start,
        stop=stop,
        inside=float(np.median(values[start:stop])),
        outside=float(np.median(values[outside])),
        events=0.0,
        expected=0.0,
        dispersion=noise,
        freedom=freedom,
        statistic=statistic,
        log_chance=min(0.0, log_tail_student(statistic, freedom) + log(tries)),
    )


def _noise(stretches: list[Floats], longest: int) -> tuple[float, int]:
    """The variance of a block's mean times its size, at the worst block size, and its freedom."""
    middle = float(np.concatenate(stretches).mean())
    worst, freedom, size = 1.0, 1, 1
    while size <= longest:
        sums_of = np.concatenate([blocks_of(stretch - middle, size) for stretch in stretches])
        if len(sums_of) < (LEVEL_BLOCKS if size > 1 else 2):
            break
        found = float(np.square(sums_of).sum()) / size / (len(sums_of) - 1)
        if size == 1 or found > worst * (1 + 2 * sqrt(2 / (len(sums_of) - 1))):
            worst, freedom = max(found, 0.25), len(sums_of) - 1
        size *= 2
    return worst, freedom


def _in_buckets(found: Deviation, known: Integers, buckets: int) -> Deviation:
    stop = int(known[found.stop]) if found.stop < len(known) else buckets
    return Deviation(
        int(known[found.start]), stop, found.inside, found.outside, 0.0, 0.0, found.dispersion, found.freedom,
        found.statistic, found.log_chance,
    )  # fmt: skip
