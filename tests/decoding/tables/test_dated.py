"""Days in headings and clocks below them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.input import Input, Settings
from lastgood.decoding.tables.dated import (
    Days,
    clock_in,
    day_in,
    days_of,
    led_by_day,
    not_after_now,
    zone_told,
)
from lastgood.model.attributes import CHANGE_ZONE
from lastgood.model.clock import to_nanoseconds
from lastgood.model.window import Window

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
REFERENCE = Reference(UTC, int(NOW.timestamp()) * 1_000_000_000)
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "heading",
    [
        "Monday, November 23rd, 2026",
        "## Lundi 23 novembre 2026",
        "Nacht 23.11.2026",
        "== Mon 23 Nov 2026 ==",
        "Registro de turno - 23 de noviembre de 2026",
        "■ 2026/11/23\uff08月\uff09",
        "2026年11月23日",
        "23/11/2026",
        "11/23/2026",
        "Mon 23 Nov",
        "23.11.",
        "Night 23/24 Nov 2026",
        "handover-2026-11-23",
    ],
)
def test_a_day_is_read_however_it_is_written(heading: str) -> None:
    """In the order and the language of the team."""
    assert MONDAY == day_in(heading, REFERENCE)


@pytest.mark.parametrize("text", ["4.2.0 is out", "10:15 quiet", "node 7 of 12", "99/99/2026", ""])
def test_other_numbers_are_no_days(text: str) -> None:
    """Versions, clocks, counts."""
    assert day_in(text, REFERENCE) is None


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [("14:02 x", 14, 2), ("2:02 PM", 14, 2), ("12:05 AM", 0, 5), ("14h02 : x", 14, 2), ("14.02 Uhr", 14, 2), ("14時02分", 14, 2), ("1402  x", 14, 2)],
)  # fmt: skip
def test_a_clock_is_read_however_it_is_written(text: str, hour: int, minute: int) -> None:
    """With its end behind it."""
    found = clock_in(text)
    assert found is not None
    assert timedelta(hours=hour, minutes=minute) == found.since


@pytest.mark.parametrize("text", ["4.2.0", "25:00", "12/11", "1402 orders", "x"])
def test_other_numbers_are_no_clocks(text: str) -> None:
    """Versions, dates and counts."""
    assert clock_in(text) is None


def test_past_midnight_is_the_next_day() -> None:
    """A clock that is a little earlier was written late."""
    days = Days(REFERENCE, MONDAY)
    times = [days.at(clock) for text in ("22:15", "22:10", "00:40") if (clock := clock_in(text))]
    assert [datetime(2026, 11, 23, 22, 15, tzinfo=UTC), datetime(2026, 11, 23, 22, 10, tzinfo=UTC), datetime(2026, 11, 24, 0, 40, tzinfo=UTC)] == [
        datetime.fromtimestamp(time / 1e9, UTC) for time in times
    ]  # fmt: skip


def test_a_line_may_begin_with_its_day() -> None:
    """With a weekday before it."""
    assert (MONDAY, 13) == led_by_day("ma 23-11-2026 13:45 overdracht", REFERENCE)
    assert led_by_day("overdracht 23-11-2026", REFERENCE) is None


def test_a_text_says_the_zone_of_its_times() -> None:
    """By its name, its abbreviation or a city; other words in capitals are none."""
    assert ZoneInfo("Europe/Lisbon") == zone_told("# Calendar (times: Lisbon)", REFERENCE).zone
    assert timedelta(hours=2) == zone_told(
        "ledger going out (times here are CEST)", REFERENCE
    ).zone.utcoffset(NOW)
    assert REFERENCE == zone_told("many times the VPN broke", REFERENCE)


def test_without_a_day_it_is_that_of_the_telemetry() -> None:
    """A zone that is not stated is reported with the change."""
    window = Window(datetime(2026, 11, 22, 10, tzinfo=UTC), datetime(2026, 11, 22, 15, tzinfo=UTC))
    days = days_of(Input(None, "chat.txt", b""), "", Settings(NOW, UTC, telemetry=window))
    assert (date(2026, 11, 22), False) == (days.day, days.told)
    assert days.about
    assert MONDAY == days_of(Input(None, "chat 2026-11-23.txt", b""), "all times UTC", Settings(NOW, UTC)).day


def test_days_that_cannot_be_stored_are_none() -> None:
    """No year is too far away to be read."""
    assert [None, None] == [day_in(text, REFERENCE) for text in ("1500-02-20", "31 December 9999")]
    days = Days(REFERENCE, date(2199, 12, 31))
    times = [days.at(clock) for text in ("23:50", "00:10") if (clock := clock_in(text))]
    assert [True, False] == [time > 0 for time in times]


def test_what_was_done_is_not_after_now() -> None:
    """With the fewest hours; times with a zone tell nothing, and a zone that is given stays."""
    now = datetime(2026, 11, 22, 15, tzinfo=UTC)
    plain = Reference(UTC, to_nanoseconds(now))
    given = replace(plain, zone=timezone(timedelta(hours=-5)))
    late = "2026-11-22 16:30:00"

    shifted, about = not_after_now(plain, ["2026-11-22 10:00:00", late], now)

    assert timezone(timedelta(hours=2)) == shifted.zone
    assert CHANGE_ZONE in about
    assert (plain, {}) == not_after_now(plain, [f"{late}Z", f"{late} +0100", f"{late} CET", "soon"], now)
    assert (given, {}) == not_after_now(given, [late], now)
    assert (plain, {}) == not_after_now(plain, [], now)


@pytest.mark.parametrize(("order", "day"), [("dmy", date(2026, 3, 10)), ("mdy", date(2026, 10, 3))])
def test_a_known_order_of_day_and_month_decides(order: str, day: date) -> None:
    """What telemetry covers may tell it; a point is always behind the day."""
    reference = replace(REFERENCE, order=order)

    assert day == day_in("10/03 quiet", reference)
    assert date(2026, 3, 10) == day_in("10.03. quiet", reference)
