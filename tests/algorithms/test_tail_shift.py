"""A tail is new, large, and lasts; a burst, a heavier load on an old tail, and chance are none."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.tail_shift import PER_OCTAVE, slow_tail

USUAL, SLOW = 4 * PER_OCTAVE, 9 * PER_OCTAVE  # 16 and 512


def slices(*slow: int, of: int = 50) -> list[Counter[int]]:
    """Slices of the same size with so many slow ones each."""
    return [Counter({USUAL: of - count, SLOW: count}) for count in slow]


def test_a_steady_tail_is_seen_though_the_median_stays() -> None:
    """4 of 50 in every slice, none before."""
    found = slow_tail({USUAL: 500}, slices(*[4] * 10), 20, 0.5)

    assert found is not None
    assert (0.08, 0.0) == (found.share, found.good_share)
    assert found.slow > 20 * found.usual


def test_one_burst_is_no_tail() -> None:
    """The same forty, all within one slice of ten."""
    assert slow_tail({USUAL: 500}, slices(40, *[0] * 9), 20, 0.5) is None


def test_a_tail_that_was_there_and_grows_by_half_is_none() -> None:
    """8 % before, 12 % now."""
    assert slow_tail({USUAL: 460, SLOW: 40}, slices(*[6] * 10), 20, 0.5) is None


def test_below_the_floor_nobody_waits() -> None:
    """32 against 16 is less than 20 more."""
    assert slow_tail({USUAL: 500}, [Counter({5 * PER_OCTAVE: 50})] * 10, 20, 0.5) is None


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60), st.integers(1, 10))
def test_a_sample_has_no_tail_against_itself(buckets: list[int], parts: int) -> None:
    """Whatever it is."""
    whole = Counter(buckets)

    assert slow_tail({b: c * parts for b, c in whole.items()}, [whole] * parts, 0, 0) is None
