"""Traffic that is lost falls in a step; what falls slowly may be the day's rhythm."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest

from cases import case_of, finding_of
from lastgood.algorithms.counts import rate_ratio
from lastgood.inspections.confirm import confirm
from lastgood.inspections.confirm.lost_traffic import in_a_step, lost_traffic
from lastgood.inspections.confirm.weights import CONFIRM_SURE, STEP_AROUND, TRAFFIC_IN_STEP, TRAFFIC_LOST
from lastgood.model.answers import Confirmation, ImpactKind
from lastgood.model.finding import Verdict
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.readings.compared import COMPARED_LEVEL, compared_requests, together
from lastgood.workbench.store import Store
from tiers import Request, Tier
from worlds import START, Times, World, step

HOUR = 3600.0
MIDDLE = START + timedelta(hours=1)
WINDOWS = Comparison(Window(START, MIDDLE), Window(MIDDLE, MIDDLE + timedelta(hours=1)), given=True)
AROUND = STEP_AROUND.total_seconds()


def rates(store: Store, parts: Sequence[tuple[float, float, float]]) -> Case:
    """So many requests a second from one second until another, one after the other at the same distance."""
    times = [
        begin + n / rate
        for begin, end, rate in parts
        for n in range(round((end - begin) * rate) if rate else 0)
    ]
    Tier("shop").put(store, [Request(n, at, 0.0, "/", 200, n, "free") for n, at in enumerate(times)])
    return case_of(store, WINDOWS)


def loses(case: Case) -> tuple[float, float] | None:
    """Of all that the case holds."""
    return lost_traffic(case, WINDOWS, together(compared_requests(case)[0]))


@pytest.mark.parametrize("more", [0, 1])
def test_a_step_is_much_less_right_after_than_right_before(store: Store, more: int) -> None:
    """TRAFFIC_IN_STEP of it at most."""
    left = int(AROUND * TRAFFIC_IN_STEP) + more
    case = rates(
        store, [(0, HOUR, 1.0), (HOUR, HOUR + AROUND, left / AROUND), (HOUR + AROUND, 2 * HOUR, 0.1)]
    )

    assert (more == 0) == in_a_step(case, WINDOWS)


@pytest.mark.parametrize(("share", "there"), [(0.6, True), (1.0, False)])
def test_what_falls_later_is_no_step(store: Store, share: float, *, there: bool) -> None:
    """STEP_AROUND before and after are held against each other: hardly anything arrives after a share of it."""
    kept = AROUND * share
    case = rates(
        store, [(0, HOUR, 1.0), (HOUR, HOUR + kept, TRAFFIC_IN_STEP + 0.1), (HOUR + kept, 2 * HOUR, 0.05)]
    )

    assert there == in_a_step(case, WINDOWS)


def test_a_window_that_is_shorter_is_compared_as_a_whole(store: Store) -> None:
    """With as much before it."""
    case = rates(store, [(0, HOUR - 60, 0.1), (HOUR - 60, HOUR, 1.0), (HOUR, HOUR + 60, 0.5)])
    short = Comparison(WINDOWS.good, Window(MIDDLE, MIDDLE + timedelta(minutes=1)), given=True)

    assert in_a_step(case, short)


def test_the_last_part_before_counts_too(store: Store) -> None:
    """A daily cycle had fallen already."""
    part = [(0.0, HOUR / 2, 3.0), (HOUR / 2, HOUR, 1.0)]
    half = Comparison(WINDOWS.good, Window(MIDDLE, MIDDLE + timedelta(minutes=30)), given=True)
    case = rates(store, [*part, (HOUR, 1.5 * HOUR, 0.9)])
    whole = together(compared_requests(case)[0])

    assert rate_ratio((1620, 1800), (7200, 3600), COMPARED_LEVEL)[1] < TRAFFIC_LOST
    assert None is lost_traffic(case, half, whole)


def test_nothing_covered_is_nothing_lost(store: Store) -> None:
    """Telemetry may have ended."""
    case = rates(store, [(0, HOUR, 1.0)])

    assert None is loses(case)


def falling(at: Times) -> Times:
    """Over two hours to a tenth."""
    return np.asarray(1 - at / 8000)


def test_what_falls_slowly_is_not_confirmed(store: Store) -> None:
    """The daily cycle may explain it: what would tell is said."""
    World(seconds=2 * HOUR, rate=3, traffic=falling).store_spans(store)

    found = finding_of(store, confirm, WINDOWS)

    assert Verdict.UNKNOWN is found.verdict
    assert "falls slowly" in found.because
    assert any("another day" in limit for limit in found.limits)


def test_a_step_is_a_loss(store: Store) -> None:
    """With its interval, as sure as what is measured."""
    World(seconds=2 * HOUR, rate=3, traffic=step(HOUR, 1.0, 0.2)).store_spans(store)

    found = finding_of(store, confirm, WINDOWS)

    assert (Verdict.YES, CONFIRM_SURE) == (found.verdict, found.confidence)
    assert isinstance(found.answer, Confirmation)
    assert ImpactKind.TRAFFIC_LOSS is found.answer.impact.kind
    low, high = loses(case_of(store, WINDOWS)) or (0.0, 0.0)
    assert (low, high) == (found.answer.low, found.answer.high)
    assert low < 0.2 < high < TRAFFIC_LOST
