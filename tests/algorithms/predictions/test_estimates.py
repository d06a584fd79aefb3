"""Estimates: intervals hold the truth about as often as they say, also when events come in bursts."""

from math import inf, isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.predictions.estimates import (
    Estimate,
    difference,
    level_estimate,
    quantile_estimate,
    quotient,
    rate_estimate,
    share_estimate,
)

COUNTS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=12)
ESTIMATES = st.tuples(st.floats(0, 100), st.floats(0, 10), st.floats(0, 10)).map(
    lambda t: Estimate(t[0] + t[1], t[0], t[0] + t[1] + t[2], 100)
)


def array(*values: float) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Stretches of time."""
    return np.array(values, dtype=np.float64)


@given(COUNTS)
def test_a_share_lies_in_its_interval(counts: list[tuple[int, int]]) -> None:
    """Within 0 and 1, whatever is counted."""
    reported = share_estimate(array(*(min(c) for c in counts)), array(*(max(c) for c in counts)))

    assert 0 <= reported.low <= 1
    assert reported.rests_on == 0 or reported.low <= reported.value <= reported.high <= 1


def test_bursts_widen_a_share() -> None:
    """The same failures in one stretch say less than spread over all."""
    even = share_estimate(array(10, 10, 10, 10), array(100, 100, 100, 100))
    burst = share_estimate(array(40, 0, 0, 0), array(100, 100, 100, 100))

    assert even.value == burst.value == 0.1
    assert burst.low < even.low
    assert even.high < burst.high


def test_too_few_requests() -> None:
    """Below twenty nothing is said."""
    assert share_estimate(array(19), array(19)).too_few
    assert not share_estimate(array(20), array(20)).too_few
    assert isnan(share_estimate(array(0), array(0)).value)


def test_intervals_hold_the_truth() -> None:
    """About 99 of 100 times, of shares and of rates, even and in bursts."""
    chance = np.random.default_rng(4)
    held = {"share": 0, "rate": 0, "bursts": 0}
    for _ in range(400):
        of = np.full(12, 200.0)
        share = share_estimate(chance.binomial(200, 0.03, 12).astype(float), of)
        held["share"] += share.low <= 0.03 <= share.high
        rate = rate_estimate(chance.poisson(30, 12).astype(float), 12.0)
        held["rate"] += rate.low <= 30 <= rate.high
        burst = rate_estimate(chance.poisson(chance.gamma(2, 15, 12)).astype(float), 12.0)
        held["bursts"] += burst.low <= 30 <= burst.high

    assert held["share"] >= 388
    assert held["rate"] >= 388
    assert held["bursts"] >= 372  # a dispersion of twelve stretches is itself uncertain


def test_a_rate_of_nothing_has_an_upper_end() -> None:
    """Not one event in a minute leaves room for some."""
    reported = rate_estimate(np.zeros(12), 60.0)

    assert 0 == reported.low == reported.value
    assert 0.05 < reported.high < 0.1


def test_a_quantile_in_the_unit_of_its_bins() -> None:
    """Sixteen bins to the octave: values around 1024 give 1024."""
    histogram = np.zeros(1024)
    histogram[1 + 10 * 16] = 1000
    reported = quantile_estimate(histogram, 0.5, 16)

    assert reported.value == pytest.approx(1024, rel=0.05)
    assert reported.low <= reported.value <= reported.high
    assert 100 == quantile_estimate(histogram, 0.95, 16).enough


def test_a_level_needs_stretches_with_values() -> None:
    """Gaps are left out; one value has no interval; equal ones have none either side."""
    reported = level_estimate(array(4, float("nan"), 6, 5, 5, 5))

    assert 5 == reported.value
    assert 5 == reported.rests_on
    assert reported.low < 5 < reported.high
    assert (-inf, inf) == (level_estimate(array(3)).low, level_estimate(array(3)).high)
    assert (3, 3) == (level_estimate(np.full(6, 3.0)).low, level_estimate(np.full(6, 3.0)).high)


@given(ESTIMATES, ESTIMATES)
def test_a_difference_and_a_ratio_hold_their_values(one: Estimate, other: Estimate) -> None:
    """And swapping the two turns a difference around."""
    low, high = difference(one, other)
    back = difference(other, one)

    assert low <= one.value - other.value <= high
    assert (low, high) == pytest.approx((-back[1], -back[0]))
    ratio = quotient(one, other)
    assert isnan(ratio.value) or ratio.low <= ratio.value * (1 + 1e-9)
    assert isnan(ratio.value) or ratio.value <= ratio.high * (1 + 1e-9)


def test_a_ratio_over_nothing() -> None:
    """Has a lower end, for the nothing has an upper one; of what may be negative nothing is said."""
    some, none = Estimate(0.4, 0.3, 0.5, 200), Estimate(0.0, 0.0, 0.01, 500)

    assert (inf, 30, inf) == pytest.approx(
        (quotient(some, none).value, quotient(some, none).low, quotient(some, none).high)
    )
    assert 200 == quotient(some, none).rests_on
    assert (-inf, inf) == (
        quotient(Estimate(1, -1, 3, 9), some).low,
        quotient(Estimate(1, -1, 3, 9), some).high,
    )
