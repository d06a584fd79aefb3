"""Gaps are pauses far longer than the usual one."""

from hypothesis import given
from hypothesis import strategies as st

from lastgood.telemetry.gaps import gaps


def test_a_pause_in_a_steady_stream() -> None:
    """One a second, and nothing from 100 to 160."""
    assert ((100, 160),) == gaps([*range(100), *range(160, 300)], 1)


def test_samples_once_a_minute_have_no_gaps() -> None:
    """The usual pause is a minute, whatever the bucket."""
    assert () == gaps(range(0, 36_000, 60), 1)
    assert ((661, 1_800),) == gaps([*range(0, 661, 60), *range(1_800, 36_000, 60)], 1)


def test_few_things_have_no_usual_pause() -> None:
    """Two events and the time between them say nothing."""
    assert () == gaps([0, 1_000_000], 1)
    assert () == gaps([], 1)


@given(st.lists(st.integers(0, 10_000)), st.integers(1, 50))
def test_gaps_hold_nothing_and_come_in_order(occupied: list[int], width: int) -> None:
    """No bucket begins inside a gap; gaps are ordered, apart, and long."""
    found = gaps(occupied, width)
    assert all(not (start <= one < end) for start, end in found for one in occupied)
    assert all(end - start >= 3 * width for start, end in found)
    assert list(found) == sorted(found)
