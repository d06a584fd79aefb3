"""Times as numbers and back."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis.strategies import datetimes, just

from lastgood.model.clock import from_nanoseconds, system_clock, to_nanoseconds


@given(datetimes(timezones=just(UTC)))
def test_a_time_survives_the_way_to_nanoseconds_and_back(time: datetime) -> None:
    """Microseconds are kept exactly, before the epoch as after it."""
    assert time == from_nanoseconds(to_nanoseconds(time))


def test_nanoseconds_below_a_microsecond_are_cut_not_rounded() -> None:
    """A time never moves forward, so an event stays inside the window that held it."""
    assert datetime(1970, 1, 1, microsecond=1, tzinfo=UTC) == from_nanoseconds(1999)


def test_zones_do_not_matter() -> None:
    """The same moment has the same number."""
    there = datetime(2026, 11, 20, 16, 45, tzinfo=timezone(timedelta(hours=2)))

    assert to_nanoseconds(datetime(2026, 11, 20, 14, 45, tzinfo=UTC)) == to_nanoseconds(there)


def test_the_clock_knows_its_zone() -> None:
    """Now is an aware UTC time."""
    assert timedelta(0) == system_clock().utcoffset()
