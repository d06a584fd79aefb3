"""When rows of a terminal's output are from."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.terminal.clock import Clock, without_time

NOW = datetime(2026, 11, 30, tzinfo=UTC)
TEN = datetime(2026, 11, 10, 10, 2, tzinfo=UTC)


def ns(time: datetime) -> int:
    """Nanoseconds since the epoch."""
    return int(time.timestamp()) * 1_000_000_000


def clock() -> Clock:
    """One that knows only what day it is."""
    return Clock(Reference(UTC, ns(NOW)))


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-10T10:02:00Z", "Tue Nov 10 10:02:00 UTC 2026", "Tue 10 Nov 10:02:00 UTC 2026", "--- 2026-11-10 10:02:00",
        "11/10/2026 10:02:00 AM", "Tue Nov 10 10:02:00 2026   ", "Every 2.0s: df -h /data      web-2: Tue Nov 10 10:02:00 2026",
        "     Tue 10 Nov 2026 10:02:00 UTC (every 5s)", "Start: 2026-11-10T10:02:00+0000", "1794304920", "=== 1794304920 ===",
    ],
)  # fmt: skip
def test_a_line_that_says_only_when(line: str) -> None:
    """As `date`, `watch`, psql, mtr and people's loops print it."""
    on = clock()
    assert on.line(line)
    assert ns(TEN) == on.now


@pytest.mark.parametrize(
    "line", ["no 12 time", "2026-11-10T10:02:00Z started the job", "cart 410m 612Mi", "10.0.0.1 12 13"]
)
def test_a_line_that_says_more(line: str) -> None:
    """Its time is not that of the lines below."""
    assert not clock().line(line)


def test_times_of_day_are_of_the_day_in_the_heading_and_go_on_past_midnight() -> None:
    """Which sysstat prints once, in whatever order the day is written."""
    on = clock()
    assert on.system("Linux 5.15.0-124-generic (db-3) \t11/10/26 \t_x86_64_\t(8 CPU)")
    found = [on.parted(line)[0] for line in ("10:02:00 AM all 1", "11:58:00 PM all 1", "12:02:00 AM all 1")]

    late, next_day = datetime(2026, 11, 10, 23, 58, tzinfo=UTC), datetime(2026, 11, 11, 0, 2, tzinfo=UTC)
    assert [ns(TEN), ns(late), ns(next_day)] == found
    assert "db-3" == on.host


def test_a_day_that_is_yet_to_come_was_written_the_other_way_round() -> None:
    """The third of November, as it cannot be the eleventh of December yet."""
    on = Clock(Reference(UTC, ns(datetime(2026, 11, 20, tzinfo=UTC))))
    assert on.line("12/11/2026 10:02:00")
    assert ns(datetime(2026, 11, 12, 10, 2, tzinfo=UTC)) == on.now


def test_the_rest_of_a_line_stays_in_its_place() -> None:
    """So that its columns still stand below the header's."""
    time, rest = clock().parted("2026-11-10 10:02:00  cart  3")
    assert (ns(TEN), "                     cart  3") == (time, rest)
    assert rest == without_time("2026-11-10 10:02:00  cart  3")
    assert "1 0 3" == without_time("1 0 3 2026-11-10 10:02:00").rstrip()


def test_the_day_in_the_heading_is_that_of_its_zone() -> None:
    """East of Greenwich its midnight is of the day before in UTC."""
    on = Clock(Reference(timezone(timedelta(hours=5)), ns(NOW)))
    assert on.system("Linux 5.15.0 (db-3) \t11/10/26 \t_x86_64_\t(8 CPU)")

    assert ns(TEN - timedelta(hours=5)) == on.time("10:02:00")
