"""Buckets: as short as may be, as long as they must."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.buckets import coarsened, independent, lag_one


def test_independent_counts_stay_as_they_are() -> None:
    """Poisson minutes need no longer buckets."""
    counts = np.random.default_rng(1).poisson(5, 300).astype(float)
    found = independent(counts[:240], counts[240:])
    assert found is not None
    assert 1 == found[2]


def test_bursts_need_longer_buckets() -> None:
    """Counts that stay up for minutes are added up until neighbours differ."""
    counts = np.repeat(np.random.default_rng(1).poisson(5, 400), 4).astype(float)
    found = independent(counts[:1200], counts[1200:])
    assert found is not None
    reference, window, factor = found
    assert factor >= 4
    assert lag_one(reference) < 0.3
    assert 400 // factor == len(window)


def test_too_few_buckets_are_not_tested() -> None:
    """Seven minutes, or a trend that no bucket breaks, are too little to tell."""
    assert independent(np.ones(60), np.ones(7)) is None
    assert independent(np.arange(600.0), np.ones(20)) is None


@given(st.lists(st.integers(0, 9), min_size=1, max_size=60), st.integers(1, 9))
def test_sums_are_kept(counts: list[int], factor: int) -> None:
    """Nothing is lost but the remainder."""
    whole = len(counts) // factor * factor
    assert sum(counts[:whole]) == coarsened(np.array(counts), factor).sum()


@given(st.lists(st.integers(0, 9), max_size=60))
def test_a_correlation_is_between_minus_one_and_one(counts: list[int]) -> None:
    """For any counts, none included."""
    assert -1 - 1e-9 <= lag_one(np.array(counts, float)) <= 1 + 1e-9
    assert 0 == lag_one(np.array([])) == pytest.approx(lag_one(np.ones(5)))
