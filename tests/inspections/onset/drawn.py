"""Series and deviations drawn by hand, two hours of minutes, for tests of what is made of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np

from lastgood.algorithms.change_point import Deviation
from lastgood.algorithms.quantiles import BINS_PER_OCTAVE
from lastgood.inspections.onset.deviations import Candidate
from lastgood.model.evidence import Provenance
from lastgood.model.window import Window
from lastgood.readings.grid import Grid
from lastgood.readings.series import Symptom, SymptomSeries, Trust
from worlds import START

MINUTES = 120
GRID = Grid(Window(START, START + timedelta(minutes=MINUTES)), 60)
SECONDS = Grid(Window(START, START + timedelta(seconds=MINUTES)), 1)
FOUND = Deviation(60, MINUTES, 0.5, 0.01, 1000.0, 10.0, 1.0, 50, 20.0, -70.0)


def drawn_series(
    symptom: Symptom = Symptom.ERRORS, trust: Trust = Trust.REQUESTS, **given: Any
) -> SymptomSeries:
    """Half of a hundred a minute from the second hour on, and none before; but for what is given."""
    observed = np.where(np.arange(MINUTES) >= FOUND.start, 50.0, 0.0)
    one = SymptomSeries(
        trust, symptom, "shop", "/", observed, np.full(MINUTES, 100.0), share=True, rise=True, grid=GRID,
        provenance=Provenance("SELECT 1", {}, None, 0, 0.0),
    )  # fmt: skip
    return replace(one, **given)


def candidate(
    log_chance: float = FOUND.log_chance, series: SymptomSeries | None = None, **given: Any
) -> Candidate:
    """A deviation of the second hour; but for what is given."""
    return Candidate(series or drawn_series(), replace(FOUND, **given), log_chance)


def least(holds: Callable[[int], bool], most: int = 10_000) -> int:
    """The smallest number for which something holds."""
    return next(n for n in range(most) if holds(n))


def slower(usual: float, bins: int) -> Candidate:
    """Requests that took about so many nanoseconds, and so many bins more, a quarter of an octave each, in the second hour."""
    histogram = np.zeros((MINUTES, 160))
    place = int(1 + np.log2(usual) * BINS_PER_OCTAVE)
    late = np.arange(MINUTES) >= FOUND.start
    histogram[~late, place], histogram[late, place + bins] = 100.0, 100.0
    return candidate(series=drawn_series(Symptom.LATENCY, histogram=histogram))
