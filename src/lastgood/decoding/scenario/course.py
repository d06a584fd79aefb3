"""The course of a scenario: its world up to a time that is given while it is played, moved to the time of the player.

`END` in the text is that time, and ` until FIXED` where a fault ends once it is mended. The same seed makes the same past.
"""

from datetime import datetime, timedelta
from pathlib import Path

from lastgood.decoding.scenario.grammar import PLAYED_UNTIL, before_play, parse_text, time_of
from lastgood.decoding.scenario.world import Row, World, make

_PLAYED = Path("drill")  # names it in errors


def world_until(
    text: str, page_at: str, paged_at: datetime, until: datetime, fixed: datetime | None
) -> tuple[World, timedelta]:
    """The world up to a time, by the clock of the scenario, and how far that is behind the player's clock.

    `page_at` is the time of the page in the scenario, `paged_at` that of the player.
    """
    day = before_play(text, _PLAYED).whole.start
    shift = paged_at - time_of(page_at, day)
    mended = f" until {fixed - shift:%H:%M:%S}" if fixed else ""
    played = PLAYED_UNTIL.sub(mended, text).replace("END", f"{until - shift:%H:%M:%S}", 1)
    return make(parse_text(played, _PLAYED)), shift


def stretch(world: World, shift: timedelta, since: datetime | None, until: datetime) -> World:
    """The rows from a time (the start, where none is given) until another, by the player's clock."""
    moved = {table: [_moved(row, shift) for row in rows] for table, rows in world.items()}
    return {
        table: [row for row in rows if _time(row) < until and (since is None or _time(row) >= since)]
        for table, rows in moved.items()
    }


def _moved(row: Row, shift: timedelta) -> Row:
    return {name: value + shift if isinstance(value, datetime) else value for name, value in row.items()}


def _time(row: Row) -> datetime:
    time: datetime = row["TimeUnix"] if "TimeUnix" in row else row["Timestamp"]
    return time
