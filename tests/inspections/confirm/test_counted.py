"""That requests are as before is said with their counts, and only where they are."""

from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest

from inspections.severity.test_levels import timed
from lastgood.algorithms.counts import share_difference
from lastgood.inspections.confirm.counted import answer_of, not_real, served
from lastgood.inspections.confirm.weights import (
    CONFIRM_LEVEL,
    CONFIRM_SURE,
    NO_BASELINE,
    NO_EXCLUDES,
    NO_REQUESTS,
)
from lastgood.model.answers import ImpactKind
from lastgood.model.evidence import Provenance
from lastgood.model.finding import Finding, Verdict
from lastgood.model.window import Comparison, Window
from lastgood.readings.compared import BINS, Compared, Counted, compared_requests
from lastgood.telemetry.reader import Rows
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, World, step

HALF = Comparison(
    Window(START, START + timedelta(seconds=900)),
    Window(START + timedelta(seconds=900), START + timedelta(seconds=1800)),
    given=True,
)


def told(store: Store) -> str:
    """What is said of the requests of a world of half an hour."""
    case, _ = investigate(store, now=START, only="onset", comparison=HALF)
    return served(*compared_requests(case))


def test_requests_that_are_well_are_told(store: Store) -> None:
    """With how many fail now and before."""
    World(seconds=1800, rate=5).store_spans(store)

    assert "requests fail" in told(store)


def test_nothing_is_told_where_some_are_affected(store: Store) -> None:
    """Four in ten fail; and of few no one can tell."""
    World(seconds=1800, rate=5, errors=step(900, 0.0, 0.4)).store_spans(store)

    assert "" == told(store)


def test_nothing_is_told_of_too_few(store: Store) -> None:
    """A dozen requests leave room for more."""
    World(seconds=1800, rate=0.01).store_spans(store)

    assert "" == told(store)


ROWS = Rows(pa.table({"n": [1]}), Provenance("", {}, None, 1, 0.0))


def compared(good: Counted, bad: Counted) -> Compared:
    """One operation."""
    return Compared((("shop", "/"),), good, bad)


def unaffected(good: Counted, bad: Counted) -> Finding:
    """What is said of requests that are not affected."""
    return not_real(compared(good, bad), ROWS)


def test_no_is_said_only_where_a_rise_that_users_notice_is_excluded() -> None:
    """Of NO_EXCLUDES: with one failure more it is not; then it is CONFIRM_SURE."""
    well = Counted(1000, 0)
    most = max(n for n in range(100) if compared(well, Counted(1000, n)).errors()[1] <= NO_EXCLUDES)

    assert [CONFIRM_SURE, None] == [unaffected(well, Counted(1000, n)).confidence for n in (most, most + 1)]


def test_no_is_said_only_of_enough_requests() -> None:
    """NO_REQUESTS in each window."""
    said = [unaffected(Counted(n, 0), Counted(1000, 0)).confidence for n in (NO_REQUESTS, NO_REQUESTS - 1)]

    assert [CONFIRM_SURE, None] == said


def test_the_median_is_told() -> None:
    """MIDDLE of the requests are quicker."""
    assert "the median latency is" in unaffected(timed(50e6), timed(50e6)).because


def test_the_interval_of_the_answer_is_at_its_level() -> None:
    """CONFIRM_LEVEL."""
    answer = answer_of(compared(Counted(1000, 10), Counted(1000, 90)), None, None)

    assert share_difference((90, 1000), (10, 1000), CONFIRM_LEVEL) == (answer.low, answer.high)


def test_no_is_not_said_against_hardly_any_requests() -> None:
    """What departs inside a long bad window has nothing to be held against in a good one of a moment."""
    good = 2.0 * NO_REQUESTS
    enough, thin = (
        unaffected(Counted(good, 0), Counted(bad, 0)).verdict
        for bad in (good / NO_BASELINE, 1 + good / NO_BASELINE)
    )

    assert (Verdict.NO, Verdict.UNKNOWN) == (enough, thin)


@pytest.mark.parametrize(
    ("failed_at", "others_at", "others"), [(130, 100, False), (100, 130, True), (100, 100, None)]
)
def test_who_is_slow_where_requests_fail(failed_at: int, others_at: int, others: bool | None) -> None:
    """Those that time out make the slow end of all; whether the rest is slower is measured of the rest."""
    before, after, failed = np.zeros(BINS), np.zeros(BINS), np.zeros(BINS)
    before[100] = 1000
    after[others_at] += 700
    after[failed_at] += 300
    failed[failed_at] = 300
    part = Compared(
        (("web", "GET /"),),
        Counted(1000, 0, before, np.zeros(BINS)),
        Counted(1000, 300, after, failed),
    )
    impact = answer_of(part, None, ImpactKind.BOTH).impact

    assert others is impact.others_slower
    assert bool(impact.slower) is (others is not None)
