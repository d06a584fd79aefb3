"""When a resource that fills is full."""

import numpy as np
import pytest

from lastgood.algorithms.filling import CLIMB, FEWEST_VALUES, FURTHEST, seconds_to_full


def test_a_steady_rise_reaches_its_limit() -> None:
    """From 50 % by 1 % a minute to 79 %: 21 minutes more."""
    assert 1260 == pytest.approx(
        seconds_to_full(np.linspace(0.0, 1740.0, 30), np.arange(0.5, 0.795, 0.01)), abs=1.0
    )


@pytest.mark.parametrize(
    "shares",
    [
        np.full(30, 0.8),
        np.linspace(0.9, 0.5, 30),
        np.linspace(0.5, 0.5 + CLIMB / 2, 30),
        np.tile([0.2, 0.9], 15),
        np.linspace(0.5, 1.0, 30),
        np.linspace(0.5, 0.6, FEWEST_VALUES - 1),
    ],
    ids=["flat", "falls", "hardly", "swings", "full", "few"],
)
def test_what_does_not_fill_has_no_such_time(shares: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> None:
    """Nothing is said of it."""
    assert seconds_to_full(np.linspace(0.0, 60.0 * (len(shares) - 1), len(shares)), shares) is None


def test_what_is_far_off_is_no_matter_of_tonight() -> None:
    """At that pace it is full in two days and a bit."""
    times = np.arange(25) * FURTHEST * 1.1 / 216  # 24 steps climb 5 %, 216 more the rest

    assert seconds_to_full(times, np.linspace(0.5, 0.55, 25)) is None
    assert seconds_to_full(times / 2, np.linspace(0.5, 0.55, 25)) is not None
