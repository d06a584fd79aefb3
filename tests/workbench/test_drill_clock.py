"""The clock of a drill: it stands, goes on, and is never ahead of what was played."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from lastgood.errors import UsageError
from lastgood.workbench.drill_clock import FILE, DrillClock
from records import START

MINUTE = timedelta(minutes=1)


class Machine:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time


def test_it_stands_still_while_the_drill_is_left(tmp_path: Path) -> None:
    """Ten hours are no time; what is recorded meanwhile is refused."""
    machine = Machine()
    clock = DrillClock(tmp_path, machine)
    machine.time += MINUTE
    assert START + MINUTE == clock() == clock.going() == clock.pause()
    machine.time += timedelta(hours=10)
    assert START + MINUTE == clock() == clock.pause()
    with pytest.raises(UsageError, match="is stopped"):
        clock.going()
    assert timedelta(hours=10) == clock.resume()
    machine.time += MINUTE
    assert START + 2 * MINUTE == clock.going()
    assert timedelta() == clock.resume()
    assert 1 == clock.hands().pauses


def test_it_goes_back_to_where_it_was_left(tmp_path: Path) -> None:
    """Where no one paused it; one that stands, or has not come so far, stays."""
    machine = Machine()
    clock = DrillClock(tmp_path, machine)
    clock.back_to(START + MINUTE)
    assert clock.hands().since is None
    machine.time += 60 * MINUTE
    clock.back_to(START + MINUTE)
    assert START + MINUTE == clock()
    clock.back_to(START)
    assert START + MINUTE == clock()
    clock.resume()
    machine.time += MINUTE
    assert START + 2 * MINUTE == clock()


def test_a_clock_that_was_edited_is_named(tmp_path: Path) -> None:
    """No time is better than a wrong one."""
    (tmp_path / FILE).write_text('{"behind": "much"}')
    with pytest.raises(UsageError, match="cannot be read"):
        DrillClock(tmp_path, Machine())()
