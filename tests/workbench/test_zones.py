"""Times without a zone, read by what an input or its neighbours state."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lastgood.decoding.input import Input
from lastgood.workbench.zones import ZONE_AHEAD, ZONE_LINES, ZONE_LIVE, ZONE_SHARE, Zones

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
    inputs = [written(tmp_path, "access.log", STATED), late]

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
    assert UTC == Zones.of([access, runs], UTC, NOW).zone_of(runs)


def test_a_header_with_an_offset_tells_of_the_rest_of_its_lines(tmp_path: Path) -> None:
    """Where most lines have it."""
    header = "2026-11-22T14:59:58.1+01:00 lb haproxy[1]: 10.0.0.1:1 [22/Nov/2026:14:59:58.0] in~ b/s 200"
    few = int(ZONE_SHARE * ZONE_LINES) - 1
    plain = ["no time here"] * (ZONE_LINES - few)

    assert timezone(PARIS) == Zones.of([], UTC, NOW).zone_of(written(tmp_path, "a.log", header))
    assert UTC == Zones.of([], UTC, NOW).zone_of(written(tmp_path, "b.log", *plain, *[header] * few))
