"""The same hour of other days, as far as there are data."""

from datetime import timedelta

import numpy as np

from cases import case_of
from lastgood.model.signal import Signal
from lastgood.model.window import Comparison, Window
from lastgood.readings.same_hour import other_days, same_hours
from lastgood.workbench.store import Store
from worlds import START, store_gauge

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BAD = Window(START + 2 * DAY, START + 2 * DAY + HOUR)
COMPARISON = Comparison(Window(START, START + HOUR), BAD, given=True)


def test_other_days_are_at_the_same_time() -> None:
    """Before and after, and a week away."""
    found = list(other_days(BAD))

    assert {BAD.length} == {one.length for one in found}
    assert {BAD.start.time()} == {one.start.time() for one in found}
    assert {-1, 1, -7} <= {(one.start - BAD.start).days for one in found}


def test_only_days_with_data_are_compared(store: Store) -> None:
    """Two days before, of a store that starts then."""
    times = np.arange(0, 2 * 86_400 + 3600, 600.0)
    store_gauge(store, "shop", "process.cpu.utilization", "1", [(t, 0.5) for t in times])
    case = case_of(store, COMPARISON)

    assert [START, START + DAY] == [one.start for one in same_hours(case, BAD, Signal.METRICS)]
    assert () == same_hours(case, BAD, Signal.LOGS)
