"""That requests are as before is said with their counts, and only where they are."""

from datetime import timedelta

from lastgood.inspections.confirm.counted import served
from lastgood.model.window import Comparison, Window
from lastgood.readings.compared import compared_requests
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
