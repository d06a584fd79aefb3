"""Quantiles of histograms are near those of the values, and their intervals hold them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.quantiles import Floats, bin_of, lower_edge, quantile_interval, quantile_of


def histogram(values: Floats) -> Floats:
    """Values in the bins of the module."""
    return np.bincount((1 + np.log2(values) * 4).astype(int), minlength=260).astype(np.float64)


@given(st.integers(0, 10**6), st.sampled_from((0.5, 0.9, 0.95)))
def test_a_quantile_is_within_a_bin(seed: int, share: float) -> None:
    """A bin is a fifth wide."""
    values = np.exp(np.random.default_rng(seed).normal(17, 1, 2000))

    assert 0.8 < quantile_of(histogram(values), share) / np.quantile(values, share) < 1.25


def test_the_interval_narrows_with_more_values() -> None:
    """And holds the quantile."""
    few, many = (np.exp(np.random.default_rng(1).normal(17, 1, n)) for n in (50, 5000))
    wide, narrow = quantile_interval(histogram(few), 0.5), quantile_interval(histogram(many), 0.5)

    assert wide[1] / wide[0] > narrow[1] / narrow[0]
    assert narrow[0] <= quantile_of(histogram(many), 0.5) <= narrow[1]


def test_nothing_has_no_quantile() -> None:
    """Not zero, but not a number."""
    assert np.isnan(quantile_of(np.zeros(10), 0.5))
    assert np.isnan(quantile_interval(np.zeros(10), 0.5)[0])


def test_bins_begin_where_they_say() -> None:
    """Four an octave."""
    assert (1.0, 2.0, 4.0) == (lower_edge(1), lower_edge(5), lower_edge(9))


@given(st.floats(1, 1e15))
def test_the_bin_of_a_value_holds_it(value: float) -> None:
    """And is a quarter of an octave wide."""
    low, high = bin_of(value)

    assert low * (1 - 1e-9) <= value < high * (1 + 1e-9)
    assert 2**0.25 == pytest.approx(high / low)


def test_nothing_is_in_no_bin() -> None:
    """A duration of 0 is one that is not known."""
    assert (0.0, 0.0) == bin_of(0.0)
