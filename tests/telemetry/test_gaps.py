"""Gaps are pauses far longer than the usual one."""

from hypothesis import given
from hypothesis import strategies as st

from lastgood.telemetry.gaps import gaps, steady_from


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


def test_what_a_program_writes_at_its_start_is_no_beginning() -> None:
    """Before the first steady telemetry there is no gap; a pause after a steady time is one, also early."""
    assert () == gaps([0, 1, *range(1_600, 3_000)], 1)
    assert 1_600 == steady_from([0, 1, *range(1_600, 3_000)], 1)
    early = [*range(10), *range(1_600, 3_000)]
    assert ((10, 1_600),) == gaps(early, 1)
    assert 0 == steady_from(early, 1)
    assert steady_from([], 1) is None
    assert 0 == steady_from([0, 1, 500, 501], 1)  # too few after it to call these steady


@given(st.lists(st.integers(0, 10_000)), st.integers(1, 50))
def test_gaps_hold_nothing_and_come_in_order(occupied: list[int], width: int) -> None:
    """No bucket begins inside a gap; gaps are ordered, apart, and long."""
    found = gaps(occupied, width)
    assert all(not (start <= one < end) for start, end in found for one in occupied)
    assert all(end - start >= 3 * width for start, end in found)
    assert list(found) == sorted(found)
