"""A grid: buckets of time over what is known of a signal, in which gaps are no buckets."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise

import numpy as np

from lastgood.algorithms.change_point import Floats, Integers, step_for
from lastgood.model.clock import to_nanoseconds
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.case import Case


@dataclass(frozen=True, slots=True)
class Grid:
    """Buckets of `step` seconds that cover a window, less the stretches of which nothing is known.

    A bucket in a gap is no bucket: those on both sides of it follow each other, as what is known does.
    """

    window: Window
    step: int
    gaps: tuple[Window, ...] = ()

    @property
    def buckets(self) -> int:
        """How many there are; the last may be cut short by the window's end."""
        return len(self.numbers)

    @property
    def numbers(self) -> Integers:
        """How many steps after the window's start each begins."""
        return _laid_out(self)[0]

    @property
    def covered(self) -> Floats:
        """Seconds of each bucket inside the window that lie in no gap."""
        return _laid_out(self)[1]

    @property
    def origin(self) -> int:
        """The start of the window, in nanoseconds since the epoch."""
        return to_nanoseconds(self.window.start)

    def begin(self, bucket: int) -> datetime:
        """When a bucket begins; after the last, the end of the window."""
        if bucket >= self.buckets:
            return self.window.end
        return self.window.start + timedelta(seconds=int(self.numbers[bucket]) * self.step)

    def end(self, bucket: int) -> datetime:
        """When a bucket ends."""
        return min(self.window.end, self.begin(bucket) + timedelta(seconds=self.step))

    def known_before(self, bucket: int) -> datetime:
        """The end of what is known before a bucket: its begin, unless a gap comes between."""
        return self.end(bucket - 1) if 0 < bucket < self.buckets else self.begin(bucket)

    def places(self, numbers: Integers) -> Integers:
        """The bucket of each number of steps after the window's start; -1 in a gap."""
        placed = np.minimum(np.searchsorted(self.numbers, numbers), self.buckets - 1)
        return np.where(self.numbers[placed] == numbers, placed, -1)

    def first_from(self, time: datetime) -> int:
        """The bucket that holds a time, else the next one that is known; how many there are when none is."""
        number = (time - self.window.start).total_seconds() // self.step
        return int(np.searchsorted(self.numbers, number))

    @property
    def stretches(self) -> list[tuple[int, int]]:
        """Buckets [first, last) between which there is no gap."""
        edges = np.flatnonzero(np.diff(self.numbers) > 1) + 1
        return list(pairwise([0, *(int(edge) for edge in edges), self.buckets]))


@lru_cache(maxsize=8)
def _laid_out(grid: Grid) -> tuple[Integers, Floats]:
    buckets = max(1, int(np.ceil(grid.window.seconds / grid.step)))
    covered = np.full(buckets, float(grid.step))
    covered[-1] = grid.window.seconds - grid.step * (buckets - 1)
    starts = np.arange(buckets, dtype=np.float64) * grid.step
    for gap in grid.gaps:
        low, high = ((edge - grid.window.start).total_seconds() for edge in (gap.start, gap.end))
        lost = np.minimum(starts + grid.step, high) - np.maximum(starts, low)
        covered -= np.clip(lost, 0.0, covered)
    # What is left of a bucket at the edge of a gap is too little for a rate.
    covered[:-1][covered[:-1] < grid.step / 2] = 0.0
    numbers = np.flatnonzero(covered > 0) if (covered > 0).any() else np.zeros(1, np.int64)
    covered = covered[numbers]
    for array in (numbers, covered):
        array.flags.writeable = False
    return numbers, covered


def grid_of(case: Case, signal: Signal) -> Grid | None:
    """The buckets over the part of the window that a signal covers, None when it covers nothing."""
    holding = case.holdings.of(signal)
    if holding is None or holding.window is None or not holding.window.overlaps(case.window):
        return None
    start, end = max(holding.window.start, case.window.start), min(holding.window.end, case.window.end)
    window = Window(start, end)
    gaps = tuple(gap for gap in holding.gaps if gap.overlaps(window))
    unknown = sum((min(gap.end, end) - max(gap.start, start)).total_seconds() for gap in gaps)
    return Grid(window, step_for(max(window.seconds - unknown, 1.0)), gaps)
