"""The part beside an affected segment that works: with enough requests, and far fewer failures."""

import numpy as np
import pytest

from lastgood.algorithms.counts import wilson
from lastgood.algorithms.segments import Counts
from lastgood.inspections.blast_radius.siblings import siblings, with_siblings
from lastgood.inspections.blast_radius.weights import SIBLING_LEVEL, SIBLING_REQUESTS, SIBLING_SPARED
from lastgood.model.answers import Segment
from lastgood.readings.carried import ROUTE_SHARES, Carried, Coded

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


@pytest.mark.parametrize(("probes", "fixed"), [(0.9, True), (1.1, False)])
def test_a_method_is_no_choice_of_users(probes: float, *, fixed: bool) -> None:
    """A route has one method, but for some probes; another route or method works, and is no way round."""
    other = probes * (1 - ROUTE_SHARES) * 2000
    operations = ["POST /pay", "POST /pay", "GET /pay", "POST /pay"]
    rows = {
        "operation": coded(operations), "method": coded(["POST", "POST", "GET", "OPTIONS"]),
        "card": coded(["north", "south", "north", "north"]),
    }  # fmt: skip
    requests = np.array([100.0, 900.0, 1000.0 - other, other])
    failed, none = np.array([95.0, 0.0, 0.0, 0.0]), np.zeros(4)
    known = Carried(rows, Counts(failed, requests, none, none), 1, 95.0, 2000.0, None)
    where = {"card": "north", "method": "POST", "operation": "POST /pay"}

    (found,) = with_siblings(known, [Segment(where, 0.9, 0.05, 95, 100, 0.95)])

    assert ("operation" in found.of_route, "method" in found.of_route) == (True, fixed)
    assert "card" not in found.of_route
    card = {one.attribute: one for one in found.siblings}["card"]
    assert {"card": "south", "operation": "POST /pay"} | ({} if fixed else {"method": "POST"}) == card.where
    assert "operation" not in {one.attribute for one in found.siblings}


def coded(values: list[str]) -> Coded:
    """An attribute of rows."""
    kinds = tuple(sorted(set(values)))
    return Coded(np.array([kinds.index(one) for one in values]), kinds)


@pytest.mark.parametrize(
    ("answerers", "of_route"), [(["orders", "rates"], True), (["orders-1", "orders-2"], False)]
)
def test_another_service_is_no_way_round(answerers: list[str], *, of_route: bool) -> None:
    """Where no operation is known, who answers stands for it; another instance does the same."""
    rows = {"operation": coded(["edge", "edge"]), "server.address": coded(answerers)}
    none = np.zeros(2)
    known = Carried(
        rows, Counts(np.array([95.0, 0.0]), np.array([100.0, 200.0]), none, none), 1, 95.0, 300.0, None
    )

    (found,) = with_siblings(known, [Segment({"server.address": answerers[0]}, 0.9, 0.05, 95, 100, 0.95)])

    assert of_route == ("server.address" in found.of_route)
    assert of_route == (not found.siblings)
