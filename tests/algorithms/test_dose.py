"""Dose and response: ranks that rise together."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from lastgood.algorithms.dose import rank_correlation

PAIRS = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=8, max_size=40)


def test_what_grows_together() -> None:
    """Whatever the shape of the growth; falling together is the opposite."""
    doses = [n / 12 for n in range(12)]
    up = rank_correlation(doses, [d**3 for d in doses])
    down = rank_correlation(doses, [-d for d in doses])

    assert up is not None
    assert down is not None
    assert (1.0, -1.0) == pytest.approx((up.value, down.value))
    assert up.low > 0.9
    assert down.high < -0.9


def test_what_has_nothing_to_do_with_each_other() -> None:
    """The interval holds zero 99 times of 100."""
    chance = np.random.default_rng(3)
    held = 0
    for _ in range(300):
        found = rank_correlation(list(chance.uniform(size=16)), list(chance.uniform(size=16)))
        held += found is not None and found.low <= 0 <= found.high

    assert held >= 291


def test_too_little_to_tell() -> None:
    """Few pairs, or a side that never varies."""
    assert None is rank_correlation([1, 2, 3], [1, 2, 3])
    assert None is rank_correlation([1.0] * 10, list(range(10)))
    assert None is rank_correlation(list(range(10)), [1.0] * 10)


@given(PAIRS)
def test_the_value_lies_in_its_interval(pairs: list[tuple[float, float]]) -> None:
    """And the interval within -1 and 1."""
    found = rank_correlation([d for d, _ in pairs], [e for _, e in pairs])

    assert found is None or -1 <= found.low <= found.value + 1e-6
    assert found is None or found.value - 1e-6 <= found.high <= 1


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=8, max_size=40))
def test_a_correlation_is_that_of_scipy(pairs: list[tuple[int, int]]) -> None:
    """Spearman's, with ties."""
    doses, effects = ([float(pair[n]) for pair in pairs] for n in (0, 1))
    assume(len(set(doses)) > 1 and len(set(effects)) > 1)
    found = rank_correlation(doses, effects)

    assert found is not None
    assert pytest.approx(spearmanr(doses, effects).statistic, abs=1e-9) == found.value
