"""Moments and durations as people write them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.errors import QuerySyntaxError
from lastgood.model.moments import parse_duration, parse_moment

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", NOW),
        ("now-1h", NOW - timedelta(hours=1)),
        ("now-1h30m", NOW - timedelta(minutes=90)),
        ("now+250ms", NOW + timedelta(milliseconds=250)),
        ("2026-11-22T14:45:00Z", datetime(2026, 11, 22, 14, 45, tzinfo=UTC)),
        ("2026-11-22T15:45:00+01:00", datetime(2026, 11, 22, 14, 45, tzinfo=UTC)),
        ("2026-11-22 14:45", datetime(2026, 11, 22, 14, 45, tzinfo=UTC)),
        ("2026-11-22", datetime(2026, 11, 22, tzinfo=UTC)),
    ],
)
def test_moments(text: str, expected: datetime) -> None:
    """RFC 3339, dates, and times relative to now."""
    assert expected == parse_moment(text, NOW)


def test_a_stamp_without_zone_is_in_the_zone_given() -> None:
    """15:45 in Berlin in winter is 14:45 UTC."""
    berlin = ZoneInfo("Europe/Berlin")

    assert datetime(2026, 11, 22, 14, 45, tzinfo=UTC) == parse_moment("2026-11-22T15:45", NOW, berlin)


@pytest.mark.parametrize(
    ("text", "position"), [("now-1x", 4), ("now-1h5", 6), ("now*2", 3), ("yesterday", 0), ("2026-13-01", 0)]
)
def test_the_position_of_a_mistake(text: str, position: int) -> None:
    """The message points at what cannot be read."""
    with pytest.raises(QuerySyntaxError) as refused:
        parse_moment(text, NOW)

    assert position == refused.value.position


@given(st.text(max_size=30) | st.from_regex(r"now[+-]\d{1,12}[smhdw]", fullmatch=True))
def test_any_text_is_a_moment_or_refused(text: str) -> None:
    """Nothing but a UTC time or QuerySyntaxError comes out."""
    offset, position = timedelta(0), 0
    try:
        offset = parse_moment(text, NOW).utcoffset() or timedelta(0)
    except QuerySyntaxError as refused:
        position = refused.position

    assert timedelta(0) == offset
    assert 0 <= position <= len(text)


@given(st.integers(0, 10_000), st.sampled_from(["s", "m", "h", "d"]))
def test_durations_are_what_they_say(count: int, unit: str) -> None:
    """`15m` is fifteen times `1m`."""
    assert count * parse_duration(f"1{unit}") == parse_duration(f"{count}{unit}")
