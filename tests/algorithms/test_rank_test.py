"""The rank test: what it takes for a difference, and what it does not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from lastgood.algorithms.rank_test import Counts, rank_test

COUNTS = st.lists(st.integers(0, 50), min_size=1, max_size=40).map(lambda values: np.array(values, float))


def test_a_known_value() -> None:
    """Two samples without overlap: U = 0 of 64, variance 8 * 8 * 17 / 12."""
    low, high = np.arange(8.0), np.arange(8.0) + 100
    assert 0.000939 == pytest.approx(rank_test(low, high), abs=1e-6)


def test_ties_make_it_careful() -> None:
    """Mostly zeros on both sides say little."""
    quiet, other = np.zeros(60), np.zeros(15)
    quiet[:3], other[0] = 1, 1
    assert rank_test(other, quiet) > 0.1
    assert 1.0 == rank_test(np.zeros(5), np.zeros(9))
    assert 1.0 == rank_test(np.zeros(0), np.zeros(9))


def test_quiet_bursty_counts_rarely_alarm() -> None:
    """Of 400 pairs of bursty counts at one rate, about one in twenty is under 5 %."""
    chance = np.random.default_rng(5)
    drawn = chance.negative_binomial(2, 0.1, (400, 75))
    alarms = sum(rank_test(row[:15], row[15:]) < 0.05 for row in drawn)
    assert 8 <= alarms <= 36


@given(COUNTS, COUNTS)
def test_sides_can_be_exchanged(one: Counts, other: Counts) -> None:
    """It is two-sided, and a chance."""
    assert rank_test(one, other) == pytest.approx(rank_test(other, one))
    assert 0 <= rank_test(one, other) <= 1


@given(COUNTS, COUNTS)
def test_a_chance_is_that_of_scipy(one: Counts, other: Counts) -> None:
    """Normal approximation, with ties and continuity corrected; equal values throughout say nothing."""
    whole = np.concatenate((one, other))
    expected = mannwhitneyu(one, other, method="asymptotic").pvalue if np.ptp(whole) else 1.0

    assert pytest.approx(min(1.0, expected), abs=1e-9) == rank_test(one, other)
