"""Calls that fail while requests do not: no beginning, unless the requests that fail later made them."""

from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.inspections.onset.tolerated import _failed_before
from lastgood.inspections.onset.weights import TOLERATED_LEAST, TOLERATED_MOST
from lastgood.model.answers import Onset
from lastgood.workbench.store import Store
from reported import asked

WORLD = """scenario  a call fails and is tolerated; seven minutes later requests fail
time      2026-10-13 11:00 .. 11:50
seed      41

service   store    instances=store-1,store-2
service   basket   instances=basket-1,basket-2

spans     store "GET /home" rate=2/s latency=9ms
call      store "GET /home" -> reco.example "GET /for" external tolerated latency=70ms errors=0.3% then errors=60% status=503 at 11:20
spans     store "POST /basket" rate=2/s latency=7ms
call      store "POST /basket" -> {callee} latency=14ms errors=0.2% then errors=55% at 11:27
"""


@pytest.mark.parametrize(("callee", "minute"), [("basket Add", 27), ("basket Add tolerated", 20)])
def test_what_is_tolerated_is_no_beginning_of_what_is_not(
    store: Store, tmp_path: Path, callee: str, minute: int
) -> None:
    """Where no request fails at all, it is what there is."""
    found = asked(store, tmp_path, WORLD.format(callee=callee), "onset").answer

    assert isinstance(found, Onset)
    assert abs(found.at - found.at.replace(minute=minute, second=0, microsecond=0)) <= timedelta(seconds=30)


@pytest.mark.parametrize(
    ("requests", "made", "tolerated"),
    [
        (int(TOLERATED_LEAST), 0, True),
        (int(TOLERATED_LEAST) - 1, 0, False),
        (1000, int(1000 * TOLERATED_MOST), True),
        (1000, int(1000 * TOLERATED_MOST) + 1, False),  # it was retried, and is what fails now
    ],
)
def test_enough_failed_requests_without_the_call_tell(requests: int, made: int, *, tolerated: bool) -> None:
    """From the rows of the table on."""
    assert tolerated is _failed_before(requests, made)
