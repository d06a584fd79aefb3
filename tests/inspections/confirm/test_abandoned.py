"""Requests that clients cancel."""

from datetime import timedelta

import pytest

from cases import case_of
from inspections.confirm.test_tested import YES
from lastgood.inspections.confirm import confirm
from lastgood.inspections.confirm.abandoned import doubtful_if_abandoned
from lastgood.inspections.confirm.weights import ABANDONED_FEWEST, ABANDONED_HOLDS
from lastgood.model.finding import Verdict
from lastgood.model.window import Comparison, Window
from lastgood.workbench.store import Store
from tiers import BAD_FROM, Request, Tier
from worlds import START

BREAK = START + timedelta(seconds=BAD_FROM)
COMPARISON = Comparison(Window(START, BREAK), Window(BREAK, START + timedelta(hours=1)), given=True)


@pytest.mark.parametrize(
    ("waited", "others", "verdict"),
    [
        (0.005, 0.0, Verdict.UNKNOWN),  # sooner than the 10 ms that answers take
        (0.01, 0.0, Verdict.UNKNOWN),  # as long as answers take
        (2.0, 0.0, Verdict.YES),  # they gave up
        (0.005, 1 - ABANDONED_HOLDS + 0.1, Verdict.YES),  # others fail too
    ],
)
def test_who_drops_a_request_before_its_answer_is_due_did_not_wait(
    store: Store, waited: float, others: float, verdict: Verdict
) -> None:
    """A tenth of the requests is cancelled from the break on."""
    requests = []
    for n in range(3600):
        late, place = n >= BAD_FROM and n % 10 == 0, n // 10
        other = late and int(place * others) != int((place + 1) * others)
        status = 503 if other else 499 if late else 200
        took = waited if status == 499 else 0.01
        requests.append(Request(n, float(n), took, "/suggest", status, n % 90, "free"))
    Tier("shop").put(store, requests)
    (found,) = confirm.run(case_of(store, COMPARISON))

    assert verdict is found.verdict
    assert (verdict is Verdict.UNKNOWN) == ("clients cancelled" in found.because)


@pytest.mark.parametrize("fewer", [0, 1])
def test_few_cancelled_requests_are_accidents(store: Store, fewer: int) -> None:
    """ABANDONED_FEWEST are enough, where nothing else fails."""
    last = BAD_FROM + ABANDONED_FEWEST - fewer
    requests = [
        Request(
            n, float(n), 0.005 if cancelled else 0.01, "/suggest", 499 if cancelled else 200, n % 90, "free"
        )
        for n in range(3600)
        for cancelled in [BAD_FROM <= n < last]
    ]
    Tier("shop").put(store, requests)

    assert (Verdict.YES if fewer else Verdict.UNKNOWN) is doubtful_if_abandoned(
        case_of(store, COMPARISON), YES
    ).verdict
