"""The kind of failure that an incident is made of."""

from datetime import timedelta

import pytest

from cases import case_of
from inspections.onset.drawn import GRID, candidate, drawn_series
from lastgood.inspections.onset.made_of import by_its_kind
from lastgood.inspections.onset.weights import KIND_HOLDS, KIND_USUALLY
from lastgood.model.answers import Onset
from lastgood.model.window import Comparison, Window
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from tiers import Request, Tier
from worlds import START

BREAK = 2400
BY_CHANCE = (2100, 2140, 2180, 2220, 2260)  # seconds of other failures, near each other


def onset(store: Store, others: float) -> Onset:
    """When it began, of requests of which one in fifteen fails from the break on, and so many of those in another way."""
    requests = []
    for n in range(3600):
        late, place = n >= BREAK and n % 15 == 0, (n - BREAK) // 15
        other = late and int(place * others) != int((place + 1) * others)
        status = 504 if n in BY_CHANCE or other else 500 if late else 200
        requests.append(Request(n, float(n), 0.01, "/sessions", status, n % 90, "free"))
    Tier("shop").put(store, requests)
    case, _ = investigate(store, now=START + timedelta(hours=1), only="onset")
    found = case.earlier(Onset)
    assert found is not None
    return found


def test_failures_of_another_kind_that_come_together_by_chance_do_not_begin_it(store: Store) -> None:
    """The interval reaches from them to the first of its own kind."""
    found = onset(store, 0.0)
    assert BREAK == round((found.at - START).total_seconds())
    assert found.low <= START + timedelta(seconds=BY_CHANCE[0])
    assert START + timedelta(seconds=BREAK) <= found.high <= START + timedelta(seconds=BREAK + 60)


@pytest.mark.parametrize(("others", "later"), [(1 - KIND_HOLDS - 0.08, True), (1 - KIND_HOLDS + 0.1, False)])
def test_the_kind_holds_nearly_all(store: Store, others: float, *, later: bool) -> None:
    """Where several kinds fail from then on, all failures tell of it."""
    assert later == (onset(store, others).at >= START + timedelta(seconds=BREAK))


@pytest.mark.parametrize("more", [0, 1])
def test_a_kind_that_was_usual_did_not_begin_it(store: Store, more: int) -> None:
    """Above KIND_USUALLY of its rate now."""
    begin, usual = GRID.begin(60), int(100 * KIND_USUALLY) + more
    failed = [
        (3605.0, 504),
        *((60.0 + n, 500) for n in range(usual)),
        *((4200.0 + 5 * n, 500) for n in range(100)),
    ]
    Tier("shop").put(
        store, [Request(n, at, 0.0, "/", status, n, "free") for n, (at, status) in enumerate(failed)]
    )
    case = case_of(store, Comparison(Window(START, begin), Window(begin, GRID.window.end)))

    at, _, _ = by_its_kind(case, candidate(series=drawn_series(operation="")), (begin, begin, begin))

    assert (more == 0) is (at > begin)
