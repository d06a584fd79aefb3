"""Windows are half-open, in UTC, and never empty."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis.strategies import integers

from lastgood.errors import UsageError
from lastgood.model.window import Comparison, Window

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def window(start: int, minutes: int) -> Window:
    """A window that starts some minutes after noon."""
    begin = NOON + timedelta(minutes=start)
    return Window(begin, begin + timedelta(minutes=minutes))


def test_the_start_is_inside_and_the_end_is_not() -> None:
    """So that windows side by side share no event."""
    assert (True, False) == (window(0, 5).holds(NOON), window(0, 5).holds(NOON + timedelta(minutes=5)))


def test_parts_meet_and_cover_it() -> None:
    """Each begins where the one before ends."""
    assert (window(0, 5), window(5, 5), window(10, 5)) == window(0, 15).parts(3)


def test_times_are_turned_to_utc() -> None:
    """A window of another zone equals the same one in UTC."""
    there = timezone(timedelta(hours=1))

    assert window(0, 5) == Window(NOON.astimezone(there), (NOON + timedelta(minutes=5)).astimezone(there))


@pytest.mark.parametrize("minutes", [0, -5])
def test_a_window_ends_after_it_starts(minutes: int) -> None:
    """An empty one is a mistake of the person asking."""
    with pytest.raises(UsageError, match="must end after it starts"):
        window(0, minutes)


def test_a_time_without_a_zone_is_refused() -> None:
    """It could mean any of forty moments."""
    with pytest.raises(UsageError, match="with a zone"):
        Window(NOON.replace(tzinfo=None), NOON)


@given(integers(-99, 99), integers(1, 99), integers(-99, 99), integers(1, 99))
def test_a_hull_covers_both(start: int, length: int, other_start: int, other_length: int) -> None:
    """And is no longer than it must be when the two overlap."""
    one, other = window(start, length), window(other_start, other_length)
    hull = one.hull(other)

    assert (min(one.start, other.start), max(one.end, other.end)) == (hull.start, hull.end)
    assert one.overlaps(other) == other.overlaps(one)
    assert one.overlaps(other) == (hull.length < one.length + other.length)


def test_a_comparison_spans_the_gap_between_its_windows() -> None:
    """From the start of the good to the end of the bad."""
    assert window(0, 30) == Comparison(window(0, 10), window(20, 10)).hull
