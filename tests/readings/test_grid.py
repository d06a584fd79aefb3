"""A grid holds what is known: gaps are no buckets, and what follows one keeps its time."""

from datetime import timedelta

import numpy as np

from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.grid import Grid, grid_of
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, World


def test_a_grid_covers_what_a_signal_covers(store: Store) -> None:
    """The last bucket is cut short by the end; a signal without rows has none."""
    World(seconds=601, rate=4).store_spans(store)
    case, _ = investigate(store, now=START, only="onset")

    grid = grid_of(case, Signal.SPANS)

    assert grid is not None
    assert abs(grid.covered.sum() - grid.window.seconds) < 1e-6
    assert grid_of(case, Signal.LOGS) is None


def test_a_gap_is_unknown_rather_than_silent() -> None:
    """A bucket in a gap is none, nor is one of which a gap leaves less than half; what follows keeps its time."""
    window = Window(START, START + timedelta(seconds=60))
    gap = Window(START + timedelta(seconds=18), START + timedelta(seconds=40))

    grid = Grid(window, 10, (gap,))
    assert [10, 8, 10, 10] == grid.covered.tolist()
    assert [(0, 2), (2, 4)] == grid.stretches
    assert gap.end == grid.begin(2)
    assert START + timedelta(seconds=20) == grid.known_before(2)
    assert [0, -1, 2] == grid.places(np.array([0, 2, 4])).tolist()
    times = [START + timedelta(seconds=seconds) for seconds in (15, 25, 45, 90)]
    assert [1, 2, 2, 4] == [grid.first_from(time) for time in times]


def test_minutes_hours_apart_are_looked_at_in_seconds(store: Store) -> None:
    """Two captures of two minutes, five hours apart: buckets are of a second, not of a minute."""
    for hour in (0, 5):
        World(seconds=120, seed=hour, start=START + timedelta(hours=hour)).store_spans(store)
    case, _ = investigate(store, now=START, only="onset")

    grid = grid_of(case, Signal.SPANS)

    assert grid is not None
    assert 1 == grid.step
    assert 2 == len(grid.stretches)
    assert abs(grid.buckets - 240) <= 4
