"""A level that shifts is found; noise, wandering and single spikes are not a level."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lastgood.algorithms.change_point import Floats
from lastgood.algorithms.level_shift import level_shift

ALARM = np.log(1 / 200)


def noisy(seed: int, buckets: int = 240) -> Floats:
    """A level of 10 with a spread of 1."""
    return np.random.default_rng(seed).normal(10, 1, buckets)


@settings(derandomize=True)
@given(st.integers(0, 10**6), st.integers(20, 200))
def test_a_short_shift_is_found(seed: int, start: int) -> None:
    """Five values, eight spreads higher."""
    values = noisy(seed)
    values[start : start + 5] += 8

    found = level_shift(values, floor=0.1, rise=True)

    assert found is not None
    assert found.log_chance < ALARM
    assert abs(found.start - start) <= 3  # a neighbour may be high by chance
    assert found.inside > 15 > found.outside


@settings(derandomize=True)
@given(st.integers(0, 10**6))
def test_noise_is_no_shift(seed: int) -> None:
    """Nor is one spike."""
    values = noisy(seed)
    values[100] += 100
    found = level_shift(values, floor=0.1, rise=True)

    assert found is None or found.log_chance > ALARM - 3


def test_a_constant_has_a_floor() -> None:
    """A tiny move of a constant is not infinitely many spreads."""
    values = np.full(100, 5.0)
    values[60:] += 0.001

    found = level_shift(values, floor=1.0, rise=True)

    assert found is None or found.log_chance > ALARM


def test_gaps_do_not_move_it() -> None:
    """Indices are of buckets, with and without values; a fall is found as one."""
    values = noisy(3, 120)
    values[80:] -= 9
    values[::3] = np.nan

    found = level_shift(values, floor=0.1, rise=False)

    assert found is not None
    assert found.start in {79, 80, 81, 82}
    assert 120 == found.stop


def test_too_few_values_say_nothing() -> None:
    """Fewer than a dozen."""
    assert level_shift(np.arange(11.0), floor=0.1, rise=True) is None


@settings(derandomize=True)
@given(st.integers(0, 10**6), st.integers(20, 150))
def test_what_goes_on_is_not_what_was_before(seed: int, earlier: int) -> None:
    """Ten values far above, long over and no longer known; the last five are higher, and are found as lasting."""
    values = noisy(seed)
    values[earlier : earlier + 10] += 100
    values[-5:] += 8

    whole = level_shift(values, floor=0.1, rise=True)
    assert whole is not None
    assert whole.stop < len(values) - 5
    values[whole.start : whole.stop] = np.nan
    lasting = level_shift(values, floor=0.1, rise=True, lasting=True)

    assert lasting is not None
    assert lasting.log_chance < ALARM
    assert len(values) == lasting.stop
    assert abs(lasting.start - (len(values) - 5)) <= 3


@settings(derandomize=True)
@given(st.integers(0, 10**6), st.integers(20, 200))
def test_what_is_over_does_not_last(seed: int, start: int) -> None:
    """Nor does noise."""
    values = noisy(seed)
    values[start : start + 20] += 8
    found = level_shift(values, floor=0.1, rise=True, lasting=True)

    assert found is None or found.log_chance > ALARM or found.start > start + 20
