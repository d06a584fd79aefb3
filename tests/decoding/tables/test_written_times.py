"""Times as people write them."""

from datetime import UTC, datetime
from time import process_time
from zoneinfo import ZoneInfo

import pytest

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.tables.written_times import words, written, zone_in

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)  # a Thursday, of week 48
HERE = Reference(BERLIN, int(NOW.timestamp()) * 1_000_000_000)


@pytest.mark.parametrize(
    ("text", "heading", "expected", "rest"),
    [
        ("Do 26.11. 05:45  esx-08", "", "2026-11-26T04:45", "esx-08"),
        ("22.11.26 5:45 pm deploy", "", "2026-11-22T16:45", "deploy"),
        ("27.12. 08:00 x", "", "2025-12-27T07:00", "x"),  # the last such day
        ("11/10 08:00 x", "", "2026-11-10T07:00", "x"),  # month first, for the other order is longer ago
        ("10/11 08:00 x", "", "2026-11-10T07:00", "x"),
        ("24 Nov 2026 05:45:10 x", "", "2026-11-24T04:45:10", "x"),
        ("29.02. 10:00 x", "", "2024-02-29T09:00", "x"),
        ("Wed 22:40 x", "", "2026-11-25T21:40", "x"),
        ("mercredi 22:40 x", "semaine 47", "2026-11-18T21:40", "x"),
        ("Fr 08:00 x", "Woche 48", "2026-11-27T07:00", "x"),  # planned
        ("Mo 08.00 Uhr x", "KW 52", "2025-12-22T07:00", "x"),
    ],
)
def test_a_time_begins_a_text(text: str, heading: str, expected: str, rest: str) -> None:
    """In the zone of the list; a weekday is of the week that the heading numbers, else the last one."""
    found = written(text, HERE, heading)
    assert found is not None
    assert (datetime.fromisoformat(f"{expected}+00:00"), rest) == (
        datetime.fromtimestamp(found.time / 1e9, UTC), found.rest.strip()
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["12:30 without a day", "5 apples", "31.11. 10:00 x", "xy 10:00 x", "3.2.1 released", "26.11. 25:00"],
)
def test_what_is_no_time_is_none(text: str) -> None:
    """Nor what is no day of the calendar."""
    assert written(text, HERE) is None


def test_a_heading_names_its_zone() -> None:
    """By its name, or as UTC."""
    assert [UTC, BERLIN, None, None] == [
        zone_in(one) for one in ("when_utc", "changed (Europe/Berlin)", "start (local)", "at (Mars/Base)")
    ]
    assert ["user", "or", "reason"] == words("userOrReason")


def test_a_long_heading_is_read_once() -> None:
    """Every cell asks for its zone and week: that took as long as the heading times the cells."""
    heading = "Aa/b week " * 20_000
    started = process_time()
    for _ in range(3_000):
        zone_in(heading)
        written("Mo 12:00 x", HERE, heading)

    assert process_time() - started < 2
