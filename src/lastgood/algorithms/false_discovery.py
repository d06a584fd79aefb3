"""The false discovery rate: how small a chance must be when many things were tried.

Source: Benjamini and Hochberg, "Controlling the false discovery rate", JRSS B 57 (1995).
"""

from collections.abc import Sequence

import numpy as np


def discovery_rates(chances: Sequence[float]) -> list[float]:
    """For each chance, the rate of false discoveries when it and all smaller ones are believed (0..1)."""
    if not chances:
        return []
    given = np.asarray(chances, float)
    order = np.argsort(given, kind="stable")
    scaled = given[order] * len(given) / np.arange(1, len(given) + 1)
    rates = np.empty(len(given))
    rates[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return [float(rate) for rate in rates]
