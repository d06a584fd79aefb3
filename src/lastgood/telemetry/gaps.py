"""Gaps: stretches without anything that are far longer than usual between things."""

from collections.abc import Sequence
from typing import Any

import numpy as np

Ints = np.ndarray[Any, np.dtype[np.int64]]

# A pause is a gap when it is this many times the usual one (the 95th percentile), and not shorter than this
# many buckets: events come in bursts, and one late sample is not a gap.
TIMES = 5.0
BUCKETS = 3
# Among few steps the gaps themselves are the 95th percentile: there the median is what is usual.
FEW = 40


def gaps(occupied: Sequence[int], width: int) -> tuple[tuple[int, int], ...]:
    """Half-open stretches [start, end) without an occupied bucket, in the order of time.

    `occupied` are the distinct starts of buckets of `width` that hold something, in any order and unit.
    """
    starts, far = _far(occupied, width)
    return tuple(
        (int(starts[place] + width), int(starts[place + 1])) for place in far if not _lead(starts, place)
    )


def steady_from(occupied: Sequence[int], width: int) -> int | None:
    """The first bucket that is no lead: what a program writes when it starts, long before the rest, is one.

    Before the first that is steady there is no gap. None where nothing is occupied.
    """
    starts, far = _far(occupied, width)
    leads = [int(starts[place + 1]) for place in far if _lead(starts, place)]
    return max(leads) if leads else int(starts[0]) if len(starts) else None


def _far(occupied: Sequence[int], width: int) -> tuple[Ints, Ints]:
    """The distinct starts in order, and the places of those behind which a long pause begins."""
    starts = np.unique(np.asarray(occupied, np.int64))
    if len(starts) < 3:
        return starts, np.empty(0, np.int64)
    steps = np.diff(starts)
    usual = max(float(np.percentile(steps, 95)), float(width))
    if len(steps) < FEW:
        usual = max(float(np.median(steps)), float(width))
    return starts, np.flatnonzero((steps >= TIMES * usual) & (steps - width >= BUCKETS * width))


def _lead(starts: Ints, place: int) -> bool:
    """Whether so few come before a pause, and so many after it, that nothing was steady before it."""
    return place < BUCKETS and len(starts) - place > FEW
