"""Which stretch of a recording plays."""

from datetime import datetime, timedelta
from itertools import pairwise

from lastgood.algorithms.replayed import pieces
from lastgood.model.drill import Course
from records import START

MINUTE = timedelta(minutes=1)
COURSE = Course(*(datetime.fromisoformat(f"2026-11-20T{time}+00:00") for time in ("09:00", "10:00", "10:10", "10:30", "10:35", "11:00")))  # fmt: skip


def played(fixed: int | None, until: int, since: int | None = None) -> list[tuple[str, str, int]]:
    """Source times of what plays, in minutes after the page."""
    found = pieces(
        COURSE, START, None if since is None else START + since * MINUTE, START + until * MINUTE,
        None if fixed is None else START + fixed * MINUTE,
    )  # fmt: skip
    return [(f"{one.source.start:%H:%M}", f"{one.source.end:%H:%M}", one.lap) for one in found]


def test_the_fault_lasts_until_the_right_action_works() -> None:
    """Up to the page once; the fault again and again; then what came after the recovery."""
    before = ("09:00", "10:10", 0)

    assert [before] == played(None, 0)
    assert [before, ("10:10", "10:15", 1)] == played(None, 5)
    assert [before, ("10:10", "10:30", 1), ("10:10", "10:20", 2)] == played(None, 30)
    assert [("10:28", "10:30", 1), ("10:10", "10:13", 2)] == played(None, 23, since=18)
    assert [before, ("10:10", "10:17", 1), ("10:35", "10:38", 2)] == played(7, 10)
    assert [("10:38", "11:00", 2), ("10:35", "10:40", 3)] == played(7, 37, since=10)


def test_what_plays_is_without_gaps_by_the_clock_of_the_player() -> None:
    """Whatever was looked at when."""
    whole = list(pieces(COURSE, START, None, START + 90 * MINUTE, START + 33 * MINUTE))
    moved = [(one.source.start + one.shift, one.source.end + one.shift) for one in whole]

    assert all(end == start for (_, end), (start, _) in pairwise(moved))
    assert (START - 70 * MINUTE, START + 90 * MINUTE) == (moved[0][0], moved[-1][1])


def test_little_after_the_recovery_the_time_before_the_fault_plays() -> None:
    """Less than a lap is no time to verify in."""
    short = Course(*(getattr(COURSE, name) for name in ("start", "onset", "page", "turned", "back", "back")))
    last = list(pieces(short, START, START + 8 * MINUTE, START + 10 * MINUTE, START + 7 * MINUTE))[-1]

    assert COURSE.start < last.source.start < COURSE.onset
