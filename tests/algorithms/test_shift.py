"""Shifts: constant series do not divide by nothing, and outliers do not move them."""

from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.shift import shift

NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40)


def test_a_constant_past_has_the_floor_as_its_spread() -> None:
    """Five points over a constant series are five floors, not infinitely many spreads."""
    moved = shift([10.0] * 20, [15.0] * 3, floor=1.0)

    assert moved is not None
    assert (5.0, 5.0, 1.5) == (moved.rise, moved.spreads, moved.ratio)


def test_nothing_on_one_side_is_no_shift() -> None:
    """Absence is not zero."""
    assert shift([], [1.0], 1.0) is None
    assert shift([1.0], [], 1.0) is None


@given(NUMBERS, NUMBERS, st.floats(0.1, 10))
def test_opposite_windows_give_the_opposite_rise(good: list[float], bad: list[float], floor: float) -> None:
    """Swapping the windows turns the rise around; the spread is never below the floor."""
    there, back = shift(good, bad, floor), shift(bad, good, floor)

    assert there is not None
    assert back is not None
    assert there.rise == -back.rise
    assert there.spread >= floor
