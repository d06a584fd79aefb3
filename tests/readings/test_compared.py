"""Both windows counted per operation, and when a difference counts."""

from datetime import timedelta

import numpy as np

from lastgood.model.signal import Signal
from lastgood.model.window import Comparison, Window
from lastgood.readings.compared import (
    OPERATIONS_NAMED,
    Compared,
    Counted,
    affected_among,
    compared_requests,
    compared_spans,
    covered_seconds,
    named,
    only_failures,
    together,
)
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, World, step

MIDDLE = START + timedelta(seconds=600)
GIVEN = Comparison(Window(START, MIDDLE), Window(MIDDLE, START + timedelta(seconds=1200)), given=True)
SHOP = (("shop", "GET /"),)


def test_both_windows_are_counted(store: Store) -> None:
    """Requests and failures on each side, by operation; spans likewise."""
    world = World(seconds=1200, rate=4, errors=step(600, 0.0, 0.5))
    world.store_spans(store)
    case, _ = investigate(store, now=START, only="onset", comparison=GIVEN)

    (one,), _ = compared_requests(case)
    spans, _ = compared_spans(case)

    late = world.times >= 600
    assert (SHOP, (~late).sum(), late.sum(), world.failed.sum()) == (
        one.places,
        one.good.requests,
        one.bad.requests,
        one.bad.failed,
    )
    assert one.fails_more()
    assert one.bad.failed == together(spans).bad.failed
    assert 599 < covered_seconds(case, GIVEN.good, Signal.SPANS) <= 600
    assert 0.0 == covered_seconds(case, GIVEN.good, Signal.LOGS)


def test_small_or_uncertain_differences_do_not_count() -> None:
    """Chance, and what is too small to matter."""
    assert not Compared(SHOP, Counted(1000, 5), Counted(1000, 12)).fails_more()
    assert not Compared(SHOP, Counted(10**7, 100), Counted(10**7, 900)).fails_more()
    assert not Compared(SHOP, Counted(20, 0), Counted(20, 3)).fails_more()
    assert Compared(SHOP, Counted(1000, 5), Counted(1000, 60)).fails_more()


def test_latency_moves_by_quantile() -> None:
    """An octave more is slower one way and faster the other; the same is neither."""
    before, after = np.zeros(260), np.zeros(260)
    before[100], after[104] = 500, 500
    slower = Compared(SHOP, Counted(500, 0, before), Counted(500, 0, after))
    faster = Compared(SHOP, Counted(500, 0, after), Counted(500, 0, before))
    same = Compared(SHOP, Counted(500, 0, before), Counted(500, 0, before))

    moved = slower.slower()

    assert moved is not None
    assert 0 < moved.low <= np.log(2) <= moved.high
    assert faster.faster()
    assert (None, None) == (faster.slower(), same.slower())
    assert not same.faster()


def test_records_of_failures_alone_are_not_the_requests() -> None:
    """Lines that are written when something fails; the worst outage had a good time before it."""
    failures = Compared(SHOP, Counted(2, 2), Counted(400, 400))
    outage = Compared(SHOP, Counted(400, 2), Counted(400, 400))

    assert [True, False] == [only_failures([one]) for one in (failures, outage)]


def test_some_operations_of_a_service_are_not_the_service() -> None:
    """A share of their requests is no share of all requests to it; what has no name is said to have none."""
    few, many = Counted(400, 2), Counted(400, 200)

    def of(*places: tuple[str, str, Counted]) -> str:
        affected = affected_among([Compared(((one, operation),), few, bad) for one, operation, bad in places])
        return named(affected) if affected else ""

    assert "web (/a, /b)" == of(("web", "/a", many), ("web", "/b", many), ("web", "/c", few))
    more = tuple(("web", f"/{n}", many) for n in range(OPERATIONS_NAMED + 1))
    assert f"web ({len(more)} operations)" == of(*more, ("web", "/c", few))
    assert "web" == of(("web", "/a", many), ("web", "/b", many), ("shop", "/c", few))
    assert "web /a" == of(("web", "/a", many), ("web", "/b", few))
    assert "web (some operations)" == named(Compared((("web", ""),), Counted(), Counted(), some=True))
    assert "web, an unnamed service (some operations)" == of(
        ("", "", many), ("web", "/a", many), ("web", "/b", few)
    )
