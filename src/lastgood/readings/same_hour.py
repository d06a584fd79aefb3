"""The same hour of other days: windows at the time of day of one that is looked at, as far as data reach back."""

from collections.abc import Iterator
from datetime import timedelta

from lastgood.model.judgement import Amount
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.case import Case

DAYS = (-14, -7, -3, -2, -1, 1, 2, 3, 7, 14)  # away; a week, for what comes once a week
# fmt: off
HOUR_COVERED = Amount(0.8, "of such a window has data, to be compared with", "judgement: the rest is a gap at its edge")
HOUR_LONGER = Amount(1.25, "times what it was at that hour, to be more than usual for it", "judgement: days differ by a fifth")
# fmt: on


def other_days(window: Window) -> Iterator[Window]:
    """The same stretch of the day on other days: what began two days ago may have come back since."""
    for days in DAYS:
        away = timedelta(days=days)
        yield Window(window.start + away, window.end + away)


def same_hours(case: Case, window: Window, signal: Signal) -> tuple[Window, ...]:
    """Those that data of a signal cover."""
    holding = case.holdings.of(signal)
    if holding is None:
        return ()
    return tuple(
        one for one in other_days(window) if holding.covered_seconds(one) >= HOUR_COVERED * one.seconds > 0
    )
