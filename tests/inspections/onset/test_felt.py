"""When requests begin to fail, where log lines come first."""

from datetime import datetime, timedelta

import pytest

from cases import case_of
from inspections.onset.drawn import GRID, candidate, drawn_series
from lastgood.inspections.onset.felt import latest_begin
from lastgood.inspections.onset.weights import FELT_CELLS, FELT_EVENTS, FELT_TIMES, FIRST_ELSEWHERE
from lastgood.model.window import Comparison, Window
from lastgood.readings.series import Trust
from lastgood.workbench.store import Store
from tiers import Request, Tier
from worlds import START

LOW = GRID.begin(60)
HIGH = LOW + timedelta(seconds=30)
CELL = 2 * FIRST_ELSEWHERE.total_seconds() / FELT_CELLS


def felt(store: Store, after: float, events: int, before: int = 0, trust: Trust = Trust.LINES) -> datetime:
    """The latest begin, with so many failures a second apart, some seconds after the first lines, and so many before."""
    failed = [(LOW - START).total_seconds() + after + n for n in range(events)]
    failed += [n * 3000 / max(before, 1) for n in range(before)]
    served = [float(n) for n in range(0, 7200, 10)]
    requests = [Request(n, at, 0.01, "/", 500, n, "free") for n, at in enumerate(failed)]
    requests += [Request(len(failed) + n, at, 0.01, "/", 200, n, "free") for n, at in enumerate(served)]
    Tier("shop").put(store, requests)
    case = case_of(store, Comparison(Window(START, LOW), Window(LOW, GRID.window.end)))
    lines = candidate(series=drawn_series(trust=trust))
    return latest_begin(case, lines, lines, (LOW, HIGH))


def test_the_interval_reaches_to_the_first_failures(store: Store) -> None:
    """To the cell that they begin in."""
    assert 600 <= (felt(store, 600, 40) - LOW).total_seconds() <= 600 + 2 * CELL


@pytest.mark.parametrize(
    ("after", "events", "before", "trust"),
    [
        (FIRST_ELSEWHERE.total_seconds() + 2 * CELL, 40, 0, Trust.LINES),  # another story
        (600, FELT_EVENTS - 1, 0, Trust.LINES),  # by chance
        (600, 40, 120, Trust.LINES),  # as usual
        (600, 40, 0, Trust.REQUESTS),  # they are what was seen first
    ],
)
def test_else_it_ends_where_the_lines_say(
    store: Store, after: float, events: int, before: int, trust: Trust
) -> None:
    """What comes much later, seldom or as often as before is no begin of it."""
    assert HIGH == felt(store, after, events, before, trust)


def test_twice_as_many_as_before_are_more(store: Store) -> None:
    """In as long a time."""
    usual = 40 / FELT_TIMES / (2 * FIRST_ELSEWHERE.total_seconds()) * (LOW - START).total_seconds()

    assert HIGH < felt(store, 600, 40, int(usual) - 1)
