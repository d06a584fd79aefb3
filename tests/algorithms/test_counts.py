"""Intervals hold what they should, and tails are chances."""

from math import exp, isclose, log

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from scipy.stats import binomtest

from lastgood.algorithms.counts import (
    log_tail_student,
    rate_ratio,
    share_difference,
    wilson,
)


def test_wilson_as_published() -> None:
    """Newcombe (1998), table I: 81 of 263 is 0.2553 to 0.3662."""
    low, high = wilson(81, 263, 0.95)

    assert isclose(0.2553, low, abs_tol=5e-4)
    assert isclose(0.3662, high, abs_tol=5e-4)


@given(st.integers(0, 500), st.integers(0, 500), st.floats(0.5, 0.999))
def test_an_interval_is_that_of_scipy(events: int, others: int, level: float) -> None:
    """Wilson's, without continuity correction, at every level."""
    assume(events + others)
    expected = binomtest(events, events + others).proportion_ci(level, method="wilson")

    assert pytest.approx((expected.low, expected.high), abs=1e-9) == wilson(events, events + others, level)


def test_a_difference_as_published() -> None:
    """Newcombe (1998), table II (a): 56/70 less 48/80 is 0.0524 to 0.3339."""
    low, high = share_difference((56, 70), (48, 80))

    assert isclose(0.0524, low, abs_tol=5e-4)
    assert isclose(0.3339, high, abs_tol=5e-4)


def test_without_trials_nothing_is_known() -> None:
    """Not zero, but anything."""
    assert (0.0, 1.0) == wilson(0, 0, 0.95)


@given(st.integers(0, 400), st.integers(1, 400), st.floats(0.5, 0.999))
@example(0, 3, 0.95)
def test_an_interval_holds_its_share(events: int, more: int, level: float) -> None:
    """And stays between 0 and 1."""
    low, high = wilson(events, events + more, level)

    assert 0 <= low <= events / (events + more) <= high <= 1


@given(st.integers(1, 500), st.integers(1, 500), st.floats(0.5, 1000), st.floats(0.5, 1000))
def test_a_ratio_lies_in_its_interval(a: int, b: int, t: float, u: float) -> None:
    """Whatever the exposures."""
    low, high = rate_ratio((a, t), (b, u))

    assert low <= (a / t) / (b / u) * (1 + 1e-9)
    assert high >= (a / t) / (b / u) * (1 - 1e-9)


def test_a_tail_goes_on_where_floats_end() -> None:
    """Far tails keep their order and join the exact ones smoothly."""
    assert isclose(0.025, exp(log_tail_student(1.984, 100)), abs_tol=1e-3)
    far = [log_tail_student(statistic, 300) for statistic in (60.0, 120.0, 400.0, 4000.0)]
    assert sorted(far, reverse=True) == far
    near, just = log_tail_student(170.0, 300), log_tail_student(171.0, 300)
    assert 0 < near - just < 10
    assert far[0] < log(1e-100)
