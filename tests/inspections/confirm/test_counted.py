"""That requests are as before is said with their counts, and only where they are."""

from datetime import timedelta

from lastgood.inspections.confirm.counted import not_real, served
from lastgood.inspections.confirm.weights import NO_BASELINE, NO_REQUESTS
from lastgood.model.finding import Verdict
from lastgood.model.window import Comparison, Window
from lastgood.readings.compared import Compared, Counted, compared_requests
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
    """Four in ten fail; and of few nobody can tell."""
    World(seconds=1800, rate=5, errors=step(900, 0.0, 0.4)).store_spans(store)

    assert "" == told(store)


def test_nothing_is_told_of_too_few(store: Store) -> None:
    """A dozen requests leave room for more."""
    World(seconds=1800, rate=0.01).store_spans(store)

    assert "" == told(store)


def test_no_is_not_said_against_hardly_any_requests(store: Store) -> None:
    """What departs inside a long bad window has nothing to be held against in a good one of a moment."""
    _, rows = compared_requests(investigate(store_of(store), now=START, only="onset", comparison=HALF)[0])
    good = 2.0 * NO_REQUESTS
    enough, thin = (
        not_real(Compared((("seats", ""),), Counted(good, 0), Counted(bad, 0)), rows).verdict
        for bad in (good / NO_BASELINE, 1 + good / NO_BASELINE)
    )

    assert (Verdict.NO, Verdict.UNKNOWN) == (enough, thin)


def store_of(store: Store) -> Store:
    """With some requests, to read rows of."""
    World(seconds=1800, rate=1).store_spans(store)
    return store
