"""When a resource that fills will be full, at its present pace."""

import numpy as np

from lastgood.algorithms.change_point import Floats

FEWEST_VALUES = 5  # of fewer no pace is known
CLIMB = 0.02  # of the limit, that it must have risen by
FIT = 0.5  # of the variance, that a line explains
FURTHEST = 48 * 3600.0  # s: beyond it no one acts on it tonight


def seconds_to_full(times: Floats, shares: Floats) -> float | None:
    """Seconds from the last of some shares of a limit, at `times` in seconds, until the line through them reaches 1.

    None where they do not rise steadily, are full already, or would be only after two days.
    """
    if len(shares) < FEWEST_VALUES or shares[-1] >= 1:
        return None
    slope, base = np.polyfit(times - times[0], shares, 1)
    spread = float(((shares - shares.mean()) ** 2).sum())
    line = base + slope * (times - times[0])
    left = float(((shares - line) ** 2).sum())
    if line[-1] - line[0] < CLIMB or spread <= 0 or left > (1 - FIT) * spread:
        return None
    reached = (1.0 - float(line[-1])) / float(slope)
    return max(reached, 0.0) if reached <= FURTHEST else None
