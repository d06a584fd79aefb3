"""Slices: counts of two stretches of time as a few bars of about one width, for a small drawing."""

import numpy as np
from numpy.typing import NDArray

BARS, LEAST = 40, 4  # of both stretches together, and of the shorter one


def slices(
    before: NDArray[np.float64], since: NDArray[np.float64]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The sums of neighbouring counts: in all `BARS` of them, or as many as there are counts."""
    both = max(len(before) + len(since), 1)
    first = min(max(round(BARS * len(before) / both), LEAST), BARS - LEAST)
    return _sums(before, first), _sums(since, BARS - first)


def _sums(counts: NDArray[np.float64], parts: int) -> tuple[int, ...]:
    return tuple(int(part.sum()) for part in np.array_split(counts, min(parts, max(len(counts), 1))))
