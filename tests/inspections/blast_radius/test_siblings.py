"""The part beside an affected segment that works: with enough requests, and far fewer failures."""

import numpy as np
import pytest

from lastgood.algorithms.counts import wilson
from lastgood.algorithms.segments import Counts
from lastgood.inspections.blast_radius.siblings import siblings
from lastgood.inspections.blast_radius.weights import SIBLING_LEVEL, SIBLING_REQUESTS, SIBLING_SPARED
from lastgood.model.answers import Segment
from lastgood.readings.carried import Carried, Coded

WHERE = {"card": "north", "provider": "first"}
FEWEST = int(SIBLING_REQUESTS)


def carried(*rows: tuple[str, str, float, float], scale: int = 1) -> Carried:
    """Rows of card, provider, failed and requests."""

    def coded(column: int) -> Coded:
        values = tuple(sorted({str(row[column]) for row in rows}))
        return Coded(np.array([values.index(str(row[column])) for row in rows]), values)

    failed, requests = (np.array([row[column] for row in rows], float) for column in (2, 3))
    none = np.zeros(len(rows))
    counts = Counts(failed, requests, none, none)
    values = {"card": coded(0), "provider": coded(1)}
    return Carried(values, counts, scale, float(failed.sum()), float(requests.sum()), None)


def segment(share: float = 0.95) -> Segment:
    """What fails: one card through one provider."""
    return Segment(WHERE, 0.9, 0.1, 95, 100, share)


def test_the_same_card_through_another_provider_works() -> None:
    """It is counted with an upper bound; of several, the surest; one attribute at a time."""
    rows = carried(
        ("north", "first", 95, 100), ("north", "second", 0, 24), ("north", "third", 0, 400), ("south", "first", 3, 1900)
    )  # fmt: skip

    found = {one.attribute: one for one in siblings(rows, segment())}

    assert {"card": "north", "provider": "third"} == found["provider"].where
    assert (0, 400, wilson(0, 400, SIBLING_LEVEL)[1]) == (
        found["provider"].failures, found["provider"].requests, found["provider"].most,
    )  # fmt: skip
    assert {"card": "south", "provider": "first"} == found["card"].where


@pytest.mark.parametrize(("requests", "there"), [(FEWEST, True), (FEWEST - 1, False)])
def test_few_requests_show_nothing(requests: int, *, there: bool) -> None:
    """That all of them work may be chance."""
    rows = carried(("north", "first", 95, 100), ("north", "second", 0, requests))

    assert there == bool(siblings(rows, segment()))


@pytest.mark.parametrize(("above", "there"), [(-1e-6, False), (1e-6, True)])
def test_even_at_worst_far_fewer_fail(above: float, *, there: bool) -> None:
    """The upper end is held against the segment's own share."""
    rows = carried(("north", "first", 95, 100), ("north", "second", 2, 200))
    most = wilson(2, 200, SIBLING_LEVEL)[1]

    assert there == bool(siblings(rows, segment(most / SIBLING_SPARED + above)))


def test_sampled_rows_stand_for_many() -> None:
    """The counts are of all requests, the interval of the rows."""
    rows = carried(("north", "first", 95, 100), ("north", "second", 0, 30), scale=10)

    (found,) = siblings(rows, segment())

    assert (300, wilson(0, 30, SIBLING_LEVEL)[1]) == (found.requests, found.most)
