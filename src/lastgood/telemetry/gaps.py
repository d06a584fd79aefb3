"""Gaps: stretches without anything that are far longer than usual between things."""

from collections.abc import Sequence

import numpy as np

# A pause is a gap when it is this many times the usual one (the 95th percentile), and not shorter than this
# many buckets: events come in bursts, and one late sample is not a gap.
TIMES = 5.0
BUCKETS = 3


def gaps(occupied: Sequence[int], width: int) -> tuple[tuple[int, int], ...]:
    """Half-open stretches [start, end) without an occupied bucket, in the order of time.

    `occupied` are the distinct starts of buckets of `width` that hold something, in any order and unit.
    """
    starts = np.unique(np.asarray(occupied, np.int64))
    if len(starts) < 3:
        return ()
    steps = np.diff(starts)
    usual = max(float(np.percentile(steps, 95)), float(width))
    # Among few steps the gaps themselves are the 95th percentile: there the median is what is usual.
    if len(steps) < 40:
        usual = max(float(np.median(steps)), float(width))
    far = np.flatnonzero((steps >= TIMES * usual) & (steps - width >= BUCKETS * width))
    return tuple((int(starts[place] + width), int(starts[place + 1])) for place in far)
