"""Times without a zone, read by what an input or its neighbours state."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lastgood.decoding.input import Input
from lastgood.model.loading import Loaded
from lastgood.model.window import Window
from lastgood.workbench.zones import ZONE_AHEAD, ZONE_LINES, ZONE_LIVE, ZONE_SHARE, ZONE_SPAN, Zones

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
PARIS = timedelta(hours=1)
STATED = '10.0.0.1 - - [22/Nov/2026:14:59:58 +0100] "GET / HTTP/1.1" 200 1'


def written(folder: Path, name: str, *lines: str) -> Input:
    """A file of these lines."""
    path = folder / name
    path.write_text("\n".join(lines) + "\n")
    return Input(path, name)


def ending(folder: Path, name: str, last: datetime) -> Input:
    """A log without zones that ends then."""
    return written(folder, name, "2026/11/22 09:00:00 [info] up", f"{last:%Y/%m/%d %H:%M:%S} [error] down")


@pytest.mark.parametrize(("ahead", "zone"), [(timedelta(seconds=1), timezone(PARIS)), (timedelta(0), UTC)])
def test_what_ends_later_than_now_is_local(tmp_path: Path, ahead: timedelta, zone: timezone) -> None:
    """At the offset that another input states; one that is ahead by less is a clock."""
    late = ending(tmp_path, "error.log", NOW + ZONE_AHEAD + ahead)
    other = written(tmp_path, "other.log", STATED.replace("+0100", "+0000"))
    inputs = [written(tmp_path, "access.log", STATED), other, late]

    assert zone == Zones.of(inputs, UTC, NOW).zone_of(late)
    assert str(zone) == str(Zones.of(inputs, ZoneInfo("UTC"), NOW).zone_of(late))
    assert UTC == Zones.of([late], UTC, NOW).zone_of(late)
    assert PARIS != Zones.of(inputs, timezone(timedelta(hours=5)), NOW).zone_of(late)


def test_others_without_a_zone_are_local_too_unless_one_ends_about_now(tmp_path: Path) -> None:
    """A log that goes on until now shows that not all are."""
    access, late = written(tmp_path, "access.log", STATED), ending(tmp_path, "error.log", NOW + PARIS)
    runs = ending(tmp_path, "runs.log", NOW - timedelta(hours=2))
    live = ending(tmp_path, "live.log", NOW - ZONE_LIVE)
    over = ending(tmp_path, "over.log", NOW - ZONE_LIVE - timedelta(seconds=1))

    assert timezone(PARIS) == Zones.of([access, late, runs], UTC, NOW).zone_of(runs)
    assert UTC == Zones.of([access, late, runs, live], UTC, NOW).zone_of(runs)
    assert timezone(PARIS) == Zones.of([access, late, runs, over], UTC, NOW).zone_of(runs)
    assert UTC == Zones.of([runs], UTC, NOW).zone_of(runs)


def test_what_is_written_where_all_others_state_one_offset_is_local(tmp_path: Path) -> None:
    """Unless others state more, or it lies with them as UTC."""
    access = written(tmp_path, "access.log", STATED)
    plain = written(tmp_path, "error.log", "[22/Nov/2026:10:17:00 +0000] up")
    runs = ending(tmp_path, "runs.log", NOW - timedelta(hours=2))
    beside = written(tmp_path, "app.log", "2026-11-22T09:00:00Z up")

    assert timezone(PARIS) == Zones.of([access, runs], UTC, NOW).zone_of(runs)
    assert UTC == Zones.of([access, plain, runs], UTC, NOW).zone_of(runs)
    assert UTC == Zones.of([access, beside, runs], UTC, NOW).zone_of(runs)


def test_a_header_with_an_offset_tells_of_the_rest_of_its_lines(tmp_path: Path) -> None:
    """Where most lines have it."""
    header = "2026-11-22T14:59:58.1+01:00 lb haproxy[1]: 10.0.0.1:1 [22/Nov/2026:14:59:58.0] in~ b/s 200"
    few = int(ZONE_SHARE * ZONE_LINES) - 1
    plain = ["no time here"] * (ZONE_LINES - few)

    assert timezone(PARIS) == Zones.of([], UTC, NOW).zone_of(written(tmp_path, "a.log", header))
    assert UTC == Zones.of([], UTC, NOW).zone_of(written(tmp_path, "b.log", *plain, *[header] * few))


@pytest.mark.parametrize(
    "last",
    [
        "Nov 22 14:59:50 lb haproxy[7]: Server be/a is UP",
        "<134>Nov 22 14:59:50 lb haproxy[7]: Server be/a is UP",
        'Nov 22 14:59:50 lb haproxy[7]: 10.0.0.1:1 [22/Nov/2026:14:59:50.012] in be/a 0/0/0/1/1 200 5 - - ---- 1/1/1/1/0 0/0 "GET /"',
        '10.0.0.1:1 [22/Nov/2026:14:59:50.012] in be/a 0/0/0/1/1 200 5 - - ---- 1/1/1/1/0 0/0 "GET / HTTP/1.1"',
        "[Sun Nov 22 14:59:50.012345 2026] [proxy:error] [pid 7] down",
        "22.11.2026 14:59:50 down",
        "[2026-11-22 14:59:50] production.ERROR: down",
        "22.11.2026 14:59;portal;Release 5.2;ann",
        "2026-11-22 14:59,portal,v5.2,ann",
        "14:59:50        sda    146.52    132.75",
    ],
)
def test_times_without_a_zone_are_met_in_many_forms(tmp_path: Path, last: str) -> None:
    """A header of syslog has no year, and HAProxy's own time is local."""
    given = written(tmp_path, "one.log", last, last)
    stated = written(tmp_path, "access.log", STATED)

    assert timezone(PARIS) == Zones.of([stated, given], UTC, NOW).zone_of(given)


@pytest.mark.parametrize("last", [STATED, "Nov 22 2026 no time", "[Sun Nov 22 14:59:50 UTC 2026] down"])
def test_times_that_say_their_zone_are_left(tmp_path: Path, last: str) -> None:
    """So is a line without a time."""
    given = written(tmp_path, "one.log", "Starting", last)

    other = written(tmp_path, "access.log", STATED.replace("+0100", "+0000"))

    assert Zones.of([other, given], UTC, NOW).local is None


@pytest.mark.parametrize(
    ("off", "local"),
    [(ZONE_LIVE, True), (ZONE_LIVE + timedelta(seconds=1), False)],
    ids=["about now", "before"],
)
def test_a_log_behind_now_by_a_stated_offset_is_local(tmp_path: Path, off: timedelta, local: bool) -> None:
    """West of Greenwich no time is later than now."""
    west = written(tmp_path, "access.log", STATED.replace("+0100", "-0300"))
    late = ending(tmp_path, "error.log", NOW - timedelta(hours=3) - off)
    zone = timezone(timedelta(hours=-3)) if local else UTC

    other = written(tmp_path, "other.log", STATED.replace("+0100", "+0000"))

    assert zone == Zones.of([west, other, late], UTC, NOW).zone_of(late)


def test_the_latest_entry_tells_in_whatever_order_they_stand(tmp_path: Path) -> None:
    """A list of changes may begin with the newest."""
    access = written(tmp_path, "access.log", STATED)
    rows = ("22.11.2026 14:59;portal;Release 5.2;ann", "21.11.2026 09:10;portal;Release 5.1;bo")

    for name, order in (("new.csv", rows), ("old.csv", rows[::-1])):
        given = written(tmp_path, name, *order)
        assert timezone(PARIS) == Zones.of([access, given], UTC, NOW).zone_of(given)


@pytest.mark.parametrize(
    ("begin", "end", "zone"),
    [
        (timedelta(0), timedelta(seconds=-1), timezone(timedelta(hours=-5))),
        (ZONE_LIVE + timedelta(seconds=1), timedelta(0), UTC),  # it begins later than the others
        (timedelta(0), -ZONE_LIVE - timedelta(seconds=1), UTC),  # it ends before now
    ],
)
def test_what_lies_beside_the_others_by_whole_hours_is_local(
    tmp_path: Path, begin: timedelta, end: timedelta, zone: timezone
) -> None:
    """At both its ends, though no input states that offset."""
    whole = written(tmp_path, "a.log", "2026-11-22T12:00:00Z up", "2026-11-22T13:59:59Z ok")
    away = timedelta(hours=5)
    beside = written(
        tmp_path,
        "b.log",
        *(f"{at - away:%Y-%m-%d %H:%M:%S} up" for at in (NOW - timedelta(hours=2) + begin, NOW + end)),
    )
    assert zone == Zones.of([whole, beside], UTC, NOW).zone_of(beside)


def test_short_logs_do_not_tell_their_zone(tmp_path: Path) -> None:
    """Both their ends are about any full hour."""
    last = NOW - timedelta(hours=5)
    lines = (
        f"{last - ZONE_SPAN + timedelta(seconds=n):%Y-%m-%d %H:%M:%S} up"
        for n in (1, ZONE_SPAN.total_seconds())
    )
    short = written(tmp_path, "b.log", *lines)
    whole = written(tmp_path, "a.log", f"{NOW - ZONE_SPAN:%Y-%m-%dT%H:%M:%SZ} up")
    assert UTC == Zones.of([whole, short], UTC, NOW).zone_of(short)


def test_a_logger_of_ruby_has_bare_times(tmp_path: Path) -> None:
    """Behind its letter and bracket."""
    ruby = written(
        tmp_path,
        "b.log",
        "I, [2026-11-22T14:59:59.1 #22]  INFO -- : up",
        "I, [2026-11-22T15:20:00.1 #22]  INFO -- : up",
    )
    assert timezone(PARIS) == Zones.of(
        [written(tmp_path, "a.log", STATED), ruby], UTC, NOW + timedelta(minutes=20)
    ).zone_of(ruby)


@pytest.mark.parametrize(
    ("late", "service", "zone", "ahead"),
    [(1, "chat", UTC, True), (0, "chat", UTC, False), (1, "web", UTC, False), (1, "notes", timezone(PARIS), False)],
)  # fmt: skip
def test_a_chat_that_goes_on_after_now_has_another_zone(
    late: int, service: str, zone: timezone, ahead: bool
) -> None:
    """Unless a person gave it; a log after now is of a time that is looked back at."""
    window = Window(NOW - PARIS, NOW + ZONE_AHEAD + timedelta(seconds=late))
    loaded = Loaded("chat.txt", "transcripts", "chat", "", 2, 2, 0, 0, 0, (), (service,), window, {})

    assert ahead is Zones(zone, NOW).ahead(loaded)


def test_letters_of_universal_time_do_not_hide_where_others_are(tmp_path: Path) -> None:
    """A database keeps its time so whatever the machines beside it do."""
    access = written(tmp_path, "access.log", STATED)
    plain = written(tmp_path, "error.log", "2026-11-22 10:15:00 [info] up")
    database = written(tmp_path, "db.log", "2026-11-22 12:17:00.004 UTC LOG: up")

    assert timezone(PARIS) == Zones.of([access, plain], UTC, NOW).zone_of(plain)
    assert timezone(PARIS) == Zones.of([access, plain, database], UTC, NOW).zone_of(plain)


@pytest.mark.parametrize(("zone", "hours"), [("EST", -5), ("CEST", 2), ("INFO", 0), ("UTC", 0)])
def test_a_zone_in_letters_is_stated_too(tmp_path: Path, zone: str, hours: int) -> None:
    """A log without one lies beside it by whole hours; another word behind a time is no zone."""
    local = NOW + timedelta(hours=hours)
    times = (local - timedelta(minutes=50), local)
    stated = written(tmp_path, "db.log", *(f"{time:%Y-%m-%d %H:%M:%S}.004 {zone} LOG: up" for time in times))
    bare = written(tmp_path, "lb.log", *(f"{time:%b %d %H:%M:%S} lb proxy[1]: up" for time in times))
    zones = Zones.of([stated, bare], UTC, NOW)

    assert timedelta(hours=hours) == NOW.replace(tzinfo=zones.zone_of(bare)).utcoffset()
