"""Whether values rise or fall."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import theilslopes

from lastgood.algorithms.trend import TREND_VALUES, Trend, trend


def test_a_steady_fall_is_a_trend() -> None:
    """With its slope; one outlier changes neither."""
    times = np.arange(12.0)
    values = 100 - 5 * times
    values[3] = 10_000

    found = trend(times, values)

    assert found
    assert -5.0 == pytest.approx(found.slope)
    assert found.chance < 0.01


def test_few_values_show_none() -> None:
    """Nor do values that are all the same, nor ones of a single time."""
    assert None is trend(range(TREND_VALUES - 1), range(TREND_VALUES - 1))
    assert Trend(0.0, 1.0) == trend(range(12), [7] * 12)
    assert None is trend([1] * 12, range(12))


def test_chance_is_seldom_taken_for_a_trend() -> None:
    """Of 400 series of noise, at most 8 % (5 % are wanted, give or take what 400 can tell)."""
    dice = np.random.default_rng(7)
    found = [trend(np.arange(15), dice.lognormal(size=15)) for _ in range(400)]

    assert sum(one is not None and one.chance < 0.05 for one in found) <= 32


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9)), min_size=TREND_VALUES, max_size=25))
def test_a_mirror_image_has_the_opposite_slope(pairs: list[tuple[int, int]]) -> None:
    """And is as clear."""
    times, values = zip(*pairs, strict=True)
    mirrored = trend(times, [-value for value in values])
    found = trend(times, values)

    assert (found is None) == (mirrored is None)
    if found and mirrored:
        assert found.chance == pytest.approx(mirrored.chance)
        assert -found.slope == pytest.approx(mirrored.slope)
        assert 0 <= found.chance <= 1


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(-90, 90)),
        min_size=10,
        max_size=40,
        unique_by=lambda p: p[1],
    )
)
def test_a_slope_is_that_of_scipy(points: list[tuple[int, int]]) -> None:
    """Theil and Sen's."""
    times, values = [float(t) for t, _ in points], [float(v) for _, v in points]
    assume(len(set(times)) > 1)
    found = trend(times, values)

    assert found is not None
    assert pytest.approx(theilslopes(values, times).slope, abs=1e-9) == found.slope


def test_the_interval_is_that_of_sen() -> None:
    """As another implementation has it; it holds the slope that values were made with, in most series."""
    dice = np.random.default_rng(3)
    held = 0
    for _ in range(60):
        times, values = np.arange(20.0), np.arange(20.0) * 2 + dice.normal(0, 8, 20)
        found, other = trend(times, values), theilslopes(values, times, 0.95)
        assert found
        assert (other.low_slope, other.high_slope) == pytest.approx((found.low, found.high))
        held += other.low_slope <= 2 <= other.high_slope

    assert held >= 52
