"""Shifts of level: how far a series has moved from its own past, in its own unit and in its own spread."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

# The median absolute deviation of a normal distribution is 0.6745 of its standard deviation.
SHIFT_NORMAL = 1.4826


@dataclass(frozen=True, slots=True)
class Shift:
    """Medians of the two windows, the spread of the good one, and the rise in units and in spreads."""

    good: float
    bad: float
    spread: float

    @property
    def rise(self) -> float:
        """Bad less good, in the unit of the series."""
        return self.bad - self.good

    @property
    def spreads(self) -> float:
        """The rise in spreads of the past."""
        return self.rise / self.spread

    @property
    def ratio(self) -> float:
        """Bad over good; infinite over nothing."""
        return self.bad / self.good if self.good > 0 else float("inf" if self.bad > 0 else 1)


def shift(good: Sequence[float], bad: Sequence[float], floor: float) -> Shift | None:
    """The shift of medians; None without values on both sides.

    The spread is the scaled median absolute deviation of the good values, never less than `floor` (> 0):
    a constant series has no spread to divide by, and would win every comparison.
    """
    if not good or not bad:
        return None
    middle = median(good)
    spread = SHIFT_NORMAL * median(abs(value - middle) for value in good)
    return Shift(middle, median(bad), max(spread, floor))
