"""Instants out of text: exact to the nanosecond, None for what is no time."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.decoding.instants import epoch, guessed_epoch, iso, pattern, scaled

AT = 1_661_140_279_000_000_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022-08-22T03:51:19.607158889Z", AT + 607_158_889),
        ("2022-08-22 03:51:19,607", AT + 607_000_000),
        ("2022-08-22 03:51:19.607158889 +0000 UTC m=+0.113", AT + 607_158_889),
        ("2022-08-22T11:51:19+08:00", AT),
        ("2022-08-21T22:21:19-05:30", AT),
        ("2022-08-22", AT - (3 * 3600 + 51 * 60 + 19) * 1_000_000_000),
        ("2022-13-22", None),
        ("0001-01-01T00:00:00Z", None),
        ("soon", None),
    ],
)
def test_iso_and_its_relatives(text: str, expected: int | None) -> None:
    """Go's spelling, commas, offsets in hours and minutes; the year 1 is a broken clock."""
    assert expected == iso(UTC)(text)


def test_a_time_without_a_zone_takes_the_given_one() -> None:
    """Nine in Tokyo is midnight in UTC."""
    assert iso(UTC)("2022-08-22 00:00") == iso(ZoneInfo("Asia/Tokyo"))("2022-08-22 09:00")


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(2199, 1, 1)),  # noqa: DTZ001 - the zone is drawn beside it
    st.integers(-14 * 60, 14 * 60),
)
def test_every_time_that_is_written_is_read_back(time: datetime, minutes: int) -> None:
    """The standard library's own spelling, in any whole-minute zone."""
    aware = time.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    delta = aware - datetime(1970, 1, 1, tzinfo=UTC)
    expected = (delta.days * 86_400 + delta.seconds) * 10**9 + delta.microseconds * 1000
    assert (expected if expected >= 0 else None) == iso(UTC)(aware.isoformat())


@given(st.integers(0, 7_000_000_000_000_000_000))
def test_nanoseconds_stay_exact(value: int) -> None:
    """19 digits do not fit a float; none is lost."""
    assert value == epoch("ns")(str(value))
    assert value // 10**9 * 10**9 == epoch("s")(str(value // 10**9))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1661140279", AT), ("1661140279000", AT), ("1661140279.5", AT + 5 * 10**8), ("7", None)],
)
def test_the_unit_is_guessed_where_only_one_fits(text: str, expected: int | None) -> None:
    """Seconds, milliseconds and fractions; small numbers are no times."""
    assert expected == guessed_epoch(text)


@pytest.mark.parametrize("text", ["1e999999999", "-1e400", "inf", "nan", "9" * 30, "1e-999999999"])
def test_numbers_beyond_64_bits_are_none(text: str) -> None:
    """Also those whose digits alone would fill the memory."""
    assert (0 if text == "1e-999999999" else None) == scaled(text, 1000)


@given(st.text())
def test_no_text_crashes(text: str) -> None:
    """Whatever it is, it is a number or None."""
    readers = (iso(UTC), epoch("s"), guessed_epoch, pattern("%d/%m/%Y", UTC), lambda t: scaled(t, 1000))
    assert all(isinstance(read(text), int | None) for read in readers)


def test_a_zone_in_letters_is_read_only_behind_its_offset() -> None:
    """Else the time would be wrong by hours."""
    read = iso(UTC)
    assert read("2026-11-10 10:02:00 +0100 CET") == read("2026-11-10 09:02:00")
    assert None is read("2026-11-10 10:02:00 CET")
    assert read("2026-11-10 10:02:00+00") == read("2026-11-10 10:02:00Z")
