"""Bars of two stretches of time."""

import numpy as np

from lastgood.algorithms.slices import BARS, LEAST, slices


def test_bars_are_of_about_one_width_and_nothing_is_lost() -> None:
    """Twice as long, twice as many."""
    before, since = slices(np.ones(600), np.full(300, 2.0))

    assert BARS == len(before) + len(since)
    assert len(before) == 27
    assert (600, 600) == (sum(before), sum(since))


def test_a_short_stretch_is_seen_beside_a_long_one() -> None:
    """And few counts are as many bars as they are."""
    assert LEAST == len(slices(np.ones(10_000), np.ones(10))[1])
    assert ((1, 1), (1, 1, 1)) == slices(np.ones(2), np.ones(3))
    assert ((0,), (0,)) == slices(np.zeros(0), np.zeros(0))
