"""Requests that are refused as wrong, of many senders or of one."""

from datetime import timedelta

import pytest

from cases import case_of
from lastgood.inspections.confirm.refused import by_refusals
from lastgood.model.finding import Verdict
from lastgood.model.window import Comparison, Window
from lastgood.workbench.store import Store
from tiers import BAD_FROM, Request, Tier
from worlds import START

BREAK = START + timedelta(seconds=BAD_FROM)
COMPARISON = Comparison(Window(START, BREAK), Window(BREAK, START + timedelta(hours=1)), given=True)


def requests(status: int, senders: int) -> list[Request]:
    """One a second; from the break on each tenth gets a status, and these are of so many senders."""
    return [
        Request(n, float(n), 0.01, "/sessions", status if late and n % 10 == 0 else 200, n // 10 % senders if n % 10 == 0 else n % 90, "free")
        for n in range(3600)
        for late in [n >= BAD_FROM]
    ]  # fmt: skip


def test_many_senders_that_are_refused_are_harm(store: Store) -> None:
    """A tenth of the requests gets 422, and nobody did."""
    Tier("shop", says=lambda one: {"client.address": f"192.0.2.{one.user}"}).put(store, requests(422, 40))
    found = by_refusals(case_of(store, COMPARISON))

    assert found is not None
    assert Verdict.YES is found.verdict
    assert "refused as wrong (4xx)" in found.because


@pytest.mark.parametrize(("status", "senders"), [(404, 40), (401, 40), (422, 1), (200, 40)])
def test_a_scanner_a_guest_and_one_sender_are_none(store: Store, status: int, senders: int) -> None:
    """Not found and not signed in say nothing of the service, and one sender may be wrong."""
    Tier("shop", says=lambda one: {"client.address": f"192.0.2.{one.user}"}).put(
        store, requests(status, senders)
    )

    assert by_refusals(case_of(store, COMPARISON)) is None
