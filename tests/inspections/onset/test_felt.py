"""When requests begin to fail, where log lines come first."""

from collections.abc import Sequence
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
    return felt_at(store, [after + n for n in range(events)], before, trust)


def felt_at(store: Store, after: Sequence[float], before: int = 0, trust: Trust = Trust.LINES) -> datetime:
    """The same, with failures at so many seconds after the first lines."""
    failed = [(LOW - START).total_seconds() + one for one in after]
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


AGAIN = 2 * FIRST_ELSEWHERE.total_seconds()  # as long as failures are looked for
LATER = [600.0 + n for n in range(40)]


def test_just_enough_failures_say_when_they_begin(store: Store) -> None:
    """One fewer are chance."""
    assert HIGH < felt(store, 600, FELT_EVENTS)


def test_just_so_many_times_as_many_as_before_are_more(store: Store) -> None:
    """In as long a time."""
    assert HIGH < felt(store, 600, 40, round(40 / FELT_TIMES / AGAIN * (LOW - START).total_seconds()))


def test_failures_may_begin_just_so_late(store: Store) -> None:
    """A cell later is another story."""
    late = FIRST_ELSEWHERE.total_seconds()

    assert LOW + FIRST_ELSEWHERE == felt(store, late - CELL + 1, 40)


def test_a_failure_with_the_first_lines_is_none_of_before(store: Store) -> None:
    """It is one of those that begin."""
    usual = round(40 / FELT_TIMES / AGAIN * (LOW - START).total_seconds())

    assert HIGH < felt_at(store, [0.0, *LATER[1:]], usual)


def test_a_failure_at_the_end_of_that_time_is_later(store: Store) -> None:
    """So it makes no more of them."""
    assert HIGH == felt_at(store, [*LATER[: FELT_EVENTS - 1], AGAIN])
