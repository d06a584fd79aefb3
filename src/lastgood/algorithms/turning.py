"""Turning points: when a series that stood at one level started to leave it for another, and when it got there.

A way between two levels, straight or ever slower as when a queue drains, is fitted by weighted least squares, over every
pair of its ends; a step is a way without length, and is taken where the others fit no better than chance allows. The interval of an end is the set of places that the
sum of squares does not rule out (a profile likelihood: Venzon and Moolgavkar, "A method for computing
profile-likelihood-based confidence intervals", Applied Statistics 37 (1988)), with the scatter estimated from the fit.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]

TURN_CLEAR = 15.0  # of the sum of squares, in units of the scatter, that a turn must explain: one in a thousand by chance
RULED_OUT = 6.63  # of a place, at 99 %
STEEP = 3.84  # that a way must explain more than a step, at 95 %
ROUGH = 0.1  # of a way's length, by which its start is unsure since its form is
TAIL = 3.0  # times the constant of time of what gets ever slower, until it is called ended
NEIGHBOURS = 2  # buckets on each side that tell how much one scatters
TURN_VALUES = 6  # buckets


@dataclass(frozen=True, slots=True)
class Turn:
    """A series left its level: where that started and where it ended, in buckets from the first, with the interval of the start."""

    start: int
    end: int  # the number of buckets where it had not ended
    low: int
    high: int


def share_turn(events: Floats, of: Floats) -> Turn | None:
    """When a share started to fall, bucket by bucket; None where no fall is clear. Buckets without trials say nothing."""
    hit, trials = _around(events), _around(of)
    share = (hit + 0.5) / (trials + 1)
    values = np.divide(events, of, out=np.zeros(len(of)), where=of > 0)
    return _turn(values, of / (share * (1 - share)))


def rate_turn(counts: Floats) -> Turn | None:
    """When a rate started to rise, from counts in buckets of the same length; None where no rise is clear."""
    return _turn(-counts, 1 / np.maximum(_around(counts) / _around(np.ones(len(counts))), 0.5))


def _around(values: Floats) -> Floats:
    """Each with its neighbours."""
    return np.convolve(values, np.ones(2 * NEIGHBOURS + 1), "same")[: len(values)]


def _turn(values: Floats, weights: Floats) -> Turn | None:
    """The best fall of these values."""
    n, known = len(values), int((weights > 0).sum())
    if known < TURN_VALUES or n < 2 * NEIGHBOURS + 1:
        return None
    flat = float(np.average(values, weights=weights))
    constant = float((weights * (values - flat) ** 2).sum())
    start, end = (edges.astype(np.float64) for edges in np.triu_indices(n + 1))
    squares = np.minimum(_squares(values, weights, _straight(start, end, n)), constant)
    squares = np.minimum(squares, _squares(values, weights, _slower(start, end, n)))
    steps = end - start <= 1
    best = float(squares.min())
    scatter = max(best / max(known - 4, 1), 1.0)
    if (constant - best) / scatter < TURN_CLEAR:
        return None
    if float(squares[steps].min()) - best < STEEP * scatter:
        start, end, squares = start[steps], end[steps], squares[steps]
    place = int(squares.argmin())
    left = start[squares - squares[place] <= RULED_OUT * scatter]
    length = int(end[place] - start[place])
    rough = int(np.ceil(ROUGH * length)) if length > 1 else 0
    low, high = max(int(left.min()) - rough, 0), int(left.max()) + rough
    return Turn(int(start[place]), int(end[place]), low, high)


def _straight(start: Floats, end: Floats, n: int) -> Floats:
    """How much of the way is gone in each bucket, at the same pace."""
    return np.clip(_since(start, n) / _length(start, end), 0.0, 1.0)


def _slower(start: Floats, end: Floats, n: int) -> Floats:
    """How much of the way is gone in each bucket, ever slower."""
    return 1 - np.exp(-TAIL * np.maximum(_since(start, n), 0.0) / _length(start, end))


def _since(start: Floats, n: int) -> Floats:
    return (np.arange(n) + 0.5)[None, :] - start[:, None]


def _length(start: Floats, end: Floats) -> Floats:
    return np.maximum(end - start, 1e-3)[:, None]


def _squares(values: Floats, weights: Floats, gone: Floats) -> Floats:
    """The sum of squares that each way from one level to another leaves; infinite where it would rise."""
    first, last = 1 - gone, gone
    aa, bb, ab = first**2 @ weights, last**2 @ weights, (first * last) @ weights
    ay, by = first @ (weights * values), last @ (weights * values)
    area = aa * bb - ab**2
    solved = area > 1e-9 * np.maximum(aa * bb, 1e-300)
    safe = np.where(solved, area, 1.0)
    before, after = (bb * ay - ab * by) / safe, (aa * by - ab * ay) / safe
    left = float(weights @ values**2) - before * ay - after * by
    return np.where(solved & (after < before), left, np.inf)
